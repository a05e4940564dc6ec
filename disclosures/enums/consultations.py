"""Consultation before decision: states, stances, outcomes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConsultationState(models.TextChoices):
    """Where a consultation before a decision (征求意见) stands; whether it is over is a comparison with the clock."""

    DRAFT = "draft", _("draft")
    OPEN = "open", _("open to opinions")
    CLOSED = "closed", _("over, answers due")
    ANSWERED = "answered", _("answered, report due")
    DECIDED = "decided", _("decided and reported")
    ABANDONED = "abandoned", _("abandoned")


CONSULTATION_TRANSITIONS = {
    ConsultationState.DRAFT: {ConsultationState.OPEN, ConsultationState.ABANDONED},
    ConsultationState.OPEN: {ConsultationState.CLOSED, ConsultationState.ABANDONED},
    ConsultationState.CLOSED: {ConsultationState.ANSWERED, ConsultationState.ABANDONED},
    ConsultationState.ANSWERED: {ConsultationState.DECIDED, ConsultationState.ABANDONED},
    ConsultationState.DECIDED: set(),
    ConsultationState.ABANDONED: set(),
}


class Stance(models.TextChoices):
    """What somebody thinks of a clause."""

    CHANGE = "change", _("should be changed")
    AGREE = "agree", _("agree")
    AGAINST = "against", _("against")


class OpinionMode(models.TextChoices):
    """How somebody speaks: with the account, or under a nickname behind which nobody is stored."""

    NAMED = "named", _("named")
    NICKNAME = "nickname", _("nickname")


class GroupOutcome(models.TextChoices):
    """What became of a group of opinions."""

    ADOPTED = "adopted", _("adopted")
    PARTLY = "partly", _("adopted in part")
    NOT_ADOPTED = "not_adopted", _("not adopted")
