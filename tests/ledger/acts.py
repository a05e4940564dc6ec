"""Verbs and entries for tests of the ledger."""

import datetime as dt

from portal.ledger.recording import record, record_many
from portal.ledger.registry import Verb

NOON = dt.datetime(2026, 11, 20, 4, 0, tzinfo=dt.UTC)  # 12:00 at the plant
FINGERPRINT = "ab12cd34" * 8

# Known to the tests of the ledger only (conftest.py): elsewhere the documents are held against the registry.
VERBS = (
    Verb("test.done", "done with %(thing)s", is_public=True, by="somebody"),
    Verb("test.hidden", "hidden act %(thing)s", place=1),
    Verb("test.named", "named act in %(unit)s and %(from_unit)s", is_public=True, names_actor=True, place=2),
)


def make_entry(**over):
    """Record one plain act."""
    return record(**{"verb": "test.done", "subject": "test.thing:1", "actor": "system", "at": NOON, **over})


def make_entries(count, **over):
    """Record several acts, a second apart."""
    plain = {"verb": "test.done", "subject": "test.thing:1", "actor": "system"}
    return record_many(
        [{**plain, "at": NOON + dt.timedelta(seconds=number), "number": number, **over} for number in range(count)]
    )
