"""Forms of delegates: candidates, recorded meetings, the duty log, the report of a year."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.forms.fields import JobNumberField
from portal.accounts.enums import Gender
from portal.files.forms import UploadsField
from portal.kernel.forms import (
    CleanCharField,
    CleanTextField,
    DayField,
    DescribedRadios,
    IdempotencyMixin,
    PortalForm,
    WholeNumberField,
)

from ..enums import DelegateCategory, DutyKind

MOST_VOTES = 5_000_000


class CandidateForm(PortalForm):
    person = JobNumberField(label=_("Job number"))
    category = forms.ChoiceField(label=_("Counts as"), choices=DelegateCategory.choices, widget=DescribedRadios)
    gender = forms.ChoiceField(
        label=_("Gender"),
        choices=[("", _("as on the roster")), *Gender.choices],
        required=False,
        help_text=_("For the composition; needed only where the roster does not say."),
    )

    def clean(self):
        cleaned = super().clean()
        person = cleaned.get("person")
        if person is not None and not person.gender and not cleaned.get("gender"):
            self.add_error("gender", ValidationError(_("The roster does not say; please choose.")))
        return cleaned


class _MeetingForm(IdempotencyMixin, PortalForm):
    held_on = DayField(label=_("Day of the meeting"))
    took_part = WholeNumberField(label=_("Staff who took part"), min_value=1, max_value=MOST_VOTES)
    counters = CleanCharField(
        label=_("Counted and watched by"),
        max_length=200,
        help_text=_("Names of those who counted, and of those who watched or counted again."),
    )

    def __init__(self, *args, today, earliest, staff, needed, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["held_on"].latest, self.fields["held_on"].earliest = today, earliest
        self.fields["took_part"].help_text = _(
            "The unit has %(staff)d staff; %(quorum)d must take part (two thirds)."
        ) % {"staff": staff, "quorum": -(-staff * 2 // 3)}
        self.needed = needed


class ElectionForm(_MeetingForm):
    """A recorded election: who took part, votes for each candidate."""

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.candidates = candidates
        for one in candidates:
            self.fields[f"votes-{one.pk}"] = WholeNumberField(
                label=_("Votes for %(name)s") % {"name": one.name},
                max_value=MOST_VOTES,
                help_text=_("elected from %(needed)d votes on") % {"needed": self.needed},
                error_messages={"required": _("Please enter the votes of each candidate, 0 where there are none.")},
            )

    def votes(self):
        """Return {key of a candidate: votes}."""
        return {one.pk: self.cleaned_data[f"votes-{one.pk}"] for one in self.candidates}


class RecallForm(_MeetingForm):
    votes = WholeNumberField(label=_("Votes for the recall"), max_value=MOST_VOTES)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["votes"].help_text = _("recalled from %(needed)d votes on") % {"needed": self.needed}


class DutyForm(IdempotencyMixin, PortalForm):
    """An entry of the duty log."""

    on = DayField(label=_("Day"))
    kind = forms.ChoiceField(label=_("What sort of duty"), choices=DutyKind.choices)
    text = CleanTextField(label=_("What you did"), max_length=500, rows=4)
    minutes = WholeNumberField(
        label=_("Working time it took, in minutes"),
        max_value=1440,
        help_text=_("Paid as attendance (Shanghai 职工代表大会条例 art. 17); 0 where it was your own time."),
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].latest = today


class ReportForm(PortalForm):
    """The report of a year."""

    text = CleanTextField(label=_("Your report"), max_length=5000, rows=14)
    files = UploadsField(label=_("A file beside it"), max_files=1, required=False)


class RatingForm(PortalForm):
    """How the electing unit rated a report."""

    rated_on = DayField(label=_("Day of the rating"))
    took_part = WholeNumberField(label=_("Staff who took part"), min_value=1, max_value=MOST_VOTES)
    good = WholeNumberField(label=_("satisfied"), max_value=MOST_VOTES)
    fair = WholeNumberField(label=_("basically satisfied"), max_value=MOST_VOTES)
    poor = WholeNumberField(label=_("not satisfied"), max_value=MOST_VOTES)

    def __init__(self, *args, today, earliest, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rated_on"].latest, self.fields["rated_on"].earliest = today, earliest
