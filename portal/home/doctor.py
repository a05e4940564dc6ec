"""
Every question an operator should ask, each with its answer and the next thing to do.

A check is a function of the moment that returns a Finding; ``examine`` runs
them all and turns one that breaks down into a finding of its own.
"""

import datetime as dt
import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from portal.deadlines.models import CalendarEdition, ClockGuard, Heartbeat
from portal.kernel.days import local_day
from portal.ledger.checking import rows
from portal.ledger.models import Seal
from portal.ledger.verifying import GENESIS, verify_rows
from portal.search.checking import counts

from .health import (
    FAIL,
    OK,
    WARN,
    Finding,
    cache_keeps,
    database_answers,
    disk_has_room,
    migrations_are_applied,
    sweep_is_recent,
)

LEDGER_TAIL = 1000
BACKUP_MAX_AGE, DRILL_MAX_AGE = dt.timedelta(hours=26), dt.timedelta(days=32)
CERTIFICATE_WARN = dt.timedelta(days=30)
# What PostgreSQL must not write down, and must not keep (trust A5, rule 2).
POSTGRES_SETTINGS = {
    "log_min_error_statement": {"panic"},
    "log_error_verbosity": {"terse"},
    "log_statement": {"none", "ddl"},
    "log_min_duration_statement": {"-1"},
    "track_commit_timestamp": {"off"},
}


def mode(at):
    """Production, or a demo that must not hold workers' data."""
    if settings.PRODUCTION:
        return Finding("mode", OK, "production")
    return Finding("mode", WARN, settings.MODE, "set PORTAL_MODE=production before real people use it")


def database(at):
    return database_answers()


def migrations(at):
    return migrations_are_applied()


def engine(at):
    """Settings of the engine that keep data whole and logs silent."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            journal = cursor.fetchone()[0]
            cursor.execute("PRAGMA secure_delete")
            is_secure = cursor.fetchone()[0]
            if journal != "wal" or not is_secure:
                return Finding("engine", FAIL, f"journal {journal}, secure_delete {is_secure}", "start by manage.py")
            return Finding("engine", OK, "WAL, secure_delete")
        wrong = []
        for name, wanted in POSTGRES_SETTINGS.items():
            cursor.execute("SELECT current_setting(%s)", [name])
            if (value := cursor.fetchone()[0]) not in wanted:
                wrong.append(f"{name}={value}")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            wrong.append("the portal's database user is a superuser")
    if wrong:
        return Finding("engine", WARN, "; ".join(wrong), "see 'PostgreSQL' in docs/operations.md")
    return Finding("engine", OK, f"PostgreSQL {connection.pg_version // 10000}")


def sweep(at):
    return sweep_is_recent(at)


def clock(at):
    """Whether the machine's clock has jumped and sweeps wait for somebody to look."""
    guard = ClockGuard.objects.first()
    if guard and guard.frozen_at:
        return Finding("clock", FAIL, f"frozen: {guard.frozen_code}", "set the clock right, then release the guard")
    return Finding("clock", OK)


def broker(at):
    """Whether Redis answers and would rather refuse than forget."""
    if not settings.REDIS_URL:
        return Finding("broker", OK if settings.DEMO else WARN, "files" if settings.DEMO else "none", "set REDIS_URL")
    import redis

    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        policy = client.info("memory").get("maxmemory_policy")
    except redis.RedisError as error:
        advice = "start Redis; pages go on, reminders wait for runperiodic"
        return Finding("broker", WARN, type(error).__name__, advice)
    finally:
        client.close()
    if policy != "noeviction":
        return Finding("broker", WARN, f"maxmemory-policy {policy}", "set maxmemory-policy noeviction")
    return Finding("broker", OK, "redis")


def cache(at):
    return cache_keeps()


def disk(at):
    return disk_has_room()


def secrets(at):
    """Whether the secrets are long and no two are the same."""
    if min(len(settings.SECRET_KEY), len(settings.TAG_KEY)) < 50 or settings.SECRET_KEY == settings.TAG_KEY:
        return Finding("secrets", FAIL, "short or the same", "run deploy/make-secrets.sh and restart")
    return Finding("secrets", OK)


def permissions(at):
    """Whether others on this machine could read what the portal stores."""
    places = [settings.VAR, Path(settings.STORAGES["default"]["OPTIONS"]["location"])]
    open_ones = [str(place) for place in places if place.exists() and place.stat().st_mode & 0o007]
    if open_ones and settings.PRODUCTION:
        return Finding("permissions", WARN, f"others may enter {', '.join(open_ones)}", "chmod o-rwx")
    return Finding("permissions", OK)


def certificate(at):
    """How long browsers go on trusting the address people type."""
    parts = urlsplit(settings.ORIGIN)
    if parts.scheme != "https":
        state = WARN if settings.PRODUCTION else OK
        return Finding("certificate", state, "no TLS", "run deploy/make-ca.sh" if settings.PRODUCTION else "")
    context = ssl.create_default_context()
    authority = settings.BASE_DIR / "deploy" / "tls" / "ca.crt"
    if authority.exists():
        context.load_verify_locations(authority)
    try:
        with (
            socket.create_connection((parts.hostname, parts.port or 443), timeout=3) as plain,
            context.wrap_socket(plain, server_hostname=parts.hostname) as wrapped,
        ):
            ends = dt.datetime.fromtimestamp(ssl.cert_time_to_seconds(wrapped.getpeercert()["notAfter"]), dt.UTC)
    except (OSError, ValueError) as error:
        return Finding("certificate", WARN, f"{parts.hostname}: {error}", "look from a workplace's browser")
    if ends - at < CERTIFICATE_WARN:
        return Finding("certificate", WARN, f"ends on {ends:%Y-%m-%d}", "run deploy/make-ca.sh again and reload nginx")
    return Finding("certificate", OK, f"until {ends:%Y-%m-%d}")


def mail(at):
    """Whether the relay answers; without one the digest stays in the inbox."""
    if settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        return Finding("mail", OK, "off")
    try:
        socket.create_connection((settings.EMAIL_HOST, settings.EMAIL_PORT), timeout=3).close()
    except OSError as error:
        return Finding(
            "mail", WARN, f"{settings.EMAIL_HOST}: {error}", "ask the relay's keeper; messages wait meanwhile"
        )
    return Finding("mail", OK, settings.EMAIL_HOST)


def _age(name, row, limit, at, advice):
    last = Heartbeat.objects.filter(name=row).values_list("beat_at", flat=True).first()
    if last is None:
        return Finding(name, WARN if settings.PRODUCTION else OK, "never", advice)
    if at - last > limit:
        return Finding(name, WARN, f"last on {local_day(last)}", advice)
    return Finding(name, OK, f"{local_day(last)}")


def backup(at):
    """Whether there is a backup of the last day."""
    return _age("backup", "backup", BACKUP_MAX_AGE, at, "run manage.py backup every night")


def drill(at):
    """Whether somebody has lately seen that a backup can be restored."""
    return _age("drill", "restore.drill", DRILL_MAX_AGE, at, "run manage.py restore ARCHIVE --drill every month")


def ledger(at):
    """Whether the last thousand entries still fit their seals."""
    last = Seal.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    first = max(1, last - LEDGER_TAIL + 1)
    before = Seal.objects.filter(seq=first - 1).values_list("hash", flat=True).first() or GENESIS
    report = verify_rows(rows(first=first), start=(first - 1, before))
    if report.fault:
        return Finding("ledger", FAIL, str(report.fault), "run manage.py verify_ledger; do not touch the database")
    return Finding("ledger", OK, f"{last} sealed")


def calendar(at):
    """Whether promises into next year can be counted by its notice; asked from November on."""
    day = local_day(at)
    years = {day.year} | ({day.year + 1} if day.month >= 11 else set())
    missing = sorted(years - set(CalendarEdition.objects.values_list("year", flat=True)))
    if missing:
        note = f"no working days for {', '.join(map(str, missing))}"
        return Finding("calendar", WARN, note, "import the State Council's notice; promises are marked provisional")
    return Finding("calendar", OK)


def search(at):
    """Whether as much can be found as is public; which ones differ is looked at by night."""
    found = counts()
    if differing := [f"{code} {filed} of {wanted}" for code, (wanted, filed) in found.items() if wanted != filed]:
        return Finding("search", WARN, "; ".join(differing), "run manage.py reindex_search")
    return Finding("search", OK, f"{sum(filed for _wanted, filed in found.values())} filed")


CHECKS = {
    check.__name__: check
    for check in (
        mode,
        database,
        migrations,
        engine,
        sweep,
        clock,
        broker,
        cache,
        disk,
        secrets,
        permissions,
        certificate,
        mail,
        backup,
        drill,
        ledger,
        calendar,
        search,
    )
}


def examine(*, at, only=()):
    """Run the named checks (default: all) and return their findings in order."""
    findings = []
    for name in only or CHECKS:
        try:
            findings.append(CHECKS[name](at))
        except Exception as error:
            findings.append(Finding(name, FAIL, f"{type(error).__name__}: {error}", "repair what stands above first"))
    return findings
