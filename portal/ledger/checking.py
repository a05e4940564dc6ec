"""Checking the database's own ledger against its seals, its heads and its triggers."""

import datetime as dt

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from .models import ENTRY_FIELDS, Entry, Head, Pending, Seal
from .verifying import Anchor, Fault, Report, canonical, digest_of, verify_rows

CHUNK = 5000
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
    report = verify_rows(rows(), [*kept, *anchors])
    if report.fault:
        return report
    fault = _unsealed(at, report.seq) or _unguarded(report.seq)
    return Report(report.count, report.seq, report.hash, fault)


def rows(*, first=1, last=None):
    """Yield (seq, hash, digest, entry id) of sealed entries in order, in steady memory; a lost entry is a Fault."""
    for seq, hash_, entry, text in texts(first=first, last=last):
        yield Fault(seq, "missing", str(entry)) if text is None else (seq, hash_, digest_of(text), str(entry))


def texts(*, first=1, last=None):
    """Yield (seq, hash, entry id, canonical text or None when the entry is gone) of sealed entries in order."""
    for seq, hash_, key, fields in sealed(first=first, last=last):
        yield seq, hash_, key, fields and canonical(**fields)


def sealed(*, first=1, last=None):
    """Yield (seq, hash, entry id, the entry's fields as a dict or None) of sealed entries in order."""
    reach = Seal.objects.order_by("seq") if last is None else Seal.objects.order_by("seq").filter(seq__lte=last)
    while True:
        seals = list(reach.filter(seq__gte=first).values_list("seq", "hash", "entry_id")[:CHUNK])
        if not seals:
            return
        # By their keys, not by a subquery: right after a bulk load the planner would read the whole table each time.
        keys = [key for _seq, _hash, key in seals]
        found = {
            row[0]: dict(zip(ENTRY_FIELDS, row, strict=True))
            for row in Entry.objects.filter(pk__in=keys).values_list(*ENTRY_FIELDS)
        }
        for seq, hash_, key in seals:
            yield seq, hash_, key, found.get(key)
        first = seals[-1][0] + 1


def _unsealed(at, seq):
    """
    An entry outside the chain: taken out of the sealer's queue by hand, or left in it because nothing seals.

    An entry's own time does not tell how long it waits: a promise missed during
    a standstill is recorded late and dated when it fell due.
    """
    lost = Q(~Exists(Pending.objects.filter(entry=OuterRef("pk"))))
    if not Head.objects.filter(made_at__gt=at - LATEST).exists():
        lost |= Q(is_day_only=False, at__lt=at - LATEST) | Q(is_day_only=True, at__lt=at - LATEST - DAY)
    loose = Entry.objects.filter(lost, seal__isnull=True)
    row = loose.order_by("at", "id").values_list("id", "at").first()
    return row and Fault(seq + 1, "unsealed", str(row[0]), row[1].isoformat())


def _unguarded(seq):
    with connection.cursor() as cursor:
        cursor.execute(GUARD_QUERIES[connection.vendor], [] if connection.vendor == "postgresql" else None)
        present = {name for (name,) in cursor.fetchall()}
    missing = sorted({"ledger_entry_enqueue", *GUARDS[connection.vendor]} - present)
    return Fault(seq, "unguarded", "", ", ".join(missing)) if missing else None
