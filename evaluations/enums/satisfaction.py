"""What the yearly satisfaction poll asks about."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PolledOn(models.TextChoices):
    """What the staff say whether they are satisfied with."""

    DISCLOSURE = "disclosure", _("disclosure of the affairs of the enterprise")
    CONGRESS = "congress", _("workers' congress and delegates")


class Level(models.TextChoices):
    """How satisfied somebody is; the codes go into the sealed box."""

    VERY = "5", _("very satisfied")
    FAIRLY = "4", _("fairly satisfied")
    MIDDLING = "3", _("middling")
    NOT_QUITE = "2", _("not quite satisfied")
    NOT = "1", _("not satisfied")


SATISFIED = (Level.VERY, Level.FAIRLY)
