"""
What the database knows of its tables when it plans a statement.

SQLite is told nothing: where it has statistics of an index, version 3.40 (Debian 12) walks it for "first column is one
of many, second column at most X" in a way that gives rows beyond X as well (its seek-scan). Promises due in a month
stood among the late ones. Without statistics it does not walk like that, and no page of the demo takes it longer.
"""

from django.db import connection


def refresh_statistics(*tables, vacuum=False):
    """Let PostgreSQL look at these tables again, or at all of them; ``vacuum`` outside a transaction only."""
    if connection.vendor != "postgresql":
        return
    verb = "VACUUM ANALYZE" if vacuum else "ANALYZE"
    with connection.cursor() as cursor:
        for table in tables or ("",):
            cursor.execute(f"{verb} {table}".strip())


def forget_statistics(**_signal):
    """Take from SQLite what somebody has let it learn; after each ``migrate``, before anybody else is connected."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name IN ('sqlite_stat1', 'sqlite_stat4')")
        tables = [name for (name,) in cursor.fetchall()]
        for name in tables:
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608 -- one of the two names above
        if tables:
            # A connection keeps what it has read; this lets it read the empty tables.
            cursor.execute("ANALYZE sqlite_schema")
