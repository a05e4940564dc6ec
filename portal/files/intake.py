"""
Take an upload in: look at its bytes, have it cleaned in a child process, give it a harmless name.

    try:
        clean = clean_upload(request.FILES["scan"])
    except UploadRefused as refusal:
        form.add_error("scan", refusal.message)

Forms use portal.files.forms.UploadsField, which does this for several files.
Nothing is written to disk or database here; portal.files.operations.store_file does.

Every file goes through the child, small photos too: one path to reason about,
and a start costs about 0.1 s (pictures) to 0.5 s (PDF). At most CHILDREN run
at once per web process, so that uploads cannot take the machine's memory.
"""

import hashlib
import json
import logging
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from portal.files.cleaning.limits import CHILD_WALL_SECONDS, UPLOAD_BYTES
from portal.files.cleaning.sniffing import kind_of
from portal.files.names import clean_name, made_up_name
from portal.files.phrases import REFUSALS
from portal.files.scanning import ScannerAway, is_infected
from portal.kernel.verdicts import OperationRefused

logger = logging.getLogger(__name__)

CHILD = Path(__file__).resolve().parent / "cleaning"
CHILDREN = 2
CHILDREN_WAIT_SECONDS = 20
_places = threading.BoundedSemaphore(CHILDREN)

MEDIA_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
KINDS = {media_type: kind for kind, media_type in MEDIA_TYPES.items()}


class UploadRefused(OperationRefused):
    """A file cannot be taken; ``message`` says why and what to do, ``code`` is its key in phrases.REFUSALS."""

    def __init__(self, code):
        super().__init__(REFUSALS[code])
        self.code = code

    @property
    def message(self):
        return self.reason


@dataclass(frozen=True)
class CleanFile:
    """An upload made harmless, still in memory; ``token`` is set when it was kept for a form shown again."""

    content: bytes
    name: str
    media_type: str
    size: int
    sha256: str
    token: str = ""

    @property
    def kind(self):
        """jpeg, png, webp, pdf, docx or xlsx."""
        return KINDS[self.media_type]

    @property
    def is_image(self):
        return self.media_type.startswith("image/")

    def made_up_name(self, number):
        """Return a name that tells nothing about the sender (附件1.jpg), for authors who are not named."""
        return made_up_name(number, self.kind)


def clean_upload(upload):
    """
    Return the upload as a CleanFile: re-encoded, without metadata, under a clean name.

    ``upload`` is Django's UploadedFile or anything with ``name``, ``size`` and ``read``.

    :raises UploadRefused: with the sentence for the field.
    """
    if not upload.size:
        raise UploadRefused("empty")
    if upload.size > UPLOAD_BYTES:
        raise UploadRefused("size")
    upload.seek(0)
    content = upload.read(UPLOAD_BYTES + 1)
    if len(content) > UPLOAD_BYTES:
        raise UploadRefused("size")
    kind = kind_of(content[:16])
    if kind is None:
        raise UploadRefused("kind")
    try:
        if is_infected(content):
            raise UploadRefused("infected")
    except ScannerAway as error:
        raise UploadRefused("scanner") from error
    kind, cleaned = _cleaned_in_child(kind, content)
    return CleanFile(
        content=cleaned,
        name=clean_name(upload.name, kind),
        media_type=MEDIA_TYPES[kind],
        size=len(cleaned),
        sha256=hashlib.sha256(cleaned).hexdigest(),
    )


def _cleaned_in_child(kind, content):
    """Return (kind, bytes) from a process that has little memory, little time and no secrets."""
    if not _places.acquire(timeout=CHILDREN_WAIT_SECONDS):
        raise UploadRefused("busy")
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-X", "utf8", str(CHILD), kind],
            input=content,
            capture_output=True,
            timeout=CHILD_WALL_SECONDS,
            cwd="/",
            env={"PATH": os.defpath, "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UploadRefused("complex") from error
    finally:
        _places.release()
    head, _newline, cleaned = done.stdout.partition(b"\n")
    try:
        answer = json.loads(head)
    except ValueError:
        # Killed by its own limits, or broken by the file; in both cases not a file to keep.
        logger.warning("Cleaning a %s upload ended with status %s", kind, done.returncode)
        raise UploadRefused("complex") from None
    if "refused" in answer:
        raise UploadRefused(answer["refused"])
    return answer["kind"], cleaned
