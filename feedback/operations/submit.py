"""A card comes in, from its author's phone or typed from paper."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.deadlines.operations import make_promises
from portal.files.operations import store_file
from portal.kernel.days import day_start, local_day
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import record, subject_key

from .. import sealing
from ..enums import IdentityMode, InquiryKind, Route
from ..models import IdentityKey, Inquiry, InquiryFile
from ..queries import free_owner_tag
from ..rules import may_submit
from ..rules.templates import may_type_card
from .core import settle, tell

RACES = 5  # how often a lost race for the owner tag is run again


@dataclass(frozen=True)
class CardDraft:
    """What the form has cleaned; ``paper_on`` and ``author`` are set when a paper card is typed in on behalf."""

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
    scans: tuple = field(default=())
    paper_on: dt.date | None = None
    author: object = None


@dataclass(frozen=True)
class Receipt:
    """What the author takes home: the matter, its code, and whether this press of the button made it."""

    inquiry: Inquiry
    code: str
    is_new: bool


def submit_card(*, draft, actor, at):
    """
    Take in a card once, start its clock, and return the receipt.

    Pressing the button twice, in two tabs or after going back, returns the same
    receipt: the form's key is unique. For an anonymous card ``actor`` is None
    and nothing that could lead to a person or a minute is written.

    :raises OperationRefused: with the reason a person may read.
    """
    require(may_submit(actor, draft.identity_mode) if draft.paper_on is None else may_type_card(actor, draft.unit))
    today = local_day(at)
    if draft.paper_on is not None and draft.paper_on > today:
        raise OperationRefused(_("A paper card cannot be dated in the future."))
    code = sealing.receipt_code(draft.idempotency_key)
    for _race in range(RACES):
        if found := _already(draft):
            return Receipt(found, code, False)
        try:
            return Receipt(_write(draft, code=code, actor=actor, at=at, today=today), code, True)
        except IntegrityError:
            # The same form a moment earlier, or the same owner tag in another tab: look again.
            continue
    raise OperationRefused(_("The card could not be taken in just now. Press send again; nothing is lost."))


def _already(draft):
    return Inquiry.objects.select_related("promise", "unit").filter(idempotency_key=draft.idempotency_key).first()


@transaction.atomic
def _write(draft, *, code, actor, at, today):
    received_on = draft.paper_on or today
    inquiry = Inquiry(
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
        received_on=received_on,
        typed_on=today if draft.paper_on is not None else None,
        year=received_on.year,
    )
    if draft.kind == InquiryKind.RETALIATION or draft.is_about_cadre:
        inquiry.route = Route.DISCIPLINE
        # Nobody of the unit itself may learn of it; the enterprise as a whole has nobody above it.
        inquiry.about_unit = draft.unit if draft.unit.parent_id else None
    _put_identity(inquiry, draft.author if draft.paper_on is not None else actor)
    inquiry.promise = _start_clocks(inquiry, today)
    inquiry.serial = _next_serial(inquiry.year)
    inquiry.fingerprint = sealing.fingerprint(
        number=inquiry.number,
        code=code,
        fields={name: getattr(inquiry, name) for name in ("kind", "subject", "body", "suggestion", "received_on")},
    )
    inquiry.save(force_insert=True)
    _attach(inquiry, draft, at)
    settle(inquiry)
    record(
        verb="inquiry.submitted",
        subject=inquiry,
        actor=actor if draft.paper_on is not None else None,
        at=at,
        day_only=True,
        number=inquiry.number,
        channel=inquiry.channel,
        mode=inquiry.identity_mode,
        received_on=received_on,
        due_on=inquiry.promise.due_on,
        sha256=inquiry.fingerprint,
    )
    if draft.identity_mode == IdentityMode.NAMED and inquiry.route == Route.ORDINARY:
        # For unnamed authors the arrival of a notice would give away the minute; the board and the sweep tell.
        tell("received", inquiry, Role.UNION_OFFICER, unit=inquiry.unit, at=at)
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


def _start_clocks(inquiry, today):
    """Two promises, to register and to answer, from days and never from minutes; return the second."""
    suffix, unit = "", inquiry.unit
    if inquiry.route == Route.DISCIPLINE:
        suffix, unit = "_discipline", inquiry.unit.parent or inquiry.unit
    key = subject_key(inquiry)
    _register, answer = make_promises(
        [
            {
                "kind": f"inquiry.register{suffix}",
                "subject": key,
                "unit": unit,
                "started_on": today,
                "at": day_start(today),
            },
            {
                "kind": f"inquiry.reply{suffix}",
                "subject": key,
                "unit": unit,
                "started_on": inquiry.received_on,
                "at": day_start(today),
            },
        ]
    )
    return answer


def _next_serial(year):
    """Return the next public number of the year; its row is the lock, so numbers have no gap."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO feedback_series (year, last) VALUES (%s, 1)"
            " ON CONFLICT (year) DO UPDATE SET last = feedback_series.last + 1 RETURNING last",
            [year],
        )
        return cursor.fetchone()[0]


def _attach(inquiry, draft, at):
    unnamed = inquiry.identity_mode != IdentityMode.NAMED
    for place, (clean, is_scan) in enumerate(
        [*((f, False) for f in draft.files), *((s, True) for s in draft.scans)], start=1
    ):
        suffix = clean.name.rsplit(".", 1)[-1]
        name = _("Attachment %(place)d") % {"place": place} + f".{suffix}" if unnamed or is_scan else None
        stored = store_file(clean=clean, name=name, at=at)
        InquiryFile.objects.create(inquiry=inquiry, file=stored, is_scan=is_scan)
