"""
Lifting the triggers of the ledger and of the ballot box, as only a superuser of the database can.

Two uses: the flush between transactional tests, which would otherwise be
refused, and tests that play such a superuser. The portal has no such door.
"""

import contextlib
import importlib

from django.db.backends.base.operations import BaseDatabaseOperations

_ledger = importlib.import_module("portal.ledger.migrations.0002_guards")
_ballots = importlib.import_module("portal.ballots.migrations.0002_guards")
_papers = importlib.import_module("portal.ballots.migrations.0004_paper_guards")
_codes = importlib.import_module("portal.ballots.migrations.0005_code_groups")
TABLES = [
    *(f"ledger_{name}" for name in _ledger.GUARDED),
    *_ballots.TABLES,
    *(f"ballots_{name}" for name in _papers.ALLOWED),
]
_ALWAYS = [
    sql for sql in (*_ledger.POSTGRESQL, *_ballots.POSTGRESQL, *_papers.FORWARD["postgresql"]) if "ENABLE ALWAYS" in sql
]
_AGAIN = [sql for sql in _codes.SQLITE if sql.startswith("CREATE")]  # made anew: in the place of those of the name
_MADE_ANEW = {sql.split()[2] for sql in _AGAIN}
_REFUSING = [
    *(
        sql
        for sql in (*_ledger.SQLITE, *_ballots.SQLITE, *_papers.SQLITE)
        if "_no_" in sql and sql.split()[2] not in _MADE_ANEW
    ),
    *_AGAIN,
]


def _run(connection, statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def lift(connection):
    """Switch the refusing triggers off."""
    if connection.vendor == "postgresql":
        _run(connection, [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES])
    else:
        _run(connection, [f"DROP TRIGGER {sql.split()[2]}" for sql in _REFUSING])


def put_back(connection):
    """Switch them on again, as the migration made them."""
    if connection.vendor == "postgresql":
        _run(connection, [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in TABLES] + _ALWAYS)
    else:
        _run(connection, _REFUSING)


@contextlib.contextmanager
def guards_lifted(connection):
    """Lift the triggers for a block."""
    lift(connection)
    try:
        yield
    finally:
        put_back(connection)


def let_flush_pass(patch):
    """Make the flush after a transactional test lift the triggers first; called once, from tests/conftest.py."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_past_guards(self, statements):
        with guards_lifted(self.connection):
            flush(self, statements)

    patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_past_guards)
