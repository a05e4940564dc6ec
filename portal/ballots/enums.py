"""States, grades and kinds of questions of the ballot box."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PollState(models.TextChoices):
    """How far a poll has come; there is no way back."""

    DRAFT = "draft", _("being drawn up")
    OPEN = "open", _("voting")
    CLOSED = "closed", _("closed, still sealed")
    COUNTED = "counted", _("counted")
    PUBLISHED = "published", _("result published")
    DISCARDED = "discarded", _("given up")


# Migration 0002_guards says the same to the database.
TRANSITIONS = {
    PollState.DRAFT: {PollState.OPEN, PollState.DISCARDED},
    PollState.OPEN: {PollState.CLOSED},
    PollState.CLOSED: {PollState.COUNTED},
    PollState.COUNTED: {PollState.PUBLISHED},
}


class Grade(models.TextChoices):
    """How a vote is kept apart from its voter, and so against whom it is protected (登录票、纸码票)."""

    SIGNED_IN = "signed_in", _("ballot by sign-in")
    PRINTED_CODE = "printed_code", _("ballot by a code drawn from a box")


class QuestionKind(models.TextChoices):
    """What a question asks for."""

    VOTE = "vote", _("vote on a matter")
    ELECTION = "election", _("election")
    CHOICE = "choice", _("choice of one")
    RATING = "rating", _("rating")
    SCORE = "score", _("score")
    TEXT = "text", _("free words")


class Say(models.TextChoices):
    """The three answers to a matter, and to each candidate of an election with as many candidates as seats."""

    FOR = "for", pgettext_lazy("vote", "For")
    AGAINST = "against", _("Against")
    ABSTAIN = "abstain", _("Abstain")


class Comparator(models.TextChoices):
    """Whether reaching the share is enough (半数以上) or it has to be passed (过半数)."""

    MORE = ">", _("more than")
    AT_LEAST = ">=", _("at least")


class Base(models.TextChoices):
    """Of what a share is taken."""

    ALL = "all", _("all who may vote")
    VALID = "valid", _("valid ballots")
    PRESENT = "present", _("those present")


class TieRule(models.TextChoices):
    """How equal numbers of votes for the last seat are decided, fixed before the vote."""

    RUN_OFF = "run_off", _("a further ballot between those with equal votes")
    LOT = "lot", _("a lot drawn before the scrutineers and written into the minutes")
