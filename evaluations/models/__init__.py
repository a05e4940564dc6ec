"""Tables of the evaluations, a file for each noun."""

from .assessment_votes import AssessmentVote
from .assessments import (
    Assessment,
    AssessmentLine,
    AssessmentObjection,
    Figure,
    GroupMember,
    RectificationPoint,
)
from .counts import Count, GroupTally, Remark
from .questionnaires import Dimension, Edition, Item, Questionnaire, ScalePoint
from .reports import DutyReport
from .results import KeptRemark, Outcome, Publication, RemarkReview, ResultStatement, ResultUse, SelfRating
from .rounds import GroupSource, Round, Subject, VoidRule, VoterGroup
from .satisfaction import SatisfactionPart, SatisfactionPoll, SatisfactionTally
from .schemes import AssessmentScheme, SchemeEvidence, SchemeItem, SchemeVersion
from .scorecards import Award, Correction, FrozenMonth, Objection, Scheme, SchemeLine, Scorecard, Snapshot

__all__ = [
    "Assessment",
    "AssessmentLine",
    "AssessmentObjection",
    "AssessmentScheme",
    "AssessmentVote",
    "Award",
    "Correction",
    "Count",
    "Dimension",
    "DutyReport",
    "Edition",
    "Figure",
    "FrozenMonth",
    "GroupMember",
    "GroupSource",
    "GroupTally",
    "Item",
    "KeptRemark",
    "Objection",
    "Outcome",
    "Publication",
    "Questionnaire",
    "RectificationPoint",
    "Remark",
    "RemarkReview",
    "ResultStatement",
    "ResultUse",
    "Round",
    "SatisfactionPart",
    "SatisfactionPoll",
    "SatisfactionTally",
    "ScalePoint",
    "Scheme",
    "SchemeEvidence",
    "SchemeItem",
    "SchemeLine",
    "SchemeVersion",
    "Scorecard",
    "SelfRating",
    "Snapshot",
    "Subject",
    "VoidRule",
    "VoterGroup",
]
