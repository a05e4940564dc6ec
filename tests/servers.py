"""
Private PostgreSQL and Redis servers: on free ports, in temporary folders, gone when the owner is.

As a program: ``python -m tests.servers COMMAND …`` runs the command with
PORTAL_TEST_DATABASE_URL and PORTAL_TEST_REDIS_URL set to fresh servers.
"""

import contextlib
import ctypes
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

READY_SECONDS = 120  # what a server may take to answer on a machine that has other things to do


class Missing(Exception):
    """The server's program is not installed."""


def free_port():
    """
    Return a port nobody listens on, and that nobody is given while its server is being prepared or started again.

    The system takes the ports of outgoing connections, and of those who ask for any, from a range of its own; this
    one lies below it. Each process draws by itself: pytest-randomly gives all the same seed.
    """
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    places = range(max(1024, first - 12_000), first) or range(1024, 65_536)
    for _try in range(200):
        port = random.SystemRandom().choice(places)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")


def _end_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _program(name):
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    for place in (shutil.which(name), *(folder / name for folder in folders)):
        if place and Path(place).exists():
            return str(place)
    raise Missing(f"{name} is not installed")


class Server:
    """A server that can be stopped, killed and started again on the same data. Use as a context manager."""

    stop_signal = signal.SIGTERM

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix=f"portal-{type(self).__name__.lower()}-"))
        self.port = free_port()
        self.child = None

    def __enter__(self):
        try:
            self.prepare()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def prepare(self):
        """Make what the server needs before its first start."""

    def start(self):
        """Start the server and wait until it answers."""
        log = open(self.folder / "server.log", "ab")  # noqa: SIM115 -- the child keeps it
        with log:
            self.child = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_end_with_parent,
                **self.identity(),
            )
        until = time.monotonic() + READY_SECONDS
        while not self.answers():
            if self.child.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self.folder / "server.log").read_text(errors="replace")[-2000:])
            time.sleep(0.05)

    def stop(self):
        """End the server in order."""
        self._end(self.stop_signal)

    def kill(self):
        """End the server as a power cut would."""
        self._end(signal.SIGKILL)

    def _end(self, signum):
        if self.child and self.child.poll() is None:
            self.child.send_signal(signum)
            try:
                self.child.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        self.child = None

    def identity(self):
        """Return whose process it is, as arguments of Popen."""
        return {}


class Redis(Server):
    """A Redis with an append-only file."""

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self):
        options = {"port": self.port, "bind": "127.0.0.1", "dir": self.folder, "appendonly": "yes", "save": ""}
        options |= {"maxmemory": "256mb", "maxmemory-policy": "noeviction", "daemonize": "no"}
        return [
            _program("redis-server"),
            *(str(part) for key, value in options.items() for part in (f"--{key}", value)),
        ]

    def answers(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        return False


class Postgres(Server):
    """A PostgreSQL cluster with the settings docs/operations.md asks for; as root it runs as postgres."""

    stop_signal = signal.SIGINT  # "fast": ends sessions, keeps what was acknowledged
    settings = (
        "fsync=off",  # survives the server's death, not the machine's; that is enough for tests
        "max_connections=120",
        "shared_buffers=128MB",
        "log_min_error_statement=panic",
        "log_error_verbosity=terse",
        "track_commit_timestamp=off",
    )

    @property
    def url(self):
        return f"postgres://portal@127.0.0.1:{self.port}/portal"

    def identity(self):
        if os.geteuid() != 0:
            return {}
        owner = next((entry for entry in pwd.getpwall() if entry.pw_name == "postgres"), None)
        owner = owner or pwd.getpwnam("nobody")
        return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}

    def prepare(self):
        if owner := self.identity():
            os.chown(self.folder, owner["user"], owner["group"])
        # Beside the folder the server owns, so that the log can be written by whoever started it.
        command = [_program("initdb"), "-D", "data", "-U", "portal", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run([*command, "-N"], cwd=self.folder, check=True, capture_output=True, **self.identity())

    def command(self):
        options = [part for setting in self.settings for part in ("-c", setting)]
        place = ["-p", str(self.port), "-h", "127.0.0.1", "-k", str(self.folder)]
        return [_program("postgres"), "-D", "data", *place, *options]

    def answers(self):
        import psycopg2

        with contextlib.suppress(psycopg2.OperationalError):
            line = psycopg2.connect(
                host="127.0.0.1", port=self.port, user="portal", dbname="postgres", connect_timeout=2
            )
            line.autocommit = True
            with contextlib.closing(line), line.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'portal'")
                if not cursor.fetchone():
                    cursor.execute("CREATE DATABASE portal")
            return True
        return False


def main(command):
    """Run the command beside fresh servers and return its exit code."""
    with Postgres() as postgres, Redis() as redis:
        places = {"PORTAL_TEST_DATABASE_URL": postgres.url, "PORTAL_TEST_REDIS_URL": redis.url}
        child = subprocess.Popen(command, env=os.environ | places)
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda signum, frame: child.send_signal(signum))
        return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
