"""Drafting, approving and delivering: only delivery stops the clock."""

import datetime as dt
import hashlib
import json

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.desks import desk_of
from portal.accounts.enums import Role
from portal.accounts.queries import rule_value
from portal.deadlines.operations import meet_promise
from portal.files.operations import store_file
from portal.kernel.days import local_day
from portal.kernel.verdicts import OperationRefused, require

from .. import numbers
from ..channels import guarded
from ..enums import InquiryState, Outcome, ReplyState
from ..models import Delivery, InquiryFile, Reply
from ..queries import current_reply, next_round
from ..rules import may_approve, may_check_back, may_deliver, may_draft, may_send_back, may_submit_reply
from ..validators import check_reply_text, far_away
from .core import locked, move, note, tallies_of, tell

S = InquiryState


def _write_draft(inquiry, *, text, measures, outcome, promised_on, template, actor, at):
    reply = current_reply(inquiry)
    if reply is not None and reply.state != ReplyState.DRAFT:
        raise OperationRefused(_("This reply has left the drafting desk; take it back first."))
    reply = reply or Reply(inquiry=inquiry, round=next_round(inquiry))
    reply.text, reply.measures, reply.outcome = text, measures, outcome
    reply.promised_on = promised_on if outcome in (Outcome.PLANNED, Outcome.LATER) else None
    reply.template, reply.drafted_by, reply.saved_at = template, actor, at
    reply.save()
    inquiry._prefetched_objects_cache.pop("replies", None)
    return reply


@transaction.atomic
def save_reply_draft(*, inquiry_id, text, measures, outcome, promised_on, template, actor, at):
    """
    Keep what has been written so far; nothing is checked and nobody is told.

    :raises OperationRefused: with the reason a person may read.
    """
    inquiry = locked(inquiry_id)
    require(may_draft(actor, inquiry))
    return _write_draft(
        inquiry,
        text=text,
        measures=measures,
        outcome=outcome,
        promised_on=promised_on,
        template=template,
        actor=actor,
        at=at,
    )


@transaction.atomic
def submit_reply(*, inquiry_id, text, measures, outcome, promised_on, template, actor, at, files=()):
    """
    Send the draft to the department head for approval.

    :raises OperationRefused: when the person may not, or the reply is none.
    """
    inquiry = locked(inquiry_id)
    require(may_submit_reply(actor, inquiry))
    require(guarded("drafted", inquiry, at=at))
    least = rule_value(numbers.LEAST_REPLY, unit=inquiry.lead_unit, at=at)
    try:
        check_reply_text(text, least=least, template_text=template.text if template else "")
    except ValidationError as error:
        raise OperationRefused(" ".join(error.messages)) from error
    if not outcome:
        raise OperationRefused(_("Choose what came of it: A, B, C or D."))
    if outcome in (Outcome.PLANNED, Outcome.LATER) and (promised_on is None or promised_on <= local_day(at)):
        raise OperationRefused(_("Outcomes B and C need a day in the future on which the matter comes back."))
    longest = rule_value(numbers.LONGEST_PROMISE, unit=inquiry.lead_unit, at=at)
    if outcome in (Outcome.PLANNED, Outcome.LATER) and promised_on > local_day(at) + dt.timedelta(days=longest):
        raise OperationRefused(far_away(longest))
    reply = _write_draft(
        inquiry,
        text=text,
        measures=measures,
        outcome=outcome,
        promised_on=promised_on,
        template=template,
        actor=actor,
        at=at,
    )
    reply.state, reply.sent_back_note = ReplyState.SUBMITTED, ""
    reply.save(update_fields=["state", "sent_back_note"])
    for clean in files:
        InquiryFile.objects.create(inquiry=inquiry, reply=reply, file=store_file(clean=clean, at=at))
    inquiry.round = reply.round
    move(inquiry, S.DRAFTED, fields=("round",))
    note("drafted", inquiry, actor=actor, at=at, outcome=outcome, promised_on=reply.promised_on)
    roles = (Role.LEADER_IN_CHARGE,) if inquiry.is_escalated else (Role.DEPARTMENT_HEAD,)
    if authority_of(actor).holds(Role.DEPARTMENT_HEAD, unit=inquiry.lead_unit):
        roles = (
            *roles,
            Role.LEADER_IN_CHARGE,
        )  # nobody approves their own: the head's draft is the leader's to approve
    tell("drafted", inquiry, *roles, Role.DISCIPLINE_INSPECTOR, at=at, step=str(at.timestamp()))
    return reply


@transaction.atomic
def send_back_reply(*, inquiry_id, note_text, actor, at, is_checked_back=False):
    """
    Give the draft back to its author with a note; the clock runs on.

    With ``is_checked_back`` it did not pass the check of its channel, whose own rule says who checks.

    :raises OperationRefused: with the reason a person may read.
    """
    inquiry = locked(inquiry_id)
    reply = current_reply(inquiry)
    require(may_check_back(inquiry, reply) if is_checked_back else may_send_back(actor, inquiry, reply))
    reply.state, reply.sent_back_note = ReplyState.DRAFT, note_text
    reply.save(update_fields=["state", "sent_back_note"])
    move(inquiry, S.ASSIGNED)
    note("checked_back" if is_checked_back else "sent_back", inquiry, actor=actor, at=at)
    tell(
        "sent_back",
        inquiry,
        Role.HANDLER,
        Role.DISCIPLINE_INSPECTOR,
        also=[desk_of(reply.drafted_by)],
        at=at,
        step=str(at.timestamp()),
    )
    return reply


@transaction.atomic
def approve_reply(*, inquiry_id, actor, at):
    """
    Approve the reply: from here on its text is fixed, and it still has to reach the workers.

    :raises OperationRefused: with the reason a person may read.
    """
    inquiry = locked(inquiry_id)
    reply = current_reply(inquiry)
    require(may_approve(actor, inquiry, reply))
    require(guarded("approved", inquiry, at=at))
    reply.state, reply.approved_by, reply.approved_on = ReplyState.APPROVED, actor, local_day(at)
    text = {
        "number": inquiry.number,
        "round": reply.round,
        "text": reply.text,
        "measures": reply.measures,
        "outcome": reply.outcome,
    }
    reply.fingerprint = hashlib.sha256(json.dumps(text, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    reply.save(update_fields=["state", "approved_by", "approved_on", "fingerprint"])
    move(inquiry, S.APPROVED)
    note("approved", inquiry, actor=actor, at=at, sha256=reply.fingerprint)
    tell("approved", inquiry, Role.UNION_OFFICER, Role.DISCIPLINE_INSPECTOR, unit=inquiry.unit, at=at)
    return reply


@transaction.atomic
def deliver_reply(*, inquiry_id, channel, delivered_on, place, bulletin_no, actor, at):
    """
    Record that the reply reached the workers: by which channel, on which day, where.

    This, and nothing before it, keeps the promise to answer; a delivery that is
    recorded late is late, whatever day it names. Every matter merged into this
    one is answered with it.

    :raises OperationRefused: with the reason a person may read.
    """
    inquiry = locked(inquiry_id)
    require(may_deliver(actor, inquiry, channel))
    reply = current_reply(inquiry)
    today = local_day(at)
    if delivered_on > today:
        raise OperationRefused(_("Record the delivery when it has happened; the day lies in the future."))
    if delivered_on < reply.approved_on:
        raise OperationRefused(_("The reply was approved later than this day."))
    Delivery.objects.create(
        reply=reply,
        channel=channel,
        delivered_on=delivered_on,
        place=place,
        bulletin_no=bulletin_no,
        recorded_by=actor,
        recorded_at=at,
    )
    reply.state = ReplyState.DELIVERED
    reply.save(update_fields=["state"])
    reply.files.update(is_published=True)
    _answer(inquiry, reply, today=today, actor=actor, at=at)
    note("delivered", inquiry, actor=actor, at=at, channel=channel, delivered_on=delivered_on, outcome=reply.outcome)
    tell("answered", inquiry, author=True, at=at, urgent=True)
    for child in (
        # Those that still wait for this answer: one that was answered with an earlier round has a life of its own.
        inquiry.merged.filter(state=S.MERGED)
        .select_for_update(of=("self",))
        .select_related("promise", "unit", "author")
        .order_by("pk")
    ):
        child._counted = tallies_of(child)
        child.lead_unit = inquiry.lead_unit
        _answer(child, reply, today=today, actor=actor, at=at)
        note("delivered", child, actor=actor, at=at, channel=channel, delivered_on=delivered_on, outcome=reply.outcome)
        tell("answered", child, author=True, at=at, urgent=True)
    return inquiry


def _answer(inquiry, reply, *, today, actor, at):
    if inquiry.answered_on is None:
        inquiry.was_in_time = at < inquiry.promise.due_at
    inquiry.answered_on, inquiry.outcome, inquiry.promised_on = today, reply.outcome, reply.promised_on
    move(inquiry, S.ANSWERED, fields=("answered_on", "was_in_time", "outcome", "promised_on", "lead_unit"))
    meet_promise(promise=inquiry.promise, actor=actor, at=at)
