"""Seeding the made-up enterprise: alike at every run, and no further than asked."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import connection

from feedback.models import Inquiry, Tally
from feedback.operations.daily import recount
from portal.home.demo import seeding
from portal.home.demo.congress import head_of
from portal.home.demo.lives import Writer
from portal.ledger.models import Entry

AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)


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


def test_the_acts_of_a_life_follow_each_other(db, settings, tmp_path):
    settings.DEMO, settings.VAR = True, tmp_path
    plant = seeding.build_plant(seed=seeding.SEED, headcount=200)
    writer = Writer(plant, seed=seeding.SEED, today=dt.date(2026, 11, 20), now=AT)
    for index in range(120):
        seeding.Life(writer, index, dt.date(2026, 6, 1) + dt.timedelta(days=index)).live()
    table, acts = writer.tables[Entry], {}
    verb, subject, at, day_only = (table.names[name] for name in ("verb", "subject", "at", "is_day_only"))
    for row in table.rows:
        # A miss is dated when it fell due, and told later.
        if not row[day_only] and row[verb] != "promise.missed":
            acts.setdefault(row[subject], []).append((row[at], row[verb]))
    assert sum(map(len, acts.values())) > 500
    wrong = [found for found in acts.values() if found != sorted(found, key=lambda act: act[0])]
    assert wrong == []


@pytest.mark.parametrize(("stage", "cards"), [("empty", 0), ("start", 23)])
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


def test_a_worker_whose_sign_in_is_printed_heads_a_delegation():
    def delegate(job_no, category="frontline"):
        return SimpleNamespace(person=SimpleNamespace(job_no=job_no), category=category)

    first, leader, worker = delegate("1"), delegate("2", "leader"), delegate("3")
    assert head_of([first, leader, worker], {"2", "3"}) is worker
    assert head_of([first, leader], {"2"}) is first
    assert head_of([], {"2"}) is None
