"""The chain from draft to display, and the ways back; one reason for each no."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import PREPARING, Opinion, PublicationState, Step
from .sight import drafts_for, signs, works_on

S = PublicationState
STEPS_OF = {
    S.HEAD: (Step.HEAD,),
    S.SECRECY: (Step.SECRECY,),
    S.GROUP: (Step.GROUP,),
}
OPINIONS = {
    Opinion.UNION: (Step.UNION,),
    Opinion.DISCIPLINE: (Step.DISCIPLINE,),
    Opinion.BOTH: (Step.UNION, Step.DISCIPLINE),
}


def steps_for(publication):
    """Return the signatures this text needs before it may be shown, in order."""
    return (Step.HEAD, Step.SECRECY, *OPINIONS.get(publication.item.opinion, ()), Step.GROUP)


def signed(publication):
    """Return the signatures given in this round: {step: approval}."""
    return {row.step: row for row in publication.approvals.all() if row.round == publication.round}


def next_steps(publication):
    """Return the signatures that are wanted now: one, or both opinions in any order."""
    wanted = STEPS_OF.get(publication.state, ())
    if publication.state == S.OPINION:
        wanted = OPINIONS.get(publication.item.opinion, ())
    given = signed(publication)
    return tuple(step for step in wanted if step not in given)


def may_draft(user, unit):
    """Whoever holds an office that prepares, for the unit or department."""
    if drafts_for(user, unit):
        return ALLOWED
    return denied(_("Only the handlers, heads and union officers of this unit may prepare a disclosure for it."))


def may_edit_draft(user, publication):
    if not works_on(user, publication):
        return denied(_("Only those who prepare disclosures for this unit may change the draft."))
    if publication.state != S.DRAFT:
        return denied(_("Only a draft can be changed. What has been handed on must be sent back first."))
    return ALLOWED


def may_discard(user, publication):
    verdict = may_edit_draft(user, publication)
    if not verdict:
        return verdict
    if publication.drafted_by_id != user.pk and not authority_of(user).holds(
        Role.DEPARTMENT_HEAD, Role.UNION_CHAIR, unit=publication.owner
    ):
        return denied(_("A draft is discarded by who wrote it, or by the head of the department."))
    return ALLOWED


def may_submit(user, publication):
    """Hand the draft to the chain; what its item demands must be there."""
    return may_edit_draft(user, publication) and _is_whole(publication)


def _is_whole(publication):
    """Whether everything is there that the text's item demands, and its pictures say what they show."""
    if publication.item.is_vital and not (publication.basis and publication.method and publication.objections_heard):
        return denied(
            _(
                "A matter of workers' vital interest shows how it came about: basis, method and objections heard"
                " are still missing."
            )
        )
    if publication.item.is_notice and not hasattr(publication, "notice"):
        return denied(_("This item is shown as a public notice; about whom, period and contact are still missing."))
    if lacks_captions(publication):
        return denied(_("A picture still lacks its caption; whoever cannot see it has nothing else to go by."))
    return ALLOWED


def lacks_captions(publication):
    """Whether a picture of the text has no words that say what it shows."""
    return any(row.is_picture and not row.caption for row in publication.files.all())


def may_sign(user, publication, step):
    """
    Sign one step, or send the text back from it.

    Nobody approves what they wrote, nobody signs twice in a round, and an
    office that has ended signs nothing (authority is read anew each time).
    """
    if not signs(user, publication, step):
        return denied(_("This signature belongs to another office."))
    if publication.is_written_by(user):
        return denied(_("You wrote this text yourself; another person must approve it."))
    if step not in next_steps(publication):
        return denied(_("This signature is not wanted now; look at where the text stands."))
    if any(row.by_id == user.pk for row in signed(publication).values()):
        return denied(_("You have signed this text already; the next signature is another person's."))
    return ALLOWED


def may_force(user, publication):
    """In urgent cases the union chair or the leader in charge publishes at once; counted, and approved afterwards."""
    if publication.state not in PREPARING:
        return denied(_("Only what has not been approved yet can be published out of turn."))
    authority = authority_of(user)
    if not (
        authority.holds(Role.LEADER_IN_CHARGE, unit=publication.owner)
        or authority.holds(Role.LEADER_IN_CHARGE, Role.UNION_CHAIR, unit=publication.unit)
    ):
        return denied(_("Only the leader in charge or the union chair may publish out of turn."))
    if publication.is_written_by(user):
        return denied(_("You wrote this text yourself; another person must decide."))
    # What cannot wait for signatures still shows how it came about: a correction could not add it afterwards.
    return _is_whole(publication)


def may_ratify(user, publication):
    """A forced publication is approved afterwards by somebody else than who forced it."""
    if not publication.is_forced:
        return denied(_("Only what was published out of turn is approved afterwards."))
    if Step.RATIFY in signed(publication):
        return denied(_("This has been decided already."))
    if not signs(user, publication, Step.RATIFY) and not authority_of(user).holds(
        Role.UNION_CHAIR, unit=publication.unit
    ):
        return denied(_("Only the leader in charge or the union chair approves afterwards."))
    if publication.is_written_by(user) or user.pk == publication.forced_by_id:
        return denied(_("Who wrote or forced a text does not approve it afterwards."))
    return ALLOWED


def _waiting(rows):
    return next((row for row in rows.all() if row.is_granted is None), None)


def may_correct(user, publication):
    """Ask for a correction of a text that is or was on show."""
    if not works_on(user, publication):
        return denied(_("Only those who prepare disclosures for this unit may correct this text."))
    if publication.state not in (S.SCHEDULED, S.PUBLISHED, S.EXPIRED):
        return denied(_("Only a published text can be corrected."))
    if _waiting(publication.corrections):
        return denied(_("A correction is waiting to be decided already."))
    return ALLOWED


def _may_decide(user, publication, request, nothing):
    if request is None:
        return denied(nothing)
    if request.asked_by_id == user.pk:
        return denied(_("You asked for this yourself; another person must decide."))
    if not (signs(user, publication, Step.GROUP) or authority_of(user).holds(Role.UNION_CHAIR, unit=publication.unit)):
        return denied(_("Only the leader in charge or the union chair may decide."))
    return ALLOWED


def may_decide_correction(user, publication):
    """Let a correction be shown or not; of a text that has been taken down there is nothing left to correct."""
    if publication.state == S.WITHDRAWN:
        return denied(_("The text has been withdrawn; there is nothing left to correct."))
    return _may_decide(user, publication, _waiting(publication.corrections), _("No correction is waiting."))


def may_withdraw(user, publication):
    """Ask for a published text to be taken down; a second person decides."""
    if not (works_on(user, publication) or signs(user, publication, Step.GROUP)):
        return denied(_("Only those who prepare or approve disclosures of this unit may ask for this."))
    if publication.state not in (S.SCHEDULED, S.PUBLISHED, S.EXPIRED):
        return denied(_("Only a published text can be withdrawn."))
    if _waiting(publication.withdrawals):
        return denied(_("A withdrawal is waiting to be decided already."))
    return ALLOWED


def may_decide_withdrawal(user, publication):
    return _may_decide(user, publication, _waiting(publication.withdrawals), _("No withdrawal is waiting."))
