"""Assessment of units: arithmetic of points, who may do what when, deadlines, objections, rectification."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from evaluations.enums import ASSESSMENT_TRANSITIONS, AssessmentState
from evaluations.models import (
    Assessment,
    AssessmentLine,
    AssessmentObjection,
    Figure,
    GroupMember,
    RectificationPoint,
    SchemeItem,
)
from evaluations.operations import assessing, assessments, rectifying
from evaluations.operations import assessment_schemes as schemes
from evaluations.operations.assessment_core import move
from evaluations.pointing import proposed_points, share_of
from evaluations.queries.assessments import assessments_owed, assessments_visible_to, figures_of
from evaluations.rules import assessments as rules
from evaluations.rules.schemes import fault_of_points, plain
from feedback.models import Inquiry
from portal.accounts.enums import Role, UnitKind
from portal.deadlines.models import Promise
from portal.deadlines.operations import make_promise, meet_promise, sweep
from portal.kernel.days import day_start, local_day
from portal.kernel.indicators import _INDICATORS, DAYS, PERCENT, Indicator
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.factories.assessments import AT, full, make_assessment, make_house, make_version, object_to
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


# Arithmetic -------------------------------------------------------------------------------------------------


def test_points_follow_from_figures_exactly():
    share = {
        "nothing owed": (share_of(0, 0, measure=PERCENT), None),
        "a third": (share_of(1, 3, measure=PERCENT) * 3, 1),
        "more than all": (share_of(5, 4, measure=PERCENT), 1),
        "lower is better": (share_of(1, 4, measure=PERCENT, is_higher_better=False) * 4, 3),
        "days, enough": (share_of(60, 4, measure=DAYS, target=15), 1),
        "days, half": (share_of(30, 4, measure=DAYS, target=15) * 2, 1),
        "none of some": (share_of(0, 7, measure=PERCENT), 0),
    }
    assert {name: found for name, (found, _want) in share.items()} == {name: want for name, (_f, want) in share.items()}
    third = share_of(1, 3, measure=PERCENT)
    cases = [
        (25, [(8, 1), (5, 1), (12, 0)], D("13.0")),
        (10, [(1, third)], D("3.3")),
        (10, [(1, 2 * third)], D("6.7")),
        (D("0.5"), [(1, share_of(1, 10, measure=PERCENT))], D("0.1")),  # 0.05 goes up
        (10, [(3, None), (1, third)], D("3.3")),  # what nothing was owed of is left out
        (10, [(3, None)], None),
        (10, [], None),
        (10, [(1, 0)], D("0.0")),
        (7, [(1, 1), (1, 0), (1, 1)], D("4.7")),
    ]
    assert [proposed_points(most, shares) for most, shares, _want in cases] == [want for *_case, want in cases]


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([], "There is no item yet."),
        ([D(60), D("39.9")], "The items make 99.9 points; 0.1 are missing. They have to make 100."),
        ([D(60), D("40.5")], "The items make 100.5 points; that is 0.5 too many. They have to make 100."),
        ([D(60), D(40)], ""),
        ([D("33.3"), D("33.3"), D("33.4")], ""),
    ],
)
def test_a_scheme_makes_a_hundred_points(points, said):
    assert fault_of_points(points) == said


def test_points_are_written_as_people_write_them():
    assert [plain(D(text)) for text in ("25.0", "7.5", "100", "0.0", "10")] == ["25", "7.5", "100", "0", "10"]


# Schemes ----------------------------------------------------------------------------------------------------


def test_a_version_in_force_never_changes_and_the_next_one_begins_with_its_items(house):
    version = make_version(house, in_force=False)
    item = version.items.get(order=2)
    act = {"actor": house.keeper, "at": AT}
    with pytest.raises(OperationRefused, match="Only the union"):
        schemes.enforce_version(version_id=version.pk, note="", actor=house.chair, at=AT)
    values = {"title": item.title, "criteria": item.criteria, "source": item.source, "weights": {"motion.on_time": 2}}
    schemes.write_item(version_id=version.pk, item_id=item.pk, points=D("24.5"), **values, **act)
    with pytest.raises(OperationRefused, match=r"99\.5 points; 0\.5 are missing"):
        schemes.enforce_version(version_id=version.pk, note="", **act)
    added = schemes.write_item(
        version_id=version.pk,
        item_id=None,
        title="附加",
        points=D("0.5"),
        criteria="酌情",
        source="实践",
        weights={},
        **act,
    )
    assert (added.order, list(item.evidence.values_list("indicator", "weight"))) == (9, [("motion.on_time", 2)])
    schemes.enforce_version(version_id=version.pk, note="首版", **act)
    for refused in (
        lambda: schemes.write_item(version_id=version.pk, item_id=item.pk, points=D(1), **values, **act),
        lambda: schemes.drop_item(item_id=item.pk, **act),
        lambda: schemes.enforce_version(version_id=version.pk, note="", **act),
    ):
        with pytest.raises(OperationRefused, match="in force and never changes"):
            refused()
    second = schemes.begin_version(scheme_id=version.scheme_id, **act)
    with pytest.raises(OperationRefused, match="draft already"):
        schemes.begin_version(scheme_id=version.scheme_id, **act)

    def sheet(one):
        rows = one.items.prefetch_related("evidence").order_by("order")
        return [(row.title, row.points, [(e.indicator, e.weight) for e in row.evidence.all()]) for row in rows]

    assert (second.number, sheet(second)) == (2, sheet(version))
    dropped = second.items.get(title="附加")
    schemes.drop_item(item_id=dropped.pk, **act)
    schemes.drop_item(item_id=dropped.pk, **act)
    assert SchemeItem.objects.filter(version=second).count() == 8


def test_the_same_form_begins_one_scheme(house):
    key = uuid.uuid4()
    made = [
        schemes.start_scheme(unit=house.company, title="表", from_sheet=True, key=key, actor=house.keeper, at=AT)
        for _press in range(2)
    ]
    assert made[0].pk == made[1].pk and made[0].items.count() == 8


# Planning ---------------------------------------------------------------------------------------------------


def test_planning_refuses_what_cannot_be(house):
    version, draft = make_version(house), make_version(house, in_force=False, title="草案")
    today, below = local_day(AT), make_unit(house.works)
    plain_ = {"version_id": version.pk, "year": 2026, "units": [house.works], "actor": house.keeper, "at": AT}
    days = {"self_by": today + DAY, "group_by": today + 2 * DAY}
    of_works = make_person(unit=house.works)
    make_appointment(of_works, Role.UNION_CHAIR, house.company)
    for over, said in (
        ({"version_id": draft.pk}, "not in force"),
        ({"version_id": uuid.uuid4()}, "not in force"),
        ({"units": []}, "at least one unit"),
        ({"units": [house.company]}, "does not lie below"),
        ({"self_by": today - DAY}, "lies in the past"),
        ({"group_by": today + DAY}, "after that of the self-assessment"),
        ({"actor": house.chair}, "Only the union of the unit above"),
        ({"actor": of_works}, "You belong to"),
    ):
        with pytest.raises(OperationRefused, match=said):
            assessments.plan_assessments(**{**plain_, **days, **over})
    assert not Assessment.objects.exists()
    planned = assessments.plan_assessments(**{**plain_, **days, "units": [house.works, below]})
    again = assessments.plan_assessments(**{**plain_, **days})
    assert [one.unit for one in planned] == [house.works, below] and again == planned[:1]
    assert Entry.objects.filter(verb="assessment.planned").count() == 2


def test_a_group_has_two_members_and_none_of_the_unit(house):
    one = make_assessment(house)
    below = make_person(unit=make_unit(house.works), name="车间人")
    speaker = make_person(unit=house.office, name="兼职")
    make_appointment(speaker, Role.UNION_OFFICER, house.works)
    left = make_person(unit=house.office, name="走了", is_active=False)
    today = local_day(AT)
    act = {"assessment_id": one.pk, "self_by": today + DAY, "group_by": today + 2 * DAY, "at": AT}
    for people, said in (
        ([house.head], "at least two members"),
        ([house.head, house.head], "named twice"),
        ([house.head, below], "车间人 belongs to the unit"),
        ([house.head, speaker], "兼职 belongs to the unit"),
        ([house.head, left], "走了 has left"),
    ):
        with pytest.raises(OperationRefused, match=said):
            assessments.prepare_assessment(people=people, actor=house.keeper, **act)
    assert not GroupMember.objects.exists()
    with pytest.raises(OperationRefused, match="at least two members"):
        assessments.open_self(assessment_id=one.pk, actor=house.keeper, at=AT)
    assessments.prepare_assessment(people=[house.member, house.head], actor=house.keeper, **act)
    assert [row.person for row in one.members.order_by("order")] == [house.member, house.head]
    with pytest.raises(OperationRefused, match="day of the self-assessment is over"):
        assessments.open_self(assessment_id=one.pk, actor=house.keeper, at=day_start(today + 2 * DAY))
    # One second before that midnight it still may.
    assessments.open_self(assessment_id=one.pk, actor=house.keeper, at=day_start(today + 2 * DAY) - TICK)
    # Somebody of the group moves into the unit: from then on nothing of the group's is theirs.
    house.member.unit = house.works
    house.member.save()
    points, notes = full(one)
    assessing.save_self(assessment_id=one.pk, points=points, notes=notes, is_sent=True, actor=house.chair, at=AT)
    with pytest.raises(OperationRefused, match="belong to this unit now"):
        assessing.score_assessment(assessment_id=one.pk, points=points, reasons=notes, actor=house.member, at=AT)


# Figures ----------------------------------------------------------------------------------------------------


def owe(unit, kind, due_on, *, met=None, subject=None):
    promise = make_promise(
        kind=kind,
        subject=subject or f"test.thing:{uuid.uuid4()}",
        unit=unit,
        started_on=due_on - 10 * DAY,
        due_on=due_on,
        at=day_start(due_on - 10 * DAY),
    )
    if met:
        meet_promise(promise=promise, actor="system", at=met)
    return promise


def test_figures_are_those_of_the_unit_and_all_below_and_stay_frozen(house):
    shop, other = make_unit(house.works), make_unit(house.company)
    due = dt.date(2026, 5, 10)
    noon = day_start(due) + dt.timedelta(hours=12)
    owe(house.works, "commitment.sign", due, met=noon)
    owe(shop, "commitment.sign", due, met=noon + 3 * DAY)
    owe(shop, "commitment.sign", due)
    owe(other, "commitment.sign", due)  # another unit's
    owe(house.works, "commitment.sign", dt.date(2025, 12, 31))  # of the year before
    owe(house.works, "commitment.sign", local_day(AT))  # due today: nobody is late yet
    one = make_assessment(house, "self")
    figure = Figure.objects.get(line__assessment=one, indicator="commitment.signed")
    assert (figure.numerator, figure.denominator, figure.weight) == (1, 3, 5)
    assert figure.line.proposed == D("3.3")  # nothing else was owed of this item
    assert one.frozen_on == local_day(AT)
    owe(house.works, "commitment.sign", due, met=noon)
    figure.refresh_from_db()
    assert (figure.numerator, figure.denominator) == (1, 3)
    # An item without any figure proposes nothing.
    assert AssessmentLine.objects.get(assessment=one, item__order=8).proposed is None


def test_figures_of_few_people_are_withheld_and_lost_indicators_are_nothing(house, monkeypatch):
    def answers(n):
        return Indicator(
            code="test.said",
            label="said",
            formula="",
            numerator="",
            denominator="",
            source="",
            figures=lambda since, until, within: [(within.path, n - 1, n)],
            behind=None,
            counts_people=True,
        )

    found = []
    for n in (4, 5):
        monkeypatch.setitem(_INDICATORS, "test.said", answers(n))
        found.append(figures_of(house.works, ["test.said", "gone"], since=AT.date(), until=AT.date(), at=AT))
    assert found == [
        {"test.said": (0, 0, True), "gone": (0, 0, False)},
        {"test.said": (4, 5, False), "gone": (0, 0, False)},
    ]


def test_opening_asks_as_often_whatever_the_unit_holds(house):
    counts = []
    for size in (1, 1, 3):  # once before it counts: the work calendar is then remembered
        works = make_unit(house.company)
        make_appointment(make_person(unit=works), Role.UNION_CHAIR, works)
        for _n in range(size):
            owe(make_unit(works), "commitment.sign", dt.date(2026, 5, 10))
        one = make_assessment(house, "prepared", unit=works)
        with CaptureQueriesContext(connection) as queries:
            assessments.open_self(assessment_id=one.pk, actor=house.keeper, at=AT)
        counts.append(len(queries))
    assert counts[1] == counts[2]


# Points -----------------------------------------------------------------------------------------------------


def test_the_unit_keeps_what_it_types_and_sends_only_what_is_whole(house):
    one = make_assessment(house, "self")
    points, notes = full(one)
    first, *_rest = points
    act = {"assessment_id": one.pk, "actor": house.leader, "at": AT}
    assessing.save_self(points={first: D("3.5")}, notes={first: "先记"}, is_sent=False, **act)
    assert list(one.lines.exclude(own_points=None).values_list("own_points", "own_note")) == [(D("3.5"), "先记")]
    for more, words, said in (
        ({first: D("10.1")}, {}, "has at most 10.0 points"),
        ({first: None}, {}, "has no points yet"),
        ({}, {first: "短"}, "not those that the figures propose"),
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
    waits = {}
    one = make_assessment(house)
    version = one.version
    for state in ("planned", "self", "group", "draft", "final", "rectifying", "recheck", "closed"):
        works = make_unit(house.company)
        chair = make_person(unit=works)
        make_appointment(chair, Role.UNION_CHAIR, works)
        people["chair"] = house.chair = chair
        made = make_assessment(house, state, unit=works, version=version)
        waits[state] = [name for name, who in people.items() if assessments_owed(who, AT).filter(pk=made.pk).exists()]
    assert waits == {
        "planned": ["keeper"],
        "self": ["chair"],
        "group": ["head"],
        "draft": [],
        "final": ["keeper"],
        "rectifying": ["chair"],
        "recheck": ["head"],
        "closed": [],
    }
    ripe = Assessment.objects.get(state=S.DRAFT)
    after = day_start(ripe.objections_until + DAY)
    assert ripe in assessments_owed(house.keeper, after) and ripe not in assessments_owed(house.keeper, after - TICK)
