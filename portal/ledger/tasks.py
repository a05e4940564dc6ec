"""What runs by itself: sealing every minute, the head of the day after midnight (schedule in portal.settings)."""

import time

from celery import shared_task
from django.db import connection
from django.utils import timezone

from .operations import BATCH, publish_head, seal_pending

# On SQLite every other writer waits while a batch is written: 20,000 would hold up a person who sends a card.
BATCHES = {"sqlite": 1000}
SECONDS = 45  # the next minute's run goes on where this one stops
PUBLISHING_SECONDS = 200  # well within CELERY_TASK_SOFT_TIME_LIMIT


@shared_task(name="portal.ledger.seal")
def seal(**_):
    """Seal what waits, batch by batch."""
    _seal_for(SECONDS)


@shared_task(name="portal.ledger.publish_head")
def publish(**_):
    """Write and tell the head of yesterday, sealing what waits batch by batch first."""
    # The head's own transaction is undone whole when the task's time is up; batches stay.
    _seal_for(PUBLISHING_SECONDS)
    publish_head(at=timezone.now())


def _seal_for(seconds):
    batch = BATCHES.get(connection.vendor, BATCH)
    ends = time.monotonic() + seconds
    while seal_pending(at=timezone.now(), limit=batch) == batch and time.monotonic() < ends:
        pass
