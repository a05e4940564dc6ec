"""What databases are told of their tables: PostgreSQL whatever it asks for, SQLite nothing."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection

from portal.deadlines.kinds import known_kinds
from portal.deadlines.models import Promise
from portal.kernel.days import day_end
from portal.kernel.statistics import forget_statistics, refresh_statistics
from tests.factories.people import same_unit
from tests.factories.scorecards import promise
from tests.services import both_engines

pytestmark = [pytest.mark.django_db, both_engines]
DAY = dt.date(2026, 11, 27)


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


@pytest.fixture
def promises(engine):
    company = same_unit("QM", "company", None)
    units = [same_unit(f"U{number}", f"unit {number}", company) for number in range(20)]
    kinds = sorted(known_kinds())
    for number in range(60):
        kind, due_on = kinds[number * 7 % len(kinds)], DAY + dt.timedelta(days=number % 40 - 20)
        promise(units[number % 20], kind, due_on=due_on)
    return company, kinds


def late(company, kinds):
    return Promise.objects.open().filter(
        kind__in=kinds, unit__path__gte=company.path, unit__path__lt=company.path_end, due_at__lte=day_end(DAY)
    )


def test_what_is_late_is_late_whatever_somebody_has_told_the_database(promises):
    true = {one.pk for one in Promise.objects.all() if one.due_at <= day_end(DAY)}
    assert 0 < len(true) < 60
    run("ANALYZE")
    forget_statistics()
    assert {one.pk for one in late(*promises)} == true


def test_sqlite_is_told_nothing_and_forgets_with_each_migrate(engine):
    if connection.vendor != "sqlite":
        refresh_statistics("accounts_unit")
        assert run("SELECT reltuples >= 0 FROM pg_class WHERE relname = 'accounts_unit'")
        return
    refresh_statistics()
    assert run("SELECT COUNT(*) FROM sqlite_master WHERE name = 'sqlite_stat1'") == 0
    run("ANALYZE")
    assert run("SELECT COUNT(*) FROM sqlite_stat1") > 0
    call_command("migrate", verbosity=0)
    assert run("SELECT COUNT(*) FROM sqlite_stat1") == 0
