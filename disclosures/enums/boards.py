"""Display boards: how they hang and how they stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Orientation(models.TextChoices):
    """How a display board hangs."""

    LANDSCAPE = "landscape", _("landscape")
    PORTRAIT = "portrait", _("portrait")


class BoardState(models.TextChoices):
    """How a display board is doing at a moment; never stored."""

    NEW = "new", _("not started yet")
    SHOWING = "showing", _("showing")
    RESTING = "resting", _("outside its hours")
    SILENT = "silent", _("silent")
    RETIRED = "retired", _("taken down")
