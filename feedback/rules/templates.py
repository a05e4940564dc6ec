"""Who keeps the templates for replies, and who types cards in from paper."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.verdicts import ALLOWED, denied

from .sight import UNION


def may_keep_templates(user):
    """Whether the person keeps any templates at all."""
    if authority_of(user).holds(*UNION, Role.DEPARTMENT_HEAD):
        return ALLOWED
    return denied(_("Reply templates are kept by the union and by department heads."))


def may_keep_template(user, unit):
    """The union keeps those of its units, the enterprise's union those for all, a head the department's own."""
    authority = authority_of(user)
    if unit is None:
        if any(own.parent_id is None for own in authority.units(*UNION)):
            return ALLOWED
        return denied(_("Templates for all departments are kept by the union of the enterprise."))
    if authority.holds(*UNION, Role.DEPARTMENT_HEAD, unit=unit):
        return ALLOWED
    return denied(_("Reply templates are kept by the union and by department heads."))


def may_type_card(user, unit=None):
    """Whether the person may take in a paper card for a unit on behalf of who wrote it."""
    if authority_of(user).holds(*UNION, unit=unit):
        return ALLOWED
    return denied(_("Paper cards are typed in by union officers, for the units they look after."))
