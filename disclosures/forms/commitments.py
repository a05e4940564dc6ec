"""Forms of commitments, scans, the register of major decisions and the four responsibilities."""

import calendar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.forms.fields import JobNumberField, UnitField
from portal.files.forms import UploadsField
from portal.kernel.forms import (
    CleanCharField,
    CleanTextField,
    DayField,
    DescribedRadios,
    IdempotencyMixin,
    PortalForm,
    WholeNumberField,
)
from portal.kernel.richtext.fields import RichTextField

from ..enums import (
    EXECUTION_TRANSITIONS,
    Audience,
    CommitmentKind,
    DutyRole,
    Execution,
    MajorKind,
    Meeting,
)
from .filters import _Filters

COMMITMENT_MAX = 20_000
A_LEAP_YEAR = 2028


class CommitmentFilterForm(_Filters):
    unit = UnitField(label=_("Unit"), required=False, empty_label=_("all"))
    year = forms.ChoiceField(label=_("Year"), required=False)

    def __init__(self, *args, units, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]


class PlanForm(PortalForm):
    """A commitment that a unit renews each year."""

    kind = forms.ChoiceField(
        label=_("Sort of commitment"),
        choices=CommitmentKind.choices,
        widget=DescribedRadios(
            about={
                CommitmentKind.LETTER: _("The leader signs with the heads below."),
                CommitmentKind.PLEDGE: _("Every leader and head signs alone."),
            }
        ),
    )
    unit = UnitField(label=_("Unit"), empty_label=_("choose"))
    title = CleanCharField(
        label=_("Title"),
        max_length=80,
        help_text=_("【年份】 stands for the year, such as: 【年份】年领导干部廉洁从业承诺书."),
    )
    body = RichTextField(label=_("Text"), max_length=COMMITMENT_MAX)
    month = WholeNumberField(label=_("To be open by: month"), min_value=1, max_value=12)
    day = WholeNumberField(label=_("To be open by: day"), min_value=1, max_value=31)
    since = DayField(label=_("From"))

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)

    def clean(self):
        cleaned = super().clean()
        month, day = cleaned.get("month"), cleaned.get("day")
        if month and day and day > calendar.monthrange(A_LEAP_YEAR, month)[1]:
            self.add_error("day", ValidationError(_("This month has fewer days.")))
        return cleaned


class RoundForm(PortalForm):
    """What this year's commitment says, before it is open."""

    title = CleanCharField(label=_("Title"), max_length=80)
    body = RichTextField(label=_("Text"), max_length=COMMITMENT_MAX)
    upper = JobNumberField(
        label=_("Signs for the level above: job number"),
        required=False,
        help_text=_("Only where no leader in charge is appointed for this unit or above it."),
    )

    def __init__(self, *args, has_upper, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_upper:
            del self.fields["upper"]

    def clean_upper(self):
        person = self.cleaned_data["upper"]
        if person is not None and not person.is_active:
            raise ValidationError(_("This person has left."))
        return person


class CommitForm(PortalForm):
    """The signature itself: one box that says what is done."""

    is_read = forms.BooleanField(
        label=_("I have read the text and sign it in my own name."),
        error_messages={"required": _("Please tick the box: it is your signature.")},
    )


class PaperForm(PortalForm):
    signed_on = DayField(label=_("Day on the paper"))
    files = UploadsField(label=_("Scan or photo of the signed sheet"), max_files=1)

    def __init__(self, *args, earliest, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["signed_on"].earliest, self.fields["signed_on"].latest = earliest, today


class MajorFilterForm(_Filters):
    q = CleanCharField(label=_("Number or words"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("Sort of matter"), choices=[("", _("all")), *MajorKind.choices], required=False)
    unit = UnitField(label=_("Unit"), required=False, empty_label=_("all"))
    status = forms.ChoiceField(label=_("How far"), choices=[("", _("all")), *Execution.choices], required=False)
    year = forms.ChoiceField(label=_("Year of the decision"), required=False)

    def __init__(self, *args, units, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)
        self.fields["year"].choices = [("", _("all")), *((str(year), str(year)) for year in years)]


class _MajorTexts(PortalForm):
    subject = CleanCharField(label=_("Subject"), max_length=80)
    content = RichTextField(label=_("What was decided"), max_length=COMMITMENT_MAX)
    basis = CleanCharField(label=_("Basis"), max_length=300, required=False)
    vote = CleanCharField(
        label=_("Discussion and vote"),
        max_length=300,
        required=False,
        help_text=_("Who was heard, how many voted for and against."),
    )

    TEXTS = ("subject", "content", "basis", "vote")

    def texts(self):
        """Return what the register will say: {name: text}."""
        return {name: self.cleaned_data[name] for name in self.TEXTS}


class MajorForm(IdempotencyMixin, _MajorTexts):
    """A decision for the register; somebody else makes it public."""

    unit = UnitField(label=_("Unit that decided"), empty_label=_("choose"))
    department = UnitField(label=_("Department that carries it out"), required=False, empty_label=_("the unit itself"))
    kind = forms.ChoiceField(label=_("Sort of matter"), choices=MajorKind.choices, widget=DescribedRadios)
    decided_on = DayField(label=_("Decided on"))
    meeting = forms.ChoiceField(label=_("Deciding meeting"), choices=Meeting.choices)
    responsible = JobNumberField(label=_("Responsible person: job number"), required=False)
    planned_end = DayField(label=_("Planned end"), required=False, help_text=_("Until then it is to be carried out."))
    audience = forms.ChoiceField(
        label=_("Readers"),
        choices=Audience.choices,
        help_text=_("Names of people only once their public notice is over; until then for the unit."),
    )

    field_order = ("unit", "department", "kind", "subject", "decided_on", "meeting", "content", "basis", "vote")

    def __init__(self, *args, units, departments, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)
        self.fields["department"].offer(departments)
        self.fields["decided_on"].latest = today

    def clean(self):
        cleaned = super().clean()
        decided_on, planned_end = cleaned.get("decided_on"), cleaned.get("planned_end")
        if decided_on and planned_end and planned_end < decided_on:
            self.add_error("planned_end", ValidationError(_("The planned end lies before the decision.")))
        unit, department = cleaned.get("unit"), cleaned.get("department")
        if unit is not None and department is not None and not unit.covers(department):
            self.add_error("department", ValidationError(_("This department does not belong to the unit.")))
        return cleaned


class MajorCorrectForm(_MajorTexts):
    note = CleanCharField(
        label=_("What is changed and why"), max_length=300, min_length=4, help_text=_("Shown with the new version.")
    )


class ProgressForm(IdempotencyMixin, PortalForm):
    """How far a decision has been carried out; ``before`` is what the last entry said."""

    status = forms.ChoiceField(label=_("How far"), choices=Execution.choices, widget=DescribedRadios)
    percent = WholeNumberField(label=_("Per cent"), min_value=0, max_value=100)
    text = CleanTextField(label=_("What was done, what is in the way"), max_length=500, min_length=2, rows=4)
    on = DayField(label=_("Reported as of"))

    def __init__(self, *args, before, earliest, today, **kwargs):
        super().__init__(*args, **kwargs)
        follow = EXECUTION_TRANSITIONS[before]
        self.fields["status"].choices = [(one.value, one.label) for one in Execution if one in follow]
        self.fields["on"].earliest, self.fields["on"].latest = earliest, today

    def clean(self):
        cleaned = super().clean()
        percent = cleaned.get("percent")
        if cleaned.get("status") == Execution.DONE and percent is not None and percent != 100:
            self.add_error("percent", ValidationError(_("What has been carried out is at 100 per cent.")))
        return cleaned


class LinkForm(PortalForm):
    number = CleanCharField(
        label=_("Number of the publication"),
        max_length=20,
        help_text=_("Such as 2026-0042, as it stands above the text."),
    )


class ResponsibleForm(PortalForm):
    """Somebody who has one of the four responsibilities."""

    role = forms.ChoiceField(label=_("Responsibility"), choices=DutyRole.choices, widget=DescribedRadios)
    person = JobNumberField(label=_("Job number"), required=False)
    words = CleanCharField(
        label=_("or in words"), max_length=60, required=False, help_text=_("A body, such as a delegation.")
    )
    since = DayField(label=_("From"))
    reason = CleanCharField(label=_("Why"), max_length=200, min_length=2)

    def clean(self):
        cleaned = super().clean()
        if "person" in cleaned and bool(cleaned.get("person")) == bool(cleaned.get("words")):
            self.add_error("person", ValidationError(_("Name a person by the job number, or a body in words.")))
        return cleaned
