"""Forms of preparing a session: steps, items, papers, opinions, decisions of the joint meeting."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

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
from portal.kernel.texts import clean_line

from ..enums import PROCEDURES, DeliveryWay, ItemKind, Stage
from ..yearly import YEARLY

LONGEST_NAME, MOST_NAMES = 20, 60


class StepForm(PortalForm):
    """What was done, and the scan beside it."""

    evidence = CleanTextField(
        label=_("What was done"),
        max_length=300,
        rows=3,
        help_text=_("Numbers of documents, who took part, where it was put up. Everybody reads it."),
    )
    files = UploadsField(label=_("A scan beside it"), max_files=1, required=False)


class CredentialsForm(PortalForm):
    """The credential report of a session."""

    counts_vacant = forms.TypedChoiceField(
        label=_("Vacant seats"),
        coerce=lambda value: value == "1",
        choices=[("1", _("count among all delegates")), ("0", _("are left out, as this report says"))],
        initial="1",
        widget=DescribedRadios(
            about={"0": _("No text says so; write below who decided it. Quorum and majority become smaller.")}
        ),
    )
    evidence = CleanTextField(label=_("What the review found, by whom"), max_length=300, rows=3)


class ItemForm(IdempotencyMixin, PortalForm):
    """An item of the agenda."""

    kind = forms.ChoiceField(
        label=_("What the congress does with it"),
        choices=ItemKind.choices,
        widget=DescribedRadios,
    )
    title = CleanCharField(label=_("Title of the item"), max_length=120)
    report = forms.ChoiceField(label=_("Which yearly report this is"), required=False)
    joint = forms.ChoiceField(label=_("Confirms a decision of the joint meeting"), required=False)
    revises = forms.ChoiceField(label=_("Comes again, revised"), required=False)
    bill = forms.ChoiceField(label=_("Motion raised to a bill"), required=False)
    speaker = CleanCharField(label=_("Who reports"), max_length=40, required=False)
    minutes = WholeNumberField(label=_("Length in minutes"), min_value=1, max_value=600, required=False)
    names = CleanTextField(
        label=_("Candidates, or who is appraised; one name a line"), max_length=1500, rows=4, required=False
    )
    seats = WholeNumberField(label=_("How many are elected"), min_value=1, max_value=30, required=False)
    can_write_in = forms.BooleanField(
        label=_("Others may be written in"),
        required=False,
        help_text=_("For an election, where its rules let delegates elect others than the candidates."),
    )
    position = WholeNumberField(
        label=_("Place on the agenda"), min_value=1, max_value=99, required=False, help_text=_("Empty: the last.")
    )

    def __init__(self, *args, joints, sent_back, bills=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget.about = {
            kind.value: " → ".join(str(Stage(stage).label) for stage in stages) for kind, stages in PROCEDURES.items()
        }
        none = ("", _("none"))
        self.joints = {str(one.pk): one for one in joints}
        self.sent_back = {str(one.pk): one for one in sent_back}
        self.bills = {str(one.pk): one for one in bills}
        self.fields["bill"].choices = [none, *((key, f"{one.number} {one.title}") for key, one in self.bills.items())]
        self.fields["report"].choices = [none, *((one.code, one.title) for one in YEARLY)]
        self.fields["joint"].choices = [none, *((key, one.title) for key, one in self.joints.items())]
        self.fields["revises"].choices = [none, *((key, one.title) for key, one in self.sent_back.items())]
        for name, offered in (("joint", self.joints), ("revises", self.sent_back), ("bill", self.bills)):
            if not offered:
                del self.fields[name]

    def clean_names(self):
        names = [name for line in self.cleaned_data["names"].splitlines() if (name := clean_line(line))]
        if len(names) > MOST_NAMES or any(len(name) > LONGEST_NAME for name in names):
            raise ValidationError(_("At most 60 names of 20 characters, one a line."))
        if len(set(names)) != len(names):
            raise ValidationError(_("A name stands here twice: tell the two apart, as by their unit."))
        return names

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == ItemKind.ELECT:
            if not cleaned.get("names") and "names" not in self.errors:
                self.add_error("names", ValidationError(_("Enter the candidates.")))
            if not cleaned.get("seats") and "seats" not in self.errors:
                self.add_error("seats", ValidationError(_("Enter how many are elected.")))
        return cleaned

    def values(self):
        """Return the item as the operation takes it."""
        data = dict(self.cleaned_data)
        data["joint"] = self.joints.get(data.get("joint") or "")
        data["revises"] = self.sent_back.get(data.get("revises") or "")
        data["bill"] = self.bills.get(data.get("bill") or "")
        data["seats"] = data["seats"] or 0
        return data


class PaperForm(IdempotencyMixin, PortalForm):
    """A paper for the delegates: a text, a file, or both."""

    title = CleanCharField(label=_("Title of the paper"), max_length=120)
    item = forms.ChoiceField(label=_("Item of the agenda"), required=False)
    text = RichTextField(label=_("Text"), required=False)
    files = UploadsField(label=_("A file"), max_files=1, required=False)

    def __init__(self, *args, items, **kwargs):
        super().__init__(*args, **kwargs)
        self.items = {str(one.pk): one for one in items}
        self.fields["item"].choices = [("", _("the whole session")), *((key, x.title) for key, x in self.items.items())]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned.get("text") and not cleaned.get("files"):
            self.add_error("text", ValidationError(_("A paper has a text, a file, or both.")))
        return cleaned


class DeliverForm(PortalForm):
    way = forms.ChoiceField(label=_("How they were given"), choices=DeliveryWay.choices, widget=DescribedRadios)


class ItemOpinionForm(IdempotencyMixin, PortalForm):
    """What a delegate, or a delegation, says of an item."""

    text = CleanTextField(label=_("Opinion"), max_length=1000, rows=6)
    is_collective = forms.TypedChoiceField(
        label=_("Said by"),
        coerce=lambda value: value == "1",
        choices=[("0", _("myself")), ("1", _("my delegation, as its head"))],
        initial="0",
        widget=DescribedRadios,
    )

    def __init__(self, *args, is_head, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_head:
            del self.fields["is_collective"]


class AnswerForm(PortalForm):
    answer = CleanTextField(label=_("Answer"), max_length=1000, rows=6)


class ReasonForm(PortalForm):
    reason = CleanCharField(label=_("Reason"), max_length=300)


class JointForm(IdempotencyMixin, PortalForm):
    """A decision of the joint meeting."""

    held_on = DayField(label=_("Day of the meeting"))
    kind = forms.ChoiceField(
        label=_("What sort of matter"),
        choices=[choice for choice in ItemKind.choices if choice[0] != ItemKind.APPROVE],
        widget=DescribedRadios,
        help_text=_("What the congress must approve the joint meeting cannot decide (Shanghai art. 25)."),
    )
    title = CleanCharField(label=_("Decision on"), max_length=120)
    text = CleanTextField(label=_("What was decided"), max_length=2000, rows=6)
    took_part = WholeNumberField(label=_("Heads and chairs who took part"), min_value=1, max_value=500)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["held_on"].latest = today
