"""Real web, worker and beat processes around one test, to be killed at will, and a visitor that keeps no state."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from celery import Celery
from django.conf import settings

from tests.servers import _end_with_parent, free_port

CSRF = "a" * 32


def wait_until(what, seconds, *, step=0.05):
    """Return after how many seconds ``what()`` came true; fail when it does not."""
    began = time.monotonic()
    while not what():
        if time.monotonic() - began > seconds:
            raise AssertionError(f"{getattr(what, '__name__', what)} did not come true within {seconds} s")
        time.sleep(step)
    return time.monotonic() - began


class Child:
    """One process with all its offspring in a group of its own."""

    def __init__(self, command, environment, log):
        self.log = log
        with open(log, "ab") as out:
            self.process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    def pool(self):
        """Return the ids of the children of this process."""
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                if int(path.read_text().rpartition(")")[2].split()[1]) == self.process.pid:
                    found.append(int(path.parent.name))
        return found

    def kill(self):
        """End the process and all its offspring as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def said(self):
        return self.log.read_text(errors="replace")[-3000:]


class Stage:
    """Starts processes in one environment; leaving it ends all of them."""

    def __init__(self, environment, folder):
        self.environment, self.folder, self.children = dict(environment), folder, []

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        for child in self.children:
            child.kill()

    def start(self, name, *command):
        child = Child([sys.executable, *command], self.environment, self.folder / f"{name}.log")
        self.children.append(child)
        return child

    def celery(self, name, *arguments):
        """Start a Celery program on the fast schedule."""
        return self.start(name, "-W", "ignore", "-m", "celery", "-A", "tests.faults.fast", *arguments)

    def worker(self, name="worker"):
        return self.celery(
            name,
            *("worker", "--concurrency", "1", "--loglevel", "WARNING", "--without-mingle", "--without-gossip"),
            *("-n", f"{name}@localhost"),
        )

    def beat(self, name="beat"):
        return self.celery(name, "beat", "--loglevel", "WARNING", "--pidfile=", "-s", str(self.folder / name))

    def web(self, *, threads=4):
        """Start the web server as the demo runs it, and return its address once it answers."""
        port = free_port()
        child = self.start(
            "web",
            *("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
            *("--blocking-threads", str(threads), "--log-level", "warning", "--respawn-failed-workers"),
            *("--workers-kill-timeout", "5", "portal.wsgi:application"),
        )
        address = f"http://127.0.0.1:{port}"

        def answers():
            assert child.process.poll() is None, child.said()
            with contextlib.suppress(OSError, http.client.HTTPException):
                return Visitor(address).get("/livez").status == 200

        wait_until(answers, 180, step=0.2)
        return address

    def run(self, *command, seconds=400, **over):
        """Run a Python program to its end and return what it did."""
        return subprocess.run(
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            env=self.environment | over,
            capture_output=True,
            text=True,
            timeout=seconds,
        )

    def queue(self):
        """Return a client that puts messages into the stage's broker."""
        app = Celery(broker=self.environment["REDIS_URL"], set_as_current=False)
        app.conf.task_ignore_result = True
        return app

    @contextlib.contextmanager
    def ticking(self, *tasks, every=1.0):
        """Send tasks again and again, as a beat does, whatever becomes of the broker."""
        app, is_over = self.queue(), threading.Event()

        def tick():
            while not is_over.wait(every):
                for task in tasks:
                    with contextlib.suppress(Exception):
                        app.send_task(task, expires=50, retry=False)

        thread = threading.Thread(target=tick, daemon=True)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()
            app.close()


@dataclass
class Answer:
    """What a visitor got."""

    status: int
    headers: dict
    text: str
    seconds: float

    @property
    def place(self):
        return self.headers.get("location", "")


class Visitor:
    """Somebody with a browser; with a session key, somebody who has signed in."""

    def __init__(self, address, session_key=""):
        self.host = urlsplit(address).netloc
        cookies = {settings.CSRF_COOKIE_NAME: CSRF}
        if session_key:
            cookies[settings.SESSION_COOKIE_NAME] = session_key
        self.cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())

    def get(self, path):
        return self._ask("GET", path, None)

    def post(self, path, data):
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": CSRF, **data}, doseq=True))

    def _ask(self, method, path, body):
        began = time.monotonic()
        line = http.client.HTTPConnection(self.host, timeout=120)
        headers = {"Cookie": self.cookies, "Connection": "close"}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://{self.host}{path}"}
        with contextlib.closing(line):
            line.request(method, path, body, headers)
            response = line.getresponse()
            text = response.read().decode()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, text, time.monotonic() - began)


def in_parallel(count, jobs, do):
    """Do every job once, in ``count`` threads that begin together; return the results in the order of the jobs."""
    results, waiting, barrier = [None] * len(jobs), iter(range(len(jobs))), threading.Barrier(count)
    lock = threading.Lock()

    def work():
        from django.db import connections

        barrier.wait(120)
        try:
            while True:
                with lock:
                    place = next(waiting, None)
                if place is None:
                    return
                try:
                    results[place] = do(jobs[place])
                except Exception as error:
                    results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(900)
    return results
