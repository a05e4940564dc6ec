"""Confirming points, objecting to a figure, deciding on that, another version of the scheme."""

from decimal import Decimal

from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import (
    CleanCharField,
    CleanTextField,
    DescribedRadios,
    IdempotencyMixin,
    PortalForm,
    WholeNumberField,
)

from .fields import HundredthsField, MonthField

WHOLE = Decimal(100)
ENDS = Decimal(10_000)


def side_by_side(groups, *after, before=()):
    """Return a layout in which the fields of each group stand side by side, below one another on phones."""
    return Layout(*before, *(Div(*names, css_class="sheet-beside") for names in groups), *after)


class ConfirmForm(PortalForm):
    """The points of each figure as proposed; whoever changes some says why."""

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = [row for row in rows if row.points is not None]
        for number, row in enumerate(self.rows):
            about = {"what": row.label, "value": row.value, "fraction": row.fraction, "weight": row.weight}
            points = HundredthsField(
                label=_now("%(what)s: points") % about,
                help_text=_now("%(value)s (%(fraction)s); at most %(weight)s points.") % about,
                initial=row.points,
                most=row.weight,
            )
            points.error_messages["required"] = _now("Please fill in “%(label)s”.") % {"label": points.label}
            self.fields[f"points-{number}"] = points
            self.fields[f"reason-{number}"] = CleanCharField(
                label=_now("%(what)s: why otherwise than proposed") % about, required=False
            )
        self.fields["note"] = CleanCharField(label=_now("Remark for the unit"), required=False, max_length=300)
        groups = [(f"points-{number}", f"reason-{number}") for number in range(len(self.rows))]
        self.helper.layout = side_by_side(groups, "note")

    def clean(self):
        cleaned = super().clean()
        for number, row in enumerate(self.rows):
            points = cleaned.get(f"points-{number}")
            if points is not None and points != row.points and not cleaned.get(f"reason-{number}"):
                self.add_error(
                    f"reason-{number}", ValidationError(_("Please say why the points differ from those proposed."))
                )
        return cleaned

    @property
    def points(self):
        """Return {indicator: points}."""
        return {row.code: self.cleaned_data[f"points-{number}"] for number, row in enumerate(self.rows)}

    @property
    def reasons(self):
        """Return {indicator: reason}."""
        return {row.code: self.cleaned_data[f"reason-{number}"] for number, row in enumerate(self.rows)}


class ContestForm(IdempotencyMixin, PortalForm):
    """What is wrong with a figure, in the unit's words."""

    reason = CleanTextField(
        label=_("What is wrong with the figure?"),
        max_length=1000,
        min_length=10,
        rows=6,
        help_text=_("Name the rows that are missing or counted wrongly, with their numbers and days."),
    )


class DecideForm(PortalForm):
    """Upheld, with the right figure, or not; with an answer either way."""

    YES, NO = "yes", "no"

    outcome = forms.ChoiceField(
        label=_("Is the unit right?"),
        choices=((YES, _("Yes: correct the figure")), (NO, _("No: the figure stands"))),
        widget=DescribedRadios,
    )
    numerator = WholeNumberField(label=_("Right figure, above the line"), required=False)
    denominator = WholeNumberField(label=_("Right figure, below the line"), required=False)
    answer = CleanTextField(label=_("Answer to the unit"), max_length=500, min_length=5, rows=4)

    def __init__(self, *args, is_share, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_share = is_share

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("outcome") != self.YES:
            return cleaned
        above, below = cleaned.get("numerator"), cleaned.get("denominator")
        for name, value in (("numerator", above), ("denominator", below)):
            if value is None and name not in self.errors:
                self.add_error(name, ValidationError(_("Please enter the right figure, above and below the line.")))
        if self.is_share and above is not None and below is not None and above > below:
            self.add_error(
                "numerator",
                ValidationError(_("What stands above the line is part of what stands below it and cannot be more.")),
            )
        return cleaned


class SchemeForm(IdempotencyMixin, PortalForm):
    """Weights and ends of every indicator; the weights add up to a hundred."""

    since = MonthField(
        label=_("From the month"), help_text=_("Such as 2026-12. Months that are frozen keep their scheme.")
    )

    def __init__(self, *args, indicators, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.since_message()
        self.indicators = indicators
        for number, indicator in enumerate(indicators):
            weight, zero_at, full_at = lines.get(indicator.code, (Decimal(0), None, None))
            for name, label, initial, most in (
                ("weight", _now("%(what)s: weight"), weight, WHOLE),
                ("zero", _now("%(what)s: no points at"), zero_at, ENDS),
                ("full", _now("%(what)s: all points at"), full_at, ENDS),
            ):
                words = label % {"what": indicator.label}
                field = HundredthsField(label=words, initial=initial, most=most, required=name == "weight")
                field.error_messages["required"] = _now("Please fill in “%(label)s”.") % {"label": words}
                self.fields[f"{name}-{number}"] = field
        self.fields["note"] = CleanCharField(label=_now("Why a new version"), max_length=300, min_length=2)
        groups = [tuple(f"{name}-{number}" for name in ("weight", "zero", "full")) for number in range(len(indicators))]
        self.helper.layout = side_by_side(groups, "note", before=("idempotency_key", "since"))

    def since_message(self):
        """Say which field is missing, as all forms do."""
        self.fields["since"].error_messages["required"] = self.required_message % {"label": self.fields["since"].label}

    def clean(self):
        cleaned = super().clean()
        weights = [cleaned.get(f"weight-{number}") for number in range(len(self.indicators))]
        for number, weight in enumerate(weights):
            zero_at, full_at = cleaned.get(f"zero-{number}"), cleaned.get(f"full-{number}")
            if not weight:
                continue
            for name, value in (("zero", zero_at), ("full", full_at)):
                if value is None and f"{name}-{number}" not in self.errors:
                    self.add_error(f"{name}-{number}", ValidationError(_("What has a weight needs both ends.")))
            if zero_at is not None and zero_at == full_at:
                self.add_error(f"full-{number}", ValidationError(_("The two ends cannot be the same.")))
        if None not in weights and sum(weights) != WHOLE:
            self.add_error(
                None,
                ValidationError(
                    _("The weights add up to %(sum)s; they have to add up to 100.") % {"sum": sum(weights)}
                ),
            )
        return cleaned

    @property
    def lines(self):
        """Return {indicator: (weight, zero_at, full_at)} of those that have a weight."""
        found = {}
        for number, indicator in enumerate(self.indicators):
            weight, zero_at, full_at = (self.cleaned_data[f"{name}-{number}"] for name in ("weight", "zero", "full"))
            if weight:
                found[indicator.code] = (weight, zero_at, full_at)
        return found
