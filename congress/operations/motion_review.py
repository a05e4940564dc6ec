"""The call for motions, the delegation's opinion, the committee's decision; what is filed becomes an inquiry."""

import datetime as dt
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from feedback.enums import IdentityMode, InquiryKind
from feedback.operations import InquiryDraft, open_inquiry, register_inquiry
from feedback.rules import may_register
from portal.accounts.desks import desk_of
from portal.accounts.queries import rule_value
from portal.deadlines.operations import make_promise, meet_promise
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import subject_key
from portal.notices.outbox import post

from .. import numbers
from ..channels import MOTION, MOTION_ADVICE
from ..enums import TOPIC_OF, BodyKind, MandateState, MotionOutcome, MotionState, StepCode
from ..models import Mandate, Motion, MotionCall, Session
from ..queries.motions import signers_of, to_merge_into, undecided
from ..rules import motion_desk as desk_rules
from ..rules import motions as rules
from .core import note
from .motions import back_to_draft, locked_motion, move_motion, put_decision, tell
from .planning import pass_step

S, O = MotionState, MotionOutcome  # noqa: E741 -- outcomes, as the decision's table reads
STATE_OF = {
    O.FILED: S.FILED,
    O.MERGED: S.MERGED,
    O.CONVERTED: S.CONVERTED,
    O.REJECTED: S.REJECTED,
    O.ESCALATED: S.ESCALATED,
}


@transaction.atomic
def call_motions(*, session_id, committee, opens_on, closes_on, has_group_review, text, actor, at):
    """
    Call for the motions of a session, and promise that all are examined in time; every delegate is told.

    :raises OperationRefused: with the figure and the rule.
    :raises Conflict: when motions have been called for at this moment.
    """
    Session.objects.select_for_update(of=("self",)).only("pk").get(pk=session_id)
    session = Session.objects.select_related("term__unit", "motion_call").get(pk=session_id)
    require(rules.may_call_motions(actor, session, at))
    unit, today = session.term.unit, local_day(at)
    lead = rule_value(numbers.CALL_LEAD, unit=unit, at=at)
    latest = session.opens_on - dt.timedelta(days=lead)
    if committee.term_id != session.term_id or committee.kind != BodyKind.COMMITTEE:
        raise OperationRefused(_("Choose a committee of this term."))
    if opens_on < today:
        raise OperationRefused(_("The call cannot begin before today."))
    if opens_on > latest:
        raise OperationRefused(
            _("Motions are called for %(lead)d days before the opening at least: by %(day)s.")
            % {"lead": lead, "day": latest.isoformat()}
        )
    if not opens_on <= closes_on < session.opens_on:
        raise OperationRefused(_("The call ends after it has begun and before the session opens."))
    review = rule_value(numbers.REVIEW_DAYS, unit=unit, at=at)
    call = MotionCall(
        session=session,
        committee=committee,
        opens_on=opens_on,
        closes_on=closes_on,
        least=rule_value(numbers.LEAST_SECONDERS, unit=unit, at=at),
        has_group_review=has_group_review,
        text=text,
        called_by=actor,
        called_at=at,
    )
    call.promise = make_promise(
        kind="motion.review",
        subject=subject_key(call),
        unit=unit,
        started_on=today,
        due_on=closes_on + dt.timedelta(days=review),
        at=at,
    )
    try:
        with transaction.atomic():
            call.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("Motions have been called for already.")) from error
    note("motion_call.opened", call, actor=actor, at=at, since=opens_on, until=closes_on, least=call.least)
    days = {"since": opens_on.isoformat(), "until": closes_on.isoformat()}
    words = _("Motions called for from %(since)s to %(until)s.") % days
    pass_step(session, StepCode.MOTIONS, actor=actor, at=at, evidence=words)
    delegates = Mandate.objects.filter(term=session.term, state=MandateState.ACTIVE).select_related("person")
    post(
        kind="motion_call.opened",
        subject=call,
        desks=[desk_of(mandate.person) for mandate in delegates],
        at=at,
        key=f"motion_call.opened:{call.pk.hex}",
        until=closes_on,
    )
    return call


@transaction.atomic
def review_in_group(*, motion_id, is_passed, opinion, actor, at):
    """
    Say what the delegation thinks: on to the committee, or back to be rewritten.

    :raises OperationRefused: with the reason a person may read.
    """
    motion = locked_motion(motion_id)
    require(rules.may_review_group(actor, motion))
    head = motion.proposer.electing_unit.delegation.head
    motion.group_opinion, motion.group_by, motion.group_passed = opinion, head, is_passed
    fields = ["group_opinion", "group_by", "group_passed"]
    if is_passed:
        move_motion(motion, S.SUBMITTED, fields=fields)
    else:
        if not opinion:
            raise OperationRefused(_("Say what is to be rewritten."))
        motion.save(update_fields=fields)
        back_to_draft(motion, at=at)
    note("motion.group_reviewed", motion, actor=actor, at=at, passed=is_passed)
    facts = {"title": motion.title, "passed": is_passed}
    tell("group_answered", motion, [motion.proposer.person], at=at, step=f"{at.timestamp()}", **facts)
    return motion


@transaction.atomic
def decide_motion(
    *,
    motion_id,
    outcome,
    reason,
    actor,
    at,
    rejection="",
    target_id=None,
    lead_unit=None,
    assist_units=(),
):
    """
    Record what the committee decided, with its reason; every signer is told.

    A filed motion becomes an inquiry; where the one who records it is of the
    union, it is registered and assigned at once.

    :raises OperationRefused: with the reason a person may read.
    :raises Conflict: when it was decided on or withdrawn at this very moment.
    """
    if target_id is not None:
        # One order everywhere, so that two motions merged crosswise do not wait for each other.
        for pk in sorted([motion_id, target_id]):
            Motion.objects.select_for_update(of=("self",)).only("pk").get(pk=pk)
    motion = locked_motion(motion_id)
    require(desk_rules.may_decide_motion(actor, motion))
    fields = []
    if not reason:
        raise OperationRefused(_("Every decision needs its reason in writing."))
    if outcome == O.REJECTED and not rejection:
        raise OperationRefused(_("Say for which reason it is not filed."))
    if outcome in (O.FILED, O.ESCALATED):
        require_seconded(motion)
    if outcome == O.MERGED:
        target = next((one for one in to_merge_into(motion) if one.pk == target_id), None)
        if target is None:
            raise OperationRefused(_("Choose a motion of the same call of which no reply has been drafted."))
        if any(one.state == S.MERGED for one in motion.merged.all()):
            raise OperationRefused(_("Others are merged into this motion. Merge them into the other one first."))
        motion.merged_into = target
        fields.append("merged_into")
    rejection = rejection if outcome == O.REJECTED else ""
    put_decision(motion, outcome=outcome, reason=reason, rejection=rejection, actor=actor, at=at)
    if outcome in (O.FILED, O.CONVERTED):
        motion.inquiry = _open_inquiry(motion, outcome, actor, at)
        fields.append("inquiry")
    move_motion(motion, STATE_OF[MotionOutcome(outcome)], fields=fields)
    facts = {"rejection": rejection} if rejection else {}
    note(f"motion.{outcome}", motion, actor=actor, at=at, **facts)
    tell("decided", motion, [one.person for one in signers_of(motion)], at=at, title=motion.title, outcome=str(outcome))
    if outcome == O.ESCALATED:
        tell("escalated", motion, [], at=at, union=True, title=motion.title)
    _meet_review(motion.call, actor=actor, at=at)
    if motion.inquiry is not None and may_register(actor, motion.inquiry):
        register_inquiry(
            inquiry_id=motion.inquiry_id,
            texts={f"public_{name}": getattr(motion.inquiry, name) for name in ("subject", "body", "suggestion")},
            is_published=True,
            actor=actor,
            at=at,
            lead_unit=lead_unit,
            assist_units=assist_units,
        )
    return motion


def require_seconded(motion):
    """
    Ask that a motion still has its seconders: a paper without them is a suggestion (domain.md §4.2).

    :raises OperationRefused: with how many are missing.
    """
    count = len(rules.signed(motion))
    if missing := max(0, motion.call.least - count):
        raise OperationRefused(
            _("%(missing)d seconders are missing (%(least)d are needed): convert it to a suggestion.")
            % {"missing": missing, "least": motion.call.least}
        )


def body_of(motion):
    """Return what a motion says as the text of its inquiry."""
    return _("Subject: %(cause)s\n\nGrounds: %(grounds)s") % {"cause": motion.cause, "grounds": motion.grounds}


def _open_inquiry(motion, outcome, actor, at):
    """Open the inquiry of a motion; the lead proposer is its author, the congress's unit the unit concerned."""
    draft = InquiryDraft(
        kind=InquiryKind.SUGGESTION,
        topic=TOPIC_OF[motion.category],
        unit=motion.term.unit,
        subject=motion.title,
        body=body_of(motion),
        suggestion=motion.proposal,
        identity_mode=IdentityMode.NAMED,
        idempotency_key=uuid.uuid5(motion.pk, "inquiry"),
    )
    days = rule_value(numbers.MOTION_REPLY_DAYS, unit=motion.term.unit, at=at)
    channel = MOTION if outcome == O.FILED else MOTION_ADVICE
    receipt = open_inquiry(
        channel=channel,
        draft=draft,
        author=motion.proposer.person,
        actor=actor,
        at=at,
        due_on=local_day(at) + dt.timedelta(days=days),
    )
    return receipt.inquiry


def _meet_review(call, *, actor, at):
    """Keep the promise to examine all motions, once the call is over and none waits."""
    if call.promise.met_at is None and local_day(at) > call.closes_on and not undecided(call):
        meet_promise(promise=call.promise, actor=actor, at=at)


@transaction.atomic
def name_best(*, motion_id, reason, actor, at):
    """
    Choose a motion as one of the best (优秀提案), with the committee's reason.

    :raises OperationRefused: with the reason a person may read.
    """
    motion = locked_motion(motion_id)
    require(desk_rules.may_name_best(actor, motion))
    motion.best_reason, motion.best_by, motion.best_at = reason, actor, at
    motion.save(update_fields=["best_reason", "best_by", "best_at"])
    note("motion.named_best", motion, actor=actor, at=at)
    tell("named_best", motion, [one.person for one in signers_of(motion)], at=at, title=motion.title)
    return motion


@transaction.atomic
def archive_motion(*, motion_id, archive_no, actor, at):
    """
    Archive a motion that is done, under its number.

    :raises OperationRefused: with the reason a person may read.
    :raises Conflict: when the number is taken.
    """
    motion = locked_motion(motion_id)
    require(desk_rules.may_archive_motion(actor, motion))
    motion.archive_no, motion.archived_at = archive_no, at
    try:
        with transaction.atomic():
            move_motion(motion, S.ARCHIVED, fields=["archive_no", "archived_at"])
    except IntegrityError as error:
        raise Conflict(_("This archive number is taken. Choose another one.")) from error
    note("motion.archived", motion, actor=actor, at=at)
    return motion
