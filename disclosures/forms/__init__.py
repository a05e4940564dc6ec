"""HTTP text into clean values; nothing here saves."""

from .bulletin import ChooseForm, IssueBackForm, IssueForm, OwnTextForm
from .catalogue import AddItemForm, AssignItemForm, EditItemForm
from .changing import (
    CorrectForm,
    DecideForm,
    FlagForm,
    GapForm,
    MaskForm,
    OutcomeForm,
    RectifyForm,
    WaiveForm,
    WithdrawForm,
)
from .filters import BulletinFilterForm, DutyYearForm, PublicationFilterForm
from .publishing import EventForm, ForceForm, PublicationForm, SignForm, StartForm
from .reading import SubscriptionsForm

__all__ = [
    "AddItemForm",
    "AssignItemForm",
    "BulletinFilterForm",
    "ChooseForm",
    "CorrectForm",
    "DecideForm",
    "DutyYearForm",
    "EditItemForm",
    "EventForm",
    "FlagForm",
    "ForceForm",
    "GapForm",
    "IssueBackForm",
    "IssueForm",
    "MaskForm",
    "OutcomeForm",
    "OwnTextForm",
    "PublicationFilterForm",
    "PublicationForm",
    "RectifyForm",
    "SignForm",
    "StartForm",
    "SubscriptionsForm",
    "WaiveForm",
    "WithdrawForm",
]
