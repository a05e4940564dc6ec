"""Days as people at the plant count them: from midnight to midnight, Beijing time."""

import calendar
import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings

# The plant's zone, not the server's or the reader's: a due day is the same day for everybody (test R10).
LOCAL = ZoneInfo(settings.TIME_ZONE)


def local_day(at):
    """Return the plant's date at an aware moment."""
    return at.astimezone(LOCAL).date()


def day_start(day):
    """Return the aware moment at which a date begins at the plant."""
    return dt.datetime.combine(day, dt.time(), tzinfo=LOCAL).astimezone(dt.UTC)


def day_end(day):
    """Return the first moment that is no longer that date: a thing due on a day is late from here on."""
    return day_start(day + dt.timedelta(days=1))


def months_after(day, count):
    """
    Return the corresponding day count months later, or that month's last day.

    Civil Code art. 202 (民法典第二百零二条): a period in months ends on the
    corresponding day; where there is none, on the last day of the month.
    """
    years, month0 = divmod(day.month - 1 + count, 12)
    year, month = day.year + years, month0 + 1
    last = calendar.monthrange(year, month)[1]
    return dt.date(year, month, min(day.day, last))
