"""
The watch over the display itself: days on which the portal was dark do not count towards a public notice.

Each minute a job looks whether the pages answer and remembers when they last
did. When it looks again after a silence, the dark hours of each day are added
up; a day with too many of them becomes a recorded gap once it is over.
"""

import datetime as dt

from django.db import transaction

from portal.accounts.queries import rule_value
from portal.deadlines.models import Heartbeat
from portal.kernel.days import LOCAL, local_day
from portal.ledger.models import Entry
from portal.ledger.recording import SYSTEM

from .. import numbers
from .changing import record_outage

NAME = "disclosures.display"
# A restart, an upgrade, a slow worker: not worth a minute of darkness.
TOLERANCE = dt.timedelta(minutes=10)
# The hours in which workers come by; darkness at night harms no period.
FROM, TO = 8, 18
ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def watch_display(*, at, answers=True):
    """
    Note that the pages answer at a moment, and record the days on which they did not; return the new gaps.

    ``answers`` False notes nothing: the silence goes on. Safe to run any number of times and from two places.
    """
    row, is_new = Heartbeat.objects.select_for_update().get_or_create(name=NAME, defaults={"beat_at": at})
    if not answers or row.beat_at > at:
        return []
    dark = {dt.date.fromisoformat(day): minutes for day, minutes in row.detail.get("dark", {}).items()}
    if not is_new and at - row.beat_at > TOLERANCE:
        for day, since, until in _hours(row.beat_at, at):
            if not _was_used(since, until):
                dark[day] = dark.get(day, 0) + int((until - since).total_seconds() // 60)
    today = local_day(at)
    limit = 60 * rule_value(numbers.DARK_HOURS, unit=None, at=at) if dark else 0
    lost = sorted(day for day, minutes in dark.items() if day < today and minutes >= limit)
    row.beat_at = at
    row.detail = {"dark": {day.isoformat(): minutes for day, minutes in dark.items() if day >= today}}
    row.save(update_fields=["beat_at", "detail"])
    return [record_outage(since=since, until=until, at=at) for since, until in _runs(lost)]


def _hours(since, until):
    """Yield (day, from, to) for the hours of display between two moments, day by day."""
    day = local_day(since)
    while day <= local_day(until):
        begin, end = (dt.datetime.combine(day, dt.time(hour), tzinfo=LOCAL) for hour in (FROM, TO))
        begin, end = max(begin, since), min(end, until)
        if begin < end:
            yield day, begin, end
        day += ONE_DAY


def _was_used(since, until):
    """Whether somebody did something through the pages meanwhile: then only the watch was down, and they were up."""
    acts = Entry.objects.filter(at__gt=since, at__lt=until, is_day_only=False).exclude(actor__in=("", SYSTEM))
    return acts.exists()


def _runs(days):
    """Return days as stretches (first, last) without a hole."""
    runs = []
    for day in days:
        if runs and runs[-1][1] + ONE_DAY == day:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs
