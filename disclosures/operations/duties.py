"""Opening what is owed: periods by the calendar, events by report; meeting and waiving them."""

import uuid
from collections import defaultdict
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from portal.accounts.queries import rule_values
from portal.deadlines.operations import end_promise, make_promise, meet_promise
from portal.kernel.days import local_day
from portal.kernel.verdicts import require
from portal.ledger.recording import clean_facts

from .. import numbers
from ..enums import Frequency
from ..models import Assignment, Duty
from ..periods import MONTHS, due_day_of, last_ended
from ..rules import may_report_event, may_waive_duty
from .core import note
from .opening_sql import write_duties

BATCH = 1000
OWED = ("pk", "unit_id", "unit__path", "unit__code", "item__code")
LOOK_BACK = {Frequency.MONTH: 13, Frequency.QUARTER: 5, Frequency.HALF_YEAR: 3, Frequency.YEAR: 2}


class _Place(NamedTuple):
    """As much of a unit as a rule's number depends on."""

    pk: int
    path: str


def open_duties(*, at, limit=None):
    """
    Open the duties of every period that has ended, and return how many.

    Asks "ended, owed, not opened yet" rather than "ended since the last run",
    so that downtime of up to a year loses nothing; safe to run doubled, because
    a duty of a period is unique. ``limit`` ends early, for callers with other
    things to do.
    """
    opened, today = 0, local_day(at)
    for frequency in MONTHS:
        period = last_ended(frequency, today)
        for _back in range(LOOK_BACK[frequency]):
            opened += open_period(period, at=at, limit=None if limit is None else limit - opened)
            if limit is not None and opened >= limit:
                return opened
            period = period.previous()
    return opened


def _owed(period):
    """Return the assignments that owe a period and have no duty for it."""
    there = Duty.objects.filter(
        # Said again, or SQLite does not see that the unique index of periods fits, and walks through all of a unit's.
        ~Q(frequency=Frequency.EVENT),
        unit=OuterRef("unit"),
        item=OuterRef("item"),
        frequency=period.frequency,
        starts_on=period.start,
    )
    return (
        Assignment.objects.filter(
            Q(item__frequency=period.frequency) | Q(item__second_frequency=period.frequency),
            Q(until__isnull=True) | Q(until__gte=period.end),
            item__is_active=True,
            unit__is_active=True,
            since__lte=period.start,
        )
        # Within a function, so that it stays a question asked of each: of a period that is just being opened
        # PostgreSQL knows nothing, expects one row of it, and a join would compare every assignment with every duty.
        .alias(has=Coalesce(Exists(there), Value(False)))
        .filter(has=False)
        .order_by("pk")
    )


def open_period(period, *, at, limit=None):
    """Open the duties of one period that has ended, in batches, and return how many."""
    opened = last = 0
    while limit is None or opened < limit:
        with transaction.atomic():
            # On from the last one: to walk past all that were opened before costs more the more there are.
            keys = list(_owed(period).filter(pk__gt=last).values_list("pk", flat=True)[:BATCH])
            if not keys:
                break
            last = keys[-1]
            # Waiting for another sweeper, not passing by what it holds: it may hold an assignment for another period.
            batch = Assignment.objects.filter(pk__in=keys).order_by("pk")
            list(batch.select_for_update().values_list("pk"))
            # Asked again under the locks: another sweeper may have opened some of these a moment ago.
            opened += _write(list(_owed(period).filter(pk__in=keys).values_list(*OWED, named=True)), period, at)
    return opened


def _write(rows, period, at):
    places = {row.unit_id: _Place(row.unit_id, row.unit__path) for row in rows}
    for code in {row.item__code for row in rows} | {row.unit__code for row in rows}:
        clean_facts({"code": code})
    days = rule_values(numbers.PERIODIC_DUE_DAY, units=places.values(), at=at)
    alike = defaultdict(list)
    for row in rows:
        alike[due_day_of(period, days[row.unit_id])].append(row.pk)
    for due_on, keys in alike.items():
        write_duties(keys, period=period, due_on=due_on, at=at)
    return len(rows)


@transaction.atomic
def report_event(*, assignment_id, event, event_on, actor, at):
    """
    Say that something happened that must be disclosed; its working days start on the day it happened.

    :raises OperationRefused: with the reason.
    """
    assignment = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("item", "unit", "department")
        .get(pk=assignment_id)
    )
    require(may_report_event(actor, assignment))
    key = uuid.uuid4()
    promise = make_promise(
        kind="disclosure.event",
        subject=f"disclosures.duty:{key}",
        unit=assignment.owner,
        started_on=event_on,
        at=at,
    )
    duty = Duty.objects.create(
        id=key,
        item=assignment.item,
        unit=assignment.unit,
        department=assignment.department,
        frequency=Frequency.EVENT,
        starts_on=event_on,
        ends_on=event_on,
        event=event,
        reported_by=actor,
        promise=promise,
    )
    note(
        "duty.reported",
        duty,
        actor=actor,
        at=at,
        code=assignment.item.code,
        unit=assignment.unit.code,
        event_on=event_on,
        due_on=promise.due_on,
    )
    return duty


@transaction.atomic
def waive_duty(*, duty_id, reason, actor, at):
    """
    End a duty that turned out to be none, for a reason that everybody reads; that it was late stays recorded.

    :raises OperationRefused: with the reason.
    """
    duty = (
        Duty.objects.select_for_update(of=("self",))
        .select_related("item", "unit", "department", "promise")
        .get(pk=duty_id)
    )
    require(may_waive_duty(actor, duty))
    duty.waiver_reason = reason
    duty.save(update_fields=["waiver_reason"])
    end_promise(promise=duty.promise, code="waived", actor=actor, at=at)
    note("duty.waived", duty, actor=actor, at=at, code=duty.item.code, unit=duty.unit.code)
    return duty


def meet_duty(duty, *, publication, actor, at):
    """Close the duty's promise with the publication that meets it; a second one changes nothing."""
    meet_promise(promise=duty.promise, actor=actor, at=at)
    note("duty.met", duty, actor=actor, at=at, number=publication.number, code=publication.item.code)
