"""What the screen of the hall shows now: figures, the item or the vote, the last result; never part of a result."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.ballots.enums import PollState
from portal.ballots.wording import rule_words

from ..enums import ItemState, SessionState
from ..models import Speech
from .agenda import agenda_of
from .hall import LIVE_POLLS, next_stage, polls_of
from .minutes import votes_of


class Scene(TextChoices):
    """What the hall is at."""

    BEFORE = "before", _("The session has not been opened")
    ITEM = "item", _("Under discussion")
    VOTE_DRAFT = "draft", _("A secret ballot is being prepared")
    VOTE_OPEN = "open", _("Secret ballot")
    VOTE_CLOSED = "closed", _("The ballot is closed; the box is still sealed")
    VOTE_COUNTED = "counted", _("The ballot has been counted; the result follows")
    RESULT = "result", _("Result of the vote")
    PAUSE = "pause", _("The session is in progress")
    OVER = "over", _("The session is closed")


# The figures of a result are an eighth of the screen's height, so that one item's fit on it and no second's.
LEAF_SECONDS, COUNTS_ON_LEAF = 9, 6


@dataclass(frozen=True)
class Leaf:
    """What is shown at a time of a result: the item, (label, votes) pairs, and the rule of its question in words."""

    item: object
    counts: tuple
    rule: str


@dataclass(frozen=True)
class Shown:
    """
    One scene: ``item`` with its place on the agenda and its next ``stage``, or ``poll`` with its items.

    ``results`` are the leaves of the last vote whose result is public, shown one after the other, no more counts
    on each than stay readable from the last row.
    """

    scene: str
    item: object = None
    place: int = 0
    stage: object = None
    speech: object = None  # of whoever has the word
    poll: object = None
    results: tuple = ()
    has_void: bool = False

    def place_of_leaf(self, at):
        """Return the place, from 0, of the leaf that is shown at a moment; every screen shows the same."""
        return int(at.timestamp()) // LEAF_SECONDS % len(self.results) if self.results else 0


def _speaks(item):
    rows = Speech.objects.filter(item=item, called_at__isnull=False, ended_at__isnull=True)
    return rows.select_related("mandate__electing_unit__unit").first()


def shown_now(session):
    """Return the scene of a session, by a number of queries that does not grow with it."""
    if session.state in (SessionState.CLOSED, SessionState.DISCLOSED):
        return Shown(Scene.OVER)
    if session.state != SessionState.OPEN:
        return Shown(Scene.BEFORE)
    polls = [row for row in polls_of(session) if row.poll.state != PollState.DISCARDED]
    if live := [row for row in polls if row.poll.state in LIVE_POLLS]:
        return Shown(Scene(live[-1].poll.state), poll=live[-1])
    items = agenda_of(session)
    for place, item in enumerate(items, 1):
        if item.state == ItemState.RUNNING:
            return Shown(Scene.ITEM, item=item, place=place, stage=next_stage(item), speech=_speaks(item))
    if not polls:
        return Shown(Scene.PAUSE)
    last = polls[-1]
    if last.poll.result.is_void:
        return Shown(Scene.RESULT, poll=last, has_void=True)
    rules = {question.code: rule_words(question) for question in last.poll.definition.questions}
    results = tuple(
        leaf
        for part in last.items.all()
        for code, line in zip(part.questions, votes_of(last, part), strict=True)
        for leaf in leaves_of(part.item, line.counts, rules[code])
    )
    return Shown(Scene.RESULT, poll=last, results=results)


def leaves_of(item, counts, rule):
    """Return the leaves on which the counts of one question fit."""
    return [Leaf(item, counts[start : start + COUNTS_ON_LEAF], rule) for start in range(0, len(counts), COUNTS_ON_LEAF)]
