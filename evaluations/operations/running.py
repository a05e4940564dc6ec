"""
A round while its poll goes its way: what it hears from the box, what the clock brings, reminders to all.

The door looks at the clock; here it is only written down and told. A worker
that stood still makes news late and lets nobody through.
"""

import logging
import uuid

from django.db import transaction

from portal.accounts.queries import rule_value, rule_values
from portal.kernel.days import local_day
from portal.kernel.verdicts import require
from portal.ledger.recording import SYSTEM

from .. import numbers
from ..enums import RoundState
from ..models import Round
from ..rules.rounds import may_remind
from .core import locked, move, note, tell_voters
from .reminding import is_time_to_remind, remind_satisfaction_due, satisfaction_due

logger = logging.getLogger(__name__)


def hear_poll(poll, event, *, actor, at):
    """Follow the poll in the box, in the transaction of its own act."""
    if event not in _HEARD:
        return
    round_ = locked(uuid.UUID(poll.owner_id))
    _HEARD[event](round_, poll, actor, at)


def _frozen(round_, poll, actor, at):
    note("list_frozen", round_, actor=actor, at=at, electors=poll.electorate_size, electorate=poll.electorate_sha256)
    _begin(round_, at)


def _begin(round_, at):
    """Write down that forms are taken, once the time has come; tell everybody on the list."""
    if round_.state != RoundState.ANNOUNCED or at < round_.opens_at:
        return False
    round_.opened_at = at
    move(round_, RoundState.OPEN, fields=["opened_at"])
    note("opened", round_, actor=SYSTEM, at=at)
    tell_voters("appraisal.opened", round_, at=at, closes_on=local_day(round_.closes_at).isoformat())
    return True


def _closed(round_, poll, actor, at):
    if round_.state == RoundState.ANNOUNCED:  # nobody wrote the opening down: the worker stood still
        round_.opened_at = round_.opens_at
        move(round_, RoundState.OPEN, fields=["opened_at"])
        note("opened", round_, actor=SYSTEM, at=at)
    round_.closed_at = at
    move(round_, RoundState.CLOSED, fields=["closed_at"])
    note("closed", round_, actor=actor, at=at)


def _counted(round_, poll, actor, at):
    round_.counted_at = at
    move(round_, RoundState.COUNTED, fields=["counted_at"])
    result = poll.result
    note("counted", round_, actor=actor, at=at, returned=result.returned, valid=result.valid, is_void=result.is_void)


_HEARD = {"opened": _frozen, "closed": _closed, "counted": _counted}


def run_due(*, at):
    """Write down rounds whose time has come and remind everybody on a list once before its closing; return how many."""
    begun = [key for key in Round.objects.begun(at).values_list("pk", flat=True) if _tried(_begin_due, key, at)]
    running = Round.objects.running(at).filter(state=RoundState.OPEN).select_related("unit")
    hours = rule_values(numbers.REMIND_HOURS, units=[one.unit for one in running], at=at)
    near = [one.pk for one in running if _is_time_to_remind(one, hours[one.unit_id], at)]
    told = [key for key in near if _tried(_remind_due, key, at)]
    polled = [key for key in satisfaction_due(at) if _tried(remind_satisfaction_due, key, at)]
    return len(begun) + len(told) + len(polled)


def _tried(work, key, at):
    try:
        return work(key, at)
    except Exception:
        logger.exception("Appraisal or satisfaction poll %s could not be taken on", key)
        return False


@transaction.atomic
def _begin_due(key, at):
    round_ = locked(key)
    return round_.is_running(at) and _begin(round_, at)


@transaction.atomic
def _remind_due(key, at):
    round_ = locked(key)
    hours = rule_value(numbers.REMIND_HOURS, unit=round_.unit, at=at)
    if not _is_time_to_remind(round_, hours, at) or not round_.is_running(at):
        return False
    _remind(round_, actor=SYSTEM, at=at, step="clock")
    return True


def _is_time_to_remind(round_, hours, at):
    return is_time_to_remind(
        opened_at=round_.opened_at,
        closes_at=round_.closes_at,
        reminded_at=round_.reminded_at,
        hours=hours,
        at=at,
    )


@transaction.atomic
def remind_round(*, round_id, actor, at):
    """
    Remind everybody on the list, once a day at most; nobody looks who has sent a form. A second press changes nothing.

    :raises OperationRefused: with the reason a person may read.
    """
    round_ = locked(round_id)
    require(may_remind(actor, round_, at))
    if round_.reminded_at is not None and local_day(round_.reminded_at) == local_day(at):
        return round_
    _remind(round_, actor=actor, at=at, step=local_day(at).isoformat())
    return round_


def _remind(round_, *, actor, at, step):
    round_.reminded_at = at
    round_.save(update_fields=["reminded_at"])
    note("reminded", round_, actor=actor, at=at)
    closes = local_day(round_.closes_at).isoformat()
    tell_voters("appraisal.reminded", round_, at=at, step=step, closes_on=closes)
