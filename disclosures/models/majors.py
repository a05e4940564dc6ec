"""The register of major decisions (三重一大): what was decided, how it is carried out, where it was disclosed."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.models import Person, Unit

from ..enums import Audience, Execution, MajorKind, MajorState, Meeting
from .publications import Publication


class MajorSeries(models.Model):
    """The last public number of a year in the register; adding one is the lock, so that numbers have no gap."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()


class MajorDecision(models.Model):
    """
    A decision of the register; what it says is in versions, how it goes on in progress entries.

    Never edited: a correction is another version that somebody else lets stand.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    department = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("sort of matter"), max_length=10, choices=MajorKind.choices)
    year = models.PositiveSmallIntegerField(null=True)
    serial = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=MajorState.choices, default=MajorState.WAITING)
    decided_on = models.DateField(_("decided on"))
    meeting = models.CharField(_("decided by"), max_length=10, choices=Meeting.choices)
    responsible = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsible person")
    )
    planned_end = models.DateField(_("planned end"), null=True, blank=True)
    audience = models.CharField(_("readers"), max_length=10, choices=Audience.choices, default=Audience.EVERYBODY)
    registered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    finish = models.OneToOneField("deadlines.Promise", models.PROTECT, null=True, related_name="major_finish")
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="major_number_is_unique"),
            models.CheckConstraint(
                name="major_public_has_number",
                condition=Q(state=MajorState.PUBLIC, serial__isnull=False, published_at__isnull=False)
                | (~Q(state=MajorState.PUBLIC) & Q(serial__isnull=True)),
            ),
            models.CheckConstraint(
                name="major_ends_after_decision",
                condition=Q(planned_end__isnull=True) | Q(planned_end__gte=F("decided_on")),
            ),
        ]
        indexes = [
            models.Index(fields=["-decided_on", "-id"], name="major_newest", condition=Q(serial__isnull=False)),
            models.Index(fields=["unit", "-decided_on", "-id"], name="major_by_unit"),
        ]

    def __str__(self):
        return self.number or str(self.pk)

    @property
    def number(self):
        """The public number in addresses, such as 2026-0012; empty before it has one."""
        return f"{self.year}-{self.serial:04d}" if self.serial else ""

    @property
    def owner(self):
        """The unit that carries it out: the department, or the unit itself."""
        return self.department or self.unit


class MajorVersion(models.Model):
    """What the register says of a decision from a moment on; waits for a second person, then never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(MajorDecision, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    subject = models.CharField(pgettext_lazy("decision", "subject"), max_length=80)
    content = models.TextField(_("what was decided"))
    basis = models.CharField(_("basis"), max_length=300, blank=True)
    vote = models.CharField(_("discussion and vote"), max_length=300, blank=True)
    note = models.CharField(_("what was changed and why"), max_length=300, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_granted = models.BooleanField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("decision", "number")
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="major_version_is_unique"),
            models.UniqueConstraint(
                fields=["decision"], condition=Q(is_granted__isnull=True), name="one_major_version_waits"
            ),
            models.CheckConstraint(
                name="major_version_by_another", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by"))
            ),
            models.CheckConstraint(name="major_changes_are_noted", condition=Q(number=1) | ~Q(note="")),
        ]


class MajorProgress(models.Model):
    """How far a decision has been carried out on a day; rows are only added."""

    decision = models.ForeignKey(MajorDecision, models.PROTECT, related_name="progress")
    status = models.CharField(_("how far"), max_length=10, choices=Execution.choices)
    percent = models.PositiveSmallIntegerField(_("per cent"))
    text = models.CharField(_("what was done, what is in the way"), max_length=500)
    on = models.DateField(_("as of"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ("decision", "id")
        constraints = [
            models.CheckConstraint(name="major_progress_is_a_share", condition=Q(percent__lte=100)),
            models.CheckConstraint(name="major_done_is_whole", condition=~Q(status=Execution.DONE) | Q(percent=100)),
        ]


class MajorReport(models.Model):
    """A half-year of a decision that is still being carried out: how far it is has to be said after its end."""

    id = models.UUIDField(primary_key=True, editable=False)
    decision = models.ForeignKey(MajorDecision, models.PROTECT, related_name="reports")
    starts_on = models.DateField()
    ends_on = models.DateField()
    promise = models.OneToOneField("deadlines.Promise", models.PROTECT, related_name="major_report")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "starts_on"], name="major_report_of_period_is_unique")
        ]


class MajorDisclosure(models.Model):
    """A publication that disclosed a decision."""

    decision = models.ForeignKey(MajorDecision, models.PROTECT, related_name="disclosures")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="+")
    linked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "publication"], name="major_is_linked_once"),
        ]


__all__ = [
    "MajorDecision",
    "MajorDisclosure",
    "MajorProgress",
    "MajorReport",
    "MajorSeries",
    "MajorVersion",
]
