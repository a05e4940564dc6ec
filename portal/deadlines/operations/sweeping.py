"""
The sweep: record what fell due and tell the desks, as few statements over many promises.

It asks "which promises have a step to take", never "what happened in the last
minute", so that three days of downtime lose nothing: each promise gets the
step it is at, and its miss dated when it fell due. Two sweepers at once take
different rows (PostgreSQL: SKIP LOCKED; SQLite: one writer), and the keys of
step and notice refuse a second one of either.
"""

import time
from dataclasses import dataclass

from django.db import connection, transaction

from portal.accounts.desks import BEHIND, role_desk
from portal.accounts.models import Appointment, Unit
from portal.kernel.days import local_day
from portal.ledger.recording import SYSTEM

from ..kinds import known_kinds
from ..models import ClockGuard, Promise
from ..telling import ring
from . import sweeping_sql
from .pauses import let_run

# A batch is one transaction. It grows while the machine is quick and shrinks while it is not, so that
# no lock is held for long on either (goal: never half a second).
BATCH, FIRST_BATCH, LEAST_BATCH = 5000, 2000, 1000
QUICK, SLOW = 0.08, 0.2
LISTED = 100_000


@dataclass
class Swept:
    """What one sweep did."""

    taken: int = 0
    missed: int = 0
    told: int = 0
    resumed: int = 0
    is_frozen: bool = False


def sweep(*, at, batch=BATCH):
    """
    Take every step that is due and return what was done; nothing while the clock is frozen.

    Works in transactions of one batch each; may be stopped at any point and
    called again, by anybody, at once.
    """
    done = Swept()
    if ClockGuard.objects.filter(frozen_at__isnull=False).exists():
        done.is_frozen = True
        return done
    done.resumed = _end_capped_pauses(at)
    waiting = Promise.objects.open().filter(paused_on__isnull=True, next_at__lte=at, kind__in=known_kinds())
    if not waiting.exists():
        return done
    run = _Run(at)
    is_urgent = False
    for taken, missed, told, urgent in run.batches(batch):
        done.taken, done.missed, done.told = done.taken + taken, done.missed + missed, done.told + told
        is_urgent = is_urgent or bool(urgent)
    if is_urgent:
        ring()
    return done


def _end_capped_pauses(at):
    """Let every clock run again whose pause has reached its cap; each is dated on the day of the cap."""
    ended = 0
    capped = Promise.objects.open().filter(paused_on__isnull=False, next_at__lte=at)
    for pk in list(capped.values_list("pk", flat=True)):
        with transaction.atomic():
            promise = (
                capped.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
                .filter(pk=pk)
                .first()
            )
            if promise is not None:
                let_run(promise, actor=SYSTEM, on=local_day(at), at=at)
                promise.save()
                ended += 1
    return ended


def nearest_desks(roles, at):
    """Return [(unit id, role, desk)] for every unit, as portal.accounts.desks.nearest_desk has it for one."""
    holders = {}
    climbs = {role: (role, *BEHIND.get(role, ())) for role in roles}
    wanted = {one for climb in climbs.values() for one in climb}
    current = Appointment.objects.current(at).filter(role__in=wanted, person__is_active=True)
    for role, unit_id, path in current.values_list("role", "unit_id", "unit__path").distinct():
        holders[role, path] = unit_id
    desks = []
    for unit in Unit.objects.only("pk", "path").order_by("path"):
        paths = [unit.path[:end] for end in range(len(unit.path), 0, -4)]
        for role in roles:
            places = ((one, path) for one in climbs[role] for path in paths)
            held, path = next((place for place in places if place in holders), (role, None))
            holder = unit.pk if path is None else holders[held, path]
            desks.append((unit.pk, role, role_desk(held, Unit(pk=holder))))
    return desks


class _Run:
    """One sweep's statements and parameters, the same for each of its batches."""

    def __init__(self, at):
        self.at = connection.ops.adapt_datetimefield_value(at)
        self.today = local_day(at)
        ladders = {}
        for kind in known_kinds().values():
            ladders.setdefault(kind.ladder, []).append(kind.code)
        roles = sorted(
            {str(rung.role) for ladder in ladders for rung in ladder.rungs}
            | {str(ladder.weekly) for ladder in ladders if ladder.weekly}
        )
        self.desks = nearest_desks(roles, at)
        self.is_postgresql = connection.vendor == "postgresql"
        self.statements = sweeping_sql.postgresql(ladders) if self.is_postgresql else sweeping_sql.sqlite(ladders)
        self.waiting = sweeping_sql.postgresql_waiting(ladders)
        if not self.is_postgresql:
            with connection.cursor() as cursor:
                for statement in sweeping_sql.SQLITE_TABLES:
                    cursor.execute(statement)
                cursor.executemany("INSERT INTO temp.sweep_desk (unit_id, role, desk) VALUES (%s, %s, %s)", self.desks)

    def batches(self, most):
        """Take everything that is due, yielding for each batch how many promises, misses and notices it was."""
        size = min(most, FIRST_BATCH)
        while True:
            waiting = self._waiting() if self.is_postgresql else None
            taken_here = start = 0
            while waiting is None or start < len(waiting):
                began = time.perf_counter()
                counts = self._batch(waiting[start : start + size] if waiting is not None else None, size)
                took = time.perf_counter() - began
                start, taken_here = start + size, taken_here + counts[0]
                yield counts
                if waiting is None and not counts[0]:
                    return
                if took > SLOW:
                    size = max(size // 2, min(most, LEAST_BATCH))
                elif took < QUICK:
                    size = min(size * 2, most)
            # All that was due has been offered; or nothing was free, and another sweeper has it.
            if len(waiting) < LISTED or not taken_here:
                return

    def _waiting(self):
        with connection.cursor() as cursor:
            cursor.execute(self.waiting, {"at": self.at, "size": LISTED})
            return [place for (place,) in cursor.fetchall()]

    @transaction.atomic
    def _batch(self, places, size):
        with connection.cursor() as cursor:
            if places is not None:
                units, roles, desks = (list(column) for column in zip(*self.desks, strict=True))
                lists = {"places": places, "units": units, "roles": roles, "desks": desks}
                cursor.execute(self.statements, {"at": self.at, "today": self.today, **lists})
                return cursor.fetchone()
            parameters = {"at": self.at, "today": self.today.isoformat(), "size": size}
            for statement in self.statements:
                cursor.execute(statement, parameters)
            return cursor.fetchone()
