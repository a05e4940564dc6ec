"""What delegates do between the sessions: the duty log, and the report each year with its rating."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.desks import desk_of
from portal.accounts.queries import rule_values
from portal.deadlines.operations import make_promises, meet_promise
from portal.files.operations import store_file
from portal.kernel.days import day_start, local_day
from portal.kernel.transitions import check_transition
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import SYSTEM, record_many
from portal.notices.outbox import post

from .. import numbers
from ..enums import DUTY_TRANSITIONS, DutyState, MandateState, TermState
from ..models import DutyEntry, DutyReport, Mandate
from ..rules.delegates import may_decide_duty, may_give_report, may_rate_report, may_write_duty
from .core import locked_mandate, note, own_of_key


@transaction.atomic
def write_duty(*, mandate_id, on, kind, text, minutes, idempotency_key, actor, at):
    """
    Write an entry into one's own duty log; sent twice it is written once.

    :raises OperationRefused: with the reason, or for a day before the mandate or in the future.
    """
    mandate = locked_mandate(mandate_id)
    found = own_of_key(DutyEntry, idempotency_key, actor, by="mandate.person_id")
    if found is not None:
        return found
    require(may_write_duty(actor, mandate, at))
    if not mandate.meeting.held_on <= on <= local_day(at):
        raise OperationRefused(_("The day lies before your election or in the future."))
    entry = DutyEntry.objects.create(
        mandate=mandate, on=on, kind=kind, text=text, minutes=minutes, written_at=at, idempotency_key=idempotency_key
    )
    note("duty.written", mandate, actor=actor, at=at, entry=entry.pk, kind=kind, on=on, minutes=minutes)
    return entry


@transaction.atomic
def decide_duty(*, entry_id, is_confirmed, answer, actor, at):
    """
    Confirm an entry of a duty log, or say why not.

    :raises OperationRefused: with the reason.
    """
    DutyEntry.objects.select_for_update(of=("self",)).only("pk").get(pk=entry_id)
    entry = DutyEntry.objects.select_related(
        "mandate__person", "mandate__term__unit", "mandate__electing_unit__unit"
    ).get(pk=entry_id)
    require(may_decide_duty(actor, entry))
    target = DutyState.CONFIRMED if is_confirmed else DutyState.DECLINED
    check_transition(DUTY_TRANSITIONS, source=entry.state, target=target)
    entry.state, entry.answer, entry.decided_by, entry.decided_at = target, answer, actor, at
    entry.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    verb = "duty.confirmed" if is_confirmed else "duty.declined"
    note(verb, entry.mandate, actor=actor, at=at, entry=entry.pk)
    if not is_confirmed:
        desks = [desk_of(entry.mandate.person)]
        post(kind="duty.declined", subject=entry.mandate, desks=desks, at=at, key=f"duty.declined:{entry.pk.hex}")
    return entry


# The report of a year -----------------------------------------------------------------------------------------


@transaction.atomic
def open_reports(*, at):
    """
    Let every delegate owe the report of the year that is over; return how many.

    Asks "owed, not there yet" of the mandates that ran before New Year: safe
    to run any number of times, and downtime over New Year loses nothing.
    """
    today = local_day(at)
    year, begin = today.year - 1, dt.date(today.year, 1, 1)
    owed = list(
        Mandate.objects.filter(
            state=MandateState.ACTIVE,
            confirmed_at__lt=day_start(begin),
            term__state=TermState.FIXED,
            term__begins_on__lt=begin,
            term__ends_on__gte=begin,
        )
        .exclude(reports__year=year)
        .select_related("electing_unit__unit", "person")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if not owed:
        return 0
    units = {mandate.electing_unit.unit_id: mandate.electing_unit.unit for mandate in owed}
    days = rule_values(numbers.REPORT_DAYS, units=list(units.values()), at=at)
    keys = [uuid.uuid4() for _mandate in owed]
    promises = make_promises(
        [
            {
                "kind": "delegate.report",
                "subject": f"congress.dutyreport:{key}",
                "unit": mandate.electing_unit.unit,
                "started_on": begin,
                "due_on": begin + dt.timedelta(days=days[mandate.electing_unit.unit_id] - 1),
            }
            for key, mandate in zip(keys, owed, strict=True)
        ],
        at=at,
    )
    DutyReport.objects.bulk_create(
        DutyReport(id=key, mandate=mandate, year=year, promise=promise)
        for key, mandate, promise in zip(keys, owed, promises, strict=True)
    )
    record_many(
        [
            {
                "verb": "duty_report.owed",
                "subject": f"congress.mandate:{mandate.pk}",
                "actor": SYSTEM,
                "at": at,
                "year": year,
                "due_on": promise.due_on,
            }
            for mandate, promise in zip(owed, promises, strict=True)
        ]
    )
    desks = sorted({desk_of(mandate.person) for mandate in owed})
    subject = f"congress.mandate:{owed[0].pk}"
    post(kind="duty_report.owed", subject=subject, desks=desks, at=at, key=f"duty_report.owed:{year}", year=year)
    return len(owed)


def _locked_report(report_id):
    DutyReport.objects.select_for_update(of=("self",)).only("pk").get(pk=report_id)
    return DutyReport.objects.select_related(
        "promise", "mandate__person", "mandate__term__unit", "mandate__electing_unit__unit"
    ).get(pk=report_id)


@transaction.atomic
def give_report(*, report_id, text, upload=None, actor, at):
    """
    Give the duty report of a year: a text, and a file beside it.

    :raises OperationRefused: with the reason.
    """
    report = _locked_report(report_id)
    require(may_give_report(actor, report))
    report.text, report.given_at = text, at
    if upload is not None:
        report.file = store_file(clean=upload, at=at)
    report.save(update_fields=["text", "file", "given_at"])
    meet_promise(promise=report.promise, actor=actor, at=at)
    note("duty_report.given", report.mandate, actor=actor, at=at, year=report.year)
    return report


@transaction.atomic
def rate_report(*, report_id, rated_on, took_part, good, fair, poor, actor, at):
    """
    Record how the electing unit rated a duty report.

    :raises OperationRefused: with the reason, or when there are more ratings than people.
    """
    report = _locked_report(report_id)
    require(may_rate_report(actor, report))
    if not local_day(report.given_at) <= rated_on <= local_day(at):
        raise OperationRefused(_("The day of the rating lies before the report or in the future."))
    if good + fair + poor > took_part or not took_part:
        raise OperationRefused(
            _("%(votes)d ratings by %(count)d people cannot be.") % {"votes": good + fair + poor, "count": took_part}
        )
    report.rated_on, report.took_part, report.rated_by = rated_on, took_part, actor
    report.good, report.fair, report.poor = good, fair, poor
    report.save(update_fields=["rated_on", "took_part", "rated_by", "good", "fair", "poor"])
    note("duty_report.rated", report.mandate, actor=actor, at=at, year=report.year, good=good, fair=fair, poor=poor)
    return report
