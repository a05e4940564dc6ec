"""Display boards: the board, its playlists, what is pinned, what interrupts it."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.forms.fields import UnitField
from portal.kernel.days import LOCAL
from portal.kernel.forms import (
    CleanCharField,
    CleanTextField,
    DayField,
    DescribedRadios,
    IdempotencyMixin,
    PortalForm,
    WholeNumberField,
)

from ..board_cards import board_cards
from ..dayparts import bits_of, weekdays_of
from ..enums import Orientation, Section
from ..models import Publication
from ..models.boards import LEAST_SECONDS, MOST_SECONDS
from ..queries import publication_by_number

WEEKDAYS = (
    ("0", _("Monday")),
    ("1", _("Tuesday")),
    ("2", _("Wednesday")),
    ("3", _("Thursday")),
    ("4", _("Friday")),
    ("5", _("Saturday")),
    ("6", _("Sunday")),
)
TIME_INPUT = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
TIME_FORMATS = ("%H:%M", "%H:%M:%S")


class BoardForm(PortalForm):
    """What a board is called, where it hangs and how fast it goes on."""

    name = CleanCharField(label=_("Name"), max_length=40, min_length=2, help_text=_("As people at the place call it."))
    place = CleanCharField(
        label=_("Place"),
        max_length=80,
        min_length=2,
        help_text=_("Where everybody passes: gate, canteen, changing room."),
    )
    orientation = forms.ChoiceField(label=_("Orientation"), choices=Orientation.choices, widget=DescribedRadios)
    seconds = WholeNumberField(
        label=_("Seconds for each card"),
        min_value=LEAST_SECONDS,
        max_value=MOST_SECONDS,
        initial=15,
        help_text=_("12 to 20; long texts are cut into several cards."),
    )

    def values(self):
        """Return what the operation takes."""
        return {name: self.cleaned_data[name] for name in ("name", "place", "orientation", "seconds")}


class PlaylistForm(PortalForm):
    """What a board shows by rule, on which days and at which hours."""

    title = CleanCharField(label=_("Name of the playlist"), max_length=40, initial=_("All day"))
    weekdays = forms.MultipleChoiceField(
        label=_("Days of the week"),
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        initial=[code for code, _day in WEEKDAYS],
    )
    begins = forms.TimeField(label=_("Begins at"), widget=TIME_INPUT, input_formats=TIME_FORMATS, initial=dt.time(7))
    ends = forms.TimeField(
        label=_("Ends at"),
        widget=TIME_INPUT,
        input_formats=TIME_FORMATS,
        initial=dt.time(22),
        help_text=_("Earlier than the beginning: past midnight. The same as the beginning: the whole day."),
    )
    takes_screen = forms.BooleanField(
        label=_("Texts whose catalogue item names the electronic display board"), required=False, initial=True
    )
    takes_notices = forms.BooleanField(label=_("All public notices"), required=False, initial=True)
    sections = forms.MultipleChoiceField(
        label=_("All texts of these categories"),
        choices=[(code, f"{code} {label}") for code, label in Section.choices],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    takes_above = forms.BooleanField(
        label=_("Also texts of the units above, such as the enterprise"), required=False, initial=True
    )
    takes_below = forms.BooleanField(label=_("Also texts of the units below"), required=False)
    cards = forms.MultipleChoiceField(
        label=_("Between the texts"), widget=forms.CheckboxSelectMultiple, required=False, choices=()
    )
    place_in_order = WholeNumberField(label=_("Order among the playlists"), min_value=1, max_value=99, initial=1)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offered = [(card.code, card.label) for card in board_cards()]
        self.fields["cards"].choices = offered
        self.fields["cards"].initial = [code for code, _label in offered]

    @staticmethod
    def initial_of(playlist):
        """Return what the form shows of a playlist."""
        same = ("begins", "ends", "takes_screen", "takes_notices", "sections", "takes_above", "takes_below", "cards")
        return {name: getattr(playlist, name) for name in same} | {
            "title": playlist.name,
            "place_in_order": playlist.place,
            "weekdays": [str(day) for day in weekdays_of(playlist.weekdays)],
        }

    def playlist(self):
        """Return what the operation takes."""
        data = self.cleaned_data
        same = ("begins", "ends", "takes_screen", "takes_notices", "sections", "takes_above", "takes_below", "cards")
        return {name: data[name] for name in same} | {
            "name": data["title"],
            "place": data["place_in_order"],
            "weekdays": bits_of(int(day) for day in data["weekdays"]),
        }


class AddBoardForm(BoardForm, PlaylistForm):
    """A new board with its first playlist."""

    unit = UnitField(label=_("Unit"), empty_label=_("choose"))
    field_order = ("unit", "name", "place", "orientation", "seconds")

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)
        del self.fields["place_in_order"]

    def playlist(self):
        self.cleaned_data["place_in_order"] = 1
        return super().playlist()


class TextNumberField(CleanCharField):
    """A published text by its number, such as 2026-0042; cleans to the Publication, or None when left empty."""

    default_error_messages = {"unknown": _("There is no text with this number.")}

    def clean(self, value):
        number = super().clean(value)
        if not number:
            return None
        year, dash, serial = number.partition("-")
        if not (dash and all(part.isascii() and part.isdigit() and len(part) <= 9 for part in (year, serial))):
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        publication = publication_by_number(number, Publication.objects.numbered().select_related("unit", "item"))
        if publication is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return publication

    def prepare_value(self, value):
        return getattr(value, "number", value)


class PinForm(PortalForm):
    """A text put on a playlist for some days."""

    playlist = forms.ChoiceField(label=_("Board and playlist"))
    text = TextNumberField(label=_("Number of the text"), max_length=14, help_text=_("Such as 2026-0042."))
    since = DayField(label=_("First day"))
    until = DayField(
        label=_("Last day"), required=False, help_text=_("Leave empty for as long as the text is on show.")
    )
    order = WholeNumberField(label=_("Order"), min_value=1, max_value=99, initial=1)

    def __init__(self, *args, playlists, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_key = {str(row.pk): row for row in playlists}
        groups = {}
        for key, row in self.by_key.items():
            groups.setdefault(f"{row.board.unit.name} {row.board.name}", []).append((key, row.name))
        self.fields["playlist"].choices = [("", _("choose")), *groups.items()]

    def clean_playlist(self):
        return self.by_key[self.cleaned_data["playlist"]]

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", ValidationError(_("The last day lies before the first.")))
        return cleaned


class OverrideForm(IdempotencyMixin, PortalForm):
    """Something urgent, shown before and instead of everything else for some hours."""

    where = forms.ChoiceField(label=_("Shown where"), widget=DescribedRadios)
    title = CleanCharField(
        label=_("Heading"), max_length=40, required=False, help_text=_("Such as: Stop work at height.")
    )
    message = CleanTextField(
        label=_("Message"), max_length=300, rows=4, required=False, help_text=_("Short enough to be read in passing.")
    )
    text = TextNumberField(
        label=_("Or a published text, by its number"), max_length=14, required=False, help_text=_("Such as 2026-0042.")
    )
    hours = WholeNumberField(label=_("For how many hours"), min_value=1, initial=4)
    reason = CleanCharField(
        label=_("Why can it not wait?"), max_length=200, min_length=4, help_text=_("Kept with your name.")
    )

    def __init__(self, *args, places, longest, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hours"].max_value = longest
        self.use_hints_of(hours=_("At most %(hours)d.") % {"hours": longest})
        self.fields["where"].choices = places
        self.fields["where"].initial = places[0][0]

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if cleaned.get("text") is None:
            for name in ("title", "message"):
                if not cleaned.get(name):
                    self.add_error(name, ValidationError(_("Write heading and message, or name a published text.")))
        elif cleaned.get("message") or cleaned.get("title"):
            self.add_error("text", ValidationError(_("Either a message or a published text, not both.")))
        return cleaned

    def until(self, at):
        """Return the moment at which it ends."""
        return (at + dt.timedelta(hours=self.cleaned_data["hours"])).astimezone(LOCAL).replace(second=0, microsecond=0)
