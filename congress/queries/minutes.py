"""The minutes of a session, from what happened: who was there, items with stages, votes, what was waived."""

from dataclasses import dataclass, field

from django.db.models import Prefetch, Q

from portal.ballots.enums import PollState, QuestionKind, Say

from ..models import AgendaItem, Bypass, ItemStage, Presence, SignedRecord, Speech, Waiver
from ..phrases import SCALE
from ..validity import quorum_needed
from .hall import polls_of


@dataclass(frozen=True)
class VoteLine:
    """One question of a vote: its counts in words, what was needed, what came of it."""

    poll: object
    counts: tuple = ()
    base: int = 0
    needed: int = 0
    is_void: bool = False
    is_repeated: bool = False
    elected: tuple = ()
    tied: tuple = ()


@dataclass
class ItemMinutes:
    """One item: its stages as they were done, who spoke, votes."""

    item: object
    stages: list
    speeches: list = field(default_factory=list)
    votes: list = field(default_factory=list)


@dataclass(frozen=True)
class Minutes:
    """All that the minutes of a session say."""

    session: object
    present: int
    needed: int
    late: list
    gone: list
    items: list
    waivers: list


def present_at(session, moment):
    """Return how many delegates were in the hall at a moment, as the door recorded it."""
    rows = Presence.objects.filter(session=session, arrived_at__lte=moment)
    return rows.filter(Q(left_at__isnull=True) | Q(left_at__gt=moment)).values("mandate").distinct().count()


def minutes_of(session):
    """Return the minutes of a session, by a number of queries that does not grow with it."""
    items = AgendaItem.objects.filter(session=session).select_related("joint").order_by("position", "pk")
    spoken = Speech.objects.filter(called_at__isnull=False)
    rows = [
        ItemMinutes(item, list(item.stages.all()), list(item.speeches.all()))
        for item in items.prefetch_related(
            Prefetch("stages", ItemStage.objects.select_related("done_by")),
            Prefetch("speeches", spoken.select_related("mandate__electing_unit__unit").order_by("called_at", "pk")),
        )
    ]
    by_item = {row.item.pk: row for row in rows}
    polls = polls_of(session)
    repeated = {row.repeats_id for row in polls if row.repeats_id}
    for row in polls:
        if row.poll.state not in (PollState.COUNTED, PollState.PUBLISHED):
            continue
        for part in row.items.all():
            by_item[part.item_id].votes += votes_of(row, part, is_repeated=row.pk in repeated)
    presences = list(Presence.objects.filter(session=session).select_related("mandate").order_by("arrived_at", "pk"))
    opened, closed = session.opened_at, session.closed_at
    return Minutes(
        session=session,
        present=present_at(session, opened) if opened else 0,
        needed=quorum_needed(session.whole or 0),
        late=[one for one in presences if opened and one.arrived_at > opened],
        gone=[one for one in presences if one.left_at and (closed is None or one.left_at < closed)],
        items=rows,
        waivers=list(Waiver.objects.filter(session=session).select_related("waived_by")),
    )


def votes_of(row, part, *, is_repeated=False):
    """Return the questions of a counted vote on an item as lines of the minutes."""
    result = row.poll.result
    if result.is_void:
        return [VoteLine(row, is_void=True, is_repeated=is_repeated)]
    asked = {question.code: question for question in row.poll.definition.questions}
    lines = []
    for code in part.questions:
        question, found = asked[code], result.questions[code]
        elected, tied = (), ()
        if question.kind == QuestionKind.ELECTION:
            labels = {option.code: option.label for option in question.options}
            counts = tuple((labels[key], votes) for key, votes in found["votes"].items())
            counts += tuple(sorted(found["names"].items(), key=lambda one: (-one[1], one[0])))
            elected, tied = (tuple(labels.get(key, key) for _kind, key in found[name]) for name in ("elected", "tied"))
        elif question.kind == QuestionKind.RATING:
            counts = tuple((SCALE.get(key, key), votes) for key, votes in found["counts"].items() if key in SCALE)
        else:
            counts = tuple((Say(key).label, votes) for key, votes in found["counts"].items())
        lines.append(VoteLine(row, counts, found["base"], found["needed"], elected=elected, tied=tied))
    return lines


def bypasses_of(term):
    """Return what bypassed the congress in a term, the latest first."""
    rows = Bypass.objects.filter(term=term).select_related("inquiry__unit")
    return rows.order_by("-flagged_at", "pk")


def records_of(session):
    """Return the scans of papers that were signed on a session."""
    rows = list(SignedRecord.objects.filter(session=session).select_related("file"))
    for one in rows:
        one.session = session
    return rows
