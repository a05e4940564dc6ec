"""What makes a value right, shared by forms and operations."""

import re

from django.utils.translation import gettext_lazy as _

ARCHIVE_NO = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")
ARCHIVE_NO_IS = _(
    "An archive number begins with a letter or digit and has letters, digits, points, slashes, dashes and low lines"
    " only, at most 40 of them."
)
