"""Redacting, hiding, revealing: what is taken from sight leaves its trace in sight."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.kernel.days import local_day
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import record

from .. import sealing
from ..enums import HidingReason
from ..models import Hiding, IdentityKey, Redaction, Reveal
from ..rules import may_ask_hiding, may_decide_hiding, may_redact, may_reveal
from ..rules.care import may_keep_identity_key
from .core import locked, note, tell

TEXTS = ("public_subject", "public_body", "public_suggestion")


@transaction.atomic
def redact_inquiry(*, inquiry_id, texts, reason, actor, at):
    """
    Change the text that others read, for a reason whose class is public; the original stays as written.

    :raises OperationRefused: with the reason a person may read.
    """
    inquiry = locked(inquiry_id)
    require(may_redact(actor, inquiry))
    before = {name: getattr(inquiry, name) for name in TEXTS}
    if before == texts:
        return inquiry
    Redaction.objects.create(
        inquiry=inquiry, reason=reason, before=before, redacted_by=actor, redacted_on=local_day(at)
    )
    for name in TEXTS:
        setattr(inquiry, name, texts[name])
    inquiry.save(update_fields=TEXTS)
    note("redacted", inquiry, actor=actor, at=at, reason=reason)
    return inquiry


@transaction.atomic
def ask_hiding(*, inquiry_id, reason_class, reason, actor, at):
    """
    Ask that a matter be hidden; nothing happens until a second person agrees.

    :raises OperationRefused: with the reason a person may read.
    """
    inquiry = locked(inquiry_id)
    require(may_ask_hiding(actor, inquiry))
    _require_reason(reason)
    if reason_class not in HidingReason.values:
        raise OperationRefused(_("Choose the reason that everybody will read."))
    hiding = Hiding.objects.create(
        inquiry=inquiry, reason_class=reason_class, reason=reason, asked_by=actor, asked_at=at
    )
    note("hiding_asked", inquiry, actor=actor, at=at, reason=reason_class)
    tell(
        "hiding_asked",
        inquiry,
        Role.UNION_CHAIR,
        Role.DISCIPLINE_INSPECTOR,
        unit=inquiry.unit,
        at=at,
        step=str(hiding.pk),
    )
    return hiding


@transaction.atomic
def decide_hiding(*, hiding_id, is_granted, actor, at):
    """
    Agree or not, as a second person; a hidden matter keeps its number, its clock and a public tombstone.

    :raises OperationRefused: with the reason a person may read.
    """
    hiding = Hiding.objects.select_for_update().get(pk=hiding_id)
    inquiry = locked(hiding.inquiry_id)
    require(may_decide_hiding(actor, inquiry, hiding))
    hiding.decided_by, hiding.decided_at, hiding.is_granted = actor, at, is_granted
    hiding.save(update_fields=["decided_by", "decided_at", "is_granted"])
    if is_granted:
        inquiry.hidden_class = hiding.reason_class
        inquiry.save(update_fields=["hidden_class"])
    note("hidden" if is_granted else "hiding_refused", inquiry, actor=actor, at=at, reason=hiding.reason_class)
    return inquiry


@transaction.atomic
def reveal_identity(*, inquiry_id, passphrase, reason, actor, at):
    """
    Open a confidential identity and return it; the author reads who did it, when and why.

    :raises OperationRefused: with the reason a person may read.
    :raises WrongPassphrase: if the union's passphrase does not fit; nothing is recorded then.
    """
    inquiry = locked(inquiry_id)
    require(may_reveal(actor, inquiry))
    _require_reason(reason)
    identity = sealing.open_identity(inquiry.identity_key, inquiry.sealed_identity, passphrase)
    Reveal.objects.create(inquiry=inquiry, reason=reason, revealed_by=actor, revealed_at=at)
    note("revealed", inquiry, actor=actor, at=at)
    return identity


@transaction.atomic
def make_identity_key(*, passphrase, actor, at):
    """
    Set up the union's key for confidential identities; an earlier one opens the cards it sealed and no new ones.

    :raises OperationRefused: unless a union chair asks.
    """
    require(may_keep_identity_key(actor))
    public, locked_private, salt = sealing.make_key(passphrase)
    IdentityKey.objects.filter(retired_at__isnull=True).update(retired_at=at)
    key = IdentityKey.objects.create(
        public_key=public, locked_private_key=locked_private, salt=salt, made_by=actor, made_at=at
    )
    record(verb="identity_key.made", subject=key, actor=actor, at=at)
    return key


@transaction.atomic
def change_passphrase(*, key_id, old, new, actor, at):
    """
    Lock the union's key under another passphrase, as when an officer leaves.

    :raises OperationRefused: unless a union chair asks.
    :raises WrongPassphrase: if the old one does not fit.
    """
    require(may_keep_identity_key(actor))
    key = IdentityKey.objects.select_for_update().get(pk=key_id)
    key.locked_private_key, key.salt = sealing.relock(key.locked_private_key, key.salt, old=old, new=new)
    key.save(update_fields=["locked_private_key", "salt"])
    record(verb="identity_key.relocked", subject=key, actor=actor, at=at)
    return key


def _require_reason(reason):
    # Not by the form alone: whatever calls the operation, nothing leaves or comes into sight without a reason.
    if not reason.strip():
        raise OperationRefused(_("Give the reason; it stays on record."))
