"""Freezing the sweeps when the clock of the machine has jumped, and letting them run again by a person."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.desks import role_desk
from portal.accounts.enums import Role
from portal.accounts.queries import company
from portal.kernel.rows import only_one
from portal.kernel.texts import clean_line
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import SYSTEM, record

from ..guard import ANCHORS, jump_of
from ..models import ClockGuard
from ..rules import may_resume_clock
from ..telling import post
from ..watch import CLOCK
from .heartbeats import beat

SUBJECT = "deadlines.clockguard:1"


@transaction.atomic
def check_clock(*, reading):
    """
    Compare a reading of the machine's clocks with what was seen before; return whether sweeps may run.

    A jump freezes them until a person lets them run again: the latest moment
    seen stays what it was, so that setting the clock right is no second jump.
    """
    guard, is_new = ClockGuard.objects.select_for_update().get_or_create(pk=1, defaults={"latest_at": reading.wall})
    if guard.frozen_at is not None:
        return False
    anchors = {boot: (dt.datetime.fromisoformat(wall), uptime) for boot, (wall, uptime) in guard.anchors.items()}
    jump = "" if is_new else jump_of(reading, latest_at=guard.latest_at, anchors=anchors)
    if jump:
        guard.frozen_at, guard.frozen_code = reading.wall, jump
        guard.save()
        record(verb="clock.frozen", subject=SUBJECT, actor=SYSTEM, at=reading.wall, code=jump, latest=guard.latest_at)
        beat(CLOCK, reading.wall, frozen=jump)
        _tell_frozen(guard)
        return False
    guard.latest_at = max(guard.latest_at, reading.wall)
    if reading.boot_id and reading.boot_id not in anchors:
        _anchor(guard, reading)
    guard.save()
    return True


@transaction.atomic
def resume_clock(*, reason, actor, reading):
    """
    Let the sweeps run again from the time the machine shows now; the reason is kept and the act is in the ledger.

    :raises OperationRefused: with the reason a person may read.
    """
    require(may_resume_clock(actor))
    guard = only_one(ClockGuard.objects.select_for_update().filter(pk=1))
    if guard is None or guard.frozen_at is None:
        raise OperationRefused(_("The reminders are running."))
    reason = clean_line(reason)
    if not reason:
        raise OperationRefused(_("Say what happened to the clock."))
    record(
        verb="clock.resumed",
        subject=SUBJECT,
        actor=actor,
        at=reading.wall,
        code=guard.frozen_code,
        latest=guard.latest_at,
    )
    guard.frozen_at, guard.frozen_code = None, ""
    guard.resumed_at, guard.resumed_by, guard.resume_reason = reading.wall, actor, reason[:300]
    # The time a person has vouched for is where watching begins again, on every machine.
    guard.latest_at, guard.anchors = reading.wall, {}
    if reading.boot_id:
        _anchor(guard, reading)
    guard.save()
    beat(CLOCK, reading.wall, frozen="")
    return guard


def _anchor(guard, reading):
    kept = sorted(guard.anchors.items(), key=lambda item: item[1][0])[-(ANCHORS - 1) :]
    guard.anchors = {**dict(kept), reading.boot_id: [reading.wall.isoformat(), reading.uptime]}


def _tell_frozen(guard):
    root = company()
    if root is None:
        return
    post(
        kind="clock.frozen",
        subject=SUBJECT,
        desks=[role_desk(Role.SYSTEM_ADMIN, root), role_desk(Role.UNION_CHAIR, root)],
        at=guard.frozen_at,
        key=f"clock.frozen:{guard.frozen_at.isoformat()}",
        urgent=True,
        code=guard.frozen_code,
    )
