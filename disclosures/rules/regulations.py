"""Who enters, approves, repeals and takes over regulations, and who may read them."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import RegulationState, Step
from .sight import OVERSEERS, SIGNERS, drafts_for, may_read_public

APPROVERS = SIGNERS[Step.HEAD]
_UNION = (Role.UNION_OFFICER, Role.UNION_CHAIR)


def may_enter_regulation(user, unit):
    """Those who prepare disclosures for a unit enter what it is responsible for."""
    if drafts_for(user, unit):
        return ALLOWED
    return denied(_("Only those who prepare disclosures for the responsible unit enter its regulations."))


def may_revise_regulation(user, regulation):
    """The same enter a new version, or ask for a repeal; of what has been approved once."""
    return may_enter_regulation(user, regulation.unit)


def approves_for(user, unit):
    """Whether the person's office approves regulations of a unit."""
    return authority_of(user).holds(*APPROVERS, unit=unit)


def may_read_regulation(user, regulation):
    """Whether an approved regulation is for this reader; whoever approves for its unit reads it as well."""
    return may_read_public(user, regulation) or approves_for(user, regulation.unit)


def sees_regulation_version(user, version):
    """Whether the working page of a version exists for this person (else it is a 404)."""
    unit = version.regulation.unit
    if drafts_for(user, unit):
        return True
    if approves_for(user, unit):
        # A draft is its makers' own until it is handed on.
        return version.state in (RegulationState.WAITING, RegulationState.APPROVED)
    return version.state == RegulationState.APPROVED and authority_of(user).holds(*OVERSEERS, unit=unit)


def may_edit_regulation_draft(user, version):
    """Only the one who entered a draft changes it and hands it on, so that somebody else can approve."""
    if version.entered_by_id != user.pk:
        return denied(_("Only the one who entered this draft may change it."))
    if version.state != RegulationState.DRAFT:
        return denied(_("This is no longer a draft."))
    return may_enter_regulation(user, version.regulation.unit)


def may_discard_regulation_draft(user, version):
    """Any of those who prepare for the unit may give a draft up, also one whose writer has left."""
    if version.state != RegulationState.DRAFT:
        return denied(_("This is no longer a draft."))
    return may_enter_regulation(user, version.regulation.unit)


def may_approve_regulation(user, version):
    """Head, leader in charge or union chair of the unit; nobody what they entered themselves."""
    if not approves_for(user, version.regulation.unit):
        return denied(_("Only the department head, the leader in charge or the union chair of the unit approves."))
    if version.state != RegulationState.WAITING:
        return denied(_("This does not wait for approval."))
    if version.entered_by_id == user.pk:
        return denied(_("You entered this yourself; another person must approve it."))
    return ALLOWED


def may_import_regulations(user):
    """The union of the enterprise takes over the stock of regulations from a file."""
    if any(unit.parent_id is None for unit in authority_of(user).units(*_UNION)):
        return ALLOWED
    return denied(_("Only the union of the enterprise takes over regulations from a file."))


def may_write_import(user, found):
    """A second person of the union lets a file be written that another one has uploaded."""
    verdict = may_import_regulations(user)
    if not verdict:
        return verdict
    if found.written_at is not None:
        return denied(_("This file has been written already."))
    if found.faults:
        return denied(_("The file has faults. Mend them and upload it again."))
    if not found.count:
        return denied(_("There is nothing new in this file."))
    if found.uploaded_by_id == user.pk:
        return denied(_("You uploaded this file yourself; another person of the union must let it be written."))
    return ALLOWED
