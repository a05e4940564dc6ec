import contextlib
import fcntl
import os
import socket
import time
import unicodedata
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.reloader import translation_file_changed

from portal.home import demo_signins
from portal.home.runner import Company, Stopped, free_port, programs
from portal.kernel.catalogue import compile_catalogues

KEEP_TAKEN_SECONDS = 3600


def _read_catalogues_again():
    # Django looked for the catalogues when it began; in a fresh checkout there were none, and the demo's texts would
    # have been written half in English.
    translation_file_changed(None, Path("django.mo"))


class Command(BaseCommand):
    help = "Run the whole portal with made-up people: web, worker and beat; Ctrl-C stops them all."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (0.0.0.0 for the whole network)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on; the next free one if taken")
        parser.add_argument(
            "--stage", choices=["empty", "start", "year"], help="how far the made-up year has come (see seed_demo)"
        )
        parser.add_argument("--scale", type=float, help="how many made-up people and cards (see seed_demo)")

    def handle(self, *, host, port, stage, scale, **options):
        if not settings.DEMO:
            raise CommandError("The demo fills the database with made-up people; it runs with PORTAL_MODE=demo only.")
        # Both the queue and the database of one folder belong to one running demo.
        with self._alone(), contextlib.suppress(Stopped):
            started = time.monotonic()
            self._say("Preparing the database …")
            compile_catalogues()
            _read_catalogues_again()
            call_command("migrate", verbosity=0, interactive=False)
            call_command("seed_demo", **{key: value for key, value in (("stage", stage), ("scale", scale)) if value})
            found = free_port(host, port)
            if found != port:
                self._say(f"Port {port} is taken; using {found}.")
            self._run(host, found, started)
        self._say("The demo has stopped.")

    def _run(self, host, port, started):
        shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104 -- compared only
        with Company(programs(host=host, port=port), self._environment(host, port)) as company:
            if company.wait_ready(f"http://{'127.0.0.1' if shown == 'localhost' else host}:{port}/livez"):
                self._greet(f"http://{shown}:{port}/", time.monotonic() - started)
                name, code = company.watch(every=_forget_taken)
            else:
                name, code = company.lost() or ("web", None)
        if code is None:
            raise CommandError("The web process did not answer within a minute.")
        raise CommandError(f"The {name} process ended by itself (exit code {code}); the demo stops.", returncode=1)

    @staticmethod
    def _environment(host, port):
        environment = os.environ | {
            "PORTAL_MODE": "demo",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "PYTHONUNBUFFERED": "1",
        }
        environment.setdefault("PORTAL_ORIGIN", f"http://localhost:{port}")
        local = "127.0.0.1" if host in {"0.0.0.0", "::", "::1", "localhost"} else host  # noqa: S104 -- compared only
        environment.setdefault("PORTAL_WATCH", f"http://{local}:{port}/livez")
        if host not in {"127.0.0.1", "::1"} and "PORTAL_HOSTS" not in environment:
            names = ["localhost", "127.0.0.1", "[::1]", socket.gethostname(), *_own_addresses()]
            environment["PORTAL_HOSTS"] = ",".join(dict.fromkeys(names))
        return environment

    @contextlib.contextmanager
    def _alone(self):
        with open(settings.VAR / "demo.lock", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise CommandError(
                    f"A demo is already running on {settings.VAR}. Stop it, or set PORTAL_VAR to another folder."
                ) from error
            yield

    def _say(self, text):
        self.stdout.write(text)
        self.stdout.flush()

    def _greet(self, address, seconds):
        lines = ["", f"  启明石化公司 · {address}", f"  ready after {seconds:.0f} s; Ctrl-C stops everything", ""]
        engine = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[1]
        lines += [
            f"  database: {engine}, queue: {'redis' if settings.REDIS_URL else 'files in ' + str(settings.VAR)}",
            "",
        ]
        if rows := demo_signins():
            heads = {
                "role": "role 身份",
                "job_no": "job number 工号",
                "secret": "password 密码",
                "name": "name 姓名",
                "post": "post 岗位",
                "unit": "unit 单位",
            }
            table = [heads, *({**row, "unit": _shortened(row["unit"])} for row in rows)]
            widths = {key: max(_width(str(row.get(key, ""))) for row in table) for key in heads}
            for row in table:
                cells = (str(row.get(key, "")) for key in heads)
                padded = (
                    cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths.values(), strict=True)
                )
                lines.append("  " + "   ".join(padded).rstrip())
            lines.append("")
        self._say("\n".join(lines))


def _shortened(units):
    first, *others = units.split("、")
    return f"{first} +{len(others)}" if others else first


def _width(text):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _own_addresses():
    with contextlib.suppress(OSError):
        return sorted({info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)})
    return []


def _forget_taken():
    """Remove messages the worker took an hour ago; the file queue keeps every one of them."""
    limit = time.time() - KEEP_TAKEN_SECONDS
    for path in (settings.VAR / "queue" / "taken").glob("*"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < limit:
                path.unlink()
