"""Tables of what must be decided, a file for each area."""

from .agenda import AgendaItem, Delivery, ItemOpinion, ItemStage, JointDecision, Paper, SessionStep
from .delegates import DutyEntry, DutyReport, Mandate, Meeting
from .hall import Bypass, PollItem, Presence, SessionPoll, Waiver
from .sessions import Session
from .terms import Body, BodyMember, Delegation, ElectingUnit, Observer, Term, TermExtension

__all__ = [
    "AgendaItem",
    "Body",
    "BodyMember",
    "Bypass",
    "Delegation",
    "Delivery",
    "DutyEntry",
    "DutyReport",
    "ElectingUnit",
    "ItemOpinion",
    "ItemStage",
    "JointDecision",
    "Mandate",
    "Meeting",
    "Observer",
    "Paper",
    "PollItem",
    "Presence",
    "Session",
    "SessionPoll",
    "SessionStep",
    "Term",
    "TermExtension",
    "Waiver",
]
