"""Opinions, objections and requests to disclose, with a name or without."""

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.enums import IdentityMode
from feedback.forms.fields import UnitField
from feedback.registrations import who_sees_name
from portal.kernel.forms import ChoiceCards, CleanCharField, CleanTextField, IdempotencyMixin, PortalForm

from ..enums import OpinionKind

BODY_MAX = 2000


class _AskForm(IdempotencyMixin, PortalForm):
    subject = CleanCharField(label=_("In one line"), max_length=60, min_length=2)
    body = CleanTextField(
        label=_("What do you want to say?"),
        max_length=BODY_MAX,
        rows=7,
        min_length=2,
        help_text=_("Give facts that can be checked: what, where, when."),
    )
    mode = forms.ChoiceField(label=_("Who may know that it is you?"), widget=ChoiceCards)
    may_publish = forms.BooleanField(
        label=_("The text may be published after the union has looked at it"), required=False, initial=True
    )

    def __init__(self, *args, is_anonymous, **kwargs):
        super().__init__(*args, **kwargs)
        if is_anonymous:
            del self.fields["mode"]
            del self.fields["idempotency_key"]  # the signed token of the page stands for it
        else:
            modes = (IdentityMode.NAMED, IdentityMode.CONFIDENTIAL)
            field = self.fields["mode"]
            field.choices = [(mode.value, mode.label) for mode in modes]
            field.widget.about = {mode.value: who_sees_name(mode) for mode in modes}
            field.widget.choices = field.choices
            field.initial = IdentityMode.NAMED.value


class OpinionForm(_AskForm):
    """Something to say about one text; an objection only while its notice runs."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=())
    field_order = ("kind", "subject", "body", "mode", "may_publish")

    def __init__(self, *args, can_object, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(OpinionKind.OPINION.value, OpinionKind.OPINION.label)]
        if can_object:
            choices.insert(0, (OpinionKind.OBJECTION.value, OpinionKind.OBJECTION.label))
        self.fields["kind"].choices = choices
        self.fields["kind"].initial = choices[0][0]


class RequestForm(_AskForm):
    """Ask a unit to disclose what is missing."""

    unit = UnitField(label=_("Which unit should disclose it?"), empty_label=_("choose"))
    item = forms.ChoiceField(
        label=_("Item of the catalogue"), required=False, help_text=_("If you know it; otherwise leave it open.")
    )
    field_order = ("unit", "item", "subject", "body", "mode", "may_publish")

    def __init__(self, *args, units, items, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)
        self.items = {item.code: item for item in items}
        self.fields["item"].choices = [
            ("", _("I do not know")),
            *((code, str(item)) for code, item in self.items.items()),
        ]

    def chosen_item(self):
        """Return the item, or None."""
        return self.items.get(self.cleaned_data["item"])
