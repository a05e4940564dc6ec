import datetime as dt

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from disclosures.operations import record_outage
from portal.kernel.days import local_day


def _day(text):
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} is no day; write it like 2026-11-23.") from error


class Command(BaseCommand):
    help = (
        "Record whole days on which the portal was not to be seen: they do not count towards the period of any public"
        " notice, whose end moves. Recording the same first day again changes nothing unless the outage was longer."
    )

    def add_arguments(self, parser):
        parser.add_argument("since", type=_day, help="first whole day, such as 2026-11-23")
        parser.add_argument("until", type=_day, nargs="?", help="last whole day; the same one when left out")
        parser.add_argument("--dry-run", action="store_true", help="say what would be recorded, and record nothing")

    def handle(self, *, since, until, dry_run, **options):
        at = timezone.now()
        until = until or since
        if until < since:
            raise CommandError("The last day lies before the first.")
        if until >= local_day(at):
            raise CommandError("Only days that are over can be recorded.")
        if dry_run:
            self.stdout.write(f"Would record {since} to {until}.")
            return
        gap = record_outage(since=since, until=until, at=at)
        self.stdout.write(
            f"Recorded {gap.since} to {gap.until}; the periods of notices are counted without these days."
        )
