"""What of disclosure runs by itself."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from portal.kernel.probing import answers

from .operations import run_daily, run_minute


@shared_task(name="disclosures.minute")
def minute(**_):
    """Record what has appeared since the last time, and whether the pages answer."""
    run_minute(at=timezone.now(), answers=not settings.WATCH or answers(settings.WATCH))


@shared_task(name="disclosures.daily")
def daily(**_):
    """Open the duties of ended periods; end displays and the periods of notices."""
    run_daily(at=timezone.now(), answers=not settings.WATCH or answers(settings.WATCH))
