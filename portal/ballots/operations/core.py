"""What every operation on a poll does alike: lock, move, write down."""

from django.db.models import QuerySet, UUIDField

from portal.kernel.prepared import PreparedInstances, Slot
from portal.kernel.transitions import check_transition
from portal.ledger.recording import record

from ..enums import TRANSITIONS
from ..models import DOOR, Poll


def locked(poll_id):
    """Return the poll locked against every other operation and every ballot, with its scrutineers."""
    Poll.objects.select_for_update().only("pk").get(pk=poll_id)
    return Poll.objects.prefetch_related("scrutineers__person").get(pk=poll_id)


def held_open(poll_id, owner=None):
    """
    Return the poll as it stands, held so that it cannot close before this transaction ends.

    It has read what the door goes by and nothing else; ``owner``, its kind, may read along what its own door asks.
    Ballots hold it together and do not wait for one another. SQLite has one writer at a time anyway.
    """
    poll = _HELD.one(key=poll_id) if owner is None or owner.held is None else owner.held(poll_id)
    poll.is_held = True
    return poll


_HELD = PreparedInstances(lambda: Poll.objects.filter(pk=Slot("key", UUIDField())).only(*DOOR).order_by(), held=Poll)


def move(poll, target, *, fields=()):
    """
    Take the poll to another state and save it with the named fields.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(TRANSITIONS, source=poll.state, target=target)
    poll.state = target
    poll.save(update_fields=["state", *fields])


def rows(model):
    """Return rows of a frozen table for the few changes that its triggers let through."""
    return QuerySet(model)


def note(verb, poll, *, actor, at, **facts):
    """Write an act on the poll down in the ledger; there is no entry for a ballot, ever."""
    return record(verb=f"poll.{verb}", subject=poll, actor=actor, at=at, **facts)
