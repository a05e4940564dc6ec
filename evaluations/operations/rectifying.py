"""The rectification opinion (整改意见书): demands with promises, what was done, the group's re-check, the end."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import UnitKind
from portal.accounts.queries import rule_value
from portal.deadlines.operations import make_promise, meet_promise
from portal.kernel.days import local_day
from portal.kernel.verdicts import OperationRefused, require

from .. import assessment_numbers as numbers
from ..enums import AssessmentState
from ..models import RectificationPoint
from ..queries.assessments import group_of, lines_of, points_of
from ..rules import assessments as rules
from .assessment_core import group_desks, keep, keeper_desks, locked, move, note, promise, tell, unit_desks


def days_to_rectify(unit, at):
    """Return how many days a unit has: a department fewer than a unit."""
    key = numbers.RECTIFY_OFFICE_DAYS if unit.kind == UnitKind.OFFICE else numbers.RECTIFY_DAYS
    return rule_value(key, unit=unit, at=at)


@transaction.atomic
def issue_opinion(*, assessment_id, demands, actor, at):
    """
    Issue the rectification opinion: {line id: what is to be put right}, each with a promise of the unit.

    :raises OperationRefused: with the reason, as when nothing is demanded.
    """
    assessment = locked(assessment_id)
    require(rules.may_issue_opinion(actor, assessment))
    lines = [line for line in lines_of(assessment) if demands.get(line.pk)]
    if not lines:
        raise OperationRefused(_("Say for at least one item what is to be put right, or close the assessment."))
    days = days_to_rectify(assessment.unit, at)
    for place, line in enumerate(lines, 1):
        owed = make_promise(
            kind="assessment.rectify",
            subject=assessment,
            unit=assessment.unit,
            started_on=local_day(at),
            rule=f"days:{days}",
            round=place,
            at=at,
        )
        RectificationPoint.objects.create(
            assessment=assessment, line=line, place=place, demand=demands[line.pk], promise=owed
        )
    assessment.opinion_at = at
    move(assessment, AssessmentState.RECTIFYING, fields=["opinion_at"])
    note("opinion_issued", assessment, actor=actor, at=at, demands=len(lines), due_on=owed.due_on)
    tell("opinion", assessment, unit_desks(assessment, at), at=at, due_on=owed.due_on)
    return assessment


@transaction.atomic
def close_without_opinion(*, assessment_id, reason, actor, at):
    """
    Close an assessment in which nothing is to be put right, with the reason.

    :raises OperationRefused: with the reason.
    """
    assessment = locked(assessment_id)
    require(rules.may_issue_opinion(actor, assessment))
    assessment.reason, assessment.closed_at = reason, at
    move(assessment, AssessmentState.CLOSED, fields=["reason", "closed_at"])
    note("closed", assessment, actor=actor, at=at)
    return assessment


@transaction.atomic
def report_point(*, point_id, done, actor, at):
    """
    Say for the unit what was done about a demand; with the last one the group's re-check begins.

    :raises OperationRefused: with the reason.
    """
    point = _locked_point(point_id)
    assessment = point.assessment
    require(rules.may_report_point(actor, point))
    point.done, point.done_by, point.done_at = done, actor, at
    point.is_accepted = point.checked_by = point.checked_at = None
    point.save(update_fields=["done", "done_by", "done_at", "is_accepted", "checked_by", "checked_at"])
    note("point_reported", assessment, actor=actor, at=at, place=point.place)
    if all(one.done_at is not None and one.is_accepted is not False for one in points_of(assessment)):
        _begin_recheck(assessment, actor, at)
    return point


def _begin_recheck(assessment, actor, at):
    # A promise is made once a round: a re-check after a refusal is the next.
    assessment.round += 1
    promise(assessment, "recheck", assessment.assessor, at=at)
    move(assessment, AssessmentState.RECHECK, fields=["round", "promise"])
    note("recheck_begun", assessment, actor=actor, at=at, due_on=assessment.promise.due_on)
    tell("recheck", assessment, group_desks(assessment), at=at, due_on=assessment.promise.due_on)


@transaction.atomic
def check_point(*, point_id, is_accepted, check_note, actor, at):
    """
    Re-check one demand as a member of the group: accept what was done, which keeps the promise, or send it back.

    When all have been looked at, the assessment is closed, or goes back to the
    unit with what is still missing while its clocks go on.

    :raises OperationRefused: with the reason.
    """
    point = _locked_point(point_id)
    assessment = point.assessment
    require(rules.may_check_point(actor, point, group_of(assessment)))
    if not is_accepted and not check_note:
        raise OperationRefused(_("Please say what is still missing."))
    point.is_accepted, point.check_note = is_accepted, check_note
    point.checked_by, point.checked_at = actor, at
    point.save(update_fields=["is_accepted", "check_note", "checked_by", "checked_at"])
    if is_accepted:
        # Kept when it was done, not when somebody came to look.
        meet_promise(promise=point.promise, actor=actor, at=point.done_at)
    note("point_accepted" if is_accepted else "point_refused", assessment, actor=actor, at=at, place=point.place)
    points = points_of(assessment)
    if all(one.is_accepted is not None for one in points):
        _end_recheck(assessment, points, actor, at)
    return point


def _end_recheck(assessment, points, actor, at):
    keep(assessment, actor=actor, at=at)
    assessment.promise = None
    if all(one.is_accepted for one in points):
        assessment.closed_at = at
        move(assessment, AssessmentState.CLOSED, fields=["closed_at", "promise"])
        note("closed", assessment, actor=actor, at=at)
        tell("closed", assessment, [*unit_desks(assessment, at), *keeper_desks(assessment, at)], at=at)
    else:
        move(assessment, AssessmentState.RECTIFYING, fields=["promise"])
        tell("sent_back", assessment, unit_desks(assessment, at), at=at)


def _locked_point(point_id):
    key = RectificationPoint.objects.values_list("assessment_id", flat=True).get(pk=point_id)
    assessment = locked(key)
    point = RectificationPoint.objects.select_related("promise", "line__item").get(pk=point_id)
    point.assessment = assessment
    return point
