"""What runs by itself: the sweep every minute, the look at the calendar every morning (schedule in portal.settings)."""

from celery import shared_task
from django.utils import timezone

from .guard import read_clock
from .operations import beat, check_calendar, check_clock, recompute_promises
from .operations import sweep as sweep_promises
from .watch import CALENDAR, SWEEP


@shared_task(name=SWEEP)
def sweep(**_):
    """Take every step that is due, unless the clock of the machine has jumped."""
    at = timezone.now()
    if not check_clock(reading=read_clock(at)):
        return
    done = sweep_promises(at=at)
    beat(SWEEP, at, taken=done.taken, missed=done.missed, told=done.told, resumed=done.resumed)


@shared_task(name=CALENDAR)
def check_missing_calendar(**_):
    """Settle promises computed from older editions, and ask for next year's calendar from November on."""
    at = timezone.now()
    recompute_promises(at=at)
    check_calendar(at=at)
