"""Joining matters of the same content, and taking them apart again; every sender is answered."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.deadlines.models import Promise
from portal.deadlines.operations import meet_promise
from portal.kernel.days import local_day
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import subject_key

from ..enums import InquiryState
from ..models import Inquiry, Merge
from ..rules import may_merge, may_unmerge
from .core import locked, move, note, tell
from .handling import follow, hand_clock

S = InquiryState


@transaction.atomic
def merge_inquiry(*, inquiry_id, target_id, actor, at):
    """
    Join a matter to another of the same content; its clock runs on, and its sender is answered with the other.

    :raises OperationRefused: with the reason a person may read.
    """
    # Always lock in one order, so that two officers merging crosswise do not wait for each other.
    for pk in sorted([inquiry_id, target_id]):
        Inquiry.objects.select_for_update().only("pk").get(pk=pk)
    inquiry, target = locked(inquiry_id), locked(target_id)
    require(may_merge(actor, inquiry))
    if target.pk == inquiry.pk:
        raise OperationRefused(_("A matter cannot be merged into itself."))
    if (
        target.state not in (S.REGISTERED, S.ASSIGNED, S.NEGOTIATING, S.DRAFTED)
        or target.route != inquiry.route
        or target.hidden_class
        or target.round > 1
    ):
        raise OperationRefused(_("Merge into a matter that is registered and not answered yet."))
    if inquiry.merged.exists():
        raise OperationRefused(_("Others are merged into this matter. Merge them into the other one first."))
    was_submitted = inquiry.state == S.SUBMITTED
    inquiry.assignments.filter(ended_on__isnull=True).update(ended_on=local_day(at))
    inquiry.merged_into = target
    move(inquiry, S.MERGED, fields=("merged_into",))
    follow(inquiry, target, actor=actor, at=at)
    Merge.objects.create(source=inquiry, target=target, merged_by=actor, merged_on=local_day(at))
    if was_submitted:
        for promise in Promise.objects.open().filter(subject=subject_key(inquiry), kind="inquiry.register"):
            meet_promise(promise=promise, actor=actor, at=at)
    note("merged", inquiry, actor=actor, at=at, into=target.number)
    note("merged_in", target, actor=actor, at=at, number=inquiry.number)
    tell("merged", inquiry, author=True, at=at)
    return inquiry


@transaction.atomic
def unmerge_inquiry(*, inquiry_id, actor, at):
    """
    Take a merged matter out again, to be handled by itself.

    :raises OperationRefused: with the reason a person may read.
    """
    inquiry = locked(inquiry_id)
    require(may_unmerge(actor, inquiry))
    inquiry.merges.filter(undone_on__isnull=True).update(undone_on=local_day(at))
    target, inquiry.merged_into, inquiry.lead_unit = inquiry.merged_into, None, None
    if not inquiry.public_subject:
        # Merged before it was registered: what others may read must be looked at first.
        inquiry.public_subject, inquiry.public_body, inquiry.public_suggestion = "", "", ""
    move(
        inquiry, S.REGISTERED, fields=("merged_into", "lead_unit", "public_subject", "public_body", "public_suggestion")
    )
    hand_clock(inquiry, unit=inquiry.unit, actor=actor, at=at)
    note("unmerged", inquiry, actor=actor, at=at, out_of=target.number)
    return inquiry
