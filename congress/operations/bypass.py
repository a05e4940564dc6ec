"""Matters that bypassed the congress: flagged as not binding, with the union's demand as an inquiry."""

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.enums import IdentityMode, InquiryKind, Topic
from feedback.operations import InquiryDraft, open_inquiry
from portal.kernel.days import local_day
from portal.kernel.verdicts import OperationRefused, require

from ..channels import BYPASS
from ..models import Bypass
from ..rules.sessions import may_flag_bypass
from .core import locked_term, note


@transaction.atomic
def flag_bypass(*, term_id, title, kind, in_force_on, unit, demand, idempotency_key, actor, at):
    """
    Flag what should have been put to the congress and was not: it does not bind the staff.

    The union's demand goes to ``unit``, which answers in writing; flagging by
    the same form twice makes one flag and one demand.

    :raises OperationRefused: with the reason.
    """
    term = locked_term(term_id)
    require(may_flag_bypass(actor, term))
    if in_force_on > local_day(at):
        raise OperationRefused(_("The day lies in the future: demand that the matter be put to the congress first."))
    if not term.unit.covers(unit):
        raise OperationRefused(_("This unit does not belong to the congress."))
    draft = InquiryDraft(
        kind=InquiryKind.COMPLAINT,
        topic=Topic.RULES,
        unit=unit,
        subject=title[:60],
        body=demand,
        identity_mode=IdentityMode.NAMED,
        idempotency_key=idempotency_key,
    )
    receipt = open_inquiry(channel=BYPASS, draft=draft, author=actor, actor=actor, at=at)
    if not receipt.is_new:
        return Bypass.objects.get(inquiry=receipt.inquiry)
    row = Bypass.objects.create(
        term=term,
        title=title,
        kind=kind,
        in_force_on=in_force_on,
        inquiry=receipt.inquiry,
        flagged_by=actor,
        flagged_at=at,
    )
    note("congress_term.bypassed", term, actor=actor, at=at, kind=kind, on=in_force_on, inquiry=receipt.inquiry.number)
    return row
