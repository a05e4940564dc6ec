import datetime as dt
import re
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.deadlines.models import Heartbeat
from portal.env import read
from portal.home.archives.engines import EngineFailed, table_counts
from portal.home.archives.packing import PLAIN, SEALED, pack
from portal.home.archives.retention import to_forget
from portal.home.archives.sealing import Unreadable, new_key_pair
from portal.kernel.days import LOCAL

NAME = re.compile(r"^portal-(\d{8})-(\d{6})\.tar\.gz(\.sealed)?$")


class Command(BaseCommand):
    help = "Put database, uploads and their stamp into one archive; keep 14 daily, 8 weekly and 12 monthly ones."

    def add_arguments(self, parser):
        parser.add_argument("--to", help="folder for the archives (default: backups in the var folder)")
        parser.add_argument("--keep-all", action="store_true", help="remove no earlier archive")
        parser.add_argument(
            "--new-key", metavar="FILE", help="write a new private key to FILE and print the public one"
        )
        parser.add_argument("--counts", action="store_true", help="print the rows of each table and make no backup")

    def handle(self, *, to, keep_all, new_key, counts, **options):
        if new_key:
            return self._make_key(Path(new_key))
        if counts:
            return self.stdout.write("\n".join(f"{table}\t{rows}" for table, rows in table_counts().items()))
        at = timezone.now()
        folder = Path(to) if to else settings.VAR / "backups"
        public_key = read("PORTAL_BACKUP_KEY")
        name = f"portal-{at.astimezone(LOCAL):%Y%m%d-%H%M%S}{SEALED if public_key else PLAIN}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as work:
                part = Path(work) / "archive"
                stamp = pack(part, at=at, work=Path(work), public_key=public_key)
                part.chmod(0o600)
                size = part.stat().st_size
                part.rename(folder / name)
        except (OSError, EngineFailed, Unreadable) as error:
            raise CommandError(f"No backup was made: {error}") from error
        Heartbeat.objects.update_or_create(name="backup", defaults={"beat_at": at, "detail": {"size": size}})
        self.stdout.write(f"{folder / name}: {size} bytes, {sum(stamp['rows'].values())} rows")
        if not public_key:
            self.stderr.write("The archive is not encrypted; see PORTAL_BACKUP_KEY in docs/operations.md.")
        if not keep_all:
            for path in to_forget(self._archives(folder)):
                path.unlink()
                self.stdout.write(f"{path}: removed")

    @staticmethod
    def _archives(folder):
        found = {}
        for path in folder.iterdir():
            if match := NAME.match(path.name):
                found[path] = dt.datetime.strptime(match[1] + match[2], "%Y%m%d%H%M%S")
        return found

    def _make_key(self, path):
        private, public = new_key_pair()
        try:
            path.touch(mode=0o600, exist_ok=False)
            path.write_text(private + "\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        self.stdout.write(f"PORTAL_BACKUP_KEY={public}")
        self.stderr.write(f"Keep {path} away from this server; without it no backup can be read.")
