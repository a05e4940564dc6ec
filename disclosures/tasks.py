"""What of disclosure runs by itself."""

from celery import shared_task
from django.utils import timezone

from .operations import run_daily, run_minute


@shared_task(name="disclosures.minute")
def minute(**_):
    """Record what has appeared since the last time."""
    run_minute(at=timezone.now())


@shared_task(name="disclosures.daily")
def daily(**_):
    """Open the duties of ended periods; end displays and the periods of notices."""
    run_daily(at=timezone.now())
