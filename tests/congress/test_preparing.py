"""Preparing a session: promises counted back from its day, agenda and procedures, papers in time, opinions."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from congress.enums import (
    BY_POLL,
    ITEM_TRANSITIONS,
    JOINT_TRANSITIONS,
    PROCEDURES,
    ItemKind,
    ItemState,
    JointState,
    SessionState,
    StepCode,
)
from congress.models import AgendaItem, Delivery, ItemOpinion, JointDecision, Session
from congress.operations import agenda as does
from congress.operations import sessions
from congress.operations.bodies import set_delegation
from congress.operations.delegates import confirm_credentials
from congress.operations.planning import do_step, fix_credentials
from congress.queries.agenda import delivery_counts, joint_waiting, missing_reports, steps_of
from congress.queries.sessions import is_year_without_a_hall
from congress.rules.agenda import may_confirm_receipt
from congress.yearly import BY_CODE, YEARLY
from portal.deadlines.models import Promise
from portal.kernel.days import day_start, local_day
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.factories.cards import AT
from tests.factories.congress import elect, make_item, make_paper, make_session, make_term

pytestmark = pytest.mark.usefixtures("english")
TODAY = local_day(AT)
DAY = dt.timedelta(days=1)


def opening(days):
    return day_start(TODAY + days * DAY) + dt.timedelta(hours=8)


def dues(session):
    rows = session.steps.exclude(promise=None).filter(promise__ended_at=None)
    return {step.code: (step.promise.due_on - session.opens_on).days for step in rows.select_related("promise")}


def test_every_state_against_every_state(monkeypatch):
    assert set(ITEM_TRANSITIONS) == set(ItemState) and set(JOINT_TRANSITIONS) == set(JointState)
    monkeypatch.setattr(AgendaItem, "save", lambda self, **kwargs: None)
    for source in ItemState:
        for target in ItemState:
            item = AgendaItem(state=source)
            if target in ITEM_TRANSITIONS[source]:
                does.move_item(item, target)
                assert item.state == target
            else:
                with pytest.raises(IllegalTransition):
                    does.move_item(item, target)
                assert item.state == source


def test_every_kind_has_its_procedure():
    assert set(PROCEDURES) == set(ItemKind)
    ballots = {kind for kind, stages in PROCEDURES.items() if set(stages) & set(BY_POLL)}
    assert ballots == {ItemKind.APPROVE, ItemKind.ELECT, ItemKind.APPRAISE}
    assert len(BY_CODE) == len(YEARLY) and all(len(one.code) <= 12 for one in YEARLY)


def test_steps_are_promised_back_from_the_day_and_follow_it(hall):
    term = make_term(hall, "fixed")
    session = make_session(term, hall, opens_at=opening(60))
    assert dues(session) == {
        "motions": -45, "credentials": -30, "topics": -15, "papers": -7, "agenda": -7, "discussion": -1,
        "preparatory": 0,
    }  # fmt: skip
    act = {"actor": hall.officer, "at": AT}
    do_step(step_id=session.steps.get(code="motions").pk, evidence="工发〔2026〕3号", **act)
    assert session.steps.get(code="motions").promise.met_at == AT
    for code, why in (("motions", "done already"), ("papers", "own act"), ("report", "after the closing")):
        with pytest.raises(OperationRefused, match=why):
            do_step(step_id=session.steps.get(code=code).pk, evidence="x", **act)
    move = {"session_id": session.pk, "closes_on": TODAY + 90 * DAY, "place": "礼堂", "mode": "onsite"}
    sessions.move_session(**move, opens_at=opening(90), **act)
    session.refresh_from_db()
    assert dues(session)["topics"] == -15 and dues(session)["motions"] == -75, "what is done stays done"
    ended = Promise.objects.filter(kind="session.topics").order_by("round")
    assert [(one.round, one.end_code) for one in ended] == [(1, "day_moved"), (2, "")]
    assert ended[0].first_due_on == TODAY + 45 * DAY, "a promise is never altered"
    sessions.move_session(**move, opens_at=opening(90) + dt.timedelta(hours=1), **act)
    assert Promise.objects.filter(kind="session.topics").count() == 2, "another hour moves no promise"
    late = AT + 80 * DAY
    sessions.postpone_session(session_id=session.pk, reason="停工检修", actor=hall.officer, at=late)
    missed = {one.kind for one in Promise.objects.filter(missed_at__isnull=False)}
    assert missed == {"session.credentials", "session.topics"}, "what was late stays late"
    assert dues(session) == {"motions": -75}
    again = {**move, "closes_on": TODAY + 85 * DAY, "opens_at": opening(85)}
    sessions.move_session(**again, actor=hall.officer, at=late)
    session.refresh_from_db()
    assert dues(session)["topics"] == -5, "a day that lies behind is promised for today"
    assert {line["one"].code for line in steps_of(session, late) if line["clock"] is None} == {"results", "report"}


def test_the_credential_report_fixes_how_many_there_are(hall):
    term = make_term(hall, "fixed")
    session = make_session(term, hall)
    act = {"session_id": session.pk, "evidence": "资格审查小组", "actor": hall.officer, "at": AT}
    with pytest.raises(OperationRefused, match="Nobody's credentials"):
        fix_credentials(counts_vacant=True, **act)
    one = term.electing_units.get(unit=hall.shops[0])
    elect(one, hall, count=3)
    confirm_credentials(electing_unit_id=one.pk, actor=hall.chair, at=AT)
    assert fix_credentials(counts_vacant=True, **act).whole == 30
    assert fix_credentials(counts_vacant=False, **act).whole == 3
    assert session.steps.get(code="credentials").promise.met_at == AT


@pytest.mark.parametrize("state", SessionState.values)
def test_receipt_is_confirmed_from_the_convening_to_the_closing(state):
    verdict = may_confirm_receipt(Delivery(session=Session(state=state)))
    assert bool(verdict) is (state in ("convened", "open"))


def test_agenda_papers_and_proof(hall):
    term = make_term(hall)
    session = make_session(term, hall)
    act = {"actor": hall.officer, "at": AT}
    with pytest.raises(OperationRefused, match="empty"):
        does.convene_session(session_id=session.pk, **act)
    assert len(missing_reports(session)) == len(YEARLY)
    work = make_item(session, hall, "consult", report="work")
    rules = make_item(session, hall, "approve", title="职工奖惩办法")
    with pytest.raises(OperationRefused, match="no more seats"):
        make_item(session, hall, "elect", names=["甲"], seats=2)
    with pytest.raises(OperationRefused, match="who is appraised"):
        make_item(session, hall, "appraise")
    assert [one.code for one in missing_reports(session)] == [one.code for one in YEARLY if one.code != "work"]
    with pytest.raises(OperationRefused, match="no paper yet"):
        does.convene_session(session_id=session.pk, **act)
    with pytest.raises(OperationRefused, match="text, a file"):
        make_paper(session, hall, text="")
    make_paper(session, hall, item=rules)
    does.convene_session(session_id=session.pk, **act)
    active = term.mandates.filter(state="active").count()
    assert delivery_counts(session) == {"whole": active, "delivered": active, "seen": 0}
    assert Delivery.objects.filter(session=session).values("code").distinct().count() == active
    assert Notice.objects.filter(kind="congress_session.convened").count() == 30
    done = session.steps.filter(done_at__isnull=False).values_list("code", flat=True)
    assert set(done) == {StepCode.PAPERS, StepCode.AGENDA}
    with pytest.raises(OperationRefused, match="gone out"):
        make_item(session, hall, title="临时动议")
    with pytest.raises(OperationRefused, match="planned session"):
        does.convene_session(session_id=session.pk, **act)
    assert does.deliver_rest(session_id=session.pk, way="paper", **act) == 0
    proof = Delivery.objects.filter(session=session).select_related("mandate__person").first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(session=session, mandate=proof.mandate, delivered_at=AT, code="x")
    does.confirm_receipt(session_id=session.pk, actor=proof.mandate.person, at=AT)
    for person, why in ((proof.mandate.person, "already"), (hall.stranger, "No papers")):
        with pytest.raises(OperationRefused, match=why):
            does.confirm_receipt(session_id=session.pk, actor=person, at=AT)
    assert delivery_counts(session)["seen"] == 1
    make_paper(session, hall, title="补充材料")
    assert Notice.objects.filter(kind="congress_session.paper_added").count() == 30
    does.withdraw_item(item_id=work.pk, reason="材料不全", **act)
    assert "work" in {one.code for one in missing_reports(session)}
    with pytest.raises(OperationRefused, match="dealt with"):
        does.withdraw_item(item_id=work.pk, reason="材料不全", **act)
    assert not Entry.objects.filter(facts__has_key="reason").exists(), "codes and ids only"


def test_a_year_without_a_hall_is_said(hall):
    term = make_term(hall, "fixed")
    online = make_session(term, hall, mode="online")
    assert is_year_without_a_hall(online)
    other = make_session(term, hall, opens_at=opening(100))
    assert not is_year_without_a_hall(online) and not is_year_without_a_hall(other)


def test_opinions_are_collected_and_answered(hall):
    term = make_term(hall)
    session = make_session(term, hall)
    item = make_item(session, hall)
    heads = list(term.mandates.filter(electing_unit__unit=hall.shops[0]).select_related("person")[:2])
    unit = heads[0].electing_unit
    set_delegation(term_id=term.pk, name="第一代表团", electing_units=[unit], head=heads[0], actor=hall.officer, at=AT)
    say = {"item_id": item.pk, "text": "增加夜班补贴", "at": AT}
    with pytest.raises(OperationRefused, match="from the convening"):
        does.give_opinion(**say, is_collective=False, idempotency_key=uuid.uuid4(), actor=heads[1].person)
    does.convene_session(session_id=session.pk, actor=hall.officer, at=AT)
    key = uuid.uuid4()
    for person, is_collective, why in ((heads[1].person, True, "Only the head"), (hall.stranger, False, "Only dele")):
        with pytest.raises(OperationRefused, match=why):
            does.give_opinion(**say, is_collective=is_collective, idempotency_key=key, actor=person)
    one = does.give_opinion(**say, is_collective=True, idempotency_key=key, actor=heads[0].person)
    assert does.give_opinion(**say, is_collective=True, idempotency_key=key, actor=heads[0].person) == one
    with pytest.raises(Conflict):
        does.give_opinion(**say, is_collective=False, idempotency_key=key, actor=heads[1].person)
    assert (one.delegation.name, ItemOpinion.objects.count()) == ("第一代表团", 1)
    does.answer_opinion(opinion_id=one.pk, answer="列入明年预算", actor=hall.officer, at=AT)
    with pytest.raises(OperationRefused, match="already"):
        does.answer_opinion(opinion_id=one.pk, answer="列入明年预算", actor=hall.officer, at=AT)
    assert Notice.objects.filter(kind="item_opinion.answered").count() == 1
    for state in set(ItemState.values) - {"listed", "running"}:  # answered before the vote, and none after
        AgendaItem.objects.filter(pk=item.pk).update(state=state)
        with pytest.raises(OperationRefused, match="has been discussed"):
            does.give_opinion(**say, is_collective=False, idempotency_key=uuid.uuid4(), actor=heads[1].person)
    AgendaItem.objects.filter(pk=item.pk).update(state="running")
    does.give_opinion(**say, is_collective=False, idempotency_key=uuid.uuid4(), actor=heads[1].person)


def test_the_joint_meeting_decides_what_the_congress_confirms(hall):
    term = make_term(hall)
    joint = {"term_id": term.pk, "title": "高温津贴", "text": "按月发放", "took_part": 7, "actor": hall.officer}
    joint |= {"at": AT, "held_on": TODAY}
    with pytest.raises(OperationRefused, match="must approve"):
        does.record_joint(**joint, kind="approve", idempotency_key=uuid.uuid4())
    with pytest.raises(IntegrityError), transaction.atomic():
        plain = {"title": "x", "text": "x", "took_part": 7, "recorded_by": hall.officer, "recorded_at": AT}
        JointDecision.objects.create(term=term, held_on=TODAY, kind="approve", idempotency_key=uuid.uuid4(), **plain)
    with pytest.raises(OperationRefused, match="future"):
        does.record_joint(**{**joint, "held_on": TODAY + DAY}, kind="consult", idempotency_key=uuid.uuid4())
    one = does.record_joint(**joint, kind="consult", idempotency_key=uuid.uuid4())
    session = make_session(term, hall)
    assert joint_waiting(term) == [one]
    with pytest.raises(OperationRefused, match="by a vote"):
        make_item(session, hall, "consult", joint=one)
    make_item(session, hall, "approve", joint=one)
    assert joint_waiting(term) == []
    with pytest.raises(Conflict):
        make_item(session, hall, "approve", joint=one)
