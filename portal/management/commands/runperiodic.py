from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.home.periodic import run_due


class Command(BaseCommand):
    help = "Run every scheduled job that is due, without Celery; for cron, every minute or as often as one likes."

    def handle(self, *, verbosity, **options):
        say = self.stdout.write if verbosity > 1 else lambda line: None
        if failed := run_due(at=timezone.now(), say=say):
            raise CommandError(f"Failed, to be tried again: {', '.join(failed)}")
