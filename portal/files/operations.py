"""Putting cleaned files on disk and into the table, together or not at all."""

import logging
import random
import secrets
import weakref
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction

from portal.files import staging
from portal.files.disk import remove, set_day, write_privately
from portal.files.intake import UploadRefused
from portal.files.models import StoredFile
from portal.kernel.days import LOCAL, local_day

logger = logging.getLogger(__name__)

FOLDER = "files"
BLUR_DAYS = 14


@transaction.atomic
def store_file(*, clean, at, name=None):
    """
    Store a cleaned upload and return its StoredFile.

    ``name`` replaces the sender's own, for authors who are not named
    (``clean.made_up_name(1)``). The bytes are on disk before the row is
    written, and go again when the transaction is rolled back; a copy kept for
    a form that came back is dropped once the transaction is committed.

    :raises UploadRefused: when the disk is full; nothing is left behind.
    """
    stored_on = local_day(at)
    path = write_privately(FOLDER, secrets.token_hex(16), clean.content)
    # The time of a card's photo would tell when the card was sent; the row has a day, so has the file.
    set_day(path, stored_on)
    transaction.on_commit(_UndoneUnlessCommitted(path))
    stored = StoredFile.objects.create(
        file=f"{FOLDER}/{path.name}",
        name=name or clean.name,
        media_type=clean.media_type,
        size=clean.size,
        sha256=clean.sha256,
        stored_on=stored_on,
    )
    if clean.token:
        transaction.on_commit(lambda: staging.discard(clean.token))
    return stored


class _UndoneUnlessCommitted:
    """
    Keeps a file when called on commit, and removes it when dropped uncalled.

    Django forgets the callbacks of a transaction or savepoint that is rolled
    back; being forgotten is how this learns of it. A process that is killed
    between leaves a file without a row, which ``manage.py tidy_files`` finds.
    """

    def __init__(self, path):
        self._undo = weakref.finalize(self, remove, path)

    def __call__(self):
        self._undo.detach()


def blur_times(*, at):
    """
    Copy the files of past days anew, in random order; return how many.

    A file system remembers when a file was last changed to the nanosecond and
    lets nobody set it. After the copy it remembers tonight, for all of them.
    """
    today = local_day(at)
    recent = StoredFile.objects.filter(stored_on__lt=today, stored_on__gte=today - timedelta(days=BLUR_DAYS))
    rows = list(recent.values_list("file", "stored_on"))
    random.SystemRandom().shuffle(rows)
    blurred = 0
    for name, stored_on in rows:
        path = Path(default_storage.path(name))
        try:
            if _changed_on(path) > stored_on:  # done on an earlier night
                continue
            copy = write_privately(FOLDER, path.name + ".copy", path.read_bytes())
            set_day(copy, stored_on)
            copy.replace(path)
        except (OSError, UploadRefused) as error:
            logger.error("The times of a stored file could not be blurred: %s", type(error).__name__)
            continue
        blurred += 1
    return blurred


def _changed_on(path):
    return datetime.fromtimestamp(path.stat().st_ctime, LOCAL).date()
