"""One extension, asked for by those who answer, decided by somebody else."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.desks import desk_of, nearest_desk
from portal.kernel.days import local_day
from portal.kernel.texts import clean_line
from portal.kernel.verdicts import OperationRefused, require

from ..clock import EXTENSION_CAP
from ..kinds import kind_of
from ..models import Extension, Promise
from ..rules import may_ask_extension, may_decide_extension, may_grant_extension
from ..telling import post
from .promises import locked, record_about, set_due, set_next_step


@transaction.atomic
def ask_extension(*, promise, days, reason, actor, at):
    """
    Ask for up to thirty more days, once, before the due day is over; the reason will be public.

    :raises OperationRefused: with the reason a person may read.
    """
    promise = locked(promise)
    require(may_ask_extension(actor, promise, at))
    reason = clean_line(reason)
    if not 1 <= days <= EXTENSION_CAP:
        raise OperationRefused(_("An extension is at most %(cap)d days.") % {"cap": EXTENSION_CAP})
    if not reason:
        raise OperationRefused(_("Give the reason; the sender and everybody will read it."))
    if promise.extensions.filter(is_granted__isnull=True).exists():
        raise OperationRefused(_("An extension has been asked for already and waits for a decision."))
    extension = Extension.objects.create(
        promise=promise, days=days, reason=reason[:300], requested_by=actor, requested_at=at
    )
    record_about(
        promise, "promise.extension_asked", actor=actor, at=at, extension=extension.pk, days=days, due_on=promise.due_on
    )
    post(
        kind="promise.extension_asked",
        subject=promise.subject,
        desks=[nearest_desk(role, promise.unit, at) for role in kind_of(promise.kind).deciding_roles],
        at=at,
        key=f"extension_asked:{extension.pk}",
        promise=promise.pk,
        what=promise.kind,
        days=days,
        due_on=promise.due_on,
    )
    return extension


@transaction.atomic
def decide_extension(*, extension_id, is_granted, note="", actor, at):
    """
    Grant or refuse an extension; never by who asked for it, and never granted once it is late.

    :raises OperationRefused: with the reason a person may read.
    """
    promise_id = Extension.objects.values_list("promise_id", flat=True).get(pk=extension_id)
    # The promise first, as everywhere, so that two operations never wait for each other.
    promise = Promise.objects.select_for_update().get(pk=promise_id)
    extension = Extension.objects.select_for_update().get(pk=extension_id)
    extension.promise = promise
    require(may_decide_extension(actor, extension, at))
    if is_granted:
        require(may_grant_extension(extension, at))
    note = clean_line(note)
    if not is_granted and not note:
        raise OperationRefused(_("Say why the extension is refused."))
    extension.is_granted, extension.decision_note = is_granted, note[:300]
    extension.decided_by, extension.decided_at, extension.due_before = actor, at, promise.due_on
    if is_granted:
        more = dt.timedelta(days=extension.days)
        before = promise.due_on
        if promise.paused_on is None:
            set_due(promise, promise.due_on + more)
            set_next_step(promise, local_day(at))
        else:
            promise.due_on, promise.due_at = promise.due_on + more, promise.due_at + more
        promise.extended_days, promise.extension_reason = extension.days, extension.reason
        promise.save()
        record_about(
            promise,
            "promise.extended",
            actor=actor,
            at=at,
            extension=extension.pk,
            days=extension.days,
            before=before,
            due_on=promise.due_on,
        )
    else:
        record_about(
            promise,
            "promise.extension_refused",
            actor=actor,
            at=at,
            extension=extension.pk,
            days=extension.days,
            due_on=promise.due_on,
        )
    extension.due_after = promise.due_on
    extension.save()
    post(
        kind="promise.extension_decided",
        subject=promise.subject,
        # Who was promised an answer learns of the new day from here, not from a page looked at by chance.
        desks=[desk_of(extension.requested_by), *(kind_of(promise.kind).desks_owed(promise) if is_granted else [])],
        at=at,
        key=f"extension_decided:{extension.pk}",
        promise=promise.pk,
        what=promise.kind,
        is_granted=is_granted,
        due_on=promise.due_on,
    )
    return extension
