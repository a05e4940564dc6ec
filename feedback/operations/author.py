"""What an author does after sending: add a word, rate the answer. Days only, and never a name."""

from django.db import transaction

from portal.accounts.enums import Role
from portal.accounts.queries import rule_value
from portal.deadlines.operations import end_promise, make_promises, resume_promise
from portal.kernel.days import day_start, local_day
from portal.kernel.verdicts import require
from portal.ledger.recording import subject_key

from .. import numbers
from ..clocks import kind_for
from ..enums import AssignmentRole, IdentityMode, InquiryState, Outcome, RatingLevel
from ..models import Assignment, Message, Rating
from ..queries import unnamed_news, unnamed_received
from ..rules import may_add_message, may_rate
from .core import locked, move, note, tell, tell_received
from .dialogue import put_message
from .handling import climb, tell_climbed

S = InquiryState
SATISFIED = (RatingLevel.FAIR, RatingLevel.SATISFIED, RatingLevel.VERY_SATISFIED)


@transaction.atomic
def add_author_message(*, inquiry_id, text, idempotency_key, at):
    """
    Put the author's word under the matter; a clock that waited for it runs on.

    Sending the same form twice leaves one message.

    :raises OperationRefused: with the reason a person may read.
    """
    inquiry = locked(inquiry_id)
    if existing := Message.objects.filter(idempotency_key=idempotency_key).first():
        return existing
    require(may_add_message(inquiry))
    message = put_message(inquiry, text=text, is_from_author=True, on=local_day(at), idempotency_key=idempotency_key)
    if inquiry.promise.paused_on is not None:
        resume_promise(promise=inquiry.promise, actor=None, at=at, day_only=True)
    note("author_added", inquiry, actor=None, at=at, day_only=True)
    if inquiry.identity_mode == IdentityMode.NAMED:
        roles = (
            (Role.HANDLER, Role.DISCIPLINE_INSPECTOR)
            if inquiry.lead_unit_id
            else (Role.UNION_OFFICER, Role.DISCIPLINE_INSPECTOR)
        )
        tell("author_added", inquiry, *roles, at=at, step=str(message.place))
    return message


@transaction.atomic
def rate_inquiry(*, inquiry_id, level, comment, at, is_collected=False):
    """
    Rate the answer of this round; the two lowest levels send the matter round again with a clock of its own.

    Rating the same round twice leaves the first rating and returns the matter as it is. ``is_collected``: the
    channel has asked several people and this is what came of it.

    :raises OperationRefused: with the reason a person may read.
    """
    inquiry = locked(inquiry_id)
    if any(rating.round == inquiry.round for rating in inquiry.ratings.all()):
        return inquiry
    today = local_day(at)
    verdict = may_rate(inquiry, is_collected=is_collected)
    if not verdict and _has_sent_round(inquiry, level=level, comment=comment, on=today):
        return inquiry
    require(verdict)
    Rating.objects.create(inquiry=inquiry, round=inquiry.round, level=level, comment=comment, on=today)
    inquiry.rating = level
    note("rated", inquiry, actor=None, at=at, day_only=True, level=int(level))
    if level in SATISFIED:
        inquiry.save(update_fields=["rating"])
        if inquiry.state == S.ANSWERED:
            finish(inquiry, today=today, at=at)
    else:
        _redo(inquiry, today=today, at=at)
    return inquiry


def _has_sent_round(inquiry, *, level, comment, on):
    """Whether this very rating, pressed a moment before, has begun the round that is going on."""
    return any(
        (rating.round, rating.level, rating.comment, rating.on) == (inquiry.round - 1, level, comment, on)
        for rating in inquiry.ratings.all()
    )


def finish(inquiry, *, today, at, verb="closed"):
    """Close an answered matter, or keep tracking it until the day that outcome B or C promised."""
    if inquiry.outcome in (Outcome.PLANNED, Outcome.LATER):
        [inquiry.promise] = make_promises(
            [
                {
                    "kind": kind_for("follow_up", inquiry),
                    "subject": subject_key(inquiry),
                    "unit": inquiry.lead_unit,
                    "started_on": today,
                    "rule": f"on:{max(inquiry.promised_on, today)}",
                    "round": inquiry.round + 1,
                    "at": day_start(today),
                }
            ]
        )
        move(inquiry, S.TRACKED, fields=("promise",))
        note("tracked", inquiry, actor="system", at=at, day_only=True, promised_on=inquiry.promised_on)
    else:
        inquiry.closed_on = today
        move(inquiry, S.CLOSED, fields=("closed_on",))
        note(verb, inquiry, actor="system", at=at, day_only=True)


def _redo(inquiry, *, today, at):
    """Dissatisfied: the next round, with its own fifteen working days; the third climbs."""
    if inquiry.state == S.TRACKED:
        end_promise(promise=inquiry.promise, code="redone", actor=None, at=at, day_only=True)
    inquiry.round += 1
    inquiry.redo_count += 1
    inquiry.closed_on = None
    if not Assignment.objects.filter(inquiry=inquiry, role=AssignmentRole.LEAD, ended_on__isnull=True).exists():
        # Answered as part of a merged matter: from here on it stands alone, with the same department.
        last = Assignment.objects.filter(inquiry=inquiry.merged_into, role=AssignmentRole.LEAD).order_by("-pk").first()
        Assignment.objects.create(
            inquiry=inquiry,
            unit=inquiry.lead_unit,
            role=AssignmentRole.LEAD,
            assigned_by=last.assigned_by,
            assigned_on=today,
            return_by=today,
        )
    [inquiry.promise] = make_promises(
        [
            {
                "kind": kind_for("redo", inquiry),
                "subject": subject_key(inquiry),
                "unit": inquiry.lead_unit,
                "started_on": today,
                "round": inquiry.round,
                "at": day_start(today),
            }
        ]
    )
    fields = ["round", "redo_count", "closed_on", "rating", "promise"]
    if inquiry.redo_count >= rule_value(numbers.CLIMB_AFTER, unit=inquiry.lead_unit, at=at):
        fields += climb(inquiry, actor=None, at=day_start(today), day_only=True)
    move(inquiry, S.ASSIGNED, fields=fields)
    note("redone", inquiry, actor=None, at=at, day_only=True, redos=inquiry.redo_count)
    if inquiry.identity_mode == IdentityMode.NAMED:
        tell(
            "redone", inquiry, Role.HANDLER, Role.DEPARTMENT_HEAD, Role.UNION_OFFICER, Role.DISCIPLINE_INSPECTOR, at=at
        )


def tell_of_unnamed_authors(*, day, at):
    """The morning after: what unnamed authors wrote or rated on a day, told when it no longer gives away the minute."""
    told = 0
    for inquiry in unnamed_received(day):
        tell_received(inquiry, at=at)
        told += 1
    for inquiry in (
        unnamed_news(day).select_related("promise", "promise__unit", "unit", "lead_unit").iterator(chunk_size=500)
    ):
        tell(
            "author_news",
            inquiry,
            Role.HANDLER,
            Role.UNION_OFFICER,
            Role.DISCIPLINE_INSPECTOR,
            at=at,
            step=day.isoformat(),
        )
        if inquiry.is_escalated:
            tell_climbed(inquiry, at=at)  # once for each climb: the notice's key sees to that
        told += 1
    return told
