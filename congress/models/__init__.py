"""Tables of what must be decided, a file for each area."""

from .delegates import DutyEntry, DutyReport, Mandate, Meeting
from .sessions import Session
from .terms import Body, BodyMember, Delegation, ElectingUnit, Observer, Term, TermExtension

__all__ = [
    "Body",
    "BodyMember",
    "Delegation",
    "DutyEntry",
    "DutyReport",
    "ElectingUnit",
    "Mandate",
    "Meeting",
    "Observer",
    "Session",
    "Term",
    "TermExtension",
]
