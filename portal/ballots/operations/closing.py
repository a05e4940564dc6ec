"""Closing: by the clock, when everybody has voted, or early with two signatures."""

import logging

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.verdicts import OperationRefused, require

from ..enums import PollState
from ..models import Poll
from ..owners import owner_of
from ..queries import issued_count, taken_part_count
from ..rules import may_close
from .core import locked, move, note

logger = logging.getLogger(__name__)
CLOCK, COMPLETE, SIGNED = "clock", "complete", "two_signatures"


@transaction.atomic
def close_poll(*, poll_id, actor, at):
    """
    Close a poll whose time is over or in which everybody has voted; otherwise sign for closing it early.

    The first signature closes nothing; the second, of somebody else, does.
    Returns the poll, open still after a first signature.

    :raises OperationRefused: with the reason a person may read.
    """
    poll = locked(poll_id)
    if poll.state == PollState.CLOSED:
        return poll
    require(may_close(actor, poll, at))
    if poll.closes_at <= at:
        return close_now(poll, how=CLOCK, actor=actor, at=at)
    if taken_part_count(poll) >= issued_count(poll):
        return close_now(poll, how=COMPLETE, actor=actor, at=at)
    if poll.early_close_by_id is None:
        poll.early_close_by = actor
        poll.save(update_fields=["early_close_by"])
        note("early_close_signed", poll, actor=actor, at=at)
        return poll
    if poll.early_close_by_id == actor.pk:
        raise OperationRefused(_("You have signed already. Closing early needs a second person's signature."))
    return close_now(poll, how=SIGNED, actor=actor, at=at)


def close_now(poll, *, how, actor, at):
    """Close a poll that is locked."""
    poll.closed_at = at
    move(poll, PollState.CLOSED, fields=["closed_at"])
    note("closed", poll, actor=actor, at=at, how=how, taken_part=taken_part_count(poll))
    owner_of(poll).heard(poll, "closed", actor=actor, at=at)
    return poll


def close_due(*, at):
    """Write down that polls have closed by the clock; the door itself was shut by the rule. Returns how many."""
    closed = 0
    for key in Poll.objects.due(at).order_by("closes_at").values_list("pk", flat=True):
        try:
            closed += _close_due(key, at=at)
        except Exception:
            logger.exception("Poll %s could not be closed", key)
    return closed


@transaction.atomic
def _close_due(key, *, at):
    poll = locked(key)
    if poll.state != PollState.OPEN or poll.closes_at > at:
        return 0
    close_now(poll, how=CLOCK, actor="system", at=at)
    return 1
