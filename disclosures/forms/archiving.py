"""Archiving a text."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import CleanCharField, PortalForm

from ..validators import ARCHIVE_NO, ARCHIVE_NO_IS


class ArchiveForm(PortalForm):
    """The number under which the file archive keeps a text; empty for the usual one."""

    archive_no = CleanCharField(label=_("Archive number"), max_length=40, required=False)

    def clean_archive_no(self):
        number = self.cleaned_data["archive_no"]
        if number and not ARCHIVE_NO.fullmatch(number):
            raise ValidationError(ARCHIVE_NO_IS)
        return number
