"""Fields that the desks' forms share: a unit by its code, a person by the job number."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person
from portal.kernel.forms import CodeField


def unit_label(unit):
    """Return a unit's name as a list shows it: a workshop or team with the unit above it."""
    return f"{unit.parent.name} / {unit.name}" if unit.depth > 2 and unit.parent else unit.name


class UnitField(forms.ChoiceField):
    """A unit out of a list that the form gives it by ``offer``; cleans to the Unit, or None when left empty."""

    default_error_messages = {"invalid_choice": _("Choose a unit from the list.")}

    def __init__(self, *, empty_label="—", **kwargs):
        self.empty_label = empty_label
        self.units = {}
        super().__init__(**kwargs)

    def offer(self, units):
        """Set the units to choose from; one list may be offered to several fields."""
        self.units = {unit.code: unit for unit in units}
        self.choices = [("", self.empty_label), *((code, unit_label(unit)) for code, unit in self.units.items())]

    def clean(self, value):
        return self.units.get(super().clean(value))

    def prepare_value(self, value):
        return getattr(value, "code", value)


class JobNumberField(CodeField):
    """A person on the roster, by job number; cleans to the Person, or None when left empty."""

    default_error_messages = {"unknown": _("Nobody on the roster has this job number.")}

    def clean(self, value):
        code = super().clean(value)
        if not code:
            return None
        person = Person.objects.select_related("unit").filter(job_no=code).first()
        if person is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return person
