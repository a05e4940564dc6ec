"""Forms of rounds: plan, change, groups, subjects, rules by which a form is void, announce, cancel, duty reports."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Unit
from portal.ballots.enums import Grade
from portal.ballots.forms.desk import ScrutineerField, ScrutineersMixin
from portal.ballots.wording import grade_words
from portal.files.forms import UploadsField
from portal.kernel.days import LOCAL
from portal.kernel.forms import (
    ChoiceCards,
    CleanCharField,
    CleanTextField,
    ClockField,
    DayField,
    DescribedRadios,
    IdempotencyMixin,
    PortalForm,
    WholeNumberField,
)

from ..enums import Direction, Source, Visibility, VoidKind
from ..models import Edition
from ..models.rounds import Round
from .weights import PeopleField, WeightField


class ChangeRoundForm(PortalForm):
    """Title, sheet, times, secrecy and what is seen of a round."""

    title = CleanCharField(label=_("Title"), max_length=50, help_text=_("Everybody on the list reads it."))
    year = WholeNumberField(label=_("Year that is appraised"), min_value=2000, max_value=2100)
    edition = forms.ModelChoiceField(
        label=_("Appraisal sheet"),
        queryset=Edition.objects.none(),
        help_text=_("Only editions that stand are offered; a round keeps its edition."),
    )
    opens_on = DayField(label=_("Opens on"))
    opens_time = ClockField(label=_("at"), initial=dt.time(8, 0))
    closes_on = DayField(label=_("Closes on"))
    closes_time = ClockField(label=_("at"), initial=dt.time(18, 0))
    grade = forms.ChoiceField(label=_("How forms are kept apart from raters"), choices=Grade.choices)
    visibility = forms.ChoiceField(
        label=_("What the staff see of the result"), choices=Visibility.choices, widget=DescribedRadios
    )
    has_remarks = forms.BooleanField(
        label=_("Remarks may be written about each person"),
        required=False,
        help_text=_("They are sealed along and kept only where enough people have rated."),
    )

    def __init__(self, *args, editions, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at
        self.fields["edition"].queryset = editions
        self.fields["grade"].widget = ChoiceCards(
            choices=Grade.choices, about={grade: grade_words(grade) for grade in Grade.values}
        )
        self.fields["grade"].widget.is_required = True

    def clean(self):
        cleaned = super().clean()
        moments = [self._moment(name) for name in ("opens", "closes")]
        if all(moments):
            opens_at, closes_at = moments
            if closes_at <= opens_at:
                self.add_error("closes_on", ValidationError(_now("The round closes before it opens.")))
            elif closes_at <= self.at:
                self.add_error("closes_on", ValidationError(_now("The closing time is over. Set a later one.")))
        return cleaned

    def _moment(self, name):
        day, clock = self.cleaned_data.get(f"{name}_on"), self.cleaned_data.get(f"{name}_time")
        return dt.datetime.combine(day, clock, tzinfo=LOCAL) if day is not None and clock is not None else None

    def values(self):
        """Return what the operations take."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("title", "year", "edition", "grade", "visibility", "has_remarks")}
        return {**plain, "opens_at": self._moment("opens"), "closes_at": self._moment("closes")}


class PlanRoundForm(IdempotencyMixin, ChangeRoundForm):
    """A new round of a unit."""

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), to_field_name="code")
    direction = forms.ChoiceField(label=_("Who rates whom"), choices=Direction.choices, initial=Direction.SINGLE)
    counterpart = forms.ModelChoiceField(
        label=_("Other side of a two-way appraisal"),
        queryset=Round.objects.none(),
        required=False,
        empty_label=_("none, or it is planned later"),
        help_text=_("Both sides are published together."),
    )

    field_order = ("unit", "title", "year", "direction", "counterpart", "edition")

    def __init__(self, *args, units, counterparts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["counterpart"].queryset = counterparts

    def clean(self):
        cleaned = super().clean()
        other, direction = cleaned.get("counterpart"), cleaned.get("direction")
        if other is not None:
            if direction not in (Direction.UP, Direction.DOWN) or other.direction == direction:
                message = _now("The two sides of a two-way appraisal are one upwards and one downwards.")
                self.add_error("direction", ValidationError(message))
            if cleaned.get("unit") is not None and other.unit_id != cleaned["unit"].pk:
                self.add_error("counterpart", ValidationError(_now("Both sides belong to the same unit.")))
        return cleaned

    def values(self):
        data = self.cleaned_data
        keep = ("unit", "direction", "counterpart", "idempotency_key")
        return {**super().values(), **{name: data[name] for name in keep}}


class GroupForm(PortalForm):
    """A voter group: its name, its weight, who makes it up."""

    name = CleanCharField(label=_("Name of the group"), max_length=30, help_text=_("For example 中层干部 or 职工代表."))
    weight = WeightField(
        label=_("Weight"), max_length=12, help_text=_("Like 0.4 or 40%. The weights of all groups add up to 1.")
    )
    unit = forms.ModelChoiceField(label=_("People of"), queryset=Unit.objects.none(), to_field_name="code")
    with_units_below = forms.BooleanField(label=_("and of all units below it"), required=False, initial=True)
    sources = forms.MultipleChoiceField(
        label=_("Who of them"), choices=Source.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class SubjectsForm(PortalForm):
    """Whom a round rates."""

    people = PeopleField(
        label=_("Leaders, by job number"), required=False, rows=5, help_text=_("One job number on a line.")
    )
    teams = forms.ModelMultipleChoiceField(
        label=_("Leading teams of"),
        queryset=Unit.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["teams"].queryset = units

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned.get("people") and not cleaned.get("teams"):
            self.add_error("people", ValidationError(_now("Name at least one leader or one leading team.")))
        return cleaned


class VoidRulesForm(PortalForm):
    """Rules by which a whole form does not count."""

    kinds = forms.MultipleChoiceField(
        label=_("A form is void when it has"),
        choices=VoidKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Raters are told before they send. The numbers are those of the rule book."),
    )


class AnnounceForm(ScrutineersMixin, PortalForm):
    """The three who open the box."""

    scrutineer_one = ScrutineerField(label=_("First scrutineer, job number"))
    scrutineer_two = ScrutineerField(label=_("Second scrutineer, job number"))
    scrutineer_three = ScrutineerField(label=_("Third scrutineer, job number"))


class CancelForm(PortalForm):
    """Why a round is cancelled."""

    reason = CleanTextField(label=_("Reason"), max_length=300, rows=3, help_text=_("Everybody concerned reads it."))


class NearForm(PortalForm):
    """Why a round follows so soon on a nearly identical one."""

    reason = CleanTextField(
        label=_("Reason"), max_length=300, rows=3, help_text=_("It is shown on the form to everybody who rates.")
    )


class ReportForm(PortalForm):
    """A duty report as a file."""

    files = UploadsField(label=_("Duty report"), max_files=1)


class WaiveForm(PortalForm):
    """Why there is no duty report."""

    reason = CleanTextField(
        label=_("Reason"), max_length=300, rows=3, help_text=_("It stands in the place of the report.")
    )
