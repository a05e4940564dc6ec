import sys
from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from portal.accounts.enums import ImportState
from portal.accounts.models import Person, Unit
from portal.accounts.operations.roster import ask_to_write, progress_of, read_roster, receive_roster, write_roster
from portal.accounts.roster.faults import sentence_of
from portal.kernel.verdicts import OperationRefused


class Command(BaseCommand):
    help = "Compare a roster file (.xlsx or .csv) with the roster and write it, whole or not at all."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change and write nothing")
        parser.add_argument(
            "--actor", metavar="JOBNO", help="the system administrator in whose name it is done; without, the system's"
        )
        parser.add_argument(
            "--all-of", metavar="UNIT", help="the file lists everybody of this unit (code): whoever is missing has left"
        )

    def handle(self, *, file, dry_run, actor, all_of, verbosity, **options):
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        who = self._actor(actor)
        scope = self._scope(all_of)
        at = timezone.now()
        try:
            with file.open("rb") as stream:
                row = receive_roster(
                    file=File(stream), file_name=file.name, scope_id=scope and scope.pk, actor=who, at=at, ring=False
                )
        except OperationRefused as refusal:
            raise CommandError(str(refusal.reason)) from refusal
        row = read_roster(import_id=row.pk, at=at)
        with translation.override("zh-hans"):
            for fix in row.fixes if verbosity > 1 else ():
                self.stdout.write(f"{fix['cell']}\t{fix['code']}\t{fix['value']!r} -> {fix['taken']!r}")
            if row.state != ImportState.READY:
                for fault in row.faults:
                    self.stderr.write(
                        f"{fault['cell'] or '-'}\t{fault['code']}\t{sentence_of(fault)}\t{fault['value']}"
                    )
                raise CommandError(f"{len(row.faults)} faults; nothing was written.")
        self.stdout.write(", ".join(f"{count} {name}" for name, count in row.summary.items()))
        if dry_run:
            self.stdout.write("Dry run: nothing was written.")
            return
        if sys.stderr.isatty():
            self.stderr.write("Writing …")
        ask_to_write(import_id=row.pk, actor=who, at=at, ring=False)
        row = write_roster(import_id=row.pk, at=timezone.now())
        if row.state != ImportState.COMMITTED:
            raise CommandError("; ".join(str(sentence_of(fault)) for fault in row.faults) or "Nothing was written.")
        self.stdout.write(f"Written ({progress_of(row.pk)} changes).")

    def _actor(self, job_no):
        if not job_no:
            return "system"
        person = Person.objects.filter(job_no=job_no, is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody on the roster has the job number {job_no}.")
        return person

    def _scope(self, code):
        if not code:
            return None
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            raise CommandError(f"There is no unit with the code {code}.")
        return unit
