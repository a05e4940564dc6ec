"""Forms of the rare acts: redacting, hiding, revealing, and the union's identity key."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import CleanCharField, CleanTextField, DescribedRadios, PortalForm

from ..enums import HidingReason, RedactionReason
from ..validators import BODY_MAX

LEAST_PASSPHRASE = 12
HIDING_ABOUT = {
    HidingReason.PRIVACY: _("It tells of the health, family or other private life of somebody."),
    HidingReason.SECRECY: _("It contains business or work secrets."),
    HidingReason.INSULT: _("It insults or slanders somebody."),
    HidingReason.SAFETY: _("To be read in public would put the author in danger."),
}


class RedactForm(PortalForm):
    """Change the text that others read."""

    public_subject = CleanCharField(label=_("Subject that others read"), max_length=60)
    public_body = CleanTextField(label=_("What happened"), max_length=BODY_MAX, rows=8)
    public_suggestion = CleanTextField(label=_("What is suggested"), max_length=BODY_MAX, rows=4, required=False)
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=RedactionReason.choices,
        widget=DescribedRadios,
        help_text=_("Everybody reads which reason it was."),
    )

    def texts(self):
        """Return the texts as the operation takes them."""
        return {name: self.cleaned_data[name] for name in ("public_subject", "public_body", "public_suggestion")}


class AskHidingForm(PortalForm):
    """Ask that a matter be hidden."""

    reason_class = forms.ChoiceField(
        label=_("Reason that everybody reads"), choices=HidingReason.choices, widget=DescribedRadios(about=HIDING_ABOUT)
    )
    reason = CleanTextField(label=_("Why, for the second person"), max_length=300, rows=4)


class DecideHidingForm(PortalForm):
    """Agree to hide, or not."""

    decision = forms.ChoiceField(
        label=_("Your decision"), choices=[("yes", _("hide it")), ("no", _("leave it public"))], widget=DescribedRadios
    )

    @property
    def is_granted(self):
        return self.cleaned_data["decision"] == "yes"


def _secret(label, **kwargs):
    # What was typed is never sent back to the page: after a fault it is typed again.
    return forms.CharField(
        label=label, strip=False, max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "off"}), **kwargs
    )


def check_passphrase(value):
    """Refuse a passphrase that could be guessed: it protects names against whoever holds a copy of the database."""
    if len(value) < LEAST_PASSPHRASE:
        raise ValidationError(
            _("At least %(least)d characters; a sentence of several words is easiest to keep."),
            params={"least": LEAST_PASSPHRASE},
        )
    if len(set(value)) < 6 or re.fullmatch(r"[0-9\s\-]+", value):
        raise ValidationError(_("Only digits, or few different characters, are guessed quickly. Take several words."))


class _NoNul(PortalForm):
    def clean(self):
        cleaned = super().clean()
        for name, value in cleaned.items():
            if isinstance(value, str):
                try:
                    value.encode()
                except UnicodeEncodeError:
                    self.add_error(name, _("This contains characters that cannot be typed again."))
        return cleaned


class RevealForm(_NoNul):
    """Open an identity: the passphrase, and a reason that the author reads."""

    reason = CleanTextField(
        label=_("Reason"),
        max_length=300,
        rows=3,
        help_text=_("The author reads your name, today's date and this reason."),
    )
    passphrase = _secret(_("Passphrase of the union office"))


class MakeKeyForm(_NoNul):
    """A new identity key under a passphrase."""

    passphrase = _secret(
        _("Passphrase"),
        validators=[check_passphrase],
        help_text=_("Twelve characters or more; several words in Chinese are best. It is stored nowhere."),
    )
    again = _secret(_("Passphrase once more"))

    def clean(self):
        cleaned = super().clean()
        if not self.errors and cleaned["passphrase"] != cleaned["again"]:
            self.add_error("again", _("The two are not the same."))
        return cleaned


class ChangePassphraseForm(MakeKeyForm):
    """Another passphrase for the same key."""

    old = _secret(_("Present passphrase"))
    field_order = ("old", "passphrase", "again")
