from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from disclosures.operations import read_import, write_import
from disclosures.regulation_file import sentence_of
from portal.kernel.verdicts import OperationRefused
from portal.ledger.recording import SYSTEM


class Command(BaseCommand):
    help = "Take over regulations and process flows from a file (.xlsx or .csv), whole or not at all."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would be written and write nothing")

    def handle(self, *, file, dry_run, **options):
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        try:
            with file.open("rb") as stream, transaction.atomic():
                found = read_import(file=File(stream), file_name=file.name, actor=SYSTEM, at=timezone.now())
                transaction.set_rollback(dry_run)
        except OperationRefused as refusal:
            raise CommandError(str(refusal.reason)) from refusal
        with translation.override("zh-hans"):
            for fault in found.faults:
                self.stderr.write(f"{fault['cell'] or '-'}\t{fault['code']}\t{sentence_of(fault)}\t{fault['value']}")
        if found.faults:
            raise CommandError(f"{len(found.faults)} faults; nothing was written.")
        self.stdout.write(f"{found.count} new, {found.known} there already")
        if dry_run:
            self.stdout.write("Dry run: nothing was written.")
        elif found.count:
            self.stdout.write(f"Written ({write_import(import_id=found.pk, actor=SYSTEM, at=timezone.now())} texts).")
