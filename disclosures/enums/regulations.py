"""The library of regulations: kinds, categories, states."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RegulationKind(models.TextChoices):
    """What stands in the library: a regulation (制度) or a process flow (流程)."""

    RULE = "rule", _("regulation")
    FLOW = "flow", _("process flow")


class RegulationCategory(models.TextChoices):
    """What a regulation or flow is about."""

    PRODUCTION = "production", _("production")
    SAFETY = "safety", _("safety and environment")
    EQUIPMENT = "equipment", _("equipment")
    QUALITY = "quality", _("quality")
    PERSONNEL = "personnel", _("human resources")
    PAY = "pay", _("pay and benefits")
    FINANCE = "finance", _("finance")
    PURCHASING = "purchasing", _("materials and purchasing")
    CONSTRUCTION = "construction", _("construction")
    PARTY = "party", _("party and mass work")
    DEMOCRACY = "democracy", _("democratic management")
    GENERAL = "general", _("general administration")


class RegulationAct(models.TextChoices):
    """What an approved row does from its first day on: it puts a text in force, or repeals."""

    TEXT = "text", _("text")
    REPEAL = "repeal", _("repeal")


class RegulationState(models.TextChoices):
    """How far a version has come; whether it is in force is a comparison with the clock."""

    DRAFT = "draft", _("draft")
    WAITING = "waiting", _("waiting for approval")
    APPROVED = "approved", pgettext_lazy("regulation", "approved")
    DISCARDED = "discarded", _("discarded")


REGULATION_TRANSITIONS = {
    RegulationState.DRAFT: {RegulationState.WAITING, RegulationState.DISCARDED},
    RegulationState.WAITING: {RegulationState.APPROVED, RegulationState.DRAFT},
    RegulationState.APPROVED: set(),
    RegulationState.DISCARDED: set(),
}
