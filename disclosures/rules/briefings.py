"""Who announces a briefing, holds it, writes its minutes and publishes them; one reason for each no."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import BriefingState
from .sight import OVERSEERS, PREPARERS, drafts_for, may_read_public, oversees

S = BriefingState
PUBLISHERS = (Role.DEPARTMENT_HEAD, Role.UNION_CHAIR)
BRIEFING_DESK_ROLES = tuple(dict.fromkeys((*PREPARERS, Role.LEADER_IN_CHARGE, *OVERSEERS)))


def may_use_briefings_desk(user):
    """Whether somebody has a desk of briefings at all."""
    if authority_of(user).holds(*BRIEFING_DESK_ROLES):
        return ALLOWED
    return denied(_("Only those who hold, prepare or supervise briefings have this desk."))


def may_see_briefing_desk_page(user, briefing):
    """Whether the working page of a briefing exists for this person (else it is a 404)."""
    return (
        drafts_for(user, briefing.unit)
        or authority_of(user).holds(Role.LEADER_IN_CHARGE, unit=briefing.unit)
        or oversees(user, briefing)
        or briefing.chair_id == user.pk
    )


def may_set_briefing_plans(user):
    """Whether somebody says of any unit that it owes briefings."""
    if authority_of(user).holds(Role.UNION_OFFICER, Role.UNION_CHAIR):
        return ALLOWED
    return denied(_("Only union officers say which units owe a briefing each month."))


def may_set_briefing_plan(user, unit):
    """The union of a unit says whether the unit owes a briefing each month."""
    if authority_of(user).holds(Role.UNION_OFFICER, Role.UNION_CHAIR, unit=unit):
        return ALLOWED
    return denied(_("Only the union officers in charge of this unit may say what it owes."))


def may_plan_briefing(user, unit):
    """Whoever prepares disclosures for the unit announces its briefings."""
    if not unit.is_active:
        return denied(_("This unit no longer exists."))
    if drafts_for(user, unit):
        return ALLOWED
    return denied(_("Only the handlers, heads and union officers of this unit may announce a briefing for it."))


def _may_work(user, briefing):
    if drafts_for(user, briefing.unit):
        return ALLOWED
    return denied(_("Only the handlers, heads and union officers of this unit work on its briefings."))


def may_edit_briefing(user, briefing):
    """Change title, agenda, chair or slides until the minutes are published; day and place are put off instead."""
    if briefing.state not in (S.PLANNED, S.HELD):
        return denied(_("This briefing is over; what was published of it stays as it is."))
    return _may_work(user, briefing)


def may_move_briefing(user, briefing):
    """Put a briefing off that has not been held."""
    if briefing.state != S.PLANNED:
        return denied(_("Only a briefing that has not been held can be put off or cancelled."))
    return _may_work(user, briefing)


may_cancel_briefing = may_move_briefing


def may_hold_briefing(user, briefing, at):
    """Record that it was held and who came, once it has begun; change that until the minutes are published."""
    if briefing.state not in (S.PLANNED, S.HELD):
        return denied(_("This briefing is over; what was published of it stays as it is."))
    if briefing.starts_at > at:
        return denied(_("This briefing has not begun yet."))
    return _may_work(user, briefing)


def may_note_briefing(user, briefing):
    """Write down questions, answers and figures of a briefing that has been held."""
    if briefing.state != S.HELD:
        return denied(_("This is written down after the briefing has been held, and before its minutes are published."))
    return _may_work(user, briefing)


def may_answer_question(user, question):
    """Write the answer that was given, unless the question has been left open and has its own number."""
    verdict = may_note_briefing(user, question.briefing)
    if not verdict:
        return verdict
    if question.inquiry_id is not None:
        return denied(_("This question has been left open; it is answered under its own number."))
    return ALLOWED


def may_leave_question_open(user, question):
    """Leave a question open that could not be answered on the spot."""
    verdict = may_answer_question(user, question)
    if verdict and question.answer:
        return denied(_("This question has been answered."))
    return verdict


def may_ask_beforehand(user, briefing, at):
    """Hand in a question before the briefing begins, by anybody who may read of it; ``user`` None is nobody known."""
    if not may_read_public(user, briefing):
        return denied(_("This briefing is not for you to read of."))
    if briefing.state != S.PLANNED:
        return denied(_("Questions are taken only before a briefing that will be held."))
    if briefing.starts_at <= at:
        return denied(_("This briefing has begun. Ask your question there, or send it as a card."))
    return ALLOWED


def draft_minutes(briefing):
    """Return the version of the minutes that waits to be published, or None."""
    return next((row for row in briefing.minutes.all() if row.published_at is None), None)


def may_write_minutes(user, briefing):
    """Write the minutes of a briefing that was held, or a correction of published ones."""
    if briefing.state not in (S.HELD, S.MINUTED):
        return denied(_("Minutes are written of a briefing that has been held."))
    return _may_work(user, briefing)


def may_publish_minutes(user, briefing):
    """The chair of the briefing, the head of the department or the union's chair publishes; nobody the own minutes."""
    draft = draft_minutes(briefing)
    if draft is None:
        return denied(_("No minutes are waiting to be published."))
    if briefing.chair_id != user.pk and not authority_of(user).holds(*PUBLISHERS, unit=briefing.unit):
        return denied(
            _("Only the chair of the briefing, the head of the department or the union chair publishes the minutes.")
        )
    if draft.written_by_id == user.pk:
        return denied(_("You wrote these minutes yourself; another person must publish them."))
    unanswered = sum(1 for row in briefing.questions.all() if not row.answer and row.inquiry_id is None)
    if unanswered:
        return denied(
            _("Questions without an answer: %(n)d. Write down the answer, or leave the question open.")
            % {"n": unanswered}
        )
    return ALLOWED
