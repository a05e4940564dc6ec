from django.conf import settings
from django.core.management.base import BaseCommand

from portal.home.describing import drawn


class Command(BaseCommand):
    help = "Draw the tables of docs/ anew from the code: switches, verbs of the ledger, scheduled jobs."
    requires_system_checks = []

    def handle(self, **options):
        for path in sorted((settings.BASE_DIR / "docs").rglob("*.md")):
            text = path.read_text(encoding="utf-8")
            if (now := drawn(text)) != text:
                path.write_text(now, encoding="utf-8")
                self.stdout.write(f"{path}: drawn anew")
