"""A session from the door to the closing: gates, quorum, procedures, votes in the sealed box, what is owed after."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from congress.enums import Gate, ItemState, Light, MandateState, SessionState
from congress.models import ItemStage, Mandate, Presence, Session, SessionPoll
from congress.operations import agenda
from congress.operations import hall as door
from congress.operations import running as does
from congress.operations.planning import fix_credentials
from congress.queries.hall import attendance_of, next_stage, next_step, sheet_of
from portal.ballots import operations as box
from portal.ballots.enums import Grade
from portal.ballots.models import Ballot, Result
from portal.kernel.days import day_start
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused
from tests.factories.cards import AT
from tests.factories.congress import make_item, make_paper, make_presidium, make_session, make_term
from tests.factories.people import make_person

pytestmark = pytest.mark.usefixtures("english")
DAYS = dt.timedelta(days=1)


def convened(house, *, items=(), lead=10, **over):
    """Return a session that was convened so many days before its opening, with its credentials fixed."""
    term = make_term(house)
    make_presidium(term, house)
    session = make_session(term, house, opens_at=day_start(AT.date() + lead * DAYS) + dt.timedelta(hours=9), **over)
    for kind, more in items or [("consult", {})]:
        item = make_item(session, house, kind, **more)
        make_paper(session, house, item=item)
    fix_credentials(session_id=session.pk, counts_vacant=True, evidence="资格审查", actor=house.officer, at=AT)
    agenda.convene_session(session_id=session.pk, actor=house.officer, at=AT)
    session.refresh_from_db()
    return session


def come(session, house, count, at):
    """Sign so many delegates in; returns their mandates."""
    there = Presence.objects.filter(session=session, left_at=None).values("mandate")
    rows = list(Mandate.objects.filter(term=session.term_id, state=MandateState.ACTIVE).exclude(pk__in=there))
    rows.sort(key=lambda one: one.person.job_no)
    door.sign_in(session_id=session.pk, mandate_id=rows[0].pk, actor=house.officer, at=at)
    plain = {"session": session, "way": "list", "arrived_at": at, "recorded_by": house.officer}
    Presence.objects.bulk_create(Presence(mandate=one, **plain) for one in rows[1:count])
    return rows[:count]


def lights(session, at):
    return {line.gate: line.light for line in sheet_of(session, at)}


def box_of(house, session, items, at, *, hours=2):
    """Draw up and open a poll; returns (session poll, codes of the shares)."""
    people = [make_person(unit=house.company) for _ in range(3)]
    row = does.draw_up_poll(
        session_id=session.pk, items=items, title="表决", grade=Grade.SIGNED_IN, scrutineers=people,
        closes_at=at + dt.timedelta(hours=hours), key=uuid.uuid4(), actor=house.officer, at=at,
    )  # fmt: skip
    shares = [box.take_up_share(poll_id=row.poll_id, actor=one, at=at) for one in people]
    return row, shares


def count(house, row, shares, at):
    later = at + dt.timedelta(hours=3)
    box.count_poll(poll_id=row.poll_id, codes=shares[:2], actor=house.officer, at=later)
    box.publish_poll(poll_id=row.poll_id, actor=house.officer, at=later)


def test_the_gate_before_at_and_after_each_line(hall):
    session = convened(hall)
    at = session.opens_at
    act = {"session_id": session.pk, "actor": hall.officer}
    whole = session.whole
    assert whole == 30
    with pytest.raises(OperationRefused, match="The door opens"):
        come(session, hall, 1, at - DAYS)
    come(session, hall, 19, at)
    assert attendance_of(session).short == 1
    with pytest.raises(OperationRefused, match=r"quorum \(1 short\)"):
        door.open_session(**act, at=at)
    one = come(session, hall, 1, at)[0]
    assert (attendance_of(session).is_quorum, attendance_of(session).short) == (True, 0)
    with pytest.raises(OperationRefused, match="opens on"):
        door.open_session(**act, at=at - DAYS)
    assert lights(session, at) == {**dict.fromkeys(Gate, Light.GREEN), Gate.SECRECY: Light.OPEN}
    # Papers: a day too late for one delegate, one paper added after.
    session.deliveries.filter(mandate=one).update(delivered_at=at - 6 * DAYS)
    assert next(line for line in sheet_of(session, at) if line.gate == Gate.NOTICE).short == 1
    waiver = {**act, "reason": "台风延误", "basis": "主席团会议决定"}
    for gate, actor, why in (
        ("quorum", hall.chair, "not red"), ("notice", hall.officer, "Only the chair"),
    ):  # fmt: skip
        with pytest.raises(OperationRefused, match=why):
            door.waive(**{**waiver, "actor": actor}, gate=gate, at=at)
    with pytest.raises(OperationRefused, match="papers in time"):
        door.open_session(**act, at=at)
    door.waive(**{**waiver, "actor": hall.chair}, gate="notice", at=at)
    with pytest.raises(OperationRefused, match="not red"):
        door.waive(**{**waiver, "actor": hall.chair}, gate="notice", at=at)
    # Double sign-in: the constraint is the check, whoever is quicker.
    with pytest.raises(Conflict, match="already"):
        door.sign_in(**act, mandate_id=one.pk, at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Presence.objects.create(session=session, mandate=one, way="list", arrived_at=at, recorded_by=hall.chair)
    door.open_session(**act, at=at)
    # Leaving and coming back, by the code on the phone.
    door.sign_out(**act, mandate_id=one.pk, at=at + dt.timedelta(minutes=5))
    assert not attendance_of(session).is_quorum
    item = session.items.get()
    session.refresh_from_db()
    with pytest.raises(OperationRefused, match="No quorum: 19 of 30"):
        does.call_item(item_id=item.pk, actor=hall.officer, at=at)
    with pytest.raises(OperationRefused, match="this code"):
        door.sign_in(**act, code="x", at=at)
    code = session.deliveries.get(mandate=one).code
    door.sign_in(**act, code=f" {code[:3]} {code[3:]}", at=at + dt.timedelta(minutes=9))
    assert Presence.objects.filter(mandate=one).count() == 2
    # A mandate that ends while the delegate sits in the hall counts no more.
    Mandate.objects.filter(pk=one.pk).update(state=MandateState.ENDED_TRANSFER)
    assert (attendance_of(session).present, attendance_of(session).whole) == (19, 30)
    with pytest.raises(OperationRefused, match="dealt with"):
        door.close_session(**act, at=at)
    with pytest.raises(OperationRefused, match="meets in the hall"):
        door.sign_in_online(session_id=session.pk, actor=one.person, at=at)
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            sheet_of(Session.objects.select_related("term__unit").get(pk=session.pk), at)
        counted.append(len(asked))
        come(session, hall, 3, at)
    assert counted[0] == counted[1], "the sheet asks as often whoever is there"


def test_items_go_through_their_procedure_and_votes_through_the_gate(hall):
    session = convened(
        hall,
        items=[
            ("consult", {"title": "工作报告"}),
            ("approve", {"title": "职工奖惩办法"}),
            ("approve", {"title": "集体合同"}),
            ("elect", {"title": "选举职工董事", "names": ["张三", "李四"], "seats": 1}),
            ("appraise", {"title": "民主评议", "names": ["王五"]}),
        ],
    )
    at, act = session.opens_at, {"actor": hall.officer, "at": session.opens_at}
    people = [one.person for one in come(session, hall, 28, at)]
    door.open_session(session_id=session.pk, **act)
    session.refresh_from_db()
    report, first, second, seat, rated = session.items.order_by("position")
    assert (next_step(session).code, next_step(session).item) == ("call", report)
    does.call_item(item_id=report.pk, **act)
    with pytest.raises(Conflict, match="Another item"):
        does.call_item(item_id=first.pk, **act)
    with pytest.raises(OperationRefused, match="Another stage"):
        does.pass_stage(item_id=report.pk, stage="discuss", **act)
    opinion = agenda.give_opinion(
        item_id=report.pk, text="加快改造", is_collective=False, idempotency_key=uuid.uuid4(), actor=people[0], at=at
    )
    for stage in ("report", "discuss"):
        assert next_step(session).stage == stage
        does.pass_stage(item_id=report.pk, stage=stage, words="听取", **act)
    with pytest.raises(OperationRefused, match="1 opinions"):
        does.pass_stage(item_id=report.pk, stage="opinions", **act)
    agenda.answer_opinion(opinion_id=opinion.pk, answer="列入计划", **act)
    assert does.pass_stage(item_id=report.pk, stage="opinions", **act).state == ItemState.NOTED
    for item, stages in ((first, 2), (second, 2), (seat, 1), (rated, 1)):
        does.call_item(item_id=item.pk, **act)
        for _ in range(stages):
            item.refresh_from_db()
            does.pass_stage(item_id=item.pk, stage=next_stage(item), **act)
        item.refresh_from_db()
        assert item.state == ItemState.TO_VOTE
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemStage.objects.create(item=first, stage="report", done_at=at, done_by=hall.chair)
    with pytest.raises(OperationRefused, match="not under discussion"):
        does.pass_stage(item_id=first.pk, stage="ballot", **act)
    assert next_step(session).code == "ballot"
    row, shares = box_of(hall, session, [first, second, seat, rated], at)
    assert next_step(session).code == "poll"
    with pytest.raises(OperationRefused, match="A vote has not come"):
        door.close_session(session_id=session.pk, **act)
    with pytest.raises(OperationRefused, match="not wait for a vote"):
        box_of(hall, session, [first], at)
    with pytest.raises(OperationRefused, match="vote on this item runs"):
        does.defer_item(item_id=first.pk, reason="再议", **act)
    # The gate at the opening of a vote: quorum lost between items.
    gone = people[20:]
    for person in gone:
        door.sign_out(session_id=session.pk, mandate_id=Mandate.objects.get(person=person).pk, **act)
    door.sign_out(session_id=session.pk, mandate_id=Mandate.objects.get(person=people[19]).pk, **act)
    with pytest.raises(OperationRefused, match="quorum"):
        box.open_poll(poll_id=row.poll_id, **act)
    for person in people[19:]:
        door.sign_in(session_id=session.pk, mandate_id=Mandate.objects.get(person=person).pk, **act)
    box.open_poll(poll_id=row.poll_id, **act)
    row.refresh_from_db()
    assert (row.present, row.poll.definition.whole) == (28, 30)
    outside = Mandate.objects.filter(term=session.term_id, state="active").exclude(person__in=people).first()
    said = {"q1": "for", "q2": "for", "q3": {"marks": ["c1"], "names": []}, "q4": "excellent"}
    with pytest.raises(OperationRefused, match="in the hall"):
        box.cast_ballot(poll_id=row.poll_id, person=outside.person, answers=said, at=at)
    # 16 of 30 pass, 15 are one short, whoever is there; the election ties.
    for place, person in enumerate(people):
        says = {
            "q1": "for" if place < 16 else "against",
            "q2": "for" if place < 15 else "abstain",
            "q3": {"marks": ["c1" if place < 12 else "c2"], "names": []},
            "q4": "excellent",
        }
        box.cast_ballot(poll_id=row.poll_id, person=person, answers=says, at=at)
    count(hall, row, shares, at)
    states = dict(session.items.values_list("title", "state"))
    assert (states["职工奖惩办法"], states["集体合同"]) == (ItemState.ADOPTED, ItemState.REJECTED)
    assert states["民主评议"] == ItemState.NOTED
    seat.refresh_from_db()
    assert (seat.elected, seat.state) == (["李四"], ItemState.ADOPTED), "16 votes of 30 elect, 12 do not"
    later = {"actor": hall.officer, "at": at + dt.timedelta(hours=4)}
    door.close_session(session_id=session.pk, **later)
    session.refresh_from_db()
    assert session.state == SessionState.CLOSED and attendance_of(session).present == 28
    owed = {step.code: step.promise for step in session.steps.filter(code__in=("results", "report"))}
    assert (owed["results"].due_on - session.opens_on).days == 3
    assert owed["report"].rule == "workdays:7"
    door.disclose_results(session_id=session.pk, **later)
    owed["results"].refresh_from_db()
    assert owed["results"].met_at and not owed["report"].met_at
    with pytest.raises(OperationRefused, match="once the session has closed"):
        door.disclose_results(session_id=session.pk, **later)


def test_a_void_vote_is_repeated_and_linked_and_a_tie_is_run_off(hall):
    session = convened(hall, items=[("elect", {"names": ["张三", "李四"], "seats": 1})], mode="hybrid")
    at, act = session.opens_at, {"actor": hall.officer, "at": session.opens_at}
    people = [one.person for one in come(session, hall, 20, at)]
    far = Mandate.objects.filter(term=session.term_id, state="active").exclude(person__in=people).first()
    door.sign_in_online(session_id=session.pk, actor=far.person, at=at)
    with pytest.raises(Conflict):
        door.sign_in_online(session_id=session.pk, actor=far.person, at=at)
    door.open_session(session_id=session.pk, **act)
    item = session.items.get()
    does.call_item(item_id=item.pk, **act)
    does.pass_stage(item_id=item.pk, stage="candidates", **act)
    item.refresh_from_db()
    stands = make_person(unit=hall.company, name="张三")
    with pytest.raises(OperationRefused, match="counts no votes"):
        does.draw_up_poll(
            session_id=session.pk, items=[item], title="选举", grade=Grade.SIGNED_IN,
            scrutineers=[stands, people[0], people[1]], closes_at=at + DAYS, key=uuid.uuid4(), **act,
        )  # fmt: skip
    row, shares = box_of(hall, session, [item], at)
    box.open_poll(poll_id=row.poll_id, **act)
    for person in people:
        box.cast_ballot(poll_id=row.poll_id, person=person, answers={"q1": {"marks": ["c1"], "names": []}}, at=at)
    # One more ballot than came through the door: the whole poll is void.
    extra = Ballot.objects.filter(poll=row.poll_id).first()
    Ballot(poll_id=row.poll_id, ciphertext=bytes(extra.ciphertext), tracker="f" * 10).save()
    count(hall, row, shares, at)
    assert Result.objects.get(poll=row.poll_id).is_void
    item.refresh_from_db()
    session.refresh_from_db()
    later = at + dt.timedelta(hours=4)
    assert (item.state, lights(session, later)[Gate.SECRECY]) == (ItemState.TO_VOTE, Light.RED)
    again = {"session_poll_id": row.pk, "closes_at": later + DAYS, "actor": hall.officer, "at": later}
    new = does.repeat_poll(**again, key=uuid.uuid4())
    with pytest.raises(Conflict, match="already"):
        does.repeat_poll(**again, key=uuid.uuid4())
    assert (new.repeats, new.poll.repeat_of_id) == (row, row.poll_id)
    assert lights(session, later)[Gate.SECRECY] == Light.GREEN
    scrutineers = [one.person for one in new.poll.scrutineers.all()]
    codes = [box.take_up_share(poll_id=new.poll_id, actor=one, at=later) for one in scrutineers]
    box.open_poll(poll_id=new.poll_id, actor=hall.officer, at=later)
    assert SessionPoll.objects.get(pk=new.pk).present == 21
    for place, person in enumerate([*people, far.person]):
        mark = "c1" if place < 16 else "c2"
        box.cast_ballot(poll_id=new.poll_id, person=person, answers={"q1": {"marks": [mark], "names": []}}, at=later)
    count(hall, new, codes, later + DAYS)
    item.refresh_from_db()
    assert (item.state, item.elected) == (ItemState.ADOPTED, ["张三"])


def test_no_item_is_called_while_a_vote_is_under_way(hall):
    session = convened(hall, items=[("elect", {"names": ["张三", "李四"], "seats": 1}), ("consult", {})])
    at, act = session.opens_at, {"actor": hall.officer, "at": session.opens_at}
    people = [one.person for one in come(session, hall, 20, at)]
    door.open_session(session_id=session.pk, **act)
    seat, plan = session.items.order_by("position")
    does.call_item(item_id=seat.pk, **act)
    does.pass_stage(item_id=seat.pk, stage="candidates", **act)
    row, shares = box_of(hall, session, [seat], at)
    for step in (None, lambda: box.open_poll(poll_id=row.poll_id, **act)):
        _ = step and step()
        with pytest.raises(OperationRefused, match="vote is under way"):
            does.call_item(item_id=plan.pk, **act)
    for person in people:
        box.cast_ballot(poll_id=row.poll_id, person=person, answers={"q1": {"marks": ["c1"], "names": []}}, at=at)
    count(hall, row, shares, at)
    plan.refresh_from_db()
    assert plan.state == ItemState.LISTED
    does.call_item(item_id=plan.pk, actor=hall.officer, at=at + dt.timedelta(hours=4))
    plan.refresh_from_db()
    assert plan.state == ItemState.RUNNING
