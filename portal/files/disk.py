"""Bytes on the private disk: whole or not at all, readable by the portal only."""

import contextlib
import logging
import os
from pathlib import Path

from django.core.files.storage import default_storage

from portal.files.intake import UploadRefused
from portal.kernel.days import day_start

logger = logging.getLogger(__name__)
PART = ".part"


def write_privately(folder, name, content):
    """
    Write bytes into a folder of the upload storage, whole or not at all; return the path.

    :raises UploadRefused: when the disk does not take them.
    """
    target = Path(default_storage.path(folder)) / name
    part = target.with_name(target.name + PART)
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        remove(part)
        logger.error("An upload could not be written: %s", error.strerror)
        raise UploadRefused("disk") from error
    return target


def remove(path):
    """Remove a file; one that is gone already is no fault."""
    with contextlib.suppress(OSError):
        Path(path).unlink()


def set_day(path, day):
    """Give a file the beginning of a day as its time."""
    moment = day_start(day).timestamp()
    os.utime(path, (moment, moment))
