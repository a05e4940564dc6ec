"""The three moments of every deadline, as frozen clocks; and the end of the day, waited for."""

import datetime as dt
import time

import time_machine

from portal.kernel.days import LOCAL


def before(moment):
    """Freeze the clock one microsecond before the moment."""
    return at(moment - dt.timedelta(microseconds=1))


def at(moment):
    """Freeze the clock at the moment."""
    return time_machine.travel(moment, tick=False)


def after(moment):
    """Freeze the clock three days after the moment."""
    return at(moment + dt.timedelta(days=3))


def keep_within_a_day(needed):
    """Wait for midnight at the plant when it is nearer than ``needed``: what is due, open or read changes with it."""
    now = dt.datetime.now(LOCAL)
    left = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(), LOCAL) - now
    if left < needed:
        time.sleep(left.total_seconds() + 1)
