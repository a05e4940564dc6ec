"""What protects authors and readers: the identity key, reveals, redactions, hidings, merges."""

import uuid

from django.db import models
from django.db.models import F, Q

from portal.accounts.models import Person

from ..enums import HidingReason, RedactionReason
from .inquiry import Inquiry


class IdentityKey(models.Model):
    """
    The union officers' key for confidential identities.

    The private half is locked with a passphrase that only the union office
    knows (Argon2id, libsodium): neither the database nor the server's files
    open an identity. A new key replaces the old one for new cards; old ones stay.
    """

    public_key = models.BinaryField()
    locked_private_key = models.BinaryField()
    salt = models.BinaryField()
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)


class Reveal(models.Model):
    """Somebody opened a confidential identity, for a reason that the author reads."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="reveals")
    reason = models.CharField(max_length=300)
    revealed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    revealed_at = models.DateTimeField()


class Redaction(models.Model):
    """Words were taken out of the text that others read; the original stays with the union."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="redactions")
    reason = models.CharField(max_length=10, choices=RedactionReason.choices)
    before = models.JSONField()
    redacted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    redacted_on = models.DateField()


class Hiding(models.Model):
    """A wish to hide a matter; takes a second person, and leaves a public tombstone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="hidings")
    reason_class = models.CharField(max_length=10, choices=HidingReason.choices)
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inquiry"], condition=Q(is_granted__isnull=True), name="one_hiding_asked_at_a_time"
            ),
            models.CheckConstraint(
                name="hiding_decided_by_another", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by"))
            ),
        ]


class Merge(models.Model):
    """One matter was joined to another of the same content; both senders are answered."""

    source = models.ForeignKey(Inquiry, models.PROTECT, related_name="merges")
    target = models.ForeignKey(Inquiry, models.PROTECT, related_name="+")
    merged_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    merged_on = models.DateField()
    undone_on = models.DateField(null=True)
