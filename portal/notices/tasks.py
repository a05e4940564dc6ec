"""What runs by itself: sending every minute and when rung, the digest at half past eight (portal.settings)."""

from celery import shared_task
from django.utils import timezone

from .operations.passing import make_digests
from .operations.sending import drain


@shared_task(name="portal.notices.drain")
def drain_outbox(**_):
    """Send what is due."""
    drain(at=timezone.now())


@shared_task(name="portal.notices.digest")
def make_daily_digests(**_):
    """Make the morning's digests and begin to send them."""
    make_digests(at=timezone.now())
    drain(at=timezone.now())
