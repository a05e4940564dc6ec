"""A paper card, typed in by the union on behalf of who wrote it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.files.forms import UploadsField
from portal.kernel.forms import ChoiceCards, CleanCharField, CleanTextField, DayField, IdempotencyMixin, PortalForm

from ..enums import IdentityMode, InquiryKind, Topic
from ..validators import BODY_MAX
from .fields import JobNumberField, UnitField

MODE_ABOUT = {
    IdentityMode.NAMED: _("The card is signed, and the author does not mind being known to those who handle it."),
    IdentityMode.CONFIDENTIAL: _(
        "The card is signed, and the name is for the union only: it is sealed as soon as you send."
    ),
    IdentityMode.ANONYMOUS: _("No name on the card, or the author wants none kept."),
}
MODE_ICONS = {IdentityMode.NAMED: "user", IdentityMode.CONFIDENTIAL: "lock", IdentityMode.ANONYMOUS: "user-x"}


class PaperCardForm(IdempotencyMixin, PortalForm):
    """A card on paper: its own day counts, whenever it is typed in."""

    paper_on = DayField(
        label=_("Day on which the card was received"),
        help_text=_("The thirty days count from this day. Both days are kept and shown."),
    )
    unit = UnitField(label=_("Unit concerned"), empty_label=_("choose a unit"))
    kind = forms.ChoiceField(label=_("Kind"), choices=InquiryKind.choices)
    topic = forms.ChoiceField(label=_("Topic"), choices=Topic.choices)
    subject = CleanCharField(label=_("Subject"), max_length=60)
    body = CleanTextField(
        label=_("What happened"),
        max_length=BODY_MAX,
        rows=8,
        help_text=_("Word for word as on the card; edit for others when you register it."),
    )
    suggestion = CleanTextField(label=_("What is suggested"), max_length=BODY_MAX, rows=4, required=False)
    scans = UploadsField(label=_("Scan or photo of the card"), required=False, max_files=3)
    identity_mode = forms.ChoiceField(
        label=_("Author"), choices=IdentityMode.choices, widget=ChoiceCards(about=MODE_ABOUT, icons=MODE_ICONS)
    )
    author = JobNumberField(
        label=_("Author's job number"), required=False, help_text=_("Leave empty for an anonymous card.")
    )
    may_publish = forms.BooleanField(label=_("The author agrees that the text is published"), required=False)
    is_about_cadre = forms.BooleanField(
        label=_("It accuses a named cadre of a breach of discipline"),
        required=False,
        help_text=_("The card then goes straight to discipline inspection and leaves your sight."),
    )

    def __init__(self, *args, units, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)
        self.fields["paper_on"].latest = today

    def clean(self):
        cleaned = super().clean()
        mode = cleaned.get("identity_mode")
        if "author" not in self.errors:
            if mode == IdentityMode.ANONYMOUS and cleaned.get("author"):
                self.add_error("author", _("An anonymous card has no author: leave the job number out."))
            elif mode and mode != IdentityMode.ANONYMOUS and not cleaned.get("author"):
                self.add_error("author", _("Give the job number, or take the card in as anonymous."))
        return cleaned
