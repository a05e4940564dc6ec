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

from .bench import Visit

WORKERS = 2
BROWSERS = 4
# More than ever wait at once, unless the server is lost.
LINES = 200
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

    def once_each(self, visits, *, within=0.0):
        """
        Send all visits, each on a line of its own; return (waits in seconds, errors, CPU s).

        A visit may be several, one after the other, each with a wait of its own. All begin at
        the same moment, or at moments that lie evenly within so many seconds.
        """
        gate, walls, errors = threading.Barrier(len(visits)), [], []

        def go(steps, delay):
            gate.wait()
            time.sleep(delay)
            for step in steps:
                began = time.perf_counter()
                status = self._status(step)
                walls.append(time.perf_counter() - began)
                if status != step.status:
                    errors.append(status)

        threads = [
            threading.Thread(
                target=go, args=([steps] if isinstance(steps, Visit) else steps, within * place / len(visits))
            )
            for place, steps in enumerate(visits)
        ]
        cpu = self._run(threads)
        return walls, len(errors), cpu

    def _status(self, visit):
        """Return the status of the answer on a line of its own, 0 for none."""
        try:
            return self._send(http.client.HTTPConnection("127.0.0.1", self.port, timeout=120), visit)
        except (OSError, http.client.HTTPException):
            return 0

    def _run(self, threads):
        """Run threads to their end; return the CPU seconds of the workers meanwhile."""
        began = self._cpu()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self._cpu() - began

    def steadily(self, visits, *, per_second):
        """
        Send the visits at an even pace, whether or not those before are answered; return as once_each does.

        A wait begins at the moment when the visit was due, so that a queue shows in it.
        """
        walls, errors, lock, places = [], [], threading.Lock(), iter(enumerate(visits))
        start = time.perf_counter() + 0.2

        def go():
            while True:
                with lock:
                    place, visit = next(places, (None, None))
                if visit is None:
                    return
                due = start + place / per_second
                time.sleep(max(0.0, due - time.perf_counter()))
                status = self._status(visit)
                walls.append(time.perf_counter() - due)
                if status != visit.status:
                    errors.append(status)

        threads = [threading.Thread(target=go) for _line in range(min(LINES, len(visits)))]
        cpu = self._run(threads)
        return walls, len(errors), cpu

    def memory(self):
        """Return the proportional set size of each worker in MiB; empty where the kernel does not say."""
        sizes = []
        for folder in self._workers():
            with contextlib.suppress(OSError, ValueError, IndexError):
                rollup = (folder / "smaps_rollup").read_text()
                pss = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
                sizes.append(round(int(pss.split()[1]) / 1024, 1))
        # The server keeps a helper process or two; a worker is one that has the portal in it.
        return sorted(size for size in sizes if size > 20)

    def _workers(self):
        """Return the folders in /proc of the processes that the server has started."""
        for entry in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                if int(entry.read_text().rsplit(")", 1)[1].split()[1]) == self._server.pid:
                    yield entry.parent

    def _cpu(self):
        """Return the CPU seconds of the workers so far, all their threads together."""
        seconds = 0.0
        for folder in self._workers():
            for thread in folder.glob("task/*/schedstat"):
                with contextlib.suppress(OSError, ValueError, IndexError):
                    seconds += int(thread.read_text().split()[0]) / 1e9
        return seconds

    @staticmethod
    def _send(line, visit):
        """Send one visit and return the status of the answer, read to its end."""
        token = get_random_string(32)
        cookies = visit.cookies | ({settings.CSRF_COOKIE_NAME: token} if visit.data else {})
        headers = {"Host": "localhost", "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        body, method = None, "GET"
        if visit.data is not None:
            data = visit.data() if callable(visit.data) else visit.data
            body, method = urlencode({**data, "csrfmiddlewaretoken": token}), "POST"
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, visit.path, body, headers)
        answer = line.getresponse()
        answer.read()
        return answer.status

    def _crowd(self, path, visit, *, is_limit=False):
        walls, errors = [], []
        until = time.perf_counter() + self.seconds / 2

        def browse():
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            asked = Visit(path, visit.cookies, visit.data, 200 if is_limit else visit.status)
            while time.perf_counter() < until:
                began = time.perf_counter()
                try:
                    status = self._send(line, asked)
                except (OSError, http.client.HTTPException):
                    errors.append(0)
                    line.close()
                    continue
                walls.append(time.perf_counter() - began)
                if status != asked.status:
                    errors.append(status)
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
