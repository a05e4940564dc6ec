"""Check the ledger's chain, in the database or in an export, and name the first bad entry."""

import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.ledger.verifying import Anchor, verify_file


class Command(BaseCommand):
    help = "Check the ledger: exit 0 when it holds, 1 when an entry does not. Works on an export without a database."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("--file", help="check this export instead of the database")
        parser.add_argument("--export", metavar="FILE", help="write all sealed entries to FILE (- for the screen)")
        parser.add_argument(
            "--head", action="append", default=[], metavar="DAY:SEQ:HASH", help="a head from the board, slip or mail"
        )

    def handle(self, *, file, export, head, **options):
        try:
            anchors = [Anchor.parse(text) for text in head]
        except ValueError as error:
            raise CommandError("--head is written DAY:SEQ:HASH, such as 2026-11-22:1250:0f3a…", returncode=2) from error
        if export:
            return self._export(export)
        if file:
            try:
                with open(file, encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
                    report = verify_file(lines, anchors)
            except OSError as error:
                raise CommandError(f"{file}: {error.strerror}", returncode=2) from error
        else:
            # Not at the top: checking a file must work where no database is configured.
            from portal.ledger.checking import verify_database

            report = verify_database(at=timezone.now(), anchors=anchors)
        if report.fault:
            raise CommandError(str(report.fault), returncode=1)
        self.stdout.write(f"{report.count} entries hold / {report.count} 条记录核验无误")
        self.stdout.write(f"#{report.seq} {report.hash}")

    def _export(self, path):
        from portal.ledger.checking import texts

        with open(path, "w", encoding="utf-8", newline="\n") if path != "-" else _Screen() as out:
            for seq, hash_, _key, text, *_more in texts():
                out.write(f"{seq}\t{hash_}\t{text or ''}\n")


class _Screen:
    def __enter__(self):
        return sys.stdout

    def __exit__(self, *_exception):
        sys.stdout.flush()
