import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from portal.deadlines.models import Heartbeat
from portal.home.bench import meter, registry
from portal.home.bench.bench import Bench, UnexpectedAnswer, line_of
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(meter, "TURN_SECONDS", 0.01)


def test_operation_is_measured_beside_its_limit(monkeypatch):
    make_person()
    operation = registry.Operation("small", lambda bench: bench.page("/livez"), "one_select", 1000.0, 0, 1)
    monkeypatch.setattr("portal.home.bench.bench.OPERATIONS", {"small": operation})
    (row,) = Bench(timezone.now()).run()
    assert (row["statements"], row["failed"]) == (0, [])
    assert row["ratio"] == pytest.approx(row["cpu_ms"] / row["limit_cpu_ms"], abs=0.01)
    assert "small" in line_of(row)


def test_missed_goal_is_told(monkeypatch):
    operation = registry.Operation("dear", lambda bench: bench.page("/readyz"), "one_select", 0.0, 0)
    monkeypatch.setattr("portal.home.bench.bench.OPERATIONS", {"dear": operation})
    (row,) = Bench(timezone.now()).run()
    assert row["failed"] == ["ratio", "statements"]


def test_page_that_sends_somebody_away_is_no_reading():
    shot = Bench(timezone.now()).page("/ledger/nowhere/", status=200)
    with pytest.raises(UnexpectedAnswer):
        shot()


def test_session_of_the_bench_is_taken_as_genuine():
    person = make_person()
    client = Client(HTTP_HOST="localhost")
    client.cookies.load(Bench(timezone.now()).cookies(person))
    assert client.get("/").wsgi_request.user == person


def test_command_writes_a_table_and_json_and_leaves_no_rows(tmp_path, capsys):
    make_person()
    call_command("bench", "limit: one insert", "livez", "--output", str(tmp_path / "bench.json"))
    kept = json.loads((tmp_path / "bench.json").read_text())
    (kept,) = kept.values()
    assert [row["name"] for row in kept["rows"]] == ["limit: one insert", "livez"]
    assert kept["machine"]["engine"].split()[0] in {"SQLite", "PostgreSQL"}
    assert not Heartbeat.objects.filter(name__startswith="bench:").exists()
    assert "CPU ms" in capsys.readouterr().out
    with pytest.raises(CommandError, match="No operation is called nothing"):
        call_command("bench", "nothing")
