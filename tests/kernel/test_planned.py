"""Statements planned once for a connection: the same rows, whatever the server has meanwhile forgotten."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from portal.kernel import planned, replaying
from portal.kernel.planned import Planned
from tests.services import both_engines

pytestmark = [pytest.mark.django_db(transaction=True), both_engines]
VALUE, DAY = object(), object()
SQL = "SELECT name, one FROM scratch WHERE name LIKE 'a%%' AND one = %s AND name <> %s"


@pytest.fixture
def asked(engine, settings, monkeypatch):
    """Return a callable that asks for the rows of a number, of a table of the connection's own."""
    settings.PREPARES_STATEMENTS = True
    monkeypatch.setitem(planned._surprises, "seen", 0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE scratch (name varchar(9), one integer)")
        cursor.execute("INSERT INTO scratch VALUES ('a', 1), ('ab', 2), ('no', 1), ('a%', 1)")
    statement = Planned(SQL, (VALUE, "ab"), lambda one: "integer" if one is VALUE else None)

    def ask(value):
        return sorted(map(tuple, statement.ask([value, "ab"])))

    yield ask
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE scratch")
        run("DEALLOCATE ALL")


ROWS = [("a", 1), ("a%", 1)]


def run(sql):
    """Say something to a server that prepares."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(sql)


def held():
    """Return how many statements the server has prepared for the connection: none on an engine that does not."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_prepared_statements WHERE name LIKE 'portal_%'")
        return cursor.fetchone()[0]


def test_the_rows_are_those_of_the_plain_statement_and_it_is_prepared_once(asked, settings):
    assert [asked(1), asked(2), asked(1)] == [ROWS, [], ROWS]
    assert held() in (1, None)
    settings.PREPARES_STATEMENTS = False
    assert asked(1) == ROWS


def test_a_server_that_forgot_it_is_asked_plainly_and_prepares_it_again(asked):
    asked(1)
    run("DEALLOCATE ALL")
    assert (asked(1), held()) in ((ROWS, 0), (ROWS, None))
    assert (asked(1), held()) in ((ROWS, 1), (ROWS, None))


def test_a_server_for_which_somebody_else_prepared_it_is_asked_all_the_same(asked):
    asked(1)
    connection._portal_planned = None
    assert (asked(1), held(), planned._surprises["seen"]) in ((ROWS, 1, 0), (ROWS, None, 0))


def test_a_table_that_was_changed_costs_no_page(asked):
    asked(1)
    run("ALTER TABLE scratch ALTER COLUMN name TYPE text")
    assert [asked(1), asked(1)] == [ROWS, ROWS]


def test_after_a_few_surprises_nothing_is_prepared_any_more(asked):
    for _time in range(planned.MOST_SURPRISES):
        asked(1)
        run("DEALLOCATE ALL")
        assert asked(1) == ROWS
        run("DEALLOCATE ALL")
        connection._portal_planned = None
    assert (asked(1), held()) in ((ROWS, 0), (ROWS, None))
    assert planned._surprises["seen"] == (planned.MOST_SURPRISES if connection.vendor == "postgresql" else 0)


def test_another_constant_is_another_plan_and_never_the_first_ones_rows(asked):
    statement = Planned(SQL, (VALUE, DAY), lambda one: "integer" if one is VALUE else None)
    assert [sorted(map(tuple, statement.ask([1, name]))) for name in ("ab", "a", "ab")] == [ROWS, [("a%", 1)], ROWS]
    assert held() in (2, None)


def test_what_was_prepared_has_a_bound(asked, monkeypatch):
    monkeypatch.setattr(planned, "MOST_KNOWN", 3)
    statement = Planned(SQL, (VALUE, DAY), lambda one: "integer" if one is VALUE else None)
    for number in range(10):
        assert statement.ask([2, f"name {number}"]) == [("ab", 2)]
        assert held() is None or held() <= 3
    assert len(statement._texts) <= planned.MOST_TEXTS
    assert planned._surprises["seen"] == 0


def test_a_page_that_is_read_again_is_asked_for_its_own_now_and_its_own_values(asked):
    now = timezone.now()
    for age, name in ((0, "a"), (1, "b"), (0, "c")):
        at = now - dt.timedelta(days=age)
        (row,) = replaying._ask("SELECT name, %s, %s FROM scratch WHERE one = 2", (name, replaying.NOW), at)
        assert row[1] == name
        assert parse_datetime(str(row[2])).date() == at.date()
        assert replaying._ask("SELECT name, one FROM scratch WHERE name = %s", (name,), at) == [
            one for one in [("a", 1)] if one[0] == name
        ]


def test_within_a_transaction_nothing_is_prepared(asked):
    with transaction.atomic():
        assert (asked(1), held()) in ((ROWS, 0), (ROWS, None))


def test_what_is_wrong_with_a_statement_is_said(asked):
    broken = Planned("SELECT nothing FROM scratch WHERE one = %s", (VALUE,), lambda one: "integer")
    with pytest.raises(Exception, match="nothing"):
        broken.ask([1])
