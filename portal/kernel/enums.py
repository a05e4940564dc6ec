"""Words that every floor shares."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Lamp(models.TextChoices):
    """The state of a clock at a glance; never shown by colour alone."""

    GREY = "grey", _("not running")
    BLUE = "blue", _("in time")
    YELLOW = "yellow", _("due soon")
    RED = "red", _("overdue")
    GREEN = "green", _("done in time")
    ORANGE = "orange", _("done late")
