"""
What is in an archive, and whether it is whole.

``stamp.json`` comes first: when the archive was made, on which engine, the
migrations applied, the rows of every table and the fingerprint of every other
member. Nothing is restored before all of it has been compared.
"""

import hashlib
import json
import shutil
import tarfile
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from . import engines
from .sealing import SealedReader, SealedWriter, Unreadable

FORMAT = 1
PLAIN, SEALED = ".tar.gz", ".tar.gz.sealed"


class Unfit(Exception):
    """The archive is whole but not for this portal; the message says what to do."""


def _uploads():
    return Path(settings.STORAGES["default"]["OPTIONS"]["location"])


def _fingerprint(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def applied_migrations():
    """Return the migrations of this database as "app.name"."""
    loader = MigrationLoader(connection)
    return sorted(f"{app}.{name}" for app, name in loader.applied_migrations)


def known_migrations():
    """Return the migrations this code brings, those it replaced included."""
    loader = MigrationLoader(connection)
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    return {f"{app}.{name}" for app, name in {*loader.disk_migrations, *replaced}}


def pack(target, *, at, work, public_key):
    """Write the archive to ``target``; ``work`` is a folder for the copy of the database. Returns its stamp."""
    copy, counts = engines.dump(work)
    members = {"database": copy}
    uploads = _uploads()
    members |= {
        f"uploads/{path.relative_to(uploads).as_posix()}": path for path in sorted(uploads.rglob("*")) if path.is_file()
    }
    if public_key:  # without encryption the signing key has no business in an archive
        secrets = work / "secrets.json"
        secrets.write_text(json.dumps({"PORTAL_SECRET_KEY": settings.SECRET_KEY}), encoding="utf-8")
        members["secrets.json"] = secrets
    stamp = {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "engine": connection.vendor,
        "migrations": applied_migrations(),
        "rows": counts,
        "members": {name: _fingerprint(path) for name, path in members.items()},
    }
    head = work / "stamp.json"
    head.write_text(json.dumps(stamp, indent=1, sort_keys=True), encoding="utf-8")
    with open(target, "wb") as file:
        stream = SealedWriter(file, public_key) if public_key else file
        with tarfile.open(fileobj=stream, mode="w|gz") as archive:
            for name, path in {"stamp.json": head, **members}.items():
                archive.add(path, arcname=name, filter=_nobody)
        if public_key:
            stream.close()
    return stamp


def _nobody(info):
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mode = 0o600
    return info


def unpack(source, *, work, private_key=""):
    """
    Unpack the archive into ``work`` and return its stamp, every member compared with it.

    :raises Unreadable: if anything is missing, added, changed or cut short.
    """
    with open(source, "rb") as file:
        is_sealed = str(source).endswith(SEALED)
        if is_sealed and not private_key:
            raise Unreadable("this backup is sealed; name its private key with --key-file")
        stream = SealedReader(file, private_key) if is_sealed else file
        try:
            with tarfile.open(fileobj=stream, mode="r|gz") as archive:
                archive.extractall(work, filter="data")
            stamp = json.loads((work / "stamp.json").read_text(encoding="utf-8"))
        except (tarfile.TarError, EOFError, OSError, ValueError, KeyError) as error:
            raise Unreadable(f"the backup cannot be read: {error}") from error
    found = {
        path.relative_to(work).as_posix(): _fingerprint(path)
        for path in work.rglob("*")
        if path.is_file() and path.name != "stamp.json"
    }
    if found != stamp["members"]:
        differing = sorted(
            name for name in found.keys() | stamp["members"] if found.get(name) != stamp["members"].get(name)
        )
        raise Unreadable(f"the backup does not match its stamp: {', '.join(differing[:5])}")
    return stamp


def require_fit(stamp):
    """
    Let pass only what this code and this engine can hold.

    :raises Unfit: with what to do instead.
    """
    if stamp["format"] != FORMAT:
        raise Unfit(f"The backup has format {stamp['format']}; this portal reads {FORMAT}.")
    if stamp["engine"] != connection.vendor:
        raise Unfit(f"The backup is from {stamp['engine']}, this database is {connection.vendor}; set DATABASE_URL.")
    if unknown := sorted(set(stamp["migrations"]) - known_migrations()):
        raise Unfit(
            f"The backup was made by a later version of the portal (it knows {unknown[0]}). "
            "Install that version, restore there, then upgrade."
        )


def put_back(work):
    """Replace database and uploads by what was unpacked; earlier uploads are kept beside, under a new name."""
    engines.load(work / "database")
    uploads = _uploads()
    if uploads.exists() and any(uploads.iterdir()):
        number = 1
        while (aside := uploads.with_name(f"{uploads.name}.before-{number}")).exists():
            number += 1
        uploads.rename(aside)
    if (work / "uploads").exists():
        shutil.copytree(work / "uploads", uploads, dirs_exist_ok=True)
