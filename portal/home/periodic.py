"""
Do without Celery what Celery does: run every entry of the schedule that is due.

Called by cron or a systemd timer, as often as one likes and from as many
places; the entry's row is taken before it runs, so two callers do not run one
entry at once, and the tasks themselves are safe when doubled.
"""

import datetime as dt
import logging

from celery import current_app
from django.conf import settings

from portal.deadlines.models import Heartbeat

logger = logging.getLogger(__name__)
NEVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def row_name(entry):
    """Return the heartbeat row that says when ``runperiodic`` last ran the entry."""
    return f"periodic:{entry}"


def is_due(entry, last, *, at):
    """Whether the schedule has struck between the last run and ``at``."""
    schedule = settings.CELERY_BEAT_SCHEDULE[entry]["schedule"]
    strikes_in = schedule.remaining_estimate(last.astimezone(schedule.tz))
    # The schedule reckons from the machine's clock; what matters is whether it struck before ``at``.
    return schedule.now() + strikes_in <= at


def _take(entry, *, at):
    """Claim the entry when it is due; return whether it is ours to run."""
    row, _is_new = Heartbeat.objects.get_or_create(name=row_name(entry), defaults={"beat_at": NEVER})
    if row.beat_at > at or not is_due(entry, row.beat_at, at=at):
        return False
    return bool(Heartbeat.objects.filter(name=row.name, beat_at=row.beat_at).update(beat_at=at))


def run_due(*, at, say=lambda line: None):
    """
    Run what is due at ``at`` in this process and return the names of the entries that failed.

    A failing entry neither stops the others nor counts as run; the next call
    tries it again.
    """
    current_app.loader.import_default_modules()
    failed = []
    was_eager, current_app.conf.task_always_eager = current_app.conf.task_always_eager, True
    try:
        for entry, plan in settings.CELERY_BEAT_SCHEDULE.items():
            if not _take(entry, at=at):
                continue
            try:
                current_app.tasks[plan["task"]].apply(plan.get("args"), plan.get("kwargs"), throw=True)
                say(f"{entry}: done")
            except Exception:
                logger.exception("Periodic entry %s failed", entry)
                Heartbeat.objects.filter(name=row_name(entry), beat_at=at).update(beat_at=NEVER)
                failed.append(entry)
                say(f"{entry}: failed")
    finally:
        current_app.conf.task_always_eager = was_eager
    return failed
