"""Filters of the inbox and the outbox, and the form of a group bot."""

import ipaddress
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Unit
from portal.kernel.forms import CleanCharField, CodeField, PortalForm

from .models import Bot, DispatchState
from .registry import known_kinds


class InboxFilterForm(PortalForm):
    """Which notices to show."""

    show = forms.ChoiceField(label=_("Show"), choices=[("", _("all")), ("unread", _("unread only"))], required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Kinds that are called alike, such as all of a consultation, are one choice, named by the first of them.
        self._alike = {}
        for code, kind in known_kinds().items():
            if kind.label:
                self._alike.setdefault(str(kind.label), []).append(code)
        named = [(codes[0], label) for label, codes in self._alike.items()]
        self.fields["kind"].choices = [("", _("all")), *named]

    def clean_kind(self):
        """Return the kinds that are meant; none for all."""
        chosen = self.cleaned_data["kind"]
        return next((codes for codes in self._alike.values() if codes[0] == chosen), [])


class OutboxFilterForm(PortalForm):
    """Which dispatches to show."""

    state = forms.ChoiceField(label=_("State"), choices=[("", _("all")), *DispatchState.choices], required=False)


class BotForm(PortalForm):
    """A group bot: for which unit, of which product, and where its messages go."""

    unit = CodeField(label=_("Unit code"), max_length=20)
    channel = forms.ChoiceField(label=_("Product"), choices=Bot._meta.get_field("channel").choices)
    name = CleanCharField(label=_("Name"), max_length=40)
    address = CleanCharField(
        label=_("Webhook address"),
        max_length=300,
        help_text=_("Begins with https://; copied from the group's settings."),
    )
    secret = CleanCharField(
        label=_("Signing secret"),
        max_length=120,
        required=False,
        help_text=_("For DingTalk groups that ask for a signature."),
    )

    def clean_unit(self):
        """Return the unit of the code typed."""
        unit = Unit.objects.active().filter(code__iexact=self.cleaned_data["unit"]).first()
        if unit is None:
            raise forms.ValidationError(_("There is no unit with this code."))
        return unit

    def clean_address(self):
        """Return an https address of a named host outside; a bot must not become a way into the plant's network."""
        typed = self.cleaned_data["address"]
        if not typed:
            return typed
        fault = forms.ValidationError(_("This is no https address of a named host."))
        try:
            parts = urlsplit(typed)
            host = parts.hostname or ""
            has_port = parts.port not in (None, 443)
        except ValueError as error:
            raise fault from error
        if (
            parts.scheme != "https"
            or "." not in host
            or has_port
            or parts.username
            or not typed.isascii()
            or " " in typed
        ):
            raise fault
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return typed
        raise fault


class ChangeBotForm(BotForm):
    """The same without what cannot change; address and secret are never shown again, empty keeps them."""

    unit = channel = None
    field_order = ("name", "address", "secret")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["address"].required = False
        self.fields["address"].help_text = _("Leave empty to keep the address it has.")
        self.fields["secret"].help_text = _("Leave empty to keep the secret it has.")
