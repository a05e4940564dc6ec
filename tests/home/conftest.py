"""Shared by the tests of the house's own pages."""

import pytest
from django.utils import timezone

from portal.accounts import guard
from portal.accounts.enums import DeviceKind


@pytest.fixture
def enter(client):
    """Sign a person in as the sign-in page would, without the price of a password."""

    def begin(person):
        client.force_login(person)
        session = client.session
        guard.begin(session, kind=DeviceKind.DESKTOP, at=timezone.now())
        session.save()
        return client

    return begin
