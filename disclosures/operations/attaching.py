"""Attaching uploads: each hangs once on what it is attached to, however often its form is sent."""

from django.db import IntegrityError, transaction

from portal.files.operations import store_file
from portal.ledger.recording import subject_key

from ..models import AttachedFile, BriefingFile, PublicationFile


def attach_to_publication(publication, files, *, at):
    """Attach uploads to a draft: [(CleanFile, caption)]; one that hangs there already stays as it is."""
    held = PublicationFile.objects.filter(publication=publication, removed_at__isnull=True)
    for clean, caption in _new(held, files, key=lambda pair: pair[0].sha256):
        _put(PublicationFile, publication, clean, at, publication=publication, caption=caption)


def attach_to_briefing(briefing, files, *, at):
    """Attach uploads to a briefing: CleanFiles; one that hangs there already stays as it is."""
    held = BriefingFile.objects.filter(briefing=briefing, removed_at__isnull=True)
    for clean in _new(held, files, key=lambda clean: clean.sha256):
        _put(BriefingFile, briefing, clean, at, briefing=briefing)


def take_off(held, subject, *, at):
    """Take attachments off what they hang on; each may be attached again."""
    if hashes := list(held.values_list("file__sha256", flat=True)):
        AttachedFile.objects.filter(subject=subject_key(subject), sha256__in=hashes).delete()
        held.update(removed_at=at)


def _new(held, files, *, key):
    """Return the files that do not hang there; nothing is asked where there are none."""
    if not files:
        return []
    # What was attached before each was counted must not hang there twice either.
    known = set(held.values_list("file__sha256", flat=True))
    return [one for one in files if key(one) not in known]


def _put(model, subject, clean, at, **values):
    try:
        with transaction.atomic():
            AttachedFile.objects.create(subject=subject_key(subject), sha256=clean.sha256)
            model.objects.create(file=store_file(clean=clean, at=at), **values)
    except IntegrityError:
        # The same bytes chosen twice in one form, or sent twice at once.
        return
