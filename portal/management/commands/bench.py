import contextlib
import datetime as dt
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from feedback.models import Inquiry
from portal.accounts.models import Person
from portal.deadlines.models import Heartbeat
from portal.home.bench import OPERATIONS
from portal.home.bench.bench import HEAD, Bench, load_operations, memory_mib
from portal.home.bench.jobs import HEAD_OF_JOBS, run_jobs
from portal.home.bench.load import MEMORY_GOAL_MIB, P95_GOAL, Browsers
from portal.home.bench.servers import servers
from portal.home.children import clean_environment
from portal.home.demo.seeding import seed

# What fits into five minutes on two cores, together; --quick only shows that everything runs.
SIZES = {
    "postgresql": {"cards": 20_000, "promises": 100_000, "entries": 100_000, "units": 100, "ballots": 10_000},
    "sqlite": {"cards": 2_000, "promises": 10_000, "entries": 20_000, "units": 30, "ballots": 2_000},
}
QUICK = {"cards": 120, "promises": 400, "entries": 400, "units": 2, "ballots": 40}
SIZE_OF_JOB = {
    "sweep": "promises",
    "duties": "units",
    "scorecards": "units",
    "ledger": "entries",
    "ballots": "ballots",
    "appraisals": "ballots",
}
SECONDS, QUICK_SECONDS = 2.0, 0.2
COLUMNS = (("p95 ms", 9), ("limit", 9), ("ratio", 7), ("goal", 6), ("req/s", 8), ("errors", 8))
HEAD_OF_LOAD = f"\n{'four browsers at once':<28}" + "".join(f"{word:>{width}}" for word, width in COLUMNS)


class Command(BaseCommand):
    help = (
        "Measure pages and jobs beside their limits; a table on the screen, JSON in build/bench.json. Without"
        " DATABASE_URL it makes databases of its own: SQLite, and PostgreSQL where its programs are installed."
    )

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="*", help="only these operations, in this database")
        parser.add_argument("--list", action="store_true", help="print the operations and stop")
        parser.add_argument("--cards", type=int, help="cards to write into an empty database")
        parser.add_argument("--promises", type=int, help="promises to sweep")
        parser.add_argument("--entries", type=int, help="ledger entries to seal and verify")
        parser.add_argument("--units", type=int, help="units whose duties are opened and scorecards frozen")
        parser.add_argument("--ballots", type=int, help="ballots to count; 500 of them at once before")
        parser.add_argument("--quick", action="store_true", help="tiny sizes: shows that all runs, measures little")
        parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="only on this engine")
        parser.add_argument("--browsers", action="store_true", help="the named ones for four browsers at once, too")
        parser.add_argument("--here", action="store_true", help="measure the database of the settings")
        parser.add_argument("--job", choices=list(SIZE_OF_JOB), help="only this job, in this empty database")
        parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed")
        parser.add_argument("--output", default="build/bench.json", help="file for the readings")

    def handle(self, *, names, strict, output, **options):
        load_operations()
        if options["list"]:
            return self.stdout.write("\n".join(sorted(OPERATIONS)))
        if unknown := set(names) - set(OPERATIONS):
            raise CommandError(f"No operation is called {', '.join(sorted(unknown))}; see --list.")
        if settings.PRODUCTION:
            raise CommandError("The bench writes made-up cards; it runs with PORTAL_MODE=demo only.")
        path = settings.BASE_DIR / output
        if options["job"]:
            found = self._job(options)
        elif names or options["here"] or settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
            found = {connection.vendor: self._here(names, options)}
        else:
            found = self._everywhere(options)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
        missed = sorted({row["name"] for part in found.values() for row in part.get("rows", []) if row["failed"]})
        if missed and strict:
            raise CommandError(f"Goals missed: {', '.join(missed)}")

    def _everywhere(self, options):
        """Both engines, each in a process of its own with databases nobody needs."""
        found = {}
        with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder, servers() as addresses:
            for engine in ("sqlite", "postgresql"):
                if options["engine"] not in (None, engine):
                    continue
                if engine == "postgresql" and "DATABASE_URL" not in addresses:
                    self.stdout.write("PostgreSQL is not installed here; measured on SQLite only.")
                    continue
                switches = addresses if engine == "postgresql" else {}
                found |= self._child(Path(folder) / engine, switches, ["--here", *_passed_on(options)])
        return found

    def _child(self, folder, switches, arguments):
        folder.mkdir(exist_ok=True)
        result = folder / "bench.json"
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "bench", *arguments, "--output", str(result)]
        environment = clean_environment(PORTAL_MODE="demo", PORTAL_VAR=folder, PYTHONUNBUFFERED=1, **switches)
        child = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)
        if child.returncode:
            raise CommandError(f"The bench of {folder.name} failed.")
        return json.loads(result.read_text(encoding="utf-8"))

    def _here(self, names, options):
        sizes = QUICK if options["quick"] else SIZES[connection.vendor]
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        if not Person.objects.exists():
            # Without scorecards: the bench freezes a year of its own.
            seed(at=timezone.now(), cards=options["cards"] or sizes["cards"], also=("congress", "motions"))
        at = timezone.now()
        cards = Inquiry.objects.count()
        self.stdout.write(
            f"\n{_engine()}, {cards} cards, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n{HEAD}"
        )
        bench = Bench(at, turns=1 if options["quick"] else None)
        try:
            rows = bench.run(names, say=self.stdout.write)
            is_crowded = not names or options["browsers"]
            workers = self._load(bench, rows, QUICK_SECONDS if options["quick"] else SECONDS) if is_crowded else []
        finally:
            Heartbeat.objects.filter(name__startswith="bench:").delete()
        found = {"machine": self._machine(at, cards), "rows": rows, "workers_mib": workers}
        if not names:
            self.stdout.write(f"\n{HEAD_OF_JOBS}")
            found["jobs"] = [row for job in SIZE_OF_JOB for row in self._jobs_apart(job, options)]
        return found

    def _load(self, bench, rows, seconds):
        """Four browsers at once: the waiting joins the pages' rows; then what the workers have grown to."""
        self.stdout.write(HEAD_OF_LOAD)
        with Browsers(seconds=seconds) as browsers:
            for row in rows:
                if row["name"] in bench.visits:
                    row["load"] = load = browsers.measure(*bench.visits[row["name"]])
                    load["failed"] = [
                        what
                        for what, is_over in (("p95", (load["p95_ratio"] or 0) > P95_GOAL), ("errors", load["errors"]))
                        if is_over
                    ]
                    words = "over: " + ", ".join(load["failed"]) if load["failed"] else "ok"
                    self.stdout.write(
                        f"{row['name']:<28}{load['p95_ms']:>9g}{load['limit_p95_ms']:>9g}{load['p95_ratio'] or 0:>7g}"
                        f"{P95_GOAL:>6g}{load['rps']:>8g}{load['errors']:>8}  {words}"
                    )
            workers = browsers.memory()
        shown = ", ".join(f"{size:g}" for size in workers) or "not told by this system"
        self.stdout.write(f"memory of a worker after all (PSS, MiB; goal {MEMORY_GOAL_MIB}): {shown}")
        return workers

    def _jobs_apart(self, job, options):
        """Run a job in a fresh database beside this one."""
        with tempfile.TemporaryDirectory(prefix=f"portal-bench-{job}-") as folder, _database_beside() as switches:
            return self._child(Path(folder) / job, switches, ["--job", job, *_passed_on(options)])[job]["jobs"]

    def _job(self, options):
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        sizes = QUICK if options["quick"] else SIZES[connection.vendor]
        name = SIZE_OF_JOB[options["job"]]
        n = options[name] or sizes[name]
        # A day of the past: whatever is made then is due, and the sealer does not wait for its end.
        at = timezone.now() - dt.timedelta(days=2)
        return {options["job"]: {"jobs": run_jobs(options["job"], n=n, at=at, say=self.stdout.write)}}

    def _machine(self, at, cards):
        return {
            "processor": _processor(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "engine": _engine(),
            "cache": settings.CACHES["default"]["BACKEND"].rsplit(".", 1)[1],
            "cards": cards,
            "load": os.getloadavg()[0],
            "memory_mib": memory_mib(),
            "measured_on": at.astimezone(dt.UTC).date().isoformat(),
        }


def _passed_on(options):
    words = ["--quick"] if options["quick"] else []
    for name in ("cards", *dict.fromkeys(SIZE_OF_JOB.values())):
        if options[name]:
            words += [f"--{name}", str(options[name])]
    return words


@contextlib.contextmanager
def _database_beside():
    """Give the address of a fresh database: on PostgreSQL one on the same server, dropped afterwards."""
    if connection.vendor != "postgresql":
        yield {}
        return
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = f"bench_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield {"DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}")), "REDIS_URL": settings.REDIS_URL}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _engine():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW server_version")
            return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"
        cursor.execute("SELECT sqlite_version()")
        return f"SQLite {cursor.fetchone()[0]}"


def _processor():
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line for line in lines if line.startswith("model name")).partition(":")[2].strip()
    return platform.machine()
