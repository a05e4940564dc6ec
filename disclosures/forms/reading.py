"""What workers want to be told of."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import PortalForm

from ..enums import Section


class SubscriptionsForm(PortalForm):
    sections = forms.MultipleChoiceField(
        label=_("Categories"), choices=Section.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    units = forms.MultipleChoiceField(label=_("Units"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_code = {unit.code: unit for unit in units}
        self.fields["units"].choices = [(unit.code, unit.name) for unit in units]

    def chosen_units(self):
        """Return the units that were ticked."""
        return [self.by_code[code] for code in self.cleaned_data["units"]]
