"""What leaders sign each year (责任书、承诺书), who has signed, and who is responsible for what (四责)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.accounts.models import Person, Unit
from portal.files.models import StoredFile

from ..enums import CommitmentKind, DutyRole, Party, RoundState


class CommitmentPlan(models.Model):
    """
    A unit renews a commitment every year by a day; what it says is where each year's draft begins.

    ``【年份】`` in title and text stands for the year of the round.
    """

    kind = models.CharField(_("sort of commitment"), max_length=8, choices=CommitmentKind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    title = models.CharField(_("title"), max_length=80)
    body = models.TextField(_("text"))
    month = models.PositiveSmallIntegerField(_("month"))
    day = models.PositiveSmallIntegerField(_("day"))
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)  # the last day
    set_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ("unit__path", "kind", "since")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "unit"], condition=Q(until__isnull=True), name="commitment_plan_runs_once"
            ),
            models.CheckConstraint(
                name="commitment_plan_has_a_day", condition=Q(month__gte=1, month__lte=12, day__gte=1, day__lte=31)
            ),
            models.CheckConstraint(
                name="commitment_plan_ends_after_start", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        ]


class CommitmentRound(models.Model):
    """
    One year's commitment of a unit; once open, its text never changes.

    ``upper`` names who signs for the level above where no appointment says so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(CommitmentPlan, models.PROTECT, related_name="rounds")
    kind = models.CharField(max_length=8, choices=CommitmentKind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=80)
    body = models.TextField(_("text"))
    upper = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=RoundState.choices, default=RoundState.DRAFT)
    fingerprint = models.CharField(max_length=64, blank=True)
    promise = models.OneToOneField("deadlines.Promise", models.PROTECT, related_name="commitment_round")
    drafted_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-year", "unit__path", "kind")
        constraints = [
            models.UniqueConstraint(fields=["kind", "unit", "year"], name="commitment_round_of_year_is_unique"),
            models.CheckConstraint(
                name="commitment_round_open_has_print",
                condition=~Q(state=RoundState.OPEN) | (~Q(fingerprint="") & Q(opened_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["year", "unit"], name="commitment_round_by_year")]

    def __str__(self):
        return self.title


class CommitmentSignature(models.Model):
    """
    Somebody in office has to sign a round, or has signed it.

    Written when the round opens, or when somebody comes into office later; who
    leaves before signing is released, and the row stays.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    round = models.ForeignKey(CommitmentRound, models.PROTECT, related_name="signatures")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    party = models.CharField(max_length=5, choices=Party.choices)
    role = models.CharField(max_length=20, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")  # for which the office is held
    name = models.CharField(max_length=40)  # as it stood then; as signed once it is signed
    title = models.CharField(max_length=40, blank=True)
    promise = models.OneToOneField("deadlines.Promise", models.PROTECT, related_name="commitment_signature")
    is_late_comer = models.BooleanField(default=False)
    signed_at = models.DateTimeField(null=True)
    is_paper = models.BooleanField(default=False)
    paper_on = models.DateField(null=True)  # the day written on the paper
    fingerprint = models.CharField(max_length=64, blank=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("round", "id")
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="commitment_is_signed_once"),
            models.CheckConstraint(
                name="commitment_signed_has_print", condition=Q(signed_at__isnull=True) | ~Q(fingerprint="")
            ),
            models.CheckConstraint(
                name="commitment_signed_or_released", condition=Q(signed_at__isnull=True) | Q(released_at__isnull=True)
            ),
        ]


class PaperSignature(models.Model):
    """A scan of what was signed on paper; it counts once a second person has compared it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    signature = models.ForeignKey(CommitmentSignature, models.PROTECT, related_name="papers")
    scan = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    signed_on = models.DateField(_("day on the paper"))
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    is_accepted = models.BooleanField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["signature"], condition=Q(is_accepted__isnull=True), name="one_paper_waits"
            ),
            models.CheckConstraint(
                name="paper_checked_by_another",
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("entered_by")),
            ),
        ]


class Responsibility(models.Model):
    """One of the four responsibilities of a unit as its union chair has set it; wins over what appointments say."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    role = models.CharField(_("responsibility"), max_length=10, choices=DutyRole.choices)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(_("or in words"), max_length=60, blank=True)  # a body such as 职工代表大会
    reason = models.CharField(max_length=200)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)  # the last day
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ("unit__path", "role", "since", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "role", "person"],
                condition=Q(until__isnull=True, person__isnull=False),
                name="responsibility_is_set_once",
            ),
            models.CheckConstraint(
                name="responsibility_is_somebodys",
                condition=Q(person__isnull=False, words="") | (Q(person__isnull=True) & ~Q(words="")),
            ),
            models.CheckConstraint(
                name="responsibility_ends_after_start", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        ]


__all__ = [
    "CommitmentPlan",
    "CommitmentRound",
    "CommitmentSignature",
    "PaperSignature",
    "Responsibility",
]
