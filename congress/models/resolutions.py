"""Resolutions (决议) with their wordings, tasks, what was done of them, and the reports to the next session."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person, Unit
from portal.exports.official import document_number
from portal.files.models import StoredFile

from ..enums import ReportKind, ReportState, ResolutionState, TaskState
from .agenda import AgendaItem
from .motions import Motion
from .sessions import Session

SERIES = "职代会决"


class ResolutionSeries(models.Model):
    """The last number of a unit's register in a year; adding one is the lock, so that numbers have no gap."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "resolution series"
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="congress_register_of_year_is_one")]


class Resolution(models.Model):
    """
    What the congress resolved on one adopted item; what it says is in versions.

    Numbered when it is issued. ``replaces`` is the earlier resolution that this one
    puts out of force: only the congress changes what it has resolved.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, models.PROTECT, related_name="resolutions")
    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="resolution")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    year = models.PositiveSmallIntegerField(null=True)
    serial = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=ResolutionState.choices, default=ResolutionState.DRAFT)
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-issued_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "serial"], name="congress_resolution_number_is_unique"),
            models.CheckConstraint(
                name="congress_resolution_issued_has_number",
                condition=Q(state=ResolutionState.DRAFT, serial__isnull=True, issued_at__isnull=True)
                | (
                    ~Q(state=ResolutionState.DRAFT)
                    & Q(serial__isnull=False, year__isnull=False, issued_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="congress_resolution_replaces_another",
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")),
            ),
        ]
        indexes = [models.Index(fields=["state", "-issued_at"], name="congress_resolution_newest")]

    def __str__(self):
        return self.number or str(self.pk)

    @property
    def number(self):
        """The number in the register: 职代会决〔2026〕3号; empty before it is issued."""
        return document_number(SERIES, self.year, self.serial) if self.serial else ""


class ResolutionVersion(models.Model):
    """
    What a resolution says: the first wording, and each correction of a slip with its reason.

    Frozen when somebody else issues it; the fingerprint is printed beside it.
    """

    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField()
    reason = models.CharField(_("what was corrected and why"), max_length=300, blank=True)
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    issued_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("resolution", "number")
        constraints = [
            models.UniqueConstraint(fields=["resolution", "number"], name="congress_wording_is_unique"),
            models.UniqueConstraint(
                fields=["resolution"], condition=Q(issued_at__isnull=True), name="congress_one_wording_waits"
            ),
            models.CheckConstraint(
                name="congress_wording_issued_by_another",
                condition=Q(issued_at__isnull=True)
                | (Q(issued_by__isnull=False) & ~Q(sha256="") & ~Q(issued_by=F("written_by"))),
            ),
            models.CheckConstraint(name="congress_correction_has_reason", condition=Q(number=1) | ~Q(reason="")),
        ]


class ResolutionTask(models.Model):
    """Something that has to be done for a resolution: by whom, by when, how far it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="tasks")
    title = models.CharField(_("what has to be done"), max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(_("by"))
    promise = models.OneToOneField("deadlines.Promise", models.PROTECT, related_name="resolution_task")
    state = models.CharField(max_length=8, choices=TaskState.choices, default=TaskState.OPEN)
    percent = models.PositiveSmallIntegerField(default=0)  # that of the latest entry
    reason = models.CharField(max_length=300, blank=True)  # why it is no longer owed
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ("due_on", "set_at", "pk")
        constraints = [
            models.CheckConstraint(
                name="congress_task_done_is_whole",
                condition=Q(percent__lte=100) & (~Q(state=TaskState.DONE) | Q(percent=100)),
            ),
            models.CheckConstraint(
                name="congress_task_dropped_says_why", condition=~Q(state=TaskState.DROPPED) | ~Q(reason="")
            ),
        ]

    def __str__(self):
        return self.title


class TaskEntry(models.Model):
    """How far a task is on a day; rows are only added."""

    task = models.ForeignKey(ResolutionTask, models.PROTECT, related_name="entries")
    percent = models.PositiveSmallIntegerField(_("per cent"))
    text = models.CharField(max_length=500)
    on = models.DateField(_("as of"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name_plural = "task entries"
        ordering = ("task", "pk")
        constraints = [models.CheckConstraint(name="congress_entry_is_a_share", condition=Q(percent__lte=100))]


class TaskEvidence(models.Model):
    """A photo or paper that shows what an entry says."""

    entry = models.ForeignKey(TaskEntry, models.PROTECT, related_name="evidence")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "task evidence"
        ordering = ("pk",)


class ImplementationReport(models.Model):
    """
    What a session is told of an earlier resolution, or of a filed motion: how it was carried out, or why nothing yet.

    ``item`` is the item under which the delegates examine it or vote on it; what
    becomes of the item becomes of the report. Only a final report that is approved
    by a vote ends a resolution.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.PROTECT, related_name="implementation")
    resolution = models.ForeignKey(Resolution, models.PROTECT, null=True, related_name="reports")
    motion = models.ForeignKey(Motion, models.PROTECT, null=True, related_name="reports")
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="implementation")
    kind = models.CharField(max_length=8, choices=ReportKind.choices)
    text = models.CharField(max_length=2000)
    is_final = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.GIVEN)
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("written_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["session", "resolution"], name="congress_reported_once_a_session"),
            models.UniqueConstraint(fields=["session", "motion"], name="congress_motion_reported_once_a_session"),
            models.CheckConstraint(
                name="congress_report_is_on_one_thing",
                condition=Q(resolution__isnull=True, motion__isnull=False)
                | Q(resolution__isnull=False, motion__isnull=True),
            ),
            models.CheckConstraint(name="congress_report_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="congress_final_report_is_on_a_resolution",
                condition=Q(is_final=False) | Q(kind=ReportKind.REPORT, resolution__isnull=False),
            ),
            models.CheckConstraint(
                name="congress_report_decided_has_time",
                condition=Q(state=ReportState.GIVEN) | Q(decided_at__isnull=False),
            ),
        ]
