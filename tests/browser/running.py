"""The real portal with a small made-up enterprise: web, worker and beat, as ``manage.py demo`` runs them."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from django.conf import settings

from portal.home.children import clean_environment
from tests.servers import free_port

CARDS = 90
SECONDS = 300


class RunningPortal:
    """
    A portal of its own folder. Use as a context manager: leaving it ends every process.

    ``address`` is where it listens, ``people`` are the sign-ins that the demo prints.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.port = free_port()
        self.address = f"http://localhost:{self.port}"
        self.log = self.folder / "portal.log"
        self.environment = clean_environment(PORTAL_MODE="demo", PORTAL_VAR=self.folder) | {
            "DJANGO_SETTINGS_MODULE": "portal.settings"
        }
        self.process = None

    def __enter__(self):
        self._manage("migrate", "--verbosity", "0")
        self._manage("seed_demo", "--stage", "year", "--scale", "0.1", "--cards", str(CARDS), "--congress")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self._command("demo"), "--port", str(self.port)],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    @property
    def people(self):
        """The demo's sign-ins: dicts with role, post, unit, name, job_no and secret."""
        return json.loads((self.folder / "demo-signins.json").read_text(encoding="utf-8"))

    def person(self, role, unit=None, *, place=0):
        """Return the sign-in of a role's holder, by the name of the unit where there are several."""
        found = [
            row for row in self.people if row["role"] == role and (unit is None or unit in row["unit"].split("、"))
        ]
        return found[place]

    def said(self):
        """Return the last lines the processes printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-4000:] if self.log.exists() else ""

    def _command(self, *words):
        return [sys.executable, "manage.py", *words]

    def _manage(self, *words):
        subprocess.run(
            self._command(*words), cwd=settings.BASE_DIR, env=self.environment, check=True, capture_output=True
        )

    def _wait(self):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        until = time.monotonic() + SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError), opener.open(f"{self.address}/livez", timeout=2) as answer:
                if answer.status == 200:
                    return
            time.sleep(0.2)
        raise RuntimeError(f"the portal did not start:\n{self.said()}")
