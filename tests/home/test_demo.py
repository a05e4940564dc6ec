"""``manage.py demo`` as a newcomer runs it: three processes that start together and leave nothing behind."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

from portal.home.children import clean_environment
from tests.servers import free_port

pytestmark = pytest.mark.slow


class Demo:
    """A demo of its own folder, its output and the processes that belong to it."""

    def __init__(self, folder, port, **switches):
        self.folder, self.port = folder, port
        self.log = folder / "demo.log"
        command = [sys.executable, settings.BASE_DIR / "manage.py", "demo", "--stage", "empty", "--port", str(port)]
        environment = clean_environment(PORTAL_VAR=folder / "var", DEMO_MARK=folder, **switches)
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [str(part) for part in command], env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def wait_for(self, text, *, seconds=90):
        until = time.monotonic() + seconds
        while text not in self.log.read_text():
            assert time.monotonic() < until and self.process.poll() is None, self.log.read_text()
            time.sleep(0.2)

    def children(self):
        """Return what runs with this demo's mark in its environment, by its command line."""
        found = {}
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f"DEMO_MARK={self.folder}".encode() in (place / "environ").read_bytes():
                    found[int(place.name)] = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        found.pop(self.process.pid, None)
        return found

    def child(self, word):
        """Return the oldest process whose command has the word."""
        return min(pid for pid, command in self.children().items() if word in command)

    def are_gone(self, *, seconds=12):
        until = time.monotonic() + seconds
        while self.children() and time.monotonic() < until:
            time.sleep(0.2)
        return self.children() == {}


@pytest.fixture
def start(tmp_path):
    demos = []

    def begin(port=None, folder=tmp_path, **switches):
        demos.append(Demo(folder, port or free_port(), **switches))
        return demos[-1]

    yield begin
    for demo in demos:
        for pid in (demo.process.pid, *demo.children()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        demo.process.wait()


def _get(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return answer.status, answer.read().decode()


def test_demo_answers_and_ctrl_c_stops_everything(start):
    demo = start()
    demo.wait_for("Ctrl-C stops everything")
    assert f"http://localhost:{demo.port}/" in demo.log.read_text()
    assert "union_officer" in demo.log.read_text()
    assert _get(demo.port, "/livez") == (200, "ok\n")
    assert {"granian", "worker", "beat"} <= {word for c in demo.children().values() for word in c.split()} | {"granian"}
    began = time.monotonic()
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(timeout=15) == 0
    assert time.monotonic() - began < 12
    assert demo.are_gone()
    # Nothing pushed the table of sign-ins off the screen while it ran.
    said = demo.log.read_text()
    shown = said[said.index("Ctrl-C stops everything") : said.index("The demo has stopped")]
    assert "kombu" not in shown and "[config]" not in shown and "LocalTime" not in shown


def test_taken_port_is_passed_over_and_said(start):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        demo = start(port=taken)
        demo.wait_for("Ctrl-C stops everything")
    assert f"Port {taken} is taken; using {taken + 1}" in demo.log.read_text()


def test_lost_worker_ends_the_rest_with_an_error(start):
    demo = start()
    demo.wait_for("Ctrl-C stops everything")
    os.kill(demo.child(" worker --concurrency"), signal.SIGKILL)
    assert demo.process.wait(timeout=20) == 1
    assert "The worker process ended by itself" in demo.log.read_text()
    assert demo.are_gone()


def test_killed_demo_leaves_nothing_and_a_second_run_keeps_the_data(start):
    demo = start()
    demo.wait_for("Ctrl-C stops everything")
    database = demo.folder / "var" / "portal.sqlite3"
    made = database.stat().st_ino
    demo.process.kill()
    assert demo.are_gone()
    again = start()
    again.wait_for("Ctrl-C stops everything")
    assert database.stat().st_ino == made
    assert "nothing changed" in again.log.read_text()


def test_two_demos_do_not_share_a_folder(start):
    demo = start()
    demo.wait_for("Preparing")
    second = start()
    assert second.process.wait(timeout=60) == 1
    assert demo.process.poll() is None


@pytest.mark.services
def test_same_program_runs_on_postgresql_and_redis(start, own_postgres, own_redis):
    demo = start(DATABASE_URL=own_postgres.url, REDIS_URL=own_redis.url)
    demo.wait_for("Ctrl-C stops everything")
    assert "database: postgresql, queue: redis" in demo.log.read_text()
    assert json.loads(_get(demo.port, "/readyz")[1])["checks"]["database"] == "ok"
    assert not (demo.folder / "var" / "portal.sqlite3").exists()
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(timeout=15) == 0
    assert demo.are_gone()
