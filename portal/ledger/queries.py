"""Looking up entries and their places in the chain."""

import re
import uuid
from dataclasses import dataclass

from django.db import connection
from django.db.models import F

from portal.kernel.days import day_end, day_start

from .history import sentence_for
from .models import ENTRY_FIELDS, Entry, Head, Seal
from .registry import UnknownVerb, verb_of
from .verifying import GENESIS, canonical, digest_of

LEAST_DIGITS = 8
MOST_FOUND = 5

_HEX = re.compile(r"[0-9a-f]+")


@dataclass(frozen=True)
class Place:
    """An entry found by one who checks it: where it stands, and what of it everybody may read."""

    entry: Entry
    seq: int | None
    hash: str
    previous: str
    following: str
    digest: str
    sentence: str
    text: str

    @property
    def on(self):
        return self.entry.at

    @property
    def is_sealed(self):
        return self.seq is not None


def is_open(verb, actor):
    """Whether an entry's whole content is for everybody: a public act of the portal itself."""
    try:
        return actor == "system" and verb_of(verb).is_public
    except UnknownVerb:
        return False


def places_of(text):
    """
    Return up to five places that a typed fingerprint, hash, entry number (#12) or entry id may mean.

    None means that the text is none of these. Only one who holds the whole
    fingerprint (64 digits) of an unnamed author's entry sees its content.
    """
    text = text.strip().lower()
    if text.startswith("#"):
        if not text[1:].isascii() or not text[1:].isdigit() or len(text) > 19:
            return None
        return _places(Seal.objects.filter(seq=int(text[1:])).values_list("entry_id", flat=True), "")
    bare = re.sub(r"[\s…·-]", "", text)
    if not _HEX.fullmatch(bare) or not LEAST_DIGITS <= len(bare) <= 64:
        return None
    ids = set()
    if len(bare) == 32:
        ids.add(uuid.UUID(bare))
    # Between a prefix and the prefix followed by a letter behind "f" lies exactly what begins with it.
    ids.update(
        Seal.objects.filter(hash__gte=bare, hash__lt=bare + "g").values_list("entry_id", flat=True)[: MOST_FOUND + 1]
    )
    ids.update(_by_fingerprint(bare))
    return _places(sorted(ids)[:MOST_FOUND], bare)


def _by_fingerprint(prefix):
    """Ids of entries whose fact ``sha256`` begins with the prefix, by the index on that fact."""
    on_postgresql = connection.vendor == "postgresql"
    column = """(facts ->> 'sha256') COLLATE "C\"""" if on_postgresql else "json_extract(facts, '$.sha256')"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM ledger_entry WHERE {column} >= %s AND {column} < %s LIMIT {MOST_FOUND + 1}",  # noqa: S608 -- two fixed texts
            [prefix, prefix + "g"],
        )
        return [key if isinstance(key, uuid.UUID) else uuid.UUID(key) for (key,) in cursor.fetchall()]


def _places(ids, typed):
    entries = list(
        Entry.objects.filter(pk__in=list(ids)).annotate(seq=F("seal__seq"), hash=F("seal__hash")).order_by("at", "id")
    )
    near = {entry.seq + step for entry in entries if entry.seq for step in (-1, 1)}
    hashes = dict(Seal.objects.filter(seq__in=near).values_list("seq", "hash")) if near else {}
    return [_place(entry, hashes, typed) for entry in entries]


def _place(entry, hashes, typed):
    text = canonical(**{name: getattr(entry, name) for name in ENTRY_FIELDS})
    holds_it = len(typed) == 64 and entry.facts.get("sha256") == typed and not entry.actor
    try:
        is_public = verb_of(entry.verb).is_public
    except UnknownVerb:
        is_public = False
    return Place(
        entry=entry,
        seq=entry.seq,
        hash=entry.hash or "",
        previous=hashes.get(entry.seq - 1, GENESIS if entry.seq == 1 else "") if entry.seq else "",
        following=hashes.get(entry.seq + 1, "") if entry.seq else "",
        digest=digest_of(text),
        sentence=sentence_for(entry) if is_public else "",
        text=text if is_open(entry.verb, entry.actor) or holds_it else "",
    )


def heads_newest():
    """Return the published heads for a keyset page, newest first."""
    return Head.objects.order_by("-day")


def end_before(head):
    """Return the number and the hash at which the chain stood when the head's day began."""
    return Head.objects.filter(day__lt=head.day).order_by("-day").values_list("seq", "hash").first() or (0, GENESIS)


def entries_audited(*, verb="", subject="", actor="", day=None):
    """Return entries for the auditor's list, with the number of their seal; order by ("-at", "-id")."""
    entries = Entry.objects.annotate(seq=F("seal__seq"))
    if verb:
        entries = entries.filter(verb=verb)
    if subject:
        entries = entries.filter(subject=subject)
    if actor:
        entries = entries.filter(actor=actor)
    if day:
        entries = entries.filter(at__gte=day_start(day), at__lt=day_end(day))
    return entries


def proofs_of(subject):
    """
    Return every entry about a subject key, oldest first, with its place in the chain: three statements.

    Each is {seq, hash, previous, digest, content}; seq, hash and previous are None until it is sealed. Whoever is
    given this reads who acted: only for those who may see the subject's working page.
    """
    entries = list(Entry.objects.filter(subject=subject).order_by("at", "id"))
    seals = {seal.entry_id: seal for seal in Seal.objects.filter(entry_id__in=[entry.pk for entry in entries])}
    before = [seal.seq - 1 for seal in seals.values() if seal.seq > 1]
    hashes = dict(Seal.objects.filter(seq__in=before).values_list("seq", "hash"))
    proofs = []
    for entry in entries:
        text = canonical(**{name: getattr(entry, name) for name in ENTRY_FIELDS})
        seal = seals.get(entry.pk)
        proofs.append(
            {
                "seq": seal.seq if seal else None,
                "hash": seal.hash if seal else None,
                "previous": hashes.get(seal.seq - 1, GENESIS) if seal else None,
                "digest": digest_of(text),
                "content": text,
            }
        )
    return proofs
