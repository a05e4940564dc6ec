"""Assessments of units: figures as frozen, points of the unit and of the group, objections, what is put right."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback.models import Inquiry
from portal.accounts.models import Person, Unit

from ..enums import AssessmentState
from .schemes import SchemeItem, SchemeVersion

HAS_TOTAL = ("draft", "final", "rectifying", "recheck", "closed")


class Assessment(models.Model):
    """
    The assessment of one unit over some days by one version of a scheme.

    ``assessor`` is the unit above whose union plans and closes it. ``round``
    counts how often the group has given a draft; ``objections_until`` is the
    last day on which the unit may object to it. ``total`` is what the group
    gave, in the draft and after it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="assessments", verbose_name=_("scheme"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    assessor = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"))
    since = models.DateField()
    until = models.DateField()  # the last day
    state = models.CharField(max_length=10, choices=AssessmentState.choices, default=AssessmentState.PLANNED)
    self_by = models.DateField(_("self-assessment until"))
    group_by = models.DateField(_("group's work until"))
    planned_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    frozen_on = models.DateField(null=True)  # the day after the last one that the figures cover
    opened_at = models.DateTimeField(null=True)
    self_by_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    self_sent_at = models.DateTimeField(null=True)
    scored_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    scored_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField(null=True)
    round = models.PositiveSmallIntegerField(default=0)
    objections_until = models.DateField(null=True)
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    total = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    final_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    final_at = models.DateTimeField(null=True)
    opinion_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)  # why it was cancelled, or closed with nothing to put right
    promise = models.ForeignKey("deadlines.Promise", models.PROTECT, null=True, related_name="+")  # that runs now

    class Meta:
        ordering = ("-year", "unit__path", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"], condition=~Q(state="cancelled"), name="assessment_once_a_year"
            ),
            models.CheckConstraint(name="assessment_state_is_known", condition=Q(state__in=AssessmentState.values)),
            models.CheckConstraint(name="assessment_days_in_order", condition=Q(until__gt=F("since"))),
            models.CheckConstraint(name="assessment_work_in_order", condition=Q(group_by__gt=F("self_by"))),
            models.CheckConstraint(name="assessment_is_by_another", condition=~Q(assessor=F("unit"))),
            models.CheckConstraint(
                name="assessment_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("scored_by")),
            ),
            models.CheckConstraint(
                name="assessment_result_has_total",
                condition=~Q(state__in=HAS_TOTAL)
                | Q(total__isnull=False, confirmed_by__isnull=False, drafted_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "year"], name="assessment_by_state")]

    def __str__(self):
        return str(_("Assessment of %(unit)s, %(year)s") % {"unit": self.unit.name, "year": self.year})


class GroupMember(models.Model):
    """Somebody of the assessment group; the first one leads it."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="members")
    order = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("order",)
        constraints = [
            models.UniqueConstraint(fields=["assessment", "person"], name="group_member_once"),
            models.UniqueConstraint(fields=["assessment", "order"], name="group_place_once"),
        ]


class AssessmentLine(models.Model):
    """
    One item in one assessment: what the figures propose, what the unit and then the group give.

    ``proposed`` is empty where no figure says anything.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="lines")
    item = models.ForeignKey(SchemeItem, models.PROTECT, related_name="+")
    proposed = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    own_points = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    own_note = models.CharField(max_length=500, blank=True)
    points = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("item__order", "pk")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "item"], name="assessment_line_once"),
            models.CheckConstraint(
                name="assessment_points_not_negative",
                condition=(Q(points__isnull=True) | Q(points__gte=0))
                & (Q(own_points__isnull=True) | Q(own_points__gte=0)),
            ),
        ]


class Figure(models.Model):
    """A figure as it stood when the self-assessment was opened; ``is_withheld``: made of too few people."""

    line = models.ForeignKey(AssessmentLine, models.CASCADE, related_name="figures")
    indicator = models.CharField(max_length=40)
    weight = models.PositiveSmallIntegerField()
    target = models.PositiveSmallIntegerField(default=100)
    numerator = models.BigIntegerField(default=0)
    denominator = models.BigIntegerField(default=0)
    is_withheld = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["line", "indicator"], name="figure_once_a_line"),
            models.CheckConstraint(
                name="withheld_figure_is_empty", condition=Q(is_withheld=False) | Q(numerator=0, denominator=0)
            ),
        ]


class AssessmentObjection(models.Model):
    """The unit's objection to a draft: an inquiry of feedback with its number and its clock."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="objections")
    round = models.PositiveSmallIntegerField()
    inquiry = models.OneToOneField(Inquiry, models.PROTECT, related_name="assessment_objection")
    raised_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("raised_at", "pk")
        constraints = [models.UniqueConstraint(fields=["assessment", "round"], name="objection_once_a_draft")]


class RectificationPoint(models.Model):
    """One demand of the rectification opinion (整改意见书): by when, what was done, whether the group found it so."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="points")
    line = models.ForeignKey(AssessmentLine, models.PROTECT, related_name="demands")
    place = models.PositiveSmallIntegerField()
    demand = models.CharField(max_length=500)
    promise = models.OneToOneField("deadlines.Promise", models.PROTECT, related_name="assessment_point")
    done = models.CharField(max_length=500, blank=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    is_accepted = models.BooleanField(null=True)
    check_note = models.CharField(max_length=300, blank=True)
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("place",)
        constraints = [
            models.UniqueConstraint(fields=["assessment", "line"], name="rectification_point_once_a_line"),
            models.CheckConstraint(
                name="rectification_point_checked_by_another",
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("done_by")),
            ),
        ]
