"""Forms of the triage desk and of those who work on a matter."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.deadlines.clock import EXTENSION_CAP
from portal.kernel.forms import (
    CleanCharField,
    CleanTextField,
    CodeField,
    DayField,
    DescribedRadios,
    PortalForm,
    WholeNumberField,
)
from portal.kernel.texts import clean_code, to_halfwidth

from ..enums import RedactionReason, Topic
from ..queries import inquiry_by_number
from ..validators import BODY_MAX
from .fields import JobNumberField, UnitField

PUBLIC_TEXTS = ("public_subject", "public_body", "public_suggestion")
ASSISTS = ("assist_1", "assist_2", "assist_3")
LAMPS = (
    ("", _("all")),
    ("red", _("overdue")),
    ("yellow", _("due within 5 days")),
    ("blue", _("more than 5 days left")),
    ("grey", _("clock paused")),
)
NUMBER = re.compile(r"[0-9]{4}-?[0-9]{1,9}")
DECISIONS = (("yes", _("agree")), ("no", _("refuse")))


def clean_number(value):
    """Return a public number as typed ("2026—42", "２０２６-００４２", "20260042") in the form 2026-42."""
    bare = clean_code(to_halfwidth(value))
    return f"{bare[:4]}-{bare[4:]}"


class BoardFilterForm(PortalForm):
    """The filters of the triage board; what cannot be read counts as not given."""

    number = CleanCharField(label=_("Number"), required=False, max_length=20)
    unit = UnitField(label=_("Unit"), required=False, empty_label=_("all"))
    topic = forms.ChoiceField(label=_("Topic"), required=False, choices=[("", _("all")), *Topic.choices])
    lamp = forms.ChoiceField(label=_("Time left"), required=False, choices=LAMPS)

    def __init__(self, *args, units=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)
        self.fields["number"].widget.attrs |= {"data-search": "", "autocomplete": "off", "inputmode": "numeric"}

    def as_key(self):
        """Return all that the form is drawn from, for a kept part: what was typed, and the units to choose from."""
        typed = tuple(tuple(self.data.getlist(name)) for name in self.fields)
        return typed, tuple(self.fields["unit"].choices)

    def wanted(self):
        """Return the filters that could be read, as a dict without empty ones."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class _AssignFields(PortalForm):
    """Lead department, assisting ones and the instruction; the units come from the view's query."""

    lead_unit = UnitField(label=_("Lead department"), required=True)
    assist_1 = UnitField(label=_("Assisting department 1"), required=False)
    assist_2 = UnitField(label=_("Assisting department 2"), required=False)
    assist_3 = UnitField(label=_("Assisting department 3"), required=False)
    instruction = CleanTextField(
        label=_("Instruction"),
        required=False,
        max_length=500,
        rows=3,
        help_text=_("What the department has to look at; it is read by those who handle the matter."),
    )

    def __init__(self, *args, units=(), **kwargs):
        super().__init__(*args, **kwargs)
        units = list(units)
        for name in ("lead_unit", *ASSISTS):
            self.fields[name].offer(units)

    def clean(self):
        cleaned = super().clean()
        lead = cleaned.get("lead_unit")
        for name in ASSISTS:
            if lead is not None and cleaned.get(name) is not None and cleaned[name].pk == lead.pk:
                self.add_error(name, _("This department leads already."))
        if lead is None and not self.fields["lead_unit"].required and any(cleaned.get(name) for name in ASSISTS):
            self.add_error("lead_unit", _("Choose the lead department as well."))
        return cleaned

    def assists(self):
        """Return the assisting units, each once."""
        return list({unit.pk: unit for name in ASSISTS if (unit := self.cleaned_data.get(name))}.values())


class AssignForm(_AssignFields):
    """Give the matter to a department."""


class RegisterForm(_AssignFields):
    """Enter a card in the register: the text that others read, publication, and the department at once if known."""

    public_subject = CleanCharField(label=_("Subject that others read"), max_length=60)
    public_body = CleanTextField(label=_("What happened"), max_length=BODY_MAX, rows=6)
    public_suggestion = CleanTextField(label=_("What is suggested"), max_length=BODY_MAX, rows=3, required=False)
    edit_reason = forms.ChoiceField(
        label=_("Why the words were changed"),
        choices=[("", _("nothing was changed")), *RedactionReason.choices],
        required=False,
        help_text=_("Needed where the text is not the author's own; everybody reads which reason it was."),
    )
    is_published = forms.BooleanField(
        label=_("Publish the text"),
        required=False,
        help_text=_(
            "Number and clock are public in any case; this is about the text. Nothing is published that the author "
            "did not agree to."
        ),
    )

    field_order = (
        "public_subject",
        "public_body",
        "public_suggestion",
        "edit_reason",
        "is_published",
        "lead_unit",
        *ASSISTS,
        "instruction",
    )

    def __init__(self, *args, original, may_publish=True, **kwargs):
        """``original``: the author's own words, as :meth:`texts` has them."""
        super().__init__(*args, **kwargs)
        self.original = original
        self.fields["lead_unit"].required = False
        self.fields["lead_unit"].empty_label = _("later: register only")
        self.fields["lead_unit"].offer(self.fields["lead_unit"].units.values())
        if not may_publish:
            del self.fields["is_published"]

    def clean(self):
        cleaned = super().clean()
        if not {*PUBLIC_TEXTS} & {*self.errors} and not cleaned.get("edit_reason") and self.texts() != self.original:
            self.add_error("edit_reason", _("Say why the author's words are changed; everybody reads the reason."))
        return cleaned

    def texts(self):
        """Return the texts as the operation takes them."""
        return {name: self.cleaned_data[name] for name in PUBLIC_TEXTS}


class AskReturnForm(PortalForm):
    """Not ours: why, and whose it is."""

    reason = CleanTextField(
        label=_("Why it is not yours"),
        max_length=300,
        rows=4,
        help_text=_("The union reads this and decides. The clock runs on."),
    )
    proposed_unit = UnitField(label=_("Whose it is, if you know"), required=False)

    def __init__(self, *args, units=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["proposed_unit"].offer(units)


class DecideForm(PortalForm):
    """Yes or no, with a note that a refusal cannot do without."""

    decision = forms.ChoiceField(label=_("Your decision"), choices=DECISIONS, widget=DescribedRadios)
    note = CleanTextField(
        label=_("Note"), max_length=300, rows=3, required=False, help_text=_("Needed when you refuse.")
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") == "no" and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Say why you refuse."))
        return cleaned

    @property
    def is_granted(self):
        return self.cleaned_data["decision"] == "yes"


class ContributeForm(PortalForm):
    """An assisting department's part of the answer."""

    text = CleanTextField(
        label=_("Your part of the answer"),
        max_length=2000,
        rows=8,
        help_text=_("The lead department works it into the reply."),
    )


class PlanForm(PortalForm):
    """A negotiated plan."""

    text = CleanTextField(label=_("What was or is being agreed"), max_length=3000, rows=8)
    parties = CleanCharField(
        label=_("Who takes part"),
        max_length=200,
        help_text=_("Departments and workers' representatives, such as: logistics, workshop union, two delegates."),
    )
    agreed_on = DayField(label=_("Agreed on"), required=False, help_text=_("Leave empty while the talks go on."))

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agreed_on"].latest = today


class AskAuthorForm(PortalForm):
    """A question to the author; the clock stands still until the answer."""

    text = CleanTextField(
        label=_("What do you need to know?"),
        max_length=300,
        rows=4,
        help_text=_(
            "The author and everybody reads the question. The clock stands still until the answer, ten days in all "
            "at the most."
        ),
    )


class MergeForm(PortalForm):
    """The number of the matter to merge into."""

    number = CodeField(label=_("Number of the other matter"), max_length=20, help_text=_("Such as 2026-0042."))

    def __init__(self, *args, candidates, source, **kwargs):
        """``candidates``: the inquiries that the reader keeps."""
        super().__init__(*args, **kwargs)
        self.candidates, self.source, self.target = candidates, source, None

    def clean_number(self):
        number = clean_number(self.cleaned_data["number"])
        self.target = inquiry_by_number(number, self.candidates) if NUMBER.fullmatch(number) else None
        if self.target is None:
            raise ValidationError(_("There is no such matter on your board."))
        if self.target.pk == self.source.pk:
            raise ValidationError(_("This is the matter itself."))
        return number


class TransferForm(PortalForm):
    """Whom or which unit a matter is about, when it goes to discipline inspection."""

    about_person = JobNumberField(label=_("Job number of the cadre it is about"), required=False)
    about_unit = UnitField(label=_("Or the unit it is about"), required=False)

    def __init__(self, *args, units=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["about_unit"].offer(units)

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned.get("about_person") and not cleaned.get("about_unit"):
            self.add_error("about_person", _("Say whom or which unit it is about: they must not see it."))
        return cleaned


class AskExtensionForm(PortalForm):
    """More days, once, with a reason that everybody reads."""

    days = WholeNumberField(label=_("How many more days"), min_value=1, max_value=EXTENSION_CAP)
    reason = CleanTextField(
        label=_("Reason"), max_length=300, rows=3, help_text=_("The author and everybody reads it beside the clock.")
    )


class ConfirmForm(PortalForm):
    """Nothing to fill in: the button says it."""
