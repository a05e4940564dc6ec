"""The scrutineers' shares: made, shown once, kept only as the public half of a key."""

from django.db import transaction

from portal.kernel.verdicts import require

from ..codes import SHARE_LENGTH, new_code
from ..models import Scrutineer
from ..rules import may_reset_shares, may_take_share
from ..sealing import public_part, share_of
from .core import locked, note, rows


@transaction.atomic
def take_up_share(*, poll_id, actor, at):
    """
    Make the share of a scrutineer and return its code, which exists nowhere else.

    :raises OperationRefused: with the reason a person may read.
    """
    poll = locked(poll_id)
    require(may_take_share(actor, poll))
    code = new_code(SHARE_LENGTH)
    rows(Scrutineer).filter(poll=poll, person=actor).update(share_key=public_part(share_of(code, poll_id=poll.pk)))
    note("share_taken", poll, actor=actor, at=at)
    return code


@transaction.atomic
def reset_shares(*, poll_id, actor, at):
    """
    Call all shares back before the opening, because one was lost: all three scrutineers take up new ones.

    :raises OperationRefused: with the reason a person may read.
    """
    poll = locked(poll_id)
    require(may_reset_shares(actor, poll))
    rows(Scrutineer).filter(poll=poll).update(share_key=b"")
    note("shares_reset", poll, actor=actor, at=at)
    return poll
