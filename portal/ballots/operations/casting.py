"""
Putting in a ballot: one row that somebody took part, one sealed ballot, and nothing else anywhere.

No ledger entry, no notice, no task, no session, no message, no cache: whatever
is written here is written on purpose (trust A5). The row that refuses a second
ballot comes first and alone, so that what a database says of a refusal can
hold nothing of a ballot.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.kernel.inserting import insert_one
from portal.kernel.verdicts import OperationRefused, require

from ..models import Ballot, Participation, PrintedCode
from ..owners import owner_of
from ..queries import elector_with_poll
from ..rules import may_use_code, may_vote
from ..sealing import hash_of_code, seal_ballot, tracker_of
from .core import held_open, rows


class AlreadyVoted(Exception):
    """This elector's ballot, or the ballot of this code, is in the box already."""


class NoElector(Exception):
    """Not on the list, or no such code; nothing is said of the difference."""


def cast_ballot(*, poll_id, person, answers, at, elector=None):
    """
    Put in the ballot of somebody who is signed in; return its tracker.

    ``answers`` maps the code of every question to an answer the question takes. ``elector`` is the person's place on
    this poll's list where it has been read: lists are frozen, so that reading it again could say nothing else. What
    may have changed, the poll's state and the owner's door, is read within the transaction.

    :raises AlreadyVoted: when the ballot is in the box already.
    :raises NoElector: when the person is not on the list.
    :raises OperationRefused: with the reason a person may read.
    """
    if elector is None:
        elector = elector_with_poll(poll_id, person)
    if elector is None or (elector.poll_id, elector.person_id) != (poll_id, person.pk):
        raise NoElector
    sealed = _sealed(elector.poll, answers, group=elector.group, person=person)
    try:
        with transaction.atomic():
            insert_one(Participation(elector_id=elector.pk, poll_id=poll_id))
            require(may_vote(person, held_open(poll_id, owner_of(elector.poll)), at))
            insert_one(sealed)
    except IntegrityError:
        if Participation.objects.filter(pk=elector.pk).exists():
            raise AlreadyVoted from None
        raise OperationRefused(_closed()) from None
    return sealed.tracker


def find_code(code):
    """
    Return the row of a code drawn from the box, with its poll.

    :raises NoElector: when there is no such code, or it was voided.
    :raises AlreadyVoted: when it was used.
    """
    row = PrintedCode.objects.select_related("poll").filter(hash=hash_of_code(code), is_voided=False).first()
    if row is None:
        raise NoElector
    if row.is_used:
        raise AlreadyVoted
    return row


def cast_by_code(*, code, answers, at):
    """
    Put in the ballot of a code drawn from the box; return its tracker.

    :raises AlreadyVoted: when the code was used already.
    :raises NoElector: when there is no such code, or it was voided.
    :raises OperationRefused: with the reason a person may read.
    """
    row = find_code(code)
    sealed = _sealed(row.poll, answers, group=row.group)
    try:
        with transaction.atomic():
            if not rows(PrintedCode).filter(pk=row.pk, is_used=False, is_voided=False).update(is_used=True):
                raise AlreadyVoted
            require(may_use_code(held_open(row.poll_id), at))
            insert_one(sealed)
    except IntegrityError:  # the trigger: closed meanwhile
        raise OperationRefused(_closed()) from None
    return sealed.tracker


def _sealed(poll, answers, *, group="", person=None):
    definition = poll.definition
    if not definition.takes(answers) or not owner_of(poll).takes(poll, person, answers):
        raise ValueError("a ballot that the poll does not take")
    if not poll.public_key:
        raise OperationRefused(_("This vote has not begun."))
    ciphertext = seal_ballot(answers, public=poll.public_key, size=definition.ballot_size)
    return Ballot(poll_id=poll.pk, group=group, ciphertext=ciphertext, tracker=tracker_of(ciphertext))


def _closed():
    return _("This vote is closed. No more ballots are taken; nothing of yours was kept.")
