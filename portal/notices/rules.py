"""Who may look after the outbox and the group bots."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.verdicts import ALLOWED, denied

from .models import DispatchState


def may_manage_outbox(user):
    """See what leaves the portal and decide on what failed: the system administrator."""
    if authority_of(user).holds(Role.SYSTEM_ADMIN):
        return ALLOWED
    return denied(_("Only a system administrator looks after the outbox."))


def may_retry_dispatch(user, dispatch):
    """Try a message again that was given up."""
    if not (verdict := may_manage_outbox(user)):
        return verdict
    if dispatch.state not in (DispatchState.FAILED, DispatchState.DROPPED, DispatchState.WAITING):
        return denied(_("This message has been sent."))
    return ALLOWED


def may_drop_dispatch(user, dispatch):
    """Give a message up that has not been sent."""
    if not (verdict := may_manage_outbox(user)):
        return verdict
    if dispatch.state not in (DispatchState.FAILED, DispatchState.WAITING):
        return denied(_("This message has been sent or given up."))
    return ALLOWED


def may_manage_bots(user):
    """Add, change, try and switch group bots: the system administrator."""
    if authority_of(user).holds(Role.SYSTEM_ADMIN):
        return ALLOWED
    return denied(_("Only a system administrator looks after group bots."))
