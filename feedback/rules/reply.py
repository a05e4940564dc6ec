"""Drafting, approving and delivering replies."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.verdicts import ALLOWED, denied

from ..channels import is_checked
from ..enums import DeliveryChannel, IdentityMode, InquiryKind, InquiryState, ReplyState, Route
from .author import is_author
from .handling import pending_return
from .sight import is_about, is_text_public, keeps, leads, works_on

S = InquiryState


def may_draft(user, inquiry):
    if not works_on(user, inquiry):
        return denied(_("Only the lead department may draft the reply."))
    if is_author(user, inquiry):
        return denied(_("You wrote this card yourself; somebody else must answer it."))
    if inquiry.state not in (S.ASSIGNED, S.NEGOTIATING, S.TRACKED):
        return denied(_("A reply is drafted while the matter is being handled."))
    if pending_return(inquiry):
        return denied(_("A return has been asked for; wait for the union's decision."))
    return ALLOWED


def may_submit_reply(user, inquiry):
    return may_draft(user, inquiry)


def _approver(user, inquiry):
    if is_about(user, inquiry):
        return False
    if inquiry.route == Route.DISCIPLINE:
        return keeps(user, inquiry)
    if leads(user, inquiry):
        return True
    return not inquiry.is_escalated and authority_of(user).holds(Role.DEPARTMENT_HEAD, unit=inquiry.lead_unit)


def may_approve(user, inquiry, reply):
    """The department head approves, the leader in charge a matter that has climbed; nobody approves their own."""
    if inquiry.state != S.DRAFTED or reply is None:
        return denied(_("No reply is waiting for approval."))
    if not _approver(user, inquiry):
        if inquiry.is_escalated:
            return denied(_("This matter has climbed: the leader in charge approves its reply."))
        return denied(_("The department head or the leader in charge approves the reply."))
    if reply.drafted_by_id == user.pk:
        return denied(_("You drafted this reply yourself; somebody else must approve it."))
    if is_author(user, inquiry):
        return denied(_("You wrote this card yourself; somebody else must approve the reply."))
    return ALLOWED


def may_send_back(user, inquiry, reply):
    """As for approval; the drafter may also take the reply back, and who keeps the matter where replies are checked."""
    if inquiry.state == S.DRAFTED and reply is not None:
        if reply.drafted_by_id == user.pk and works_on(user, inquiry):
            return ALLOWED
        if is_checked(inquiry) and keeps(user, inquiry) and not is_author(user, inquiry):
            return ALLOWED
    return may_approve(user, inquiry, reply)


def may_check_back(inquiry, reply):
    """Send back what did not pass the check of its channel; who checks is that channel's rule."""
    if not is_checked(inquiry) or inquiry.state != S.DRAFTED or reply is None:
        return denied(_("No reply is waiting for approval."))
    return ALLOWED


def may_deliver(user, inquiry, channel):
    """The union records a delivery by any channel; the department may deliver on the portal."""
    if inquiry.state != S.APPROVED:
        return denied(_("A reply is delivered once it has been approved."))
    if channel == DeliveryChannel.PERSONAL and inquiry.identity_mode == IdentityMode.ANONYMOUS:
        return denied(_("Nobody knows the author of an anonymous card: it cannot be told in person."))
    if keeps(user, inquiry):
        return ALLOWED
    if works_on(user, inquiry):
        if channel in (DeliveryChannel.PORTAL, DeliveryChannel.PERSONAL):
            return ALLOWED
        return denied(_("Deliveries at meetings and in the bulletin are recorded by the union."))
    return denied(_("Only the union and the lead department may deliver the reply."))


def may_print(inquiry, reply):
    """
    Print an answer in the bulletin: what everybody may read anyway, of authors who agreed and gave their name.

    What somebody wrote without a name, and reports of retaliation, stay where they are.
    """
    if not is_text_public(inquiry) or not inquiry.may_publish:
        return denied(_("This matter is not public, or no longer."))
    if inquiry.identity_mode == IdentityMode.ANONYMOUS or inquiry.kind == InquiryKind.RETALIATION:
        return denied(_("Anonymous cards and reports of retaliation are never printed."))
    is_waiting = reply.state == ReplyState.APPROVED and inquiry.state == S.APPROVED and reply.round == inquiry.round
    if not is_waiting and reply.state != ReplyState.DELIVERED:
        return denied(_("Only an approved answer can be printed."))
    return ALLOWED
