"""
The sweep beside the limit: one SQL statement that does the least on equal tables.

For ``make bench`` on a database of its own: it fills and empties tables. The
limit raises every promise that is due, and writes one event and one outbox row
for each, in one statement over copies of the tables with all their indexes
(performance.md §4); ``full`` does in one statement all that the sweep writes.
"""

import datetime as dt
import os
import time
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from portal.accounts.enums import Role, UnitKind
from portal.accounts.models import Unit
from portal.kernel.days import day_end, local_day
from portal.kernel.statistics import refresh_statistics

from .kinds import Kind, known_kinds, register_kind
from .ladders import CARD_LADDER
from .operations import sweep

KIND = "bench.answer"
UNITS = 30
COPIES = {
    "promise": "deadlines_promise",
    "entry": "ledger_entry",
    "notice": "notices_notice",
    "step": "deadlines_step",
    "pending": "ledger_pending",
}


@dataclass(frozen=True)
class Cost:
    """What a piece of work cost: seconds on the wall, seconds of this process and its database, longest transaction."""

    wall: float
    cpu: float
    longest: float = 0.0


def bench_sweep(n, *, at):
    """
    Sweep ``n`` promises that are all due, then do the same by the limit's one statement.

    Returns {"rows", "sweep", "limit", "full", "idle_ms", "vacuumed_ms"} with a :class:`Cost` each; the database must be
    one that nobody needs.
    """
    if KIND not in known_kinds():
        register_kind(Kind(code=KIND, label="answer", rule="month_or_days:30", ladder=CARD_LADDER))
    _units()
    due_on = local_day(at) - dt.timedelta(days=1)
    costs = {"rows": n}
    for name, statement in (("limit", _limit), ("full", _full)):
        _copies()
        _seed("bench_promise", n, due_on)
        costs[name] = _measured(lambda statement=statement: statement(at))
        _drop_copies()
    sweep(at=at)  # what an earlier run, or a seeded database, has left
    _seed("deadlines_promise", n, due_on)
    longest = []
    costs["sweep"] = _measured(lambda: _sweep(at, n, longest))
    costs["sweep"] = Cost(costs["sweep"].wall, costs["sweep"].cpu, max(longest, default=0.0))
    costs["idle_ms"] = _idle(at)
    refresh_statistics("deadlines_promise", vacuum=True)
    costs["vacuumed_ms"] = _idle(at)
    return costs


def _sweep(at, n, longest):
    """Sweep, timing each batch by the statement hook of the connection."""

    def watch(execute, sql, params, many, context):
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            longest.append(time.perf_counter() - start)

    with connection.execute_wrapper(watch):
        done = sweep(at=at)
    if done.taken != n or done.missed != n:
        raise AssertionError(f"swept {done} of {n}")


def _idle(at):
    """Milliseconds of a sweep that finds nothing due: the middle of five."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        sweep(at=at)
        times.append(1000 * (time.perf_counter() - start))
    return sorted(times)[2]


def _units():
    if Unit.objects.exists():
        return
    root = Unit.objects.create(code="BENCH", name="bench", kind=UnitKind.COMPANY, path="0001")
    Unit.objects.bulk_create(
        Unit(code=f"BENCH{number:03d}", name="bench", kind=UnitKind.WORKSHOP, parent=root, path=f"0001{number:04d}")
        for number in range(1, UNITS)
    )


def _seed(table, n, due_on):
    """Fill a promise table with n open promises of the kind that fell due at the end of a day."""
    units = list(Unit.objects.order_by("path").values_list("pk", flat=True)[:UNITS])
    due_at = day_end(due_on)
    row = {
        "kind": KIND,
        "started": due_on - dt.timedelta(days=30),
        "due_on": due_on,
        "due_at": connection.ops.adapt_datetimefield_value(due_at),
        "n": n,
    }
    if connection.vendor == "postgresql":
        ids, unit = "gen_random_uuid()", "(%(units)s::bigint[])[1 + number %% %(count)s]"
        series = "generate_series(1, %(n)s) AS series (number)"
        row |= {"units": units, "count": len(units)}
        sweepless = "'feedback.inquiry:' || gen_random_uuid()"
    else:
        row["started"], row["due_on"] = row["started"].isoformat(), row["due_on"].isoformat()
        ids = "lower(hex(randomblob(16)))"
        unit = f"{units[0]} + number %% {len(units)}" if units[-1] - units[0] == len(units) - 1 else str(units[0])
        series = (
            "(WITH RECURSIVE series (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM series WHERE number < %(n)s)"
        )
        series += " SELECT number FROM series) AS series"
        sweepless = "'feedback.inquiry:' || lower(hex(randomblob(16)))"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {table} (id, kind, subject, round, unit_id, started_on, rule, calendar,
                is_provisional, first_due_on,
                due_on, due_at, paused_days, extended_days, extension_reason, end_code, next_step, next_at)
            SELECT {ids}, %(kind)s, {sweepless}, 1, {unit}, %(started)s, 'month_or_days:30', '', FALSE, %(due_on)s,
                %(due_on)s, %(due_at)s, 0, 0, '', '', 5, %(due_at)s
            FROM {series}
            """,
            row,
        )
    refresh_statistics(table, vacuum=True)


def _copies():
    _drop_copies()
    with connection.cursor() as cursor:
        for name, table in COPIES.items():
            if connection.vendor == "postgresql":
                cursor.execute(f"CREATE TABLE bench_{name} (LIKE {table} INCLUDING ALL)")
                continue
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL AND type != 'trigger'", [table]
            )
            for number, (sql,) in enumerate(cursor.fetchall()):
                for own in COPIES.items():
                    sql = sql.replace(f'"{own[1]}"', f'"bench_{own[0]}"')
                if "INDEX" in sql.split("(")[0]:
                    head, _on, tail = sql.partition(" ON ")
                    tail = (
                        f'"bench_{name}" ({tail.partition("(")[2]}'  # hand-written ones name their table without quotes
                    )
                    sql = f"{head.rsplit(' ', 1)[0]} bench_{name}_{number} ON {tail}"
                cursor.execute(sql)


def _drop_copies():
    with connection.cursor() as cursor:
        for name in reversed(COPIES):
            cursor.execute(f"DROP TABLE IF EXISTS bench_{name}")


_EVENT = "'promise.missed', subject, 'system', due_at, FALSE"
_COLUMNS = "id, verb, subject, actor, at, is_day_only, facts"
_QUEUED = "INSERT INTO bench_pending (entry_id, at, is_day_only) SELECT id, at, is_day_only FROM"
_NOTICE = "id, key, desk, kind, subject, facts, is_urgent, at"


def _limit(at):
    """The least: raise, one event row, one outbox row."""
    _one_statement(at, is_full=False)


def _full(at):
    """All that the sweep writes: besides, the step and the place in the sealer's queue."""
    _one_statement(at, is_full=True)


def _one_statement(at, *, is_full):
    is_postgresql = connection.vendor == "postgresql"
    at = connection.ops.adapt_datetimefield_value(at)
    uid = "gen_random_uuid()" if is_postgresql else "lower(hex(randomblob(16)))"
    build = "jsonb_build_object" if is_postgresql else "json_object"
    later = "due_at + make_interval(days => 6)" if is_postgresql else "datetime(due_at, '6 days')"
    raised = f"UPDATE bench_promise SET next_step = 6, next_at = {later}, missed_at = due_at"
    raised += " WHERE next_at <= %(at)s AND met_at IS NULL AND ended_at IS NULL"
    event = f"INSERT INTO bench_entry ({_COLUMNS}) SELECT {uid}, {_EVENT},"
    event += f" {build}('promise', id, 'kind', kind, 'round', round, 'due_on', due_on) FROM"
    told = f"INSERT INTO bench_notice ({_NOTICE}) SELECT {uid}, 'promise:' || id || ':red:' || due_on || '|' ||"
    told += (
        f" '{Role.LEADER_IN_CHARGE}:' || unit_id, '{Role.LEADER_IN_CHARGE}:' || unit_id, 'promise.overdue', subject,"
    )
    told += f" {build}('promise', id, 'what', kind, 'code', 'red', 'due_on', due_on), TRUE, %(at)s FROM"
    step = "INSERT INTO bench_step (promise_id, code, due_on, \"on\") SELECT id, 'red', due_on, due_on FROM"
    with transaction.atomic(), connection.cursor() as cursor:
        if is_postgresql:
            more = f", event AS ({event} moved RETURNING id, at, is_day_only)"
            if is_full:
                more += f", stepped AS ({step} moved)"
                more += f", queued AS ({_QUEUED} event)"
            cursor.execute(f"WITH moved AS ({raised} RETURNING *){more} {told} moved", {"at": at})
        else:  # several statements, one transaction: the dialect has no writing inside WITH
            cursor.execute(raised, {"at": at})
            cursor.execute(f"{event} bench_promise WHERE missed_at IS NOT NULL")
            if is_full:
                cursor.execute(
                    "INSERT INTO bench_pending (entry_id, at, is_day_only) SELECT id, at, is_day_only FROM bench_entry"
                )
                cursor.execute(f"{step} bench_promise WHERE missed_at IS NOT NULL")
            cursor.execute(f"{told} bench_promise WHERE missed_at IS NOT NULL", {"at": at})


def _measured(work):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
            try:
                cursor.execute("CHECKPOINT")
            except Exception:  # noqa: BLE001 -- only a superuser may; then the runs are a little less even
                connection.close()
    else:
        pid = None
    before_cpu, before = _cpu(pid), time.perf_counter()
    work()
    return Cost(time.perf_counter() - before, _cpu(pid) - before_cpu)


def _cpu(pid):
    """CPU seconds of this process, and of its database backend where that runs on this machine."""
    own = time.process_time()
    stat = Path(f"/proc/{pid}/stat")
    if pid is None or not stat.exists():
        return own
    fields = stat.read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()
    return own + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
