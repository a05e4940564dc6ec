"""What people type about themselves, units, people, appointments and rules, as clean values."""

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import CodeField, PortalForm


class SecretField(forms.CharField):
    """A secret as typed: nothing is trimmed, and a mismatch shows nothing of it again."""

    def __init__(self, *, autocomplete="current-password", **kwargs):
        kwargs.setdefault("max_length", 200)
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, widget=widget, **kwargs)

    def clean(self, value):
        # NUL and lone surrogates can be in no secret; they are refused like any other wrong one, not with a crash.
        if isinstance(value, str) and any(ch == "\x00" or "\ud800" <= ch <= "\udfff" for ch in value):
            raise ValidationError(_("This contains characters that cannot be typed."))
        return super().clean(value)

    def widget_attrs(self, widget):
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class SignInForm(PortalForm):
    """Job number and secret."""

    job_no = CodeField(label=_("Job number"), max_length=40)
    password = SecretField(label=_("Password"))
    is_shared = forms.BooleanField(
        label=_("This is a shared computer or kiosk"), required=False, help_text=_("You will be signed out after 60 seconds without a click.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["job_no"].widget.attrs.update({"autocomplete": "username", "inputmode": "text"})


class ChangeSecretForm(PortalForm):
    """A new secret, typed twice; the old one first, unless it was printed and has just been typed."""

    old = SecretField(label=_("Present password"))
    new = SecretField(label=_("New password"), autocomplete="new-password", help_text=_("At least 8 characters, and not only digits of your job number."))
    again = SecretField(label=_("New password once more"), autocomplete="new-password")

    def __init__(self, *args, person, is_first, **kwargs):
        self.person = person
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["old"]

    def clean_old(self):
        """Refuse a wrong present secret."""
        old = self.cleaned_data["old"]
        if not self.person.check_password(old):
            raise ValidationError(_("The present password is not right."), code="wrong_secret")
        return old

    def clean_new(self):
        """Refuse a secret that is easily guessed, or the one used so far."""
        new = self.cleaned_data["new"]
        password_validation.validate_password(new, self.person)
        if self.person.check_password(new):
            raise ValidationError(_("Choose another password than the one used so far."))
        return new

    def clean(self):
        """Refuse two secrets that differ."""
        cleaned = super().clean()
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("The two new passwords differ."))
        return cleaned


class ProveForm(PortalForm):
    """The secret once more, before something that matters."""

    stepup_secret = SecretField(label=_("Password"))
    wrong_secret = _("The password is not right.")
