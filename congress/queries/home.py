"""What a delegate finds at home: the next session, the own code and presence, papers to read, opinions to give."""

import time
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from ..enums import ItemState, MandateState, SessionState
from ..models import AgendaItem, Delivery, ItemOpinion, Mandate, Paper, PaperRead, Presence
from ..rules import agenda as rules
from .sessions import sessions_known
from .speaking import Turn, turn_of

# The navigation asks on every page of somebody signed in: who sits is remembered for a minute in each process.
REMEMBERED_SECONDS = 60
_sitting = {"until": 0.0, "people": frozenset()}


def is_delegate(person):
    """Whether somebody holds a mandate that runs, at most a minute ago; nothing is allowed or refused by it."""
    now = time.monotonic()
    if _sitting["until"] < now:
        rows = Mandate.objects.filter(state=MandateState.ACTIVE).values_list("person_id", flat=True)
        _sitting.update(until=now + REMEMBERED_SECONDS, people=frozenset(rows))
    return person.pk in _sitting["people"]


@dataclass(frozen=True)
class Home:
    """The next session as its delegate has it; without one everything is empty."""

    session: object = None
    delivery: object = None
    presence: object = None  # the last one
    papers: list = field(default_factory=list)
    items: list = field(default_factory=list)  # on which no opinion has been given yet
    turn: Turn = field(default_factory=Turn)

    @property
    def is_there(self):
        """Whether the delegate is signed in now."""
        return self.presence is not None and self.presence.left_at is None

    @property
    def unread(self):
        """How many papers have not been read."""
        return sum(not paper.is_read for paper in self.papers)


def next_session(term_id):
    """Return the session that is open, or the next one that has been convened, or None."""
    rows = sessions_known().filter(term=term_id, convened_at__isnull=False)
    return rows.filter(state__in=[SessionState.OPEN, SessionState.CONVENED]).order_by("opens_at").first()


def home_of(mandate):
    """Return the home of a delegate, by a number of queries that does not grow with it."""
    session = next_session(mandate.term_id)
    if session is None:
        return Home()
    own = ItemOpinion.objects.filter(item=OuterRef("pk"), mandate=mandate)
    open_items = AgendaItem.objects.filter(session=session, state__in=[ItemState.LISTED, ItemState.RUNNING])
    items = list(open_items.exclude(Exists(own)).order_by("position", "pk"))
    for item in items:
        item.session = session
    read = PaperRead.objects.filter(paper=OuterRef("pk"), mandate=mandate)
    papers = Paper.objects.filter(session=session).annotate(is_read=Exists(read)).defer("text")
    return Home(
        session=session,
        delivery=Delivery.objects.filter(session=session, mandate=mandate).first(),
        presence=Presence.objects.filter(session=session, mandate=mandate).order_by("-arrived_at", "-pk").first(),
        papers=list(papers.select_related("item").order_by("is_read", "item__position", "added_at", "pk")),
        items=[one for one in items if rules.may_give_opinion(mandate, one, is_collective=False, is_head=False)],
        turn=turn_of(session, mandate),
    )
