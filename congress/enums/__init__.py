"""Kinds and states of the congress, a file for each area."""

from .delegates import (
    DUTY_TRANSITIONS,
    LIVE,
    MANDATE_TRANSITIONS,
    BodyKind,
    DelegateCategory,
    DutyKind,
    DutyState,
    MandateState,
    MeetingKind,
)
from .sessions import AHEAD, HELD, SESSION_TRANSITIONS, Proposer, SessionKind, SessionMode, SessionState
from .terms import TERM_TRANSITIONS, CongressNoun, Region, TermState

__all__ = [
    "AHEAD",
    "DUTY_TRANSITIONS",
    "HELD",
    "LIVE",
    "MANDATE_TRANSITIONS",
    "SESSION_TRANSITIONS",
    "TERM_TRANSITIONS",
    "BodyKind",
    "CongressNoun",
    "DelegateCategory",
    "DutyKind",
    "DutyState",
    "MandateState",
    "MeetingKind",
    "Proposer",
    "Region",
    "SessionKind",
    "SessionMode",
    "SessionState",
    "TermState",
]
