"""
Reading entries by SQL as the engine prints them, for :func:`~portal.ledger.verifying.canonical_of_columns`.

A model, or even a date and a UUID of each entry, would take most of the time of sealing and checking a million.
"""

from django.db import connection
from django.db.models import CharField, Func

_GROUPS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 99))


def dashed(column):
    """Return the expression that gives a key as the canonical text has it."""
    if connection.vendor == "postgresql":
        return f"{column}::text"
    return "||'-'||".join(f"substr({column}, {start}, {count})" for start, count in _GROUPS)


class SubjectKey(Func):
    """What :func:`~portal.ledger.recording.subject_key` makes of an object, in SQL: of its UUID, for one model."""

    template = "('%(label)s:' || CAST(%(expressions)s AS text))"
    output_field = CharField()

    def __init__(self, key, *, model):
        super().__init__(key, label=model._meta.label_lower)

    def as_sqlite(self, compiler, connection, **context):
        # There a UUID is 32 characters without dashes.
        compiled, params = compiler.compile(self.source_expressions[0])
        return f"('{self.extra['label']}:' || {dashed(compiled)})", list(params) * len(_GROUPS)


def entry_beside(key):
    """
    Return a join and a select list for the entry of a key: whether it is there, and its columns but the id.

    One entry after another over its key: right after a bulk load, PostgreSQL's planner would read the whole
    table for each chunk. OFFSET keeps it from making a plain join of the subquery.
    """
    if connection.vendor == "postgresql":
        entry = (
            "SELECT TRUE, verb, subject, actor, (at AT TIME ZONE 'UTC')::text, is_day_only, facts::text"  # noqa: S608 -- the names of our own columns
            f" FROM ledger_entry WHERE id = {key} OFFSET 0"
        )
        return f"LEFT JOIN LATERAL ({entry}) AS e ON TRUE", "e.*"
    # The sign changes no value: it hides the declared type, by which Django would make dates and flags.
    columns = "e.id IS NOT NULL, +e.verb, +e.subject, +e.actor, +e.at, +e.is_day_only, +e.facts"
    return f"LEFT JOIN ledger_entry e ON e.id = {key}", columns


def seal_beside(key):
    """Return a join and an expression that says whether a key has a seal."""
    if connection.vendor == "postgresql":
        seal = f"SELECT TRUE AS is_sealed FROM ledger_seal WHERE entry_id = {key} OFFSET 0"  # noqa: S608 -- the names of our own columns
        return f"LEFT JOIN LATERAL ({seal}) AS l ON TRUE", "l.is_sealed"
    return f"LEFT JOIN ledger_seal l ON l.entry_id = {key}", "l.seq IS NOT NULL"
