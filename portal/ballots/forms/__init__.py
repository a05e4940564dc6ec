"""Forms of the ballot box."""

from .ballot import BallotForm
from .desk import CountForm, PrintCodesForm, RepeatForm, TrialForm, VoidSheetForm
from .paper import CodeEntryForm

__all__ = [
    "BallotForm",
    "CodeEntryForm",
    "CountForm",
    "PrintCodesForm",
    "RepeatForm",
    "TrialForm",
    "VoidSheetForm",
]
