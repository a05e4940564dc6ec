"""Who keeps, opens and signs commitments, enters paper, and says who is responsible for what."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.days import local_day
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import RoundState
from ..signatories import SIGNING

# Discipline inspection owes item E05 of the catalogue; the union is the daily office of all of disclosure.
KEEPERS = (Role.DISCIPLINE_INSPECTOR, Role.UNION_OFFICER, Role.UNION_CHAIR)
COMMITMENT_DESK = (*SIGNING, Role.HANDLER, *KEEPERS)


def may_use_commitments_desk(user):
    """Whether somebody has anything to sign, to keep or to report here."""
    if authority_of(user).holds(*COMMITMENT_DESK):
        return ALLOWED
    return denied(_("Only leaders, heads, handlers, the union and discipline inspection have this desk."))


def keeps_for(user, unit):
    """Whether the person keeps the commitments of a unit."""
    return authority_of(user).holds(*KEEPERS, unit=unit)


def may_keep_plans(user, unit=None):
    """Say that a unit renews a commitment each year, or no longer does."""
    if keeps_for(user, unit):
        return ALLOWED
    return denied(_("Only discipline inspection and the union of this unit keep its commitments."))


def may_edit_round(user, one, at):
    """Change what this year's commitment will say, before it is open."""
    verdict = may_keep_plans(user, one.unit)
    if not verdict:
        return verdict
    if one.state != RoundState.DRAFT:
        return denied(_("What is open for signing never changes: everybody signs the same text."))
    if local_day(at).year > one.year:
        return denied(_("Its year is over."))
    return ALLOWED


def may_open_round(user, one, at):
    """Open this year's commitment for signing; the same people as prepare it."""
    if one.state == RoundState.OPEN:
        return denied(_("It is open for signing already."))
    return may_edit_round(user, one, at)


def may_sign_commitment(user, signature, at):
    """Sign, which nobody can do for another, up to the end of the year."""
    if signature.person_id != user.pk:
        return denied(_("Nobody signs for another. This is to be signed by the person named."))
    if signature.signed_at is not None:
        return denied(_("You have signed this already."))
    if signature.released_at is not None:
        return denied(_("You no longer hold the office for which this was to be signed."))
    return _may_be_signed(signature.round, at)


def may_enter_paper(user, signature, at):
    """Put a signature given on paper into the portal, with its scan; somebody else compares it."""
    if not keeps_for(user, signature.round.unit):
        return denied(_("Only discipline inspection and the union of this unit enter what was signed on paper."))
    if signature.person_id == user.pk:
        return denied(_("Your own signature you give here in the portal, or a colleague enters it."))
    if signature.signed_at is not None:
        return denied(_("This has been signed already."))
    if signature.released_at is not None:
        return denied(_("The person no longer holds the office for which this was to be signed."))
    if any(paper.is_accepted is None for paper in signature.papers.all()):
        return denied(_("A scan is waiting to be compared already."))
    return _may_be_signed(signature.round, at)


def may_check_paper(user, paper):
    """Compare a scan with the text; neither who entered it nor who signed it."""
    signature = paper.signature
    if not keeps_for(user, signature.round.unit):
        return denied(_("Only discipline inspection and the union of this unit compare scans."))
    if paper.is_accepted is not None:
        return denied(_("This has been decided already."))
    if paper.entered_by_id == user.pk:
        return denied(_("You entered this yourself; another person must compare it."))
    if signature.person_id == user.pk:
        return denied(_("This is your own signature; another person must compare it."))
    return ALLOWED


def may_see_scan(user, paper):
    """The scan of a signature is for those who keep the commitments, and for the person."""
    return paper.signature.person_id == user.pk or keeps_for(user, paper.signature.round.unit)


def may_set_responsible(user, unit):
    """Say who has one of the four responsibilities, where appointments do not say it rightly."""
    if authority_of(user).holds(Role.UNION_CHAIR, unit=unit):
        return ALLOWED
    return denied(_("Only the union chair of this unit says who is responsible."))


def _may_be_signed(one, at):
    # The year's end closes the door by itself; the daily job only records it.
    if one.state == RoundState.CLOSED or local_day(at).year > one.year:
        return denied(_("The year is over; what was not signed stays unsigned."))
    if one.state != RoundState.OPEN:
        return denied(_("This is not open for signing yet."))
    return ALLOWED
