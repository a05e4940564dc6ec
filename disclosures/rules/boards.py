"""Who keeps the display boards; what a board may show is a query's matter (disclosures.queries.boards)."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import Audience, PublicationState
from .sight import OVERSEERS, PREPARERS

KEEPERS = PREPARERS


def may_use_boards(user):
    """Whether somebody keeps or supervises any board."""
    if authority_of(user).holds(*KEEPERS, *OVERSEERS):
        return ALLOWED
    return denied(_("Only those who prepare or supervise disclosures have the display boards."))


def may_add_board(user, unit=None):
    """Put up a board of a unit, or of any."""
    if authority_of(user).holds(*KEEPERS, unit=unit):
        return ALLOWED
    return denied(_("Only handlers, heads and union officers of this unit keep its display boards."))


def may_keep_board(user, board):
    """Change what a board shows, give it a new address, take it down."""
    verdict = may_add_board(user, board.unit)
    if verdict and not board.is_active:
        return denied(_("This board has been taken down."))
    return verdict


def may_override(user, unit):
    """Show something before and instead of everything else on the boards of a unit."""
    if authority_of(user).holds(*KEEPERS, unit=unit):
        return ALLOWED
    return denied(_("Only handlers, heads and union officers of this unit may interrupt its display boards."))


def may_end_override(user, override):
    """Those who may set one may end it, whoever set it."""
    if override.ended_at is not None:
        return denied(_("This has been ended already."))
    return may_override(user, override.board.unit if override.board else override.unit)


def may_show_on_boards(publication, *, is_on_show):
    """Whether a text may be put on a board at all: a board has no sign-in, so everybody can read it."""
    if publication.audience != Audience.EVERYBODY:
        return denied(_("A board is read by everybody, and this text is not for everybody."))
    if publication.state == PublicationState.WITHDRAWN or not is_on_show:
        return denied(_("This text is not on show."))
    return ALLOWED
