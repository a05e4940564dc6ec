"""Tables of the evaluations, a file for each noun."""

from .counts import Count, GroupTally, Remark
from .questionnaires import Dimension, Edition, Item, Questionnaire, ScalePoint
from .reports import DutyReport
from .rounds import GroupSource, Round, Subject, VoidRule, VoterGroup

__all__ = [
    "Count",
    "Dimension",
    "DutyReport",
    "Edition",
    "GroupSource",
    "GroupTally",
    "Item",
    "Questionnaire",
    "Remark",
    "Round",
    "ScalePoint",
    "Subject",
    "VoidRule",
    "VoterGroup",
]
