"""The verbs of the ballot box."""

from .casting import AlreadyVoted, NoElector, cast_ballot, cast_by_code, find_code
from .closing import close_due, close_poll
from .codes import MOST_CODES, print_codes, void_sheet
from .counting import WrongShare, count_poll
from .drafting import discard_poll, draft_poll, repeat_poll
from .opening import open_poll
from .papers import add_scan, enter_paper, issue_paper
from .publishing import publish_poll
from .rebuilding import vacuum_missed
from .shares import reset_shares, take_up_share

__all__ = [
    "MOST_CODES",
    "AlreadyVoted",
    "NoElector",
    "WrongShare",
    "add_scan",
    "cast_ballot",
    "cast_by_code",
    "close_due",
    "close_poll",
    "count_poll",
    "discard_poll",
    "draft_poll",
    "enter_paper",
    "find_code",
    "issue_paper",
    "open_poll",
    "print_codes",
    "publish_poll",
    "repeat_poll",
    "reset_shares",
    "take_up_share",
    "vacuum_missed",
    "void_sheet",
]
