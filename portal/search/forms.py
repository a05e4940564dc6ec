"""What can be asked: words and three filters."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import CleanCharField, DayField, PortalForm

WORDS_MAX = 60


class SearchForm(PortalForm):
    """Words and filters; what cannot be understood is said, and nothing is looked for."""

    q = CleanCharField(label=_("Words"), max_length=WORDS_MAX, required=False)
    kind = forms.ChoiceField(label=_("Type"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    since = DayField(label=_("First day"), required=False)
    until = DayField(label=_("Last day"), required=False)

    def __init__(self, *args, kinds, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.units = {unit.code: unit for unit in units}
        self.fields["kind"].choices = [("", _("all")), *((kind.code, kind.label) for kind in kinds)]
        # Indented by level: the tree can be read without script.
        named = [(unit.code, f"{'　' * (unit.depth - 1)}{unit.name}") for unit in units]
        self.fields["unit"].choices = [("", _("all")), *named]
        self.fields["q"].widget.attrs.update({"type": "search", "autocomplete": "off", "enterkeyhint": "search"})

    def filters_key(self):
        """Return all that the filters are drawn from, for a kept part: never the words, which are nobody's to keep."""
        names = [name for name in self.fields if name != "q"]
        typed = tuple(tuple(self.data.getlist(name)) for name in names)
        return typed, *(tuple(self.fields[name].choices) for name in ("kind", "unit"))

    def clean_unit(self):
        return self.units.get(self.cleaned_data["unit"])

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            raise ValidationError(_("The period ends before it begins."))
        return self.cleaned_data
