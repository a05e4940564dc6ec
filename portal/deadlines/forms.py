"""Forms of this floor; they clean and never save."""

import datetime as dt

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import CleanCharField, CleanTextField, DescribedRadios, PortalForm, WholeNumberField

from .calendar import Edition
from .calendar_files import read_calendar_file
from .clock import EXTENSION_CAP

SALT = "portal.deadlines.calendar"


class ReadCalendarForm(PortalForm):
    """A file with one year's days, and the number of the notice it comes from."""

    file = forms.FileField(
        label=_("File with the year's days"),
        help_text=_(
            "Columns: day, worked (yes or no), holiday. .xlsx, .csv or .json;"
            " only days that differ from Monday to Friday are needed."
        ),
    )
    notice_no = CleanCharField(
        label=_("Number of the State Council notice"),
        max_length=60,
        help_text=_("As printed on the notice, such as 国办发明电〔2025〕7号."),
    )

    def clean_file(self):
        """Read the file and keep what it says as ``reading``."""
        file = self.cleaned_data["file"]
        self.reading = read_calendar_file(file.name, file.read(600 * 1024))
        if self.reading.faults:
            raise forms.ValidationError(self.reading.faults)
        return file

    def packed(self):
        """Return what was read, signed, for the button of the preview."""
        reading = self.reading
        days = {"off": _iso(reading.days_off), "on": _iso(reading.days_on)}
        return signing.dumps(
            {"year": reading.year, "notice_no": self.cleaned_data["notice_no"], **days}, salt=SALT, compress=True
        )

    def edition(self, number):
        """Return what was read as the edition it would become."""
        reading = self.reading
        return Edition(reading.year, number, reading.days_off, reading.days_on, self.cleaned_data["notice_no"])


class ImportCalendarForm(PortalForm):
    """The button of the preview: what was read, as it was signed."""

    packed = forms.CharField(widget=forms.HiddenInput, max_length=40_000)

    def clean_packed(self):
        """Return {year, notice_no, off, on} as read before."""
        try:
            read = signing.loads(self.cleaned_data["packed"], salt=SALT, max_age=3600)
        except signing.BadSignature as error:
            raise forms.ValidationError(
                _("The preview is older than an hour. Please choose the file again.")
            ) from error
        for key in ("off", "on"):
            read[key] = {dt.date.fromisoformat(day): name for day, name in read[key].items()}
        return read


class AskExtensionForm(PortalForm):
    """How many more days, and why; the reason is public."""

    days = WholeNumberField(
        label=_("Days more"), min_value=1, max_value=EXTENSION_CAP, help_text=_("1 to 30 calendar days, once.")
    )
    reason = CleanTextField(
        label=_("Reason"),
        max_length=300,
        rows=4,
        help_text=_("The sender and everybody who reads the matter will see this reason."),
    )


class DecideExtensionForm(PortalForm):
    """Yes or no, with a note; a no must say why."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("grant", _("Grant the extension")), ("refuse", _("Refuse: the due day stays"))],
        widget=DescribedRadios,
    )
    note = CleanTextField(
        label=_("Note"), max_length=300, rows=3, required=False, help_text=_("Public. Needed when you refuse.")
    )

    def clean(self):
        """Ask for the why of a no."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "refuse" and not cleaned.get("note"):
            self.add_error("note", _("Say why the extension is refused."))
        return cleaned


class ResumeClockForm(PortalForm):
    """What happened to the clock of the machine."""

    reason = CleanTextField(
        label=_("What happened to the clock?"),
        max_length=300,
        rows=3,
        help_text=_("Check first that the time shown above is right."),
    )


def _iso(days):
    return {day.isoformat(): name for day, name in days.items()}
