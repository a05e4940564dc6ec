"""Forms of the reply: drafting, sending back, delivering one or several."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.files.forms import UploadsField
from portal.kernel.forms import ChoiceCards, CleanCharField, CleanTextField, DayField, PortalForm

from ..enums import DeliveryChannel, InquiryKind, Outcome
from ..models import ReplyTemplate
from ..validators import REPLY_MAX, check_reply_text, far_away
from .fields import UnitField

OUTCOME_ABOUT = {
    Outcome.SOLVED: _("What was asked for has been done, or the question is fully answered."),
    Outcome.PLANNED: _("It will be done by a day. On that day the matter comes back to you until you report."),
    Outcome.LATER: _("It cannot be done now, for the reason you give. On the day you name it is looked at again."),
    Outcome.REFERENCE: _("Nothing will be done, for the reason you give; the suggestion is kept."),
}
OUTCOME_ICONS = {
    Outcome.SOLVED: "circle-check",
    Outcome.PLANNED: "calendar-check",
    Outcome.LATER: "hourglass",
    Outcome.REFERENCE: "archive",
}
CHANNEL_ABOUT = {
    DeliveryChannel.STAFF_MEETING: _("Read out at a general meeting of staff. Needs the place."),
    DeliveryChannel.DISPATCH_MEETING: _("Read out at a dispatch meeting. Needs the place."),
    DeliveryChannel.UNION_CHAIR_MEETING: _("Given at the regular meeting of union chairs. Needs the place."),
    DeliveryChannel.UNION_BULLETIN: _("Printed in the bulletin 《工会工作信息》. Needs the bulletin number."),
    DeliveryChannel.PORTAL: _("The author and, if published, everybody reads it here. Needs nothing more."),
    DeliveryChannel.PERSONAL: _("Told the author face to face. Needs the place."),
}


class ReplyForm(PortalForm):
    """
    The reply as it is written.

    Only what is sent for approval is checked; a draft may be anything.
    """

    text = CleanTextField(
        label=_("Reply to the author"),
        max_length=REPLY_MAX,
        rows=12,
        required=False,
        help_text=_("What was found, what has been or will be done, by whom and by when."),
    )
    measures = CleanTextField(
        label=_("Measures taken"),
        max_length=2000,
        rows=3,
        required=False,
        help_text=_("For the record and the yearly report; the author reads them too."),
    )
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=Outcome.choices,
        required=False,
        widget=ChoiceCards(about=OUTCOME_ABOUT, icons=OUTCOME_ICONS),
    )
    promised_on = DayField(label=_("Day on which it comes back"), required=False, help_text=_("Needed for B and C."))
    template = forms.ModelChoiceField(
        label=_("Template"), queryset=ReplyTemplate.objects.none(), required=False, empty_label=_("no template")
    )
    files = UploadsField(label=_("Photos and documents"), required=False)
    base = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, templates, is_sending=False, least=20, longest=366, today=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = templates
        self.is_sending, self.least, self.longest, self.today = is_sending, least, longest, today
        if not self.is_bound:
            self.fields["text"].required = self.fields["outcome"].required = True

    def full_clean(self):
        super().full_clean()
        # Shown with the mark of what must be filled, though a draft may do without.
        self.fields["text"].required = self.fields["outcome"].required = True

    def clean(self):
        cleaned = super().clean()
        if not self.is_sending:
            return cleaned
        template = cleaned.get("template")
        if "text" not in self.errors:
            try:
                check_reply_text(
                    cleaned.get("text", ""), least=self.least, template_text=template.text if template else ""
                )
            except ValidationError as error:
                self.add_error("text", error)
        outcome, promised_on = cleaned.get("outcome"), cleaned.get("promised_on")
        if not outcome and "outcome" not in self.errors:
            self.add_error("outcome", _("Choose what came of it: A, B, C or D."))
        needs_day = outcome in (Outcome.PLANNED, Outcome.LATER) and "promised_on" not in self.errors
        if needs_day and (promised_on is None or promised_on <= self.today):
            self.add_error(
                "promised_on", _("Outcomes B and C need a day in the future on which the matter comes back.")
            )
        elif needs_day and (promised_on - self.today).days > self.longest:
            self.add_error("promised_on", far_away(self.longest))
        return cleaned

    def content(self):
        """Return what the operations take of the form."""
        return {
            name: self.cleaned_data.get(name) for name in ("text", "measures", "outcome", "promised_on", "template")
        } | {
            "text": self.cleaned_data.get("text") or "",
            "measures": self.cleaned_data.get("measures") or "",
            "outcome": self.cleaned_data.get("outcome") or "",
        }


class SendBackForm(PortalForm):
    """Why a draft goes back."""

    note = CleanTextField(label=_("What has to be changed"), max_length=300, rows=4)


class DeliverForm(PortalForm):
    """The proof of a delivery: by which channel, on which day, where."""

    channel = forms.ChoiceField(
        label=_("How the workers got the answer"),
        choices=DeliveryChannel.choices,
        widget=ChoiceCards(about=CHANNEL_ABOUT),
    )
    delivered_on = DayField(label=_("On which day"))
    place = CleanCharField(
        label=_("Place"),
        max_length=80,
        required=False,
        help_text=_("Such as: No. 2 meeting room, ethylene plant. Needed for meetings and in person."),
    )
    bulletin_no = CleanCharField(
        label=_("Bulletin number"),
        max_length=40,
        required=False,
        help_text=_("Such as: 2026 No. 11. Needed for the bulletin."),
    )

    def __init__(self, *args, today, approved_on=None, channels=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].is_conditional = self.fields["bulletin_no"].is_conditional = True
        self.fields["delivered_on"].latest = today
        if approved_on is not None:
            self.fields["delivered_on"].earliest = approved_on
        if channels is not None:
            self.fields["channel"].choices = [
                (code, label) for code, label in DeliveryChannel.choices if code in channels
            ]

    def clean(self):
        cleaned = super().clean()
        channel = cleaned.get("channel")
        if (
            channel == DeliveryChannel.UNION_BULLETIN
            and not cleaned.get("bulletin_no")
            and "bulletin_no" not in self.errors
        ):
            self.add_error("bulletin_no", _("Give the number of the bulletin."))
        needs_place = channel and channel not in (DeliveryChannel.UNION_BULLETIN, DeliveryChannel.PORTAL)
        if needs_place and not cleaned.get("place") and "place" not in self.errors:
            self.add_error("place", _("Say where it was."))
        return cleaned


class DeliverManyForm(DeliverForm):
    """One delivery of several replies, as at a meeting."""

    numbers = forms.MultipleChoiceField(
        label=_("Replies delivered"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one reply.")},
    )
    field_order = ("numbers", "channel", "delivered_on", "place", "bulletin_no")

    def __init__(self, *args, offered, **kwargs):
        """``offered``: (number, label) of the approved replies."""
        super().__init__(*args, **kwargs)
        self.fields["numbers"].choices = offered


class TemplateForm(PortalForm):
    """A frame for replies."""

    title = CleanCharField(label=_("Title"), max_length=40)
    kind = forms.ChoiceField(label=_("For"), choices=[("", _("all kinds")), *InquiryKind.choices], required=False)
    unit = UnitField(label=_("Offered to"), required=False)
    text = CleanTextField(
        label=_("Text"),
        max_length=REPLY_MAX,
        rows=14,
        help_text=_("Put what differs from case to case between 【 and 】: a reply with open blanks cannot be sent."),
    )

    def __init__(self, *args, units, may_all, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].empty_label = _("all departments")
        self.fields["unit"].offer(units)
        if not may_all:
            self.fields["unit"].required = True
            self.fields["unit"].choices = self.fields["unit"].choices[1:]
