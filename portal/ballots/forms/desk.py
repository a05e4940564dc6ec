"""Forms of the desk of votes."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person, Unit
from portal.kernel.forms import (
    ChoiceCards,
    CleanCharField,
    CleanTextField,
    CodeField,
    IdempotencyMixin,
    PortalForm,
    WholeNumberField,
)
from portal.kernel.texts import clean_line

from ..definition import MOST_OPTIONS, MOST_SEATS
from ..enums import Comparator, Grade, TieRule
from ..wording import grade_words

LONGEST_LINE = 60
LONGEST_OPEN = 24 * 30


class LinesField(CleanTextField):
    """Several short texts, one on a line."""

    def __init__(self, *, most, **kwargs):
        self.most = most
        super().__init__(max_length=most * (LONGEST_LINE + 1), **kwargs)

    def clean(self, value):
        lines = [line for line in map(clean_line, super().clean(value).splitlines()) if line]
        if len(lines) > self.most:
            raise ValidationError(_now("Up to %(most)d lines, please.") % {"most": self.most})
        if any(len(line) > LONGEST_LINE for line in lines):
            raise ValidationError(_now("A line has up to %(most)d characters.") % {"most": LONGEST_LINE})
        if len(set(lines)) != len(lines):
            raise ValidationError(_now("A line stands here twice."))
        return lines


class ScrutineerField(CodeField):
    """Somebody by the job number; the cleaned value is the person."""

    def clean(self, value):
        job_no = super().clean(value)
        person = Person.objects.filter(job_no=job_no, is_active=True).first()
        if person is None:
            raise ValidationError(_now("Nobody on the roster has this job number."))
        return person


class ScrutineersMixin:
    """For a form with the three fields ``scrutineer_…``: nobody is named twice."""

    SCRUTINEERS = ("scrutineer_one", "scrutineer_two", "scrutineer_three")

    def clean(self):
        cleaned = super().clean()
        chosen = [cleaned.get(name) for name in self.SCRUTINEERS]
        for place, person in enumerate(chosen):
            if person is not None and person in chosen[:place]:
                self.add_error(self.SCRUTINEERS[place], _("This person is named twice."))
        return cleaned

    @property
    def scrutineers(self):
        """The three people who open the box."""
        return [self.cleaned_data[name] for name in self.SCRUTINEERS]


class HoursField(WholeNumberField):
    """For how many hours ballots are taken."""

    def __init__(self, **kwargs):
        super().__init__(
            min_value=1,
            max_value=LONGEST_OPEN,
            label=_("Open for how many hours"),
            help_text=_("Counted from now. The vote closes by itself at that time, whatever else happens."),
            **kwargs,
        )


class TrialForm(ScrutineersMixin, IdempotencyMixin, PortalForm):
    title = CleanCharField(label=_("Title"), max_length=60, help_text=_("Everybody on the list reads it."))
    unit = forms.ModelChoiceField(label=_("Who votes"), queryset=Unit.objects.none(), to_field_name="code")
    grade = forms.ChoiceField(label=_("How ballots are kept apart from voters"), choices=Grade.choices)
    matters = LinesField(
        label=_("Matters to vote on"),
        most=20,
        required=False,
        rows=3,
        help_text=_("One on a line; each is voted on by itself."),
    )
    candidates = LinesField(
        label=_("Candidates of an election"),
        most=MOST_OPTIONS,
        required=False,
        rows=3,
        help_text=_("One name on a line."),
    )
    seats = WholeNumberField(label=_("Seats to be filled"), min_value=1, max_value=MOST_SEATS, required=False)
    can_write_in = forms.BooleanField(label=_("Others may be written in"), required=False)
    comparator = forms.ChoiceField(
        label=_("What is enough of all who may vote"),
        choices=[(Comparator.MORE, _("more than half")), (Comparator.AT_LEAST, _("half or more"))],
        initial=Comparator.MORE,
    )
    tie_rule = forms.ChoiceField(
        label=_("Equal votes for the last seat"), choices=TieRule.choices, initial=TieRule.RUN_OFF
    )
    hours = HoursField(initial=2)
    scrutineer_one = ScrutineerField(label=_("First scrutineer, job number"))
    scrutineer_two = ScrutineerField(label=_("Second scrutineer, job number"))
    scrutineer_three = ScrutineerField(label=_("Third scrutineer, job number"))

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["grade"].widget = ChoiceCards(
            choices=Grade.choices, about={grade: grade_words(grade) for grade in Grade.values}
        )

    def clean(self):
        cleaned = super().clean()
        candidates, seats = cleaned.get("candidates"), cleaned.get("seats")
        if "matters" in cleaned and "candidates" in cleaned and not cleaned["matters"] and not candidates:
            self.add_error("matters", _("Write at least one matter, or the candidates of an election."))
        if candidates and "seats" in cleaned:
            if not seats:
                self.add_error("seats", _("How many of the candidates can be elected?"))
            elif seats > len(candidates):
                self.add_error("seats", _("There are more seats than candidates."))
        return cleaned


class RepeatForm(IdempotencyMixin, PortalForm):
    hours = HoursField(initial=2)


class PrintCodesForm(PortalForm):
    """How many slips, and for which voter group where there are several."""

    count = WholeNumberField(
        label=_("How many codes"),
        min_value=1,
        max_value=2000,
        help_text=_("As many as may vote, and a sheet more that stays under seal for lost slips."),
    )
    group = forms.ChoiceField(
        label=_("For which group"), help_text=_("A slip counts in its group, whoever draws it; it names nobody.")
    )
    field_order = ("group", "count")

    def __init__(self, *args, groups=(), **kwargs):
        super().__init__(*args, **kwargs)
        if groups:
            self.fields["group"].choices = groups
        else:
            del self.fields["group"]


class VoidSheetForm(PortalForm):
    sheet = WholeNumberField(label=_("Sheet number"), min_value=1, max_value=32000)


class CountForm(PortalForm):
    """Two codes; and where papers that went out were not entered, the word that they did not come back."""

    code_one = CleanCharField(label=_("Code of one scrutineer"), max_length=80)
    code_two = CleanCharField(label=_("Code of another scrutineer"), max_length=80)

    def __init__(self, *args, is_short=False, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        if is_short:
            self.fields["goes_on"] = forms.BooleanField(
                label=_("The papers that were not entered did not come back; count without them"),
                error_messages={"required": _("Enter the papers first, or say that they did not come back.")},
            )
