import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from portal.deadlines.models import Heartbeat
from portal.home import doctor, health

AT = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
QUARTER = dt.timedelta(minutes=15)
TICK = dt.timedelta(microseconds=1)


def test_livez_asks_nobody(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get("/livez")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert not response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("age", "state"),
    [(QUARTER - TICK, "ok"), (QUARTER, "ok"), (QUARTER + TICK, "warn"), (dt.timedelta(days=3), "warn")],
)
def test_sweep_is_late_after_a_quarter_of_an_hour(age, state):
    Heartbeat.objects.create(name=health.SWEEP, beat_at=AT - age)
    assert health.sweep_is_recent(AT).state == state


@pytest.mark.django_db
def test_readyz_is_degraded_but_serving_without_a_sweep(client):
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert response.json()["checks"] == {
        "database": "ok",
        "migrations": "ok",
        "sweep": "warn",
        "disk": "ok",
        "cache": "ok",
    }


@pytest.mark.django_db
def test_readyz_is_down_without_a_database(client, monkeypatch):
    def refuse(*_):
        raise DatabaseError("secret words")

    monkeypatch.setattr(health.connection, "cursor", refuse)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (503, "down")
    assert "secret" not in response.content.decode()


@pytest.mark.django_db
def test_doctor_says_one_line_a_check_and_its_worst_by_exit_code(capsys):
    with pytest.raises(SystemExit) as end:
        call_command("doctor", "--json")
    findings = json.loads(capsys.readouterr().out)
    assert [finding["name"] for finding in findings] == list(doctor.CHECKS)
    worst = {finding["state"] for finding in findings}
    assert end.value.code == (2 if "fail" in worst else 1 if "warn" in worst else 0)


@pytest.mark.django_db
def test_doctor_reports_a_check_that_breaks_down(monkeypatch):
    def explode(at):
        raise RuntimeError("boom")

    monkeypatch.setitem(doctor.CHECKS, "disk", explode)
    (finding,) = doctor.examine(at=AT, only=["disk"])
    assert (finding.state, finding.note) == ("fail", "RuntimeError: boom")
