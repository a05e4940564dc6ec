"""What was told to whom, what of it was read, and what still has to leave the house."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person, Unit


class Notice(models.Model):
    """
    A sentence for a desk: a person, or whoever holds a role for a unit.

    ``desk`` is "person:<uuid>" or "<role>:<unit id>" (portal.accounts.desks),
    so that losing a role also takes away its notices and a deputy sees them.
    The sentence is made when read, from kind and facts, in the reader's language.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=160, unique=True)  # once per thing, step and desk
    desk = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    is_urgent = models.BooleanField(default=False)
    # Whether an urgent notice has reached the outbox; a default of the database, for sweeps that insert by SQL.
    is_passed_on = models.BooleanField(default=False, db_default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["desk", "-at", "-id"], name="notice_by_desk"),
            models.Index(fields=["at"], name="notice_to_pass_on", condition=Q(is_urgent=True, is_passed_on=False)),
        ]


class Reading(models.Model):
    """A person has read a notice."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="readings")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "person"], name="notice_read_once")]


class Channel(models.TextChoices):
    MAIL = "mail", _("e-mail")
    WECOM = "wecom", _("WeCom group bot")
    DINGTALK = "dingtalk", _("DingTalk group bot")


class DispatchState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    DROPPED = "dropped", _("given up")


class Dispatch(models.Model):
    """
    The outbox: a message for outside, written in the transaction it tells of.

    Holds ids, never text of a card; the text is made when it is sent. A sender
    takes a row for a while by its lease, so that a killed worker delays a
    message and never loses it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=160, unique=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    bot = models.ForeignKey("Bot", models.PROTECT, null=True, related_name="+")
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=DispatchState.choices, default=DispatchState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-created_at",)
        indexes = [models.Index(fields=["next_at"], name="dispatch_waiting", condition=Q(state="waiting"))]


class Bot(models.Model):
    """A group bot of WeCom or DingTalk for a unit; off until somebody switches it on."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=[c for c in Channel.choices if c[0] != "mail"])
    name = models.CharField(_("name"), max_length=40)
    address = models.CharField(_("webhook address"), max_length=300)
    secret = models.CharField(_("signing secret"), max_length=120, blank=True)
    is_enabled = models.BooleanField(_("switched on"), default=False)
    # The groups take twenty messages a minute; the next one goes out no earlier than this.
    free_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("unit__path", "name")

    def __str__(self):
        return self.name
