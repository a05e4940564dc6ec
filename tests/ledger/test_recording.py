"""What may enter the ledger, and that it enters by one insert."""

import datetime as dt
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, IntegrityError, connection
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy

from portal.accounts.enums import Role
from portal.kernel.days import day_start
from portal.ledger.models import AppendOnly, Entry, Head, Pending, Seal
from portal.ledger.recording import record_many, subject_key
from portal.ledger.registry import UnknownVerb
from tests.factories.people import make_person
from tests.ledger.acts import NOON, make_entries, make_entry

pytestmark = pytest.mark.django_db
PLAIN = {"verb": "test.done", "subject": "test.thing:1", "actor": "system", "at": NOON}


def test_an_act_is_one_insert(django_assert_num_queries):
    with django_assert_num_queries(1) as captured:
        make_entry(thing="x", due_on=dt.date(2026, 12, 20))
    assert captured.captured_queries[0]["sql"].startswith("INSERT")


def test_facts_become_codes():
    key = uuid.uuid4()
    entry = make_entry(
        role=Role.AUDITOR,
        key=key,
        on=dt.date(2026, 12, 20),
        when=NOON,
        flag=True,
        none=None,
        many=["a", 2],
        number=7,
        empty="",
    )
    entry.refresh_from_db()
    assert entry.facts == {
        "role": "auditor",
        "key": str(key),
        "on": "2026-12-20",
        "when": "2026-11-20T04:00:00Z",
        "flag": True,
        "none": None,
        "many": ["a", 2],
        "number": 7,
        "empty": "",
    }


@pytest.mark.parametrize(
    "fact",
    [
        "食堂",
        "two words",
        "line\nend",
        "nul\x00",
        "a" * 129,
        1.5,
        2**53,
        {"a": 1},
        [["a"]],
        object(),
        gettext_lazy("yes"),
        "-x",
        "é",
    ],
)
def test_what_somebody_wrote_is_refused(fact):
    with pytest.raises(ValueError) as refusal:
        make_entry(thing=fact)
    assert "食堂" not in str(refusal.value)
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("over", "error"),
    [
        ({"verb": "test.unknown"}, UnknownVerb),
        ({"at": dt.datetime(2026, 11, 20)}, ValueError),
        ({"actor": "somebody"}, ValueError),
        ({"actor": AnonymousUser()}, ValueError),
        ({"subject": "食堂"}, ValueError),
        ({"subject": "no-label"}, ValueError),
        ({"Name": 1}, ValueError),
    ],
)
def test_what_is_not_fit_is_refused_and_nothing_written(over, error):
    with pytest.raises(error):
        make_entry(**over)
    with pytest.raises(error):
        record_many([PLAIN, {**PLAIN, **over}])
    assert not Entry.objects.exists()


def test_actors_and_subjects_are_keys():
    person = make_person()
    assert make_entry(actor=person, subject=person).actor == f"person:{person.pk}"
    assert make_entry(actor=SimpleLazyObject(lambda: person)).actor == f"person:{person.pk}"
    assert make_entry(actor=None).actor == ""
    assert subject_key(person) == f"accounts.person:{person.pk}"
    assert subject_key("feedback.inquiry:1") == "feedback.inquiry:1"


@pytest.mark.parametrize("hour", [0, 15, 16, 23])
def test_a_day_only_act_keeps_no_hour(hour):
    at = dt.datetime(2026, 11, 20, hour, 31, 7, 5, tzinfo=dt.UTC)
    entry = make_entry(at=at, day_only=True)
    assert entry.at == day_start(dt.date(2026, 11, 20 if hour < 16 else 21))
    assert entry.is_day_only


def test_every_entry_is_queued_whoever_inserts_it():
    make_entry()
    make_entries(3)
    uuid_now = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_entry (id, verb, subject, actor, at, is_day_only, facts)"
            f" SELECT {uuid_now}, verb, subject, actor, at, is_day_only, facts FROM ledger_entry"
        )
    assert set(Pending.objects.values_list("entry_id", flat=True)) == set(Entry.objects.values_list("pk", flat=True))
    assert Pending.objects.count() == 8


# Append-only, at each of three levels -----------------------------------------------------------------------


def _rows():
    entry = make_entry()
    seal = Seal.objects.create(seq=1, entry=entry, hash="0" * 64)
    head = Head.objects.create(day=dt.date(2026, 11, 20), seq=1, hash="0" * 64, made_at=NOON)
    return entry, seal, head


def test_models_refuse_change():
    for row in _rows():
        with pytest.raises(AppendOnly):
            row.save()
        with pytest.raises(AppendOnly):
            row.delete()


def test_query_sets_refuse_change():
    for row in _rows():
        rows = type(row).objects.all()
        for change in (
            lambda rows=rows: rows.update(pk=9),
            lambda rows=rows: rows.delete(),
            lambda rows=rows, row=row: rows.bulk_update([row], ["hash"]),
            lambda rows=rows, row=row: rows.bulk_create(
                [row], update_conflicts=True, update_fields=["hash"], unique_fields=["pk"]
            ),
            lambda rows=rows, row=row: rows.update_or_create(pk=row.pk, defaults={}),
        ):
            with pytest.raises(AppendOnly):
                change()
    assert (Entry.objects.count(), Seal.objects.count(), Head.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET verb = 'x'",
        "DELETE FROM ledger_entry",
        "UPDATE ledger_seal SET hash = 'x'",
        "DELETE FROM ledger_seal",
        "UPDATE ledger_head SET hash = 'x'",
        "DELETE FROM ledger_head",
    ],
)
def test_the_database_refuses_change(statement):
    _rows()
    with pytest.raises(IntegrityError, match="only grows"), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (Entry.objects.get().verb, Seal.objects.get().hash, Head.objects.get().hash) == (
        "test.done",
        "0" * 64,
        "0" * 64,
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["entry", "seal", "head"])
def test_the_database_refuses_to_replace_or_empty(table):
    _rows()
    statement = (
        f"TRUNCATE ledger_{table} CASCADE"
        if connection.vendor == "postgresql"
        else f"INSERT OR REPLACE INTO ledger_{table} SELECT * FROM ledger_{table}"
    )
    with pytest.raises(DatabaseError, match="only grows"), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (Entry.objects.count(), Seal.objects.count(), Head.objects.count()) == (1, 1, 1)


@pytest.mark.services
def test_the_guards_hold_where_triggers_are_switched_off_for_a_session(postgres):
    make_entry()
    with postgres.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            with pytest.raises(IntegrityError, match="only grows"):
                cursor.execute("DELETE FROM ledger_entry")
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")
