"""``manage.py seed_demo``: write the made-up enterprise, once."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.home.demo import seeding


class Command(BaseCommand):
    help = "Write the demo enterprise 启明石化公司 with eighteen months of cards; a second run changes nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--stage", choices=["empty", "start", "year"], default="year", help="people only, a first fortnight, or all"
        )
        parser.add_argument("--scale", type=float, default=1, help="multiplies people and cards")
        parser.add_argument("--cards", type=int, help="number of cards, instead of --scale's")
        parser.add_argument(
            "--congress", action="store_true", help="with --cards: write congress, scorecards and appraisals as well"
        )
        parser.add_argument(
            "--no-ledger", action="store_true", help="leave out ledger entries (for benchmarks of other things)"
        )

    def handle(self, *, stage, scale, cards, congress, no_ledger, **options):
        if settings.PRODUCTION:
            raise CommandError("Made-up people do not belong into a production database.")
        started = time.monotonic()

        def say(text):
            if options["verbosity"]:
                self.stderr.write(f"  {time.monotonic() - started:6.1f} s  {text}")

        if not seeding.seed(
            at=timezone.now(),
            stage=stage,
            scale=scale,
            cards=cards,
            has_ledger=not no_ledger,
            also=("congress", "scorecards", "appraisals") if congress else (),
            say=say,
        ):
            say("the enterprise is there already; nothing changed")
            return
        found = seeding.counts()
        say(f"{found['people']} people, {found['cards']} cards")
