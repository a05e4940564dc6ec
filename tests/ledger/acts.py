"""Verbs and entries for tests of the ledger."""

import datetime as dt

from portal.ledger.recording import record, record_many
from portal.ledger.registry import register_verb

NOON = dt.datetime(2026, 11, 20, 4, 0, tzinfo=dt.UTC)  # 12:00 at the plant
FINGERPRINT = "ab12cd34" * 8

register_verb("test.done", "done with %(thing)s", is_public=True, by="somebody")
register_verb("test.hidden", "hidden act %(thing)s")
register_verb("test.named", "named act in %(unit)s and %(from_unit)s", is_public=True, names_actor=True)


def make_entry(**over):
    """Record one plain act."""
    return record(**{"verb": "test.done", "subject": "test.thing:1", "actor": "system", "at": NOON, **over})


def make_entries(count, **over):
    """Record several acts, a second apart."""
    plain = {"verb": "test.done", "subject": "test.thing:1", "actor": "system"}
    return record_many(
        [{**plain, "at": NOON + dt.timedelta(seconds=number), "number": number, **over} for number in range(count)]
    )
