"""
A year of scorecards of many units beside the limit: one statement that counts the same rows by unit, month and kind.

For ``make bench`` on a database of its own: it makes units and promises that
nobody needs. A thousand units and twelve months are what the goal is about (issue 5 §3).
"""

import datetime as dt
import os
import time
import uuid
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from portal.accounts.enums import UnitKind
from portal.accounts.models import Unit
from portal.deadlines.models import Promise
from portal.kernel.days import day_end, months_after
from portal.kernel.statistics import refresh_statistics

from .models import FrozenMonth, Scorecard, Snapshot
from .months import end_of
from .operations.freezing import freeze_month
from .queries.figures import figures_of_month

YEAR = 2025
KINDS = ("disclosure.publish", "disclosure.publish", "briefing.hold", "disclosure.rectify", "resolution.task")
FIRST_PATH = 5000  # behind the units that an enterprise has already
MONTHS = [dt.date(YEAR, month, 1) for month in range(1, 13)]


@dataclass(frozen=True)
class Cost:
    """What a piece of work cost: seconds on the wall, seconds of this process and its database."""

    wall: float
    cpu: float


def bench_scorecards(units, *, server_cpu):
    """
    Count and freeze a year of so many units, and count the same rows once by plain GROUP BY.

    Returns {"rows", "figures", "freeze", "limit"}: figures are read only, freeze
    writes them with their ledger entries. The counts are compared.
    """
    rows = _owe(units)
    costs, found, plain = {"rows": rows}, [], []
    costs["figures"] = _measured(lambda: found.extend(figures_of_month(month) for month in MONTHS), server_cpu)
    costs["limit"] = _measured(lambda: plain.extend(_group()), server_cpu)
    root = Unit.objects.get(code="BENCH")
    counted = sum(pair[1] for figures in found for pair in figures[root.path].values())
    if counted != rows or sum(row[-1] for row in plain) != rows:
        raise AssertionError(f"{counted} rows instead of {rows}")
    costs["freeze"] = _measured(_freeze, server_cpu)
    if Scorecard.objects.count() != 12 * (units + 1) or Snapshot.objects.count() != 12 * 4 * (units + 1):
        raise AssertionError("not every unit has every sheet")
    return costs


def _owe(count):
    """Make units that each month kept four promises of five; return how many promises there are."""
    root = Unit.objects.create(code="BENCH", name="bench", path="9000", kind=UnitKind.COMPANY)
    _fill(root, count)
    return Promise.objects.count()


def _fill(root, count):
    names = [(f"B{number:05d}", f"{root.path}{FIRST_PATH + number:04d}") for number in range(1, count + 1)]
    units = Unit.objects.bulk_create(
        Unit(code=name, name=name, path=path, parent=root, kind=UnitKind.SECONDARY) for name, path in names
    )
    Promise.objects.bulk_create(_promises(units), batch_size=5000)
    refresh_statistics()
    return units


def fill_scorecards(root, count):
    """Give an enterprise so many more units with a year of frozen sheets, once, and return them."""
    units = list(Unit.objects.filter(code__startswith="B", parent=root, path__gt=f"{root.path}{FIRST_PATH:04d}"))
    if len(units) < count:
        if FrozenMonth.objects.exists():
            raise ImproperlyConfigured("There are scorecards already; the bench fills a database that has none.")
        units = _fill(root, count)
        _freeze()
    return units


def _promises(units):
    for month in MONTHS:
        due_on = month + dt.timedelta(days=19)
        late = day_end(due_on)
        for unit in units:
            for place, kind in enumerate(KINDS):
                yield Promise(
                    kind=kind,
                    subject=f"bench.thing:{uuid.uuid4()}",
                    unit=unit,
                    started_on=month,
                    rule="days:19",
                    first_due_on=due_on,
                    due_on=due_on,
                    due_at=late,
                    met_at=late - dt.timedelta(days=3) if place else late + dt.timedelta(days=3),
                )


def _freeze():
    at = day_end(months_after(MONTHS[-1], 2))
    for month in MONTHS:
        freeze_month(month=month, at=at)


def _group():
    """The least it can cost: one pass over the year's promises by unit, month and kind."""
    month = "date_trunc('month', due_on)" if connection.vendor == "postgresql" else "substr(due_on, 1, 7)"
    last = end_of(MONTHS[-1])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT u.path, {month}, p.kind, COUNT(CASE WHEN p.met_at < p.due_at THEN 1 END), COUNT(*)"
            " FROM deadlines_promise p JOIN accounts_unit u ON u.id = p.unit_id"
            " WHERE p.due_on >= %s AND p.due_on < %s AND (p.ended_at IS NULL OR p.ended_at >= p.due_at)"
            f" GROUP BY u.path, {month}, p.kind",
            [MONTHS[0], last],
        )
        return cursor.fetchall()


def _measured(work, server_cpu):
    own = os.times()
    wall, cpu = time.perf_counter(), own.user + own.system + server_cpu()
    work()
    own = os.times()
    return Cost(time.perf_counter() - wall, own.user + own.system + server_cpu() - cpu)
