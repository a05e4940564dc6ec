"""The filter of the directory: what does not fit counts as not chosen."""

from django.utils.translation import gettext_lazy as _

from feedback.forms.fields import UnitField
from portal.kernel.forms import PortalForm


class DirectoryFilterForm(PortalForm):
    unit = UnitField(label=_("Unit"), required=False, empty_label=_("all"))

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)

    @property
    def chosen(self):
        """What was chosen: {field: value}."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
