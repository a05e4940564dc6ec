"""Every night: forget what was kept for forms, and blur when files came."""

from celery import shared_task
from django.utils import timezone

from portal.files import staging
from portal.files.operations import blur_times


@shared_task(name="portal.files.tidy")
def tidy(**_):
    """Remove kept files older than an hour; on the first run after midnight also blur the times of stored ones."""
    at = timezone.now()
    staging.tidy(at=at)
    blur_times(at=at)
