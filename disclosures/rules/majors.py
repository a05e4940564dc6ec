"""Who registers a major decision, makes it public, reports on it; nobody decides on what they wrote."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import MajorState
from .sight import PREPARERS, drafts_for, oversees, works_on

DECIDERS = (Role.LEADER_IN_CHARGE, Role.UNION_CHAIR)


def may_register_majors(user):
    """Whether somebody registers decisions for any unit."""
    if authority_of(user).holds(*PREPARERS):
        return ALLOWED
    return denied(_("Only handlers, heads and union officers register major decisions."))


def may_register_major(user, unit):
    if drafts_for(user, unit):
        return ALLOWED
    return denied(_("Only the handlers, heads and union officers of this unit register its major decisions."))


def decides_on(user, decision):
    """Whether the person's office makes decisions of this unit public."""
    authority = authority_of(user)
    return authority.holds(*DECIDERS, unit=decision.unit) or authority.holds(Role.LEADER_IN_CHARGE, unit=decision.owner)


def may_see_major_desk(user, decision):
    """Whether the working page of a decision exists for this person (else it is a 404)."""
    if works_on(user, decision) or decides_on(user, decision):
        return True
    if decision.responsible_id == user.pk and decision.state == MajorState.PUBLIC:
        return True
    return decision.state == MajorState.PUBLIC and oversees(user, decision)


def waiting_version(decision):
    """Return the version that waits for a second person, or None."""
    return next((row for row in decision.versions.all() if row.is_granted is None), None)


def may_decide_major(user, decision):
    """Let a registration or a correction stand, or not."""
    version = waiting_version(decision)
    if version is None:
        return denied(_("Nothing is waiting to be decided."))
    if not decides_on(user, decision):
        return denied(_("Only the leader in charge or the union chair makes this public."))
    if user.pk in (version.by_id, decision.registered_by_id):
        return denied(_("You wrote this yourself; another person must decide."))
    return ALLOWED


def may_correct_major(user, decision):
    """Ask for another wording; what stood there stays readable."""
    if not works_on(user, decision):
        return denied(_("Only those who register decisions for this unit may correct them."))
    if decision.state != MajorState.PUBLIC:
        return denied(_("Only what is public is corrected. Register it anew instead."))
    if waiting_version(decision) is not None:
        return denied(_("A correction is waiting to be decided already."))
    return ALLOWED


def may_report_progress(user, decision):
    """Say how far it is: those who prepare for the unit, or the person responsible."""
    if not (works_on(user, decision) or decision.responsible_id == user.pk):
        return denied(_("Only the department that carries it out, or the person responsible, reports on it."))
    if decision.state != MajorState.PUBLIC:
        return denied(_("The register does not show this decision yet."))
    return ALLOWED


def may_link_publication(user, decision):
    """Say which publication disclosed it."""
    if not works_on(user, decision):
        return denied(_("Only those who register decisions for this unit name its publications."))
    if decision.state != MajorState.PUBLIC:
        return denied(_("The register does not show this decision yet."))
    return ALLOWED
