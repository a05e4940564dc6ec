"""Stopping the clock while the sender has to add something, and letting it run again."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.days import day_end, day_start, local_day
from portal.kernel.texts import clean_line
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import SYSTEM

from ..clock import PAUSE_CAP
from ..models import Pause
from ..rules import may_pause, may_resume
from .promises import locked, record_about, set_due, set_next_step


@transaction.atomic
def pause_promise(*, promise, reason, actor, at):
    """
    Stop the clock from today, because the sender has to add something; the reason is public.

    All pauses of a promise together are at most ten days; at the cap the clock
    runs again by itself, with or without a sweep.

    :raises OperationRefused: with the reason a person may read.
    """
    promise = locked(promise)
    require(may_pause(actor, promise, at))
    reason = clean_line(reason)
    if not reason:
        raise OperationRefused(_("Say what the sender has to add."))
    promise.paused_on = local_day(at)
    remaining = dt.timedelta(days=PAUSE_CAP - promise.paused_days)
    promise.due_at = day_end(promise.due_on + remaining)
    promise.next_at = day_start(promise.paused_on + remaining)
    promise.save()
    Pause.objects.create(promise=promise, since=promise.paused_on, reason=reason[:300], paused_by=actor)
    record_about(promise, "promise.paused", actor=actor, at=at, due_on=promise.due_on, paused_days=promise.paused_days)
    return promise


@transaction.atomic
def resume_promise(*, promise, actor, at, day_only=False):
    """
    Let the clock run again; the due day moves by exactly the days it stood still.

    ``actor`` may be None where the sender's own addition ends the pause, and
    ``day_only`` keeps no more of the time than the day.

    :raises OperationRefused: when the clock is running.
    """
    promise = locked(promise)
    require(may_resume(actor, promise, at))
    let_run(promise, actor=actor, on=local_day(at), at=at, day_only=day_only)
    promise.save()
    return promise


def let_run(promise, *, actor, on, at, day_only=False):
    """End the pause of a locked promise on a day, or on the day of its cap where that comes first; the caller saves."""
    cap_on = promise.paused_on + dt.timedelta(days=PAUSE_CAP - promise.paused_days)
    if on >= cap_on:  # reached before anybody came: the portal has let it run then
        on, actor, at = cap_on, SYSTEM, day_start(cap_on)
    # A clock set back must not make days negative.
    on = max(on, promise.paused_on)
    days = (on - promise.paused_on).days
    before = promise.due_on
    Pause.objects.filter(promise=promise, until__isnull=True).update(until=on)
    promise.paused_on = None
    promise.paused_days += days
    set_due(promise, promise.due_on + dt.timedelta(days=days))
    set_next_step(promise, on)
    record_about(
        promise,
        "promise.resumed",
        actor=actor,
        at=at,
        day_only=day_only,
        days=days,
        paused_days=promise.paused_days,
        before=before,
        due_on=promise.due_on,
    )
    return promise
