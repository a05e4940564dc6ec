"""Sealing: the chain, its order, what waits for the end of its day, and one sealer at a time."""

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection, connections, transaction

from portal.kernel.days import day_end, day_start
from portal.ledger import operations
from portal.ledger.checking import verify_database
from portal.ledger.models import ENTRY_FIELDS, Entry, Head, Pending, Seal
from portal.ledger.operations import chain_end, publish_head, seal_pending
from portal.ledger.verifying import GENESIS, canonical, digest_of, link
from tests import times
from tests.ledger.acts import FINGERPRINT, NOON, make_entries, make_entry

DAY = dt.timedelta(days=1)
TICK = dt.timedelta(microseconds=1)


def chained():
    return list(Seal.objects.order_by("seq").values_list("entry_id", flat=True))


@pytest.mark.django_db
def test_the_chain_is_what_its_rule_says():
    entries = make_entries(3)
    assert seal_pending(at=NOON) == 3
    last = GENESIS
    for seq, entry in enumerate(entries, 1):
        entry.refresh_from_db()
        last = link(last, digest_of(canonical(**{name: getattr(entry, name) for name in ENTRY_FIELDS})))
        assert Seal.objects.get(seq=seq).hash == last
    assert chain_end() == (3, last)
    assert not Pending.objects.exists()
    assert seal_pending(at=NOON) == 0


def test_canonical_text_is_stable():
    """A golden vector: if this changes, no old export can be checked any more."""
    text = canonical(
        id=uuid.UUID(int=1),
        verb="inquiry.submitted",
        subject="feedback.inquiry:1",
        actor="",
        at=dt.datetime(2026, 11, 20, 12, tzinfo=dt.timezone(dt.timedelta(hours=8))),
        is_day_only=True,
        facts={"number": 7, "fingerprint": FINGERPRINT, "list": ["b", 1, None, True], "a": ""},
    )
    assert text == (
        '{"actor":"","at":"2026-11-20T04:00:00.000000Z","day_only":true,"facts":{"a":"","fingerprint":"'
        + FINGERPRINT
        + '","list":["b",1,null,true],"number":7},"id":"00000000-0000-0000-0000-000000000001",'
        '"subject":"feedback.inquiry:1","v":1,"verb":"inquiry.submitted"}'
    )
    assert digest_of(text) == "5c42f476571e6faa64bc2ad0d2fb3375c55ddfe6110c2357ef8f1c26ff9a883d"
    assert link(GENESIS, digest_of(text)) == "d89698124fe6b6b6ff9f9dbdbd1d1d654fff2c95ae61dbf3ed3cc8c19ad9ec4b"


@pytest.mark.django_db
def test_batches_go_by_time_and_do_not_lose_any():
    entries = make_entries(7)
    assert [seal_pending(at=NOON, limit=3) for _turn in range(4)] == [3, 3, 1, 0]
    assert chained() == [entry.pk for entry in entries]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "count"), [(day_end(dt.date(2026, 11, 20)) - TICK, 1), (day_end(dt.date(2026, 11, 20)), 2)]
)
def test_a_day_only_entry_waits_until_its_day_is_over(moment, count):
    make_entry()
    make_entry(day_only=True, actor=None)
    assert seal_pending(at=moment) == count
    assert Pending.objects.count() == 2 - count


@pytest.mark.django_db
def test_day_only_entries_are_chained_in_an_order_that_is_not_theirs():
    made = [make_entry(day_only=True, actor=None, number=number).pk for number in range(50)]
    seal_pending(at=NOON + 3 * DAY)
    assert chained() == sorted(made)
    assert chained() != made


@pytest.mark.django_db
def test_an_entry_queued_twice_is_chained_once():
    entry = make_entry()
    seal_pending(at=NOON)
    for key in (entry.pk, uuid.uuid4()):
        Pending.objects.create(pk=key, at=NOON, is_day_only=False)
    make_entry()
    seal_pending(at=NOON)
    assert Seal.objects.count() == 2
    assert not Pending.objects.exists()


# The daily head ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_head_closes_yesterday_once_and_tells_once(monkeypatch):
    told = []
    monkeypatch.setattr(operations, "head_listeners", [lambda head, at: told.append((head.day, at))])
    make_entry()
    make_entry(day_only=True, actor=None)
    at = day_start(dt.date(2026, 11, 21)) + dt.timedelta(minutes=5)
    head = publish_head(at=at)
    assert (head.day, head.seq, head.hash) == (dt.date(2026, 11, 20), *chain_end())
    assert head.seq == 2
    make_entry(at=at)
    assert publish_head(at=at + DAY / 2) == head
    assert told == [(head.day, at)]
    assert Head.objects.count() == 1


@pytest.mark.django_db
def test_an_empty_chain_has_a_head_of_zeros():
    head = publish_head(at=NOON)
    assert (head.seq, head.hash) == (0, GENESIS)


@pytest.mark.django_db
def test_the_tasks_do_it(settings):
    from portal.ledger.tasks import publish, seal

    make_entry()
    with times.at(NOON + DAY):
        seal()
        publish()
    assert (Seal.objects.count(), Head.objects.get().day) == (1, dt.date(2026, 11, 20))


@pytest.mark.django_db
def test_the_tasks_seal_in_batches_that_leave_others_room(monkeypatch):
    """Each batch is a transaction of its own; the head's, which is undone whole when the time is up, seals no more."""
    from portal.ledger import tasks

    taken = []

    def seal(**over):
        taken.append((over["limit"], seal_pending(**over)))
        return taken[-1][1]

    monkeypatch.setattr(tasks, "BATCHES", {connection.vendor: 4})
    monkeypatch.setattr(tasks, "seal_pending", seal)
    make_entries(10)
    with times.at(NOON + DAY):
        tasks.publish()
    assert taken == [(4, 4), (4, 4), (4, 2)]
    assert Head.objects.get().seq == 10


# One sealer at a time ---------------------------------------------------------------------------------------


def _in_threads(count, work):
    errors = []
    barrier = threading.Barrier(count)

    def run():
        try:
            barrier.wait(120)
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert errors == []


@pytest.mark.django_db(transaction=True)
def test_sealers_and_writers_at_once_make_one_whole_chain():
    make_entries(200)

    def work():
        for _turn in range(5):
            make_entry()
            seal_pending(at=NOON + DAY, limit=40)

    _in_threads(4, work)
    while seal_pending(at=NOON + DAY):
        pass
    report = verify_database(at=NOON)
    assert (report.count, report.fault) == (220, None)
    assert Entry.objects.count() == 220


@pytest.mark.services
def test_a_second_sealer_returns_at_once_and_writers_do_not_wait(postgres):
    make_entries(5)
    done = {}

    def second():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            done["sealed"] = seal_pending(at=NOON)
            done["entry"] = make_entry().pk
        finally:
            connections.close_all()

    with transaction.atomic():
        assert seal_pending(at=NOON, limit=2) == 2
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(60)
        assert not thread.is_alive()
    assert done["sealed"] == 0
    assert Pending.objects.filter(entry=done["entry"]).exists()
    assert seal_pending(at=NOON) == 4


@pytest.mark.services
def test_what_is_not_committed_is_sealed_later(postgres):
    written, may_commit = threading.Event(), threading.Event()

    def slow_writer():
        try:
            with transaction.atomic():
                make_entry(at=NOON - DAY)
                written.set()
                may_commit.wait(60)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow_writer)
    thread.start()
    written.wait(60)
    make_entry()
    assert seal_pending(at=NOON) == 1
    may_commit.set()
    thread.join(60)
    assert seal_pending(at=NOON) == 1
