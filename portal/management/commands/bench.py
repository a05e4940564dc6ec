import datetime as dt
import json
import os
import platform

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from portal.accounts.models import Person
from portal.deadlines.models import Heartbeat
from portal.home.bench import OPERATIONS
from portal.home.bench.bench import HEAD, Bench, load_operations, memory_mib


class Command(BaseCommand):
    help = "Measure pages and jobs beside their limits; a table on the screen, JSON in build/bench.json."

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="*", help="operations to measure (default: all)")
        parser.add_argument("--list", action="store_true", help="print the operations and stop")
        parser.add_argument("--scale", type=float, default=1, help="how much to write into an empty database")
        parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed")
        parser.add_argument("--output", default="build/bench.json", help="file for the readings")

    def handle(self, *, names, scale, strict, output, **options):
        load_operations()
        if options["list"]:
            return self.stdout.write("\n".join(sorted(OPERATIONS)))
        if unknown := set(names) - set(OPERATIONS):
            raise CommandError(f"No operation is called {', '.join(sorted(unknown))}; see --list.")
        if settings.PRODUCTION:
            raise CommandError("The bench writes made-up cards; it runs with PORTAL_MODE=demo only.")
        call_command("migrate", verbosity=0, interactive=False)
        if not Person.objects.exists():
            call_command("seed_demo", scale=scale)
        at = timezone.now()
        bench = Bench(at)
        self.stdout.write(HEAD)
        try:
            rows = bench.run(names, say=self.stdout.write)
        finally:
            Heartbeat.objects.filter(name__startswith="bench:").delete()
        self._keep(settings.BASE_DIR / output, rows, at)
        missed = [row["name"] for row in rows if row["failed"]]
        if missed and strict:
            raise CommandError(f"Goals missed: {', '.join(missed)}")

    def _keep(self, path, rows, at):
        machine = {
            "python": platform.python_version(),
            "cores": os.cpu_count(),
            "load": os.getloadavg()[0],
            "engine": connection.vendor,
            "memory_mib": memory_mib(),
            "measured_on": at.astimezone(dt.UTC).date().isoformat(),
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"machine": machine, "rows": rows}, ensure_ascii=False, indent=1), encoding="utf-8")
        self.stdout.write(f"{path}: {connection.vendor}, {machine['memory_mib']} MiB, load {machine['load']:.1f}")
