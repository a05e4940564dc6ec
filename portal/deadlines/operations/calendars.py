"""Editions of the work calendar: seeding, importing, and what they do to promises that are open."""

import datetime as dt

from chinese_calendar import constants as library
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.desks import nearest_desk, role_desk
from portal.accounts.enums import Role
from portal.accounts.queries import company
from portal.kernel.days import local_day
from portal.kernel.texts import clean_line
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import SYSTEM, record

from ..calendar import due_day, next_workday
from ..kinds import kind_of
from ..models import CalendarEdition, Promise
from ..queries import forget, last_number, read_calendar, stale_promises
from ..rules import may_import_calendar
from ..telling import post
from ..watch import CALENDAR
from .heartbeats import beat
from .promises import record_about, set_due, set_next_step

BATCH = 200
ALARM_MONTH = 11

# Notices of the State Council (国务院办公厅关于…年部分节假日安排的通知); the library keeps the days, not the numbers.
NOTICES = {2024: "国办发明电〔2023〕7号", 2025: "国办发明电〔2024〕12号", 2026: "国办发明电〔2025〕7号"}


def library_years():
    """Return {year: (days_off, days_on)} as the calendar library knows them, in the form editions are stored in."""
    chinese = {holiday.value: holiday.chinese for holiday in library.Holiday}
    years = {}
    for day, name in sorted(library.holidays.items()):
        off, _on = years.setdefault(day.year, ({}, {}))
        if day.weekday() < 5:
            off[day.isoformat()] = chinese.get(name, name)
    for day, name in sorted(library.workdays.items()):
        _off, on = years.setdefault(day.year, ({}, {}))
        if day.weekday() >= 5:
            on[day.isoformat()] = chinese.get(name, name)
    return years


@transaction.atomic
def seed_editions(*, at):
    """
    Add the years that the library knows and the database lacks; return how many.

    An edition that came from the library is followed by the next when a newer
    library knows better; one that a person imported is never overruled.
    """
    latest = {row.year: row for row in CalendarEdition.objects.order_by("year", "number")}
    fresh = []
    for year, (days_off, days_on) in library_years().items():
        row = latest.get(year)
        if row is not None and (row.source != "library" or (row.days_off == days_off and row.days_on == days_on)):
            continue
        fresh.append(
            CalendarEdition(
                year=year,
                number=row.number + 1 if row else 1,
                notice_no=NOTICES.get(year, ""),
                source="library",
                days_off=days_off,
                days_on=days_on,
                imported_at=at,
            )
        )
    CalendarEdition.objects.bulk_create(fresh)
    if fresh:
        forget()  # bulk_create sends no signal
    return len(fresh)


def import_calendar(*, year, days_off, days_on, notice_no, actor, at):
    """
    Add an edition of a year and settle or recompute the open promises that count through it.

    ``days_off`` and ``days_on`` map days to the name of their holiday. The
    edition is written first; promises follow in small transactions, and a
    crash between leaves the rest to the daily check.

    :raises OperationRefused: with the reason a person may read.
    """
    edition = _add_edition(year=year, days_off=days_off, days_on=days_on, notice_no=notice_no, actor=actor, at=at)
    moved = recompute_promises(actor=actor, at=at)
    check_calendar(at=at)
    return edition, moved


def recompute_promises(*, actor=SYSTEM, at):
    """
    Bring open working-day promises to the editions in force; return how many due days moved.

    A promise that is late already is left alone: no calendar makes it on time.
    """
    calendar = read_calendar()
    moved, last = 0, None
    while True:
        rows = stale_promises(calendar, at).order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        ids = list(rows.values_list("pk", flat=True)[:BATCH])
        if not ids:
            return moved
        last = ids[-1]
        moved += _recompute(ids, calendar, actor=actor, at=at)


def recomputed(promise, calendar, at):
    """
    Return (Due by the rule, the due day that results) of an open promise under a calendar.

    A day that was promised is kept when the rule now gives an earlier one, and
    moves when it gives a later one (docs/decisions/0010-calendar-recompute.md).
    A provisional day was announced as such and settles both ways, though never
    so early that its owner would be late by the import itself.
    """
    due = due_day(promise.rule, promise.started_on, calendar)
    moved = dt.timedelta(days=promise.paused_days + promise.extended_days)
    exact = due.on + moved
    if exact >= promise.due_on or not promise.is_provisional:
        return due, max(exact, promise.due_on)
    return due, max(exact, min(promise.due_on, next_workday(local_day(at), calendar)))


def missing_year(today, calendar):
    """Return the year whose calendar is due and missing: this one, or from 1 November the next; else None."""
    years = [today.year] + ([today.year + 1] if today.month >= ALARM_MONTH else [])
    return next((year for year in years if year not in calendar.editions), None)


@transaction.atomic
def check_calendar(*, at):
    """Tell system administrators and the union chair, once a week, of a year that is missing; return it or None."""
    today = local_day(at)
    year = missing_year(today, read_calendar())
    beat(CALENDAR, at, missing=year)
    root = company()
    if year is None or root is None:
        return year
    week = today.isocalendar()
    post(
        kind="calendar.missing",
        subject=f"deadlines.calendar:{year}",
        desks=[role_desk(Role.SYSTEM_ADMIN, root), role_desk(Role.UNION_CHAIR, root)],
        at=at,
        key=f"calendar.missing:{year}:{week.year}-{week.week}",
        year=year,
    )
    return year


@transaction.atomic
def _add_edition(*, year, days_off, days_on, notice_no, actor, at):
    require(may_import_calendar(actor))
    notice_no = clean_line(notice_no)
    if not notice_no:
        raise OperationRefused(_("Give the number of the notice."))
    number = last_number(year) + 1
    row = CalendarEdition.objects.create(
        year=year,
        number=number,
        notice_no=notice_no[:60],
        source="file",
        days_off={day.isoformat(): name for day, name in sorted(days_off.items())},
        days_on={day.isoformat(): name for day, name in sorted(days_on.items())},
        imported_at=at,
        imported_by=actor,
    )
    record(
        verb="calendar.imported",
        subject=row,
        actor=actor,
        at=at,
        year=year,
        number=number,
        off=len(days_off),
        on=len(days_on),
    )
    return row


@transaction.atomic
def _recompute(ids, calendar, *, actor, at):
    moved = 0
    for promise in (
        Promise.objects.select_for_update(of=("self",)).select_related("unit").open().filter(pk__in=ids, due_at__gt=at)
    ):
        before, was_provisional = promise.due_on, promise.is_provisional
        due, due_on = recomputed(promise, calendar, at)
        promise.calendar, promise.is_provisional = due.calendar, due.is_provisional
        if due_on != before:
            moved += 1
            if promise.paused_on is None:
                set_due(promise, due_on)
                set_next_step(promise, local_day(at))
            else:
                promise.due_at += due_on - before
                promise.due_on = due_on
        promise.save()
        is_kept = due_on > due.on + dt.timedelta(days=promise.paused_days + promise.extended_days)
        if due_on != before or is_kept or was_provisional != promise.is_provisional:
            facts = {
                "before": before,
                "due_on": due_on,
                "computed": due.on,
                "editions": list(due.editions),
                "is_kept": is_kept,
            }
            record_about(promise, "promise.recomputed", actor=actor, at=at, **facts)
        if due_on != before:
            kind = kind_of(promise.kind)
            post(
                kind="promise.recomputed",
                subject=promise.subject,
                desks=[nearest_desk(kind.owing_role, promise.unit, at), *kind.desks_owed(promise)],
                at=at,
                key=f"recomputed:{promise.pk}:{due_on}",
                promise=promise.pk,
                before=before,
                due_on=due_on,
                what=promise.kind,
            )
    return moved


def effects_of(edition, at, *, limit=50):
    """Return [(promise, before, after)] of open promises under one more edition, and whether there are more."""
    calendar = read_calendar()
    changed = type(calendar)({**calendar.editions, edition.year: edition})
    rows, effects = stale_promises(changed, at).select_related("unit").order_by("due_at"), []
    for promise in rows.iterator(chunk_size=500):
        _due, after = recomputed(promise, changed, at)
        if after != promise.due_on or promise.is_provisional:
            effects.append((promise, promise.due_on, after))
            if len(effects) > limit:
                return effects[:limit], True
    return effects, False


def differences(before, after):
    """Return [(day, how it was, how it is, holiday)] where editions differ: "on", "off", or "" as in any week."""

    def state(edition, day):
        return "" if edition is None else "on" if day in edition.days_on else "off" if day in edition.days_off else ""

    days = {*after.days_off, *after.days_on, *(before.days_off if before else ()), *(before.days_on if before else ())}
    return [
        (day, state(before, day), state(after, day), after.occasion(day) or (before.occasion(day) if before else ""))
        for day in sorted(days)
        if state(before, day) != state(after, day)
    ]
