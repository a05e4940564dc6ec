"""Replies, how they were delivered, and what their authors think of them."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person, Unit

from ..enums import DeliveryChannel, InquiryKind, Outcome, RatingLevel, ReplyState
from .inquiry import Inquiry


class ReplyTemplate(models.Model):
    """A frame for replies of one type, with blanks 【…】 that must be filled."""

    title = models.CharField(_("title"), max_length=40)
    kind = models.CharField(_("for"), max_length=12, choices=InquiryKind.choices, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(_("text"))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ("title",)

    def __str__(self):
        return self.title


class Reply(models.Model):
    """The answer of one round: drafted, approved by another person, delivered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="replies")
    round = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=ReplyState.choices, default=ReplyState.DRAFT)
    text = models.TextField(_("reply"), blank=True)
    measures = models.TextField(_("measures taken"), blank=True)
    outcome = models.CharField(_("outcome"), max_length=1, choices=Outcome.choices, blank=True)
    promised_on = models.DateField(_("promised for"), null=True, blank=True)
    template = models.ForeignKey(ReplyTemplate, models.PROTECT, null=True, blank=True, related_name="+")
    drafted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    sent_back_note = models.CharField(max_length=300, blank=True)
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    approved_on = models.DateField(null=True)
    fingerprint = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "round"], name="one_reply_a_round"),
            models.CheckConstraint(
                name="reply_approved_by_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="reply_approved_is_complete",
                condition=~Q(state__in=["approved", "delivered"])
                | (Q(approved_by__isnull=False) & ~Q(outcome="") & ~Q(text="")),
            ),
            models.CheckConstraint(
                name="reply_promise_has_day",
                condition=~Q(state__in=["approved", "delivered"], outcome__in=["B", "C"])
                | Q(promised_on__isnull=False),
            ),
        ]


class Delivery(models.Model):
    """The proof that a reply reached the workers: channel, day, and place or bulletin number."""

    reply = models.OneToOneField(Reply, models.PROTECT, related_name="delivery")
    channel = models.CharField(_("channel"), max_length=20, choices=DeliveryChannel.choices)
    delivered_on = models.DateField(_("delivered on"))
    place = models.CharField(_("place"), max_length=80, blank=True)
    bulletin_no = models.CharField(_("bulletin number"), max_length=40, blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="delivery_names_its_place",
                condition=Q(channel="portal")
                | (Q(channel="union_bulletin") & ~Q(bulletin_no=""))
                | (~Q(channel__in=["portal", "union_bulletin"]) & ~Q(place="")),
            )
        ]


class Rating(models.Model):
    """What the author thinks of a round's reply; once a round, a day and no time."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="ratings")
    round = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField(choices=RatingLevel.choices)
    comment = models.CharField(max_length=300, blank=True)
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inquiry", "round"], name="one_rating_a_round")]
