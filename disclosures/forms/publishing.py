"""Preparing a text, signing it, publishing it out of turn, reporting an event."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.forms.fields import UnitField
from portal.files.forms import UploadsField
from portal.kernel.days import LOCAL
from portal.kernel.forms import (
    CleanCharField,
    CleanTextField,
    DayField,
    IdempotencyMixin,
    PortalForm,
    WholeNumberField,
)
from portal.kernel.richtext.fields import RichTextField

from ..enums import Audience

BODY_MAX = 60_000
# Of a matter of vital interest, where the process is shown with the result.
PROCESS_HINTS = {
    "basis": _("Which rule, plan or decision it rests on. Must be there before you hand it on."),
    "method": _("Procedure, criteria, who took part. Must be there before you hand it on."),
    "objections_heard": _("If there were none, say so. Must be there before you hand it on."),
}


class StartForm(PortalForm):
    """Which item of which unit a new text is about."""

    assignment = forms.ChoiceField(label=_("Item and unit"))

    def __init__(self, *args, assignments, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_key = {str(row.pk): row for row in assignments}
        groups = {}
        for key, row in self.by_key.items():
            groups.setdefault(row.unit.name, []).append((key, f"{row.item.code} {row.item.title}"))
        self.fields["assignment"].choices = [("", _("choose")), *groups.items()]

    def clean_assignment(self):
        return self.by_key[self.cleaned_data["assignment"]]


class PublicationForm(IdempotencyMixin, PortalForm):
    """A text with what its item demands: the process for vital interests, the terms of a public notice."""

    title = CleanCharField(label=_("Title"), max_length=80)
    body = RichTextField(label=_("Text"), max_length=BODY_MAX)
    basis = CleanTextField(
        label=_("Basis"),
        max_length=1000,
        rows=2,
        required=False,
        help_text=_("Which rule, plan or decision it rests on."),
    )
    method = CleanTextField(
        label=_("How it was decided"),
        max_length=1000,
        rows=3,
        required=False,
        help_text=_("Procedure, criteria, who took part."),
    )
    objections_heard = CleanTextField(
        label=_("Objections heard and what became of them"),
        max_length=1000,
        rows=3,
        required=False,
        help_text=_("If there were none, say so."),
    )
    about = CleanCharField(label=_("About whom or what"), max_length=120)
    notice_basis = CleanCharField(label=_("Basis of the notice"), max_length=200)
    workdays = WholeNumberField(label=_("Period in working days"), min_value=1, max_value=60)
    accepted_by = UnitField(label=_("Objections go to"), empty_label=_("choose"))
    contact = CleanCharField(label=_("Telephone, room, mailbox"), max_length=120)
    audience = forms.ChoiceField(label=_("Readers"), choices=Audience.choices)
    display_days = WholeNumberField(label=_("Days on show"), min_value=1, max_value=365)
    wanted_on = DayField(label=_("To appear on"), required=False, help_text=_("Empty: as soon as it is approved."))
    wanted_time = forms.TimeField(
        label=_("at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Write the time like 08:30.")},
    )
    is_must_read = forms.BooleanField(
        label=_("Workers are asked to acknowledge that they have read it"), required=False
    )
    files = UploadsField(label=_("Attachments and pictures"), required=False)

    NOTICE = ("about", "notice_basis", "workdays", "accepted_by", "contact")
    PROCESS = ("basis", "method", "objections_heard")

    def __init__(self, *args, item, units, least_days, least_workdays=1, today=None, held=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.held = list(held)
        for row in self.held:
            self.fields[f"caption_{row.pk}"] = CleanCharField(
                label=_("What “%(name)s” shows or holds") % {"name": row.file.name},
                max_length=80,
                required=False,
                initial=row.caption,
                help_text=_("A picture needs it: it is read out to whoever cannot see the picture.")
                if row.is_picture
                else _("Shown beside the file."),
            )
            self.fields[f"caption_{row.pk}"].is_conditional = row.is_picture
        self.item, self.least_days, self.least_workdays, self.today = item, least_days, least_workdays, today
        if not item.is_notice:
            for name in self.NOTICE:
                del self.fields[name]
        else:
            self.fields["accepted_by"].offer(units)
            self.fields["display_days"].required = False
            del self.fields["display_days"]
        if item.is_vital:
            # A draft may still lack them; what is handed on may not (domain.md 7.1, D2).
            self.use_hints_of(**PROCESS_HINTS)
            for name in self.PROCESS:
                self.fields[name].is_conditional = True
        self.use_hints_of(
            **({"display_days": _("At least %(days)d days.") % {"days": least_days}} if not item.is_notice else {})
        )

    def clean_display_days(self):
        days = self.cleaned_data["display_days"]
        if days < self.least_days:
            raise ValidationError(
                _("A text of this item is shown for at least %(days)d days."), params={"days": self.least_days}
            )
        return days

    def clean_workdays(self):
        days = self.cleaned_data["workdays"]
        if days < self.least_workdays:
            raise ValidationError(
                _("The notice of this item lasts at least %(days)d working days."), params={"days": self.least_workdays}
            )
        return days

    def clean_wanted_on(self):
        day = self.cleaned_data["wanted_on"]
        if day is not None and self.today is not None and day < self.today:
            raise ValidationError(_("This day has passed. Choose today or a later day, or leave it empty."))
        return day

    def captions(self):
        """Return {key of an attachment that hangs there: what it shows}."""
        return {row.pk: self.cleaned_data[f"caption_{row.pk}"] for row in self.held}

    def wanted_at(self):
        """Return the moment at which it is to appear, or None for at once."""
        day = self.cleaned_data.get("wanted_on")
        if day is None:
            return None
        time = self.cleaned_data.get("wanted_time") or dt.time(8)
        return dt.datetime.combine(day, time, tzinfo=LOCAL).astimezone(dt.UTC)


class SignForm(PortalForm):
    """A signature, or the way back: which button was pressed decides."""

    note = CleanCharField(
        label=_("Remark"),
        max_length=300,
        required=False,
        help_text=_("Needed when you send it back; printed on the slip."),
    )
    verdict = forms.ChoiceField(choices=[("sign", ""), ("back", "")], widget=forms.HiddenInput, required=False)

    @property
    def is_granted(self):
        """Whether it is signed; anything but the button for back is."""
        return self.data.get("verdict") != "back"

    def clean(self):
        cleaned = super().clean()
        if not self.is_granted and not cleaned.get("note"):
            self.add_error("note", ValidationError(_("Please say what must be changed.")))
        return cleaned


class ForceForm(PortalForm):
    reason = CleanCharField(
        label=_("Why can it not wait?"),
        max_length=300,
        min_length=4,
        help_text=_("Shown with the text to everybody, counted, and checked afterwards."),
    )


class EventForm(StartForm):
    """Something happened that must be disclosed."""

    event = CleanCharField(
        label=_("What happened"),
        max_length=120,
        min_length=2,
        help_text=_("In a few words that everybody may read; no names."),
    )
    event_on = DayField(label=_("Day on which it happened"), help_text=_("The working days are counted from this day."))

    def __init__(self, *args, assignments, today, **kwargs):
        super().__init__(*args, assignments=assignments, **kwargs)
        self.fields["event_on"].latest = today
        self.fields["event_on"].earliest = today - dt.timedelta(days=366)
