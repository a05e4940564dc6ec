"""The union's bulletin (《工会工作信息》): its issues, and what stands in them in which order."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person, Unit

from ..enums import BulletinState, EntryKind
from .publications import Publication

TOTAL = 0  # the year under which a unit's issues of all years are counted


class BulletinSeries(models.Model):
    """The last number of a unit's issues in a year, and with the year 0 in all; adding one is the lock."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="bulletin_series_is_unique")]


class BulletinIssue(models.Model):
    """
    One issue: a draft that the union compiles, or what another person has issued.

    It has a number once it is issued; from then on neither it nor its entries
    change. ``since`` and ``until`` are the days it looks back on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField(null=True)
    serial = models.PositiveIntegerField(null=True)
    total = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=BulletinState.choices, default=BulletinState.DRAFT)
    title = models.CharField(_("title"), max_length=80)
    lead = models.TextField(_("editorial"), blank=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))
    report_to = models.CharField(_("reported to"), max_length=200, blank=True)
    send_to = models.CharField(_("sent to"), max_length=200, blank=True)
    compiled_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    compiled_at = models.DateTimeField()
    submitted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    back_note = models.CharField(max_length=300, blank=True)
    issued_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "serial"], name="bulletin_number_is_unique"),
            models.UniqueConstraint(fields=["unit", "total"], name="bulletin_total_is_unique"),
            models.CheckConstraint(
                name="bulletin_issued_has_number",
                condition=Q(
                    state=BulletinState.ISSUED,
                    serial__isnull=False,
                    total__isnull=False,
                    issued_at__isnull=False,
                    submitted_by__isnull=False,
                )
                & ~Q(fingerprint="")
                | ~Q(state=BulletinState.ISSUED) & Q(serial__isnull=True, total__isnull=True, issued_at__isnull=True),
            ),
            models.CheckConstraint(
                name="bulletin_issued_by_another",
                condition=Q(issued_by__isnull=True) | ~Q(issued_by=F("compiled_by")) & ~Q(issued_by=F("submitted_by")),
            ),
            models.CheckConstraint(name="bulletin_ends_after_start", condition=Q(until__gte=F("since"))),
        ]
        indexes = [
            models.Index(fields=["-issued_at", "-id"], name="bulletin_newest", condition=Q(serial__isnull=False)),
            models.Index(fields=["unit", "state", "-compiled_at"], name="bulletin_by_unit"),
        ]

    @property
    def number(self):
        """The number in addresses, such as 2026-3; empty before it is issued."""
        return f"{self.year}-{self.serial}" if self.serial else ""


class BulletinEntry(models.Model):
    """
    One part of an issue: an answer to workers, a disclosure, figures, or a text of its own.

    Empty fields of a draft's entry are read from what it stands for; when the
    issue is issued they are filled in for good.
    """

    issue = models.ForeignKey(BulletinIssue, models.PROTECT, related_name="entries")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    reply = models.ForeignKey("feedback.Reply", models.PROTECT, null=True, related_name="+")
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, related_name="+")
    heading = models.CharField(_("heading"), max_length=120, blank=True)
    question = models.TextField(blank=True)
    text = models.TextField(_("text"), blank=True)
    values = models.JSONField(default=dict)
    has_delivered = models.BooleanField(default=False)  # whether the answer reached the workers by this issue

    class Meta:
        ordering = ("issue", "place", "id")
        constraints = [
            models.UniqueConstraint(fields=["issue", "reply"], name="bulletin_prints_reply_once"),
            models.UniqueConstraint(fields=["issue", "publication"], name="bulletin_prints_text_once"),
            models.UniqueConstraint(
                fields=["issue"], condition=Q(kind=EntryKind.FIGURES), name="bulletin_prints_figures_once"
            ),
            models.CheckConstraint(
                name="bulletin_entry_is_of_its_kind",
                condition=Q(kind=EntryKind.REPLY, reply__isnull=False, publication__isnull=True)
                | Q(kind__in=[EntryKind.PUBLICATION, EntryKind.NOTICE], reply__isnull=True, publication__isnull=False)
                | Q(kind__in=[EntryKind.FIGURES, EntryKind.TEXT], reply__isnull=True, publication__isnull=True),
            ),
        ]
