"""The count: two shares, everything in memory, once, and then the key is gone."""

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.texts import listing
from portal.kernel.verdicts import OperationRefused, require

from ..arithmetic import Tally, is_out_of_step, tally
from ..codes import SHARE_LENGTH, Mistyped, read_code
from ..definition import canonical
from ..enums import PollState
from ..models import Ballot, KeyBlob, PaperEntry, Result, Scrutineer
from ..owners import owner_of
from ..queries import issued_count, papers_issued, papers_missing, papers_of, taken_part_count
from ..rules import may_count, may_look_in
from ..sealing import Unreadable, box_of, fingerprint, open_ballot, open_poll_key, public_part, share_of
from .closing import CLOCK, close_now
from .core import locked, move, note, rows
from .rebuilding import rebuild, vacuum

MISTYPED, NOT_A_SHARE, SAME, BROKEN = "mistyped", "not_a_share", "same", "broken"


class WrongShare(Exception):
    """A code does not open the box: which of the two, and whether it is mistyped or no share of this poll."""

    def __init__(self, place, why):
        super().__init__(why)
        self.place, self.why = place, why


def count_poll(*, poll_id, codes, actor, at, is_without_papers=False):
    """
    Open the box with two scrutineers' codes, count, write the result once, destroy the key; return the Result.

    Papers that went out and were not entered are left out only where the actor
    says that they did not come back (``is_without_papers``): their votes are
    lost once the key is gone. Counting again returns the same result and writes nothing. Whatever goes
    wrong on the way leaves everything sealed.

    :raises WrongShare: naming the code that is wrong.
    :raises OperationRefused: with the reason a person may read.
    """
    result, is_new = _count(poll_id, codes, actor, at, is_without_papers)
    if is_new:
        vacuum(poll_id=poll_id)
    return result


@transaction.atomic
def _count(poll_id, codes, actor, at, is_without_papers):
    poll = locked(poll_id)
    if poll.state in (PollState.COUNTED, PollState.PUBLISHED):
        require(may_look_in(actor, poll))
        return poll.result, False
    require(may_count(actor, poll, at))
    if poll.state == PollState.OPEN:
        close_now(poll, how=CLOCK, actor="system", at=at)
    papers = _papers(poll)
    if not is_without_papers and papers_missing(poll):
        raise OperationRefused(_("Enter the papers first, or say that they did not come back."))
    key = _poll_key(poll, codes)
    result = _result_of(poll, key, papers)
    result.save()
    poll.counted_at = at
    move(poll, PollState.COUNTED, fields=["counted_at"])
    _destroy_key(poll)
    rows(PaperEntry).filter(poll=poll).delete()
    rebuild(poll)
    note(
        "counted",
        poll,
        actor=actor,
        at=at,
        returned=result.returned,
        valid=result.valid,
        is_void=result.is_void,
        sha256=result.sha256,
    )
    owner_of(poll).heard(poll, "counted", actor=actor, at=at)
    return result, True


def _poll_key(poll, codes):
    by_share = {bytes(row.share_key): row.seat for row in poll.scrutineers.all()}
    found = {}
    for place, text in enumerate(codes):
        try:
            share = share_of(read_code(text, SHARE_LENGTH), poll_id=poll.pk)
        except Mistyped:
            raise WrongShare(place, MISTYPED) from None
        seat = by_share.get(public_part(share))
        if seat is None:
            raise WrongShare(place, NOT_A_SHARE)
        if seat in found:
            raise WrongShare(place, SAME)
        found[seat] = share
    outer, inner = sorted(found)
    blob = KeyBlob.objects.get(poll=poll, outer=outer, inner=inner)
    try:
        return open_poll_key(blob.blob, found[outer], found[inner], public=poll.public_key)
    except Unreadable:
        raise WrongShare(1, BROKEN) from None


def _papers(poll):
    """
    Return the readings of the papers, void ones as None, in random order.

    :raises OperationRefused: naming the papers on which two people do not agree yet.
    """
    papers = papers_of(poll)
    if left := [str(one.number) for one in papers if one.answers is None]:
        raise OperationRefused(
            _("Papers that two people have not entered alike yet: %(numbers)s.") % {"numbers": listing().join(left)}
        )
    found = [one.answers or None for one in papers]
    secrets.SystemRandom().shuffle(found)
    return found


def _result_of(poll, key, papers):
    definition, box = poll.definition, box_of(key)
    size = definition.ballot_size
    sealed = list(Ballot.objects.filter(poll=poll).values_list("ciphertext", "tracker", "group"))
    secrets.SystemRandom().shuffle(sealed)
    opened = []
    for ciphertext, _tracker, group in sealed:
        try:
            opened.append((group, open_ballot(ciphertext, box=box, size=size)))
        except Unreadable:
            opened.append((group, None))
    secrets.SystemRandom().shuffle(opened)
    numbers = {
        "issued": issued_count(poll),
        "taken_part": taken_part_count(poll),
        "papers": papers,
        "paper_issued": papers_issued(poll),
    }
    if owner_of(poll).count is None:
        ballots = [answers for _group, answers in opened]
        counted = tally(definition, ballots, electorate=poll.electorate_size, **numbers)
    else:
        counted = _handed_on(poll, opened, numbers)
    result = Result(
        poll=poll,
        issued=counted.issued,
        returned=counted.returned,
        valid=counted.valid,
        void=counted.void,
        taken_part=taken_part_count(poll),
        paper_issued=papers_issued(poll) if definition.has_paper else None,
        paper_returned=len(papers) if definition.has_paper else None,
        is_void=counted.is_void,
        questions=counted.questions,
        answers=counted.answers,
        trackers=sorted(tracker for _ciphertext, tracker, _group in sealed),
    )
    result.sha256 = fingerprint_of(poll, result)
    return result


def _handed_on(poll, opened, numbers):
    """Let the owner count the opened ballots with their groups; the box itself keeps none of the answers."""
    opened = [*opened, *(("", paper) for paper in numbers["papers"])]
    if is_out_of_step(len(opened), **numbers):
        return Tally(numbers["issued"], len(opened), 0, len(opened), True, {}, {})
    valid, void = owner_of(poll).count(poll, opened)
    return Tally(numbers["issued"], len(opened), valid, void, False, {}, {})


def fingerprint_of(poll, result):
    """Return the SHA-256 of a result with what it was asked of whom: anybody can compute it from the public page."""
    numbers = [result.issued, result.returned, result.valid, result.void, result.taken_part, result.is_void]
    if result.paper_issued is not None:
        numbers += [result.paper_issued, result.paper_returned]
    parts = [poll.pk.hex, poll.definition_sha256, poll.electorate_sha256]
    return fingerprint([*parts, canonical(numbers), canonical(result.questions), canonical(result.trackers)])


def _destroy_key(poll):
    # Overwritten first, so that a page of the database file that is not given back holds nothing either.
    for blob in KeyBlob.objects.filter(poll=poll):
        rows(KeyBlob).filter(pk=blob.pk).update(blob=b"\0" * len(blob.blob))
    rows(KeyBlob).filter(poll=poll).delete()
    rows(Scrutineer).filter(poll=poll).update(share_key=b"\0" * 32)
    rows(Scrutineer).filter(poll=poll).update(share_key=b"")
