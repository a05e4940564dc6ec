"""Sealing entries into the chain, and publishing its head at the close of a day."""

import datetime as dt

from django.db import connection, transaction
from django.db.models import Q

from portal.kernel.days import day_start, local_day

from .models import ENTRY_FIELDS, Entry, Head, Pending, Seal
from .verifying import GENESIS, canonical, digest_of, link

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
    ripe = Q(is_day_only=False) | Q(at__lt=day_start(local_day(at)))
    taken = list(Pending.objects.filter(ripe).order_by("at", "entry_id").values_list("entry_id", flat=True)[:limit])
    # Nobody guards the queue: what was put into it by hand, sealed already or no entry at all, is dropped here.
    rows = Entry.objects.filter(pk__in=taken, seal__isnull=True).order_by("at", "id").values_list(*ENTRY_FIELDS)
    seals = []
    for number, row in enumerate(rows, seq + 1):
        last = link(last, digest_of(canonical(**dict(zip(ENTRY_FIELDS, row, strict=True)))))
        seals.append((number, row[0], last))
    if seals:
        _insert(seals)
    Pending.objects.filter(pk__in=taken).delete()
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


def _insert(seals):
    """Write a batch of seals without making a model of each: a third of the time of bulk_create."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            numbers, entries, hashes = zip(*seals, strict=True)
            cursor.execute(
                "INSERT INTO ledger_seal (seq, entry_id, hash)"
                " SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::text[])",
                [list(numbers), [str(entry) for entry in entries], list(hashes)],
            )
        else:
            cursor.executemany(
                "INSERT INTO ledger_seal (seq, entry_id, hash) VALUES (%s, %s, %s)",
                [(number, entry.hex, hash_) for number, entry, hash_ in seals],
            )
