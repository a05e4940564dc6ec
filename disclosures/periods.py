"""
Periods of the catalogue: months, quarters, halves, years, as days of the plant's calendar.

Pure functions: no database, no time of their own.
"""

import calendar
import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .enums import Frequency

MONTHS = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.HALF_YEAR: 6, Frequency.YEAR: 12}


@dataclass(frozen=True, order=True)
class Period:
    """One stretch of time for which something is owed; both days belong to it."""

    start: dt.date
    end: dt.date
    frequency: str

    @property
    def code(self):
        """How duties remember it: 2026-03, 2026-Q1, 2026-H1, 2026."""
        year, month = self.start.year, self.start.month
        if self.frequency == Frequency.MONTH:
            return f"{year}-{month:02d}"
        if self.frequency == Frequency.QUARTER:
            return f"{year}-Q{(month - 1) // 3 + 1}"
        if self.frequency == Frequency.HALF_YEAR:
            return f"{year}-H{(month - 1) // 6 + 1}"
        return str(year)

    @property
    def label(self):
        """Return the period in words, in the reader's language."""
        return period_label(self.frequency, self.start)

    def previous(self):
        """Return the period before this one."""
        return period_of(self.frequency, self.start - dt.timedelta(days=1))

    def following(self):
        """Return the period after this one."""
        return period_of(self.frequency, self.end + dt.timedelta(days=1))


def period_of(frequency, day):
    """
    Return the period of a frequency that a day belongs to.

    :raises ValueError: for a frequency without periods.
    """
    if frequency not in MONTHS:
        raise ValueError(f"{frequency} has no periods")
    months = MONTHS[Frequency(frequency)]
    first = (day.month - 1) // months * months + 1
    last = first + months - 1
    return Period(
        dt.date(day.year, first, 1), dt.date(day.year, last, calendar.monthrange(day.year, last)[1]), str(frequency)
    )


def last_ended(frequency, today):
    """Return the latest period that is over on a day: its last day lies before it."""
    return period_of(frequency, today).previous()


def periods_between(frequency, first_day, today):
    """Return the periods that have ended before today and began on or after a day, earliest first."""
    period, found = last_ended(frequency, today), []
    while period.start >= first_day:
        found.append(period)
        period = period.previous()
    return found[::-1]


def due_day_of(period, due_day):
    """Return the day by which a period is to be disclosed: so many days into the month after its end."""
    return period.end + dt.timedelta(days=due_day)


def period_label(frequency, start):
    """Return a period in words from its first day."""
    year, month = start.year, start.month
    if frequency == Frequency.MONTH:
        return _("%(year)d-%(month)02d (month)") % {"year": year, "month": month}
    if frequency == Frequency.QUARTER:
        return _("quarter %(quarter)d of %(year)d") % {"year": year, "quarter": (month - 1) // 3 + 1}
    if frequency == Frequency.HALF_YEAR:
        return (_("first half of %(year)d") if month == 1 else _("second half of %(year)d")) % {"year": year}
    return _("the year %(year)d") % {"year": year}
