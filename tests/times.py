"""The three moments of every deadline, as frozen clocks."""

import datetime as dt

import time_machine


def before(moment):
    """Freeze the clock one microsecond before the moment."""
    return at(moment - dt.timedelta(microseconds=1))


def at(moment):
    """Freeze the clock at the moment."""
    return time_machine.travel(moment, tick=False)


def after(moment):
    """Freeze the clock three days after the moment."""
    return at(moment + dt.timedelta(days=3))
