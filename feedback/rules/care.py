"""Redacting, hiding and revealing: rare acts that always leave a trace."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import IdentityMode, InquiryState
from .sight import UNION, is_about, keeps


def may_redact(user, inquiry):
    if not keeps(user, inquiry):
        return denied(_("Only the union officers in charge of this unit may do this."))
    if inquiry.state == InquiryState.SUBMITTED:
        return denied(_("The text that others read is set when the card is registered."))
    return ALLOWED


def may_ask_hiding(user, inquiry):
    if not keeps(user, inquiry):
        return denied(_("Only the union officers in charge of this unit may do this."))
    if inquiry.hidden_class:
        return denied(_("This matter is hidden already."))
    if any(row.is_granted is None for row in inquiry.hidings.all()):
        return denied(_("Hiding this matter is waiting for the second person."))
    return ALLOWED


def may_decide_hiding(user, inquiry, hiding):
    """A second person: another union officer, the chair or discipline inspection, never the first."""
    if hiding is None or hiding.is_granted is not None:
        return denied(_("Nothing is waiting for a decision."))
    if hiding.asked_by_id == user.pk:
        return denied(_("You asked for it yourself; a second person decides."))
    if is_about(user, inquiry) or not authority_of(user).holds(*UNION, Role.DISCIPLINE_INSPECTOR, unit=inquiry.unit):
        return denied(_("A union officer or a discipline inspector decides."))
    return ALLOWED


def may_reveal(user, inquiry):
    """Union officers who keep the matter may open a confidential identity, with a reason the author reads."""
    if inquiry.identity_mode != IdentityMode.CONFIDENTIAL:
        return denied(_("Only a confidential identity can be opened."))
    if not keeps(user, inquiry) or not authority_of(user).holds(*UNION, unit=inquiry.unit):
        return denied(_("Only the union officers in charge of this unit may open an identity."))
    return ALLOWED


def may_keep_identity_key(user):
    """The union chair of the enterprise sets up the key and changes its passphrase."""
    authority = authority_of(user)
    if not any(unit.parent_id is None for unit in authority.units(Role.UNION_CHAIR)):
        return denied(_("Only the union chair of the enterprise keeps the identity key."))
    return ALLOWED
