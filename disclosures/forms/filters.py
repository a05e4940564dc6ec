"""Filters of pages that only read: what does not fit is ignored, never a fault."""

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.forms.fields import UnitField
from portal.kernel.forms import CleanCharField, PortalForm

from ..enums import PublicationKind, Section


class _Filters(PortalForm):
    @property
    def chosen(self):
        """What was chosen and fits: {field: clean value}."""
        if not hasattr(self, "_chosen"):
            self.is_valid()
            self._chosen = {name: value for name, value in self.cleaned_data.items() if value}
            # A filter is no form to be filled in: what does not fit is left out without a word.
            self._errors.clear()
        return self._chosen


class PublicationFilterForm(_Filters):
    q = CleanCharField(label=_("Number or words"), max_length=40, required=False)
    # Chosen by the tabs above; kept while other filters change.
    section = forms.ChoiceField(choices=[("", ""), *Section.choices], required=False, widget=forms.HiddenInput)
    unit = UnitField(label=_("Unit"), required=False, empty_label=_("all"))
    kind = forms.ChoiceField(
        label=_("Sort of text"), choices=[("", _("all")), *PublicationKind.choices], required=False
    )
    year = forms.ChoiceField(label=_("Year"), required=False)
    past = forms.BooleanField(label=_("also what is no longer on show"), required=False)

    def __init__(self, *args, units, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)
        self.fields["year"].choices = [("", _("all")), *((str(year), str(year)) for year in years)]


class DutyYearForm(_Filters):
    unit = UnitField(label=_("Unit"), required=False, empty_label=_("choose"))
    year = forms.ChoiceField(label=_("Year"), required=False)

    def __init__(self, *args, units, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]


class LedgerYearForm(DutyYearForm):
    unit = UnitField(label=_("Unit"), required=False, empty_label=_("all"))


class BulletinFilterForm(_Filters):
    unit = UnitField(label=_("Union of"), required=False, empty_label=_("all"))
    year = forms.ChoiceField(label=_("Year"), required=False)

    def __init__(self, *args, units, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)
        self.fields["year"].choices = [("", _("all")), *((str(year), str(year)) for year in years)]
