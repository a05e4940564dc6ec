"""Who is in the hall, what was waived and why, the polls of a session, what bypassed the congress."""

import datetime as dt
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback.models import Inquiry
from portal.accounts.models import Person
from portal.ballots.models import Poll
from portal.files.models import StoredFile

from ..enums import Gate, ItemKind, RecordKind, SignInWay
from .agenda import AgendaItem
from .delegates import Mandate
from .sessions import Session
from .terms import Term


class Presence(models.Model):
    """A delegate in the hall, from sign-in to leaving; whoever comes back has another row."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="presences")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="presences")
    way = models.CharField(max_length=8, choices=SignInWay.choices)
    arrived_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("arrived_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "mandate"], condition=Q(left_at__isnull=True), name="congress_in_the_hall_once"
            ),
            models.CheckConstraint(
                name="congress_left_after_arrival", condition=Q(left_at__isnull=True) | Q(left_at__gte=F("arrived_at"))
            ),
        ]


class Speech(models.Model):
    """A turn on an item: who asked to speak, when it was given, from when to when, within how many minutes."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="speeches")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # of one that was never called: taken off the list
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "speeches"
        ordering = ("asked_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "mandate"], condition=Q(ended_at__isnull=True), name="congress_on_speakers_list_once"
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(called_at__isnull=False, ended_at__isnull=True),
                name="congress_one_speaks_at_a_time",
            ),
            models.CheckConstraint(
                name="congress_speech_in_order",
                condition=(Q(called_at__isnull=True) | Q(called_at__gte=F("asked_at")))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("asked_at")))
                & (Q(called_at__isnull=True) | Q(ended_at__isnull=True) | Q(ended_at__gte=F("called_at"))),
            ),
        ]

    @property
    def until(self):
        """Return when the time of somebody who was called is over, or None."""
        return self.called_at and self.called_at + dt.timedelta(minutes=self.minutes)

    def is_over(self, at):
        """Whether the speaker had, or has by now, spoken for longer than was allowed."""
        return self.called_at is not None and (self.ended_at or at) > self.until


class Waiver(models.Model):
    """That a red line of the validity sheet was waived as far as it was short then: who, why, on what basis."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="waivers")
    gate = models.CharField(max_length=12, choices=Gate.choices)
    short = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    basis = models.CharField(_("basis"), max_length=200)
    waived_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    waived_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["session", "gate", "short"], name="congress_gate_waived_once")]


class FrozenSheet(models.Model):
    """
    The validity sheet as it stood when the session was closed; delegates who come and go later change nothing of it.

    ``lines`` has for each line its gate, light, figures, the words of its rule and the key of its waiver.
    """

    session = models.OneToOneField(Session, models.PROTECT, primary_key=True, related_name="frozen_sheet")
    lines = models.JSONField()
    at = models.DateTimeField()


class SignedRecord(models.Model):
    """The scan of a paper that was signed on the session: the legal record beside what the portal wrote down."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="records")
    kind = models.CharField(max_length=8, choices=RecordKind.choices)
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ("added_at", "pk")


class SessionPoll(models.Model):
    """A poll of a session; one that was void is repeated by a new one."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="polls")
    poll = models.OneToOneField(Poll, models.PROTECT, related_name="congress_poll")
    repeats = models.OneToOneField("self", models.PROTECT, null=True, related_name="repeated_by")
    present = models.PositiveIntegerField(null=True)  # in the hall when it opened

    class Meta:
        ordering = ("pk",)


class PollItem(models.Model):
    """An item of the agenda within a poll, and the codes of its questions."""

    session_poll = models.ForeignKey(SessionPoll, models.PROTECT, related_name="items")
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="poll_items")
    questions = models.JSONField(default=list)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["session_poll", "item"], name="congress_item_once_a_poll"),
        ]


class Bypass(models.Model):
    """
    A matter that should have been put to the congress and was not: it does not bind the staff.

    The union demands in writing that it be put right; the demand is an inquiry
    of feedback, and the employer's answer is its answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="bypasses")
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(max_length=10, choices=ItemKind.choices)
    in_force_on = models.DateField(_("in force since"))
    inquiry = models.OneToOneField(Inquiry, models.PROTECT, related_name="congress_bypass")
    flagged_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    flagged_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "bypasses"
        ordering = ("-flagged_at", "pk")
