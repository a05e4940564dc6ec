"""What of the congress runs by itself."""

from celery import shared_task
from django.utils import timezone

from .operations import run_daily


@shared_task(name="congress.daily")
def daily(**_):
    """End mandates of those who have left; open the duty reports of the year that is over."""
    run_daily(at=timezone.now())
