"""Reads of calendars and promises; the calendar and the rule book are remembered for a minute in each process."""

import datetime as dt
import time

from django.db.models import Max, Q

from portal.accounts.models import RuleValue
from portal.accounts.queries import rule_values
from portal.kernel.rulebook import RULES

from .calendar import Edition, WorkCalendar
from .kinds import known_kinds
from .models import CalendarEdition, Extension, Promise
from .rules import may_decide_extension

# Nothing is decided wrongly by a minute-old calendar: a promise keeps the editions it was computed from, and
# check_calendar settles every open one that was computed from another than the edition in force.
REMEMBERED_SECONDS = 60
_remembered = {}


def forget(**_kwargs):
    """Drop what this process remembers of calendars and rule numbers; called when one of them is saved."""
    _remembered.clear()


def _remember(key, load):
    kept = _remembered.get(key)
    if kept is None or kept[0] < time.monotonic():
        kept = _remembered[key] = (time.monotonic() + REMEMBERED_SECONDS, load())
    return kept[1]


def edition_of(row):
    """Return a stored edition as the pure calendar knows it."""
    return Edition(
        year=row.year,
        number=row.number,
        days_off={dt.date.fromisoformat(day): name for day, name in row.days_off.items()},
        days_on={dt.date.fromisoformat(day): name for day, name in row.days_on.items()},
        notice_no=row.notice_no,
    )


def read_calendar():
    """Return the calendar in force, read now: each year's edition with the highest number."""
    rows = {row.year: row for row in CalendarEdition.objects.order_by("year", "number")}
    return WorkCalendar({year: edition_of(row) for year, row in rows.items()})


def work_calendar():
    """Return the calendar in force, at most a minute old."""
    return _remember("calendar", read_calendar)


def editions_in_force():
    """Return the stored edition in force of each year, latest year first."""
    rows = {row.year: row for row in CalendarEdition.objects.select_related("imported_by").order_by("year", "number")}
    return [rows[year] for year in sorted(rows, reverse=True)]


def last_number(year):
    """Return the number of a year's latest edition, or 0."""
    return CalendarEdition.objects.filter(year=year).aggregate(last=Max("number"))["last"] or 0


def rule_for(kind, *, unit, at):
    """Return a kind's rule with the number that holds for a unit at a moment."""
    return rules_for(kind, units=[unit], at=at)[unit.pk]


def rules_for(kind, *, units, at):
    """Return {unit's key: a kind's rule with the number that holds there}, by at most one query for all of them."""
    if not kind.rule_key:
        return {unit.pk: kind.rule for unit in units}
    name, _colon, _number = kind.rule.partition(":")
    overridden = _remember("rules", lambda: frozenset(RuleValue.objects.values_list("key", flat=True).distinct()))
    if kind.rule_key not in overridden:
        return {unit.pk: f"{name}:{RULES[kind.rule_key].default}" for unit in units}
    values = rule_values(kind.rule_key, units=units, at=at)
    return {key: f"{name}:{value}" for key, value in values.items()}


def stale_promises(calendar, at):
    """Return open working-day promises, not late yet, that were computed from other editions than those in force."""
    fresh = Q()
    for edition in calendar.editions.values():
        # An edition in force beside any number of others; what remains after taking these away is stale.
        fresh |= Q(calendar__contains=f"{edition.year}/") & ~Q(
            calendar__regex=rf"(^| ){edition.year}/{edition.number}( |$)"
        )
    return (
        Promise.objects.open().filter(fresh, rule__startswith="workdays:", due_at__gt=at)
        if fresh
        else Promise.objects.none()
    )


def promises_of(subject):
    """Return the promises of a subject key, earliest first, with their unit."""
    return Promise.objects.filter(subject=subject).select_related("unit").order_by("started_on", "kind", "round")


def extensions_waiting():
    """Return the requests for more days that nobody has decided, the soonest due first."""
    related = {f"promise__{path}" for kind in known_kinds().values() for path in kind.related}
    return (
        Extension.objects.filter(is_granted__isnull=True, promise__met_at__isnull=True, promise__ended_at__isnull=True)
        .select_related("promise__unit", "requested_by", *sorted(related))
        .order_by("promise__due_at", "id")
    )


def extensions_for(user, at):
    """Return the waiting requests that a person may decide, with a clock that can still be granted or refused."""
    return [extension for extension in extensions_waiting()[:200] if may_decide_extension(user, extension, at)]


def editions_of(year):
    """Return a year's editions, the first one first."""
    return list(CalendarEdition.objects.filter(year=year).select_related("imported_by").order_by("number"))


def provisional_count():
    """Return how many open promises have a provisional due day."""
    return Promise.objects.open().filter(is_provisional=True).count()
