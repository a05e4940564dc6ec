"""
Who holds a poll: the floors above register their kinds, and the box asks them.

A session of the congress says who its delegates are and whether somebody has
signed in at the door; the box knows nothing of congresses.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

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
    # What only the owner decides: "publish", "repeat", "discard", and "close" while ballots are still taken.
    may_do: Callable = lambda poll, act: ALLOWED
    # (poll id) -> the poll as ``operations.core.held_open`` reads and holds it, with what ``may_vote`` goes by.
    held: Callable | None = None
    takes: Callable = lambda poll, person, answers: True  # whether this very person may give these answers
    paper: Callable | None = None  # (poll, person or None, data) -> a BallotForm of the owner's own
    # (poll, [(group, answers or None)]) -> (valid, void), in the count's transaction: the owner keeps what it
    # keeps of them, and the box keeps no answer at all.
    count: Callable | None = None
    url: Callable = lambda poll: ""  # the owner's own page of it, for those who look after it
    read: Callable = lambda poll, user: ""  # that for voters and other readers; empty where this one may not read it
    # The owner's own words for what is handed in: templates in the place of the box's pages of these names, "over",
    # "voted", "not_now" and "receipt", and why nothing is taken before and after.
    pages: Mapping = field(default_factory=dict)
    early: object = _("This vote has not begun.")
    late: object = _("This vote is closed. No more ballots are taken; nothing of yours was kept.")
    door: Callable = lambda poll: ""  # the page on which a voter who is not let in yet finds how
    # [(code, words)] of the groups that draw their slips from boxes of their own; none: there is one box.
    groups: Callable = lambda poll: []

    def page(self, name):
        """Return the template of one of the pages that an owner may have in words of its own."""
        return self.pages.get(name, f"ballots/{name}.html")


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
