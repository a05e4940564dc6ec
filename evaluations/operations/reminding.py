"""
Reminders about a secret vote: to everybody on the frozen list, and nobody looks who has sent a form.

Once by the clock, some hours before the closing, and by the union once a day at most.
"""

import datetime as dt

from django.db import transaction

from portal.accounts.queries import rule_value, rule_values
from portal.ballots.models import Elector
from portal.kernel.days import local_day
from portal.kernel.verdicts import require
from portal.ledger.recording import SYSTEM, record
from portal.notices.outbox import post

from .. import satisfaction_numbers as numbers
from ..models import SatisfactionPoll
from ..rules.satisfaction import may_remind_staff


def is_time_to_remind(*, opened_at, closes_at, reminded_at, hours, at):
    """Whether the closing is near and nobody was reminded since; an earlier reminder by the union does not count."""
    begins = closes_at - dt.timedelta(hours=hours)
    # A window shorter than that has only just been told of.
    is_told = reminded_at is not None and reminded_at >= begins
    return begins <= at < closes_at and opened_at is not None and opened_at < begins and not is_told


def satisfaction_due(at):
    """Return the keys of the satisfaction polls whose staff is to be reminded now."""
    rows = SatisfactionPoll.objects.running(at).select_related("unit", "poll").order_by("poll__closes_at", "pk")
    hours = rule_values(numbers.REMIND_HOURS, units=[row.unit for row in rows], at=at)
    return [row.pk for row in rows if _is_time(row, hours[row.unit_id], at)]


def _is_time(row, hours, at):
    return is_time_to_remind(
        opened_at=row.poll.opened_at,
        closes_at=row.poll.closes_at,
        reminded_at=row.reminded_at,
        hours=hours,
        at=at,
    )


def _locked(key):
    SatisfactionPoll.objects.select_for_update(of=("self",)).only("pk").get(pk=key)
    return SatisfactionPoll.objects.select_related("unit", "poll").get(pk=key)


@transaction.atomic
def remind_satisfaction_due(key, at):
    """Remind by the clock; another worker may have been quicker."""
    row = _locked(key)
    hours = rule_value(numbers.REMIND_HOURS, unit=row.unit, at=at)
    if not row.poll.is_open(at) or not _is_time(row, hours, at):
        return False
    _remind(row, actor=SYSTEM, at=at, step="clock")
    return True


@transaction.atomic
def remind_satisfaction(*, satisfaction_id, actor, at):
    """
    Remind everybody on the list, once a day at most. A second press changes nothing.

    :raises OperationRefused: with the reason a person may read.
    """
    row = _locked(satisfaction_id)
    require(may_remind_staff(actor, row, at))
    if row.reminded_at is None or local_day(row.reminded_at) != local_day(at):
        _remind(row, actor=actor, at=at, step=local_day(at).isoformat())
    return row


def _remind(row, *, actor, at, step):
    row.reminded_at = at
    row.save(update_fields=["reminded_at"])
    record(verb="satisfaction.reminded", subject=row, actor=actor, at=at)
    tell_staff("satisfaction.reminded", row, at=at, step=step)


def tell_staff(kind, row, *, at, step=""):
    """Put a notice on the desk of everybody on the frozen list, whoever has sent a form or not."""
    people = Elector.objects.filter(poll=row.poll_id).order_by("person_id").values_list("person_id", flat=True)
    post(
        kind=kind,
        subject=row,
        desks=[f"person:{key}" for key in people],
        at=at,
        key=f"{kind}:{row.pk.hex}:{step}" if step else f"{kind}:{row.pk.hex}",
        unit=row.unit.name,
        year=row.year,
        closes_on=local_day(row.poll.closes_at).isoformat(),
    )
