"""Checking the database's own ledger against its seals, its heads and its triggers."""

import datetime as dt
from hashlib import sha256

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from .columns import dashed, entry_beside
from .models import Entry, Head, Pending
from .verifying import Anchor, Fault, Report, canonical_of_columns, verify_rows

CHUNK = 5000
LARGEST = 2**63 - 1
# Whatever waits when a head is made is sealed first; without a head for this long the sealer stands still.
LATEST = dt.timedelta(hours=25)
DAY = dt.timedelta(days=1)

_TABLES = ("entry", "seal", "head")
GUARD_QUERIES = {
    "postgresql": (
        "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE c.relname LIKE 'ledger\\_%%' AND t.tgenabled IN ('O', 'A')"
    ),
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
}
GUARDS = {
    "postgresql": {f"ledger_{table}_{guard}" for table in _TABLES for guard in ("guard", "guard_all")},
    "sqlite": {f"ledger_{table}_no_{verb}" for table in _TABLES for verb in ("UPDATE", "DELETE", "REPLACE")},
}


def verify_database(*, at, anchors=()):
    """
    Recompute the whole chain from the rows and return a report with the first fault, if any.

    Heads kept in the database are compared as well as the given ones; only the
    latter help against somebody who has rewritten both chain and heads.
    """
    kept = [Anchor(day.isoformat(), seq, hash_) for day, seq, hash_ in Head.objects.values_list("day", "seq", "hash")]
    # From the lowest number there is: a seal below the first would hide an entry from the chain and from the queue.
    report = verify_rows(rows(first=-LARGEST - 1), [*kept, *anchors])
    if report.fault:
        return report
    fault = _unsealed(at, report) or _unguarded(report.seq)
    return Report(report.count, report.seq, report.hash, fault)


def rows(*, first=1):
    """Yield (seq, hash, digest, entry id) of sealed entries in order, in steady memory; a lost entry is a Fault."""
    for seq, hash_, entry, text, _verb, _actor in texts(first=first):
        if text is None:
            yield Fault(seq, "missing", entry)
        else:  # digest_of() spelled out, as in verify_rows
            yield seq, hash_, sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), entry


def texts(*, first=1, last=None):
    """
    Yield (seq, hash, entry id, canonical text, verb, actor) of sealed entries in order.

    The text is None where the entry is gone, and empty where its columns cannot be read.
    """
    for seq, hash_, key, is_there, verb, subject, actor, at, is_day_only, facts in _columns(first, last):
        try:
            text = canonical_of_columns(key, verb, subject, actor, at, is_day_only, facts) if is_there else None
        except ValueError:
            text = ""
        yield seq, hash_, key, text, verb, actor


def _columns(first, last):
    join, columns = entry_beside("s.entry_id")
    sql = (
        f"SELECT s.seq, s.hash, {dashed('s.entry_id')}, {columns} FROM ledger_seal s {join}"  # noqa: S608 -- fixed texts of columns.py
        " WHERE s.seq >= %s AND s.seq <= %s ORDER BY s.seq LIMIT %s"
    )
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [first, LARGEST if last is None else last, CHUNK])
            chunk = cursor.fetchall()
        yield from chunk
        if len(chunk) < CHUNK:
            return
        first = chunk[-1][0] + 1


def _unsealed(at, report):
    """
    An entry outside the chain: taken out of the sealer's queue by hand, or left in it because nothing seals.

    An entry's own time does not tell how long it waits: a promise missed during
    a standstill is recorded late and dated when it fell due.
    """
    lost = Q(~Exists(Pending.objects.filter(entry=OuterRef("pk"))))
    entries = Entry.objects.all()
    if _are_all_accounted_for(report):
        lost, entries = Q(pk__in=()), entries.filter(pk__in=Pending.objects.values("entry"))
    if not Head.objects.filter(made_at__gt=at - LATEST).exists():
        lost |= Q(is_day_only=False, at__lt=at - LATEST) | Q(is_day_only=True, at__lt=at - LATEST - DAY)
    loose = entries.filter(lost, seal__isnull=True)
    row = loose.order_by("at", "id").values_list("id", "at").first()
    return row and Fault(report.seq + 1, "unsealed", str(row[0]), row[1].isoformat())


def _are_all_accounted_for(report):
    """
    Whether the entries are as many as the sealed and the queued ones together: then none of them is outside.

    Three counts instead of looking each entry up. The walk has just seen ``report.count`` different entries that
    are all there, and what was sealed since came out of the queue.
    """
    with connection.cursor() as cursor:
        # One statement, hence one view of the tables, while others write and seal.
        cursor.execute(
            "SELECT (SELECT count(*) FROM ledger_entry), (SELECT count(*) FROM ledger_seal WHERE seq > %s),"
            " (SELECT count(*) FROM ledger_pending p"
            " WHERE EXISTS (SELECT 1 FROM ledger_entry e WHERE e.id = p.entry_id)"
            " AND NOT EXISTS (SELECT 1 FROM ledger_seal s WHERE s.entry_id = p.entry_id))",
            [report.seq],
        )
        entries, sealed_since, queued = cursor.fetchone()
    return entries == report.count + sealed_since + queued


def _unguarded(seq):
    with connection.cursor() as cursor:
        cursor.execute(GUARD_QUERIES[connection.vendor], [] if connection.vendor == "postgresql" else None)
        present = {name for (name,) in cursor.fetchall()}
    missing = sorted({"ledger_entry_enqueue", *GUARDS[connection.vendor]} - present)
    return Fault(seq, "unguarded", "", ", ".join(missing)) if missing else None
