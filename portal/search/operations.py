"""
Filing and taking out, inside the caller's transaction; and filing a whole kind anew.

What is filed is what the audience may read. An app that has changed a thing
calls ``refresh_entry`` in the operation that changed it, so that what is
hidden is out of the index in the same moment.
"""

from itertools import chain, islice

from django.db import transaction

from portal.kernel.texts import clean_line, clean_text

from .folding import fold, grams_of
from .models import TEXT_MAX, TITLE_MAX, SearchEntry
from .registry import Document, kind_of

BATCH = 500
_KEY = ("kind", "object_key")
_FILED = ("title", "text", "folded_title", "folded", "title_grams", "grams", "unit", "on", "audience")


def _entry_of(kind, document):
    title, text = clean_line(document.title)[:TITLE_MAX], clean_text(document.text)[:TEXT_MAX]
    folded_title = fold(title)
    folded = f"{folded_title} {fold(text)}"
    return SearchEntry(
        kind=kind,
        object_key=document.key,
        title=title,
        text=text,
        folded_title=folded_title,
        folded=folded,
        title_grams=grams_of(folded_title),
        grams=grams_of(folded),
        unit_id=document.unit_id,
        on=document.on,
        audience=document.audience,
    )


def index_entries(*, kind, documents):
    """File documents of a kind in one statement; those filed before are replaced."""
    entries = [_entry_of(kind, document) for document in documents]
    SearchEntry.objects.bulk_create(entries, update_conflicts=True, unique_fields=_KEY, update_fields=_FILED)
    return len(entries)


def index_entry(*, kind, key, title, text, on, audience, unit_id=None):
    """File one thing, replacing what was filed under its key."""
    index_entries(kind=kind, documents=[Document(key, title, text, on, unit_id, audience)])


def remove_entry(*, kind, key):
    """Take a thing out; nothing happens when it is not there."""
    SearchEntry.objects.filter(kind=kind, object_key=key).delete()


@transaction.atomic
def refresh_entries(*, kind, keys):
    """
    Bring things in line with what their app says of them now: filed as it says, taken out where it says nothing.

    :raises KeyError: when no app has registered the kind.
    """
    documents = list(kind_of(kind).documents(keys))
    gone = set(keys) - {document.key for document in documents}
    if gone:
        SearchEntry.objects.filter(kind=kind, object_key__in=gone).delete()
    return index_entries(kind=kind, documents=documents) if documents else 0


def refresh_entry(*, kind, key):
    """Bring one thing in line with what its app says of it now."""
    refresh_entries(kind=kind, keys=[key])


def reindex(kind, *, say=lambda line: None):
    """
    File all of a kind anew and take out what no longer belongs there; return how many are filed.

    In batches, each a transaction of its own, while the portal is in use; may be broken off and begun again.
    """
    filed = SearchEntry.objects.filter(kind=kind).values_list("object_key", flat=True)
    wanted = list(kind_of(kind).all_keys())
    known = set(wanted)
    keys, count, done = chain(wanted, [key for key in filed if key not in known]), 0, 0
    while batch := list(islice(keys, BATCH)):
        count += refresh_entries(kind=kind, keys=batch)
        done += len(batch)
        say(f"{kind}: {done}")
    return count


def mend(*, kind):
    """File a kind anew; what is left of a kind that no app registers any more is taken out."""
    try:
        kind_of(kind)
    except KeyError:
        SearchEntry.objects.filter(kind=kind).delete()
    else:
        reindex(kind)
