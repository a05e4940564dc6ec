"""Delegates: what they count as, where their mandate stands, bodies and duties."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DelegateCategory(models.TextChoices):
    """What a delegate counts as in the composition (domain.md §2, art. 9)."""

    FRONTLINE = "frontline", _("front-line worker")
    TECHNICIAN = "technician", _("technician")
    MANAGER = "manager", _("manager below middle rank")
    LEADER = "leader", _("middle manager or leader")


class MandateState(models.TextChoices):
    """Where the mandate of a delegate stands (domain.md §3.6)."""

    CANDIDATE = "candidate", _("candidate")
    ELECTED = "elected", _("elected, credentials to be reviewed")
    ACTIVE = "active", _("delegate")
    NOT_ELECTED = "not_elected", _("not elected")
    WITHDRAWN = "withdrawn", _("candidacy withdrawn")
    RECALLED = "recalled", _("recalled")
    ENDED_CONTRACT = "ended_contract", _("ended: left the enterprise")
    ENDED_TRANSFER = "ended_transfer", _("ended: left the electing unit")
    RESIGNED = "resigned", _("resigned")


_ENDS = {
    MandateState.RECALLED,
    MandateState.ENDED_CONTRACT,
    MandateState.ENDED_TRANSFER,
    MandateState.RESIGNED,
}
MANDATE_TRANSITIONS = {
    MandateState.CANDIDATE: {MandateState.ELECTED, MandateState.NOT_ELECTED, MandateState.WITHDRAWN},
    MandateState.ELECTED: {MandateState.ACTIVE, *_ENDS},
    MandateState.ACTIVE: _ENDS,
    # Whoever was not elected may stand again, as a new candidate.
    **{state: set() for state in (MandateState.NOT_ELECTED, MandateState.WITHDRAWN, *_ENDS)},
}
# Who holds a seat.
LIVE = (MandateState.ELECTED, MandateState.ACTIVE)


class MeetingKind(models.TextChoices):
    """What the staff of an electing unit decided on."""

    ELECTION = "election", _("election")
    BY_ELECTION = "by_election", _("by-election")
    RECALL = "recall", _("recall")


class BodyKind(models.TextChoices):
    """Bodies that the delegates form."""

    PRESIDIUM = "presidium", _("presidium")
    COMMITTEE = "committee", _("special committee")


class DutyKind(models.TextChoices):
    """What a delegate does between the sessions (domain.md §3.6)."""

    INSPECTION = "inspection", _("inspection")
    OPINIONS = "opinions", _("collecting opinions")
    MEETING = "meeting", _("meeting")
    FOLLOW_UP = "follow_up", _("following up resolutions and motions")
    TRAINING = "training", _("training")
    OTHER = "other", _("other")


class DutyState(models.TextChoices):
    """Whether the union has confirmed an entry of the duty log."""

    WRITTEN = "written", _("waiting for the union")
    CONFIRMED = "confirmed", _("confirmed")
    DECLINED = "declined", _("not confirmed")


DUTY_TRANSITIONS = {
    DutyState.WRITTEN: {DutyState.CONFIRMED, DutyState.DECLINED},
    DutyState.CONFIRMED: set(),
    # What is not confirmed is written anew, with what was missing.
    DutyState.DECLINED: set(),
}
