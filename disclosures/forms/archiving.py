"""Archiving a text."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import CleanCharField, PortalForm


class ArchiveForm(PortalForm):
    """The number under which the file archive keeps a text; empty for the usual one."""

    archive_no = CleanCharField(
        label=_("Archive number"),
        max_length=40,
        required=False,
        validators=[
            RegexValidator(
                r"\A[A-Za-z0-9][A-Za-z0-9._/-]*\Z",
                _("An archive number has letters, digits, points and dashes only."),
            )
        ],
    )
