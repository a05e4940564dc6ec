"""
Opening duties beside the limit: one statement a table that writes equal rows.

For ``make bench`` on a database of its own: it makes units that nobody needs.
A thousand units that owe all 33 items each month for a year are what the goal
is about (performance.md); all items are made monthly here, so that every unit
owes 33 x 12 duties.
"""

import datetime as dt
import os
import re
import time
from dataclasses import dataclass

from django.db import connection, transaction

from portal.accounts.enums import UnitKind
from portal.accounts.models import Unit
from portal.kernel.days import day_start

from .enums import Frequency
from .models import Assignment, CatalogueItem, Duty
from .operations import open_duties, seed_catalogue
from .periods import periods_between

YEAR = 2025
INDEX = re.compile(r'INDEX "?(\w+)"? ON "?(\w+)"?')
TABLES = ("deadlines_promise", "disclosures_duty", "ledger_entry", "ledger_pending")


@dataclass(frozen=True)
class Cost:
    """What a piece of work cost: seconds on the wall, seconds of this process and its database."""

    wall: float
    cpu: float


def bench_duties(units, *, server_cpu):
    """
    Open a year's duties of so many units, then write equal rows by plain INSERT … SELECT.

    ``server_cpu`` returns the CPU seconds of the database's process. Returns
    {"rows", "open", "again", "limit"}; the database must be one that nobody needs.
    """
    owed = _owe(units)
    at = day_start(dt.date(YEAR + 1, 1, 2))
    costs = {"open": _measured(lambda: open_duties(at=at), server_cpu)}
    costs["rows"] = Duty.objects.count()
    if costs["rows"] != owed:
        raise AssertionError(f"{costs['rows']} duties instead of {owed}")
    costs["again"] = _measured(lambda: open_duties(at=at), server_cpu)
    costs["limit"] = _measured(_copy_rows, server_cpu)
    return costs


def _owe(count):
    """Make units that owe everything monthly from the first day of the year; return how many duties that makes."""
    seed_catalogue(at=day_start(dt.date(YEAR, 1, 1)))
    CatalogueItem.objects.update(frequency=Frequency.MONTH, second_frequency="")
    root = Unit.objects.create(code="BENCH", name="bench", path="zz00", kind=UnitKind.COMPANY)
    places = [root.path + _label(number) for number in range(count)]
    units = Unit.objects.bulk_create(
        Unit(code=f"B{number:05d}", name=f"B{number:05d}", path=path, parent=root, kind=UnitKind.SECONDARY)
        for number, path in enumerate(places)
    )
    items = list(CatalogueItem.objects.all())
    since = dt.date(YEAR, 1, 1)
    Assignment.objects.bulk_create(
        (Assignment(item=item, unit=unit, since=since) for unit in units for item in items), batch_size=2000
    )
    months = list(periods_between(Frequency.MONTH, since, dt.date(YEAR + 1, 1, 1)))
    return len(units) * len(items) * len(months)


def _label(number):
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return "b" + "".join(digits[number // 36**place % 36] for place in (2, 1, 0))


def _copy_rows():
    """Write the same rows once more into copies of the tables with all their indexes: the least it can cost."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            if connection.vendor == "postgresql":
                cursor.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")
            else:
                cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [table])
                cursor.execute(cursor.fetchone()[0].replace(f'"{table}"', f'"bench_{table}"', 1))
                cursor.execute(
                    "SELECT sql FROM sqlite_master WHERE tbl_name = %s AND type = 'index' AND sql > ''", [table]
                )
                for (sql,) in cursor.fetchall():
                    cursor.execute(INDEX.sub(r'INDEX "bench_\1" ON "bench_\2"', sql))
            cursor.execute(f"INSERT INTO bench_{table} SELECT * FROM {table}")
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DROP TABLE bench_{table}")


def _measured(work, server_cpu):
    own = os.times()
    wall, cpu = time.perf_counter(), own.user + own.system + server_cpu()
    work()
    own = os.times()
    return Cost(time.perf_counter() - wall, own.user + own.system + server_cpu() - cpu)
