"""Mandates of delegates, the meetings that gave or took them, the duty log and the yearly reports."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Gender
from portal.accounts.models import Person
from portal.files.models import StoredFile

from ..enums import LIVE, DelegateCategory, DutyKind, DutyState, MandateState, MeetingKind
from .terms import ElectingUnit, Term


class Meeting(models.Model):
    """
    A recorded meeting of an electing unit's staff that elected or recalled; never changed afterwards.

    ``staff`` is the head-count on the roster when it was recorded: the
    denominator of quorum and majority. ``votes`` counts those for a recall,
    ``about`` is whose: also a recall that failed is public, with its name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    electing_unit = models.ForeignKey(ElectingUnit, models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=12, choices=MeetingKind.choices)
    held_on = models.DateField(_("held on"))
    staff = models.PositiveIntegerField()
    took_part = models.PositiveIntegerField()
    half_is_enough = models.BooleanField()
    votes = models.PositiveIntegerField(null=True)
    about = models.ForeignKey("Mandate", models.PROTECT, null=True, related_name="+")
    is_carried = models.BooleanField()
    counters = models.CharField(_("counted and watched by"), max_length=200)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ("-held_on", "-recorded_at")
        constraints = [
            models.CheckConstraint(
                name="congress_meeting_has_its_quorum",
                condition=Q(took_part__lte=F("staff"), staff__gt=0)
                & Q(GreaterThanOrEqual(F("took_part") * 3, F("staff") * 2)),
            )
        ]


def holding(day=None, *, prefix=""):
    """Return the condition of who holds a seat: now, or as it was at the end of a day."""
    if day is None:
        return Q(**{f"{prefix}state__in": LIVE})
    stayed = Q(**{f"{prefix}state__in": LIVE}) | Q(**{f"{prefix}ended_on__gt": day})
    return stayed & Q(**{f"{prefix}meeting__held_on__lte": day, f"{prefix}seat__isnull": False})


class MandateQuerySet(models.QuerySet):
    def live(self):
        """Those who hold a seat."""
        return self.filter(state__in=LIVE)


class Mandate(models.Model):
    """
    Somebody's way as a delegate of a term: from candidate to the end of the mandate.

    ``seat`` numbers the seats of the electing unit: two elections recorded at
    once cannot fill one seat. ``vacancy`` is the by-election that the end of a
    mandate owes; the next holder of the seat meets it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="mandates")
    electing_unit = models.ForeignKey(ElectingUnit, models.PROTECT, related_name="mandates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="mandates")
    name = models.CharField(max_length=40)
    gender = models.CharField(max_length=6, choices=Gender.choices)
    category = models.CharField(max_length=10, choices=DelegateCategory.choices)
    state = models.CharField(max_length=16, choices=MandateState.choices, default=MandateState.CANDIDATE)
    nominated_at = models.DateTimeField()
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="mandates")
    votes = models.PositiveIntegerField(null=True)
    seat = models.PositiveSmallIntegerField(null=True)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    recall = models.OneToOneField(Meeting, models.PROTECT, null=True, related_name="recalled")
    ended_on = models.DateField(null=True)
    vacancy = models.OneToOneField("deadlines.Promise", models.PROTECT, null=True, related_name="vacant_mandate")

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering = ("electing_unit__unit__path", "seat", "nominated_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["electing_unit", "seat"], condition=Q(state__in=LIVE), name="congress_seat_is_held_once"
            ),
            models.UniqueConstraint(
                fields=["term", "person"],
                condition=Q(state__in=[MandateState.CANDIDATE, *LIVE]),
                name="congress_person_stands_once",
            ),
            models.CheckConstraint(
                name="congress_holder_has_a_seat",
                condition=~Q(state__in=LIVE) | (Q(seat__isnull=False) & Q(meeting__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["term", "state"], name="congress_mandate_by_state")]

    def __str__(self):
        return self.name


class DutyEntry(models.Model):
    """What a delegate did on a day, with the paid working time it took; the union confirms it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="duties")
    on = models.DateField(_("day"))
    kind = models.CharField(max_length=12, choices=DutyKind.choices)
    text = models.CharField(max_length=500)
    minutes = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=DutyState.choices, default=DutyState.WRITTEN)
    written_at = models.DateTimeField()
    answer = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ("-on", "-written_at", "pk")
        constraints = [
            models.CheckConstraint(name="congress_duty_fits_a_day", condition=Q(minutes__lte=1440)),
        ]


class DutyReport(models.Model):
    """A delegate's report of a year (述职), and how the electing unit rated it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField()
    promise = models.OneToOneField("deadlines.Promise", models.PROTECT, related_name="duty_report")
    text = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(null=True)
    rated_on = models.DateField(null=True)
    took_part = models.PositiveIntegerField(null=True)
    good = models.PositiveIntegerField(null=True)
    fair = models.PositiveIntegerField(null=True)
    poor = models.PositiveIntegerField(null=True)
    rated_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-year", "mandate__electing_unit__unit__path", "mandate__seat", "pk")
        constraints = [
            models.UniqueConstraint(fields=["mandate", "year"], name="congress_report_once_a_year"),
            models.CheckConstraint(
                name="congress_rating_follows_the_report",
                condition=Q(rated_on__isnull=True) | Q(given_at__isnull=False),
            ),
        ]
