"""The day's work of feedback."""

from celery import shared_task
from django.utils import timezone

from .operations import run_daily


@shared_task(name="feedback.daily")
def daily(**_):
    """Close what nobody rated, tell of unnamed authors' words, and compare the counters."""
    run_daily(at=timezone.now())
