"""Who stands where to a publication: prepares it, signs it, looks on, reads it when it is public."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import PREPARING, Audience, PublicationState, Step

PREPARERS = (Role.HANDLER, Role.DEPARTMENT_HEAD, Role.UNION_OFFICER, Role.UNION_CHAIR)
# Whoever signs which step, for the unit or for the department that prepares (domain.md §7.1, §9).
SIGNERS = {
    Step.HEAD: (Role.DEPARTMENT_HEAD, Role.LEADER_IN_CHARGE, Role.UNION_CHAIR),
    Step.SECRECY: (Role.SECRECY_REVIEWER,),
    Step.UNION: (Role.UNION_CHAIR,),
    Step.DISCIPLINE: (Role.DISCIPLINE_INSPECTOR,),
    Step.GROUP: (Role.LEADER_IN_CHARGE,),
    Step.RATIFY: (Role.LEADER_IN_CHARGE,),
}
OVERSEERS = (Role.DISCIPLINE_INSPECTOR, Role.UNION_CHAIR, Role.AUDITOR)
DESK_ROLES = tuple(dict.fromkeys((*PREPARERS, *OVERSEERS, *(role for roles in SIGNERS.values() for role in roles))))


def may_use_desk(user):
    """Whether somebody has a desk of disclosure at all."""
    if authority_of(user).holds(*DESK_ROLES):
        return ALLOWED
    return denied(_("Only those who prepare, sign or supervise disclosures have this desk."))


def may_prepare(user):
    """Whether somebody prepares disclosures for any unit."""
    if authority_of(user).holds(*PREPARERS):
        return ALLOWED
    return denied(_("Only handlers, heads and union officers prepare disclosures for their units."))


def drafts_for(user, unit):
    """Whether the person prepares disclosures for a unit or department."""
    return authority_of(user).holds(*PREPARERS, unit=unit)


def works_on(user, publication):
    """Whether the person belongs to those who prepare this text."""
    authority = authority_of(user)
    return authority.holds(*PREPARERS, unit=publication.owner) or authority.holds(*PREPARERS, unit=publication.unit)


def signs(user, publication, step):
    """Whether the person's office may sign a step at all; whether now, the rules of publishing say."""
    authority = authority_of(user)
    roles = SIGNERS[step]
    if step in (Step.HEAD, Step.GROUP, Step.RATIFY):
        return authority.holds(*roles, unit=publication.owner) or authority.holds(*roles, unit=publication.unit)
    return authority.holds(*roles, unit=publication.unit)


def oversees(user, publication):
    """Whether the person supervises (第一监督人: discipline inspection and the union's chair) or audits."""
    return authority_of(user).holds(*OVERSEERS, unit=publication.unit)


def may_see_desk_page(user, publication):
    """Whether the working page of a text exists for this person (else it is a 404)."""
    if works_on(user, publication) or any(signs(user, publication, step) for step in Step):
        # A draft is its makers' own until it is handed on.
        return publication.state != PublicationState.DRAFT or works_on(user, publication)
    return publication.state not in PREPARING and oversees(user, publication)


def may_read_public(user, publication):
    """Whether a text that has appeared is for this reader."""
    if publication.audience == Audience.EVERYBODY:
        return True
    if not getattr(user, "is_authenticated", False):
        return False
    if publication.audience == Audience.STAFF:
        return True
    return publication.unit.covers(user.unit) or works_on(user, publication) or oversees(user, publication)
