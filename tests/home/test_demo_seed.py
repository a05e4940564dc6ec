"""The made-up enterprise: alike at every run, in every state, and no different from what the operations write."""

import datetime as dt
import json

import pytest
from django.db import connection

from feedback.enums import InquiryState
from feedback.models import Inquiry, Tally
from feedback.operations.daily import recount
from portal.accounts.models import Appointment, Person, Unit
from portal.deadlines.clock import clock_of
from portal.deadlines.models import Promise
from portal.home.demo import seeding
from portal.home.demo.lives import Writer
from portal.kernel.enums import Lamp
from portal.ledger.models import Entry, Pending, Seal
from portal.ledger.registry import known_verbs

AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def seeded(db, settings, tmp_path):
    settings.DEMO, settings.VAR = True, tmp_path
    assert seeding.seed(at=AT, cards=600)
    return tmp_path


def test_a_year_of_use_shows_every_state_and_every_lamp(seeded):
    assert (Unit.objects.count(), Person.objects.count()) == (35, 3000)
    assert set(Inquiry.objects.values_list("state", flat=True)) >= set(InquiryState.values) - {
        "registered",
        "submitted",
        "approved",
    }
    lamps = {clock_of(promise, AT).lamp for promise in Promise.objects.all()}
    assert lamps >= {Lamp.BLUE, Lamp.YELLOW, Lamp.RED, Lamp.GREEN, Lamp.ORANGE}
    signins = json.loads((seeded / "demo-signins.json").read_text(encoding="utf-8"))
    assert {row["role"] for row in signins} == {
        *Appointment.objects.values_list("role", flat=True).distinct(),
        "worker",
    }
    for row in signins:
        assert Person.objects.get(job_no=row["job_no"]).check_password(row["secret"])


def test_numbers_counters_and_seals_are_as_the_operations_would_leave_them(seeded):
    for year in Inquiry.objects.values_list("year", flat=True).distinct():
        serials = list(Inquiry.objects.filter(year=year).order_by("serial").values_list("serial", flat=True))
        assert serials == list(range(1, len(serials) + 1))
    assert {(t.unit_id, t.month, t.measure): t.n for t in Tally.objects.exclude(n=0)} == recount()
    assert set(Entry.objects.values_list("verb", flat=True)) <= set(known_verbs())
    today = dt.date(2026, 11, 20)
    held = Entry.objects.filter(is_day_only=True, at__gte=dt.datetime(2026, 11, 19, 16, tzinfo=dt.UTC)).count()
    assert (Pending.objects.count(), Seal.objects.count()) == (held, Entry.objects.count() - held)
    assert Inquiry.objects.filter(received_on__gt=today).count() == 0


def test_a_second_run_changes_nothing(seeded):
    before = (Person.objects.count(), Inquiry.objects.count(), Entry.objects.count())
    assert seeding.seed(at=AT, cards=50) is False
    assert (Person.objects.count(), Inquiry.objects.count(), Entry.objects.count()) == before


def test_the_same_seed_gives_the_same_rows(db, settings, tmp_path):
    settings.DEMO, settings.VAR = True, tmp_path
    plant = seeding.build_plant(seed=seeding.SEED, headcount=200)
    runs = []
    for _run in range(2):
        writer = Writer(plant, seed=seeding.SEED, today=dt.date(2026, 11, 20), now=AT)
        for index in range(40):
            seeding.Life(writer, index, dt.date(2026, 8, 1) + dt.timedelta(days=index)).live()
        runs.append({model.__name__: table.rows for model, table in writer.tables.items()})
    assert runs[0] == runs[1]
    assert sum(map(len, runs[0].values())) > 400


@pytest.mark.parametrize(("stage", "cards"), [("empty", 0), ("start", 22)])
def test_a_stage_stops_where_it_says(db, settings, tmp_path, stage, cards):
    settings.DEMO, settings.VAR = True, tmp_path
    seeding.seed(at=AT, stage=stage)
    assert Inquiry.objects.count() == cards


@pytest.mark.services
@pytest.mark.django_db
def test_copies_are_cards_of_their_own(settings, tmp_path, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("copies are made inside PostgreSQL: run the suite on it")
    settings.DEMO, settings.VAR = True, tmp_path
    monkeypatch.setattr(seeding, "PLAYED", 50)
    seeding.seed(at=AT, cards=200, has_ledger=False)
    assert Inquiry.objects.count() == 200
    assert (
        Inquiry.objects.filter(promise__subject__startswith="feedback.inquiry:")
        .values("promise__subject")
        .distinct()
        .count()
        == 200
    )
    assert {f"feedback.inquiry:{i.pk}" for i in Inquiry.objects.all()} == set(
        Inquiry.objects.values_list("promise__subject", flat=True)
    )
    assert {(t.unit_id, t.month, t.measure): t.n for t in Tally.objects.exclude(n=0)} == recount()
