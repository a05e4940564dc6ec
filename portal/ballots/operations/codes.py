"""Codes for the box (纸码): printed once, in random order, kept as hashes."""

import secrets

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from portal.kernel.verdicts import OperationRefused, require

from ..codes import VOTE_LENGTH, new_code
from ..models import PrintedCode
from ..owners import owner_of
from ..rules import may_print_codes, may_void_codes
from ..sealing import hash_of_code
from .core import locked, note, rows

A_SHEET = 10
MOST_CODES = 2000


@transaction.atomic
def print_codes(*, poll_id, count, group="", actor, at):
    """
    Make codes for the box and return them as [(sheet number, codes)], which exist nowhere else.

    Where the owner has voter groups each has slips of its own: a code knows the ``group`` that draws it, and nobody.

    :raises OperationRefused: with the reason a person may read.
    """
    poll = locked(poll_id)
    require(may_print_codes(actor, poll))
    if not 1 <= count <= MOST_CODES - poll.codes.count():
        raise OperationRefused(_("A vote has up to %(most)d codes.") % {"most": MOST_CODES})
    known = dict(owner_of(poll).groups(poll))
    if (group or known) and group not in known:
        raise OperationRefused(_("Choose the group whose slips these are."))
    first = (poll.codes.aggregate(last=Max("batch"))["last"] or 0) + 1
    made = [new_code(VOTE_LENGTH) for _place in range(count)]
    sheets = [(first + n, made[start : start + A_SHEET]) for n, start in enumerate(range(0, count, A_SHEET))]
    fresh = [
        PrintedCode(hash=hash_of_code(code), poll=poll, batch=number, group=group)
        for number, codes in sheets
        for code in codes
    ]
    # Stored in another order than printed: the table does not say which slip lay beside which.
    secrets.SystemRandom().shuffle(fresh)
    PrintedCode.objects.bulk_create(fresh, batch_size=500)
    note("codes_printed", poll, actor=actor, at=at, count=count, sheets=len(sheets), group=group)
    return sheets


@transaction.atomic
def void_sheet(*, poll_id, sheet, actor, at):
    """
    Void the codes of a printed sheet that nobody has used, because the sheet was spoilt or not handed out.

    :raises OperationRefused: with the reason a person may read.
    """
    poll = locked(poll_id)
    require(may_void_codes(actor, poll))
    count = rows(PrintedCode).filter(poll=poll, batch=sheet, is_used=False, is_voided=False).update(is_voided=True)
    if not count:
        raise OperationRefused(_("No code of this sheet is left to be voided."))
    note("codes_voided", poll, actor=actor, at=at, sheet=sheet, count=count)
    return count
