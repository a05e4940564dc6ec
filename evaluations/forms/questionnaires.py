"""Forms of appraisal sheets."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Unit
from portal.kernel.forms import CleanCharField, DescribedRadios, IdempotencyMixin, PortalForm

from ..enums import ScaleKind
from ..models import Questionnaire
from ..presets import STEPS
from .weights import DimensionsField


class EditionForm(PortalForm):
    """Scale and dimensions of an edition."""

    scale = forms.ChoiceField(
        label=_("How every item is answered"),
        choices=ScaleKind.choices,
        initial=ScaleKind.GRADE,
        widget=DescribedRadios(
            about={
                ScaleKind.GRADE: _("excellent 100, competent 80, basically competent 60, not competent 40 points"),
                ScaleKind.SATISFACTION: _("satisfied 100, fairly satisfied 70, dissatisfied 30 points"),
                ScaleKind.SCORE: _("raters write a number; slower on a phone"),
            }
        ),
    )
    step = forms.TypedChoiceField(
        label=_("Steps of a score"),
        choices=[(step, step) for step in STEPS],
        coerce=int,
        initial=5,
        required=False,
        empty_value=5,
    )
    dimensions = DimensionsField(
        label=_("Dimensions with weights"),
        max_length=3000,
        rows=8,
        help_text=_("One on a line: name, space, weight. Items within it after a colon: 工作业绩 0.3: 完成任务、质量"),
    )
    source = CleanCharField(
        label=_("Where this sheet comes from"), max_length=200, help_text=_("Document and article.")
    )


class SheetForm(IdempotencyMixin, EditionForm):
    """A new sheet of a unit."""

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), to_field_name="code")
    name = CleanCharField(label=_("Name of the sheet"), max_length=40)

    field_order = ("unit", "name")

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units

    def clean(self):
        cleaned = super().clean()
        if (unit := cleaned.get("unit")) is not None and (name := cleaned.get("name")):
            key = cleaned.get("idempotency_key")
            if Questionnaire.objects.filter(unit=unit, name=name).exclude(idempotency_key=key).exists():
                self.add_error("name", ValidationError(_now("This unit has a sheet of this name already.")))
        return cleaned
