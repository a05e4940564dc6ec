"""What a session prepares and hears: steps, agenda, papers and their delivery, opinions, joint decisions."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person
from portal.files.models import StoredFile

from ..enums import DeliveryWay, ItemKind, ItemState, JointState, Stage, StepCode
from .delegates import Mandate
from .sessions import Session
from .terms import Delegation, Term


class SessionStep(models.Model):
    """
    One step of a session with the promise that runs for it; another day of the session makes another promise.

    ``promise`` is empty for what is promised only once the session has closed.
    ``evidence`` says what was done; ``file`` is the scan beside it.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="steps")
    code = models.CharField(max_length=12, choices=StepCode.choices)
    promise = models.OneToOneField("deadlines.Promise", models.PROTECT, null=True, related_name="session_step")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    evidence = models.CharField(max_length=300, blank=True)
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["session", "code"], name="congress_step_once_a_session")]


class JointDecision(models.Model):
    """What the joint meeting (联席会议) decided between sessions; it needs the next session's confirmation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="joint_decisions")
    held_on = models.DateField(_("held on"))
    kind = models.CharField(max_length=10, choices=ItemKind.choices)
    title = models.CharField(_("title"), max_length=120)
    text = models.CharField(max_length=2000)
    took_part = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=JointState.choices, default=JointState.WAITING)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ("-held_on", "pk")
        constraints = [
            models.CheckConstraint(name="congress_joint_meeting_approves_nothing", condition=~Q(kind=ItemKind.APPROVE))
        ]


class AgendaItem(models.Model):
    """
    One item of a session's agenda; its kind demands the procedure.

    ``report`` is the code of a yearly report, ``joint`` the decision to be
    confirmed, ``revises`` the item that was sent back, ``bill`` the motion that was raised to
    a bill. ``names`` are candidates of an election, or who is appraised.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=ItemKind.choices)
    title = models.CharField(_("title"), max_length=120)
    speaker = models.CharField(max_length=40, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    report = models.CharField(max_length=12, blank=True)
    joint = models.ForeignKey(JointDecision, models.PROTECT, null=True, related_name="items")
    revises = models.ForeignKey("self", models.PROTECT, null=True, related_name="revised_by")
    bill = models.ForeignKey("congress.Motion", models.PROTECT, null=True, related_name="items")
    names = models.JSONField(default=list)
    seats = models.PositiveSmallIntegerField(default=0)
    can_write_in = models.BooleanField(null=True)  # others than the candidates (另选他人); None of older items is no
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.LISTED)
    outcome = models.CharField(max_length=300, blank=True)
    elected = models.JSONField(default=list)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    there = models.PositiveIntegerField(null=True)  # in the hall when it was put off for want of a quorum
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=Q(state=ItemState.RUNNING), name="congress_one_item_runs"
            ),
            models.UniqueConstraint(
                fields=["session", "joint"],
                condition=~Q(state=ItemState.WITHDRAWN),
                name="congress_joint_decision_once_an_agenda",
            ),
            models.CheckConstraint(
                name="congress_election_has_candidates",
                condition=~Q(kind=ItemKind.ELECT) | Q(seats__gt=0),
            ),
        ]

    def __str__(self):
        return self.title


class ItemStage(models.Model):
    """That a stage of an item's procedure is done: once, whoever is quicker."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    words = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["item", "stage"], name="congress_stage_once_an_item")]


class Paper(models.Model):
    """A paper for the delegates, of an item or of the whole session."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.PROTECT, related_name="papers")
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="papers")
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(blank=True)
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ("added_at", "pk")
        constraints = [
            models.CheckConstraint(name="congress_paper_says_something", condition=~Q(text="") | Q(file__isnull=False))
        ]


class PaperRead(models.Model):
    """That a delegate says to have read a paper: the delegate's own word, for the own list of what is left."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="reads")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["paper", "mandate"], name="congress_paper_read_once")]


class Delivery(models.Model):
    """The proof that a delegate was given agenda and papers, when and how; ``seen_at`` is the delegate's own word."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="deliveries")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="deliveries")
    way = models.CharField(max_length=8, choices=DeliveryWay.choices, default=DeliveryWay.PORTAL)
    delivered_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=6)  # shown on the delegate's phone, typed or scanned at the door

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["session", "mandate"], name="congress_delivered_once"),
            models.UniqueConstraint(fields=["session", "code"], name="congress_door_code_is_unique"),
            models.CheckConstraint(
                name="congress_seen_after_delivery",
                condition=Q(seen_at__isnull=True) | Q(seen_at__gte=F("delivered_at")),
            ),
        ]


class ItemOpinion(models.Model):
    """What a delegation, or a delegate, says of an item; the union answers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="opinions")
    delegation = models.ForeignKey(Delegation, models.PROTECT, null=True, related_name="+")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="+")
    is_collective = models.BooleanField(default=False)
    text = models.CharField(max_length=1000)
    given_at = models.DateTimeField()
    answer = models.CharField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ("given_at", "pk")
        constraints = [
            models.CheckConstraint(
                name="congress_answered_opinion_has_answer",
                condition=Q(answered_at__isnull=True) | ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="congress_collective_opinion_has_delegation",
                condition=Q(is_collective=False) | Q(delegation__isnull=False),
            ),
        ]
