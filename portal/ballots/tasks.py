"""What runs by itself: polls closed by the clock are written down, and what a count left behind is tidied."""

from celery import shared_task
from django.utils import timezone

from .operations import close_due, vacuum_missed


@shared_task(name="portal.ballots.tidy")
def tidy(**_):
    """Close what is due and give back the old places of counted ballots."""
    close_due(at=timezone.now())
    vacuum_missed()
