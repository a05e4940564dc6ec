"""
Days on show, and the period of a public notice: pure functions, the clock and the calendar are given.

A notice's period counts working days on which the text was really up. The
day of publication is day zero; a recorded gap moves the end (features.md §2.6).
"""

import datetime as dt
from dataclasses import dataclass

from portal.deadlines.calendar import ONE_DAY, CalendarMissing


@dataclass(frozen=True)
class NoticePeriod:
    """How a notice stands: the day it began, the last counted day as far as known, and what was counted."""

    begun_on: dt.date
    workdays: int
    counted: int  # working days that are over and counted
    ends_on: dt.date  # the last day of the period, if nothing else gets in the way
    gap_days: int  # working days that were lost to gaps
    is_over: bool
    is_provisional: bool = False

    @property
    def days_left(self):
        """Working days still to come, today included."""
        return max(0, self.workdays - self.counted)


def notice_period(*, begun_on, workdays, gaps, today, calendar, stopped_on=None):
    """
    Count the period of a notice.

    ``gaps`` is a list of (first day, last day) without display; ``stopped_on``
    the day it was taken down, from which nothing counts. The period is over on
    the day after its last counted day. A year without a work calendar is
    counted Monday to Friday, and the answer says so.
    """
    counted = lost = 0
    day, ends_on, is_provisional = begun_on, begun_on, False
    limit = begun_on + dt.timedelta(days=400)
    reached_on = None
    while day < limit:
        day += ONE_DAY
        try:
            is_worked = calendar.is_workday(day)
        except CalendarMissing:
            calendar, is_provisional = calendar.with_weekdays([day.year]), True
            is_worked = calendar.is_workday(day)
        if not is_worked:
            continue
        if stopped_on is not None and day >= stopped_on:
            break
        if any(first <= day <= last for first, last in gaps):
            lost += day < today
            continue
        counted += 1
        ends_on = day
        if counted == workdays:
            reached_on = day
            break
    return NoticePeriod(
        begun_on=begun_on,
        workdays=workdays,
        counted=_before(begun_on, ends_on, gaps, today, calendar, counted),
        ends_on=ends_on,
        gap_days=lost,
        is_over=reached_on is not None and today > reached_on,
        is_provisional=is_provisional,
    )


def _before(begun_on, ends_on, gaps, today, calendar, counted):
    """Return how many of the counted days lie before today."""
    if today > ends_on:
        return counted
    over, day = 0, begun_on
    while day + ONE_DAY < today:
        day += ONE_DAY
        if calendar.is_workday(day) and not any(first <= day <= last for first, last in gaps):
            over += 1
    return min(over, counted)


def least_until(publish_on, days):
    """Return the last day of a display of so many days: the day of publication counts as the first."""
    return publish_on + dt.timedelta(days=days - 1)


def days_shown(publish_on, shown_until, today):
    """Return on how many days a text has been on show up to and with today."""
    return max(0, (min(today, shown_until) - publish_on).days + 1)


def days_left(shown_until, today):
    """Return on how many more days, today included, a text will be on show."""
    return max(0, (shown_until - today).days + 1)
