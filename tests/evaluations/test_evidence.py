"""The figures of the year that no monthly sheet has: by unit, by moment, with the rows behind them."""

import datetime as dt
import uuid

import pytest
from django.utils import translation

from congress.enums import DutyKind, DutyState, Gate, Light, SessionState
from congress.models import DutyEntry, ElectingUnit, FrozenSheet, Mandate, Session
from evaluations.enums import RoundState
from evaluations.models import Round
from portal.kernel.days import day_start
from portal.kernel.indicators import all_indicators, indicator_of
from tests.factories import appraisals, ballots
from tests.factories import congress as hall_of
from tests.factories.assessments import AT, make_assembly, make_house
from tests.factories.scorecards import make_scene, promise

pytestmark = pytest.mark.django_db
SINCE, UNTIL = dt.date(2026, 1, 1), dt.date(2027, 1, 1)
NOON = dt.timedelta(hours=12)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def figures(code, within=None, since=SINCE, until=UNTIL):
    return sorted(map(tuple, indicator_of(code).figures(since, until, within)))


def counted(code, unit, reader=None):
    return [line.is_counted for line in indicator_of(code).behind(unit, SINCE, UNTIL, reader).lines]


def test_the_yearly_figures_are_these():
    yearly = {one.code for one in all_indicators() if not one.is_monthly}
    assert yearly == {
        "appraisal.held",
        "commitment.signed",
        "delegate.elected",
        "delegate.trained",
        "duty.covered",
        "satisfaction.congress",
        "satisfaction.disclosure",
        "session.held",
        "session.quorum",
        "session.secret",
    }


def test_signatures_and_the_catalogue():
    scene = make_scene()
    for met in (-1, 3, None):
        promise(scene.works, "commitment.sign", met=met)
        promise(scene.works, "disclosure.publish", met=met)
    promise(scene.shop, "disclosure.event", met=-1)
    promise(scene.other, "commitment.sign")
    for kind in ("commitment.sign", "disclosure.publish"):
        promise(scene.works, kind, due_on=UNTIL)
        # Met only after the days are over: not covered in them.
        promise(scene.other, kind, due_on=UNTIL - dt.timedelta(days=2), met=30)
    assert figures("commitment.signed") == [(scene.works.path, 1, 3), (scene.other.path, 0, 2)]
    assert figures("duty.covered") == [(scene.works.path, 2, 3), (scene.shop.path, 1, 1), (scene.other.path, 0, 1)]
    assert figures("duty.covered", within=scene.shop) == [(scene.shop.path, 1, 1)]
    assert sorted(counted("commitment.signed", scene.works)) == [False, False, True]
    assert sorted(counted("duty.covered", scene.works)) == [False, True, True, True]


def test_sessions_by_what_their_validity_sheet_shows():
    house = make_house()
    held, close, bare = (make_assembly(house) for _n in range(3))
    path = house.company.path
    assert figures("session.held") == [(path, 0, 1)] and counted("session.held", house.company) == []
    for session, opened in ((held, AT), (close, AT + dt.timedelta(days=3)), (bare, day_start(UNTIL))):
        Session.objects.filter(pk=session.pk).update(
            state=SessionState.CLOSED, opened_at=opened, closed_at=opened, whole=30
        )
    for session, quorum, secret in ((held, "green", "green"), (close, "red", "open"), (bare, "green", "green")):
        lines = [{"gate": Gate.QUORUM, "light": Light(quorum)}, {"gate": Gate.SECRECY, "light": Light(secret)}]
        FrozenSheet.objects.create(session=session, lines=lines, at=AT)
    assert figures("session.held") == [(path, 1, 1)]
    assert figures("session.quorum") == [(path, 1, 2)]
    assert figures("session.secret") == [(path, 1, 1)]  # a session without a vote owes none
    assert figures("session.quorum", within=house.works) == figures("session.held", within=house.works) == []
    assert counted("session.held", house.company) == [None, None]
    assert counted("session.quorum", house.company) == [True, False]
    assert counted("session.secret", house.company) == [True]
    links = [line.url for line in indicator_of("session.held").behind(house.company, SINCE, UNTIL, None).lines]
    assert links == [f"/congress/sessions/{session.pk}/" for session in (held, close)]


def test_seats_and_trainings_of_a_term():
    hall = hall_of.make_hall()
    term = hall_of.make_term(hall, "confirmed")
    sitting = list(Mandate.objects.live().filter(term=term).order_by("pk"))
    seats = sum(ElectingUnit.objects.filter(term=term).values_list("seats", flat=True))
    path = hall.works.path
    assert len(sitting) == seats > 10
    plain = {"kind": DutyKind.TRAINING, "text": "履职培训", "minutes": 60, "written_at": AT, "on": dt.date(2026, 5, 6)}
    for mandate, over in (
        (sitting[0], {"state": DutyState.CONFIRMED}),
        (sitting[0], {"state": DutyState.CONFIRMED, "on": dt.date(2026, 6, 6)}),
        (sitting[1], {"state": DutyState.CONFIRMED}),
        (sitting[2], {}),
        (sitting[3], {"state": DutyState.CONFIRMED, "on": dt.date(2025, 12, 31)}),
        (sitting[4], {"state": DutyState.CONFIRMED, "kind": DutyKind.MEETING}),
    ):
        DutyEntry.objects.create(mandate=mandate, idempotency_key=uuid.uuid4(), **{**plain, **over})
    assert figures("delegate.elected") == [(path, seats, seats)]
    assert figures("delegate.trained") == [(path, 2, seats)]
    assert figures("delegate.trained", since=dt.date(2024, 1, 1), until=dt.date(2025, 1, 1)) == []
    ElectingUnit.objects.filter(pk=sitting[0].electing_unit_id).update(seats=100)
    [(_path, part, whole)] = figures("delegate.elected")
    assert part == seats and whole > seats
    lines = indicator_of("delegate.trained").behind(hall.works, SINCE, UNTIL, None).lines
    assert len(lines) == ElectingUnit.objects.filter(term=term, seats__gt=0).count()
    # Numbers by electing unit; no delegate is singled out.
    assert not any(one.person.name in line.text for one in sitting for line in lines)


def test_appraisals_whose_time_ended():
    rated = appraisals.make_round(appraisals.DRAFT, subjects=1, has_groups=False)
    row, path = rated.round, rated.unit.path
    assert figures("appraisal.held") == []
    poll = ballots.make_poll(ballots.DRAFT).poll
    Round.objects.filter(pk=row.pk).update(poll=poll, announced_at=AT, cancelled_at=AT, reason="改期")
    closes = day_start(UNTIL) - NOON
    for state, at, found in (
        (RoundState.CANCELLED, closes, []),
        (RoundState.OPEN, closes, [(path, 0, 1)]),
        (RoundState.COUNTED, closes, [(path, 1, 1)]),
        (RoundState.PUBLISHED, closes, [(path, 1, 1)]),
        (RoundState.PUBLISHED, closes + NOON, []),
        (RoundState.PUBLISHED, day_start(SINCE), [(path, 1, 1)]),
    ):
        Round.objects.filter(pk=row.pk).update(state=state, closes_at=at, opens_at=at - NOON)
        assert figures("appraisal.held") == found, (state, at)
    [line] = indicator_of("appraisal.held").behind(rated.unit, SINCE, UNTIL, None).lines
    assert (line.text, line.is_counted, line.on) == (row.title, True, SINCE)
