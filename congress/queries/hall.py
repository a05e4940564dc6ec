"""
Reads of the hall: 应到, 实到 and the quorum at a moment, the validity sheet, the next lawful step.

The console and the hall screen read these and nothing else.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, UUIDField

from portal.accounts.queries import rule_value
from portal.ballots.enums import PollState
from portal.kernel.days import day_end
from portal.kernel.prepared import Prepared, Slot
from portal.kernel.rows import only_one

from .. import numbers, validity
from ..enums import PROCEDURES, ItemState, MandateState, Stage
from ..models import (
    AgendaItem,
    Body,
    Delivery,
    FrozenSheet,
    ItemOpinion,
    Mandate,
    Paper,
    PollItem,
    Presence,
    SessionPoll,
    Waiver,
)
from .terms import check_presidium, composition_of

LIVE_POLLS = (PollState.DRAFT, PollState.OPEN, PollState.CLOSED, PollState.COUNTED)


def _is_there(session):
    """Who counts as there: now, with a mandate that runs; of a session that has closed, who stayed to the end."""
    if session.closed_at is not None:
        return Q(left_at__gte=session.closed_at)
    return Q(left_at__isnull=True, mandate__state=MandateState.ACTIVE)


def in_the_hall(session):
    """Return the presences of who counts as there, and may vote."""
    return Presence.objects.filter(_is_there(session), session=session)


def is_in_the_hall(session_id, person):
    """Whether somebody counts as there in a session; what the door of every vote asks, twice at each ballot."""
    return bool(_THERE.rows(session=session_id, person=person.pk))


def _there():
    now = Q(session__closed_at__isnull=True, left_at__isnull=True, mandate__state=MandateState.ACTIVE)
    to_the_end = Q(left_at__gte=F("session__closed_at"))
    rows = Presence.objects.filter(session=Slot("session", UUIDField()), mandate__person=Slot("person", UUIDField()))
    return rows.filter(now | to_the_end).order_by().values_list("pk")


# The statement is kept, never what it says.
_THERE = Prepared(_there, by_key=True)


@dataclass(frozen=True)
class Attendance:
    """The figures of the hall: all, there, needed for the quorum, still missing, signed in and left since."""

    whole: int
    present: int
    needed: int
    short: int
    left: int

    @property
    def is_quorum(self):
        """Whether the congress may act now."""
        return validity.is_quorum(self.present, self.whole)


def attendance_of(session):
    """Return the figures of the hall now, by one query."""
    found = Presence.objects.filter(session=session).aggregate(
        present=Count("pk", filter=_is_there(session)),
        ever=Count("mandate", distinct=True),
    )
    whole = session.whole or 0
    needed = validity.quorum_needed(whole)
    present = found["present"]
    return Attendance(whole, present, needed, max(0, needed - present) if whole else 1, found["ever"] - present)


def half_passes(session, at):
    """Whether half of all delegates is enough for this congress (半数以上) or more than half is needed (过半数)."""
    return bool(rule_value(numbers.PASS_AT_HALF, unit=session.unit, at=at))


def sheet_of(session, at):
    """Return the lines of the validity sheet with what was waived: as it stands, or stood when the session closed."""
    frozen = frozen_sheet(session)
    return live_sheet(session, at) if frozen is None else _thawed(frozen)


def frozen_sheet(session):
    """Return the validity sheet as it was kept when the session was closed, or None."""
    return only_one(FrozenSheet.objects.filter(session=session)) if session.closed_at is not None else None


def _thawed(frozen):
    waivers = {one.pk: one for one in _waivers(frozen.session_id)}
    return [
        validity.Line(
            **{
                **line,
                "words": tuple((name, value) for name, value in line["words"]),
                "waiver": waivers.get(line["waiver"]),
            }
        )
        for line in frozen.lines
    ]


def _waivers(session_id):
    return Waiver.objects.filter(session=session_id).select_related("waived_by")


def live_sheet(session, at):
    """Return the lines of the validity sheet by what is in the tables now."""
    term, whole = session.term, session.whole or 0
    shares = {share.code: share for share in composition_of(term)}
    present = in_the_hall(session).count()
    days = rule_value(numbers.PAPERS_DAYS, unit=term.unit, at=at)
    half = half_passes(session, at)
    front = rule_value(numbers.PRESIDIUM_FRONT, unit=term.unit, at=at)
    ballots, void = _ballots(session)
    lines = [
        validity.quota_line(term.seats or 0, term.least, term.staff),
        validity.composition_line(shares["leaders"].wrong, shares["women"].wrong, term.leader_percent),
        validity.credentials_line(session.whole, Mandate.objects.filter(term=term, state=MandateState.ACTIVE).count()),
        _notice_line(session, days),
        validity.quorum_line(present, whole),
        validity.presidium_line(_presidium(term, front, at), front),
        validity.secrecy_line(ballots, void),
        validity.majority_line(present, whole, half_is_enough=half),
    ]
    waivers = {one.gate: one for one in _waivers(session.pk)}
    return validity.with_waivers(lines, waivers)


def _notice_line(session, days):
    """Delegates who had the papers in time, and papers that came after."""
    limit = day_end(session.opens_on - dt.timedelta(days=days))
    delegates = Mandate.objects.filter(term=session.term_id, state=MandateState.ACTIVE).count()
    in_time = Delivery.objects.filter(
        session=session, mandate__state=MandateState.ACTIVE, delivered_at__lt=limit
    ).count()
    late = Paper.objects.filter(session=session, added_at__gte=limit).count()
    return validity.notice_line(in_time, delegates, late, days)


def _presidium(term, front, at):
    body = Body.objects.filter(term=term, kind="presidium").first()
    if body is None:
        return None
    small = rule_value(numbers.PRESIDIUM_SMALL, unit=term.unit, at=at)
    large = rule_value(numbers.PRESIDIUM_LARGE, unit=term.unit, at=at)
    members = [member.mandate for member in body.members.select_related("mandate")]
    return check_presidium(members, seats=term.seats, small=small, large=large, front=front)


def _ballots(session):
    """Return (polls held, void ones that have not been repeated)."""
    found = (
        SessionPoll.objects.filter(session=session)
        .exclude(poll__state=PollState.DISCARDED)
        .aggregate(
            held=Count("pk", filter=Q(poll__opened_at__isnull=False)),
            void=Count("pk", filter=Q(poll__result__is_void=True, repeated_by__isnull=True)),
        )
    )
    return found["held"], found["void"]


# Items ---------------------------------------------------------------------------------------------------------


def has_live_polls(session):
    """Whether a vote of a session has been drawn up and has no published result yet."""
    return SessionPoll.objects.filter(session=session, poll__state__in=LIVE_POLLS).exists()


def running_item(session):
    """Return the item under discussion with its stages, or None."""
    rows = AgendaItem.objects.filter(session=session, state=ItemState.RUNNING)
    return rows.prefetch_related("stages").first()


def next_stage(item):
    """Return the next stage of an item's procedure, or None when all are done."""
    done = {row.stage for row in item.stages.all()}
    return next((stage for stage in PROCEDURES[item.kind] if stage not in done), None)


def next_item(session):
    """Return the next item that has not been called up, or None."""
    return AgendaItem.objects.filter(session=session, state=ItemState.LISTED).order_by("position", "pk").first()


def unanswered(item):
    """Return how many opinions on an item wait for an answer."""
    return ItemOpinion.objects.filter(item=item, answered_at__isnull=True).count()


def items_to_vote(session):
    """Return the items that wait for their secret ballot and stand in no poll that runs."""
    busy = PollItem.objects.filter(session_poll__session=session, session_poll__poll__state__in=LIVE_POLLS)
    rows = AgendaItem.objects.filter(session=session, state=ItemState.TO_VOTE)
    return list(rows.exclude(pk__in=busy.values("item_id")).order_by("position", "pk"))


def polls_of(session):
    """Return the polls of a session with their results and items, in the order in which they were drawn up."""
    items = Prefetch("items", PollItem.objects.select_related("item"))
    return list(
        SessionPoll.objects.filter(session=session)
        .select_related("poll", "poll__result", "repeats__poll")
        .prefetch_related(items, "poll__scrutineers")
        .order_by("pk")
    )


@dataclass(frozen=True)
class NextStep:
    """What may lawfully be done next: its code, the item it is about, the stage."""

    code: str
    item: object = None
    stage: str = ""
    poll: object = None


def next_step(session):
    """
    Return the next lawful step of a session that is open: one, so that one operator has one button.

    ``stage`` goes on with the running item, ``poll`` brings a poll that runs
    to its end, ``repeat`` votes again where one was void, ``call`` takes up the
    next item, ``ballot`` draws up the votes that wait, ``close`` closes.
    """
    if (item := running_item(session)) is not None:
        return NextStep("stage", item, next_stage(item) or "")
    rows = SessionPoll.objects.filter(session=session).select_related("poll", "poll__result").order_by("pk")
    if (row := rows.filter(poll__state__in=LIVE_POLLS).first()) is not None:
        return NextStep("poll", poll=row)
    if (row := rows.filter(poll__result__is_void=True, repeated_by__isnull=True).first()) is not None:
        return NextStep("repeat", poll=row)
    if (item := next_item(session)) is not None:
        return NextStep("call", item)
    if items := items_to_vote(session):
        return NextStep("ballot", items[0], Stage.BALLOT)
    return NextStep("close")


# The door --------------------------------------------------------------------------------------------------------


def door_list(session):
    """Return the delegates of a session with where they are now, for the operator at the door."""
    rows = Presence.objects.filter(session=session).order_by("-arrived_at", "-pk")
    return (
        Mandate.objects.filter(term=session.term_id, state=MandateState.ACTIVE)
        .select_related("electing_unit__unit", "electing_unit__delegation")
        .prefetch_related(Prefetch("presences", rows, to_attr="ways"))
        .order_by("electing_unit__unit__path", "seat", "pk")
    )


def last_presence(mandate):
    """Return the last presence of a mandate that the door list has read, or None."""
    return next(iter(mandate.ways), None)


def presences_of(session):
    """Return every arrival and leaving of a session, for the minutes."""
    return list(Presence.objects.filter(session=session).select_related("mandate").order_by("arrived_at", "pk"))
