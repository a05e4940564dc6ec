"""The verbs of promises, calendars and the sweep."""

from .calendars import import_calendar, recompute_promises, seed_editions
from .extensions import ask_extension, decide_extension
from .pauses import pause_promise, resume_promise
from .promises import end_promise, make_promise, make_promises, meet_promise, move_promise, workday_limit

__all__ = [
    "ask_extension",
    "decide_extension",
    "end_promise",
    "import_calendar",
    "make_promise",
    "make_promises",
    "meet_promise",
    "move_promise",
    "pause_promise",
    "recompute_promises",
    "resume_promise",
    "seed_editions",
    "workday_limit",
]
