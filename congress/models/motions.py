"""Motions (提案): the call, the motion and its seconders, the decision, how the signers rate the reply."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from feedback.models import Inquiry
from portal.accounts.models import Person

from ..enums import (
    MotionCategory,
    MotionOutcome,
    MotionRatingLevel,
    MotionState,
    OfferState,
    RejectionReason,
    SignatureState,
)
from .delegates import Mandate
from .sessions import Session
from .terms import Body, Term, chinese_number


def number_said(term, session, serial):
    """Return the number of a motion as committees write it in the reader's language: 五届二次-017."""
    words = {"term": term, "session": session, "serial": f"{serial:03d}"}
    if (get_language() or "").startswith("zh"):
        words |= {name: chinese_number(words[name]) for name in ("term", "session")}
    return _("term %(term)s, session %(session)s, no. %(serial)s") % words


class MotionCall(models.Model):
    """
    The call for the motions of one session: its days, and the committee that examines them.

    ``closes_on`` is the last day; whether it is over is a comparison with the
    clock. ``least`` seconders is what held on the day of the call. ``promise``
    is the day by which every motion is examined.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.OneToOneField(Session, models.PROTECT, related_name="motion_call")
    committee = models.ForeignKey(Body, models.PROTECT, related_name="+")
    opens_on = models.DateField(_("from"))
    closes_on = models.DateField(_("until"))
    least = models.PositiveSmallIntegerField()
    has_group_review = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    promise = models.OneToOneField("deadlines.Promise", models.PROTECT, related_name="motion_call")
    called_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    called_at = models.DateTimeField()

    class Meta:
        ordering = ("-opens_on", "pk")
        constraints = [
            models.CheckConstraint(name="congress_call_ends_after_start", condition=Q(closes_on__gte=F("opens_on"))),
        ]

    def __str__(self):
        return str(self.session)

    def is_open(self, day):
        """Whether motions are taken on a day."""
        return self.opens_on <= day <= self.closes_on


class Motion(models.Model):
    """
    One matter that delegates want done (一事一案), from a private draft to the archive.

    ``call`` and ``serial`` are given when it is handed in: a draft that missed
    one call waits for the next. ``brought_by`` is the name of somebody who is no
    delegate and wants to be named. How a filed motion is handled stands in its
    inquiry, one to one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="motions")
    proposer = models.ForeignKey(Mandate, models.PROTECT, related_name="motions")
    category = models.CharField(max_length=12, choices=MotionCategory.choices)
    title = models.CharField(max_length=60)
    cause = models.TextField()
    grounds = models.TextField()
    proposal = models.TextField()
    is_open = models.BooleanField(default=True)
    brought_by = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=12, choices=MotionState.choices, default=MotionState.DRAFT)
    written_at = models.DateTimeField()
    call = models.ForeignKey(MotionCall, models.PROTECT, null=True, related_name="motions")
    serial = models.PositiveSmallIntegerField(null=True)
    handed_in_at = models.DateTimeField(null=True)
    group_opinion = models.CharField(max_length=300, blank=True)
    group_by = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")
    group_passed = models.BooleanField(null=True)  # False: of words that went back to be rewritten
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    inquiry = models.OneToOneField(Inquiry, models.PROTECT, null=True, related_name="motion")
    archive_no = models.CharField(max_length=30, blank=True)
    archived_at = models.DateTimeField(null=True)
    best_reason = models.CharField(max_length=300, blank=True)
    best_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    best_at = models.DateTimeField(null=True)
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ("-written_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["call", "serial"], name="congress_motion_number_is_unique"),
            models.UniqueConstraint(
                fields=["term", "archive_no"], condition=~Q(archive_no=""), name="congress_archive_number_is_unique"
            ),
            models.CheckConstraint(
                name="congress_motion_handed_in_has_number",
                condition=Q(state__in=["draft", "seconding", "withdrawn"])
                | Q(call__isnull=False, serial__isnull=False, handed_in_at__isnull=False),
            ),
            models.CheckConstraint(
                name="congress_motion_filed_has_inquiry",
                condition=~Q(state__in=["filed", "archived", "converted"]) | Q(inquiry__isnull=False),
            ),
            models.CheckConstraint(
                name="congress_motion_merged_has_target",
                condition=~Q(state="merged") | Q(merged_into__isnull=False),
            ),
            models.CheckConstraint(
                name="congress_motion_archived_has_number", condition=~Q(state="archived") | ~Q(archive_no="")
            ),
        ]
        indexes = [
            models.Index(fields=["call", "state", "serial"], name="congress_motion_by_call"),
            models.Index(fields=["proposer", "-written_at"], name="congress_motion_by_proposer"),
            models.Index(fields=["-handed_in_at", "-id"], name="congress_motion_by_day"),
        ]

    def __str__(self):
        return self.title

    @property
    def number_code(self):
        """The number as the ledger keeps it: "5-2-017"."""
        return f"{self.term.number}-{self.call.session.number}-{self.serial:03d}"

    @property
    def number(self):
        """The number as committees write it: 五届二次-017; empty before it is handed in."""
        if self.call_id is None:
            return ""
        return number_said(self.term.number, self.call.session.number, self.serial)


class Signature(models.Model):
    """Somebody who was asked to second a motion (附议), and whether they signed; once a motion."""

    motion = models.ForeignKey(Motion, models.CASCADE, related_name="signatures")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="signatures")
    state = models.CharField(max_length=10, choices=SignatureState.choices, default=SignatureState.INVITED)
    invited_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("invited_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["motion", "mandate"], name="congress_seconds_a_motion_once"),
            models.CheckConstraint(
                name="congress_signature_has_time", condition=~Q(state="signed") | Q(signed_at__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["mandate", "state"], name="congress_signature_by_mandate")]


class MotionDecision(models.Model):
    """
    What ended the examination of a motion; there is one, and its insert is the check.

    A withdrawal is one of them, so that a motion is never both filed and
    withdrawn, however close the two presses of a button come.
    """

    motion = models.OneToOneField(Motion, models.PROTECT, primary_key=True, related_name="decision")
    outcome = models.CharField(max_length=10, choices=MotionOutcome.choices)
    rejection = models.CharField(max_length=12, choices=RejectionReason.choices, blank=True)
    reason = models.TextField()
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    @property
    def said(self):
        """What became of the motion, in words."""
        return MotionState(self.outcome).label

    class Meta:
        constraints = [
            models.CheckConstraint(name="congress_decision_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="congress_rejection_names_its_class", condition=~Q(outcome="rejected") | ~Q(rejection="")
            ),
        ]


class MotionCheck(models.Model):
    """
    The supervision check (督办审核) of a reply before the head signs it.

    ``sha256`` is that of the words that were read: a reply that is changed
    afterwards is checked again.
    """

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="checks")
    round = models.PositiveSmallIntegerField()
    is_passed = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64)
    checked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ("checked_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["motion", "sha256"], condition=Q(is_passed=True), name="congress_reply_is_passed_once"
            ),
            models.CheckConstraint(name="congress_refused_check_says_why", condition=Q(is_passed=True) | ~Q(note="")),
        ]


class MotionRating(models.Model):
    """What one signer thinks of a round's reply; once a round."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="ratings")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="motion_ratings")
    round = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField(choices=MotionRatingLevel.choices)
    comment = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("round", "at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["motion", "mandate", "round"], name="congress_signer_rates_a_round_once"),
        ]


class MotionOffer(models.Model):
    """
    A matter that somebody who is no delegate brings to one (domain.md §4.1).

    Whoever wants no name is known to that delegate only, and only until the
    delegate has answered: then ``author`` is empty for good.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="offers")
    author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    is_named = models.BooleanField()
    category = models.CharField(max_length=12, choices=MotionCategory.choices)
    title = models.CharField(max_length=60)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.WAITING)
    offered_on = models.DateField()
    answer = models.CharField(max_length=300, blank=True)
    answered_on = models.DateField(null=True)
    motion = models.OneToOneField(Motion, models.SET_NULL, null=True, related_name="offer")
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ("-offered_on", "pk")
        constraints = [
            models.CheckConstraint(
                name="congress_unnamed_offer_is_forgotten",
                condition=Q(state="waiting", author__isnull=False)
                | (~Q(state="waiting") & (Q(is_named=True) | Q(author__isnull=True))),
            ),
            models.CheckConstraint(
                name="congress_declined_offer_says_why", condition=~Q(state="declined") | ~Q(answer="")
            ),
        ]
        indexes = [models.Index(fields=["mandate", "state"], name="congress_offer_by_mandate")]
