"""What workers do for the people's floor; each finds its work by id and calls one operation."""

import datetime as dt

from celery import shared_task
from django.utils import timezone

from .operations import roster, signing

KEEP_ROSTERS = dt.timedelta(days=30)


@shared_task(name="portal.accounts.tidy")
def tidy(**_):
    """Drop what has served its time: tries, devices, expired sessions, files of old imports."""
    at = timezone.now()
    counts = signing.tidy(at=at)
    counts["rosters"] = roster.forget_old_files(before=at - KEEP_ROSTERS)
    return counts


@shared_task(name=roster.READ_TASK)
def read_roster(*, import_id, **_):
    """Read an uploaded roster."""
    roster.read_roster(import_id=import_id, at=timezone.now())


@shared_task(name=roster.WRITE_TASK)
def write_roster(*, import_id, **_):
    """Write a roster that was asked for."""
    roster.write_roster(import_id=import_id, at=timezone.now())
