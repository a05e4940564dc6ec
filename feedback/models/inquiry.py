"""The inquiry: whatever somebody must answer, whatever its channel."""

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person, Unit
from portal.deadlines.models import Promise
from portal.files.models import StoredFile

from ..channels import CARD, label_of, page_of
from ..enums import (
    OPEN_STATES,
    HidingReason,
    IdentityMode,
    InquiryKind,
    InquiryState,
    Outcome,
    RatingLevel,
    Route,
    Topic,
)


class Series(models.Model):
    """The last public number of a year, one series for all channels; adding one is the lock."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()


class InquiryQuerySet(models.QuerySet):
    def open(self):
        """Not answered yet."""
        return self.filter(state__in=OPEN_STATES)

    def published(self):
        """Those whose text everybody may read: registered, ordinary, not hidden, and the author agreed."""
        return self.filter(is_published=True, route=Route.ORDINARY, hidden_class="")


class Inquiry(models.Model):
    """
    Something that somebody must answer by a day.

    Times are days on purpose, and the key is random: neither may tell at
    which minute an author wrote (trust A6). ``subject``, ``body`` and
    ``suggestion`` are as written and never change; ``public_subject`` and
    ``public_body`` are what leaders and workers read after the union has
    looked at them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=20, default=CARD)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    route = models.CharField(max_length=12, choices=Route.choices, default=Route.ORDINARY)
    kind = models.CharField(_("kind"), max_length=12, choices=InquiryKind.choices)
    topic = models.CharField(_("topic"), max_length=12, choices=Topic.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit concerned"))
    subject = models.CharField(_("subject"), max_length=60)
    body = models.TextField(_("what happened"))
    suggestion = models.TextField(_("what you suggest"), blank=True)
    public_subject = models.CharField(max_length=60, blank=True)
    public_body = models.TextField(blank=True)
    public_suggestion = models.TextField(blank=True)
    may_publish = models.BooleanField(_("the text may be published"), default=True)
    is_published = models.BooleanField(default=False)

    identity_mode = models.CharField(max_length=12, choices=IdentityMode.choices)
    author = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="inquiries")
    sealed_identity = models.BinaryField(null=True)
    identity_key = models.ForeignKey("IdentityKey", models.PROTECT, null=True, related_name="+")
    # Finds an author's confidential matters; each has its own, so that none can be joined to another.
    owner_tag = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 -- unique among those that have one
    code_hash = models.CharField(max_length=64, unique=True)
    idempotency_key = models.UUIDField(unique=True)
    fingerprint = models.CharField(max_length=64)

    received_on = models.DateField()
    typed_on = models.DateField(null=True)  # when a paper card was typed in; it counts from its own day
    about_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    about_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")

    state = models.CharField(max_length=12, choices=InquiryState.choices, default=InquiryState.SUBMITTED)
    round = models.PositiveSmallIntegerField(default=1)
    lead_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    promise = models.OneToOneField(Promise, models.PROTECT, related_name="inquiry")
    return_count = models.PositiveSmallIntegerField(default=0)
    redo_count = models.PositiveSmallIntegerField(default=0)
    is_escalated = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    hidden_class = models.CharField(max_length=10, choices=HidingReason.choices, blank=True)

    answered_on = models.DateField(null=True)
    was_in_time = models.BooleanField(null=True)  # of the first answer; frozen when it was delivered
    outcome = models.CharField(max_length=1, choices=Outcome.choices, blank=True)
    promised_on = models.DateField(null=True)  # the day a B or C outcome comes back
    rating = models.PositiveSmallIntegerField(choices=RatingLevel.choices, null=True)
    closed_on = models.DateField(null=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="inquiry_number_is_unique"),
            models.CheckConstraint(
                name="inquiry_identity_fits_mode",
                condition=Q(
                    identity_mode="named", author__isnull=False, sealed_identity__isnull=True, owner_tag__isnull=True
                )
                | Q(identity_mode="confidential", author__isnull=True, sealed_identity__isnull=False)
                | Q(
                    identity_mode="anonymous", author__isnull=True, sealed_identity__isnull=True, owner_tag__isnull=True
                ),
            ),
            models.CheckConstraint(
                name="inquiry_merged_has_target", condition=~Q(state="merged") | Q(merged_into__isnull=False)
            ),
            models.CheckConstraint(
                name="inquiry_worked_has_lead",
                condition=~Q(state__in=["assigned", "negotiating", "drafted", "approved"]) | Q(lead_unit__isnull=False),
            ),
            models.CheckConstraint(
                name="inquiry_rating_in_range", condition=Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5)
            ),
        ]
        indexes = [
            models.Index(fields=["state", "received_on", "id"], name="inquiry_by_state"),
            # Few among many: without its own index an inspector's board would walk past all others.
            models.Index(
                fields=["state", "received_on", "id"], name="inquiry_of_discipline", condition=Q(route=Route.DISCIPLINE)
            ),
            models.Index(
                fields=["author", "-received_on"], name="inquiry_by_author", condition=Q(author__isnull=False)
            ),
            models.Index(fields=["-year", "-serial"], name="inquiry_newest"),
            models.Index(fields=["unit", "-year", "-serial"], name="inquiry_by_unit"),
            models.Index(fields=["lead_unit", "state", "received_on"], name="inquiry_by_lead"),
            models.Index(
                fields=["-answered_on", "-serial"], name="inquiry_answered", condition=Q(answered_on__isnull=False)
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def channel_label(self):
        """What a matter of its channel is called: a card, an opinion on a disclosure."""
        return label_of(self.channel)

    @property
    def channel_page(self):
        """The path of what it belongs to in its own app, or ""."""
        return page_of(self)

    @property
    def number(self):
        """The public number, such as 2026-0042."""
        return f"{self.year}-{self.serial:04d}"


class InquiryFile(models.Model):
    """A picture or document that came with a matter, or with its reply."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    reply = models.ForeignKey("Reply", models.PROTECT, null=True, related_name="files")
    is_scan = models.BooleanField(default=False)  # the paper card itself: for the union only
    is_published = models.BooleanField(default=False)


class Tally(models.Model):
    """
    Counters behind the statistics, changed in the transaction that changes a matter.

    ``month`` is the first of the month of receipt, or NOW for "how many stand
    in this state at this moment", apart for matters of discipline inspection.
    A nightly job compares them with a recount.
    """

    NOW = dt.date(1, 1, 1)

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    month = models.DateField()
    measure = models.CharField(max_length=16)
    n = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "month", "measure"], name="tally_is_unique")]

    @staticmethod
    def measure_of(route, state):
        """Return the measure under which a state of this moment is counted."""
        return f"{'is' if route == Route.ORDINARY else 'disc'}:{state}"
