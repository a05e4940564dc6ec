"""The questions of a card, one form for each screen; the same for signed-in and anonymous writers."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Unit
from portal.files.forms import UploadsField
from portal.kernel.forms import CleanCharField, CleanTextField, PortalForm
from portal.kernel.keeping import remembered
from portal.kernel.texts import clean_line

from ..enums import IdentityMode, InquiryKind, Topic
from ..validators import BODY_MAX

MAX_PHOTOS = 3
INDENT = "　"

KIND_ABOUT = {
    InquiryKind.SUGGESTION: _("I have an idea how to do something better."),
    InquiryKind.QUESTION: _("I want to know how something is decided or done."),
    InquiryKind.COMPLAINT: _("Something is wrong and should be put right."),
    InquiryKind.HELP: _("I or a colleague am in difficulty and need support."),
    InquiryKind.RETALIATION: _(
        "Somebody was made to suffer for having spoken up."
        " Goes straight to discipline inspection and to the union one level up."
    ),
}
KIND_ICONS = {
    InquiryKind.SUGGESTION: "lightbulb",
    InquiryKind.QUESTION: "circle-question-mark",
    InquiryKind.COMPLAINT: "message-square-warning",
    InquiryKind.HELP: "heart-handshake",
    InquiryKind.RETALIATION: "shield-alert",
}
TOPIC_ICONS = {
    Topic.SAFETY: "hard-hat",
    Topic.PAY: "wallet",
    Topic.LIVING: "utensils",
    Topic.PRODUCTION: "factory",
    Topic.TRAINING: "graduation-cap",
    Topic.RULES: "clipboard-list",
    Topic.CONDUCT: "scale",
    Topic.OTHER: "ellipsis",
}
MODE_ICONS = {
    IdentityMode.NAMED: "user-round",
    IdentityMode.CONFIDENTIAL: "lock-keyhole",
    IdentityMode.ANONYMOUS: "eye-off",
}


UNITS_SECONDS = 15  # a unit that has just been closed may still be named for as long


def _active_units():
    return list(Unit.objects.active().order_by("path"))


def unit_choices(units, first=None):
    """Return the units as groups for a select: each secondary unit or office with all that lies below it."""
    groups, heads = [], []
    for unit in units:
        if unit.depth <= 1:
            heads.append((unit.code, unit.name))
        elif unit.depth == 2 or not groups:
            groups.append((unit.name, [(unit.code, unit.name)]))
        else:
            groups[-1][1].append((unit.code, f"{INDENT * (unit.depth - 2)}{unit.name}"))
    return ([("", first)] if first else []) + heads + groups


class UnitField(forms.ChoiceField):
    """A unit in use, chosen from the tree without script; cleans to the Unit, or None when it may be left open."""

    default_error_messages = {"invalid_choice": _("Please choose a unit of the list.")}

    def __init__(self, *, first=_("Please choose"), **kwargs):
        super().__init__(**kwargs)
        self.first = first
        self.units = {}

    def offer(self, units):
        """Set the units to choose from, in the order of the tree."""
        self.units = {unit.code: unit for unit in units}
        self.choices = unit_choices(self.units.values(), self.first)

    def to_python(self, value):
        return clean_line(str(value)) if value not in self.empty_values else ""

    def clean(self, value):
        code = super().clean(value)
        return self.units[code] if code else None


class KindForm(PortalForm):
    kind = forms.ChoiceField(label=_("What do you want to send?"), choices=InquiryKind.choices)


class TopicForm(PortalForm):
    topic = forms.ChoiceField(label=_("What is it about?"), choices=Topic.choices)


class PlaceForm(PortalForm):
    unit = UnitField(label=_("Which unit does it concern?"))
    is_about_cadre = forms.BooleanField(
        label=_("It is about a particular cadre"),
        required=False,
        help_text=_(
            "Then discipline inspection handles it, and neither that cadre nor the unit can see it."
            " Its text is never published."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(remembered("card:units", _active_units, seconds=UNITS_SECONDS))


class WordsForm(PortalForm):
    subject = CleanCharField(
        label=_("In one sentence"), max_length=60, help_text=_("For example: no hot meal on the night shift")
    )
    body = CleanTextField(
        label=_("What happened?"),
        max_length=BODY_MAX,
        rows=8,
        help_text=_("When, where, what you saw and whom it concerns. Write as you would tell a colleague."),
    )
    suggestion = CleanTextField(label=_("What do you suggest?"), max_length=500, rows=4, required=False)
    files = UploadsField(label=_("Photos and documents"), required=False)

    def clean_files(self):
        """
        Return the files, photos among them up to MAX_PHOTOS.

        :raises ValidationError: when there are more photos.
        """
        files = self.cleaned_data["files"]
        if sum(file.is_image for file in files) > MAX_PHOTOS:
            raise ValidationError(
                _("Up to %(limit)d photos, please. Remove the others."), params={"limit": MAX_PHOTOS}, code="photos"
            )
        return files


class ModeForm(PortalForm):
    """How a signed-in writer wants to be known; the third way leads to the anonymous pages."""

    mode = forms.ChoiceField(
        label=_("Who may know that it was you?"),
        choices=[(mode.value, mode.label) for mode in (IdentityMode.NAMED, IdentityMode.CONFIDENTIAL)],
    )


class CheckForm(PortalForm):
    """What is decided on the last page, beside all answers."""

    may_publish = forms.BooleanField(
        label=_("My text may be published"),
        required=False,
        initial=True,
        help_text=_(
            "The union takes out names and private matters first. Number, unit and clock are public in any case."
        ),
    )
