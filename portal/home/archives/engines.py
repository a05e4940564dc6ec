"""Copy a whole database out and in again, on either engine, while others work."""

import contextlib
import os
import sqlite3
import subprocess
import uuid
from pathlib import Path
from urllib.parse import quote

from django.db import connection, transaction


class EngineFailed(Exception):
    """The database's own tool refused; the message is its last line."""


def dump(folder):
    """Write a consistent copy of the database into the folder; return its path and the rows of each table in it."""
    if connection.vendor == "sqlite":
        target = folder / "database"
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            return target, _counts(copy.cursor(), _table_names())
    target = folder / "database"
    # One snapshot for both, so that the counts are those of the copy however busy the portal is.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = f"--snapshot={cursor.fetchone()[0]}"
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", snapshot, f"--file={target}", _name())
        return target, _counts(cursor, _table_names())


def load(source):
    """Replace what the database holds by the copy; all of it or nothing."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(source)) as copy:
            copy.backup(connection.connection)
        return
    _restore(source, _name())


def _restore(source, name):
    _run(
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
        f"--dbname={name}",
        str(source),
    )


@contextlib.contextmanager
def scratch(source, folder):
    """
    Load the copy into a database of its own, yield the switches that lead a process there, and drop it again.

    On PostgreSQL the database user must be allowed to create databases.
    """
    if connection.vendor == "sqlite":
        place = folder / "portal.sqlite3"
        place.write_bytes(Path(source).read_bytes())
        yield {"PORTAL_VAR": str(folder), "DATABASE_URL": ""}
        return
    name = f"portal_drill_{uuid.uuid4().hex[:12]}"
    _run("createdb", name)
    try:
        _restore(source, name)
        yield {"PORTAL_VAR": str(folder), "DATABASE_URL": _url(name), "DATABASE_PASSWORD": _config()["PASSWORD"]}
    finally:
        _run("dropdb", "--if-exists", name)


def table_counts():
    """Return the number of rows of every table."""
    with connection.cursor() as cursor:
        return _counts(cursor, _table_names())


def _table_names():
    return sorted(connection.introspection.table_names())


def _counts(cursor, names):
    counts = {}
    for name in names:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608 -- the database's own name
        counts[name] = cursor.fetchone()[0]
    return counts


def _config():
    return connection.settings_dict


def _name():
    return _config()["NAME"]


def _url(name):
    config = _config()
    port = f":{config['PORT']}" if config["PORT"] else ""
    return f"postgres://{quote(config['USER'], safe='')}@{quote(config['HOST'], safe='')}{port}/{name}"


def _run(program, *arguments):
    config = _config()
    place = {
        "PGHOST": config["HOST"],
        "PGPORT": config["PORT"],
        "PGUSER": config["USER"],
        "PGPASSWORD": config["PASSWORD"],
    }
    environment = os.environ | {key: value for key, value in place.items() if value}
    try:
        subprocess.run([program, *arguments], env=environment, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise EngineFailed(f"{program} is not installed; it comes with PostgreSQL's client tools") from error
    except subprocess.CalledProcessError as error:
        raise EngineFailed((error.stderr or str(error)).strip().splitlines()[-1]) from error
