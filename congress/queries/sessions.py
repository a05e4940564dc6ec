"""Reads of sessions."""

from ..enums import SessionMode, SessionState
from ..models import Session


def sessions_known():
    """Return all sessions with their terms."""
    return Session.objects.select_related("term__unit")


def sessions_of(term):
    """Return the sessions of a term, the latest first."""
    return sessions_known().filter(term=term).order_by("-number", "-planned_at")


def is_year_without_a_hall(session):
    """Whether a session meets online in a year in which no other one has delegates in a hall."""
    if session.mode != SessionMode.ONLINE:
        return False
    rows = Session.objects.filter(term=session.term_id, opens_at__year=session.opens_on.year)
    return not rows.exclude(mode=SessionMode.ONLINE).exclude(state=SessionState.CANCELLED).exists()


def sessions_for(mandates):
    """Return the latest sessions that the holders of these mandates were convened to and that met or will meet."""
    rows = sessions_known().filter(term__in={one.term_id for one in mandates}, convened_at__isnull=False)
    return list(rows.exclude(state__in=[SessionState.POSTPONED, SessionState.CANCELLED]).order_by("-opens_at")[:3])
