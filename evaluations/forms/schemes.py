"""Forms of schemes: a new one, an item with its evidence, putting a version into force."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.forms.fields import UnitField
from portal.kernel.forms import CleanCharField, CleanTextField, DescribedRadios, IdempotencyMixin, PortalForm
from portal.kernel.forms import WholeNumberField as WholeField

from ..sheet import TITLE
from .points import PointsField


class SchemeForm(IdempotencyMixin, PortalForm):
    """A new scheme of a unit."""

    unit = UnitField(
        label=_("Scheme of the union of"), empty_label=_("choose"), help_text=_("It assesses the units below.")
    )
    title = CleanCharField(label=_("Title"), max_length=60, min_length=2, initial=TITLE)
    begin = forms.ChoiceField(
        label=_("Begin with"),
        choices=[("sheet", _("the portal's sheet")), ("empty", _("no items"))],
        initial="sheet",
        widget=DescribedRadios(
            about={
                "sheet": _("Eight items that make 100 points, with figures of the portal; change what you like."),
                "empty": _("You write all items yourself."),
            }
        ),
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)


class ItemForm(PortalForm):
    """An item of a scheme; each figure has a weight, and 0 leaves it out."""

    title = CleanCharField(label=_("Item"), max_length=60, min_length=2)
    points = PointsField(
        label=_("Points of the item"), least=Decimal("0.1"), help_text=_("All items together make 100.")
    )
    criteria = CleanTextField(label=_("How points are given"), max_length=500, min_length=2, rows=4)
    source = CleanCharField(
        label=_("Source of the rule"), max_length=200, min_length=2, help_text=_("Statute and article, or practice.")
    )

    def __init__(self, *args, indicators, **kwargs):
        super().__init__(*args, **kwargs)
        self.indicators = indicators
        for indicator in indicators:
            self.fields[self.name_of(indicator.code)] = WholeField(
                label=indicator.label,
                min_value=0,
                max_value=100,
                required=False,
                help_text=indicator.formula,
                initial=0,
            )

    @staticmethod
    def name_of(code):
        """Return the name of the field of a figure."""
        return "w_" + code.replace(".", "-")

    @property
    def weight_fields(self):
        """The fields of the weights, for the page."""
        return [self[self.name_of(indicator.code)] for indicator in self.indicators]

    def weights(self):
        """Return {indicator: weight}."""
        return {one.code: self.cleaned_data.get(self.name_of(one.code)) or 0 for one in self.indicators}


class EnforceForm(PortalForm):
    """Putting a version into force."""

    note = CleanCharField(
        label=_("What is different from the version before"),
        max_length=300,
        required=False,
        help_text=_("Shown with the version."),
    )
