"""The three moments of every deadline, as frozen clocks; the end of the day, waited for; a session's step, held."""

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


def hold_step(guard, *, began):
    """
    Return what stands for ``guard._floor``: the step in which a test began ends five minutes later than by the clock.

    A session notes once in five minutes, at the end of a step, that pages are asked for, by three statements. In
    the middle of a test that counts statements they would be counted too. Other moments keep their own steps.
    """
    own = guard._floor

    def floor(at):
        since = (at - began).total_seconds()
        return own(began if 0 <= since < guard.STEP else at)

    return floor
