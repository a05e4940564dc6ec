"""Who handles a matter, what was returned, planned and said on the way."""

import uuid

from django.db import models
from django.db.models import F, Q

from portal.accounts.models import Person, Unit

from ..enums import AssignmentRole
from .inquiry import Inquiry


class Assignment(models.Model):
    """A department's part in a matter; ends when it is returned or given to another."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    role = models.CharField(max_length=6, choices=AssignmentRole.choices)
    instruction = models.CharField(max_length=500, blank=True)  # 批示
    assigned_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    assigned_on = models.DateField()
    return_by = models.DateField()
    ended_on = models.DateField(null=True)
    # What an assisting department contributes to the reply.
    contribution = models.TextField(blank=True)
    contributed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inquiry"],
                condition=Q(role="lead", ended_on__isnull=True),
                name="one_lead_department_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["inquiry", "unit"], condition=Q(ended_on__isnull=True), name="a_department_is_assigned_once"
            ),
        ]
        indexes = [models.Index(fields=["unit"], name="assignment_open_by_unit", condition=Q(ended_on__isnull=True))]


class ReturnRequest(models.Model):
    """A department says "not ours" and gives its reason; the union decides."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="returns")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    proposed_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inquiry"], condition=Q(is_granted__isnull=True), name="one_return_asked_at_a_time"
            ),
            models.CheckConstraint(
                name="return_decided_by_another", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by"))
            ),
        ]


class Plan(models.Model):
    """A negotiated plan (协商方案): what was agreed between departments and workers, and by whom."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="plans")
    text = models.TextField()
    parties = models.CharField(max_length=200)
    agreed_on = models.DateField(null=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_on = models.DateField()


class Message(models.Model):
    """A word between the author and those who handle the matter; the author's have a day, no time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="messages")
    is_from_author = models.BooleanField()
    text = models.TextField()
    on = models.DateField()
    place = models.PositiveIntegerField()  # order within the matter
    sent_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # never an author
    asks_for_more = models.BooleanField(default=False)  # pauses the clock
    idempotency_key = models.UUIDField(unique=True, null=True)

    class Meta:
        ordering = ("place",)
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "place"], name="message_place_is_unique"),
            models.CheckConstraint(
                name="author_of_message_is_unnamed", condition=Q(is_from_author=False) | Q(sent_by__isnull=True)
            ),
        ]
