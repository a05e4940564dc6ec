"""Announcing and recording briefings, their questions, figures and minutes."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.forms.fields import JobNumberField, UnitField
from portal.files.forms import UploadsField
from portal.kernel.days import LOCAL
from portal.kernel.forms import (
    CleanCharField,
    CleanTextField,
    ClockField,
    DayField,
    IdempotencyMixin,
    PortalForm,
    WholeNumberField,
)
from portal.kernel.richtext.fields import RichTextField

from ..enums import AttendanceGroup, Audience
from .asking import _AskForm
from .briefing_fields import LABEL_MAX, ROWS_MAX, TITLE_MAX, AgendaField, lines_of, number_in
from .filters import _Filters
from .publishing import BODY_MAX


def moment_of(day, time):
    """Return the aware moment of a day and time at the plant."""
    return dt.datetime.combine(day, time, tzinfo=LOCAL).astimezone(dt.UTC)


class _WhenMixin(forms.Form):
    """Day and time of a meeting; ``earliest`` and ``latest`` are days."""

    starts_on = DayField(label=_("Day"))
    starts_time = ClockField(label=_("Begins at"))

    def bound_days(self, earliest, latest):
        self.fields["starts_on"].earliest, self.fields["starts_on"].latest = earliest, latest

    def starts_at(self):
        """Return the moment at which it begins."""
        return moment_of(self.cleaned_data["starts_on"], self.cleaned_data["starts_time"])


class BriefingForm(IdempotencyMixin, PortalForm):
    """What is told of a briefing beforehand; day and place are set when it is announced, and moved later."""

    title = CleanCharField(label=_("Title"), max_length=TITLE_MAX, min_length=2)
    chair = JobNumberField(
        label=_("Chair, by job number"), help_text=_("Who leads the meeting; may publish the minutes.")
    )
    online = CleanCharField(
        label=_("How to follow it from elsewhere"),
        max_length=200,
        required=False,
        help_text=_("Room of the video conference, or the telephone; empty if only on the spot."),
    )
    audience = forms.ChoiceField(label=_("Readers"), choices=Audience.choices)
    agenda = AgendaField(
        label=_("Agenda"),
        max_length=4000,
        rows=6,
        help_text=_(
            "A line for each point: what; who speaks; minutes. A job number after the speaker's name lets the portal"
            " tell them, like: Output in October; Wang Jianguo 100012; 15"
        ),
    )
    files = UploadsField(label=_("Slides and tables"), required=False)


class PlanBriefingForm(_WhenMixin, BriefingForm):
    """Announce a briefing."""

    unit = UnitField(label=_("Unit"), empty_label=_("choose"))
    place = CleanCharField(label=_("Place"), max_length=80, min_length=2)
    field_order = ("unit", "title", "starts_on", "starts_time", "place", "online", "chair", "audience", "agenda")

    def __init__(self, *args, units, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)
        self.bound_days(today - dt.timedelta(days=7), today + dt.timedelta(days=366))


class MoveBriefingForm(_WhenMixin, PortalForm):
    place = CleanCharField(label=_("Place"), max_length=80, min_length=2)
    reason = CleanCharField(
        label=_("Why is it put off?"), max_length=300, min_length=4, help_text=_("Shown to everybody on its page.")
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.bound_days(today, today + dt.timedelta(days=366))


class CancelBriefingForm(PortalForm):
    reason = CleanCharField(
        label=_("Why is it cancelled?"), max_length=300, min_length=4, help_text=_("Shown to everybody on its page.")
    )


class RecordBriefingForm(PortalForm):
    """Who came, by group, and what was said on each point of the agenda."""

    files = UploadsField(label=_("Slides and tables"), required=False)

    def __init__(self, *args, points, **kwargs):
        super().__init__(*args, **kwargs)
        for group in AttendanceGroup:
            for name, label in (
                ("invited", _("%(group)s, invited")),
                ("present", _("%(group)s, present")),
            ):
                field = WholeNumberField(label=label % {"group": group.label}, required=False, max_value=100_000)
                self.fields[f"{name}_{group.value}"] = field
        self.points = list(points)
        for point in self.points:
            self.fields[f"summary_{point.order}"] = CleanTextField(
                label=_("%(n)d. %(title)s: what was said") % {"n": point.order, "title": point.title},
                max_length=2000,
                rows=3,
                required=False,
            )
        self.order_fields([name for name in self.fields if name != "files"])

    def clean(self):
        cleaned = super().clean()
        came = [name for name in self.fields if name.startswith("present_")]
        if not any(cleaned.get(name) for name in came) and not any(name in self.errors for name in came):
            self.add_error(came[0], ValidationError(_("Please write how many came.")))
        return cleaned

    def groups(self):
        """Return the pairs of fields for the table: (label, invited, present)."""
        return [
            (group.label, self[f"invited_{group.value}"], self[f"present_{group.value}"]) for group in AttendanceGroup
        ]

    def rest(self):
        """Return the other fields."""
        return [self[name] for name in self.fields if not name.startswith(("invited_", "present_"))]

    def attendance(self):
        """Return {group: (invited, present)}."""
        values = self.cleaned_data
        return {
            group.value: (values[f"invited_{group.value}"] or 0, values[f"present_{group.value}"] or 0)
            for group in AttendanceGroup
        }

    def summaries(self):
        """Return {place on the agenda: what was said}."""
        return {point.order: self.cleaned_data[f"summary_{point.order}"] for point in self.points}


class QuestionForm(IdempotencyMixin, PortalForm):
    """A question asked on the spot, with its answer if there was one."""

    text = CleanTextField(label=_("Question"), max_length=1000, min_length=2, rows=3)
    asked_by = CleanCharField(
        label=_("Question asked by"),
        max_length=40,
        required=False,
        help_text=_("Group, or a name that was given in the meeting; shown to everybody."),
    )
    asker = JobNumberField(
        label=_("Job number of who asked"),
        required=False,
        help_text=_("Only if they want the answer on their own desk. Sealed when the question is left open."),
    )
    answer = CleanTextField(
        label=_("Answer"),
        max_length=2000,
        rows=4,
        required=False,
        help_text=_("Empty if it was not answered; it can then be left open and gets its own number."),
    )
    answered_by = CleanCharField(label=_("Answered by"), max_length=40, required=False)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("answer") and "answered_by" in cleaned and not cleaned["answered_by"]:
            self.add_error("answered_by", ValidationError(_("Please say who answered.")))
        return cleaned


class AnswerQuestionForm(QuestionForm):
    """Change a question and its answer; the words of one that was handed in are its author's."""

    def __init__(self, *args, is_beforehand, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["asker"], self.fields["idempotency_key"]
        if is_beforehand:
            del self.fields["text"]


class FigureForm(IdempotencyMixin, PortalForm):
    """A small table of figures, a line each: what; this month; last month; plan."""

    title = CleanCharField(label=_("Title"), max_length=60, min_length=2)
    measure = CleanCharField(label=_("Unit of measure"), max_length=12, required=False)
    rows = CleanTextField(
        label=_("Figures"),
        max_length=2000,
        rows=6,
        help_text=_(
            "A line each: what; this month; last month; plan. Leave out what there is not: Ethylene; 58.2; ; 60"
        ),
    )

    def clean_rows(self):
        rows, faults = [], []
        lines = lines_of(self.cleaned_data["rows"])
        if len(lines) > ROWS_MAX:
            raise ValidationError(_("A table has at most %(n)d lines."), params={"n": ROWS_MAX})
        for line, cells in lines:
            label, *numbers = cells
            try:
                values = [number_in(cell) for cell in [*numbers, "", "", ""][:3]]
            except ValueError:
                values = []
            if not label or len(label) > LABEL_MAX or len(numbers) > 3:
                faults.append(
                    ValidationError(
                        _("Line %(line)d: a name of up to 30 characters, then up to three numbers."),
                        params={"line": line},
                    )
                )
            elif not values or all(value is None for value in values):
                faults.append(ValidationError(_("Line %(line)d: write the numbers in digits."), params={"line": line}))
            else:
                rows.append([label, *values])
        if faults:
            raise ValidationError(faults)
        return rows


class MinutesForm(PortalForm):
    text = RichTextField(label=_("Minutes"), max_length=BODY_MAX)
    note = CleanCharField(
        label=_("What is changed and why"), max_length=300, min_length=4, help_text=_("Shown with the new version.")
    )

    def __init__(self, *args, is_correction, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_correction:
            del self.fields["note"]


class AskBeforehandForm(IdempotencyMixin, PortalForm):
    text = CleanTextField(
        label=_("Your question"),
        max_length=1000,
        min_length=2,
        rows=5,
        help_text=_("Only those who prepare see your name. Left open, the question becomes a confidential card."),
    )


class AskBeforehandUnnamedForm(_AskForm):
    """The same without a name; it is answered as an inquiry as well."""


class BriefingPlanForm(PortalForm):
    unit = UnitField(label=_("Unit"), empty_label=_("choose"))
    since = DayField(label=_("From"), help_text=_("Owed for every month that begins on or after this day."))

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)


class BriefingFilterForm(_Filters):
    unit = UnitField(label=_("Unit"), required=False, empty_label=_("all"))
    year = forms.ChoiceField(label=_("Year"), required=False)

    def __init__(self, *args, units, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]
