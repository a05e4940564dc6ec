"""Briefings (厂情发布会): who owes one each month, what was told to whom, what was asked, and the minutes."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person, Unit
from portal.files.models import StoredFile

from ..enums import AttendanceGroup, Audience, BriefingState, Frequency


class BriefingPlan(models.Model):
    """A unit owes a briefing each month from a day on."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)  # the last day
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("unit__path", "since")
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(until__isnull=True), name="briefing_plan_runs_once_for_a_unit"
            ),
            models.CheckConstraint(
                name="briefing_plan_ends_after_start", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        ]


class Briefing(models.Model):
    """
    One meeting at which a unit tells how it stands: announced, held, its minutes published.

    ``starts_at`` is the day that holds now; what it was before stands in
    moves. Only how many came is kept, never who.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False, verbose_name=_("unit"))
    state = models.CharField(max_length=10, choices=BriefingState.choices, default=BriefingState.PLANNED)
    title = models.CharField(_("title"), max_length=80)
    starts_at = models.DateTimeField(_("begins at"))
    place = models.CharField(_("place"), max_length=80)
    online = models.CharField(_("how to follow it from elsewhere"), max_length=200, blank=True)
    audience = models.CharField(_("readers"), max_length=10, choices=Audience.choices, default=Audience.EVERYBODY)
    chair = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("chair"))
    planned_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    cancel_reason = models.CharField(max_length=300, blank=True)
    cancelled_at = models.DateTimeField(null=True)
    promise = models.OneToOneField("deadlines.Promise", models.PROTECT, null=True, related_name="briefing")
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="briefing_held_has_time",
                condition=Q(state__in=("held", "minuted"), held_at__isnull=False, promise__isnull=False)
                | (~Q(state__in=("held", "minuted")) & Q(held_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="briefing_cancelled_has_reason",
                condition=(Q(state="cancelled") & ~Q(cancel_reason="")) | (~Q(state="cancelled") & Q(cancel_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-starts_at", "id"], name="briefing_by_unit"),
            models.Index(fields=["-starts_at", "-id"], name="briefing_newest"),
        ]

    def __str__(self):
        return self.title

    @property
    def owner(self):
        """The unit that prepares it, as of publications."""
        return self.unit


class BriefingMove(models.Model):
    """When and where a briefing was to be before it was put off, and why."""

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="moves")
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=80)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)


class BriefingDuty(models.Model):
    """The briefing that a unit owes for a month; one for each, so that none can be missed twice."""

    id = models.UUIDField(primary_key=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField()
    promise = models.OneToOneField("deadlines.Promise", models.PROTECT, related_name="briefing_duty")
    briefing = models.OneToOneField(Briefing, models.PROTECT, null=True, related_name="duty")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "starts_on"], name="briefing_duty_of_month_is_unique"),
            models.CheckConstraint(name="briefing_duty_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))),
        ]

    @property
    def frequency(self):
        """How often it is owed, as of the duties of the catalogue."""
        return Frequency.MONTH


class AgendaItem(models.Model):
    """One point of the agenda: who speaks about what, how long, and what was said."""

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="agenda")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    speaker = models.CharField(max_length=40, blank=True)
    speaker_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    minutes = models.PositiveSmallIntegerField(null=True)
    summary = models.TextField(blank=True)

    class Meta:
        ordering = ("briefing", "order")
        constraints = [models.UniqueConstraint(fields=["briefing", "order"], name="agenda_place_is_unique")]


class BriefingAttendance(models.Model):
    """How many of a group were invited and came."""

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="attendance")
    group = models.CharField(max_length=10, choices=AttendanceGroup.choices)
    invited = models.PositiveIntegerField(default=0)
    present = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["briefing", "group"], name="attendance_group_is_counted_once")]


class BriefingFile(models.Model):
    """Slides and tables; what hung on published minutes stays for good."""

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)


class BriefingFigure(models.Model):
    """A small table of figures: rows of [label, this month, last month, plan], drawn as a chart as well."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="figures")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=60)
    measure = models.CharField(max_length=12, blank=True)
    rows = models.JSONField()
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ("briefing", "order", "id")


class BriefingQuestion(models.Model):
    """
    A question asked on the spot or handed in before: answered there, or left open and answered as an inquiry.

    ``asker`` is known to the desk only; ``asked_by`` is what everybody reads,
    a group or a name given in the meeting.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="questions")
    text = models.TextField()
    asked_by = models.CharField(max_length=40, blank=True)
    asker = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    is_beforehand = models.BooleanField(default=False)
    asked_on = models.DateField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=40, blank=True)
    inquiry = models.OneToOneField("feedback.Inquiry", models.PROTECT, null=True, related_name="briefing_question")
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ("briefing", "-is_beforehand", "asked_on", "id")


class BriefingMinutes(models.Model):
    """A version of the minutes; a draft until somebody else publishes it, and then it never changes."""

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="minutes")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    note = models.CharField(max_length=300, blank=True)
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    fingerprint = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("briefing", "number")
        constraints = [
            models.UniqueConstraint(fields=["briefing", "number"], name="minutes_version_is_unique"),
            models.CheckConstraint(name="minutes_changes_are_noted", condition=Q(number=1) | ~Q(note="")),
            models.CheckConstraint(
                name="minutes_published_by_another",
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("written_by")),
            ),
        ]


__all__ = [
    "AgendaItem",
    "Briefing",
    "BriefingAttendance",
    "BriefingDuty",
    "BriefingFigure",
    "BriefingFile",
    "BriefingMinutes",
    "BriefingMove",
    "BriefingPlan",
    "BriefingQuestion",
]
