"""States, kinds and transition tables of the evaluations, a file for each noun."""

from .questionnaires import CodeSet, Grading, Satisfaction, ScaleKind
from .rounds import ROUND_TRANSITIONS, Direction, RoundState, Source, SubjectKind, Visibility, VoidKind

__all__ = [
    "ROUND_TRANSITIONS",
    "CodeSet",
    "Direction",
    "Grading",
    "RoundState",
    "Satisfaction",
    "ScaleKind",
    "Source",
    "SubjectKind",
    "Visibility",
    "VoidKind",
]
