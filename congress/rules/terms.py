"""Who prepares a term, fixes its seats, extends it, and forms delegations and bodies."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.rules import UNION_DESK
from portal.kernel.days import local_day
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import TermState


def may_use_desk(user):
    """Whether somebody has the union's desk of the congress."""
    if authority_of(user).holds(*UNION_DESK):
        return ALLOWED
    return denied(_("Only the union has this desk."))


def keeps_term(user, term):
    """Whether the person keeps the congress of this unit."""
    return authority_of(user).holds(*UNION_DESK, unit=term.unit)


def may_see_term_desk(user, term):
    """Whether the working page of a term exists for this person: its keepers, then the unions of the units below."""
    if keeps_term(user, term):
        return True
    below = authority_of(user).units(*UNION_DESK)
    return term.state == TermState.FIXED and any(term.unit.covers(unit) for unit in below)


def may_prepare_term(user, unit=None):
    """Begin a new term of a unit's congress."""
    if authority_of(user).holds(*UNION_DESK, unit=unit):
        return ALLOWED
    return denied(_("Only the union of this unit prepares its congress."))


def may_keep_term(user, term):
    """Keep what belongs to a term: delegations, bodies, observers."""
    return ALLOWED if keeps_term(user, term) else denied(_("Only the union of this unit keeps its congress."))


def may_keep_running_term(user, term, at):
    """Keep what belongs to a term whose seats are fixed, up to its last day."""
    if not (verdict := may_keep_term(user, term)):
        return verdict
    if term.state != TermState.FIXED:
        return denied(_("Fix the seats first."))
    if local_day(at) > term.ends_on:
        return denied(_("This term is over."))
    return ALLOWED


def may_change_seats(user, term):
    """Set seats, electing units and allocation, before they are fixed."""
    if not (verdict := may_keep_term(user, term)):
        return verdict
    if term.state != TermState.DRAFT:
        return denied(_("The seats have been fixed; they stay as they are for this term."))
    return ALLOWED


def may_allocate(user, term):
    """Share the seats between electing units: once their number is set and there are units."""
    if not (verdict := may_change_seats(user, term)):
        return verdict
    if term.seats is None:
        return denied(_("Set the number of seats first."))
    units = list(term.electing_units.all())
    if not units:
        return denied(_("Choose the electing units first."))
    if term.seats < len(units):
        return denied(
            _("There are %(units)d electing units and %(seats)d seats: each unit needs one.")
            % {"units": len(units), "seats": term.seats}
        )
    return ALLOWED


def may_fix_term(user, term):
    """Fix seats and allocation for the term; a second person does it."""
    if not (verdict := may_allocate(user, term)):
        return verdict
    given = sum(unit.seats for unit in term.electing_units.all())
    if term.allocated_by_id is None or given != term.seats:
        return denied(
            _("%(given)d of %(seats)d seats have been given to electing units. Allocate them all first.")
            % {"given": given, "seats": term.seats}
        )
    covered = sum(unit.staff for unit in term.electing_units.all())
    if covered != term.staff:
        return denied(
            _("%(count)d people belong to no electing unit. Choose one for them: everybody may elect.")
            % {"count": term.staff - covered}
        )
    if term.women_of is None:
        return denied(_("Enter the share of women among the staff first."))
    if term.allocated_by_id == user.pk:
        return denied(_("You made this allocation yourself; another person must fix it."))
    return ALLOWED


def may_ask_extension(user, term, at):
    """Ask for more time for a term: once, before its last day is over."""
    if not (verdict := may_keep_running_term(user, term, at)):
        return verdict
    rows = list(term.extensions.all())
    if any(one.is_granted for one in rows):
        return denied(_("This term has been extended already; once is all that is allowed."))
    if any(one.is_granted is None for one in rows):
        return denied(_("An extension waits to be decided already."))
    return ALLOWED


def may_decide_extension(user, extension):
    """Grant or refuse an extension: somebody else than who asked."""
    if not (verdict := may_keep_term(user, extension.term)):
        return verdict
    if extension.is_granted is not None:
        return denied(_("This has been decided already."))
    if extension.asked_by_id == user.pk:
        return denied(_("You asked for this yourself; another person must decide it."))
    return ALLOWED
