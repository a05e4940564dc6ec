"""What of the evaluations runs by itself."""

from celery import shared_task
from django.utils import timezone

from .operations.running import run_due


@shared_task(name="evaluations.watch")
def watch(**_):
    """Write down appraisals whose time has come; remind everybody on a list once before its closing."""
    run_due(at=timezone.now())
