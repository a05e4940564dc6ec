"""Is the portal alive, is it ready: answers for proxies, supervisors and ``manage.py doctor``."""

import datetime as dt
import functools
import secrets
import shutil
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.deadlines.models import Heartbeat

SWEEP = "portal.deadlines.sweep"
SWEEP_MAX_AGE = dt.timedelta(minutes=15)
DISK_WARN, DISK_FAIL = 2 * 1024**3, 256 * 1024**2

OK, WARN, FAIL = "ok", "warn", "fail"


@dataclass(frozen=True)
class Finding:
    """What one check saw: ``state`` is ok, warn (degraded) or fail (down); ``advice`` is the next thing to do."""

    name: str
    state: str
    note: str = ""
    advice: str = ""


def database_answers():
    """Whether the database answers a statement."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Finding("database", FAIL, type(error).__name__, "start the database; see DATABASE_URL")
    return Finding("database", OK, connection.vendor)


def migrations_are_applied():
    """Whether the tables are those this code expects."""
    waiting = _waiting_migrations()
    if waiting:
        return Finding("migrations", FAIL, f"{waiting} not applied", "run manage.py migrate")
    return Finding("migrations", OK)


def _waiting_migrations():
    # The graph takes a while to build and, once complete, stays complete for the life of this code.
    if _all_applied.cache_info().currsize:
        return 0
    executor = MigrationExecutor(connection)
    if waiting := len(executor.migration_plan(executor.loader.graph.leaf_nodes())):
        return waiting
    _all_applied()
    return 0


@functools.cache
def _all_applied():
    return True


def sweep_is_recent(at):
    """Whether reminders go out: the last sweep ended less than a quarter of an hour ago."""
    advice = "start worker and beat, or let cron call manage.py runperiodic; public clocks are right meanwhile"
    last = Heartbeat.objects.filter(name=SWEEP).values_list("beat_at", flat=True).first()
    if last is None:
        return Finding("sweep", WARN, "never ran", advice)
    if at - last > SWEEP_MAX_AGE:
        return Finding("sweep", WARN, f"last ran {int((at - last).total_seconds() // 60)} minutes ago", advice)
    return Finding("sweep", OK)


def disk_has_room():
    """Whether uploads and, in the demo, the database still find room."""
    free = shutil.disk_usage(settings.VAR).free
    state = FAIL if free < DISK_FAIL else WARN if free < DISK_WARN else OK
    return Finding("disk", state, f"{free // 1024**2} MiB free", "" if state == OK else "make room or add a disk")


def cache_keeps():
    """Whether the cache gives back what it was given; without it the portal is slower, not down."""
    token = secrets.token_hex(4)
    try:
        cache.set("health", token, 10)
        kept = cache.get("health")
    except Exception as error:  # whatever a cache library raises means the same here
        return Finding("cache", WARN, type(error).__name__, "start Redis; see REDIS_URL")
    return Finding("cache", OK) if kept else Finding("cache", WARN, "forgets", "check Redis' memory limit")


def readiness(*, at):
    """Return the findings that decide whether requests should come here."""
    findings = [database_answers()]
    if findings[0].state == OK:
        findings += [migrations_are_applied()]
    if findings[-1].state == OK:
        findings += [sweep_is_recent(at)]
    disk = disk_has_room()
    # A full disk refuses uploads cleanly; the pages still answer.
    findings += [Finding("disk", WARN, disk.note, disk.advice) if disk.state == FAIL else disk, cache_keeps()]
    return findings


@login_not_required
@never_cache
@require_safe
def livez(request):
    """Say that this process answers; asks nothing of anybody else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@never_cache
@require_safe
def readyz(request):
    """Say ok, degraded (still serving) or down (503), with the state of each part but no details."""
    findings = readiness(at=timezone.now())
    states = {finding.state for finding in findings}
    word = "down" if FAIL in states else "degraded" if WARN in states else "ok"
    answer = {"status": word, "checks": {finding.name: finding.state for finding in findings}}
    return JsonResponse(answer, status=503 if word == "down" else 200)
