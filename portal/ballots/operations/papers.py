"""Ballots on paper: handed out once, entered by two people each, settled by a scrutineer, scanned for the record."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.files.operations import store_file
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused, require

from ..enums import PollState
from ..models import Elector, PaperEntry, PaperIssue, PaperScan, Participation
from ..rules import may_add_scan, may_enter_paper, may_enter_papers, may_issue_paper
from .casting import AlreadyVoted, NoElector
from .closing import CLOCK, close_now
from .core import held_open, locked, note

MOST_PAPERS = 9999


def issue_paper(*, poll_id, person, actor, at):
    """
    Hand an elector a ballot on paper; whoever has one takes part no other way. Nothing else is written anywhere.

    :raises AlreadyVoted: when the elector has voted, or has a paper, already.
    :raises NoElector: when the person is not on the list.
    :raises OperationRefused: with the reason a person may read.
    """
    elector = Elector.objects.filter(poll=poll_id, person=person).first()
    if elector is None:
        raise NoElector
    try:
        with transaction.atomic():
            Participation(elector=elector, poll_id=poll_id).save()
            require(may_issue_paper(actor, held_open(poll_id), person, at))
            PaperIssue(elector=elector, poll_id=poll_id).save()
    except IntegrityError:
        if Participation.objects.filter(pk=elector.pk).exists():
            raise AlreadyVoted from None
        raise OperationRefused(_("This vote is closed; no papers are handed out any more.")) from None


@transaction.atomic
def enter_paper(*, poll_id, number, answers, actor, at):
    """
    Enter what one reads on a paper from the box; ``answers`` is empty for a paper that is void as a whole.

    :raises OperationRefused: with the reason, as when the same person reads it again.
    :raises Conflict: when somebody else entered it at the same moment.
    """
    poll = locked(poll_id)
    require(may_enter_papers(actor, poll, at))
    if not 1 <= number <= MOST_PAPERS or not _are_readable(poll.definition, answers):
        raise ValueError("a paper that the poll does not take")
    if poll.state == PollState.OPEN:
        close_now(poll, how=CLOCK, actor="system", at=at)
    entries = list(PaperEntry.objects.filter(poll=poll, number=number).order_by("turn"))
    require(may_enter_paper(actor, poll, entries))
    turn = len(entries) + 1
    try:
        with transaction.atomic():
            row = PaperEntry.objects.create(poll=poll, number=number, turn=turn, answers=answers, by=actor)
    except IntegrityError as error:
        raise Conflict(_("Somebody has entered this paper at the same moment. Look at the list.")) from error
    note("paper_entered", poll, actor=actor, at=at, number=number, turn=turn)
    return row


def _are_readable(definition, answers):
    """Whether answers are empty, or say of every question what it takes, or None."""
    asked = {question.code: question for question in definition.questions}
    if not answers:
        return answers == {}
    return set(answers) == set(asked) and all(
        answer is None or asked[code].is_answer(answer) for code, answer in answers.items()
    )


@transaction.atomic
def add_scan(*, poll_id, upload, actor, at):
    """
    Add the scanned papers as the legal record, once.

    :raises OperationRefused: with the reason.
    :raises Conflict: when they have been added already.
    """
    poll = locked(poll_id)
    require(may_add_scan(actor, poll))
    if PaperScan.objects.filter(poll=poll).exists():
        raise Conflict(_("The scanned papers have been added already; they stay as they are."))
    row = PaperScan(poll=poll, file=store_file(clean=upload, at=at), added_by=actor, added_at=at)
    row.save()
    note("scan_added", poll, actor=actor, at=at, sha256=row.file.sha256)
    return row
