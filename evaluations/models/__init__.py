"""Tables of the evaluations, a file for each noun."""

from .counts import Count, GroupTally, Remark
from .questionnaires import Dimension, Edition, Item, Questionnaire, ScalePoint
from .reports import DutyReport
from .rounds import GroupSource, Round, Subject, VoidRule, VoterGroup
from .scorecards import Award, Correction, FrozenMonth, Objection, Scheme, SchemeLine, Scorecard, Snapshot

__all__ = [
    "Award",
    "Correction",
    "Count",
    "Dimension",
    "DutyReport",
    "Edition",
    "FrozenMonth",
    "GroupSource",
    "GroupTally",
    "Item",
    "Objection",
    "Questionnaire",
    "Remark",
    "Round",
    "ScalePoint",
    "Scheme",
    "SchemeLine",
    "Scorecard",
    "Snapshot",
    "Subject",
    "VoidRule",
    "VoterGroup",
]
