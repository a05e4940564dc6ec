"""
The monthly scorecard: figures frozen once, points proposed by formula and confirmed by a person.

A snapshot never changes. What a person set otherwise (an award), and what an
upheld objection put right (a correction), stands beside it with its reason.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from portal.accounts.models import Person, Unit
from portal.ledger.models import AppendOnlyModel

from ..enums.scorecards import ObjectionState, ScorecardState


class Scheme(models.Model):
    """One version of how points are made: from which month on, by whom, why."""

    number = models.PositiveSmallIntegerField(unique=True)
    since = models.DateField()  # the first of the first month it holds for
    note = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    idempotency_key = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        ordering = ("-number",)


class SchemeLine(models.Model):
    """
    What one indicator is worth: none at ``zero_at`` or worse, all of ``weight`` at ``full_at`` or better.

    Where more is worse, ``zero_at`` is the larger of the two.
    """

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="lines")
    indicator = models.CharField(max_length=40)
    weight = models.DecimalField(max_digits=5, decimal_places=2)
    zero_at = models.DecimalField(max_digits=7, decimal_places=2)
    full_at = models.DecimalField(max_digits=7, decimal_places=2)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["scheme", "indicator"], name="scheme_values_an_indicator_once"),
            models.CheckConstraint(name="scheme_weight_is_a_share", condition=Q(weight__gt=0, weight__lte=100)),
            models.CheckConstraint(name="scheme_ends_differ", condition=~Q(zero_at=F("full_at"))),
        ]


class FrozenMonth(AppendOnlyModel):
    """That a month was frozen: inserting it is the lock, so that two sweeps make one set of sheets."""

    month = models.DateField(primary_key=True)
    frozen_at = models.DateTimeField()
    sheets = models.PositiveIntegerField()


class Scorecard(models.Model):
    """
    One unit's sheet of one month.

    ``sha256`` is the fingerprint of the frozen figures that are shown, the same
    as in the ledger; nothing of a withheld one is in it. ``proposed`` is what
    the formula made of them and never changes; ``total`` is what a person has
    confirmed, or what an upheld objection made of that.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=ScorecardState.choices)
    computed_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    proposed = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-month", "unit__path")
        constraints = [
            models.UniqueConstraint(fields=["unit", "month"], name="scorecard_of_month_is_unique"),
            models.CheckConstraint(
                name="scorecard_confirmed_by_a_person",
                condition=Q(state="confirmed", confirmed_by__isnull=False, confirmed_at__isnull=False)
                | (~Q(state="confirmed") & Q(confirmed_by__isnull=True, total__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["month", "state"], name="scorecard_by_month")]


class Snapshot(AppendOnlyModel):
    """
    One figure as it was frozen: an exact fraction, and the points the formula proposes for it.

    ``is_small`` marks fewer rows than the threshold; ``is_withheld`` a figure
    of what people said that nobody is shown, itself or by subtraction. Such a
    one has no points.
    """

    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="snapshots", db_index=False)
    indicator = models.CharField(max_length=40)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    is_small = models.BooleanField()
    is_withheld = models.BooleanField()
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "indicator"], name="figure_is_frozen_once"),
            models.CheckConstraint(name="figure_is_a_fraction", condition=Q(numerator__gte=0, denominator__gt=0)),
            models.CheckConstraint(
                name="withheld_figure_has_no_points", condition=Q(is_withheld=False) | Q(points__isnull=True)
            ),
        ]


class Award(AppendOnlyModel):
    """Points that a person set otherwise than the formula proposed, with the reason that the unit reads."""

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="award", primary_key=True)
    points = models.DecimalField(max_digits=5, decimal_places=2)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="award_has_reason", condition=~Q(reason=""))]


class Objection(models.Model):
    """A unit's objection to one figure: answered as an inquiry, decided by somebody else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="objections")
    inquiry = models.OneToOneField("feedback.Inquiry", models.PROTECT, related_name="scorecard_objection")
    reason = models.CharField(max_length=1000)
    state = models.CharField(max_length=10, choices=ObjectionState.choices, default=ObjectionState.OPEN)
    raised_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("raised_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot"], condition=Q(state="open"), name="one_objection_to_a_figure_at_a_time"
            ),
            models.CheckConstraint(
                name="objection_decided_by_another",
                condition=Q(state="open", decided_by__isnull=True)
                | (~Q(state="open") & Q(decided_by__isnull=False) & ~Q(decided_by=F("raised_by")) & ~Q(answer="")),
            ),
        ]


class Correction(AppendOnlyModel):
    """What an upheld objection put right, beside the frozen figure."""

    objection = models.OneToOneField(Objection, models.PROTECT, related_name="correction", primary_key=True)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="corrections")
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(name="corrected_is_a_fraction", condition=Q(numerator__gte=0, denominator__gte=0))
        ]
