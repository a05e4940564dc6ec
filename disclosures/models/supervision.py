"""What supervisors find, and what readers did with a text: only as many as must be known."""

import uuid

from django.db import models
from django.db.models import F, Q

from portal.accounts.models import Person, Unit

from ..enums import FlagReason, OpinionKind
from .publications import Publication


class Rectification(models.Model):
    """The supervisory group's flag on a publication, and what the unit did about it by when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="rectifications")
    reason = models.CharField(max_length=12, choices=FlagReason.choices)
    demand = models.CharField(max_length=500)
    flagged_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    flagged_at = models.DateTimeField()
    promise = models.OneToOneField("deadlines.Promise", models.PROTECT, related_name="rectification")
    done = models.CharField(max_length=500, blank=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    is_accepted = models.BooleanField(null=True)
    check_note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rectification_checked_by_another",
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("done_by")),
            ),
        ]


class ReadCount(models.Model):
    """How often a text was opened on a day; who opened it is nobody's business."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    n = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "day"], name="readcount_is_unique")]


class Acknowledgement(models.Model):
    """A worker has read what must be read; shown only as totals of units."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "person"], name="acknowledged_once")]


class Subscription(models.Model):
    """A worker wants to be told of what a section or a unit publishes."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    section = models.CharField(max_length=1, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "section", "unit"], name="subscribed_once"),
            models.UniqueConstraint(
                fields=["person", "section"], condition=Q(unit__isnull=True), name="subscribed_to_section_once"
            ),
            models.CheckConstraint(
                name="subscription_is_to_something", condition=~Q(section="") | Q(unit__isnull=False)
            ),
        ]


class Opinion(models.Model):
    """
    What a worker says about a publication, objects to in a notice, or misses altogether: answered as an inquiry.

    Nothing of the author is kept here; that is the inquiry's to guard.
    """

    kind = models.CharField(max_length=10, choices=OpinionKind.choices)
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, related_name="opinions")
    item = models.ForeignKey("CatalogueItem", models.PROTECT, null=True, related_name="+")
    inquiry = models.OneToOneField("feedback.Inquiry", models.PROTECT, related_name="opinion", primary_key=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="opinion_is_about_a_text_or_a_gap",
                condition=Q(kind="request", publication__isnull=True)
                | (~Q(kind="request") & Q(publication__isnull=False)),
            ),
        ]
