"""
Who holds a poll: the floors above register their kinds, and the box asks them.

A session of the congress says who its delegates are and whether somebody has
signed in at the door; the box knows nothing of congresses.
"""

from collections.abc import Callable
from dataclasses import dataclass

from portal.kernel.verdicts import ALLOWED


class UnknownOwner(ValueError):
    """No app has registered this kind of owner."""


@dataclass(frozen=True)
class OwnerKind:
    """One kind of owner and what the box asks of it."""

    code: str
    label: object
    electorate: Callable  # (poll, at) -> [(person id, group code)], asked once, when the poll opens
    may_manage: Callable  # (user, poll) -> Verdict
    may_vote: Callable = lambda poll, person, at: ALLOWED  # the door: asked at every ballot
    place: Callable = lambda poll: ""  # where it belongs, in words
    may_open: Callable = lambda poll, at: ALLOWED  # what the owner's own rules demand before anybody may vote
    # "opened", "closed", "counted", "published", "discarded", in the act's transaction
    heard: Callable = lambda poll, event, *, actor, at: None
    # What only the owner decides: "publish", "repeat", "discard".
    may_do: Callable = lambda poll, act: ALLOWED
    takes: Callable = lambda poll, person, answers: True  # whether this very person may give these answers
    paper: Callable | None = None  # (poll, person or None, data) -> a BallotForm of the owner's own
    # (poll, [(group, answers or None)]) -> (valid, void), in the count's transaction: the owner keeps what it
    # keeps of them, and the box keeps no answer at all.
    count: Callable | None = None
    url: Callable = lambda poll: ""  # the owner's own page of it
    door: Callable = lambda poll: ""  # the page on which a voter who is not let in yet finds how
    # [(code, words)] of the groups that draw their slips from boxes of their own; none: there is one box.
    groups: Callable = lambda poll: []


_KINDS: dict[str, OwnerKind] = {}


def register_owner(kind):
    """Declare a kind of owner once, from ``apps.ready()``."""
    _KINDS[kind.code] = kind
    return kind


def owner_of(poll):
    """
    Return the kind of owner that a poll belongs to.

    :raises UnknownOwner: when no app has registered it.
    """
    try:
        return _KINDS[poll.owner_kind]
    except KeyError:
        raise UnknownOwner(poll.owner_kind) from None
