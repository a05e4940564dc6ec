"""Tables of what must be decided, a file for each area."""

from .agenda import AgendaItem, Delivery, ItemOpinion, ItemStage, JointDecision, Paper, PaperRead, SessionStep
from .delegates import DutyEntry, DutyReport, Mandate, Meeting
from .hall import Bypass, FrozenSheet, PollItem, Presence, SessionPoll, SignedRecord, Speech, Waiver
from .motions import (
    Motion,
    MotionCall,
    MotionCheck,
    MotionDecision,
    MotionOffer,
    MotionRating,
    Signature,
)
from .resolutions import (
    ImplementationReport,
    Resolution,
    ResolutionSeries,
    ResolutionTask,
    ResolutionVersion,
    TaskEntry,
    TaskEvidence,
)
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
    "FrozenSheet",
    "ImplementationReport",
    "ItemOpinion",
    "ItemStage",
    "JointDecision",
    "Mandate",
    "Meeting",
    "Motion",
    "MotionCall",
    "MotionCheck",
    "MotionDecision",
    "MotionOffer",
    "MotionRating",
    "Observer",
    "Paper",
    "PaperRead",
    "PollItem",
    "Presence",
    "Resolution",
    "ResolutionSeries",
    "ResolutionTask",
    "ResolutionVersion",
    "Session",
    "SessionPoll",
    "SessionStep",
    "Signature",
    "SignedRecord",
    "Speech",
    "TaskEntry",
    "TaskEvidence",
    "Term",
    "TermExtension",
    "Waiver",
]
