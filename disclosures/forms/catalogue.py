"""Editing the catalogue and giving its items to units."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.forms.fields import UnitField
from portal.kernel.forms import CleanCharField, CleanTextField, DayField, PortalForm, WholeNumberField

from ..enums import Channel, Frequency, Opinion, Scope, Section, Timing


class EditItemForm(PortalForm):
    """What an item says; ``version`` is the state the form was shown with."""

    version = WholeNumberField(widget=forms.HiddenInput, required=False, min_value=1)
    title = CleanCharField(label=_("What is disclosed"), max_length=80)
    content = CleanTextField(label=_("Content"), max_length=1000, rows=4, required=False)
    department = CleanCharField(label=_("Responsible department"), max_length=40)
    frequency = forms.ChoiceField(label=_("Frequency"), choices=Frequency.choices)
    second_frequency = forms.ChoiceField(
        label=_("and also"), choices=[("", _("nothing else")), *Frequency.choices], required=False
    )
    timing = forms.ChoiceField(label=_("When in the course of the matter"), choices=Timing.choices)
    scope = forms.ChoiceField(label=_("To whom"), choices=Scope.choices)
    channels = forms.MultipleChoiceField(
        label=_("Where"), choices=Channel.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    legal_basis = CleanCharField(label=_("Legal basis"), max_length=200, required=False)
    is_vital = forms.BooleanField(
        label=_("Vital interest of workers: the process is shown as well as the result"), required=False
    )
    opinion = forms.ChoiceField(
        label=_("Opinions needed before the leading group"), choices=Opinion.choices, required=False
    )
    notice_workdays = WholeNumberField(
        label=_("Shown as a public notice for so many working days"),
        required=False,
        min_value=1,
        max_value=60,
        help_text=_("Leave empty for an ordinary disclosure."),
    )
    display_days = WholeNumberField(
        label=_("Own shortest display, in days"),
        required=False,
        min_value=1,
        max_value=365,
        help_text=_("Leave empty for the number of the rule book."),
    )
    is_active = forms.BooleanField(label=_("In force"), required=False, initial=True)
    reason = CleanCharField(label=_("Why is it changed?"), max_length=200)

    VALUES = (
        *("title", "content", "department", "frequency", "second_frequency", "timing", "scope", "channels"),
        *("legal_basis", "is_vital", "opinion", "notice_workdays", "display_days", "is_active"),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("second_frequency") and cleaned.get("second_frequency") == cleaned.get("frequency"):
            self.add_error("second_frequency", ValidationError(_("Choose another frequency than the first, or none.")))
        return cleaned

    def values(self):
        """Return what the operation takes."""
        return {name: self.cleaned_data[name] for name in self.VALUES}


class AddItemForm(EditItemForm):
    code = CleanCharField(
        label=_("Code"), max_length=8, help_text=_("A letter of its category and a number, such as C12.")
    )
    field_order = ("code",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["reason"]

    def clean_code(self):
        code = self.cleaned_data["code"].upper()
        if len(code) < 2 or code[0] not in Section.values or not (code[1:].isascii() and code[1:].isdigit()):
            raise ValidationError(_("A code is a letter from A to F and a number, such as C12."))
        return code


class AssignItemForm(PortalForm):
    unit = UnitField(label=_("Unit that owes it"), empty_label=_("choose"))
    department = UnitField(label=_("Department that prepares it"), required=False, empty_label=_("the unit itself"))
    since = DayField(label=_("From"), help_text=_("Owed for periods that begin on or after this day."))

    def __init__(self, *args, units, departments, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)
        self.fields["department"].offer(departments)
