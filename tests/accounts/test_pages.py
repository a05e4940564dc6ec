"""Every page of the floor, for those it is meant for and for those it is not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.enums import Role
from portal.accounts.models import Appointment, AppointmentRequest, Device, RosterImport
from portal.kernel.rulebook import RULES, Rule
from tests.factories.people import make_appointment, make_officer, make_person, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(company, system_admin, security_admin, auditor, now, monkeypatch):
    workshop = make_unit(company, code="W01", name="催化车间")
    worker = make_person(unit=workshop, name="李建国", secret=True)
    leader = make_officer(Role.LEADER_IN_CHARGE, workshop)
    make_appointment(
        make_person(),
        Role.LEADER_IN_CHARGE,
        workshop,
        until=now.replace(year=now.year + 1),
        deputy_for=Appointment.objects.get(person=leader),
    )
    request = AppointmentRequest.objects.create(
        person=worker, role=Role.AUDITOR, unit=company, asked_by=security_admin, asked_at=now
    )
    row = RosterImport.objects.create(
        file_name="名册.xlsx",
        file_sha256="0" * 64,
        uploaded_at=now,
        state="ready",
        scope=company,
        summary={"new": 1, "fixed": 1},
        changes=[{"kind": "new", "job_no": "1", "name": "王", "row": 2, "before": {}, "after": {"name": "王"}}],
        fixes=[{"cell": "A2", "code": "spaces", "value": " 1", "taken": "1"}],
    )
    monkeypatch.setitem(
        RULES, "test.days", Rule("test.days", 30, 1, 60, "days", "days to answer", "law, art. 11", "law")
    )
    keys = {"code": "W01", "pk": worker.pk, "key": "test.days"}
    return {
        "company": company,
        "worker": worker,
        "appointment": Appointment.objects.get(person=leader),
        "request": request,
        "roster": row,
        "keys": keys,
    }


# Who opens a page (y system, s security, a auditor, * all three, empty everybody), and the key it takes.
PAGES = {
    "me": "",
    "change_secret": "",
    "own_data": "",
    "devices": "",
    "sign_out": "",
    "units": "*",
    "unit_create": "y",
    "unit_rename": "y code",
    "unit_move": "y code",
    "unit_close": "y code",
    "slips": "y code",
    "people": "*",
    "person_add": "y",
    "person": "* pk",
    "person_edit": "y pk",
    "person_move": "y pk",
    "person_leave": "y pk",
    "person_slip": "ys pk",
    "person_lift": "s pk",
    "person_end_sessions": "s pk",
    "rosters": "ya",
    "roster_upload": "y",
    "roster_template": "y",
    "roster_download": "y",
    "roster": "ya roster",
    "roster_write": "y roster",
    "roster_discard": "y roster",
    "appointments": "ysa",
    "grant": "s",
    "appointment_end": "s appointment",
    "deputy": "s appointment",
    "security": "sa",
    "rules": "",
    "rule_set": "y key",
}
EXPECTED_CLOSED = {"unit_close"}  # people still work there


@pytest.mark.parametrize("who", ["system_admin", "security_admin", "auditor", "worker"])
def test_pages_open_for_those_they_are_meant_for(who, world, signed_in, request):
    person = world["worker"] if who == "worker" else request.getfixturevalue(who)
    client = signed_in(person)
    letter = {"system_admin": "y", "security_admin": "s", "auditor": "a", "worker": "-"}[who]
    answers = {}
    for name, spec in PAGES.items():
        letters, _space, key = spec.partition(" ") if spec.startswith(("*", "y", "s", "a")) else ("", "", spec)
        value = {"code": "W01", "pk": world["worker"].pk, "key": "test.days"}.get(key) or (
            world[key].pk if key else None
        )
        response = client.get(reverse(f"accounts:{name}", args=[value] if value else []))
        is_for = not letters or letter in letters or (letters == "*" and letter != "-")
        answers[name] = (response.status_code, 200 if is_for and name not in EXPECTED_CLOSED else None)
    wrong = {
        name: answer
        for name, answer in answers.items()
        if (answer[0] == 200) != (answer[1] == 200) or answer[0] not in (200, 403, 404)
    }
    assert wrong == {}


def test_visitors_are_asked_to_sign_in_everywhere_else(client, world):
    for name in ("me", "units", "people", "rosters", "appointments", "security", "rules"):
        response = client.get(reverse(f"accounts:{name}"))
        assert (response.status_code, response.url.split("?")[0]) == (302, reverse("accounts:sign_in"))


def test_lists_cost_the_same_for_one_row_and_three(world, signed_in, system_admin):
    client = signed_in(system_admin)
    client.get(reverse("accounts:people"))
    counts = []
    for _round in range(2):
        found = []
        for name in ("people", "units", "appointments", "rosters", "rules", "devices"):
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(f"accounts:{name}"))
            found.append((name, len(queries)))
        counts.append(found)
        for _more in range(2):
            unit = make_unit(world["company"])
            make_officer(Role.HANDLER, unit)
            Device.objects.create(
                person=system_admin,
                session_key=f"k{unit.pk}",
                kind="phone",
                signed_in_on="2026-01-01",
                expires_on="2099-01-01",
            )
    assert counts[0] == counts[1]
    assert max(count for _name, count in counts[0]) <= 12
