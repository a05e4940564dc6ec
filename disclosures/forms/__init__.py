"""HTTP text into clean values; nothing here saves."""

from .archiving import ArchiveForm
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
from .regulations import (
    DayForm,
    EnterRegulationForm,
    RegulationFilterForm,
    RegulationsFileForm,
    RegulationTextForm,
    RepealForm,
    steps_text,
)

__all__ = [
    "AddItemForm",
    "ArchiveForm",
    "AssignItemForm",
    "BulletinFilterForm",
    "ChooseForm",
    "CorrectForm",
    "DayForm",
    "DecideForm",
    "DutyYearForm",
    "EditItemForm",
    "EnterRegulationForm",
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
    "RegulationFilterForm",
    "RegulationTextForm",
    "RegulationsFileForm",
    "RepealForm",
    "SignForm",
    "StartForm",
    "SubscriptionsForm",
    "WaiveForm",
    "WithdrawForm",
    "steps_text",
]
