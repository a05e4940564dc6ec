"""Publishing a result, once."""

from django.db import transaction

from portal.kernel.verdicts import require

from ..enums import PollState
from ..owners import owner_of
from ..rules import may_publish
from .core import locked, move, note


@transaction.atomic
def publish_poll(*, poll_id, actor, at):
    """
    Show the counted result to everybody.

    :raises OperationRefused: with the reason a person may read.
    """
    poll = locked(poll_id)
    if poll.state == PollState.PUBLISHED:
        return poll
    require(may_publish(actor, poll))
    poll.published_at = at
    move(poll, PollState.PUBLISHED, fields=["published_at"])
    note("published", poll, actor=actor, at=at, sha256=poll.result.sha256)
    owner_of(poll).heard(poll, "published", actor=actor, at=at)
    return poll
