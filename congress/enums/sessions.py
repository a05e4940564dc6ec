"""Sessions (次): what kind, how they meet, who asked for them, how far they have come."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SessionKind(models.TextChoices):
    """The session of the year, or one between that somebody asked for."""

    REGULAR = "regular", _("regular session")
    EXTRA = "extra", _("extra session")


class SessionMode(models.TextChoices):
    """Where the delegates are."""

    ONSITE = "onsite", _("in one hall")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("in the hall and online")


class Proposer(models.TextChoices):
    """Who may ask for an extra session (domain.md §1, congress.extra_meeting_proposer)."""

    EMPLOYER = "employer", _("the employer")
    UNION = "union", _("the union")
    DELEGATES = "delegates", _("a third of the delegates")


class SessionState(models.TextChoices):
    """How far a session has come."""

    PLANNED = "planned", pgettext_lazy("session", "planned")
    CONVENED = "convened", _("convened")
    OPEN = "open", _("in session")
    CLOSED = "closed", pgettext_lazy("session", "closed")
    DISCLOSED = "disclosed", _("results public")
    POSTPONED = "postponed", _("postponed")
    CANCELLED = "cancelled", _("cancelled")


SESSION_TRANSITIONS = {
    SessionState.PLANNED: {SessionState.CONVENED, SessionState.POSTPONED, SessionState.CANCELLED},
    SessionState.CONVENED: {SessionState.OPEN, SessionState.POSTPONED, SessionState.CANCELLED},
    SessionState.OPEN: {SessionState.CLOSED},
    SessionState.CLOSED: {SessionState.DISCLOSED},
    SessionState.DISCLOSED: set(),
    # A new day makes a postponed session a planned one again: it is convened anew.
    SessionState.POSTPONED: {SessionState.PLANNED, SessionState.CANCELLED},
    SessionState.CANCELLED: set(),
}
# Before the opening: the day may still move.
AHEAD = (SessionState.PLANNED, SessionState.CONVENED, SessionState.POSTPONED)
# What the delegates have done together.
HELD = (SessionState.OPEN, SessionState.CLOSED, SessionState.DISCLOSED)
