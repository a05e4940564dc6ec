"""The year of commitments: this year's rounds drafted from their plans, last year's closed."""

import calendar
import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef

from portal.deadlines.operations import end_promise, make_promises
from portal.kernel.days import local_day
from portal.kernel.transitions import check_transition
from portal.ledger.recording import SYSTEM, record_many

from ..enums import ROUND_TRANSITIONS, RoundState
from ..models import CommitmentPlan, CommitmentRound, PaperSignature
from .commitments import locked_round, set_plan
from .core import note, one_by_one

YEAR = "【年份】"  # stands in a plan's title and text for the year of the round


def due_day_of_plan(plan, year):
    """Return the day of a year by which a plan's round must be open; the 31st of a short month is its last."""
    return dt.date(year, plan.month, min(plan.day, calendar.monthrange(year, plan.month)[1]))


@transaction.atomic
def plan_commitment(*, actor, at, **plan):
    """
    Let a unit renew a commitment each year; return this year's round, or None when it begins with the next year.

    The draft is there at once, not only after the coming night: whoever plans goes on to look it over.

    :raises OperationRefused: with the reason.
    :raises Conflict: when the unit does so already.
    """
    made = set_plan(actor=actor, at=at, **plan)
    renew_rounds(at=at)
    return CommitmentRound.objects.filter(plan=made).first()


@transaction.atomic
def renew_rounds(*, at):
    """
    Draft this year's round of every plan that has none, and promise that it will be opened; return how many.

    Asks "owed, not there yet": downtime over New Year loses nothing. A plan
    made after its day begins with the next year. Safe to run doubled.
    """
    today = local_day(at)
    plans = CommitmentPlan.objects.filter(until__isnull=True, unit__is_active=True, since__lte=today)
    plans = list(plans.select_related("unit").select_for_update(of=("self",)).order_by("pk"))
    # Read under the locks: another worker may have drafted them a moment ago.
    there = set(CommitmentRound.objects.filter(year=today.year).values_list("kind", "unit_id"))
    owed = [
        plan
        for plan in plans
        if (plan.kind, plan.unit_id) not in there and plan.since <= due_day_of_plan(plan, today.year)
    ]
    if not owed:
        return 0
    keys = [uuid.uuid4() for _plan in owed]
    promises = make_promises(
        [
            {
                "kind": "commitment.renew",
                "subject": f"disclosures.commitmentround:{key}",
                "unit": plan.unit,
                "started_on": max(dt.date(today.year, 1, 1), plan.since),
                "due_on": due_day_of_plan(plan, today.year),
            }
            for key, plan in zip(keys, owed, strict=True)
        ],
        at=at,
    )
    CommitmentRound.objects.bulk_create(
        CommitmentRound(
            id=key,
            plan=plan,
            kind=plan.kind,
            unit=plan.unit,
            year=today.year,
            title=plan.title.replace(YEAR, str(today.year)),
            body=plan.body.replace(YEAR, str(today.year)),
            promise=promise,
            drafted_at=at,
        )
        for key, plan, promise in zip(keys, owed, promises, strict=True)
    )
    record_many(
        [
            {
                "verb": "commitment.drafted",
                "subject": f"disclosures.commitmentround:{key}",
                "actor": SYSTEM,
                "at": at,
                "unit": plan.unit.code,
                "year": today.year,
                "due_on": promise.due_on,
            }
            for key, plan, promise in zip(keys, owed, promises, strict=True)
        ]
    )
    return len(owed)


def close_rounds(*, at):
    """Record that the rounds of past years are over: what was not signed stays unsigned. Return how many."""
    over = CommitmentRound.objects.filter(year__lt=local_day(at).year).exclude(state=RoundState.CLOSED)
    keys = over.order_by("year", "pk").values_list("pk", flat=True)
    return one_by_one(keys, lambda pk: _close(pk, at), "the round %s of commitments could not be closed")


@transaction.atomic
def _close(round_id, at):
    one = locked_round(round_id)
    if one.state == RoundState.CLOSED:  # by another worker, since the list was read
        return 0
    if one.state == RoundState.DRAFT:
        end_promise(promise=one.promise, code="closed", actor=SYSTEM, at=at)
    check_transition(ROUND_TRANSITIONS, source=one.state, target=RoundState.CLOSED)
    one.state, one.closed_at = RoundState.CLOSED, at
    one.save(update_fields=["state", "closed_at"])
    # A scan that waits to be compared was handed in before the end.
    waiting = PaperSignature.objects.filter(signature=OuterRef("pk"), is_accepted__isnull=True)
    unsigned = one.signatures.filter(~Exists(waiting), signed_at__isnull=True, released_at__isnull=True)
    for row in unsigned.select_related("promise").select_for_update(of=("self",)).order_by("pk"):
        end_promise(promise=row.promise, code="closed", actor=SYSTEM, at=at)
    note("commitment.closed", one, actor=SYSTEM, at=at, year=one.year)
    return 1
