"""Consultation before a decision: who prepares, opens, speaks, answers, decides; nobody passes their own."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import ConsultationState
from .sight import DESK_ROLES, drafts_for, may_read_public, oversees, works_on

S = ConsultationState
HEADS = (Role.DEPARTMENT_HEAD, Role.LEADER_IN_CHARGE, Role.UNION_CHAIR)
UNION = (Role.UNION_OFFICER, Role.UNION_CHAIR)


def _holds(user, consultation, *roles):
    authority = authority_of(user)
    return authority.holds(*roles, unit=consultation.owner) or authority.holds(*roles, unit=consultation.unit)


def may_see_consultation_desk(user, consultation):
    """Whether the working page exists for this person (else it is a 404); a draft is its makers' until handed on."""
    if works_on(user, consultation):
        return True
    if consultation.opened_at is None and consultation.handed_at is None:
        return False
    if _holds(user, consultation, *HEADS):
        return True
    return consultation.opened_at is not None and oversees(user, consultation)


def may_read_consultation(user, consultation):
    """Whether the public page exists for this reader: opened once, and for the audience the reader belongs to."""
    return consultation.opened_at is not None and may_read_public(user, consultation)


def may_prepare_consultation(user, unit):
    """Begin a draft for a unit or department."""
    if drafts_for(user, unit):
        return ALLOWED
    return denied(_("Only the handlers, heads and union officers of this unit may prepare a consultation for it."))


def _prepares(user, consultation):
    if works_on(user, consultation):
        return ALLOWED
    return denied(_("Only those who prepare texts for this unit work on its consultations."))


def may_edit_consultation(user, consultation):
    verdict = _prepares(user, consultation)
    if verdict and consultation.state != S.DRAFT:
        return denied(_("What the workers have before them is not changed any more."))
    return verdict


def may_hand_consultation(user, consultation):
    """Ask for the opening: from then on the head, the leader in charge and the union chair see the draft."""
    verdict = may_edit_consultation(user, consultation)
    if verdict and consultation.handed_at is not None:
        return denied(_("The draft waits for its opening already."))
    return verdict


def may_open_consultation(user, consultation):
    """Put a draft before the workers: by a second person who did not write it."""
    if not _holds(user, consultation, *HEADS):
        return denied(_("Only the head of the department, the leader in charge or the union chair may open it."))
    if consultation.state != S.DRAFT:
        return denied(_("Only a draft can be opened."))
    if consultation.handed_at is None:
        return denied(_("Those who prepare the draft have not handed it on yet."))
    if user.pk in (consultation.drafted_by_id, consultation.written_by_id):
        return denied(_("You wrote this draft yourself; another person must open it."))
    return ALLOWED


def may_extend_consultation(user, consultation, *, is_open):
    """Give the workers more time, never less: by a second person, because the answers are due later then as well."""
    if not _holds(user, consultation, *HEADS):
        return denied(_("Only the head of the department, the leader in charge or the union chair may do this."))
    if user.pk in (consultation.drafted_by_id, consultation.written_by_id):
        return denied(_("You wrote this draft yourself; another person must do this."))
    if not is_open:
        return denied(_("Only a period that is still running can be made longer."))
    return ALLOWED


def may_abandon_consultation(user, consultation):
    """Give a consultation up, with the reason: a draft by its makers, what is public by those who opened or decide."""
    if consultation.state in (S.DECIDED, S.ABANDONED):
        return denied(_("This consultation has come to its end already."))
    if consultation.state == S.DRAFT and works_on(user, consultation):
        return ALLOWED
    if not _holds(user, consultation, *HEADS):
        return denied(_("Only the head of the department, the leader in charge or the union chair may abandon it."))
    own = (consultation.drafted_by_id, consultation.written_by_id, consultation.prepared_by_id)
    if consultation.opened_at is not None and user.pk in own:
        return denied(_("You wrote this draft yourself; another person must do this."))
    return ALLOWED


def may_speak(user, consultation, *, is_open, is_vouched=False):
    """
    Say something about a draft while it is open; ``user`` is None for somebody under a nickname.

    ``is_vouched``: the nameless reader came by a link that only readers of the page are given.
    """
    if not is_vouched and not may_read_consultation(user, consultation):
        return denied(_("This draft is not for you to read."))
    if not is_open:
        return denied(_("The time for opinions is over; what you wrote was not taken."))
    return ALLOWED


def may_group_opinions(user, consultation, *, is_over):
    """Put opinions together that say the same, and answer them."""
    if not works_on(user, consultation):
        return denied(_("Only those who prepare texts for this unit answer the opinions."))
    if not is_over:
        return denied(_("Opinions are answered when the period is over and until the answers are published."))
    return ALLOWED


def may_hide_opinion(user, consultation):
    """Hide the words of an opinion that names others; it still counts and is answered."""
    if not authority_of(user).holds(*UNION, unit=consultation.unit):
        return denied(_("Only the union hides the words of an opinion."))
    if consultation.opened_at is None:
        return denied(_("Nobody has said anything yet."))
    if user.pk in (consultation.drafted_by_id, consultation.written_by_id):
        return denied(_("You wrote this draft yourself; another person must look at what is said about it."))
    return ALLOWED


def may_show_opinion(user, consultation, opinion):
    """Show hidden words again: whoever may hide them, but not who did, who would only be asked twice."""
    verdict = may_hide_opinion(user, consultation)
    if verdict and opinion.hidden_by_id == user.pk:
        return denied(_("You have hidden these words yourself; another person looks at it anew."))
    return verdict


def may_complete_answers(user, consultation, *, is_over, waiting):
    """Publish the answers: ``waiting`` opinions and groups are without one."""
    verdict = may_group_opinions(user, consultation, is_over=is_over)
    if verdict and waiting:
        return denied(_("Every opinion belongs to a group, and every group has its answer, before they are published."))
    return verdict


def may_prepare_report(user, consultation):
    """Write what was heard and what was changed, with the final text."""
    verdict = _prepares(user, consultation)
    if verdict and consultation.state != S.ANSWERED:
        return denied(_("The report is written when all opinions have their answers."))
    return verdict


def may_decide_consultation(user, consultation):
    """Publish report and final text: the leader in charge or the union chair, not who wrote the report."""
    if not _holds(user, consultation, Role.LEADER_IN_CHARGE, Role.UNION_CHAIR):
        return denied(_("Only the leader in charge or the union chair may decide."))
    if consultation.state != S.ANSWERED or consultation.prepared_at is None:
        return denied(_("No report waits for a decision."))
    if consultation.prepared_by_id == user.pk:
        return denied(_("You wrote this report yourself; another person must decide."))
    return ALLOWED


def may_use_consultations_desk(user):
    """Whether somebody has a desk of consultations at all."""
    if authority_of(user).holds(*DESK_ROLES):
        return ALLOWED
    return denied(_("Only those who prepare, open or supervise consultations have this desk."))
