"""Schemes of assessment (评估方案): versions with items that make a hundred points, and the evidence of each item."""

import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person, Unit


class AssessmentScheme(models.Model):
    """By what a union assesses the units below its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    title = models.CharField(_("title"), max_length=60)
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("unit__path", "title", "pk")

    def __str__(self):
        return self.title


class SchemeVersionQuerySet(models.QuerySet):
    def in_force(self):
        """Those that assessments may be planned by."""
        return self.filter(in_force_at__isnull=False)


class SchemeVersion(models.Model):
    """
    One version of a scheme: a draft until its items make a hundred points and it is put into force, then never changed.

    ``note`` says what is different from the version before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scheme = models.ForeignKey(AssessmentScheme, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=300, blank=True)
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    in_force_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    in_force_at = models.DateTimeField(null=True)

    objects = SchemeVersionQuerySet.as_manager()

    class Meta:
        ordering = ("scheme", "-number")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="scheme_version_number_once"),
            models.UniqueConstraint(
                fields=["scheme"], condition=Q(in_force_at__isnull=True), name="scheme_has_one_draft"
            ),
        ]

    def __str__(self):
        return _("%(title)s, version %(number)s") % {"title": self.scheme.title, "number": self.number}

    @property
    def is_draft(self):
        """Whether items may still change."""
        return self.in_force_at is None


class SchemeItem(models.Model):
    """What is looked at and how many points it has; ``source`` says where the rule comes from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(SchemeVersion, models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(_("item"), max_length=60)
    points = models.DecimalField(_("points"), max_digits=4, decimal_places=1, validators=[MinValueValidator(0)])
    criteria = models.CharField(_("how points are given"), max_length=500)
    source = models.CharField(_("source of the rule"), max_length=200)

    class Meta:
        ordering = ("order", "pk")
        constraints = [
            models.UniqueConstraint(fields=["version", "order"], name="scheme_item_place_once"),
            models.CheckConstraint(name="scheme_item_has_points", condition=Q(points__gt=0, points__lte=100)),
        ]

    def __str__(self):
        return self.title


class SchemeEvidence(models.Model):
    """A figure of the portal that proposes points for an item, with its weight among the item's figures."""

    item = models.ForeignKey(SchemeItem, models.CASCADE, related_name="evidence")
    indicator = models.CharField(max_length=40)  # portal.kernel.indicators
    weight = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["item", "indicator"], name="scheme_evidence_once"),
            models.CheckConstraint(name="scheme_evidence_weighs", condition=Q(weight__gte=1, weight__lte=100)),
        ]
