"""
Run the demo's processes together: they start together and none outlives the others.

Each child gets a process group of its own and asks the kernel to be ended with
its parent, so that Ctrl-C, a crash and even ``kill -9`` leave nothing behind.
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 8


@dataclass(frozen=True)
class Program:
    """One process of the portal: what it is called and how it is started."""

    name: str
    command: list


def programs(*, host, port):
    """Return web, worker and beat as the demo runs them."""
    python = sys.executable
    web = [python, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    web += ["--workers", "1", "--blocking-threads", "4", "--log-level", "warning"]
    # Without these two granian stays up, but deaf, after a worker's crash.
    web += ["--respawn-failed-workers", "--workers-kill-timeout", "5", "portal.wsgi:application"]
    # Quiet: the banners would push the table of sign-ins off the screen.
    celery = [python, "-W", "ignore", "-m", "celery", "-q", "-A", "portal"]
    return [
        Program("web", web),
        Program("worker", [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-mingle"]),
        Program("beat", [*celery, "beat", "--loglevel", "WARNING", "--pidfile="]),
    ]


def free_port(host, wanted, *, tries=100):
    """Return the wanted port, or the next one nobody listens on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(wanted, min(wanted + tries, 65536)):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((host, port))
                return port
    raise OSError(f"no free port from {wanted} on")


def _end_with(parent):
    def prepare():
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:  # the parent ended before the kernel was asked
                os._exit(1)

    return prepare


class Stopped(Exception):
    """Somebody asked the demo to stop."""


class Company:
    """The running children. Use as a context manager: leaving it ends them all."""

    def __init__(self, members, environment):
        self.members = members
        self.environment = environment
        self.children = {}

    def __enter__(self):
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, self._stop)
        try:
            for program in self.members:
                self.children[program.name] = subprocess.Popen(
                    program.command,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                    preexec_fn=_end_with(os.getpid()),
                )
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *exc):
        self._end()

    @staticmethod
    def _stop(signum, frame):
        raise Stopped

    def lost(self):
        """Return the name and exit code of a child that has ended, or None."""
        for name, child in self.children.items():
            if (code := child.poll()) is not None:
                return name, code
        return None

    def wait_ready(self, url, *, seconds=60):
        """Return whether the web process answers before a child ends or the time is over."""
        until = time.monotonic() + seconds
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while time.monotonic() < until and not self.lost():
            with contextlib.suppress(OSError), opener.open(url, timeout=2) as answer:
                return answer.status == 200
            time.sleep(0.1)
        return False

    def watch(self, *, every=None, period=60):
        """Return the first child to end, calling ``every`` once a period until then."""
        due = time.monotonic() + period
        while not (lost := self.lost()):
            time.sleep(0.3)
            if every and time.monotonic() >= due:
                every()
                due = time.monotonic() + period
        return lost

    def _end(self):
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, signal.SIG_IGN)  # a second Ctrl-C must not leave half of them running
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        until = time.monotonic() + GRACE_SECONDS
        for child in self.children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=max(0, until - time.monotonic()))
        for child in self.children.values():
            # The whole group: a pool process may have outlived its master.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
