"""What of the evaluations runs by itself."""

from celery import shared_task
from django.utils import timezone

from .operations.freezing import freeze_due
from .operations.running import run_due


@shared_task(name="evaluations.watch")
def watch(**_):
    """Write down appraisals whose time has come; remind everybody on a list, of a poll too, once before the closing."""
    run_due(at=timezone.now())


@shared_task(name="evaluations.freeze_month")
def freeze_scorecards(**_):
    """Freeze the figures of the month that is over, and of months that nobody was there to freeze."""
    freeze_due(at=timezone.now())
