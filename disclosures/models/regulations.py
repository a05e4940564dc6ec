"""The library of regulations (制度库): regulations and process flows, their versions and since when they hold."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.models import Person, Unit

from ..enums import Audience, RegulationAct, RegulationCategory, RegulationKind, RegulationState


class Regulation(models.Model):
    """A regulation or process flow under its code; what it says and since when is in its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=4, choices=RegulationKind.choices, default=RegulationKind.RULE)
    code = models.CharField(_("code"), max_length=24, unique=True)
    category = models.CharField(
        pgettext_lazy("regulation", "category"), max_length=12, choices=RegulationCategory.choices
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("responsible unit"))
    audience = models.CharField(_("readers"), max_length=10, choices=Audience.choices, default=Audience.EVERYBODY)

    class Meta:
        ordering = ("code",)
        indexes = [models.Index(fields=["category", "code"], name="regulation_by_category")]

    def __str__(self):
        return self.code

    @property
    def owner(self):
        """The unit that prepares, as the rules of sight ask for it."""
        return self.unit


def holds_on(day):
    """Return a Q for rows that hold on a day: begun, and not yet followed by another; a comparison, not a state."""
    return Q(in_force_from__lte=day) & (Q(in_force_to__isnull=True) | Q(in_force_to__gt=day))


class RegulationVersionQuerySet(models.QuerySet):
    def approved(self):
        """Those that were approved: what holds, held or will hold."""
        return self.filter(state=RegulationState.APPROVED)

    def holding(self, day):
        """Those that hold on a day."""
        return self.approved().filter(holds_on(day))


class RegulationVersion(models.Model):
    """
    What a regulation says from a day on, or that it is repealed from a day on.

    The approved rows of a regulation follow one another without gap or overlap:
    each holds from its first day until the next one's (``in_force_to``, which is
    no longer part of it). Once approved nothing of it changes but that end.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="versions")
    act = models.CharField(max_length=6, choices=RegulationAct.choices, default=RegulationAct.TEXT)
    number = models.PositiveSmallIntegerField(null=True)  # of an approved text
    state = models.CharField(max_length=9, choices=RegulationState.choices, default=RegulationState.DRAFT)
    title = models.CharField(_("title"), max_length=80)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    body = models.TextField(_("text"), blank=True)
    note = models.CharField(_("what was changed and why"), max_length=300, blank=True)
    consulted = models.TextField(_("how it came about"), blank=True)
    in_force_from = models.DateField(_("in force from"))
    in_force_to = models.DateField(null=True)
    # The first day on which it was in force and could be known: what "changed since" goes by.
    news_on = models.DateField(null=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    folded = models.TextField(blank=True)  # code, title, number and text, folded as the search folds them
    filed_as = models.CharField(max_length=80, blank=True)  # under which key the search has it
    entered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    remark = models.CharField(max_length=300, blank=True)  # of whoever sent it back or approved it
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    is_imported = models.BooleanField(default=False)  # taken over from the stock, approved outside this portal
    idempotency_key = models.UUIDField(unique=True, default=uuid.uuid4)

    objects = RegulationVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["regulation", "number"], name="regulation_version_is_unique"),
            models.UniqueConstraint(
                fields=["regulation"],
                condition=Q(state__in=(RegulationState.DRAFT, RegulationState.WAITING)),
                name="one_regulation_draft_waits",
            ),
            models.UniqueConstraint(
                fields=["regulation"],
                condition=Q(state=RegulationState.APPROVED, in_force_to__isnull=True),
                name="regulation_has_one_last_version",
            ),
            models.UniqueConstraint(
                fields=["regulation", "in_force_from"],
                condition=Q(state=RegulationState.APPROVED),
                name="regulation_versions_begin_apart",
            ),
            models.CheckConstraint(
                name="regulation_ends_after_start",
                condition=Q(in_force_to__isnull=True) | Q(in_force_to__gt=F("in_force_from")),
            ),
            models.CheckConstraint(
                name="regulation_approved_by_another",
                condition=~Q(state=RegulationState.APPROVED)
                | Q(is_imported=True)
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("entered_by"))),
            ),
            models.CheckConstraint(
                name="regulation_approved_is_whole",
                condition=~Q(state=RegulationState.APPROVED)
                | (
                    Q(news_on__isnull=False, approved_at__isnull=False)
                    & ~Q(fingerprint="")
                    & (Q(act=RegulationAct.REPEAL, number__isnull=True) | Q(act="text", number__isnull=False))
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["regulation", "in_force_from"], name="regulation_by_day"),
            models.Index(
                fields=["-news_on", "-id"], name="regulation_news", condition=Q(state=RegulationState.APPROVED)
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_repeal(self):
        """Whether it takes the regulation out of force instead of saying anything."""
        return self.act == RegulationAct.REPEAL


class FlowStep(models.Model):
    """A step of a process flow, in order; frozen with its version."""

    version = models.ForeignKey(RegulationVersion, models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(_("what is done"), max_length=80)
    who = models.CharField(_("who does it"), max_length=60)
    takes = models.CharField(_("what comes in"), max_length=120, blank=True)
    gives = models.CharField(_("what comes out"), max_length=120, blank=True)
    limit = models.CharField(_("time limit"), max_length=40, blank=True)
    form = models.CharField(_("form used"), max_length=80, blank=True)

    class Meta:
        ordering = ("version", "number")
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="flow_step_is_unique")]


class RegulationImport(models.Model):
    """A file with regulations: what was read of it, what is wrong, and who let it be written."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file_name = models.CharField(max_length=120)
    file_sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=list)  # emptied once written or given up
    faults = models.JSONField(default=list)
    known = models.PositiveIntegerField(default=0)  # rows that are in the library already
    count = models.PositiveIntegerField(default=0)  # rows that are new
    uploaded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-uploaded_at",)


class RegulationLook(models.Model):
    """The day on which somebody last said that they had looked through what changed."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="+")
    looked_on = models.DateField()
