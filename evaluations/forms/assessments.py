"""Forms of assessments: planning, the group, points of the unit and of the group, objection, rectification."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.forms.fields import JobNumberField, unit_label
from portal.kernel.forms import (
    CleanCharField,
    CleanTextField,
    DayField,
    DescribedRadios,
    IdempotencyMixin,
    PortalForm,
    WholeNumberField,
)

from ..rules.assessments import (
    LEAST_MEMBERS,
    MIN_REASON,
    MOST_MEMBERS,
    fault_of_group,
    fault_of_member,
    unexplained,
)
from .points import PointsField


class _DaysForm(PortalForm):
    self_by = DayField(label=_("Self-assessment until"))
    group_by = DayField(label=_("Points of the group until"))

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["self_by"].earliest = today
        self.fields["group_by"].earliest = today + dt.timedelta(days=1)

    def clean(self):
        cleaned = super().clean()
        self_by, group_by = cleaned.get("self_by"), cleaned.get("group_by")
        if self_by and group_by and group_by <= self_by:
            self.add_error(
                "group_by", ValidationError(_("The group's day has to come after that of the self-assessment."))
            )
        return cleaned


class PlanForm(_DaysForm):
    """Which units are assessed for a year, by which version, until when."""

    version = forms.ChoiceField(label=_("Scheme"))
    year = WholeNumberField(label=_("Year"), min_value=2000, max_value=2199)
    units = forms.MultipleChoiceField(
        label=_("Units"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one unit."),
            "invalid_choice": _("Choose units from the list."),
        },
    )
    field_order = ("version", "year", "units", "self_by", "group_by")

    def __init__(self, *args, versions, units, latest_year, **kwargs):
        super().__init__(*args, **kwargs)
        self.offered = {unit.code: unit for unit in units}
        self.fields["version"].choices = [(str(version.pk), str(version)) for version in versions]
        self.fields["units"].choices = [(unit.code, unit_label(unit)) for unit in units]
        self.fields["year"].max_value = latest_year

    def chosen_units(self):
        """Return the units in the order of the tree."""
        chosen = set(self.cleaned_data["units"])
        return [unit for code, unit in self.offered.items() if code in chosen]


class PrepareForm(_DaysForm):
    """The assessment group of a unit, its head first, and the days."""

    field_order = tuple(f"member{place}" for place in range(1, MOST_MEMBERS + 1))

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.unit = unit
        for place in range(1, MOST_MEMBERS + 1):
            self.fields[f"member{place}"] = JobNumberField(
                label=_("Head of the group: job number")
                if place == 1
                else _("Member %(place)d: job number") % {"place": place},
                required=place <= LEAST_MEMBERS,
            )
        self.order_fields(self.field_order)

    def members(self):
        """Return the people named, the head first."""
        found = (self.cleaned_data.get(f"member{place}") for place in range(1, MOST_MEMBERS + 1))
        return [person for person in found if person is not None]

    def clean(self):
        cleaned = super().clean()
        if any(name.startswith("member") for name in self.errors):
            return cleaned
        for place in range(1, MOST_MEMBERS + 1):
            person = cleaned.get(f"member{place}")
            if person is not None and (fault := fault_of_member(person, self.unit)):
                self.add_error(f"member{place}", ValidationError(fault))
        people = self.members()
        if not self.errors and (fault := fault_of_group(people, self.unit)):
            self.add_error(None, ValidationError(fault))
        return cleaned


class LinesForm(PortalForm):
    """
    Points and words for each item of an assessment.

    ``points`` and ``words`` name the columns of a line that the form begins
    with. ``is_kept_only``: what is there is kept, complete or not.
    """

    def __init__(self, *args, lines, points, words, words_label, is_kept_only=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines, self.is_kept_only = lines, is_kept_only
        for line in lines:
            given = getattr(line, points)
            self.fields[f"points-{line.pk}"] = PointsField(
                label=_("%(what)s: points") % {"what": line.item.title},
                most=line.item.points,
                required=not is_kept_only,
                error_messages={"required": _("“%(item)s” has no points yet.") % {"item": line.item.title}},
                initial=line.proposed if given is None else given,
            )
            self.fields[f"words-{line.pk}"] = CleanTextField(
                label=words_label,
                max_length=500,
                rows=2,
                required=line.proposed is None and not is_kept_only,
                error_messages={"required": unexplained(line)},
                initial=getattr(line, words),
            )

    @property
    def rows(self):
        """Each line with its two fields, for the page."""
        return [
            {"line": line, "points": self[f"points-{line.pk}"], "words": self[f"words-{line.pk}"]}
            for line in self.lines
        ]

    def clean(self):
        cleaned = super().clean()
        if self.is_kept_only:
            return cleaned
        for line in self.lines:
            name = f"points-{line.pk}"
            if name in self.errors:
                continue
            points, words = cleaned.get(name), cleaned.get(f"words-{line.pk}", "")
            if points != line.proposed and len(words) < MIN_REASON and f"words-{line.pk}" not in self.errors:
                self.add_error(f"words-{line.pk}", ValidationError(unexplained(line)))
        return cleaned

    def points(self):
        """Return {line id: points or None}."""
        return {line.pk: self.cleaned_data.get(f"points-{line.pk}") for line in self.lines}

    def words(self):
        """Return {line id: words}."""
        return {line.pk: self.cleaned_data.get(f"words-{line.pk}", "") for line in self.lines}


class ReasonForm(PortalForm):
    """Why something is cancelled or closed."""

    reason = CleanTextField(label=_("Reason"), max_length=300, min_length=MIN_REASON, rows=3)


class PutForm(IdempotencyMixin, PortalForm):
    """The session of the congress that votes on a result."""

    session = forms.ChoiceField(
        label=_("Session"),
        widget=DescribedRadios,
        error_messages={"required": _("Choose a session."), "invalid_choice": _("Choose a session from the list.")},
    )

    def __init__(self, *args, sessions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["session"].choices = [(str(one.pk), f"{one.title} · {one.opens_on}") for one in sessions]


class ObjectForm(IdempotencyMixin, PortalForm):
    """What the unit objects to in the draft."""

    subject = CleanCharField(label=_("In one line"), max_length=60, min_length=2)
    body = CleanTextField(
        label=_("Which items, and why?"),
        max_length=2000,
        min_length=MIN_REASON,
        rows=8,
        help_text=_("Name the item, the points you think right, and the records that show it."),
    )


class DemandsForm(PortalForm):
    """What is to be put right, for each item; nothing where nothing is demanded."""

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[f"demand-{line.pk}"] = CleanTextField(
                label=line.item.title, max_length=500, min_length=MIN_REASON, rows=2, required=False
            )

    @property
    def rows(self):
        """Each line with its field, for the page."""
        return [{"line": line, "demand": self[f"demand-{line.pk}"]} for line in self.lines]

    def demands(self):
        """Return {line id: what is demanded}."""
        return {line.pk: self.cleaned_data.get(f"demand-{line.pk}", "") for line in self.lines}

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(cleaned.values()):
            # At the first item, so that the summary of faults leads somewhere.
            said = ValidationError(_("Say for at least one item what is to be put right, or close the assessment."))
            self.add_error(next(iter(self.fields), None), said)
        return cleaned


class DoneForm(PortalForm):
    """What the unit did about a demand."""

    done = CleanTextField(label=_("What was done"), max_length=500, min_length=MIN_REASON, rows=5)


class CheckForm(PortalForm):
    """Whether the group found it put right; the button says yes or no."""

    note = CleanTextField(
        label=_("What you found"),
        max_length=300,
        rows=3,
        required=False,
        help_text=_("Needed when something is missing."),
    )

    @property
    def is_accepted(self):
        """Whether the yes was pressed."""
        return self.data.get("verdict") == "yes"

    def clean(self):
        cleaned = super().clean()
        if self.data.get("verdict") not in ("yes", "no"):
            raise ValidationError(_("Please press one of the two buttons."))
        if not self.is_accepted and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", ValidationError(_("Please say what is still missing.")))
        return cleaned
