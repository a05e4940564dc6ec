"""
What no browser asks for: the sweep of promises, the opening of duties, the ledger's appending, sealing and checking.

They fill and empty tables, so they run in a database of their own that nobody needs.
"""

import hashlib
import time

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from disclosures.benching import bench_duties
from evaluations import appraisal_benching
from evaluations.benching import bench_scorecards
from portal.ballots.benching import ballot_fields, bench_count, make_plain_table, make_vote
from portal.ballots.models import Ballot, Participation
from portal.deadlines.benching import bench_sweep
from portal.home.demo.seeding import is_seeded
from portal.ledger.checking import verify_database
from portal.ledger.operations import seal_pending
from portal.ledger.recording import record

from .bench import Bench, Visit
from .limits import MATTERS
from .load import Browsers
from .meter import measure, server_cpu

SWEEP_GOAL = 1.5
AT_ONCE, COUNTED_MATTERS = 500, 20
RATED = 20
# Acceptance test L1: so long for all of them to open the ballot and to put it in, and how long 19 of 20 may wait.
L1_SECONDS, L1_P95 = 10.0, 1.5
# Acceptance test L2: workers of an open appraisal, requests a second, the wait; a minute of its ten.
L2_WORKERS, L2_RATE, L2_P95 = 3000, 50, 0.8


class NotEmpty(Exception):
    """The database holds an enterprise; the jobs would spoil it."""


def run_jobs(part, *, n, at, say=lambda line: None):
    """Return the rows of a job over n promises, units, entries or ballots; nothing may be there yet."""
    if is_seeded():
        raise NotEmpty
    if part == "ledger":
        rows = [*_ledger(n, at), *_append(at)]
    elif part == "ballots":
        rows = [*_at_once(min(n, AT_ONCE)), *_within_ten_seconds(min(n, AT_ONCE)), *_count(n)]
    elif part == "appraisals":
        rows = [*_forms_at_once(min(n, AT_ONCE)), *_mixed(min(n, L2_WORKERS)), *_appraisal(n)]
    else:
        rows = _sweep(n, at) if part == "sweep" else _scorecards(n) if part == "scorecards" else _duties(n)
    for row in rows:
        say(line_of_job(row))
    return rows


def _job(name, n, wall, cpu, limit_wall=None, limit_cpu=None, goal=None, **more):
    row = {"name": name, "n": n, "wall_s": round(wall, 3), "cpu_s": round(cpu, 3), "goal": goal, **more}
    row["limit_wall_s"] = round(limit_wall, 3) if limit_wall else None
    row["limit_cpu_s"] = round(limit_cpu, 3) if limit_cpu else None
    row["ratio_wall"] = round(wall / limit_wall, 2) if limit_wall else None
    row["ratio_cpu"] = round(cpu / limit_cpu, 2) if limit_cpu else None
    ratios = [ratio for ratio in (row["ratio_wall"], row["ratio_cpu"]) if ratio is not None]
    row["failed"] = [f"ratio {ratio}" for ratio in ratios if goal is not None and ratio > goal]
    return row


def _sweep(n, at):
    costs = bench_sweep(n, at=at)
    own, limit, full = costs["sweep"], costs["limit"], costs["full"]
    more = {"longest_s": round(own.longest, 3), "idle_ms": round(costs["idle_ms"], 1)}
    more["vacuumed_ms"] = round(costs["vacuumed_ms"], 1)
    row = _job("sweep / one statement", n, own.wall, own.cpu, limit.wall, limit.cpu, SWEEP_GOAL, **more)
    if own.longest > 0.5:
        row["failed"].append("a transaction longer than half a second")
    return [row, _job("sweep / one statement of all it writes", n, own.wall, own.cpu, full.wall, full.cpu)]


def _duties(units):
    """A year's duties of so many units that owe 33 items a month, beside writing equal rows once more."""
    costs = bench_duties(units, server_cpu=server_cpu)
    own, limit, again = costs["open"], costs["limit"], costs["again"]
    return [
        _job("duties: open a year / INSERT SELECT", costs["rows"], own.wall, own.cpu, limit.wall, limit.cpu),
        _job("duties: nothing to open", costs["rows"], again.wall, again.cpu),
    ]


def _scorecards(units):
    """A year's figures of so many units, read and frozen, beside one GROUP BY over the same rows."""
    costs = bench_scorecards(units, server_cpu=server_cpu)
    own, freeze, limit = costs["figures"], costs["freeze"], costs["limit"]
    return [
        _job("scorecards: count a year / one GROUP BY", costs["rows"], own.wall, own.cpu, limit.wall, limit.cpu),
        _job("scorecards: freeze a year", costs["rows"], freeze.wall, freeze.cpu, limit.wall, limit.cpu),
    ]


def _at_once(n):
    """So many delegates press the button in the same second, over two workers, beside as many plain ballots."""
    at = timezone.now()
    make_plain_table()
    vote, bench = make_vote(matters=MATTERS, voters=n, at=at), Bench(at)
    cookies = [bench.cookies(person) for person in vote.people]
    path, data = reverse("ballots:ballot", args=[vote.poll.pk]), ballot_fields(MATTERS)
    with Browsers(seconds=1) as browsers:
        browsers.once_each([Visit(path, cookies[0], None, 200)] * 8)  # the workers compile the templates first
        walls, errors, cpu = browsers.once_each([Visit(path, one, data, 200) for one in cookies])
        limits, _errors, limit_cpu = browsers.once_each(
            [Visit("/limit/one_ballot/4096", one, data, 200) for one in cookies]
        )
    return [_crowd(f"ballots: at once, {MATTERS} matters", vote.poll, n, walls, errors, cpu, max(limits), limit_cpu)]


def _within_ten_seconds(n):
    """L1: so many delegates open the ballot and put it in, one after the other within ten seconds."""
    at = timezone.now()
    vote, bench = make_vote(matters=MATTERS, voters=n, at=at), Bench(at)
    cookies = [bench.cookies(person) for person in vote.people]
    path, data = reverse("ballots:ballot", args=[vote.poll.pk]), ballot_fields(MATTERS)
    with Browsers(seconds=1) as browsers:
        browsers.once_each([Visit(path, cookies[0], None, 200)] * 8)
        walls, errors, cpu = browsers.once_each(
            [[Visit(path, one, None, 200), Visit(path, one, data, 200)] for one in cookies], within=L1_SECONDS
        )
    row = _crowd(f"ballots: opened and cast within {L1_SECONDS:g} s", vote.poll, n, walls, errors, cpu)
    if row["p95_s"] > L1_P95:
        row["failed"].append(f"p95 {row['p95_s']} s")
    return [row]


def _forms_at_once(n):
    """So many raters send a form about twenty leaders in the same second, beside as many plain ballots."""
    at = timezone.now()
    make_plain_table()
    made, bench = appraisal_benching.Appraisal(subjects=RATED, raters=n, at=at), Bench(at)
    cookies = [bench.cookies(person) for person in made.people]
    path, data = reverse("ballots:ballot", args=[made.poll.pk]), made.fields()
    with Browsers(seconds=1) as browsers:
        browsers.once_each([Visit(path, cookies[0], None, 200)] * 8)
        walls, errors, cpu = browsers.once_each([Visit(path, one, data, 200) for one in cookies])
        limits, _errors, limit_cpu = browsers.once_each(
            [Visit("/limit/one_ballot/4096", one, data, 200) for one in cookies]
        )
    return [
        _crowd(f"appraisal: forms at once, {RATED} leaders", made.poll, n, walls, errors, cpu, max(limits), limit_cpu)
    ]


def _mixed(n):
    """L2: fifty requests a second by workers of an open appraisal: each fifth opens a form, each fifth sends one."""
    at = timezone.now()
    made, bench = appraisal_benching.Appraisal(subjects=RATED, raters=n, at=at), Bench(at)
    path = reverse("ballots:ballot", args=[made.poll.pk])
    pages = [reverse("home:home"), reverse("evaluations:mine"), reverse("disclosures:list")]
    visits = []
    for place, person in enumerate(made.people):
        kind, cookies = place % 5, bench.cookies(person)
        if kind == 0:
            visits.append(Visit(path, cookies, made.fields(), 200))
        else:
            visits.append(Visit(path if kind == 1 else pages[kind - 2], cookies, None, 200))
    with Browsers(seconds=1) as browsers:
        for visit in visits[1:5]:
            browsers.once_each([visit] * 4)
        walls, errors, cpu = browsers.steadily(visits, per_second=L2_RATE)
    sent = len(visits[::5])
    row = _crowd(f"appraisal: {L2_RATE} requests/s, mixed", made.poll, sent, walls, errors, cpu)
    if row["p95_s"] > L2_P95:
        row["failed"].append(f"p95 {row['p95_s']} s")
    return [row | {"n": len(visits)}]


def _crowd(name, poll, people, walls, errors, cpu, limit_wall=None, limit_cpu=None):
    """Return the row of a crowd that voted, each person once; nothing may be lost or refused."""
    kept = (Participation.objects.filter(poll=poll).count(), Ballot.objects.filter(poll=poll).count())
    row = _job(name, kept[1], max(walls), cpu, limit_wall, limit_cpu)
    row |= {"p95_s": round(sorted(walls)[int(len(walls) * 0.95)], 3), "errors": errors, "kept": kept}
    if errors or kept != (people, people):
        row["failed"].append(f"{errors} errors, {kept[0]} of {people} took part, {kept[1]} ballots")
    return row


def _count(n):
    """Open, shuffle, count and rebuild a full box, beside one GROUP BY over equal plain rows."""
    costs = bench_count(n, matters=COUNTED_MATTERS, at=timezone.now(), server_cpu=server_cpu)
    own, limit, seal = costs["count"], costs["limit"], costs["seal"]
    return [
        _job(f"ballots: seal, {COUNTED_MATTERS} matters", n, seal.wall, seal.cpu),
        _job("ballots: count / one GROUP BY", n, own.wall, own.cpu, limit.wall, limit.cpu),
    ]


def _appraisal(n):
    """Open and take apart so many forms about twenty leaders, beside one GROUP BY over equal plain rows; publish."""
    costs = appraisal_benching.bench_count(n, subjects=RATED, at=timezone.now(), server_cpu=server_cpu)
    own, limit = costs["count"], costs["limit"]
    return [
        _job(f"appraisal: seal, {RATED} leaders", n, costs["seal"].wall, costs["seal"].cpu),
        _job("appraisal: count / one GROUP BY", n, own.wall, own.cpu, limit.wall, limit.cpu),
        _job("appraisal: publish", n, costs["publish"].wall, costs["publish"].cpu),
    ]


def _append(at):
    """One act in a transaction, beside one row in a transaction."""
    facts = {"number": "2026-0001", "due_on": at.date(), "sha256": "0" * 64}

    def append():
        with transaction.atomic():
            record(verb="inquiry.registered", subject="feedback.inquiry:bench", actor="system", at=at, **facts)

    def insert():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bench_limit (verb, subject, at, facts) VALUES (%s, %s, %s, %s)",
                ["inquiry.registered", "feedback.inquiry:bench", str(at), "{}"],
            )

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_limit (verb text, subject text, at text, facts text)")
    try:
        found = measure({"append": (append, None), "limit": (insert, None)})
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE bench_limit")
    own, limit = found["append"], found["limit"]
    seconds = [ms / 1000 for ms in (own.wall_ms, own.cpu_ms, limit.wall_ms, limit.cpu_ms)]
    row = _job("ledger: append one", 1, *seconds)
    return [row | {"wall_s": round(seconds[0], 6), "cpu_s": round(seconds[1], 6)}]


def _ledger(n, at):
    """Seal and check so many entries, beside reading and hashing equal rows once."""
    _fill(n, at)
    rows = []
    with _Clock() as sealing:
        while seal_pending(at=at, limit=20_000):
            pass
    with _Clock() as reading:
        _read_all()
    with _Clock() as checking:
        report = verify_database(at=at)
    if report.fault:
        raise AssertionError(str(report.fault))
    rows.append(_job("ledger: seal", report.count, sealing.wall, sealing.cpu, reading.wall, reading.cpu))
    rows.append(_job("ledger: verify", report.count, checking.wall, checking.cpu, reading.wall, reading.cpu))
    return rows


def _fill(n, at):
    is_postgresql = connection.vendor == "postgresql"
    uid = "gen_random_uuid()" if is_postgresql else "lower(hex(randomblob(16)))"
    series = "generate_series(1, %s) AS series (number)"
    if not is_postgresql:
        series = "(WITH RECURSIVE s (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM s WHERE number < %s)"
        series += " SELECT number FROM s) AS series"
    facts = """'{"number": "2026-0001", "due_on": "2026-04-30", "days": 30}'""" + ("::jsonb" if is_postgresql else "")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_entry (id, verb, subject, actor, at, is_day_only, facts)"
            f" SELECT {uid}, 'inquiry.registered', 'feedback.inquiry:' || number, 'system', %s, FALSE, {facts}"
            f" FROM {series}",
            [connection.ops.adapt_datetimefield_value(at), n],
        )


def _read_all():
    """The least a check can do: read the entries once, in order, and hash what was read."""
    digest, last = hashlib.sha256(), 0
    sql = (
        "SELECT s.seq, s.hash, e.id, e.verb, e.subject, e.actor, e.at, e.facts FROM ledger_seal s"
        " JOIN ledger_entry e ON e.id = s.entry_id WHERE s.seq > %s ORDER BY s.seq LIMIT 5000"
    )
    with connection.cursor() as cursor:
        while True:
            cursor.execute(sql, [last])
            found = cursor.fetchall()
            if not found:
                return
            for row in found:
                digest.update(repr(row).encode())
            last = found[-1][0]


class _Clock:
    """Wall and CPU seconds of a block, the database's process included."""

    def __enter__(self):
        connection.ensure_connection()
        self._wall, self._cpu = time.perf_counter(), time.process_time() + server_cpu()
        return self

    def __exit__(self, *exc):
        self.wall = time.perf_counter() - self._wall
        self.cpu = time.process_time() + server_cpu() - self._cpu


def line_of_job(row):
    """Return a job's row of the table as text."""
    cells = [row["limit_cpu_s"], row["ratio_cpu"], row["ratio_wall"], row["goal"]]
    limit, cpu, wall, goal = ("" if cell is None else f"{cell:g}" for cell in cells)
    words = "over: " + ", ".join(row["failed"]) if row["failed"] else "ok" if row["goal"] else ""
    if "p95_s" in row:
        words = f"p95 {row['p95_s']:g} s  {words}"
    line = (
        f"{row['name']:<40}{row['n']:>9}{row['wall_s']:>10g}{row['cpu_s']:>10g}{limit:>9}{cpu:>7}{wall:>7}{goal:>6}  "
    )
    return line + words


HEAD_OF_JOBS = f"{'job':<40}{'rows':>9}{'wall s':>10}{'CPU s':>10}{'limit':>9}{'CPU x':>7}{'wall x':>7}{'goal':>6}"
