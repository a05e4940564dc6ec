"""The reply to a filed motion: countersigned, checked, delivered to all signers, rated by each of them."""

import datetime as dt
import hashlib
import json
import logging

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from feedback import numbers as feedback_numbers
from feedback.enums import AssignmentRole, InquiryState
from feedback.operations import rate_inquiry, send_back_reply
from feedback.queries import current_reply
from portal.accounts.queries import rule_value
from portal.deadlines.operations import meet_promise, workday_limit
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.templatetags.words import say_day
from portal.kernel.verdicts import ALLOWED, OperationRefused, denied, require

from .. import numbers
from ..enums import MotionRatingLevel, MotionState
from ..models import Motion, MotionCall, MotionCheck, MotionRating
from ..queries.motions import motion_of_inquiry, signers_of, signing_mandate, undecided
from ..rules import motion_desk as rules
from ..voices import common_level
from .core import note
from .motions import locked_motion, move_motion, tell

logger = logging.getLogger(__name__)
S = MotionState


def fingerprint_of(reply):
    """Return the fingerprint of the words of a reply, as a check has read them."""
    words = [reply.round, reply.text, reply.measures, reply.outcome, str(reply.promised_on or "")]
    return hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()


def is_passed_reply(inquiry_id, reply):
    """Whether a reply has passed the check in the words it has now."""
    checks = MotionCheck.objects.filter(motion__inquiry=inquiry_id, is_passed=True, sha256=fingerprint_of(reply))
    return checks.exists()


def countersigning_open(inquiry, at):
    """Return (unit, last day) of assisting departments that have not countersigned and still have time to."""
    days = rule_value(numbers.ASSIST_DAYS, unit=inquiry.lead_unit, at=at)
    today = local_day(at)
    return [
        (part.unit, part.assigned_on + dt.timedelta(days=days))
        for part in inquiry.assignments.all()
        if part.role == AssignmentRole.ASSIST
        and part.ended_on is None
        and not part.contribution
        and today <= part.assigned_on + dt.timedelta(days=days)
    ]


def guard_draft(inquiry, *, at):
    """A reply is sent for approval once the assisting departments have countersigned, or their days are over."""
    waiting = countersigning_open(inquiry, at)
    if not waiting:
        return ALLOWED
    return denied(
        _("%(units)s must countersign first (会签); from %(day)s on the reply may go on without it.")
        % {
            "units": _(", ").join(unit.name for unit, _last in waiting),
            "day": say_day(max(last for _unit, last in waiting) + dt.timedelta(days=1)),
        }
    )


def guard_approval(inquiry, *, at):
    """The head signs a reply that has been checked (督办审核), in the words that were checked."""
    reply = current_reply(inquiry)
    if reply is not None and is_passed_reply(inquiry.pk, reply):
        return ALLOWED
    return denied(_("The motion committee or the union checks this reply first (督办审核)."))


@transaction.atomic
def check_reply(*, motion_id, is_passed, comment, actor, at):
    """
    Check a reply before the head of the department signs it; one that does not pass goes back with the note.

    :raises OperationRefused: with the reason a person may read.
    :raises Conflict: when somebody has passed it at this moment.
    """
    motion = locked_motion(motion_id)
    reply = current_reply(motion.inquiry) if motion.inquiry_id is not None else None
    # Of two who pass it at the same moment the insert below decides; what has passed does not go back.
    has_passed = not is_passed and reply is not None and is_passed_reply(motion.inquiry_id, reply)
    require(rules.may_check_reply(actor, motion, reply, is_passed=has_passed))
    if not is_passed and not comment:
        raise OperationRefused(_("Say what the reply lacks."))
    try:
        with transaction.atomic():
            check = MotionCheck.objects.create(
                motion=motion,
                round=reply.round,
                is_passed=is_passed,
                note=comment,
                sha256=fingerprint_of(reply),
                checked_by=actor,
                checked_at=at,
            )
    except IntegrityError as error:
        raise Conflict(_("This reply has been passed already.")) from error
    note("motion.checked", motion, actor=actor, at=at, passed=is_passed, round=reply.round)
    if not is_passed:
        send_back_reply(inquiry_id=motion.inquiry_id, note_text=comment, actor=actor, at=at, is_checked_back=True)
    return check


def hear_drafted(inquiry, *, at):
    """A reply waits to be checked: tell those who examine motions."""
    motion = motion_of_inquiry(inquiry)
    if motion is not None:
        people = [
            member.mandate.person
            for member in motion.call.committee.members.select_related("mandate__person").filter(is_chair=True)
        ]
        tell("check_asked", motion, people, at=at, step=f"{at.timestamp()}", union=True, title=motion.title)


def hear_delivered(inquiry, *, at):
    """The reply has been delivered: to the lead proposer and to everybody who signed, each of whom rates it."""
    motion = motion_of_inquiry(inquiry)
    if motion is not None:
        people = [mandate.person for mandate in signers_of(motion)]
        tell("answered", motion, people, at=at, step=str(inquiry.round), urgent=True, title=motion.title)


@transaction.atomic
def rate_motion(*, motion_id, level, comment, actor, at):
    """
    Rate the reply of this round as one of the signers.

    As soon as enough are not satisfied the motion goes round again; once all
    have rated, what they say together closes it, or keeps it tracked.

    :raises OperationRefused: with the reason a person may read.
    :raises Conflict: when this signer has rated it at this very moment.
    """
    motion = locked_motion(motion_id)
    mandate = signing_mandate(motion, actor)
    require(rules.may_rate_motion(actor, motion, mandate))
    try:
        with transaction.atomic():
            rating = MotionRating.objects.create(
                motion=motion, mandate=mandate, round=motion.inquiry.round, level=level, comment=comment, at=at
            )
    except IntegrityError as error:
        raise Conflict(_("You have rated this reply already.")) from error
    note("motion.rated", motion, actor=actor, at=at, round=rating.round)
    if _collect(motion, at=at) is not None:
        motion.inquiry.refresh_from_db(fields=["state"])
    return rating


def _collect(motion, *, at, is_over=False):
    """Rate the inquiry with what the signers say together; returns the level, or None while it is open."""
    inquiry = motion.inquiry
    rows = list(MotionRating.objects.filter(motion=motion, round=inquiry.round).order_by("at", "pk"))
    voices = rule_value(numbers.REDO_VOICES, unit=motion.term.unit, at=at)
    level = common_level([row.level for row in rows], signers=len(signers_of(motion)), voices=voices, is_over=is_over)
    if level is not None:
        comments = [row.comment for row in rows if row.comment and row.level == MotionRatingLevel.POOR]
        rate_inquiry(inquiry_id=inquiry.pk, level=level, comment=_("; ").join(comments)[:300], at=at, is_collected=True)
    return level


def close_ratings(*, at):
    """Let the ratings that came count once the time to rate is over; nobody's silence is a good rating."""
    days, done = {}, 0
    rows = Motion.objects.filter(
        state=S.FILED,
        inquiry__rating__isnull=True,
        inquiry__answered_on__lt=local_day(at),
        inquiry__state__in=(InquiryState.ANSWERED, InquiryState.TRACKED, InquiryState.CLOSED),
        ratings__isnull=False,
    )
    for pk, answered_on in (
        rows.order_by("inquiry__answered_on", "pk").values_list("pk", "inquiry__answered_on").distinct()
    ):
        if answered_on not in days:
            count = rule_value(feedback_numbers.RATING_WORKDAYS, unit=None, at=at)
            days[answered_on] = workday_limit(started_on=answered_on, count=count)
        if days[answered_on] < local_day(at):
            done += _close_ratings(pk, at=at)
    return done


@transaction.atomic
def _close_ratings(pk, *, at):
    motion = locked_motion(pk)
    if motion.inquiry.rating is not None or any(
        one.round == motion.inquiry.round for one in motion.inquiry.ratings.all()
    ):
        return 0
    return int(_collect(motion, at=at, is_over=True) is not None)


def close_calls(*, at):
    """After the last day of a call: pass on what delegations have kept, keep the promise where nothing waits."""
    today, done = local_day(at), 0
    for pk in Motion.objects.filter(state=S.GROUP_REVIEW, call__closes_on__lt=today).values_list("pk", flat=True):
        done += _pass_on(pk, at=at)
    for call in MotionCall.objects.filter(closes_on__lt=today, promise__met_at__isnull=True).select_related("promise"):
        if call.promise.ended_at is None and not undecided(call):
            meet_promise(promise=call.promise, actor="system", at=at)
            done += 1
    return done


@transaction.atomic
def _pass_on(pk, *, at):
    motion = locked_motion(pk)
    if motion.state != S.GROUP_REVIEW:
        return 0
    move_motion(motion, S.SUBMITTED)
    note("motion.passed_on", motion, actor="system", at=at)
    return 1
