"""Consultation before a decision (征求意见): the draft, its clauses, what workers say, what they are answered."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback.enums import HidingReason
from portal.accounts.models import Person, Unit
from portal.kernel.days import day_end

from ..enums import Audience, ConsultationState, GroupOutcome, OpinionMode, Stance
from .catalogue import CatalogueItem

S = ConsultationState


class ConsultationQuerySet(models.QuerySet):
    def opened(self):
        """Those that the workers have seen: open, over, answered, decided, or abandoned after the opening."""
        return self.filter(opened_at__isnull=False)


class Consultation(models.Model):
    """
    A draft rule that goes to the workers before it is decided.

    ``body`` is frozen at the opening; it is open to opinions to the end of
    ``closes_on``, whatever a job has recorded. ``written_by`` is who wrote the
    draft last, ``prepared_by`` who wrote the report: others open and decide.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    department = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    item = models.ForeignKey(CatalogueItem, models.PROTECT, null=True, blank=True, related_name="consultations")
    state = models.CharField(max_length=10, choices=S.choices, default=S.DRAFT)
    title = models.CharField(_("title"), max_length=80)
    lead = models.TextField(_("why, and what changes"))
    body = models.TextField(_("draft text"))
    audience = models.CharField(_("readers"), max_length=10, choices=Audience.choices, default=Audience.UNIT)
    workdays = models.PositiveSmallIntegerField(_("period in working days"))

    drafted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    handed_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closes_on = models.DateField(null=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    answer_promise = models.OneToOneField("deadlines.Promise", models.PROTECT, null=True, related_name="+")
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    report_promise = models.OneToOneField("deadlines.Promise", models.PROTECT, null=True, related_name="+")

    final_body = models.TextField(_("final text"), blank=True)
    summary = models.TextField(_("what we heard, what we changed"), blank=True)
    method = models.TextField(_("how it was decided"), blank=True)
    decided_on = models.DateField(_("decided on"), null=True)
    document = models.CharField(_("document number"), max_length=60, blank=True)
    prepared_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField(null=True)
    return_note = models.CharField(max_length=300, blank=True)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    abandon_reason = models.CharField(max_length=300, blank=True)
    abandoned_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    abandoned_at = models.DateTimeField(null=True)
    idempotency_key = models.UUIDField(unique=True)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="consultation_open_has_period",
                condition=Q(state__in=(S.DRAFT, S.ABANDONED)) | Q(opened_at__isnull=False, closes_on__isnull=False),
            ),
            models.CheckConstraint(
                name="consultation_opened_by_another",
                condition=Q(opened_by__isnull=True) | (~Q(opened_by=F("drafted_by")) & ~Q(opened_by=F("written_by"))),
            ),
            models.CheckConstraint(
                name="consultation_decided_by_another",
                condition=~Q(state=S.DECIDED)
                | (Q(published_by__isnull=False, published_at__isnull=False) & ~Q(published_by=F("prepared_by"))),
            ),
            models.CheckConstraint(
                name="consultation_abandoned_has_reason", condition=~Q(state=S.ABANDONED) | ~Q(abandon_reason="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["-opened_at", "-id"], name="consultation_newest", condition=Q(opened_at__isnull=False)
            ),
            models.Index(fields=["state", "closes_on", "id"], name="consultation_by_state"),
        ]

    def __str__(self):
        return self.title

    @property
    def owner(self):
        """The unit that prepares: the department, or the unit itself."""
        return self.department or self.unit

    def is_open(self, at):
        """Whether opinions are taken at a moment: to the end of the last day, whatever has been recorded."""
        return self.state == S.OPEN and self.opened_at <= at < day_end(self.closes_on)

    def is_over(self, at):
        """Whether the period has ended by the clock and nothing further has come of it."""
        return self.state == S.CLOSED or (self.state == S.OPEN and at >= day_end(self.closes_on))

    def phase(self, at):
        """Return the state as the clock has it: an open one whose last day is over is closed."""
        return S.CLOSED if self.is_over(at) else S(self.state)


class ConsultationExtension(models.Model):
    """A period made longer, for a reason that everybody reads."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="extensions")
    before = models.DateField()
    after = models.DateField()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("consultation", "after")
        constraints = [
            models.CheckConstraint(name="consultation_extension_is_longer", condition=Q(after__gt=F("before"))),
            models.UniqueConstraint(fields=["consultation", "before"], name="consultation_extended_once_from_a_day"),
        ]


class ConsultationClause(models.Model):
    """A clause of a draft as it was opened; ``section`` is the heading it stands under."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="clauses")
    ordinal = models.PositiveSmallIntegerField()
    anchor = models.CharField(max_length=40)
    label = models.CharField(max_length=60)
    section = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    is_changed = models.BooleanField(null=True)  # whether the final text words it otherwise; known when decided

    class Meta:
        ordering = ("consultation", "ordinal")
        constraints = [
            models.UniqueConstraint(fields=["consultation", "ordinal"], name="consultation_clause_has_one_place"),
            models.UniqueConstraint(fields=["consultation", "anchor"], name="consultation_clause_has_one_anchor"),
        ]


class ConsultationGroup(models.Model):
    """Opinions that say the same, with one answer to all of them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="groups")
    ordinal = models.PositiveSmallIntegerField()
    heading = models.CharField(_("what they say, in one line"), max_length=80)
    summary = models.TextField(_("what they say, summed up"), blank=True)
    outcome = models.CharField(max_length=12, choices=GroupOutcome.choices, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("consultation", "ordinal")
        constraints = [
            models.UniqueConstraint(fields=["consultation", "ordinal"], name="consultation_group_has_one_place"),
            models.UniqueConstraint(fields=["consultation", "heading"], name="consultation_group_has_one_heading"),
            models.CheckConstraint(
                name="consultation_group_outcome_is_answered",
                condition=Q(outcome="") | (~Q(answer="") & Q(answered_by__isnull=False)),
            ),
        ]


class ConsultationOpinion(models.Model):
    """
    What somebody says about a clause, or about the whole.

    Under a nickname nobody is stored, and of nobody's opinion more of the time
    than the day; the random key is the order in which opinions are shown, so
    that no list tells in which order they came.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="opinions", db_index=False)
    clause = models.ForeignKey(ConsultationClause, models.PROTECT, null=True, related_name="opinions", db_index=False)
    stance = models.CharField(max_length=8, choices=Stance.choices)
    text = models.TextField()
    mode = models.CharField(max_length=8, choices=OpinionMode.choices)
    nickname = models.CharField(max_length=12, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    shows_name = models.BooleanField(default=False)
    given_on = models.DateField()
    group = models.ForeignKey(ConsultationGroup, models.PROTECT, null=True, related_name="opinions")
    hidden_reason = models.CharField(max_length=8, choices=HidingReason.choices, blank=True)
    hidden_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="consultation_nickname_hides_everybody",
                condition=Q(mode=OpinionMode.NAMED, person__isnull=False, nickname="")
                | (Q(mode=OpinionMode.NICKNAME, person__isnull=True, shows_name=False) & ~Q(nickname="")),
            ),
            models.CheckConstraint(
                name="consultation_hiding_has_author",
                condition=Q(hidden_reason="", hidden_by__isnull=True)
                | (~Q(hidden_reason="") & Q(hidden_by__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["consultation", "clause", "id"], name="consultation_opinion_of_clause")]


__all__ = [
    "Consultation",
    "ConsultationClause",
    "ConsultationExtension",
    "ConsultationGroup",
    "ConsultationOpinion",
]
