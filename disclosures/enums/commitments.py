"""Commitments, major decisions and responsibilities: kinds, states, parties."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CommitmentKind(models.TextChoices):
    """What leaders sign each year: with the level above, or alone."""

    LETTER = "letter", _("responsibility letter for clean government")
    PLEDGE = "pledge", _("pledge of clean conduct")


class RoundState(models.TextChoices):
    """Where a year's round of signing stands."""

    DRAFT = "draft", _("being prepared")
    OPEN = "open", _("open for signing")
    CLOSED = "closed", _("closed at the end of the year")


ROUND_TRANSITIONS = {
    # A round that nobody opened ends with its year all the same; that it was missed stays recorded.
    RoundState.DRAFT: {RoundState.OPEN, RoundState.CLOSED},
    RoundState.OPEN: {RoundState.CLOSED},
    RoundState.CLOSED: set(),
}


class Party(models.TextChoices):
    """On which side somebody signs."""

    UPPER = "upper", _("for the level above")
    LOWER = "lower", _("for the own unit")
    OWN = "own", _("for oneself")


class MajorKind(models.TextChoices):
    """三重一大: what must be decided together."""

    DECISION = "decision", _("major decision")
    PERSONNEL = "personnel", _("appointment or removal of important cadres")
    PROJECT = "project", _("arrangement of a major project")
    FUNDS = "funds", _("use of large funds")


class Meeting(models.TextChoices):
    """Where a major matter was decided."""

    PARTY = "party", _("party committee")
    BOARD = "board", _("board of directors")
    MANAGERS = "managers", _("managers' meeting")
    CONGRESS = "congress", _("workers' congress")


class MajorState(models.TextChoices):
    """Whether a decision of the register is public."""

    WAITING = "waiting", _("waiting to be made public")
    PUBLIC = "public", _("public")
    DECLINED = "declined", _("not taken into the register")


MAJOR_TRANSITIONS = {
    MajorState.WAITING: {MajorState.PUBLIC, MajorState.DECLINED},
    MajorState.PUBLIC: set(),
    MajorState.DECLINED: set(),
}


class Execution(models.TextChoices):
    """How far a decision has been carried out."""

    PLANNED = "planned", _("planned")
    UNDER_WAY = "under_way", _("under way")
    DELAYED = "delayed", _("delayed")
    DONE = "done", _("carried out")
    STOPPED = "stopped", _("stopped")


EXECUTION_TRANSITIONS = {
    Execution.PLANNED: {Execution.PLANNED, Execution.UNDER_WAY, Execution.DELAYED, Execution.DONE, Execution.STOPPED},
    Execution.UNDER_WAY: {Execution.UNDER_WAY, Execution.DELAYED, Execution.DONE, Execution.STOPPED},
    Execution.DELAYED: {Execution.UNDER_WAY, Execution.DELAYED, Execution.DONE, Execution.STOPPED},
    # What was entered too early is put right by another entry, and is owed again.
    Execution.DONE: {Execution.UNDER_WAY},
    Execution.STOPPED: {Execution.UNDER_WAY},
}
FINISHED = (Execution.DONE, Execution.STOPPED)


class DutyRole(models.TextChoices):
    """The four responsibilities (domain.md §9)."""

    FIRST = "first", _("first responsible person")
    EXECUTIVE = "executive", _("executive")
    SUPERVISOR = "supervisor", _("supervisor")
    EVALUATOR = "evaluator", _("evaluator")
