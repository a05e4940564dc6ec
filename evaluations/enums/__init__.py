"""States, kinds and transition tables of the evaluations, a file for each noun."""

from .assessments import ASSESSMENT_TRANSITIONS, RESULT_STATES, AssessmentState, VoteState
from .questionnaires import CodeSet, Grading, Satisfaction, ScaleKind
from .results import NoScore, RemarkDecision, Standing, UseKind, WithheldReason
from .rounds import ROUND_TRANSITIONS, Direction, RoundState, Source, SubjectKind, Visibility, VoidKind
from .satisfaction import SATISFIED, Level, PolledOn
from .scorecards import OBJECTION_TRANSITIONS, SCORECARD_TRANSITIONS, ObjectionState, ScorecardState

__all__ = [
    "ASSESSMENT_TRANSITIONS",
    "OBJECTION_TRANSITIONS",
    "RESULT_STATES",
    "ROUND_TRANSITIONS",
    "SATISFIED",
    "SCORECARD_TRANSITIONS",
    "AssessmentState",
    "CodeSet",
    "Direction",
    "Grading",
    "Level",
    "NoScore",
    "ObjectionState",
    "PolledOn",
    "RemarkDecision",
    "RoundState",
    "Satisfaction",
    "ScaleKind",
    "ScorecardState",
    "Source",
    "Standing",
    "SubjectKind",
    "UseKind",
    "Visibility",
    "VoidKind",
    "VoteState",
    "WithheldReason",
]
