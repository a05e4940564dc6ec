"""Reads of sessions."""

from ..models import Session


def sessions_known():
    """Return all sessions with their terms."""
    return Session.objects.select_related("term__unit")


def sessions_of(term):
    """Return the sessions of a term, the latest first."""
    return sessions_known().filter(term=term).order_by("-number", "-planned_at")
