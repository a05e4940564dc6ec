import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.accounts.models import Person
from portal.deadlines.models import Heartbeat
from portal.home.archives import engines
from portal.home.archives.packing import Unfit, put_back, require_fit, unpack
from portal.home.archives.sealing import Unreadable
from portal.home.children import clean_environment


class Command(BaseCommand):
    help = "Put a backup back, or with --drill try it in a database of its own and throw that away."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("archive", help="file made by manage.py backup")
        parser.add_argument("--key-file", help="file with the private key of a sealed backup")
        parser.add_argument("--drill", action="store_true", help="restore elsewhere, compare, report, clean up")
        parser.add_argument("--replace", action="store_true", help="allow a database that holds people to be replaced")
        parser.add_argument("--no-input", action="store_true", help="ask nothing")

    def handle(self, *, archive, key_file, drill, replace, no_input, **options):
        started = time.monotonic()
        settings.VAR.mkdir(parents=True, exist_ok=True)
        try:
            private_key = Path(key_file).read_text(encoding="utf-8") if key_file else ""
            with tempfile.TemporaryDirectory(dir=settings.VAR, prefix=".restoring-") as work:
                stamp = unpack(Path(archive), work=Path(work), private_key=private_key)
                require_fit(stamp)
                if drill:
                    self._drill(stamp, Path(work))
                else:
                    self._restore(stamp, Path(work), replace=replace, no_input=no_input)
        except (OSError, Unreadable, Unfit, engines.EngineFailed) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{'Drill passed' if drill else 'Restored'} in {time.monotonic() - started:.0f} s")

    def _restore(self, stamp, work, *, replace, no_input):
        has_tables = Person._meta.db_table in engines.table_counts()
        if has_tables and Person.objects.exists():
            if not replace:
                raise CommandError("This database holds people. To replace them by the backup add --replace.")
            if (
                not no_input
                and input(f"Replace everything by the state of {stamp['made_at']}? Type replace: ") != "replace"
            ):
                raise CommandError("Nothing was changed.")
        put_back(work)
        self._compare(stamp, engines.table_counts())
        call_command("migrate", verbosity=0, interactive=False)

    def _drill(self, stamp, work):
        with tempfile.TemporaryDirectory(dir=work) as folder, engines.scratch(work / "database", Path(folder)) as place:
            counts = self._manage(place, "backup", "--counts")
            self._compare(stamp, dict(line.split("\t") for line in counts.splitlines()))
            self.stdout.write(self._manage(place, "verify_ledger").strip())
        at = timezone.now()
        Heartbeat.objects.update_or_create(name="restore.drill", defaults={"beat_at": at, "detail": {}})

    def _compare(self, stamp, counts):
        differing = [
            f"{table}: {rows} in the backup, {counts.get(table, 'no table')} here"
            for table, rows in sorted(stamp["rows"].items())
            if str(counts.get(table)) != str(rows)
        ]
        if differing:
            raise CommandError("The copy differs:\n" + "\n".join(differing))
        self.stdout.write(
            f"{len(stamp['rows'])} tables, {sum(stamp['rows'].values())} rows, {len(stamp['members'])} files"
        )

    @staticmethod
    def _manage(place, *arguments):
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
        environment = clean_environment(PORTAL_MODE="demo", **place)
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise CommandError(
                f"{arguments[0]} in the restored copy failed: {(done.stderr or done.stdout).strip()[-500:]}"
            )
        return done.stdout
