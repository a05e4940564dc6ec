"""Briefings (厂情发布会): states and who attends."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BriefingState(models.TextChoices):
    """Where a briefing (厂情发布会) stands; whether its time has come is a comparison with the clock."""

    PLANNED = "planned", _("announced")
    HELD = "held", _("held, minutes to come")
    MINUTED = "minuted", _("minutes published")
    CANCELLED = "cancelled", _("cancelled")


BRIEFING_TRANSITIONS = {
    BriefingState.PLANNED: {BriefingState.HELD, BriefingState.CANCELLED},
    BriefingState.HELD: {BriefingState.MINUTED},
    BriefingState.MINUTED: set(),
    BriefingState.CANCELLED: set(),
}


class AttendanceGroup(models.TextChoices):
    """Who comes to a briefing; only how many of each are counted."""

    DELEGATES = "delegates", _("workers' delegates")
    MANAGERS = "managers", _("managers")
    CADRES = "cadres", _("cadres")
    WORKERS = "workers", _("workers")
    OTHER = "other", _("others")
