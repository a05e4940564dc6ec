"""Who plans a session, moves it, puts it off."""

from django.utils.translation import gettext as _

from portal.kernel.verdicts import ALLOWED, denied

from ..enums import AHEAD, SessionState
from .terms import keeps_term, may_keep_running_term, may_keep_term


def may_plan_session(user, term, at):
    """Plan a session of a term whose seats are fixed."""
    return may_keep_running_term(user, term, at)


def may_flag_bypass(user, term):
    """Flag what bypassed the congress and demand that it be put right (Shanghai art. 33)."""
    return may_keep_term(user, term)


def may_keep_session(user, session):
    """Work on a session: the union that keeps this congress."""
    if keeps_term(user, session.term):
        return ALLOWED
    return denied(_("Only the union of this unit keeps its congress."))


def _ahead(user, session):
    if not (verdict := may_keep_session(user, session)):
        return verdict
    if session.state == SessionState.CANCELLED:
        return denied(_("This session was cancelled; plan a new one."))
    if session.state not in AHEAD:
        return denied(_("This session has been opened already; its day stays as it was."))
    return ALLOWED


def may_move_session(user, session):
    """Give a session another day, time or place, before it opens."""
    return _ahead(user, session)


def may_postpone_session(user, session):
    """Put a session off without a new day yet."""
    if not (verdict := _ahead(user, session)):
        return verdict
    if session.state == SessionState.POSTPONED:
        return denied(_("This session has been postponed already; give it a new day."))
    return ALLOWED


def may_cancel_session(user, session):
    """Give a session up."""
    return _ahead(user, session)
