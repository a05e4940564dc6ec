"""Four browsers at once: how long each waits, beside the limit in the same seconds, and what a worker has grown to."""

import contextlib
import http.client
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.utils.crypto import get_random_string

WORKERS = 2
BROWSERS = 4
READY_SECONDS = 60
P95_GOAL = 3.0
MEMORY_GOAL_MIB = 80


class NoServer(Exception):
    """The server did not come up."""


class Browsers:
    """Runs the server and asks it; use as a context manager."""

    def __init__(self, *, seconds):
        self.seconds = seconds
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def __enter__(self):
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--workers", str(WORKERS), "--blocking-threads", "2"]
        command += ["--log-level", "warning", "portal.home.bench.site:application"]
        self._log = tempfile.TemporaryFile()
        self._server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)
        until = time.monotonic() + READY_SECONDS
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > until:
                self._log.seek(0)
                raise NoServer(self._log.read().decode(errors="replace")[-1000:])
            time.sleep(0.2)
        return self

    def __exit__(self, *exc):
        self._server.terminate()
        try:
            self._server.wait(10)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        self._log.close()

    def measure(self, visit, limit, size):
        """Return p95 in milliseconds, requests a second and errors of a page, and the p95 of its limit, in turns."""
        walls, limits, errors = [], [], 0
        self._crowd(visit.path, visit)  # both workers compile the page's templates first
        for _turn in range(2):
            found, failed = self._crowd(visit.path, visit)
            walls, errors = walls + found, errors + failed
            limits += self._crowd(f"/limit/{limit}/{size}", visit, is_limit=True)[0]
        return {
            "p95_ms": _p95(walls),
            "limit_p95_ms": _p95(limits),
            "p95_ratio": round(_p95(walls) / _p95(limits), 2) if limits and _p95(limits) else None,
            "rps": round(len(walls) / self.seconds, 1),
            "errors": errors,
        }

    def memory(self):
        """Return the proportional set size of each worker in MiB; empty where the kernel does not say."""
        sizes = []
        for entry in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                if int(entry.read_text().rsplit(")", 1)[1].split()[1]) == self._server.pid:
                    rollup = (entry.parent / "smaps_rollup").read_text()
                    pss = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
                    sizes.append(round(int(pss.split()[1]) / 1024, 1))
        # The server keeps a helper process or two; a worker is one that has the portal in it.
        return sorted(size for size in sizes if size > 20)

    def _crowd(self, path, visit, *, is_limit=False):
        walls, errors = [], []
        until = time.perf_counter() + self.seconds / 2

        def browse():
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            token = get_random_string(32)
            cookies = visit.cookies | ({settings.CSRF_COOKIE_NAME: token} if visit.data else {})
            headers = {"Host": f"localhost:{self.port}"}
            headers |= {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
            while time.perf_counter() < until:
                body, method = None, "GET"
                if visit.data is not None:
                    data = visit.data() if callable(visit.data) else visit.data
                    body, method = urlencode({**data, "csrfmiddlewaretoken": token}), "POST"
                    headers["Content-Type"] = "application/x-www-form-urlencoded"
                began = time.perf_counter()
                try:
                    line.request(method, path, body, headers)
                    answer = line.getresponse()
                    answer.read()
                except (OSError, http.client.HTTPException):
                    errors.append(0)
                    line.close()
                    continue
                walls.append(time.perf_counter() - began)
                if answer.status != (200 if is_limit else visit.status):
                    errors.append(answer.status)
            line.close()

        threads = [threading.Thread(target=browse) for _number in range(BROWSERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return walls, len(errors)

    def _answers(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            line.request("GET", "/livez", headers={"Host": "localhost"})
            return line.getresponse().status == 200
        return False


def _p95(seconds):
    return round(sorted(seconds)[int(len(seconds) * 0.95)] * 1000, 2) if seconds else 0.0
