"""What runs by itself: sealing every minute, the head of the day after midnight (schedule in portal.settings)."""

import time

from celery import shared_task
from django.utils import timezone

from .operations import BATCH, publish_head, seal_pending

SECONDS = 45  # the next minute's run goes on where this one stops


@shared_task(name="portal.ledger.seal")
def seal(**_):
    """Seal what waits, batch by batch."""
    ends = time.monotonic() + SECONDS
    while seal_pending(at=timezone.now()) == BATCH and time.monotonic() < ends:
        pass


@shared_task(name="portal.ledger.publish_head")
def publish(**_):
    """Write and tell the head of yesterday."""
    publish_head(at=timezone.now())
