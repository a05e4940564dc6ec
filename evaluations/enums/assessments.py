"""Quality assessment of units (质量评估): how far it has come, what is to be put right."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AssessmentState(models.TextChoices):
    """How far the assessment of a unit has come."""

    PLANNED = "planned", pgettext_lazy("assessment", "planned")
    SELF = "self", _("self-assessment")
    GROUP = "group", _("with the assessment group")
    DRAFT = "draft", _("draft result with the unit")
    FINAL = "final", _("final result")
    RECTIFYING = "rectifying", _("being put right")
    RECHECK = "recheck", _("being re-checked")
    CLOSED = "closed", pgettext_lazy("assessment", "closed")
    CANCELLED = "cancelled", pgettext_lazy("assessment", "cancelled")


class VoteState(models.TextChoices):
    """What the congress says of the result of an assessment."""

    AHEAD = "ahead", _("to be voted by the congress")
    APPROVED = "approved", _("approved by the congress")
    REJECTED = "rejected", _("rejected by the congress")
    NOT_VOTED = "not_voted", _("not voted on: may be put to the congress again")


ASSESSMENT_TRANSITIONS = {
    AssessmentState.PLANNED: {AssessmentState.SELF, AssessmentState.CANCELLED},
    AssessmentState.SELF: {AssessmentState.GROUP},
    AssessmentState.GROUP: {AssessmentState.DRAFT},
    # An objection may send the draft back to the group; without one it becomes final.
    AssessmentState.DRAFT: {AssessmentState.GROUP, AssessmentState.FINAL},
    # Where nothing is to be put right the assessment is closed at once.
    AssessmentState.FINAL: {AssessmentState.RECTIFYING, AssessmentState.CLOSED},
    AssessmentState.RECTIFYING: {AssessmentState.RECHECK},
    AssessmentState.RECHECK: {AssessmentState.RECTIFYING, AssessmentState.CLOSED},
    AssessmentState.CLOSED: set(),
    AssessmentState.CANCELLED: set(),
}
# The result stands and every worker may read it.
RESULT_STATES = (
    AssessmentState.FINAL,
    AssessmentState.RECTIFYING,
    AssessmentState.RECHECK,
    AssessmentState.CLOSED,
)
