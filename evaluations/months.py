"""Months as addresses and periods: the first of a month stands for it."""

import datetime as dt

from portal.kernel.days import months_after


def month_before(day):
    """Return the month before a day's."""
    return months_after(day.replace(day=1), -1)


def month_of_text(text):
    """Return the month of "2026-11", or None when it is none."""
    year, _dash, month = text.partition("-")
    try:
        return dt.date(int(year), int(month), 1)
    except ValueError:
        return None


def end_of(month):
    """Return the first of the following month: where a month's days end."""
    return months_after(month, 1)


def last_months(month, count):
    """Return so many months up to, and with, one; the earliest first."""
    return [months_after(month, -back) for back in range(count - 1, -1, -1)]
