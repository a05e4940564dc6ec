"""Attaching uploads: each hangs once on what it is attached to, however often its form is sent."""

from django.db import IntegrityError, transaction

from portal.files.operations import store_file

from ..models import BriefingFile, PublicationFile


def attach_to_publication(publication, files, *, at):
    """Attach uploads to a draft: [(CleanFile, caption)]; one that hangs there already stays as it is."""
    held = PublicationFile.objects.filter(publication=publication, removed_at__isnull=True)
    for clean, caption in _new(held, files, key=lambda pair: pair[0].sha256):
        _put(PublicationFile, clean, at, publication=publication, caption=caption)


def attach_to_briefing(briefing, files, *, at):
    """Attach uploads to a briefing: CleanFiles; one that hangs there already stays as it is."""
    held = BriefingFile.objects.filter(briefing=briefing, removed_at__isnull=True)
    for clean in _new(held, files, key=lambda clean: clean.sha256):
        _put(BriefingFile, clean, at, briefing=briefing)


def _new(held, files, *, key):
    """Return the files that do not hang there; nothing is asked where there are none."""
    if not files:
        return []
    # By the file's own hash: what was attached before rows had one must not hang there twice either.
    known = set(held.values_list("file__sha256", flat=True))
    return [one for one in files if key(one) not in known]


def _put(model, clean, at, **values):
    try:
        with transaction.atomic():
            model.objects.create(file=store_file(clean=clean, at=at), sha256=clean.sha256, **values)
    except IntegrityError:
        # The same bytes chosen twice in one form: the constraint is the check, and the copy goes from the disk again.
        return
