"""
A million cards within minutes, for the benchmark: copies of played lives, made inside PostgreSQL.

Every copy gets keys of its own by hashing the original's, so that parents and
children find each other without a table of keys. Copies have no entries in the
ledger; what is measured with them does not read any.
"""

from django.db import connection

from feedback.models import Assignment, Delivery, Inquiry, Message, Plan, Rating, Reply
from portal.deadlines.models import Promise

PREFIX = "feedback.inquiry:"


def _copied(column):
    return f"md5({column}::text || %(copy)s)::uuid"


# What differs in a copy; every other column is taken over as it is.
CHANGES = {
    Promise: {"id": _copied("id"), "subject": f"'{PREFIX}' || {_copied(f'substr(subject, {len(PREFIX) + 1})')}"},
    Inquiry: {
        "id": _copied("id"),
        "promise_id": _copied("promise_id"),
        "merged_into_id": f"CASE WHEN merged_into_id IS NULL THEN NULL ELSE {_copied('merged_into_id')} END",
        "idempotency_key": _copied("idempotency_key"),
        "serial": "serial + %(number)s * %(step)s",
        "code_hash": "md5(code_hash || %(copy)s) || md5(%(copy)s || code_hash)",
        "owner_tag": "md5(owner_tag || %(copy)s) || md5(%(copy)s || owner_tag)",
    },
    Assignment: {"inquiry_id": _copied("inquiry_id")},
    Plan: {"inquiry_id": _copied("inquiry_id")},
    Reply: {"id": _copied("id"), "inquiry_id": _copied("inquiry_id")},
    Delivery: {"reply_id": _copied("reply_id")},
    Message: {"id": _copied("id"), "inquiry_id": _copied("inquiry_id"), "idempotency_key": "NULL"},
    Rating: {"inquiry_id": _copied("inquiry_id")},
}


def multiply(copies, *, say=lambda text: None):
    """Add so many copies of every card that is there; PostgreSQL only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(serial) FROM feedback_inquiry")
        step = cursor.fetchone()[0]
        for model in CHANGES:
            table = model._meta.db_table
            cursor.execute(f'CREATE TEMP TABLE "original_{table}" AS TABLE "{table}"')
        for copy in range(1, copies + 1):
            for model, changes in CHANGES.items():
                cursor.execute(_statement(model, changes), {"copy": str(copy), "step": step, "number": copy})
            if copy % 5 == 0:
                say(f"{copy} of {copies} copies")
        for model in CHANGES:
            cursor.execute(f'DROP TABLE "original_{model._meta.db_table}"')


def _statement(model, changes):
    fields = [
        f for f in model._meta.concrete_fields if not (f.primary_key and f.get_internal_type().endswith("AutoField"))
    ]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(changes.get(field.column, f'"{field.column}"') for field in fields)
    table = model._meta.db_table
    return f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "original_{table}"'  # noqa: S608 -- names of our own models
