"""Compare the files on disk with the table: orphans, missing and changed ones."""

import hashlib
from datetime import timedelta
from pathlib import Path

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.files import staging
from portal.files.disk import remove
from portal.files.models import StoredFile
from portal.files.operations import FOLDER

ORPHAN_AGE = timedelta(days=1)


class Command(BaseCommand):
    help = (
        "Remove files without a row that are older than a day, and files kept for forms for more than an hour. "
        "List rows whose file is missing or changed. Exit status 1 when there are such rows."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say what would be removed")
        parser.add_argument("--verify", action="store_true", help="also compare each file with its fingerprint")

    def handle(self, *args, dry_run, verify, verbosity, **options):
        at = timezone.now()
        orphans = list(_orphans(at))
        for path in orphans:
            if verbosity > 1:
                self.stdout.write(f"orphan  {path.name}")
            if not dry_run:
                remove(path)
        kept = 0 if dry_run else staging.tidy(at=at)
        faults = list(_faults(verify))
        for fault, id_ in faults:
            self.stderr.write(f"{fault}  {id_}")
        verb = "would be removed" if dry_run else "removed"
        self.stdout.write(
            f"Orphans {verb}: {len(orphans)}; forms' files removed: {kept}; missing or changed: {len(faults)}"
        )
        if faults:
            raise SystemExit(1)


def _orphans(at):
    """Yield files on disk that no row names; younger ones may belong to a transaction that still runs."""
    folder = Path(default_storage.path(FOLDER))
    known = {Path(name).name for name in StoredFile.objects.values_list("file", flat=True).iterator()}
    oldest = (at - ORPHAN_AGE).timestamp()
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        # The change time: the modification time of a stored file is the beginning of its day.
        if path.name not in known and path.stat().st_ctime < oldest:
            yield path


def _faults(verify):
    for id_, name, size, sha256 in (
        StoredFile.objects.values_list("id", "file", "size", "sha256").order_by("id").iterator()
    ):
        path = Path(default_storage.path(name))
        if not path.is_file():
            yield "missing", id_
        elif path.stat().st_size != size or (verify and hashlib.sha256(path.read_bytes()).hexdigest() != sha256):
            yield "changed", id_
