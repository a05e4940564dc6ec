"""What authors fill in after sending: number and code, a further word, a rating; and the public list's filters."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import (
    CleanCharField,
    CleanTextField,
    CodeField,
    IdempotencyMixin,
    PortalForm,
    RatingRadios,
    WholeNumberField,
)
from portal.kernel.texts import to_halfwidth

from ..enums import RatingLevel, Topic
from .card import UnitField

MESSAGE_MAX = 1000
LEAST_SEARCH = 2


class TrackForm(PortalForm):
    """Number and code of a receipt, as people type them: spaces, dashes and full-width digits do not matter."""

    number = CleanCharField(label=_("Number"), max_length=20, help_text=_("As on your receipt, such as 2026-0042."))
    code = CodeField(label=_("Receipt code"), max_length=30, help_text=_("Sixteen digits; spaces do not matter."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["number"].widget.attrs.update({"inputmode": "text", "spellcheck": "false", "autocomplete": "off"})
        self.fields["code"].widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})

    def clean_number(self):
        """Return the number with a plain dash, whichever the writer used."""
        number = to_halfwidth(self.cleaned_data["number"]).replace(" ", "")
        for dash in "–—―−－﹣一ー/":
            number = number.replace(dash, "-")
        return number


class MessageForm(IdempotencyMixin, PortalForm):
    text = CleanTextField(label=_("What do you want to add?"), max_length=MESSAGE_MAX, rows=5)


class RateForm(PortalForm):
    # Which answer is rated: an old form sent once more must not rate the next one.
    round = WholeNumberField(widget=forms.HiddenInput, required=False, min_value=1, max_value=32000)
    level = forms.TypedChoiceField(
        label=_("How satisfied are you with this answer?"), choices=RatingLevel.choices, coerce=int, widget=RatingRadios
    )
    comment = CleanTextField(label=_("Why?"), max_length=300, rows=3, required=False)


class PublicFilterForm(PortalForm):
    """Filters of the public list; what does not fit is ignored, never a fault on a page that only reads."""

    STATES = {
        "open": _("being handled"),
        "answered": _("answered"),
        "closed": _("closed"),
    }
    q = CleanCharField(label=_("Number or words"), max_length=40, required=False)
    unit = UnitField(label=_("Unit"), required=False, first=_("all"))
    topic = forms.ChoiceField(label=_("Topic"), choices=[("", _("all")), *Topic.choices], required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("all")), *STATES.items()], required=False)
    year = forms.ChoiceField(label=_("Year"), required=False)
    late = forms.BooleanField(label=_("only overdue"), required=False)

    def __init__(self, *args, units, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)
        self.fields["year"].choices = [("", _("all")), *((str(year), str(year)) for year in years)]

    @property
    def chosen(self):
        """The filters that hold: those given and understood."""
        self.is_valid()
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}
