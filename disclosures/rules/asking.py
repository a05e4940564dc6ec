"""Opinions on what is shown, objections to public notices, and asking for what is not shown."""

from django.utils.translation import gettext as _

from portal.kernel.verdicts import ALLOWED, denied

from ..enums import OpinionKind, PublicationState
from .sight import may_read_public


def may_give_opinion(user, publication, kind, *, has_appeared, is_open):
    """
    Say something about a text, by anybody who may read it; ``user`` is None for somebody without a name.

    Objections are taken while the notice's period runs (``is_open``).
    """
    if not has_appeared or publication.state == PublicationState.WITHDRAWN:
        return denied(_("This text is not on show."))
    if not may_read_public(user, publication):
        return denied(_("This text is not for you to read."))
    if kind == OpinionKind.OBJECTION and not is_open:
        return denied(_("The period of this notice is over. You can still give an opinion on it."))
    return ALLOWED


def may_ask_disclosure(user, unit):
    """Ask a unit to disclose what is missing: anybody, with or without a name."""
    if not unit.is_active:
        return denied(_("This unit no longer exists."))
    return ALLOWED
