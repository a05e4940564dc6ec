"""Forms of the hall: the code at the door, waivers, stages of an item, votes."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.forms.fields import JobNumberField, UnitField
from portal.ballots.enums import Grade
from portal.ballots.wording import grade_words
from portal.files.forms import UploadsField
from portal.kernel.forms import (
    ChoiceCards,
    CleanCharField,
    CleanTextField,
    CodeField,
    DayField,
    DescribedRadios,
    IdempotencyMixin,
    PortalForm,
    WholeNumberField,
)

from ..enums import Gate, ItemKind, RecordKind


class DoorForm(PortalForm):
    """The code on the phone, typed or scanned into the field; or the delegate's line of the list."""

    code = CodeField(label=_("Code on the delegate's phone"), required=False)
    mandate = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned.get("code") and not cleaned.get("mandate"):
            self.add_error("code", ValidationError(_("Scan or type the six digits.")))
        return cleaned


class LeaveForm(PortalForm):
    mandate = forms.UUIDField(label=_("Delegate"), widget=forms.HiddenInput)


class WaiverForm(PortalForm):
    """Why a red line is waived, and on what basis."""

    gate = forms.ChoiceField(label=_("Line of the validity sheet"), choices=Gate.choices, widget=DescribedRadios)
    reason = CleanTextField(label=_("Reason"), max_length=300, rows=3)
    basis = CleanCharField(
        label=_("Basis"), max_length=200, help_text=_("The article, or the decision of the presidium with its day.")
    )

    def __init__(self, *args, gates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["gate"].choices = gates


class StageForm(PortalForm):
    """What was said or found at a stage; goes into the minutes."""

    stage = forms.CharField(widget=forms.HiddenInput, max_length=10)
    words = CleanTextField(label=_("For the minutes"), max_length=500, rows=4, required=False)


class VoteForm(IdempotencyMixin, PortalForm):
    """A secret ballot on items that wait for it."""

    items = forms.MultipleChoiceField(
        label=_("Items on this ballot"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each item has a question of its own; all are decided by all delegates."),
    )
    title = CleanCharField(label=_("Title of the ballot"), max_length=60)
    grade = forms.ChoiceField(
        label=_("How ballots are kept apart from voters"), choices=Grade.choices, initial=Grade.SIGNED_IN
    )
    minutes = WholeNumberField(
        label=_("Open for how many minutes"), min_value=5, max_value=1440, initial=120,
        help_text=_("Counted from now; it closes earlier when all have voted, or with two signatures."),
    )  # fmt: skip
    has_paper = forms.BooleanField(
        label=_("Some vote on paper"), required=False,
        help_text=_("Whoever is handed a paper takes part no other way; two people enter each one after the closing."),
    )  # fmt: skip
    scrutineer_one = JobNumberField(label=_("First scrutineer, job number"))
    scrutineer_two = JobNumberField(label=_("Second scrutineer, job number"))
    scrutineer_three = JobNumberField(label=_("Third scrutineer, job number"))

    def __init__(self, *args, items, **kwargs):
        super().__init__(*args, **kwargs)
        self.items = {str(one.pk): one for one in items}
        self.fields["items"].choices = [(key, one.title) for key, one in self.items.items()]
        self.fields["grade"].widget = ChoiceCards(
            choices=Grade.choices, about={grade: grade_words(grade) for grade in Grade.values}
        )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("has_paper") and cleaned.get("grade") == Grade.PRINTED_CODE:
            self.add_error("has_paper", _("With codes from a box everybody has a slip; paper is for votes by sign-in."))
        return cleaned

    @property
    def scrutineers(self):
        """The three people who open the box."""
        return [self.cleaned_data[f"scrutineer_{place}"] for place in ("one", "two", "three")]

    def chosen(self):
        """Return the items chosen."""
        return [self.items[key] for key in self.cleaned_data["items"]]


class AgainForm(IdempotencyMixin, PortalForm):
    minutes = WholeNumberField(label=_("Open for how many minutes"), min_value=5, max_value=1440, initial=120)


class BypassForm(IdempotencyMixin, PortalForm):
    """What bypassed the congress, and what the union demands."""

    title = CleanCharField(label=_("What was decided without the congress"), max_length=60)
    kind = forms.ChoiceField(
        label=_("What the congress should have done with it"), choices=ItemKind.choices, widget=DescribedRadios
    )
    in_force_on = DayField(label=_("In force since"))
    unit = UnitField(label=_("Who decided it and answers"), empty_label=_("choose"))
    demand = CleanTextField(
        label=_("What the union demands"),
        max_length=1000,
        rows=6,
        help_text=_("The unit answers in writing within thirty days (Shanghai 职工代表大会条例 art. 33)."),
    )

    def __init__(self, *args, units, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)
        self.fields["in_force_on"].latest = today


class RecordForm(IdempotencyMixin, PortalForm):
    """The scan of a paper that was signed on the session."""

    kind = forms.ChoiceField(label=_("What was signed"), choices=RecordKind.choices, widget=forms.RadioSelect)
    files = UploadsField(label=_("The scan"), max_files=1)
