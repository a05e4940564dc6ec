"""Forms of the ballot box."""

from .ballot import BallotForm
from .desk import CountForm, PrintCodesForm, RepeatForm, TrialForm, VoidSheetForm
from .paper import CodeEntryForm
from .papers import IssueForm, PaperForm, ScanForm

__all__ = [
    "BallotForm",
    "CodeEntryForm",
    "CountForm",
    "IssueForm",
    "PaperForm",
    "PrintCodesForm",
    "RepeatForm",
    "ScanForm",
    "TrialForm",
    "VoidSheetForm",
]
