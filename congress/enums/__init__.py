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
from .terms import TERM_TRANSITIONS, CongressNoun, Region, TermState

__all__ = [
    "DUTY_TRANSITIONS",
    "LIVE",
    "MANDATE_TRANSITIONS",
    "TERM_TRANSITIONS",
    "BodyKind",
    "CongressNoun",
    "DelegateCategory",
    "DutyKind",
    "DutyState",
    "MandateState",
    "MeetingKind",
    "Region",
    "TermState",
]
