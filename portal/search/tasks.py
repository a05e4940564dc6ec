"""The nightly look at the index."""

import logging

from celery import shared_task

from .checking import drifts
from .operations import mend

logger = logging.getLogger(__name__)


@shared_task(name="portal.search.check")
def check(**_):
    """Compare the index with what the apps say may be found; file anew what differs, and say so in the log."""
    for drift in drifts():
        logger.warning("Search index differs: %s", drift)
        mend(kind=drift.kind)
