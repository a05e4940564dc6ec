"""Sealing entries into the chain, and publishing its head at the close of a day."""

import datetime as dt

from django.db import connection, transaction

from portal.kernel.days import day_start, local_day

from .columns import dashed, entry_beside, seal_beside
from .models import Head, Seal
from .verifying import GENESIS, canonical_of_columns, digest_of, link

BATCH = 20_000
# Any number no other part of the portal uses for an advisory lock.
SEALER = 7_301_202_601

# Called with (head, at) in the transaction that makes a head; floors above register what they tell whom.
head_listeners = []


@transaction.atomic
def seal_pending(*, at, limit=BATCH):
    """
    Seal up to ``limit`` entries and return how many were taken from the queue.

    Only one sealer works at a time; a second one returns 0 at once. Writers are
    never made to wait on PostgreSQL: their entries queue up by a trigger, and
    those not yet committed are sealed next time. An entry that carries only a
    day waits until its day has ended, so that its place tells no hour.
    """
    if not _is_sealer():
        return 0
    seq, last = chain_end()
    taken = _ripe(day_start(local_day(at)), limit)
    seals = []
    for key, is_sealed, is_entry, *columns in taken:
        # Nobody guards the queue: what was put into it by hand, sealed already or no entry at all, is dropped here.
        if is_entry and not is_sealed:
            seq, last = seq + 1, link(last, digest_of(canonical_of_columns(key, *columns)))
            seals.append((seq, key, last))
    if seals:
        _insert(seals)
    if taken:
        _take_out([row[0] for row in taken])
    return len(taken)


@transaction.atomic
def publish_head(*, at):
    """
    Close yesterday: seal what is left, write the day's head, tell the listeners.

    Doing it again returns the head already made and tells nobody.
    """
    day = local_day(at) - dt.timedelta(days=1)
    _is_sealer(wait=True)
    head = Head.objects.filter(day=day).first()
    if head is not None:
        return head
    while seal_pending(at=at):
        pass
    seq, last = chain_end()
    head = Head.objects.create(day=day, seq=seq, hash=last, made_at=at)
    for listener in head_listeners:
        listener(head, at)
    return head


def chain_end():
    """Return the number and the hash of the last sealed entry; 0 and zeros before the first."""
    return Seal.objects.order_by("-seq").values_list("seq", "hash").first() or (0, GENESIS)


def _is_sealer(*, wait=False):
    """Take the sealer's lock until the transaction ends; on SQLite the write transaction is that lock."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER])
        return cursor.fetchone()[0]


def _ripe(today, limit):
    """Return the head of the queue as (key, whether it has a seal, whether it is an entry, the entry's columns)."""
    (entry, columns), (seal, is_sealed) = entry_beside("p.entry_id"), seal_beside("p.entry_id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {dashed('p.entry_id')}, {is_sealed}, {columns} FROM ("  # noqa: S608 -- fixed texts of columns.py
            " SELECT entry_id, at FROM ledger_pending WHERE NOT is_day_only OR at < %s ORDER BY at, entry_id LIMIT %s"
            f") AS p {entry} {seal} ORDER BY p.at, p.entry_id",
            [connection.ops.adapt_datetimefield_value(today), limit],
        )
        return cursor.fetchall()


def _insert(seals):
    """Write a batch of seals without making a model of each: a third of the time of bulk_create."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            numbers, keys, hashes = zip(*seals, strict=True)
            cursor.execute(
                "INSERT INTO ledger_seal (seq, entry_id, hash)"
                " SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::text[])",
                [list(numbers), list(keys), list(hashes)],
            )
        else:
            cursor.executemany(
                "INSERT INTO ledger_seal (seq, entry_id, hash) VALUES (%s, %s, %s)",
                [(number, key.replace("-", ""), hash_) for number, key, hash_ in seals],
            )


def _take_out(keys):
    """Take a batch out of the queue, by key: a writer may have put another between them meanwhile."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DELETE FROM ledger_pending WHERE entry_id = ANY(%s::uuid[])", [keys])
        else:
            cursor.executemany(
                "DELETE FROM ledger_pending WHERE entry_id = %s", [(key.replace("-", ""),) for key in keys]
            )
