"""
Working days of the plant: pure functions of a calendar that is given, never guessed.

A year's working days are known only once the State Council has announced its
holidays and make-up working days (调休). A year without such an edition raises
:class:`CalendarMissing`; only :func:`due_day` goes on, Monday to Friday, and
says so (``is_provisional``).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.kernel.days import months_after

ONE_DAY = dt.timedelta(days=1)
MOST_DAYS = 400  # no promise of the house is longer; a slip in a rule must not count for years


class CalendarMissing(LookupError):
    """No edition of this year's work calendar has been imported."""

    def __init__(self, year):
        super().__init__(f"no work calendar for {year}")
        self.year = year


@dataclass(frozen=True)
class Edition:
    """One year as announced: weekdays not worked and weekend days worked, each with its holiday's name."""

    year: int
    number: int
    days_off: Mapping[dt.date, str] = field(default_factory=dict)
    days_on: Mapping[dt.date, str] = field(default_factory=dict)
    notice_no: str = ""

    @property
    def code(self):
        """The edition as promises remember it: "2026/1"."""
        return f"{self.year}/{self.number}"

    def is_workday(self, day):
        """Whether the plant's offices work on this day of the year."""
        # Both ways on purpose: make-up working days turn some Saturdays and Sundays into working
        # days, so that a list of days off alone would give people too long a time to answer.
        return day in self.days_on or (day.weekday() < 5 and day not in self.days_off)

    def occasion(self, day):
        """Return the holiday a day off or a make-up day belongs to, or nothing."""
        return self.days_on.get(day) or self.days_off.get(day) or ""


@dataclass(frozen=True)
class WorkCalendar:
    """The editions in force, one for each year that is known."""

    editions: Mapping[int, Edition] = field(default_factory=dict)

    def edition(self, year):
        """
        Return the year's edition.

        :raises CalendarMissing: when there is none.
        """
        try:
            return self.editions[year]
        except KeyError:
            raise CalendarMissing(year) from None

    def is_workday(self, day):
        """
        Whether a day is worked.

        :raises CalendarMissing: when its year is unknown.
        """
        return self.edition(day.year).is_workday(day)

    def with_weekdays(self, years):
        """Return a calendar that takes the given unknown years as Monday to Friday (edition number 0)."""
        return WorkCalendar({**{year: Edition(year, 0) for year in years}, **self.editions})


@dataclass(frozen=True)
class Due:
    """A due day and what it was computed from."""

    on: dt.date
    editions: tuple[str, ...] = ()  # "2026/1"; number 0 is a year that was only guessed
    is_provisional: bool = False

    @property
    def calendar(self):
        """The editions as one text, as promises keep it."""
        return " ".join(self.editions)


@dataclass(frozen=True)
class Day:
    """A row of the explanation: a day, whether it counts, and which one it is."""

    on: dt.date
    is_counted: bool
    count: int
    code: str  # "start", "worked", "made_up", "weekend", "holiday", "calendar"
    occasion: str = ""


def workdays_after(start, count, calendar):
    """
    Return the date on which a promise of count working days falls due.

    The day the clock starts is day zero: started on a Friday with one day to
    answer, it is due on Monday.

    :raises CalendarMissing: when counting reaches a year without an edition.
    """
    _check_count(count)
    day = start
    while count:
        day += ONE_DAY
        count -= calendar.is_workday(day)
    return day


def parse_rule(text):
    """
    Return (name, value) of a rule: ("workdays", 7) or ("on", date).

    :raises ValueError: when it is none of days:N, workdays:N, month_or_days:N, on:DATE.
    """
    name, _colon, value = text.partition(":")
    if name == "on":
        return name, dt.date.fromisoformat(value)
    if name not in {"days", "workdays", "month_or_days"}:
        raise ValueError(f"no such rule: {text}")
    count = int(value)
    _check_count(count)
    return name, count


def due_day(rule, started_on, calendar):
    """
    Return the day on which a promise falls due, with the editions it was computed from.

    Never refuses for want of a calendar: years without an edition are counted
    Monday to Friday and make the result provisional. ``month_or_days`` is the
    earlier of one month and N days, without moving off holidays (domain.md §5.2).
    """
    name, value = parse_rule(rule)
    if name == "on":
        return Due(value)
    if name == "days":
        return Due(started_on + dt.timedelta(days=value))
    if name == "month_or_days":
        return Due(min(months_after(started_on, 1), started_on + dt.timedelta(days=value)))
    guessed = set()
    while True:
        try:
            due_on = workdays_after(started_on, value, calendar.with_weekdays(guessed))
            break
        except CalendarMissing as missing:
            guessed.add(missing.year)
    # The first counted day may already lie in the next year.
    years = range((started_on + ONE_DAY).year, due_on.year + 1)
    known = calendar.with_weekdays(guessed)
    return Due(due_on, tuple(known.edition(year).code for year in years), bool(guessed & set(years)))


def next_workday(day, calendar):
    """Return the next working day after a day; Monday to Friday where the year is unknown."""
    return due_day("workdays:1", day, calendar).on


def counted_days(rule, started_on, calendar):
    """Return every day from the start to the due day with whether and why it counts: the page's small calendar."""
    name, _value = parse_rule(rule)
    due_on = due_day(rule, started_on, calendar).on
    known = calendar.with_weekdays(range(started_on.year, due_on.year + 1))
    days, count, day = [Day(started_on, False, 0, "start")], 0, started_on
    while day < due_on:
        day += ONE_DAY
        edition = known.edition(day.year)
        if name != "workdays":
            count += 1
            days.append(Day(day, True, count, "calendar"))
        elif edition.is_workday(day):
            count += 1
            days.append(Day(day, True, count, "made_up" if day in edition.days_on else "worked", edition.occasion(day)))
        else:
            days.append(
                Day(day, False, count, "holiday" if day in edition.days_off else "weekend", edition.occasion(day))
            )
    return days


def _check_count(count):
    if not 0 <= count <= MOST_DAYS:
        raise ValueError(f"a promise has 0 to {MOST_DAYS} days, not {count}")
