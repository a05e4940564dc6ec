"""The verbs of promises, calendars and the sweep."""

from .calendars import check_calendar, import_calendar, recompute_promises, seed_editions
from .extensions import ask_extension, decide_extension
from .guard import check_clock, resume_clock
from .heartbeats import beat
from .pauses import pause_promise, resume_promise
from .promises import (
    due_day_for,
    end_promise,
    make_promise,
    make_promises,
    meet_promise,
    move_promise,
    promise_for_many,
    workday_limit,
)
from .sweeping import Swept, sweep

__all__ = [
    "Swept",
    "ask_extension",
    "beat",
    "check_calendar",
    "check_clock",
    "decide_extension",
    "due_day_for",
    "end_promise",
    "import_calendar",
    "make_promise",
    "make_promises",
    "meet_promise",
    "move_promise",
    "pause_promise",
    "promise_for_many",
    "recompute_promises",
    "resume_clock",
    "resume_promise",
    "seed_editions",
    "sweep",
    "workday_limit",
]
