"""Assessment of units: who may do what when, deadlines, objections, rectification."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from evaluations.enums import ASSESSMENT_TRANSITIONS, AssessmentState
from evaluations.models import (
    Assessment,
    AssessmentObjection,
    RectificationPoint,
)
from evaluations.operations import assessing, rectifying
from evaluations.operations.assessment_core import move
from evaluations.queries.assessments import assessments_owed, assessments_visible_to
from evaluations.rules import assessments as rules
from feedback.models import Inquiry
from portal.accounts.enums import Role, UnitKind
from portal.deadlines.models import Promise
from portal.deadlines.operations import sweep
from portal.kernel.days import day_start, local_day
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.factories.assessments import AT, full, make_assessment, make_house, object_to, owe
from tests.factories.people import make_appointment, make_person, make_unit

pytestmark = pytest.mark.django_db
D, DAY, TICK = Decimal, dt.timedelta(days=1), dt.timedelta(microseconds=1)
S = AssessmentState


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def house():
    return make_house()


# Points -----------------------------------------------------------------------------------------------------


def test_the_unit_keeps_what_it_types_and_sends_only_what_is_whole(house):
    owe(house.works, "commitment.sign", dt.date(2026, 5, 10))
    one = make_assessment(house, "self")
    points, notes = full(one)
    first, *_rest = points
    act = {"assessment_id": one.pk, "actor": house.leader, "at": AT}
    assessing.save_self(points={first: D("3.5")}, notes={first: "先记"}, is_sent=False, **act)
    assert list(one.lines.exclude(own_points=None).values_list("own_points", "own_note")) == [(D("3.5"), "先记")]
    proposed, unproposed = (one.lines.filter(proposed__isnull=is_none).first().pk for is_none in (False, True))
    for more, words, said in (
        ({first: D("10.1")}, {}, "has at most 10.0 points"),
        ({first: None}, {}, "has no points yet"),
        ({}, {proposed: "短"}, "not those that the figures propose"),
        ({}, {unproposed: "短"}, "the figures propose no points"),
    ):
        with pytest.raises(OperationRefused, match=said):
            assessing.save_self(points={**points, **more}, notes={**notes, **words}, is_sent=True, **act)
    with pytest.raises(OperationRefused, match="Only the union and the leader of the unit"):
        assessing.save_self(points=points, notes=notes, is_sent=True, **{**act, "actor": house.keeper})
    one.refresh_from_db()
    assert one.state == S.SELF
    assessing.save_self(points=points, notes=notes, is_sent=True, **act)
    one.refresh_from_db()
    assert (one.state, one.promise.kind, one.promise.unit) == (S.GROUP, "assessment.group", house.company)
    assert Promise.objects.get(kind="assessment.self").met_at == AT
    with pytest.raises(OperationRefused, match="in the state"):
        assessing.save_self(points=points, notes=notes, is_sent=True, **act)


def test_points_as_proposed_need_no_words(house):
    owe(house.works, "commitment.sign", dt.date(2026, 5, 10))
    one = make_assessment(house, "self")
    points, notes = full(one)
    line = one.lines.get(item__order=1)
    points[line.pk], notes[line.pk] = line.proposed, ""
    act = {"assessment_id": one.pk, "actor": house.chair, "at": AT}
    assert line.proposed == D("0.0")
    assessing.save_self(points=points, notes=notes, is_sent=True, **act)
    one.refresh_from_db()
    assert one.state == S.GROUP


def test_one_member_gives_the_points_and_another_confirms_what_was_read(house):
    one = make_assessment(house, "group")
    points, reasons = full(one, D("0.8"))
    act = {"assessment_id": one.pk, "at": AT}
    with pytest.raises(OperationRefused, match="have not been given yet"):
        assessing.confirm_assessment(read=None, actor=house.member, **act)
    for stranger in (house.keeper, house.chair, house.worker):
        with pytest.raises(OperationRefused, match="Only the assessment group"):
            assessing.score_assessment(points=points, reasons=reasons, actor=stranger, **act)
    assessing.score_assessment(points=points, reasons=reasons, actor=house.head, **act)
    with pytest.raises(OperationRefused, match="gave the points yourself"):
        assessing.confirm_assessment(read=None, actor=house.head, **act)
    read = assessing.points_print(list(one.lines.order_by("item__order")))
    changed = {**points, next(iter(points)): D("9.9")}
    assessing.score_assessment(points=changed, reasons=reasons, actor=house.head, **act)
    with pytest.raises(Conflict, match="changed since you opened"):
        assessing.confirm_assessment(read=read, actor=house.member, **act)
    read = assessing.points_print(list(one.lines.order_by("item__order")))
    assessing.confirm_assessment(read=read, actor=house.member, **act)
    with pytest.raises(OperationRefused, match="in the state"):
        assessing.confirm_assessment(read=read, actor=house.member, **act)
    one.refresh_from_db()
    assert (one.state, one.total, one.confirmed_by) == (S.DRAFT, D("81.9"), house.member)
    # Five working days from Friday 20 November.
    assert one.objections_until == dt.date(2026, 11, 27)
    assert Entry.objects.filter(verb="assessment.drafted").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=one.pk).update(confirmed_by=house.head)


# AssessmentObjection --------------------------------------------------------------------------------------------------


def test_the_door_for_an_objection_closes_by_the_clock(house):
    one = make_assessment(house, "draft")
    end = day_start(one.objections_until + DAY)
    said = {}
    for moment in (end - TICK, end, end + 3 * DAY):
        verdict = rules.may_object(house.chair, one, [], moment)
        final = rules.may_finalise(house.keeper, one, [], moment)
        said[moment] = (bool(verdict), bool(final))
    assert list(said.values()) == [(True, False), (False, True), (False, True)]
    with pytest.raises(OperationRefused, match="days for an objection are over"):
        object_to(house, one, at=end)
    assert not Inquiry.objects.exists()


def test_an_objection_is_an_inquiry_that_holds_the_draft_until_it_is_answered(house):
    one = make_assessment(house, "draft")
    key = uuid.uuid4()
    objection = object_to(house, one, key=key)
    assert object_to(house, one, key=key) == objection
    with pytest.raises(OperationRefused, match="objected to this draft already"):
        object_to(house, one)
    inquiry = Inquiry.objects.get()
    assert (inquiry.channel, inquiry.unit, inquiry.author) == ("assessment_objection", house.company, house.chair)
    assert Promise.objects.get(kind="assessment.final").end_code == "objected"
    act = {"assessment_id": one.pk, "actor": house.keeper}
    late = day_start(one.objections_until + 5 * DAY)
    for refused in (
        lambda: assessing.finalise_assessment(**act, at=late),
        lambda: assessing.take_up_again(**act, at=late),
    ):
        with pytest.raises(OperationRefused, match="not been answered yet"):
            refused()
    with pytest.raises(OperationRefused, match="objected to this draft already"):
        assessing.accept_assessment(assessment_id=one.pk, actor=house.chair, at=AT)
    assessing.hear_answer(inquiry, at=AT + DAY)
    assessing.hear_answer(inquiry, at=AT + 2 * DAY)
    objection.refresh_from_db()
    assert objection.answered_at == AT + DAY
    assert Promise.objects.filter(kind="assessment.decide").count() == 1
    assessing.take_up_again(**act, at=AT + 2 * DAY)
    one.refresh_from_db()
    assert (one.state, one.round, one.total, one.scored_by) == (S.GROUP, 2, None, None)
    points, reasons = full(one, D("0.95"))
    act.pop("actor")
    assessing.score_assessment(points=points, reasons=reasons, actor=house.member, at=AT + 3 * DAY, **act)
    assessing.confirm_assessment(read=None, actor=house.head, at=AT + 3 * DAY, **act)
    # Another draft, which may be objected to once as well.
    second = object_to(house, one, at=AT + 3 * DAY)
    assert [row.round for row in AssessmentObjection.objects.order_by("round")] == [1, 2] and second.round == 2
    assessing.hear_answer(second.inquiry, at=AT + 4 * DAY)
    assessing.finalise_assessment(actor=house.keeper, at=AT + 4 * DAY, **act)
    one.refresh_from_db()
    assert one.state == S.FINAL and one.promise is None
    assert not Promise.objects.open().filter(kind__startswith="assessment.").exists()


# Rectification ----------------------------------------------------------------------------------------------


def test_what_is_demanded_is_put_right_and_found_so(house):
    one = make_assessment(house, "rectifying")
    first, second = one.points.order_by("place")
    # Shanghai art. 46: a unit has ninety days.
    assert {point.promise.due_on for point in (first, second)} == {local_day(AT) + 90 * DAY}
    act = {"actor": house.chair, "at": AT + DAY}
    with pytest.raises(OperationRefused, match="Only the union and the leader"):
        rectifying.report_point(point_id=first.pk, done="已补齐", actor=house.keeper, at=AT)
    rectifying.report_point(point_id=first.pk, done="已补齐", **act)
    with pytest.raises(OperationRefused, match="in the state"):
        rectifying.check_point(point_id=first.pk, is_accepted=True, check_note="", actor=house.head, at=AT)
    rectifying.report_point(point_id=second.pk, done="已补齐", **act)
    one.refresh_from_db()
    assert (one.state, one.promise.kind) == (S.RECHECK, "assessment.recheck")
    look = {"actor": house.head, "at": AT + 2 * DAY}
    with pytest.raises(OperationRefused, match="what is still missing"):
        rectifying.check_point(point_id=first.pk, is_accepted=False, check_note="", **look)
    with pytest.raises(OperationRefused, match="Only the assessment group"):
        rectifying.check_point(point_id=first.pk, is_accepted=True, check_note="", actor=house.keeper, at=AT)
    rectifying.check_point(point_id=first.pk, is_accepted=True, check_note="", **look)
    with pytest.raises(OperationRefused, match="re-checked already"):
        rectifying.check_point(point_id=first.pk, is_accepted=True, check_note="", **look)
    rectifying.check_point(point_id=second.pk, is_accepted=False, check_note="缺签收单", **look)
    one.refresh_from_db()
    first.promise.refresh_from_db()
    second.promise.refresh_from_db()
    assert (one.state, first.promise.met_at, second.promise.met_at) == (S.RECTIFYING, AT + DAY, None)
    with pytest.raises(OperationRefused, match="found put right already"):
        rectifying.report_point(point_id=first.pk, done="再报", **act)
    rectifying.report_point(point_id=second.pk, done="签收单已补", actor=house.leader, at=AT + 3 * DAY)
    rectifying.check_point(point_id=second.pk, is_accepted=True, check_note="", actor=house.member, at=AT + 4 * DAY)
    one.refresh_from_db()
    assert (one.state, one.closed_at) == (S.CLOSED, AT + 4 * DAY)
    assert Promise.objects.filter(kind="assessment.recheck").count() == 2
    assert not Promise.objects.open().filter(kind__startswith="assessment.").exists()


def test_a_department_has_thirty_days_and_the_sweep_tells_who_is_late(house):
    office = make_unit(house.company, kind=UnitKind.OFFICE, name="后勤处")
    chair = make_person(unit=office)
    make_appointment(chair, Role.UNION_CHAIR, office)
    house.chair = chair
    one = make_assessment(house, "rectifying", unit=office)
    promise = one.points.order_by("place")[0].promise
    assert promise.due_on == local_day(AT) + 30 * DAY
    counted = []
    for moment in (promise.due_at - TICK, promise.due_at, promise.due_at + 3 * DAY):
        sweep(at=moment)
        counted.append(Promise.objects.filter(kind="assessment.rectify", missed_at__isnull=False).count())
    assert counted == [0, 2, 2]
    assert Notice.objects.filter(kind__startswith="promise", desk=f"union_chair:{office.pk}").exists()


def test_nothing_is_demanded_without_words_and_closing_without_them_has_a_reason(house):
    one = make_assessment(house, "final")
    act = {"assessment_id": one.pk, "actor": house.keeper, "at": AT}
    with pytest.raises(OperationRefused, match="at least one item"):
        rectifying.issue_opinion(demands={}, **act)
    rectifying.close_without_opinion(reason="各项均达标，无须整改", **act)
    with pytest.raises(OperationRefused, match="in the state"):
        rectifying.close_without_opinion(reason="再关", **act)
    one.refresh_from_db()
    assert (one.state, one.reason) == (S.CLOSED, "各项均达标，无须整改")
    assert not RectificationPoint.objects.exists()


# Machine, sight, what waits ---------------------------------------------------------------------------------


def test_every_move_is_in_the_table_and_no_other(house):
    one = make_assessment(house, "draft")
    assert set(ASSESSMENT_TRANSITIONS) == set(S)
    for source in S:
        for target in S:
            one.state = source
            if target in ASSESSMENT_TRANSITIONS[source]:
                move(one, target)
                assert Assessment.objects.get(pk=one.pk).state == target
            else:
                with pytest.raises(IllegalTransition):
                    move(one, target)


def test_an_assessment_is_its_hands_until_the_result_is_everybodys(house):
    stranger = make_person(unit=house.office)
    far = make_person(unit=make_unit(house.company))
    make_appointment(far, Role.UNION_CHAIR, far.unit)
    people = (house.keeper, house.chair, house.leader, house.head, house.member, house.worker, stranger, far)
    seen = {}
    one = make_assessment(house, "draft")
    seen["draft"] = [assessments_visible_to(person).count() for person in people]
    assessing.accept_assessment(assessment_id=one.pk, actor=house.chair, at=AT)
    assessing.finalise_assessment(assessment_id=one.pk, actor=house.keeper, at=AT)
    seen["final"] = [assessments_visible_to(person).count() for person in people]
    assert seen == {"draft": [1, 1, 1, 1, 1, 0, 0, 0], "final": [1] * 8}


def test_what_waits_for_whom(house):
    people = {"keeper": house.keeper, "chair": house.chair, "head": house.head, "worker": house.worker}
    waits, chairs = {}, {}
    one = make_assessment(house)
    version = one.version
    for state in ("planned", "self", "group", "draft", "final", "rectifying", "recheck", "closed"):
        works = make_unit(house.company)
        chair = make_person(unit=works)
        make_appointment(chair, Role.UNION_CHAIR, works)
        people["chair"] = house.chair = chairs[state] = chair
        made = make_assessment(house, state, unit=works, version=version)
        waits[state] = [name for name, who in people.items() if assessments_owed(who, AT).filter(pk=made.pk).exists()]
    assert waits == {
        "planned": ["keeper"],
        "self": ["chair"],
        "group": ["head"],
        "draft": ["chair"],
        "final": ["keeper"],
        "rectifying": ["chair"],
        "recheck": ["head"],
        "closed": [],
    }
    ripe = Assessment.objects.get(state=S.DRAFT)
    after = day_start(ripe.objections_until + DAY)
    chair = chairs["draft"]
    assert ripe in assessments_owed(chair, after - TICK) and ripe not in assessments_owed(chair, after)
    assert ripe in assessments_owed(house.keeper, after) and ripe not in assessments_owed(house.keeper, after - TICK)


def test_a_draft_waits_no_more_once_answered_nor_points_for_who_gave_them(house):
    scored = make_assessment(house, "scored")
    assert scored not in assessments_owed(house.head, AT) and scored in assessments_owed(house.member, AT)
    accepted, objected = (make_assessment(house, "draft", version=scored.version, year=year) for year in (2025, 2024))
    assert {accepted, objected} <= set(assessments_owed(house.leader, AT))
    assessing.accept_assessment(assessment_id=accepted.pk, actor=house.chair, at=AT)
    object_to(house, objected)
    assert list(assessments_owed(house.leader, AT)) == []
