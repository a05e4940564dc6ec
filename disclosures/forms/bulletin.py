"""Compiling the bulletin: its head, what is ticked, texts of its own, the chair's remark."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.forms.fields import UnitField
from portal.kernel.days import local_day
from portal.kernel.forms import CleanCharField, CleanTextField, DayField, IdempotencyMixin, PortalForm
from portal.kernel.richtext.fields import RichTextField

LONGEST_PERIOD = 370
LEAD_MAX = 4000
TEXT_MAX = 20_000


class IssueForm(IdempotencyMixin, PortalForm):
    """The head of an issue: whose, about which days, with which words before it."""

    unit = UnitField(label=_("Union of"), empty_label=_("choose"))
    title = CleanCharField(
        label=_("Title"), max_length=80, help_text=_("What this issue is about, such as “Answers of March”.")
    )
    since = DayField(label=_("Looks back from"))
    until = DayField(label=_("to"))
    lead = RichTextField(label=_("Editorial"), max_length=LEAD_MAX, rows=6, required=False)
    report_to = CleanCharField(
        label=_("Reported to"), max_length=200, required=False, help_text=_("Offices above, as on paper: 报送.")
    )
    send_to = CleanCharField(
        label=_("Sent to"), max_length=200, required=False, help_text=_("Offices beside and below: 发送.")
    )

    def __init__(self, *args, units=(), at=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at
        if units:
            self.fields["unit"].offer(units)
        else:
            del self.fields["unit"]  # an issue stays with its unit

    def clean(self):
        values = super().clean()
        since, until = values.get("since"), values.get("until")
        if since and until:
            if until < since:
                self.add_error("until", ValidationError(_("The last day lies before the first.")))
            elif until - since > dt.timedelta(days=LONGEST_PERIOD):
                self.add_error("until", ValidationError(_("An issue looks back on a year at most.")))
            elif self.at is not None and since > local_day(self.at):
                self.add_error("since", ValidationError(_("An issue looks back; this day is still to come.")))
        return values


class ChooseForm(PortalForm):
    """What is put into an issue: ticked answers, disclosures, and the figures of the period."""

    replies = forms.TypedMultipleChoiceField(label=_("Answers"), required=False)
    publications = forms.TypedMultipleChoiceField(label=_("Disclosures"), required=False)
    figures = forms.BooleanField(label=_("Figures of the period"), required=False)

    def __init__(self, *args, replies, publications, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["replies"].choices = [(str(row.pk), row.inquiry.number) for row in replies]
        self.fields["publications"].choices = [(str(row.pk), row.number) for row in publications]

    def clean(self):
        values = super().clean()
        if not self.errors and not any(values.values()):
            self.add_error("replies", ValidationError(_("Tick what is to stand in this issue.")))
        return values


class OwnTextForm(PortalForm):
    """A text of the union's own."""

    heading = CleanCharField(label=_("Heading"), max_length=80)
    text = RichTextField(label=_("Text"), max_length=TEXT_MAX, rows=10)


class IssueBackForm(PortalForm):
    """What must be changed before an issue can be issued."""

    note = CleanTextField(label=_("What must be changed"), max_length=300, rows=3)

    def __init__(self, *args, is_own, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].required = not is_own
