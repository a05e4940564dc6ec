"""What is written down with and after a result."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UseKind(models.TextChoices):
    """What a result was used for; a person decided it (domain.md §6.1: an important basis of promotion and removal)."""

    PROMOTE = "promote", _("considered for promotion")
    COMMEND = "commend", _("commended")
    RETAIN = "retain", _("stays in post")
    TRAIN = "train", _("trained or coached")
    TALK = "talk", _("admonition talk")
    ADJUST = "adjust", _("moved to another post")
    REMOVE = "remove", _("removed, asked to resign or demoted")
    DISMISS = "dismiss", _("dismissed")
    NOTHING = "nothing", _("looked into, nothing done")


class RemarkDecision(models.TextChoices):
    """Whether a remark reaches the person it is about."""

    KEEP = "keep", _("pass on")
    WITHHOLD = "withhold", _("withhold")


class WithheldReason(models.TextChoices):
    """Why a remark is withheld; the person rated is told how many for which reason."""

    POINTS = "points", _("it would point at who wrote it")
    INSULT = "insult", _("insult or slander")
    OTHERS = "others", _("it is about somebody else")
    EMPTY = "empty", _("it says nothing")


class Standing(models.TextChoices):
    """Whether a figure is printed."""

    SHOWN = "shown", pgettext_lazy("figure", "shown")
    ALIKE = "alike", _("nearly all answers are alike")
    HIDDEN = "hidden", _("not shown by itself")


class NoScore(models.TextChoices):
    """Why somebody has no score in figures."""

    SAMPLE = "sample", _("fewer valid answers than a result needs")
    GROUPS = "groups", _("no group has answers enough")
    ALIKE = "alike", _("nearly all answers are alike; the grade class says enough")
