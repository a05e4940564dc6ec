"""Self-assessment, the group's points, the draft with the unit's objection, the final result."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.enums import IdentityMode, InquiryKind, Topic
from feedback.operations import InquiryDraft, open_inquiry
from portal.accounts.desks import desk_of
from portal.accounts.queries import rule_value
from portal.deadlines.operations import workday_limit
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused, require

from .. import assessment_numbers as numbers
from ..assessment_channel import OBJECTION
from ..enums import AssessmentState
from ..models import AssessmentObjection
from ..queries.assessments import group_of, lines_of, objections_of
from ..rules import assessments as rules
from .assessment_core import group_desks, keep, keeper_desks, locked, move, note, promise, tell, unit_desks


@transaction.atomic
def save_self(*, assessment_id, points, notes, is_sent, actor, at):
    """
    Keep what the unit gives itself, {line id: points or None} and {line id: words}, or send it to the group.

    :raises OperationRefused: with the reason, as when points are missing, too many, or differ without words.
    """
    assessment = locked(assessment_id)
    require(rules.may_assess_self(actor, assessment))
    lines = lines_of(assessment)
    for line in lines:
        line.own_points, line.own_note = points.get(line.pk), notes.get(line.pk, "")
        _check(line, line.own_points, line.own_note, is_whole=is_sent)
    _save(lines, ["own_points", "own_note"])
    assessment.self_by_person = actor
    if not is_sent:
        assessment.save(update_fields=["self_by_person"])
        return assessment
    assessment.self_sent_at = at
    keep(assessment, actor=actor, at=at)
    due_on = max(assessment.group_by, local_day(at) + dt.timedelta(days=1))
    assessment.round = 1
    promise(assessment, "group", assessment.assessor, at=at, due_on=due_on)
    move(assessment, AssessmentState.GROUP, fields=["self_by_person", "self_sent_at", "round", "promise"])
    note("self_sent", assessment, actor=actor, at=at)
    tell("with_group", assessment, group_desks(assessment), at=at, due_on=due_on)
    return assessment


def _check(line, points, words, *, is_whole):
    about = {"item": line.item.title, "most": line.item.points}
    if points is None:
        if is_whole:
            raise OperationRefused(_("“%(item)s” has no points yet.") % about)
        return
    if points > line.item.points:
        raise OperationRefused(_("“%(item)s” has at most %(most)s points.") % about)
    if is_whole and points != line.proposed and len(words) < rules.MIN_REASON:
        raise OperationRefused(rules.unexplained(line))


def _save(lines, fields):
    type(lines[0]).objects.bulk_update(lines, fields)


@transaction.atomic
def score_assessment(*, assessment_id, points, reasons, actor, at):
    """
    Give the group's points, {line id: points} and {line id: reason}; another member confirms them.

    :raises OperationRefused: with the reason, as when points differ from the proposed ones without one.
    """
    assessment = locked(assessment_id)
    require(rules.may_score(actor, assessment, group_of(assessment)))
    lines = lines_of(assessment)
    for line in lines:
        line.points, line.reason = points.get(line.pk), reasons.get(line.pk, "")
        _check(line, line.points, line.reason, is_whole=True)
    _save(lines, ["points", "reason"])
    assessment.scored_by, assessment.scored_at = actor, at
    assessment.save(update_fields=["scored_by", "scored_at"])
    note("scored", assessment, actor=actor, at=at)
    others = [desk_of(person) for person in group_of(assessment) if person.pk != actor.pk]
    tell("to_confirm", assessment, others, at=at, step=f"{at:%Y%m%d%H%M%S}")
    return assessment


def points_print(lines):
    """Return what a second member reads before a yes, as one line of text."""
    return ";".join(f"{line.pk}={line.points}:{line.reason}" for line in lines)


@transaction.atomic
def confirm_assessment(*, assessment_id, read, actor, at):
    """
    Confirm the points as another member of the group: they go to the unit as a draft it may object to.

    ``read`` is what was read, as :func:`points_print` puts it; None where nothing was remembered.

    :raises OperationRefused: with the reason.
    :raises Conflict: when the points have been changed since they were read.
    """
    assessment = locked(assessment_id)
    require(rules.may_confirm(actor, assessment, group_of(assessment)))
    lines = lines_of(assessment)
    if read is not None and read != points_print(lines):
        raise Conflict(_("The points have been changed since you opened this page. Please read them again."))
    assessment.total = sum(line.points for line in lines)
    assessment.confirmed_by, assessment.drafted_at = actor, at
    assessment.accepted_by = assessment.accepted_at = None
    workdays = rule_value(numbers.OBJECT_WORKDAYS, unit=assessment.assessor, at=at)
    assessment.objections_until = workday_limit(started_on=local_day(at), count=workdays)
    keep(assessment, actor=actor, at=at)
    promise(assessment, "final", assessment.assessor, at=at, started_on=assessment.objections_until)
    move(
        assessment,
        AssessmentState.DRAFT,
        fields=[
            *("total", "confirmed_by", "drafted_at", "accepted_by", "accepted_at"),
            *("objections_until", "promise"),
        ],
    )
    note(
        "drafted",
        assessment,
        actor=actor,
        at=at,
        round=assessment.round,
        total=str(assessment.total),
        until=assessment.objections_until,
    )
    tell("drafted", assessment, unit_desks(assessment, at), at=at, until=assessment.objections_until)
    return assessment


@transaction.atomic
def object_to_assessment(*, assessment_id, subject, body, key, actor, at):
    """
    Object to the draft for the unit: an inquiry of feedback with its number and its clock; the same form makes one.

    :raises OperationRefused: with the reason.
    """
    assessment = locked(assessment_id)
    if (
        done := AssessmentObjection.objects.filter(inquiry__idempotency_key=key, assessment=assessment).first()
    ) is not None:
        return done
    require(rules.may_object(actor, assessment, objections_of(assessment), at))
    draft = InquiryDraft(
        kind=InquiryKind.COMPLAINT,
        topic=Topic.RULES,
        unit=assessment.assessor,
        subject=subject,
        body=body,
        identity_mode=IdentityMode.NAMED,
        idempotency_key=key,
        may_publish=False,
    )
    receipt = open_inquiry(channel=OBJECTION, draft=draft, author=actor, actor=actor, at=at)
    if not receipt.is_new:
        raise Conflict(_("This form has been sent already. Begin a new one."))
    row = AssessmentObjection.objects.create(
        assessment=assessment, round=assessment.round, inquiry=receipt.inquiry, raised_by=actor, raised_at=at
    )
    # The result waits for the answer, which has a clock of its own.
    keep(assessment, actor=actor, at=at, code="objected")
    note("objected", assessment, actor=actor, at=at, inquiry=receipt.inquiry.number, round=assessment.round)
    tell("objected", assessment, [*keeper_desks(assessment, at), *group_desks(assessment)], at=at)
    return row


def hear_answer(inquiry, *, at):
    """Let an objection hear that it was answered; within the act's transaction."""
    row = AssessmentObjection.objects.get(inquiry=inquiry)
    if row.answered_at is not None:
        return
    row.answered_at = at
    row.save(update_fields=["answered_at"])
    assessment = locked(row.assessment_id)
    promise(assessment, "decide", assessment.assessor, at=at)
    assessment.save(update_fields=["promise"])
    tell("answered", assessment, keeper_desks(assessment, at), at=at)


@transaction.atomic
def accept_assessment(*, assessment_id, actor, at):
    """
    Accept the draft for the unit, so that it need not wait for the end of the days.

    :raises OperationRefused: with the reason.
    """
    assessment = locked(assessment_id)
    require(rules.may_accept(actor, assessment, objections_of(assessment)))
    assessment.accepted_by, assessment.accepted_at = actor, at
    assessment.save(update_fields=["accepted_by", "accepted_at"])
    note("accepted", assessment, actor=actor, at=at, round=assessment.round)
    tell("accepted", assessment, keeper_desks(assessment, at), at=at)
    return assessment


@transaction.atomic
def take_up_again(*, assessment_id, actor, at):
    """
    Give the draft back to the group after an objection that was answered; its points are given anew.

    :raises OperationRefused: with the reason.
    """
    assessment = locked(assessment_id)
    require(rules.may_take_up_again(actor, assessment, objections_of(assessment)))
    assessment.round += 1
    assessment.scored_by = assessment.scored_at = assessment.confirmed_by = None
    assessment.total = assessment.objections_until = None
    workdays = rule_value(numbers.GROUP_WORKDAYS, unit=assessment.assessor, at=at)
    due_on = workday_limit(started_on=local_day(at), count=workdays)
    keep(assessment, actor=actor, at=at)
    promise(assessment, "group", assessment.assessor, at=at, due_on=due_on)
    move(
        assessment,
        AssessmentState.GROUP,
        fields=[
            *("round", "scored_by", "scored_at", "confirmed_by", "total", "objections_until", "promise"),
        ],
    )
    note("taken_up", assessment, actor=actor, at=at, round=assessment.round)
    tell("with_group", assessment, group_desks(assessment), at=at, due_on=due_on)
    return assessment


@transaction.atomic
def finalise_assessment(*, assessment_id, actor, at):
    """
    Make the draft the result, which every worker may read from now on.

    :raises OperationRefused: with the reason.
    """
    assessment = locked(assessment_id)
    require(rules.may_finalise(actor, assessment, objections_of(assessment), at))
    assessment.final_by, assessment.final_at = actor, at
    keep(assessment, actor=actor, at=at)
    assessment.promise = None
    move(assessment, AssessmentState.FINAL, fields=["final_by", "final_at", "promise"])
    note("final", assessment, actor=actor, at=at, total=str(assessment.total))
    tell("final", assessment, [*unit_desks(assessment, at), *group_desks(assessment)], at=at)
    return assessment
