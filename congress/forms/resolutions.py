"""Forms of resolutions: wording, tasks and what was done of them, reports to the next session; the filters."""

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
from portal.kernel.texts import bracketed

from ..enums import ItemKind, ReportKind, ResolutionState

PUBLIC = [one for one in ResolutionState.choices if one[0] != ResolutionState.DRAFT]


class ResolutionForm(PortalForm):
    """What a resolution says; a correction says what was wrong."""

    title = CleanCharField(label=_("Title of the resolution"), max_length=120)
    text = RichTextField(
        label=_("Final text"),
        help_text=_("As the congress adopted it. Once issued it is frozen; a slip is corrected by another version."),
    )
    reason = CleanCharField(
        label=_("What was wrong, and why"),
        max_length=300,
        help_text=_("Only slips are corrected: what was resolved is changed by the congress alone."),
    )
    replaces = forms.ChoiceField(
        label=_("Replaces"),
        required=False,
        help_text=_("The earlier resolution is out of force once this one is issued; its open tasks end."),
    )

    def __init__(self, *args, is_correction, replaceable=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.replaceable = {str(one.pk): one for one in replaceable}
        if not is_correction:
            del self.fields["reason"]
        if self.replaceable:
            rows = ((key, f"{one.number} {one.heading}") for key, one in self.replaceable.items())
            self.fields["replaces"].choices = [("", _("none")), *rows]
        else:
            del self.fields["replaces"]

    def values(self):
        """Return the wording as the operations take it."""
        data = dict(self.cleaned_data)
        if "replaces" in data:
            data["replaces"] = self.replaceable.get(data["replaces"])
        return data


class TaskForm(IdempotencyMixin, PortalForm):
    """Something that has to be done for a resolution."""

    title = CleanCharField(label=_("What has to be done"), max_length=120)
    unit = UnitField(label=_("Which office owes it"), empty_label=_("choose"))
    person = JobNumberField(label=_("Person in charge (job number)"), max_length=20, required=False)
    due_on = DayField(label=_("Done by"))

    def __init__(self, *args, units, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)
        self.fields["due_on"].earliest = today


class EntryForm(IdempotencyMixin, PortalForm):
    """How far a task is."""

    percent = WholeNumberField(
        label=_("How far, in per cent"), min_value=0, max_value=100, help_text=_("100: it is done; the clock ends.")
    )
    on = DayField(label=_("State of the work as of"))
    text = CleanTextField(label=_("What was done, what is in the way"), max_length=500, rows=4)
    files = UploadsField(label=_("Evidence: photos, papers"), max_files=3, required=False)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].latest = today


class ReportForm(PortalForm):
    """What a session is told of an earlier resolution or motion."""

    kind = forms.ChoiceField(
        label=_("What is given"), choices=ReportKind.choices, initial=ReportKind.REPORT, widget=DescribedRadios
    )
    text = CleanTextField(label=_("What the delegates read"), max_length=2000, rows=8)
    item = forms.ChoiceField(
        label=_("Under which item"),
        required=False,
        help_text=_("An item to be approved puts the report to the vote; under the others it is examined."),
    )
    is_final = forms.TypedChoiceField(
        label=_("Is anything left to be done"),
        coerce=lambda value: value == "1",
        choices=[("0", _("yes: it goes on")), ("1", _("no: this is the final report"))],
        initial="0",
        widget=DescribedRadios(about={"1": _("If the delegates approve it, the resolution counts as carried out.")}),
    )

    def __init__(self, *args, items, is_resolution, **kwargs):
        super().__init__(*args, **kwargs)
        self.items = {str(one.pk): one for one in items}
        own = ("", _("an item of its own, put to the vote"))
        rows = ((key, one.title + bracketed(one.get_kind_display())) for key, one in self.items.items())
        self.fields["item"].choices = [own, *rows]
        if not is_resolution:
            del self.fields["is_final"]

    def clean(self):
        cleaned = super().clean()
        item = self.items.get(cleaned.get("item") or "")
        if cleaned.get("is_final"):
            if cleaned.get("kind") == ReportKind.REASON:
                self.add_error("is_final", ValidationError(_("A reason is no final report.")))
            if item is not None and item.kind != ItemKind.APPROVE:
                self.add_error("item", ValidationError(_("A final report is put to the vote: choose such an item.")))
        return cleaned

    def values(self):
        """Return what the operation takes."""
        data = dict(self.cleaned_data)
        return {**data, "item": self.items.get(data["item"]), "is_final": data.get("is_final", False)}


class TakeInForm(PortalForm):
    """Under which item the replies to motions are taken in."""

    item = forms.ChoiceField(label=_("Under which item"))

    def __init__(self, *args, items, **kwargs):
        super().__init__(*args, **kwargs)
        self.items = {str(one.pk): one for one in items}
        self.fields["item"].choices = [(key, one.title) for key, one in self.items.items()]

    def values(self):
        """Return what the operation takes."""
        return {"item": self.items[self.cleaned_data["item"]]}


class ResolutionFilterForm(PortalForm):
    """The filters of the register; what cannot be read counts as not chosen."""

    q = CleanCharField(label=_("Number or words of the title"), required=False, max_length=40)
    year = forms.ChoiceField(label=_("Year"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *PUBLIC])
    unit = UnitField(label=_("Office that owes a task"), required=False, empty_label=_("all"))
    late = forms.ChoiceField(
        label=_("Overdue"), required=False, choices=[("", _("all")), ("1", _("with an overdue task"))]
    )

    def __init__(self, *args, years, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", _("all")), *((str(year), str(year)) for year in years)]
        self.fields["unit"].offer(units)
        self.fields["q"].widget.attrs |= {"data-search": "", "autocomplete": "off"}

    @property
    def chosen(self):
        """What was chosen: {field: value}."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
