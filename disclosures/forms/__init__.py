"""HTTP text into clean values; nothing here saves."""

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
from .filters import DutyYearForm, PublicationFilterForm
from .publishing import EventForm, ForceForm, PublicationForm, SignForm, StartForm
from .reading import SubscriptionsForm

__all__ = [
    "AddItemForm",
    "AssignItemForm",
    "CorrectForm",
    "DecideForm",
    "DutyYearForm",
    "EditItemForm",
    "EventForm",
    "FlagForm",
    "ForceForm",
    "GapForm",
    "MaskForm",
    "OutcomeForm",
    "PublicationFilterForm",
    "PublicationForm",
    "RectifyForm",
    "SignForm",
    "StartForm",
    "SubscriptionsForm",
    "WaiveForm",
    "WithdrawForm",
]
