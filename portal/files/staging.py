"""
Cleaned files kept for an hour while their form is corrected or continued.

A browser cannot put a chosen file back into a form that is shown again; so the
cleaned bytes wait in a private folder and the form carries a signed token. The
token is all there is: no session, no cookie, so it serves anonymous pages too.

    kept = staging.keep(clean)                  # CleanFile with a token, for the next page of a form
    staging.take(token)                         # CleanFile again, or None after an hour
    staging.peek(token)                         # name, media_type and size without reading it
    staging.tidy(at=now)                        # task portal.files.tidy
"""

import contextlib
import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from django.core import signing
from django.core.files.storage import default_storage

from portal.files.disk import remove, write_privately
from portal.files.intake import CleanFile

FOLDER = "staging"
SALT = "portal.files.staging"
KEPT_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class KeptFile:
    """What a token says about the file it stands for."""

    token: str
    id: str
    name: str
    media_type: str
    size: int
    sha256: str


def keep(clean):
    """
    Keep a cleaned file for an hour and return it with its token.

    :raises portal.files.intake.UploadRefused: when the disk is full.
    """
    if clean.token and peek(clean.token) is not None:
        return clean
    id_ = secrets.token_hex(16)
    write_privately(FOLDER, id_, clean.content)
    facts = [id_, clean.name, clean.media_type, clean.size, clean.sha256]
    return replace(clean, token=signing.dumps(facts, salt=SALT))


def peek(token):
    """Return what a token stands for, or None when it is forged or older than an hour."""
    try:
        id_, name, media_type, size, sha256 = signing.loads(token, salt=SALT, max_age=KEPT_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return KeptFile(token, id_, name, media_type, size, sha256)


def take(token):
    """Return the kept file as a CleanFile, or None when it is no longer there."""
    kept = peek(token)
    if kept is None:
        return None
    try:
        content = _path(kept.id).read_bytes()
    except OSError:
        return None
    if hashlib.sha256(content).hexdigest() != kept.sha256:
        return None
    return CleanFile(content, kept.name, kept.media_type, kept.size, kept.sha256, token)


def discard(token):
    """Drop a kept file before its hour is over: it has been stored, or its sender took it back."""
    kept = peek(token)
    if kept is not None:
        remove(_path(kept.id))


def tidy(*, at):
    """Remove what was kept longer than an hour; return how many files."""
    folder = Path(default_storage.path(FOLDER))
    oldest = (at - KEPT_FOR).timestamp()
    removed = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()
                removed += 1
    return removed


def _path(id_):
    return Path(default_storage.path(FOLDER)) / id_
