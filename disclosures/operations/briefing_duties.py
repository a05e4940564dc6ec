"""The briefing that a unit owes each month: opened by the calendar, met by one that was held, missed once otherwise."""

import uuid

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from portal.deadlines.operations import make_promises, meet_promise
from portal.kernel.days import local_day
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import SYSTEM, record_many

from ..enums import Frequency
from ..models import BriefingDuty, BriefingPlan
from ..periods import period_of
from ..rules.briefings import may_set_briefing_plan
from .core import note

BATCH = 1000
LOOK_BACK = 13


@transaction.atomic
def set_briefing_plan(*, unit, since, actor, at):
    """
    Let a unit owe a briefing each month, from the first whole month on or after a day.

    :raises OperationRefused: with the reason, as when it owes one already, or for months that are over.
    """
    require(may_set_briefing_plan(actor, unit))
    if since < period_of(Frequency.MONTH, local_day(at)).start:
        # The months before would be opened at once, each of them missed on the day it was made known.
        raise OperationRefused(_("Nobody can owe a briefing for months that are over. Begin with this month or later."))
    try:
        with transaction.atomic():
            plan = BriefingPlan.objects.create(unit=unit, since=since, by=actor)
    except IntegrityError as error:
        raise OperationRefused(_("This unit owes a briefing each month already.")) from error
    note("briefing.plan_set", plan, actor=actor, at=at, unit=unit.code, since=since)
    return plan


@transaction.atomic
def end_briefing_plan(*, plan_id, actor, at):
    """
    Let a unit owe no more briefings from next month on; that of the running month is still owed.

    :raises OperationRefused: with the reason.
    """
    plan = BriefingPlan.objects.select_for_update(of=("self",)).select_related("unit").get(pk=plan_id)
    require(may_set_briefing_plan(actor, plan.unit))
    if plan.until is not None:
        raise OperationRefused(_("This monthly duty has been ended already."))
    plan.until = max(period_of(Frequency.MONTH, local_day(at)).end, plan.since)
    plan.save(update_fields=["until"])
    note("briefing.plan_ended", plan, actor=actor, at=at, unit=plan.unit.code, until=plan.until)
    return plan


def open_briefing_duties(*, at):
    """
    Open the running month's duties, and those of months that passed while nothing ran; return how many.

    Asks "owed, not opened yet", so that downtime of up to a year loses nothing;
    safe to run doubled, because a unit has one duty for a month.
    """
    opened, period = 0, period_of(Frequency.MONTH, local_day(at))
    for _back in range(LOOK_BACK):
        opened += open_briefing_month(period, at=at)
        period = period.previous()
    return opened


def open_briefing_month(period, *, at, unit=None):
    """Open the duties of one month, of all units or of one, in batches, and return how many."""
    opened = 0
    while True:
        with transaction.atomic():
            # Waiting for another sweeper, not passing by what it holds: it may hold a plan for another month.
            rows = list(_owed(period, unit).select_for_update(of=("self",))[:BATCH])
            if not rows:
                break
            # Asked again under the locks: another sweeper may have opened some of these a moment ago.
            known = set(
                BriefingDuty.objects.filter(starts_on=period.start, unit__in=[row.unit_id for row in rows]).values_list(
                    "unit_id", flat=True
                )
            )
            opened += _write([row for row in rows if row.unit_id not in known], period, at)
    return opened


def _owed(period, unit):
    """Return the plans that owe the month and have no duty for it."""
    there = BriefingDuty.objects.filter(unit=OuterRef("unit"), starts_on=period.start)
    rows = BriefingPlan.objects.filter(
        Q(until__isnull=True) | Q(until__gte=period.end), since__lte=period.start, unit__is_active=True
    ).filter(~Exists(there))
    if unit is not None:
        rows = rows.filter(unit=unit)
    return rows.select_related("unit").order_by("pk")


def _write(rows, period, at):
    # Of two plans of a unit that both cover the month, the first counts.
    rows = list({row.unit_id: row for row in reversed(rows)}.values())
    ids = [uuid.uuid4() for _row in rows]
    subjects = [f"disclosures.briefingduty:{key}" for key in ids]
    promises = make_promises(
        [
            {
                "kind": "briefing.hold",
                "subject": subject,
                "unit": row.unit,
                "started_on": period.start,
                "due_on": period.end,
            }
            for subject, row in zip(subjects, rows, strict=True)
        ],
        at=at,
    )
    BriefingDuty.objects.bulk_create(
        BriefingDuty(id=key, unit_id=row.unit_id, starts_on=period.start, ends_on=period.end, promise=promise)
        for key, row, promise in zip(ids, rows, promises, strict=True)
    )
    record_many(
        [
            {
                "verb": "briefing.owed",
                "subject": subject,
                "actor": SYSTEM,
                "at": at,
                "unit": row.unit.code,
                "period": period.code,
                "due_on": promise.due_on,
            }
            for subject, row, promise in zip(subjects, rows, promises, strict=True)
        ]
    )
    return len(rows)


def meet_briefing_duty(briefing, *, actor, at):
    """
    Meet the unit's duty of the month in which the briefing was held, at the moment at which it was.

    When that is met already, a second briefing of a month makes up, late, for
    the month before; what is older nobody makes up for any more.
    """
    month = period_of(Frequency.MONTH, local_day(briefing.held_at))
    # The month's duty may not have been opened yet: the daily job was down, or it is the first morning of the month.
    for period in (month, month.previous()):
        open_briefing_month(period, at=at, unit=briefing.unit)
    duties = {
        duty.starts_on: duty
        for duty in BriefingDuty.objects.select_for_update(of=("self",))
        .filter(unit=briefing.unit, starts_on__in=[month.start, month.previous().start])
        .select_related("promise")
    }
    for period in (month, month.previous()):
        duty = duties.get(period.start)
        if duty is not None and duty.briefing_id is None:
            duty.briefing = briefing
            duty.save(update_fields=["briefing"])
            meet_promise(promise=duty.promise, actor=actor, at=briefing.held_at)
            note("briefing.duty_met", duty, actor=actor, at=at, unit=briefing.unit.code, period=period.code)
            return duty
        if duty is None:
            return None  # nothing was owed in the month itself: an extra briefing of a unit without a duty
    return None
