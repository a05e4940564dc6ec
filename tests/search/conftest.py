"""Shared by the tests of the search."""

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts import guard
from portal.accounts.enums import DeviceKind


@pytest.fixture
def enter():
    """Sign a person in, in a browser of their own, without the price of a password."""

    def begin(person):
        client = Client()
        client.force_login(person)
        session = client.session
        guard.begin(session, kind=DeviceKind.DESKTOP, at=timezone.now())
        session.save()
        return client

    return begin
