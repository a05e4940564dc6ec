"""The operator's console: one form for all that is typed there; each button says what it does."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import CleanCharField, CleanTextField, PortalForm

SIGN_IN, LEAVE, ASK, WORD, SPOKEN = "sign_in", "leave", "ask", "word", "spoken"
BY_NAME = (SIGN_IN, LEAVE, ASK)
ON_SPEECH = (WORD, SPOKEN)
AT_DOOR = (*BY_NAME, *ON_SPEECH)
STEPS = ("open", "call", "stage", "poll_open", "poll_close", "poll_publish", "close", "defer", "put_off")


class ConsoleForm(PortalForm):
    """Who is meant, what goes into the minutes, why an item is sent back; ``seen`` is the stamp of the page."""

    do = forms.ChoiceField(choices=[(one, one) for one in (*AT_DOOR, *STEPS)], widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    who = CleanCharField(label=_("Delegate: code of the door, job number or name"), max_length=40, required=False)
    words = CleanTextField(label=_("For the minutes"), max_length=500, rows=2, required=False)
    reason = CleanTextField(label=_("Reason for sending it back"), max_length=300, rows=2, required=False)
    item = forms.UUIDField(required=False, widget=forms.HiddenInput)
    stage = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    poll = forms.UUIDField(required=False, widget=forms.HiddenInput)
    speech = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].widget.attrs |= {"accesskey": "w", "autocomplete": "off", "list": "delegates"}
        for name in ("who", "reason"):
            self.fields[name].is_conditional = True
        self.fields["words"].widget.attrs["accesskey"] = "m"

    def clean(self):
        cleaned = super().clean()
        do = cleaned.get("do")
        if do in BY_NAME and not cleaned.get("who") and "who" not in self.errors:
            self.add_error("who", ValidationError(_("Scan or type a code, a job number or a name.")))
        if do == "defer" and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", ValidationError(_("Write why the item is sent back.")))
        return cleaned
