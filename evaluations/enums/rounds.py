"""States and kinds of an appraisal round (测评轮次)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RoundState(models.TextChoices):
    """How far a round has come; there is no way back, and results are published once."""

    DRAFT = "draft", pgettext_lazy("appraisal", "being planned")
    ANNOUNCED = "announced", pgettext_lazy("appraisal", "announced")
    OPEN = "open", pgettext_lazy("appraisal", "being filled in")
    CLOSED = "closed", pgettext_lazy("appraisal", "closed, still sealed")
    COUNTED = "counted", pgettext_lazy("appraisal", "counted")
    PUBLISHED = "published", pgettext_lazy("appraisal", "published")
    CANCELLED = "cancelled", pgettext_lazy("appraisal", "cancelled")


ROUND_TRANSITIONS = {
    RoundState.DRAFT: {RoundState.ANNOUNCED, RoundState.CANCELLED},
    RoundState.ANNOUNCED: {RoundState.OPEN, RoundState.CANCELLED},
    RoundState.OPEN: {RoundState.CLOSED},
    RoundState.CLOSED: {RoundState.COUNTED},
    RoundState.COUNTED: {RoundState.PUBLISHED},
}


class Direction(models.TextChoices):
    """Who rates whom; up and down are the two sides of a two-way appraisal (双向测评)."""

    SINGLE = "single", _("one round by itself")
    UP = "up", _("grassroots rate the company offices")
    DOWN = "down", _("company offices rate the grassroots")


class SubjectKind(models.TextChoices):
    """Who is rated."""

    LEADER = "leader", _("leader")
    TEAM = "team", _("leading team")


class Source(models.TextChoices):
    """From which people of a unit a voter group is made up, at the moment the list is frozen."""

    LEADERS = "leader", _("leaders in charge")
    HEADS = "dept_head", _("department heads")
    UNION = "union", _("union officers and chairs")
    MANAGERS = "manager", _("managers by the roster")
    TECHNICIANS = "technician", _("technicians by the roster")
    FRONTLINE = "frontline", _("front-line workers by the roster")
    DELEGATES = "delegates", _("delegates of the workers' congress")
    STAFF = "staff", _("everybody on the roster")


class Visibility(models.TextChoices):
    """What the staff see of a published result; the person rated and the union see more (trust A6)."""

    SUBJECTS = "subjects", _("each person rated sees the own result; the staff see that it was published")
    CLASSES = "classes", _("the staff see the grade class of each person rated")
    SCORES = "scores", _("the staff see the total score of each person rated")


class VoidKind(models.TextChoices):
    """Rules by which a whole form does not count (domain.md §6.2)."""

    SAME = "same", _("the same answer for everybody and everything")
    FULL = "full", _("full marks for everybody and everything")
    TOP_AT_MOST = "top_at_most", _("too many people at the top")
    LOW_AT_LEAST = "low_at_least", _("too few people below the line")
