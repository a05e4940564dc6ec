"""The library: filters, a day to look at, entering and revising, repealing, approving, the file of the stock."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.forms.fields import UnitField
from portal.kernel.forms import (
    CleanCharField,
    CleanTextField,
    DayField,
    DescribedRadios,
    IdempotencyMixin,
    PortalForm,
)
from portal.kernel.richtext.fields import RichTextField
from portal.kernel.templatetags.words import say_day
from portal.kernel.texts import to_halfwidth

from ..enums import Audience, RegulationCategory, RegulationKind
from ..regulation_file import BODY_MAX, CODE, SENTENCES, BadStep, steps_of
from .filters import _Filters

STANDINGS = ("in_force", "coming", "repealed", "all")


class RegulationFilterForm(_Filters):
    """What the library's list is narrowed to; a day that cannot be read is said, everything else ignored."""

    q = CleanCharField(label=_("Code or words"), max_length=60, required=False)
    # Chosen by tabs and links; kept while other filters change.
    standing = forms.ChoiceField(choices=[(one, one) for one in STANDINGS], required=False, widget=forms.HiddenInput)
    category = forms.ChoiceField(
        label=pgettext_lazy("regulation", "Category"),
        choices=[("", _("all")), *RegulationCategory.choices],
        required=False,
    )
    kind = forms.ChoiceField(label=_("Sort"), choices=[("", _("all")), *RegulationKind.choices], required=False)
    unit = UnitField(label=_("Responsible unit"), required=False, empty_label=_("all"))
    since = DayField(label=_("Changed since"), required=False)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)


class DayForm(PortalForm):
    """A day to look at; one that cannot be read is said beside the field."""

    day = DayField(label=_("Day"), required=False)

    def __init__(self, *args, label, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["day"].label = label


class RegulationTextForm(IdempotencyMixin, PortalForm):
    """What a version says and since when; ``is_flow`` asks for steps, ``is_first`` needs no note of changes."""

    title = CleanCharField(label=_("Title"), max_length=80, min_length=2)
    document_number = CleanCharField(
        label=_("Document number"), max_length=60, required=False, help_text=_("As on its first page.")
    )
    in_force_from = DayField(label=_("In force from"))
    body = RichTextField(label=_("Text"), max_length=BODY_MAX, rows=20)
    steps = CleanTextField(
        label=pgettext_lazy("process flow", "Steps"),
        max_length=12_000,
        rows=10,
        help_text=_(
            "One step a line, its parts separated by | or pasted from a table: what is done | who does it | what comes "
            "in | what comes out | time limit | form used. The first two are needed."
        ),
    )
    note = CleanCharField(
        label=_("What was changed and why"), max_length=300, help_text=_("Readers find it under “changed since”.")
    )
    consulted = CleanTextField(
        label=pgettext_lazy("regulation", "How it came about"),
        max_length=1000,
        rows=3,
        required=False,
        help_text=_("Workers' congress, consultation, joint meeting: when, and with which result."),
    )

    def __init__(self, *args, is_flow, is_first, after=None, **kwargs):
        super().__init__(*args, **kwargs)
        if is_flow:
            self.fields["body"].required = False
            self.fields["body"].label = _("Explanations")
        else:
            del self.fields["steps"]
        self.fields["note"].required = not is_first
        if after is not None:
            self.fields["in_force_from"].earliest = after + dt.timedelta(days=1)
            self.fields["in_force_from"].help_text = _("After the version before, which holds from %(day)s on.") % {
                "day": say_day(after)
            }

    def clean_steps(self):
        try:
            return tuple(tuple(step) for step in steps_of(self.cleaned_data["steps"]))
        except BadStep as error:
            raise ValidationError(SENTENCES[error.code] % {"value": error.number}) from error

    TEXTS = ("title", "document_number", "in_force_from", "body", "note", "consulted", "idempotency_key")

    def values(self):
        """Return what the operation takes."""
        return {name: self.cleaned_data[name] for name in self.TEXTS} | {"steps": self.cleaned_data.get("steps", ())}


class EnterRegulationForm(RegulationTextForm):
    """A regulation that the library does not have yet."""

    code = CleanCharField(
        label=_("Code"), max_length=24, help_text=_("Latin letters, digits and dashes, such as ZD-2026-031.")
    )
    category = forms.ChoiceField(
        label=pgettext_lazy("regulation", "Category"), choices=[("", _("choose")), *RegulationCategory.choices]
    )
    unit = UnitField(label=_("Responsible unit"), empty_label=_("choose"))
    audience = forms.ChoiceField(label=_("Readers"), choices=Audience.choices, widget=DescribedRadios)
    field_order = ("code", "category", "unit", "audience", "title", "document_number", "in_force_from")

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)
        del self.fields["note"]

    def clean_code(self):
        code = to_halfwidth(self.cleaned_data["code"]).upper().replace(" ", "")
        if not CODE.fullmatch(code):
            raise ValidationError(SENTENCES["code_bad"])
        return code

    def values(self):
        self.cleaned_data.setdefault("note", "")
        return super().values()


class RepealForm(IdempotencyMixin, PortalForm):
    """From which day a regulation no longer holds, and why."""

    in_force_from = DayField(label=_("Repealed from"), help_text=_("The first day on which it no longer holds."))
    document_number = CleanCharField(label=_("Document number of the repeal"), max_length=60, required=False)
    note = CleanCharField(
        label=_("Why, and what holds instead"), max_length=300, min_length=4, help_text=_("Shown to all its readers.")
    )

    def __init__(self, *args, after, **kwargs):
        super().__init__(*args, **kwargs)
        if after is not None:
            self.fields["in_force_from"].earliest = after + dt.timedelta(days=1)


class RegulationsFileForm(PortalForm):
    """A file with the stock of regulations."""

    file = forms.FileField(
        label=_("File with regulations and flows"),
        help_text=_(".xlsx or .csv, up to 20 MB and 2,000 rows. Use the template."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self):
        """Refuse what is neither a workbook nor a text table by its name."""
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith((".xlsx", ".csv")):
            raise ValidationError(SENTENCES["not_a_roster"])
        return file


def steps_text(steps):
    """Return steps as the lines in which they are entered."""
    names = ("what", "who", "takes", "gives", "limit", "form")
    lines = [" | ".join(getattr(step, name) for name in names).rstrip(" |") for step in steps]
    return "\n".join(lines)
