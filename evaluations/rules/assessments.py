"""Who plans, fills in, scores, objects to, finishes and re-checks the assessment of a unit, and when."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.rules import UNION_DESK
from portal.kernel.days import local_day
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import RESULT_STATES, AssessmentState, VoteState

S = AssessmentState
# Who speaks for a unit that is assessed: its own union and its leader in charge.
SPEAKERS = (*UNION_DESK, Role.LEADER_IN_CHARGE)
LEAST_MEMBERS, MOST_MEMBERS = 2, 7
MIN_REASON = 4  # characters


def may_use_assessments_desk(user):
    """Whether somebody has the desk of assessments: the union, or a leader in charge."""
    if authority_of(user).holds(*SPEAKERS):
        return ALLOWED
    return denied(_("Only the union and the leaders in charge have this desk."))


def may_plan_assessments(user, unit=None):
    """Whether somebody plans assessments of the units below one, or at all."""
    if authority_of(user).holds(*UNION_DESK, unit=unit):
        return ALLOWED
    return denied(_("Only the union of the unit above plans assessments."))


def belongs_to(person, unit):
    """Whether somebody works in a unit or speaks for it."""
    return unit.covers(person.unit) or speaks_for(person, unit)


def speaks_for(user, unit):
    """Whether somebody speaks for a unit itself, by an appointment there and not further up."""
    return any(role in SPEAKERS and own.pk == unit.pk for role, own in authority_of(user).grants)


def may_keep(user, assessment):
    """Whether somebody looks after an assessment: the union of the unit above, nobody of the unit itself."""
    if not authority_of(user).holds(*UNION_DESK, unit=assessment.assessor):
        return denied(_("Only the union that planned this assessment does this."))
    if belongs_to(user, assessment.unit):
        return denied(_("You belong to this unit. Somebody else looks after its assessment."))
    return ALLOWED


def _in_state(assessment, *states):
    if assessment.state in states:
        return ALLOWED
    return denied(
        _("This cannot be done now: the assessment is in the state “%(state)s”.")
        % {"state": assessment.get_state_display()}
    )


def may_prepare(user, assessment):
    """Whether group and days may be set: until the self-assessment is opened."""
    return may_keep(user, assessment) and _in_state(assessment, S.PLANNED)


def may_cancel_assessment(user, assessment):
    """Whether an assessment may be cancelled: before it was opened."""
    return may_prepare(user, assessment)


def fault_of_group(people, unit):
    """Return why these people are no assessment group of a unit, in a sentence, or ""."""
    if len(people) < LEAST_MEMBERS:
        return _("An assessment group has at least two members.")
    if len({person.pk for person in people}) < len(people):
        return _("Somebody is named twice.")
    return next((fault for person in people if (fault := fault_of_member(person, unit))), "")


def fault_of_member(person, unit):
    """Return why somebody cannot assess a unit, in a sentence, or ""."""
    if not person.is_active:
        return _("%(name)s has left.") % {"name": person.name}
    if belongs_to(person, unit):
        return _("%(name)s belongs to the unit that is assessed; nobody assesses the own unit.") % {"name": person.name}
    return ""


def may_open_self(user, assessment, people, at):
    """Whether the self-assessment may be opened: with a group, and days that still lie ahead."""
    if not (verdict := may_prepare(user, assessment)):
        return verdict
    if fault := fault_of_group(people, assessment.unit):
        return denied(fault)
    today = local_day(at)
    if assessment.self_by < today:
        return denied(_("The day of the self-assessment is over. Set a later one."))
    if assessment.since >= today:
        return denied(_("The days that are assessed have not begun."))
    return ALLOWED


def may_assess_self(user, assessment):
    """Whether somebody fills in the self-assessment: who speaks for the unit."""
    if not speaks_for(user, assessment.unit):
        return denied(_("Only the union and the leader of the unit fill in its self-assessment."))
    return _in_state(assessment, S.SELF)


def _is_member(user, people):
    return any(person.pk == user.pk for person in people)


def may_score(user, assessment, people):
    """Whether somebody gives points: a member of the group, while it has the assessment."""
    if not _is_member(user, people):
        return denied(_("Only the assessment group gives points."))
    if belongs_to(user, assessment.unit):
        return denied(_("You belong to this unit now; nobody assesses the own unit."))
    return _in_state(assessment, S.GROUP)


def may_confirm(user, assessment, people):
    """Whether somebody confirms the points: another member than the one who gave them."""
    if not (verdict := may_score(user, assessment, people)):
        return verdict
    if assessment.scored_by_id is None:
        return denied(_("The points have not been given yet."))
    if assessment.scored_by_id == user.pk:
        return denied(_("You gave the points yourself. Another member of the group confirms them."))
    return ALLOWED


def unexplained(line):
    """Return what is said of points that need a reason and have none, in a sentence."""
    words = (
        _("“%(item)s”: the figures propose no points. Please say why you give these.")
        if line.proposed is None
        else _("“%(item)s”: the points are not those that the figures propose. Please say why.")
    )
    return words % {"item": line.item.title}


def is_open_to_objection(assessment, at):
    """Whether the unit may still object to the draft: the door looks at the clock."""
    return assessment.state == S.DRAFT and local_day(at) <= assessment.objections_until


def objection_of(assessment, objections):
    """Return the objection to the draft that stands now, or None."""
    return next((one for one in objections if one.round == assessment.round), None)


def may_object(user, assessment, objections, at):
    """Whether the unit may object to the draft: once a draft, within its days."""
    if not speaks_for(user, assessment.unit):
        return denied(_("Only the union and the leader of the unit object for it."))
    if not (verdict := _in_state(assessment, S.DRAFT)):
        return verdict
    if objection_of(assessment, objections) is not None:
        return denied(_("The unit has objected to this draft already."))
    if assessment.accepted_at is not None:
        return denied(_("The unit has accepted this draft."))
    if not is_open_to_objection(assessment, at):
        return denied(_("The days for an objection are over."))
    return ALLOWED


def may_accept(user, assessment, objections):
    """Whether the unit may accept the draft before its days are over."""
    if not speaks_for(user, assessment.unit):
        return denied(_("Only the union and the leader of the unit accept for it."))
    if not (verdict := _in_state(assessment, S.DRAFT)):
        return verdict
    if assessment.accepted_at is not None:
        return denied(_("The unit has accepted this draft already."))
    if objection_of(assessment, objections) is not None:
        return denied(_("The unit has objected to this draft already."))
    return ALLOWED


def may_take_up_again(user, assessment, objections):
    """Whether the draft goes back to the group: after an objection that was answered."""
    if not (verdict := may_keep(user, assessment)):
        return verdict
    if not (verdict := _in_state(assessment, S.DRAFT)):
        return verdict
    objection = objection_of(assessment, objections)
    if objection is None:
        return denied(_("The unit has not objected to this draft."))
    if objection.answered_at is None:
        return denied(_("The objection has not been answered yet."))
    return ALLOWED


def may_finalise(user, assessment, objections, at):
    """Whether the draft may become final: accepted, or its days are over and what was objected is answered."""
    if not (verdict := may_keep(user, assessment)):
        return verdict
    if not (verdict := _in_state(assessment, S.DRAFT)):
        return verdict
    objection = objection_of(assessment, objections)
    if objection is not None:
        return ALLOWED if objection.answered_at is not None else denied(_("The objection has not been answered yet."))
    if assessment.accepted_at is None and is_open_to_objection(assessment, at):
        return denied(
            _("The unit may object until %(day)s. It has not accepted the draft yet.")
            % {"day": assessment.objections_until}
        )
    return ALLOWED


def may_issue_opinion(user, assessment):
    """Whether a rectification opinion may be issued, or the assessment closed without one."""
    return may_keep(user, assessment) and _in_state(assessment, S.FINAL)


def may_put_to_congress(user, assessment, vote):
    """Whether the result may be put to the congress: once, and again where the congress did not vote on it."""
    if not (verdict := may_keep(user, assessment)):
        return verdict
    if not (verdict := _in_state(assessment, *RESULT_STATES)):
        return verdict
    if vote is None or vote.state == VoteState.NOT_VOTED:
        return ALLOWED
    return denied(_("The result has been put to the congress already: %(state)s.") % {"state": vote.state.label})


def may_report_point(user, point):
    """Whether the unit may say what it did about a demand."""
    assessment = point.assessment
    if not speaks_for(user, assessment.unit):
        return denied(_("Only the union and the leader of the unit report for it."))
    if not (verdict := _in_state(assessment, S.RECTIFYING)):
        return verdict
    if point.is_accepted:
        return denied(_("This has been found put right already."))
    return ALLOWED


def may_check_point(user, point, people):
    """Whether somebody re-checks what was done: a member of the group, once everything is reported."""
    if not _is_member(user, people):
        return denied(_("Only the assessment group re-checks."))
    if belongs_to(user, point.assessment.unit):
        return denied(_("You belong to this unit now; nobody assesses the own unit."))
    if not (verdict := _in_state(point.assessment, S.RECHECK)):
        return verdict
    if point.is_accepted is not None:
        return denied(_("This has been re-checked already."))
    return ALLOWED


def may_see_own_side(user, assessment, people):
    """Whether somebody sees an assessment before its result: the unit, the group, the union above."""
    if speaks_for(user, assessment.unit) or _is_member(user, people):
        return True
    return authority_of(user).holds(*UNION_DESK, unit=assessment.assessor)


def may_see_scores(user, assessment, people):
    """Whether somebody sees the group's points: the unit from the draft on, group and union above before it."""
    if assessment.total is not None:
        return True
    return not speaks_for(user, assessment.unit) and (
        _is_member(user, people) or authority_of(user).holds(*UNION_DESK, unit=assessment.assessor)
    )
