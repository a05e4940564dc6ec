"""States, kinds and transition tables of the evaluations, a file for each noun."""

from .questionnaires import CodeSet, Grading, Satisfaction, ScaleKind
from .rounds import ROUND_TRANSITIONS, Direction, RoundState, Source, SubjectKind, Visibility, VoidKind
from .scorecards import OBJECTION_TRANSITIONS, SCORECARD_TRANSITIONS, ObjectionState, ScorecardState

__all__ = [
    "OBJECTION_TRANSITIONS",
    "ROUND_TRANSITIONS",
    "SCORECARD_TRANSITIONS",
    "CodeSet",
    "Direction",
    "Grading",
    "ObjectionState",
    "RoundState",
    "Satisfaction",
    "ScaleKind",
    "ScorecardState",
    "Source",
    "SubjectKind",
    "Visibility",
    "VoidKind",
]
