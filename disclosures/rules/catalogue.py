"""Editing the catalogue, giving items to units, reporting events."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import Frequency
from .sight import drafts_for


def may_edit_catalogue(user):
    """The union office keeps the catalogue of the enterprise (日常工作机构)."""
    if any(unit.parent_id is None for unit in authority_of(user).units(Role.UNION_OFFICER, Role.UNION_CHAIR)):
        return ALLOWED
    return denied(_("Only the union of the enterprise keeps the catalogue."))


def may_assign_item(user, unit):
    """The union of a unit says which items the unit owes."""
    if authority_of(user).holds(Role.UNION_OFFICER, Role.UNION_CHAIR, unit=unit):
        return ALLOWED
    return denied(_("Only the union officers in charge of this unit may say what it owes."))


def may_report_event(user, assignment):
    """Whoever prepares for the unit, and the union, say that something happened that must be disclosed."""
    if Frequency.EVENT not in assignment.item.frequencies:
        return denied(_("This item is owed for periods, not for events."))
    if drafts_for(user, assignment.owner) or drafts_for(user, assignment.unit):
        return ALLOWED
    return denied(_("Only those who prepare disclosures for this unit may report an event."))


def may_waive_duty(user, duty):
    """The union chair may end a duty that turned out to be none, for a reason everybody reads; never the own report."""
    if not authority_of(user).holds(Role.UNION_CHAIR, unit=duty.unit):
        return denied(_("Only the union chair may waive a duty."))
    if duty.reported_by_id == user.pk:
        return denied(_("You reported this event yourself; another person must decide."))
    if duty.promise.met_at or duty.promise.ended_at:
        return denied(_("This duty is no longer open."))
    return ALLOWED
