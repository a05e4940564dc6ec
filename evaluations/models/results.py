"""
What a publication leaves: the figures that may be printed, stored once, and what people say and decide about them.

A page reads these rows and computes nothing; what was suppressed is not in them.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person

from ..enums import RemarkDecision, UseKind, WithheldReason
from .counts import CountedModel, Remark
from .rounds import Round, Subject


class Publication(CountedModel):
    """That a round was published, by whom and when; its own figures and the fingerprint of all of them."""

    round = models.OneToOneField(Round, models.PROTECT, primary_key=True, related_name="publication")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    facts = models.JSONField()
    sha256 = models.CharField(max_length=64)

    def __str__(self):
        return f"{self.round_id} {self.sha256[:8]}"


class Outcome(CountedModel):
    """
    The result of one subject as it may be printed.

    ``score`` is for lists and comparisons and rounded as on the page; empty where none is printed. ``grade_class``
    is the band of the exact score. ``figures`` are what the page shows, see ``outcomes.outcome_of``.
    """

    subject = models.OneToOneField(Subject, models.PROTECT, primary_key=True, related_name="outcome")
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    grade_class = models.CharField(max_length=12, blank=True)
    figures = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outcome_score_is_of_a_hundred", condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100)
            ),
            models.CheckConstraint(
                name="outcome_score_has_class", condition=Q(score__isnull=True) | ~Q(grade_class="")
            ),
        ]

    def __str__(self):
        return f"{self.subject_id} {self.grade_class}"


class SelfRating(models.Model):
    """How somebody rated rates himself: {item: answer}; shown beside the result and never counted."""

    subject = models.OneToOneField(Subject, models.PROTECT, primary_key=True, related_name="self_rating")
    answers = models.JSONField()
    at = models.DateTimeField()

    def __str__(self):
        return str(self.subject_id)


class RemarkReview(models.Model):
    """What the union decided on a remark, until the publication takes remark and decision away."""

    remark = models.OneToOneField(Remark, models.PROTECT, primary_key=True, related_name="review")
    decision = models.CharField(max_length=8, choices=RemarkDecision.choices)
    reason = models.CharField(_("reason"), max_length=8, choices=WithheldReason.choices, blank=True)
    text = models.TextField(blank=True)  # as it will be passed on: the same words, or some of them covered
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="remark_review_says_why",
                condition=(Q(decision=RemarkDecision.KEEP, reason="") & ~Q(text=""))
                | (Q(decision=RemarkDecision.WITHHOLD, text="") & ~Q(reason="")),
            )
        ]

    def __str__(self):
        return self.decision


class KeptRemark(CountedModel):
    """A remark as passed on: of nobody, without group or order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="kept_remarks")
    text = models.TextField()

    class Meta:
        ordering = ("id",)

    def __str__(self):
        return str(self.pk)


class ResultStatement(CountedModel):
    """What the person rated says to the own result, once."""

    subject = models.OneToOneField(Subject, models.PROTECT, primary_key=True, related_name="statement")
    text = models.TextField(_("statement"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self):
        return self.text[:20]


class ResultUse(CountedModel):
    """What was decided with a result in hand, by people, and why; ``prompt`` is the threshold that asked for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="uses")
    kind = models.CharField(_("what was decided"), max_length=8, choices=UseKind.choices)
    prompt = models.CharField(max_length=8, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    decided_on = models.DateField(_("decided on"))
    decided_by = models.CharField(_("decided by"), max_length=60)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency_key = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        ordering = ("decided_on", "at")
        constraints = [models.CheckConstraint(name="result_use_says_why", condition=~Q(reason=""))]

    def __str__(self):
        return self.get_kind_display()
