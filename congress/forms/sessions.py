"""Forms of sessions: plan, move, put off."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.kernel.days import LOCAL
from portal.kernel.forms import (
    CleanCharField,
    CleanTextField,
    ClockField,
    DayField,
    DescribedRadios,
    IdempotencyMixin,
    PortalForm,
)

from ..enums import Proposer, SessionKind, SessionMode


class MoveForm(PortalForm):
    """When and where a session meets."""

    opens_on = DayField(label=_("Opening day"))
    opens_time = ClockField(label=_("Begins at"), initial=dt.time(8, 30))
    closes_on = DayField(
        label=_("Closing day"), required=False, help_text=_("Empty: it closes on the day on which it opens.")
    )
    place = CleanCharField(label=_("Place"), max_length=80)
    mode = forms.ChoiceField(
        label=_("How the delegates meet"),
        choices=SessionMode.choices,
        initial=SessionMode.ONSITE,
        widget=DescribedRadios(
            about={
                SessionMode.ONLINE: _("For urgent matters; one session a year meets in a hall."),
            }
        ),
    )

    def clean(self):
        cleaned = super().clean()
        on, last = cleaned.get("opens_on"), cleaned.get("closes_on")
        if on is not None and last is not None and last < on:
            self.add_error("closes_on", ValidationError(_("The last day lies before the opening.")))
        return cleaned

    def times(self):
        """Return when, where and how, as the operations take it."""
        data = self.cleaned_data
        return {
            "opens_at": dt.datetime.combine(data["opens_on"], data["opens_time"], tzinfo=LOCAL),
            "closes_on": data["closes_on"] or data["opens_on"],
            "place": data["place"],
            "mode": data["mode"],
        }


class SessionForm(IdempotencyMixin, MoveForm):
    """A new session of a term."""

    kind = forms.ChoiceField(
        label=_("Kind of session"), choices=SessionKind.choices, initial=SessionKind.REGULAR, widget=DescribedRadios
    )
    proposer = forms.ChoiceField(
        label=_("Who asked for it"),
        choices=[("", _("nobody: a regular session")), *Proposer.choices],
        required=False,
        help_text=_(
            "An extra session is asked for by the employer, the union or a third of the delegates"
            " (Shanghai 职工代表大会条例 art. 22)."
        ),
    )
    purpose = CleanCharField(label=_("What the extra session is for"), max_length=300, required=False)

    field_order = ("kind", "proposer", "purpose", "opens_on", "opens_time", "closes_on", "place", "mode")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == SessionKind.EXTRA:
            for name in ("proposer", "purpose"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(_("An extra session needs this.")))
        return cleaned


class PutOffForm(PortalForm):
    """Why a session is postponed or cancelled."""

    reason = CleanTextField(label=_("Reason"), max_length=300, rows=3, help_text=_("Everybody reads it."))
