"""
Channels: the ways by which a matter that must be answered comes in.

The card is one of them and declared here; the other apps declare theirs from
``apps.ready()`` and open inquiries by :func:`feedback.operations.open_inquiry`
(docs/inquiries.md). Whatever its channel, an inquiry has a number of the one
series, the one clock, board, inbox and statistics, and its author the same
receipt; a channel says only what is different about it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from portal.kernel.verdicts import ALLOWED

from .enums import IdentityMode

CARD = "card"
# Acts on an inquiry that a channel may listen for: the verbs of the ledger, without "inquiry." before them.
EVENTS = frozenset(
    {
        *("submitted", "registered", "assigned", "reassigned", "return_granted", "climbed", "planned"),
        *("drafted", "approved", "delivered", "rated", "redone", "closed", "closed_unrated", "tracked"),
        *("merged", "unmerged", "redacted", "hidden", "transferred"),
    }
)
# Acts on a reply before which a channel may ask for more than feedback does: sent for approval, approved.
GUARDED = frozenset({"drafted", "approved"})


class UnknownChannel(LookupError):
    """No app has declared this channel."""


@dataclass(frozen=True)
class Channel:
    """
    One way for matters to come in.

    ``label`` names one matter of it within a sentence ("card", "opinion on a
    disclosure"). ``modes`` are the identity modes it takes. ``may_open(actor,
    draft)`` returns a Verdict and is asked before anything is written; without
    it only the app's own operation decides. ``page(inquiry)`` returns the path
    of the thing in its own app, shown beside the matter, or "". ``hears`` maps
    an event to a function ``(inquiry, *, at)`` called in the transaction of
    the act, after it has been recorded; what it raises undoes the act.
    ``guards`` maps an act of GUARDED to a function ``(inquiry, *, at) ->
    Verdict`` asked before it. With ``collects_ratings`` the app asks several
    people what they think of the answer and rates it with ``is_collected``;
    what they wrote is for those who handle the matter.
    ``withholds_author(inquiry)`` says whether its author wants no name with
    others, where the app asks for that itself.
    """

    code: str
    label: object
    modes: tuple[str, ...] = tuple(IdentityMode)
    may_open: Callable | None = None
    page: Callable | None = None
    hears: Mapping[str, Callable] = field(default_factory=dict)
    guards: Mapping[str, Callable] = field(default_factory=dict)
    collects_ratings: bool = False
    withholds_author: Callable | None = None

    def __post_init__(self):
        if unknown := set(self.guards) - GUARDED:
            raise ValueError(f"the channel {self.code} guards what nobody asks about: {sorted(unknown)}")
        if unknown := set(self.hears) - EVENTS:
            raise ValueError(f"the channel {self.code} listens for what never happens: {sorted(unknown)}")


_CHANNELS: dict[str, Channel] = {}


def register_channel(channel):
    """
    Declare a channel; a second one of the same code must be equal.

    :raises ValueError: when the code is taken by another channel, or does not fit its column.
    """
    if not 0 < len(channel.code) <= 20:
        raise ValueError("the code of a channel has 1 to 20 characters")
    if _CHANNELS.get(channel.code, channel) != channel:
        raise ValueError(f"two channels are called {channel.code}")
    _CHANNELS[channel.code] = channel
    return channel


def channel_of(code):
    """
    Return the channel of a code.

    :raises UnknownChannel: when no app has declared it.
    """
    try:
        return _CHANNELS[code]
    except KeyError:
        raise UnknownChannel(code) from None


def label_of(code):
    """Return what a matter of a channel is called; a channel that is no longer known goes by its code."""
    return _CHANNELS[code].label if code in _CHANNELS else code


def page_of(inquiry):
    """Return the path of what an inquiry belongs to in its own app, or "" where there is none."""
    channel = _CHANNELS.get(inquiry.channel)
    return channel.page(inquiry) if channel is not None and channel.page is not None else ""


def tell_channel(event, inquiry, *, at):
    """Let the inquiry's channel hear of an act; an app that is switched off hears nothing."""
    channel = _CHANNELS.get(inquiry.channel)
    if channel is not None and (hears := channel.hears.get(event)) is not None:
        hears(inquiry, at=at)


def guarded(act, inquiry, *, at):
    """Return what an inquiry's channel says before an act on its reply; most have nothing to say."""
    channel = _CHANNELS.get(inquiry.channel)
    guard = channel.guards.get(act) if channel is not None else None
    return ALLOWED if guard is None else guard(inquiry, at=at)


def is_checked(inquiry):
    """Whether the channel has replies checked before they are approved."""
    channel = _CHANNELS.get(inquiry.channel)
    return channel is not None and "approved" in channel.guards


def withholds_author(inquiry):
    """Whether the author's name, even its first character, is only for those who handle the matter."""
    channel = _CHANNELS.get(inquiry.channel)
    return channel is not None and channel.withholds_author is not None and channel.withholds_author(inquiry)


def collects_ratings(inquiry):
    """Whether several people rate the answer, in the channel's own app."""
    channel = _CHANNELS.get(inquiry.channel)
    return channel is not None and channel.collects_ratings
