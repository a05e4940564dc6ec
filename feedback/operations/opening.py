"""Opening an inquiry, whatever its channel: its number, its clock, its receipt, and who may learn who wrote it."""

import uuid
from dataclasses import dataclass, field

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from portal.deadlines.operations import due_day_for, make_promises
from portal.files.operations import store_file
from portal.kernel.days import day_start, local_day
from portal.kernel.rows import only_one
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import record, subject_key

from .. import sealing
from ..channels import channel_of, tell_channel
from ..clocks import kind_for
from ..enums import IdentityMode, InquiryKind, Route
from ..models import IdentityKey, Inquiry, InquiryFile
from ..queries import free_owner_tag
from .core import inspection_of, settle, tell_received

RACES = 5  # how often a lost race for the owner tag is run again


@dataclass(frozen=True, kw_only=True)
class InquiryDraft:
    """What a form has cleaned; ``idempotency_key`` is the form's own, so that sending twice opens one matter."""

    kind: str
    topic: str
    unit: object
    subject: str
    body: str
    identity_mode: str
    idempotency_key: uuid.UUID
    suggestion: str = ""
    may_publish: bool = True
    is_about_cadre: bool = False
    files: tuple = field(default=())  # portal.files.intake.CleanFile


@dataclass(frozen=True)
class Receipt:
    """What the author takes home: the matter, its code, and whether this press of the button made it."""

    inquiry: Inquiry
    code: str
    is_new: bool


def open_inquiry(*, channel, draft, author, actor, at, received_on=None, due_on=None, scans=()):
    """
    Open a matter that must be answered, once, start its clock, and return the receipt.

    ``author`` is who wants the answer, and None for an anonymous matter;
    ``actor`` is who does it: the author, or an officer on the author's behalf.
    ``received_on`` is an earlier day from which the clock counts, and
    ``due_on`` an agreed day of the answer in place of the thirty days, never
    later than these. May be called within another operation's transaction: the
    thing in the other app and its inquiry then come about together.

    Opening with the same key again returns the same receipt. For an anonymous
    matter nothing that could lead to a person or a minute is written.

    :raises OperationRefused: with the reason a person may read.
    :raises UnknownChannel: when no app has declared the channel.
    """
    known = channel_of(channel)
    if draft.identity_mode not in known.modes:
        raise OperationRefused(_("This cannot be sent in this way: choose another way to sign it."))
    if known.may_open is not None:
        require(known.may_open(actor, draft))
    if (author is None) != (draft.identity_mode == IdentityMode.ANONYMOUS):
        raise ValueError("an anonymous matter has no author, and any other has one")
    today = local_day(at)
    if received_on is not None and received_on > today:
        raise OperationRefused(_("A paper card cannot be dated in the future."))
    code = sealing.receipt_code(draft.idempotency_key)
    given = {"author": author, "actor": actor, "received_on": received_on, "due_on": due_on, "scans": scans}
    for _race in range(RACES):
        if found := _already(channel, draft):
            return Receipt(found, code, False)
        try:
            return Receipt(_write(channel, draft, code=code, at=at, today=today, **given), code, True)
        except IntegrityError:
            # The same form a moment earlier, or the same owner tag in another tab: look again.
            continue
    raise OperationRefused(_("The card could not be taken in just now. Press send again; nothing is lost."))


def _already(channel, draft):
    rows = Inquiry.objects.select_related("promise", "unit")
    return only_one(rows.filter(idempotency_key=draft.idempotency_key, channel=channel))


@transaction.atomic
def _write(channel, draft, *, code, author, actor, at, today, received_on, due_on, scans):
    is_on_behalf = received_on is not None
    inquiry = Inquiry(
        channel=channel,
        kind=draft.kind,
        topic=draft.topic,
        unit=draft.unit,
        subject=draft.subject,
        body=draft.body,
        suggestion=draft.suggestion,
        may_publish=draft.may_publish,
        identity_mode=draft.identity_mode,
        idempotency_key=draft.idempotency_key,
        code_hash=sealing.code_hash(code),
        received_on=received_on or today,
        typed_on=today if is_on_behalf else None,
        year=(received_on or today).year,
    )
    if draft.kind == InquiryKind.RETALIATION or draft.is_about_cadre:
        inquiry.route = Route.DISCIPLINE
        # Nobody of the unit itself may learn of it; the enterprise as a whole has nobody above it.
        inquiry.about_unit = draft.unit if draft.unit.parent_id else None
    _put_identity(inquiry, author)
    inquiry.promise = _start_clocks(inquiry, today, due_on)
    inquiry.serial = _next_serial(inquiry.year)
    inquiry.fingerprint = sealing.fingerprint(
        number=inquiry.number,
        code=code,
        fields={name: getattr(inquiry, name) for name in ("kind", "subject", "body", "suggestion", "received_on")},
    )
    inquiry.save(force_insert=True)
    _attach(inquiry, draft.files, scans, at)
    settle(inquiry)
    record(
        verb="inquiry.submitted",
        subject=inquiry,
        actor=actor if is_on_behalf else None,
        at=at,
        day_only=True,
        number=inquiry.number,
        channel=inquiry.channel,
        mode=inquiry.identity_mode,
        received_on=inquiry.received_on,
        due_on=inquiry.promise.due_on,
        sha256=inquiry.fingerprint,
    )
    tell_channel("submitted", inquiry, at=at)
    if draft.identity_mode == IdentityMode.NAMED:
        # For unnamed authors the arrival of a notice would give away the minute; they are told of the next morning.
        tell_received(inquiry, at=at)
    return inquiry


def _put_identity(inquiry, person):
    if inquiry.identity_mode == IdentityMode.NAMED:
        inquiry.author = person
    elif inquiry.identity_mode == IdentityMode.CONFIDENTIAL:
        key = IdentityKey.objects.filter(retired_at__isnull=True).order_by("-pk").first()
        if key is None:
            raise OperationRefused(
                _("The union has not set up its identity key yet, so a confidential card cannot be sealed.")
            )
        inquiry.identity_key = key
        inquiry.sealed_identity = sealing.seal_identity(
            key.public_key,
            {"id": str(person.pk), "job_no": person.job_no, "name": person.name, "unit": person.unit.name},
        )
        inquiry.owner_tag = free_owner_tag(person)


def _start_clocks(inquiry, today, due_on):
    """Two promises, to register and to answer, from days and never from minutes; return the second."""
    unit = inspection_of(inquiry) if inquiry.route == Route.DISCIPLINE else inquiry.unit
    moment = day_start(today)
    register = {"kind": kind_for("register", inquiry), "unit": unit, "started_on": today, "at": moment}
    answer = {"kind": kind_for("reply", inquiry), "unit": unit, "started_on": inquiry.received_on, "at": moment}
    if due_on is not None and due_on < due_day_for(**answer):
        # The thirty days are the most: an agreed day, as of a hearing, can only be earlier.
        answer["due_on"] = due_on
    subject = subject_key(inquiry)
    _register, promise = make_promises([{"subject": subject, **register}, {"subject": subject, **answer}])
    return promise


def _next_serial(year):
    """Return the next public number of the year; its row is the lock, so numbers have no gap."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO feedback_series (year, last) VALUES (%s, 1)"
            " ON CONFLICT (year) DO UPDATE SET last = feedback_series.last + 1 RETURNING last",
            [year],
        )
        return cursor.fetchone()[0]


def _attach(inquiry, files, scans, at):
    unnamed = inquiry.identity_mode != IdentityMode.NAMED
    for place, (clean, is_scan) in enumerate([*((f, False) for f in files), *((s, True) for s in scans)], start=1):
        suffix = clean.name.rsplit(".", 1)[-1]
        name = _("Attachment %(place)d") % {"place": place} + f".{suffix}" if unnamed or is_scan else None
        stored = store_file(clean=clean, name=name, at=at)
        InquiryFile.objects.create(inquiry=inquiry, file=stored, is_scan=is_scan)
