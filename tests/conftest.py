"""What every test may rely on: no way out to the network, clean caches, real services where asked for."""

import datetime as dt
import gc
import ipaddress
import os
import socket
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, settings

from tests import pages
from tests.services import absent, find_chromium

_PAGES = pytest.StashKey[list[str]]()

# By default an example that takes a fifth of a second fails, which on a busy machine says nothing about the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def _is_local(address):
    if not isinstance(address, tuple):
        return True  # a unix socket
    host = address[0]
    if isinstance(host, bytes):
        host = host.decode()
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in {"localhost", ""}


@pytest.fixture(scope="session", autouse=True)
def no_network():
    """Refuse every connection that leaves this machine."""
    patch = pytest.MonkeyPatch()
    real = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex")}

    def guarded(name):
        def call(self, address):
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address):
                raise RuntimeError(f"a test tried to reach {address!r}")
            return real[name](self, address)

        return call

    for name in real:
        patch.setattr(socket.socket, name, guarded(name))
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def watched_pages():
    """Look at every page any test asks for (tests.pages)."""
    patch = pytest.MonkeyPatch()
    pages.watch(patch)
    yield
    patch.undo()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """
    Keep the tests of the shared stage together, and first, whatever order the others come in.

    The stage costs a quarter of a minute; of two workers the one that begins with them goes on with them, and the
    other takes over what stands last. Before them comes the longest test of all, which would else be waited for.
    """
    items.sort(key=lambda item: ("tests/walking/test_crawl" not in item.nodeid, "tests/matrix/" not in item.nodeid))


def pytest_collection_finish(session):
    """Leave what is loaded by now out of every later sweep of memory; it stays until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_sessionfinish(session, exitstatus):
    """After a full and successful run: every address was asked for, and every page kept the rules of all pages."""
    option = session.config.option
    is_whole = session.config.args == session.config.getini("testpaths") and not option.keyword
    is_alone = not hasattr(session.config, "workerinput") and not getattr(option, "numprocesses", None)
    if exitstatus != 0 or not is_whole or not is_alone or not option.markexpr.startswith("not services"):
        return
    lines = [f"no test asks for {name}" for name in sorted(pages.all_routes() - pages.requested - pages.ELSEWHERE)]
    lines += [f"{route}: {said}" for route, said in sorted(pages.faults.items())]
    if lines:
        session.config.stash[_PAGES] = lines
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    for line in config.stash.get(_PAGES, []):
        terminalreporter.write_line(f"PAGES {line}", red=True)


@pytest.fixture(scope="session", autouse=True)
def flush_past_ledger():
    """Let transactional tests empty the tables that refuse it; the ledger's triggers are back before the next test."""
    from tests.ledger.guards import let_flush_pass

    patch = pytest.MonkeyPatch()
    let_flush_pass(patch)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def one_day(request):
    """Let no test begin so late that midnight at the plant would come in the middle of it."""
    from tests.times import keep_within_a_day

    is_long = any(map(request.node.get_closest_marker, ("services", "browser", "slow")))
    keep_within_a_day(dt.timedelta(minutes=4 if is_long else 0.5))


@pytest.fixture(autouse=True)
def one_step(monkeypatch):
    """Let no session's step of five minutes end in the middle of a test."""
    from portal.accounts import guard
    from tests.times import hold_step

    monkeypatch.setattr(guard, "_floor", hold_step(guard, began=dt.datetime.now(dt.UTC)))


@pytest.fixture(autouse=True)
def clean_cache():
    """Start every test with an empty cache and nobody's bucket used up."""
    from django.core.cache import cache

    from congress.queries import home
    from portal.deadlines import queries
    from portal.kernel.anonymity import buckets

    cache.clear()
    queries.forget()
    queries.REMEMBERED_SECONDS = float("inf")  # a page asks the same after a minute on a slow machine
    # Nobody is known to sit: pages ask the same whether or not a minute has gone by since the last test.
    home._sitting.update(until=float("inf"), people=frozenset())
    buckets.day = None


@pytest.fixture(autouse=True)
def private_uploads(settings, tmp_path):
    """Keep uploads of a test to the test."""
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": tmp_path / "uploads"}}
    settings.STORAGES = storages


@pytest.fixture(scope="session")
def redis_url():
    """The address of a Redis that tests may flush, from PORTAL_TEST_REDIS_URL."""
    url = os.environ.get("PORTAL_TEST_REDIS_URL")
    if not url:
        absent("needs a Redis of its own: set PORTAL_TEST_REDIS_URL")
    return url


@pytest.fixture
def redis(redis_url):
    """A client of the emptied test Redis."""
    import redis as library

    client = library.Redis.from_url(redis_url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def engine(request):
    """The engine a test of both (tests.services.both_engines) is meant for; the suite that has the other leaves it."""
    from django.db import connection

    if connection.vendor != request.param:
        pytest.skip(f"runs in the suite on {request.param}")
    return request.param


@pytest.fixture
def postgres(transactional_db):
    """The connection, when the suite runs on PostgreSQL; rows written are visible to other processes."""
    from django.db import connection

    if connection.vendor != "postgresql":
        absent("needs PostgreSQL: set PORTAL_TEST_DATABASE_URL")
    return connection


@pytest.fixture
def service_environment(postgres, redis, redis_url, tmp_path):
    """The environment for real web, worker and beat processes on the test database and the test Redis."""
    from portal.home.children import clean_environment

    config = postgres.settings_dict
    who = quote(config["USER"], safe="") + (":" + quote(config["PASSWORD"], safe="") if config["PASSWORD"] else "")
    host = quote(config["HOST"], safe="") + (f":{config['PORT']}" if config["PORT"] else "")
    return clean_environment(
        PORTAL_MODE="demo",
        PORTAL_VAR=tmp_path / "var",
        DATABASE_URL=f"postgres://{who}@{host}/{quote(config['NAME'], safe='')}",
        REDIS_URL=redis_url,
    )


@pytest.fixture
def own_redis():
    """A Redis of this test alone, to be stopped and killed at will (tests.servers.Redis)."""
    from tests.servers import Missing, Redis

    try:
        with Redis() as server:
            yield server
    except Missing as error:
        absent(str(error))


@pytest.fixture
def own_postgres():
    """A PostgreSQL of this test alone, to be stopped and killed at will (tests.servers.Postgres)."""
    from tests.servers import Missing, Postgres

    try:
        with Postgres() as server:
            yield server
    except Missing as error:
        absent(str(error))


@pytest.fixture(scope="session")
def chromium():
    """The path of a Chromium."""
    place = find_chromium()
    if place is None:
        absent("needs Chromium: install it or set CHROMIUM to its path")
    return place
