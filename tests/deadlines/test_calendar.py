"""The pure calendar: what counts, what is refused, and which way a change may push."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.deadlines.calendar import (
    CalendarMissing,
    Due,
    Edition,
    WorkCalendar,
    counted_days,
    due_day,
    parse_rule,
    workdays_after,
)

D = dt.date
SPRING = {D(2026, 2, day): "春节" for day in (16, 17, 18, 19, 20, 23)}
EDITION = Edition(
    2026,
    1,
    {D(2026, 1, 1): "元旦", D(2026, 1, 2): "元旦", **SPRING},
    {D(2026, 1, 4): "元旦", D(2026, 2, 14): "春节", D(2026, 2, 28): "春节"},
)
CALENDAR = WorkCalendar({2026: EDITION})


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        (D(2026, 3, 6), 1, D(2026, 3, 9)),  # a Friday
        (D(2026, 3, 7), 1, D(2026, 3, 9)),  # a Saturday
        (D(2026, 2, 13), 1, D(2026, 2, 14)),  # the Saturday before the Spring Festival is worked
        (D(2026, 2, 14), 1, D(2026, 2, 24)),  # nine days off
        (D(2026, 1, 2), 1, D(2026, 1, 4)),  # a Sunday made up for
        (D(2026, 3, 2), 0, D(2026, 3, 2)),
        (D(2026, 2, 10), 7, D(2026, 2, 26)),
    ],
)
def test_workdays_after_counts_as_announced(start, count, due):
    assert workdays_after(start, count, CALENDAR) == due


def test_workdays_into_an_unknown_year_are_refused():
    with pytest.raises(CalendarMissing) as caught:
        workdays_after(D(2026, 12, 30), 3, CALENDAR)
    assert caught.value.year == 2027


def test_due_day_into_an_unknown_year_is_provisional():
    assert due_day("workdays:3", D(2026, 12, 30), CALENDAR) == Due(D(2027, 1, 4), ("2026/1", "2027/0"), True)


def test_due_day_within_a_known_year_is_not_provisional():
    assert due_day("workdays:3", D(2026, 12, 28), CALENDAR) == Due(D(2026, 12, 31), ("2026/1",), False)


@pytest.mark.parametrize(
    ("rule", "start", "due"),
    [
        ("month_or_days:30", D(2026, 1, 30), D(2026, 2, 28)),  # a month ends first
        ("month_or_days:30", D(2026, 3, 2), D(2026, 4, 1)),  # thirty days end first
        ("month_or_days:30", D(2024, 1, 31), D(2024, 2, 29)),
        ("month_or_days:30", D(2026, 9, 1), D(2026, 10, 1)),  # on a holiday, and stays there
        ("days:15", D(2026, 12, 20), D(2027, 1, 4)),
        ("on:2026-05-01", D(2026, 3, 1), D(2026, 5, 1)),
    ],
)
def test_calendar_days_never_roll(rule, start, due):
    assert due_day(rule, start, WorkCalendar()) == Due(due, (), False)


@pytest.mark.parametrize(
    "rule", ["", "days", "days:", "days:x", "days:-1", "days:401", "weeks:2", "on:2026-02-30", "workdays:1e9"]
)
def test_a_rule_that_is_none_is_refused(rule):
    with pytest.raises(ValueError):
        parse_rule(rule)


def test_counted_days_say_why_each_counts():
    days = counted_days("workdays:3", D(2026, 2, 12), CALENDAR)
    assert [(day.on.day, day.count if day.is_counted else 0, day.code) for day in days] == [
        (12, 0, "start"),
        (13, 1, "worked"),
        (14, 2, "made_up"),
        (15, 0, "weekend"),
        *((day, 0, "holiday") for day in range(16, 21)),
        (21, 0, "weekend"),
        (22, 0, "weekend"),
        (23, 0, "holiday"),
        (24, 3, "worked"),
    ]


YEARS = (2026, 2027)
DAYS = st.dates(D(2026, 1, 1), D(2027, 12, 31))
STARTS = st.dates(D(2026, 1, 1), D(2027, 6, 30))


def _calendar(days):
    def pick(keep):
        return {year: {day: "x" for day in days if day.year == year and keep(day)} for year in YEARS}

    off, on = pick(lambda day: day.weekday() < 5), pick(lambda day: day.weekday() >= 5)
    return WorkCalendar({year: Edition(year, 1, off[year], on[year]) for year in YEARS})


@given(st.sets(DAYS, max_size=60), DAYS, STARTS, st.integers(0, 60))
def test_a_holiday_more_is_never_earlier_and_a_working_weekend_more_never_later(days, extra, start, count):
    before = workdays_after(start, count, _calendar(days))
    after = workdays_after(start, count, _calendar(days | {extra}))
    assert after >= before if extra.weekday() < 5 else after <= before


@given(st.sets(DAYS, max_size=60), STARTS, st.integers(0, 60))
def test_counted_days_agree_with_the_due_day(days, start, count):
    calendar = _calendar(days)
    rows = counted_days(f"workdays:{count}", start, calendar)
    assert rows[-1].on == workdays_after(start, count, calendar)
    assert sum(row.is_counted for row in rows) == count
