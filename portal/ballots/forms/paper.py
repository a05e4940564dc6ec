"""The code that somebody drew from the box."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import CodeField, PortalForm

from ..codes import VOTE_LENGTH, Mistyped, read_code

MISTYPED = _("This code was mistyped: a character is wrong, missing or too many. Compare it with your slip.")


class VoteCodeField(CodeField):
    """A code from the box, read as it was meant."""

    def clean(self, value):
        code = super().clean(value)
        try:
            return read_code(code, VOTE_LENGTH)
        except Mistyped:
            raise ValidationError(MISTYPED, code="mistyped") from None


class CodeEntryForm(PortalForm):
    code = VoteCodeField(
        label=_("Code on your slip"),
        max_length=60,
        help_text=_("Four groups of four letters and digits. Small letters and dashes do not matter."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["autocomplete"] = "off"
