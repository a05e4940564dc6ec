"""Posting: one row a desk, once a key, one statement; the bell is rung after commit and never waited for."""

import time
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy

from portal.accounts.desks import desk_of, role_desk
from portal.accounts.enums import Role
from portal.notices import outbox
from portal.notices.models import Notice
from portal.notices.outbox import notice_key, post, retell
from portal.notices.registry import UnknownNotice
from tests.factories.people import make_person, make_unit
from tests.notices.kinds import NOW, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bell(monkeypatch):
    """A bell that is counted instead of rung."""
    rung = []
    monkeypatch.setattr(outbox, "_ring", lambda task: rung.append(task))
    monkeypatch.setitem(outbox._broker, "away_until", 0.0)
    return rung


def test_one_row_for_each_desk_by_one_insert(django_assert_num_queries):
    one, two, unit = make_person(), make_person(), make_unit()
    desks = [desk_of(one), desk_of(two), role_desk(Role.HANDLER, unit), desk_of(one)]
    with django_assert_num_queries(1):
        post(kind="test.told", subject=unit, desks=desks, at=NOW, key="a", urgent=True, thing="x", day=NOW.date())
    rows = list(
        Notice.objects.order_by("desk").values_list(
            "desk", "key", "kind", "subject", "is_urgent", "is_passed_on", "facts"
        )
    )
    about = ("test.told", f"accounts.unit:{unit.pk}", True, False, {"thing": "x", "day": "2026-11-20"})
    assert rows == [(desk, f"a|{desk}", *about) for desk in sorted(set(desks))]


def test_the_same_key_changes_nothing():
    person, other = make_person(), make_person()
    tell(person, key="a", thing="first")
    tell(person, other, key="a", thing="second")
    assert sorted(Notice.objects.values_list("desk", "facts__thing")) == sorted(
        [(desk_of(person), "first"), (desk_of(other), "second")]
    )


def test_nobody_to_tell_is_nothing_to_do(django_assert_num_queries, bell):
    with django_assert_num_queries(0):
        tell(urgent=True)
    assert bell == []


@pytest.mark.parametrize(
    ("over", "error"),
    [
        ({"kind": "test.unknown"}, UnknownNotice),
        ({"kind": "test.secret", "thing": "食堂"}, ValueError),
        ({"kind": "test.mixed", "thing": "食堂", "hidden": True}, ValueError),
        ({"thing": "x" * 201}, ValueError),
        ({"thing": "nul\x00"}, ValueError),
        ({"thing": gettext_lazy("yes")}, ValueError),
        ({"thing": 1.5}, ValueError),
        ({"key": ""}, ValueError),
        ({"key": "x" * 101}, ValueError),
        ({"subject": "no key"}, ValueError),
    ],
)
def test_what_is_not_fit_is_refused_and_nothing_written(over, error, bell):
    with pytest.raises(error):
        tell(make_person(), urgent=True, **over)
    assert not Notice.objects.exists()
    assert bell == []


def test_open_kinds_may_carry_short_texts():
    tell(make_person(), thing="关于食堂伙食标准的公示")
    tell(make_person(), kind="test.mixed", thing="食堂", hidden=False, key="b")
    assert sorted(Notice.objects.values_list("facts__thing", flat=True)) == ["关于食堂伙食标准的公示", "食堂"]


def test_sweeps_may_insert_by_sql():
    person = make_person()
    make_id = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
    facts = "jsonb_build_object('thing', 'x')" if connection.vendor == "postgresql" else "json_object('thing', 'x')"
    statement = (
        "INSERT INTO notices_notice (id, key, desk, kind, subject, facts, is_urgent, at)"
        f" SELECT {make_id}, %s, %s, 'test.told', 'test.thing:1', {facts}, %s, at FROM notices_notice WHERE true"
        " ON CONFLICT (key) DO NOTHING"
    )
    tell(person, key="a")
    with connection.cursor() as cursor:
        for _turn in range(2):
            cursor.execute(statement, [notice_key("b", desk_of(person)), desk_of(person), True])
    assert list(Notice.objects.filter(is_urgent=True).values_list("key", "is_passed_on", "facts")) == [
        (notice_key("b", desk_of(person)), False, {"thing": "x"})
    ]


# The bell ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_bell_is_rung_after_commit_and_only_for_what_is_urgent(bell):
    person = make_person()
    with transaction.atomic():
        tell(person, urgent=True)
        assert bell == []
    assert bell == ["portal.notices.drain"]
    tell(person, key="b")
    assert bell == ["portal.notices.drain"]
    with pytest.raises(IntegrityError), transaction.atomic():
        tell(person, key="c", urgent=True)
        raise IntegrityError
    assert bell == ["portal.notices.drain"]
    assert Notice.objects.count() == 2


class _Away:
    """A broker that cannot be reached."""

    asked = 0

    def __init__(self, task):
        pass

    def apply_async(self, **_options):
        type(self).asked += 1
        raise OSError("connection refused to redis://:secret@10.0.0.1")


@pytest.mark.django_db(transaction=True)
def test_r04_a_broker_that_is_away_neither_stops_nor_slows_the_act(monkeypatch, caplog):
    monkeypatch.undo()
    monkeypatch.setattr(outbox, "signature", _Away)
    monkeypatch.setitem(outbox._broker, "away_until", 0.0)
    monkeypatch.setattr(outbox, "time", SimpleNamespace(monotonic=lambda: 1.0))  # the half minute is not over meanwhile
    _Away.asked = 0
    person = make_person()
    began = time.monotonic()
    for number in range(200):
        with transaction.atomic():
            tell(person, key=f"k{number}", urgent=True)
    assert time.monotonic() - began < 20
    assert Notice.objects.count() == 200
    assert _Away.asked == 1  # the others did not even knock
    assert [record.getMessage() for record in caplog.records] == [
        "The queue is away (OSError); the next scheduled draining delivers"
    ]


def test_what_may_no_longer_be_read_is_told_otherwise_and_nothing_else_is(django_assert_num_queries):
    one, two, other, unit = make_person(), make_person(), make_person(), make_unit()
    desks = [desk_of(one), desk_of(two)]
    for key, about, thing in (
        ("a:1", unit, "张大明"),
        ("a:2", unit, "张大明"),
        ("b:1", unit, "别处"),
        ("a:3", other, "别人"),
    ):
        post(kind="test.told", subject=about, desks=desks, at=NOW, key=key, thing=thing)
    with django_assert_num_queries(1):
        assert retell(kind="test.told", key="a:", subject=unit, thing="张某某") == 4
    assert sorted(Notice.objects.values_list("key", "facts__thing")) == sorted(
        (notice_key(key, desk), thing)
        for key, thing in (("a:1", "张某某"), ("a:2", "张某某"), ("b:1", "别处"), ("a:3", "别人"))
        for desk in desks
    )
    with pytest.raises(UnknownNotice):
        retell(kind="test.nobody_knows", key="a:", subject=unit, thing="x")
