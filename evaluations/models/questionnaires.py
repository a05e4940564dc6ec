"""Appraisal sheets and their editions: dimensions and items are rows with weights, and an edition never changes."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person, Unit

from ..enums import Grading, Satisfaction, ScaleKind

WHOLE = 1  # weights of an edition's dimensions, of a dimension's items and of a round's groups add up to it


class Questionnaire(models.Model):
    """A sheet of a unit, used by it and the units below; what it asks stands in its editions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=40)
    idempotency_key = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        ordering = ("name", "id")
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="questionnaire_name_once")]

    def __str__(self):
        return self.name


class Edition(models.Model):
    """One version of a sheet, as a round uses it; written once."""

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    scale = models.CharField(_("scale"), max_length=12, choices=ScaleKind.choices)
    step = models.PositiveSmallIntegerField(null=True)  # of a score
    source = models.CharField(_("source"), max_length=200)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("questionnaire", "-number")
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="edition_number_once"),
            models.CheckConstraint(
                name="edition_score_has_step",
                condition=Q(scale=ScaleKind.SCORE, step__isnull=False)
                | (~Q(scale=ScaleKind.SCORE) & Q(step__isnull=True)),
            ),
        ]

    def __str__(self):
        return f"{self.questionnaire} · {self.number}"


def _weight():
    return models.DecimalField(_("weight"), max_digits=6, decimal_places=4)


POSITIVE = Q(weight__gt=0, weight__lte=1)


class Dimension(models.Model):
    """One dimension of an edition (工作业绩, 思想政治, …) and its weight."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="dimensions")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=30)
    weight = _weight()

    class Meta:
        ordering = ("order",)
        constraints = [
            models.UniqueConstraint(fields=["edition", "order"], name="dimension_place_once"),
            models.UniqueConstraint(fields=["edition", "name"], name="dimension_name_once"),
            models.CheckConstraint(name="dimension_weight_is_a_share", condition=POSITIVE),
        ]

    def __str__(self):
        return self.name


class Item(models.Model):
    """One question within a dimension; a dimension without items of its own is asked as one."""

    dimension = models.ForeignKey(Dimension, models.PROTECT, related_name="items")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    weight = _weight()

    class Meta:
        ordering = ("dimension__order", "order")
        constraints = [
            models.UniqueConstraint(fields=["dimension", "order"], name="item_place_once"),
            models.CheckConstraint(name="item_weight_is_a_share", condition=POSITIVE),
        ]

    def __str__(self):
        return self.name


class ScalePoint(models.Model):
    """What a grade is worth in an edition, with its source; a score is worth itself and has no rows."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="scale_points")
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12)
    points = models.DecimalField(max_digits=6, decimal_places=2)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ("order",)
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="scale_point_once")]

    def __str__(self):
        return f"{self.code}: {self.points}"

    @property
    def label(self):
        """The word of the scale."""
        words = Grading if self.edition.scale == ScaleKind.GRADE else Satisfaction
        return words(self.code).label
