"""Signatures given on paper: one person enters the scan, another compares it."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.desks import nearest_desk
from portal.accounts.enums import Role
from portal.deadlines.operations import end_promise, meet_promise
from portal.files.operations import store_file
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused, require
from portal.notices.outbox import post

from ..enums import RoundState
from ..models import PaperSignature
from ..rules.commitments import may_check_paper, may_enter_paper
from .commitments import locked_signature, put_signature
from .core import note


@transaction.atomic
def enter_paper(*, signature_id, scan, signed_on, actor, at):
    """
    Put the scan of a signature on paper into the portal; it counts once somebody else has compared it.

    :raises OperationRefused: with the reason.
    :raises Conflict: when somebody has entered one meanwhile.
    """
    signature = locked_signature(signature_id)
    require(may_enter_paper(actor, signature, at))
    if not local_day(signature.round.opened_at) <= signed_on <= local_day(at):
        raise OperationRefused(_("The day on the paper lies between the opening of the round and today."))
    try:
        with transaction.atomic():
            paper = PaperSignature.objects.create(
                signature=signature,
                scan=store_file(clean=scan, at=at),
                signed_on=signed_on,
                entered_by=actor,
                entered_at=at,
            )
    except IntegrityError as error:
        raise Conflict(_("A scan is waiting to be compared already.")) from error
    one = signature.round
    note("commitment.paper_entered", one, actor=actor, at=at, signature=signature.pk, paper=paper.pk)
    post(
        kind="commitment.paper_entered",
        subject=f"disclosures.papersignature:{paper.pk}",
        desks=[nearest_desk(Role.DISCIPLINE_INSPECTOR, one.unit, at), nearest_desk(Role.UNION_CHAIR, one.unit, at)],
        at=at,
        key=f"commitment.paper:{paper.pk.hex}",
        title=one.title,
    )
    return paper


@transaction.atomic
def check_paper(*, paper_id, is_accepted, answer, actor, at):
    """
    Say that a scan is what it should be, or not.

    Kept in time or late is told by when the scan was entered, not by the day
    written on the paper: that anybody could choose afterwards.

    :raises OperationRefused: with the reason.
    """
    paper = PaperSignature.objects.select_for_update(of=("self",)).get(pk=paper_id)
    paper.signature = signature = locked_signature(paper.signature_id)
    require(may_check_paper(actor, paper))
    if not is_accepted and not answer:
        raise OperationRefused(_("Please give the reason."))
    if is_accepted and signature.released_at is not None:
        raise OperationRefused(_("This person has left the office before signing; the scan can only be refused."))
    paper.is_accepted, paper.note, paper.checked_by, paper.checked_at = is_accepted, answer, actor, at
    paper.save(update_fields=["is_accepted", "note", "checked_by", "checked_at"])
    one = signature.round
    facts = {"signature": signature.pk, "paper": paper.pk}
    if is_accepted and signature.signed_at is None:
        put_signature(signature, name=signature.name, at=paper.entered_at, paper_on=paper.signed_on)
        meet_promise(promise=signature.promise, actor=actor, at=paper.entered_at)
        facts["sha256"] = signature.fingerprint
    elif not is_accepted and one.state == RoundState.CLOSED:
        end_promise(promise=signature.promise, code="closed", actor=actor, at=at)
    verb = "commitment.paper_accepted" if is_accepted else "commitment.paper_refused"
    note(verb, one, actor=actor, at=at, **facts)
    return paper
