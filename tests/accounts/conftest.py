"""Shared by the tests of the people's floor."""

import pytest
from django.utils import timezone

from portal.accounts.enums import Role
from tests.factories.people import SECRET, make_officer, make_unit


@pytest.fixture
def company(db):
    return make_unit()


@pytest.fixture
def system_admin(company):
    return make_officer(Role.SYSTEM_ADMIN, job_no="S0001", secret=True)


@pytest.fixture
def security_admin(company):
    return make_officer(Role.SECURITY_ADMIN, job_no="S0002", secret=True)


@pytest.fixture
def auditor(company):
    return make_officer(Role.AUDITOR, job_no="S0003", secret=True)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def signed_in(client):
    """Sign a person in through the page, so that guard and clocks are those of a real session."""

    def sign_in(person, **data):
        from django.urls import reverse

        client.cookies.clear()
        response = client.post(reverse("accounts:sign_in"), {"job_no": person.job_no, "password": SECRET, **data})
        assert response.status_code == 302, response.content.decode()[:2000]
        return client

    return sign_in
