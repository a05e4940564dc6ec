"""
The pulse of the beat process: it writes its own heartbeat as it sends out tasks.

With it and the sweep's heartbeat one can tell which of the two stands still:
the beat, which sends, or the workers, which do.
"""

import logging
import time

from celery.signals import beat_init, before_task_publish
from django.db import DatabaseError
from django.utils import timezone

from .operations import beat

BEAT = "beat"
SECONDS = 50

logger = logging.getLogger(__name__)
_last = {"at": -float(SECONDS)}


def listen():
    """Begin to listen for the start of a beat process; other processes never hear one."""
    beat_init.connect(_begin, dispatch_uid="deadlines.pulse", weak=False)


def _begin(**_kwargs):
    before_task_publish.connect(_pulse, dispatch_uid="deadlines.pulse", weak=False)


def _pulse(**_kwargs):
    if time.monotonic() - _last["at"] < SECONDS:
        return
    _last["at"] = time.monotonic()
    try:
        beat(BEAT, timezone.now())  # noqa: TID251 -- a process that only keeps time
    except DatabaseError as error:  # the message goes out all the same
        logger.warning("The pulse of beat could not be written: %s", type(error).__name__)
