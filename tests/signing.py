"""Signing in without a password, for tests that are about what comes after."""

from django.utils import timezone

from portal.accounts import guard
from portal.accounts.enums import DeviceKind


def signed_in(client, person, *, kind=DeviceKind.DESKTOP, at=None):
    """Return the client with a fresh session of the person, its clocks started at ``at`` (default: now)."""
    client.force_login(person)
    session = client.session
    guard.begin(session, kind=kind, at=at or timezone.now())
    session.save()
    return client
