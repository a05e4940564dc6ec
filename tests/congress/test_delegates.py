"""Delegates: elected by recorded meetings, reviewed by a second person, ended by the roster; duties and reports."""

import datetime as dt
import uuid

import pytest

from congress import tasks
from congress.enums import MANDATE_TRANSITIONS, MandateState
from congress.models import DutyReport, ElectingUnit, Mandate, Meeting
from congress.operations import daily, run_daily
from congress.operations import delegates as does
from congress.operations.bodies import end_observer, invite_observer, set_body, set_delegation
from congress.operations.core import move_mandate
from congress.operations.duties import decide_duty, give_report, open_reports, rate_report, write_duty
from congress.operations.endings import close_terms, end_mandates, record_recall, record_resignation
from portal.accounts.models import Person
from portal.accounts.own_data import own_data_of
from portal.deadlines.models import Promise
from portal.kernel.days import day_start, local_day
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.factories.cards import AT
from tests.factories.congress import (
    elect,
    make_hall,
    make_presidium,
    make_staff,
    make_term,
    record,
    staff_of_unit,
    stand,
)
from tests.faults.stage import in_parallel
from tests.services import both_engines

pytestmark = pytest.mark.usefixtures("english")
D, S, DAY = dt.date, MandateState, dt.timedelta(days=1)
TODAY = local_day(AT)


def unit_of(term, code="ZD-1"):
    return ElectingUnit.objects.select_related("unit", "term").get(term=term, unit__code=code)


@pytest.mark.parametrize("source", list(S))
@pytest.mark.parametrize("target", list(S))
def test_moves_are_those_of_the_table(source, target, monkeypatch):
    mandate, saved = Mandate(state=source), []
    monkeypatch.setattr(Mandate, "save", lambda self, **kwargs: saved.append(self.state))
    if target in MANDATE_TRANSITIONS[source]:
        move_mandate(mandate, target)
        assert saved == [target]
    else:
        with pytest.raises(IllegalTransition):
            move_mandate(mandate, target)
        assert saved == []
    assert set(MANDATE_TRANSITIONS) == set(S)


def test_an_election_asks_for_two_thirds_and_more_than_half_of_all(hall):
    one = unit_of(make_term(hall, "fixed"))  # 21 staff, 15 seats
    rows = stand(one, hall, staff_of_unit(one)[:3])
    act = {"electing_unit_id": one.pk, "actor": hall.officer, "at": AT}

    def votes(*numbers):
        return {row.pk: n for row, n in zip(rows, numbers, strict=True)}

    for took_part, numbers, said in (
        (13, (13, 13, 13), "^1 short: two thirds of the 21 staff"),
        (22, (13, 13, 13), "22 took part; the unit has 21"),
        (14, (15, 0, 0), "has 15 votes; only 14"),
    ):
        with pytest.raises(OperationRefused, match=said):
            does.record_election(record=record(TODAY, took_part), votes=votes(*numbers), **act)
    with pytest.raises(OperationRefused, match="in the future"):
        does.record_election(record=record(TODAY + DAY, 14), votes=votes(14, 0, 0), **act)
    with pytest.raises(Conflict, match="list of candidates"):
        does.record_election(record=record(TODAY, 14), votes={rows[0].pk: 14}, **act)
    assert not Meeting.objects.exists()
    again = record(TODAY, 14)
    meeting = does.record_election(record=again, votes=votes(14, 11, 10), **act)
    assert does.record_election(record=again, votes={}, **act) == meeting  # sent twice
    with pytest.raises(Conflict, match="sent already"):
        does.record_election(record=again, votes={}, **{**act, "actor": hall.chair})
    assert [(row.state, row.seat, row.votes) for row in Mandate.objects.order_by("-votes")] == [
        (S.ELECTED, 1, 14),
        (S.ELECTED, 2, 11),
        (S.NOT_ELECTED, None, 10),
    ]
    assert Notice.objects.filter(kind="mandate.elected").count() == 2
    # Whoever was not elected may stand again; whoever sits may not.
    stand(one, hall, [rows[2].person])
    with pytest.raises(Conflict, match="candidate or delegate"):
        stand(one, hall, [rows[0].person])


def test_half_is_enough_where_the_text_says_so(hall):
    term = make_term(hall, "fixed")
    type(term).objects.update(half_is_enough=True)
    one = unit_of(term, "ZD-2")  # 12 staff: 6 is half
    rows = stand(one, hall, staff_of_unit(one)[:2])
    votes = {rows[0].pk: 6, rows[1].pk: 5}
    act = {"actor": hall.officer, "at": AT}
    does.record_election(electing_unit_id=one.pk, record=record(TODAY, 8), votes=votes, **act)
    assert [row.state for row in Mandate.objects.order_by("-votes")] == [S.ELECTED, S.NOT_ELECTED]


def test_a_tie_for_the_last_seat_is_voted_on_again(hall):
    one = unit_of(make_term(hall, "fixed"), "ZD")  # 2 staff, 2 seats
    ElectingUnit.objects.filter(pk=one.pk).update(seats=1)
    rows = stand(one, hall, [hall.chair, hall.officer])
    act = {"electing_unit_id": one.pk, "actor": hall.officer, "at": AT}
    with pytest.raises(OperationRefused, match="4 votes are too many: 2 people could give 1 each"):
        does.record_election(record=record(TODAY, 2), votes={row.pk: 2 for row in rows}, **act)
    ElectingUnit.objects.filter(pk=one.pk).update(seats=2)
    make_staff(one.unit, 2)
    ElectingUnit.objects.filter(pk=one.pk).update(seats=1)
    third = stand(one, hall, staff_of_unit(one)[-1:])[0]
    type(one.term).objects.update(half_is_enough=True)
    with pytest.raises(OperationRefused, match="have equal votes for the last seat"):
        does.record_election(record=record(TODAY, 4), votes={rows[0].pk: 2, rows[1].pk: 2, third.pk: 0}, **act)
    does.withdraw_candidate(mandate_id=third.pk, actor=hall.officer, at=AT)
    assert Mandate.objects.get(pk=third.pk).state == S.WITHDRAWN


def test_candidates_and_recorders_belong_to_the_unit(hall):
    term = make_term(hall, "fixed")
    one = unit_of(term)
    with pytest.raises(OperationRefused, match="does not belong to"):
        stand(one, hall, [hall.chair])
    act = {"category": "frontline", "gender": "male", "at": AT}
    does.nominate(electing_unit_id=one.pk, person=staff_of_unit(one)[0], actor=hall.branch, **act)
    with pytest.raises(OperationRefused, match="Only the union of this electing unit"):
        other = unit_of(term, "ZD-2")
        does.nominate(electing_unit_id=other.pk, person=staff_of_unit(other)[0], actor=hall.branch, **act)
    over = day_start(term.ends_on + DAY)
    with pytest.raises(OperationRefused, match="is over"):
        stand(one, hall, staff_of_unit(one)[1:2], at=over)
    stand(one, hall, staff_of_unit(one)[1:2], at=over - dt.timedelta(microseconds=1))


def test_credentials_are_reviewed_by_another_person(hall):
    one = unit_of(make_term(hall, "elected"))
    with pytest.raises(OperationRefused, match="recorded this election yourself"):
        does.confirm_credentials(electing_unit_id=one.pk, actor=hall.officer, at=AT)
    with pytest.raises(OperationRefused, match="that keeps this congress"):
        does.confirm_credentials(electing_unit_id=one.pk, actor=hall.branch, at=AT)
    assert len(does.confirm_credentials(electing_unit_id=one.pk, actor=hall.chair, at=AT)) == 15
    with pytest.raises(OperationRefused, match="No credentials wait"):
        does.confirm_credentials(electing_unit_id=one.pk, actor=hall.chair, at=AT)


def test_leaving_and_moving_end_a_mandate_and_a_by_election_fills_the_seat(hall):
    term = make_term(hall)
    one = unit_of(term)
    presidium = make_presidium(term, hall)
    leaver, mover, stays = (presidium_member.mandate for presidium_member in presidium.members.order_by("pk"))
    Person.objects.filter(pk=leaver.person_id).update(is_active=False, left_on=TODAY)
    # Within the works still, whose delegate that was; but its second shop elects delegates of its own.
    below = term.mandates.filter(electing_unit__unit=hall.works, state=S.ACTIVE).first()
    Person.objects.filter(pk__in=[mover.person_id, below.person_id]).update(unit=hall.shops[1])
    assert run_daily(at=AT) == {"ended": 3, "reports": 0, "closed": 0, "calls": 0, "ratings": 0}
    assert end_mandates(at=AT + DAY) == 0
    leaver.refresh_from_db()
    mover.refresh_from_db()
    stays.refresh_from_db()
    below.refresh_from_db()
    assert (leaver.state, mover.state, stays.state) == (S.ENDED_CONTRACT, S.ENDED_TRANSFER, S.ACTIVE)
    assert below.state == S.ENDED_TRANSFER
    assert leaver.vacancy.due_on == TODAY + 90 * DAY and presidium.members.count() == 1
    assert Entry.objects.filter(verb="mandate.ended_transfer", subject=f"congress.mandate:{mover.pk}").count() == 1
    later = AT + 3 * DAY
    target = ElectingUnit.objects.select_related("unit", "term").get(pk=leaver.electing_unit_id)
    make_staff(target.unit, 3)
    meeting = elect(target, hall, count=1, at=later)
    assert (meeting.kind, meeting.mandates.get().seat) == ("by_election", min(leaver.seat, mover.seat))
    met = Promise.objects.filter(kind="delegate.by_election", met_at__isnull=False)
    assert met.count() == 1
    # A shop within a works moves nobody out, and what a term that is over still owes ends with it.
    assert close_terms(at=day_start(term.ends_on)) == 0
    assert close_terms(at=day_start(term.ends_on + DAY)) == 2
    assert one.seats == 15


def test_a_recall_takes_the_majority_of_all_staff(hall):
    one = unit_of(make_term(hall))
    mandate = one.mandates.order_by("seat").first()
    act = {"mandate_id": mandate.pk, "actor": hall.officer, "at": AT}
    with pytest.raises(OperationRefused, match=r"^1 short: two thirds"):
        record_recall(record=record(TODAY, 13), votes=13, **act)
    with pytest.raises(OperationRefused, match="too many; only 14"):
        record_recall(record=record(TODAY, 14), votes=15, **act)
    kept = record_recall(record=record(TODAY, 14), votes=10, **act)
    assert (kept.is_carried, kept.about) == (False, mandate)
    mandate.refresh_from_db()
    assert mandate.state == S.ACTIVE and Entry.objects.filter(verb="mandate.kept").count() == 1
    again = record(TODAY, 14)
    assert record_recall(record=again, votes=11, **act) == record_recall(record=again, votes=11, **act)
    mandate.refresh_from_db()
    assert mandate.state == S.RECALLED and mandate.vacancy.met_at is None
    with pytest.raises(OperationRefused, match="Only a mandate that runs"):
        record_resignation(**act)
    record_resignation(**{**act, "mandate_id": one.mandates.filter(state=S.ACTIVE).first().pk})
    assert Promise.objects.filter(kind="delegate.by_election").count() == 2


def test_delegations_bodies_and_observers(hall):
    term = make_term(hall)
    first, second = unit_of(term), unit_of(term, "ZD-2")
    act = {"term_id": term.pk, "actor": hall.officer, "at": AT}
    head = first.mandates.order_by("seat").first()
    row = set_delegation(name="第一代表团", electing_units=[first], head=head, **act)
    with pytest.raises(OperationRefused, match="belongs to 第一代表团 already"):
        set_delegation(name="第二代表团", electing_units=[first, second], **act)
    with pytest.raises(Conflict, match="has this name"):
        set_delegation(name="第一代表团", electing_units=[second], **act)
    with pytest.raises(OperationRefused, match="head is a delegate of one of these"):
        set_delegation(name="第二代表团", electing_units=[second], head=head, **act)
    set_delegation(name="第一代表团", electing_units=[second], delegation=row, **act)
    assert list(row.electing_units.values_list("unit__code", flat=True)) == ["ZD-2"]

    members = list(first.mandates.order_by("seat"))
    body = {"kind": "presidium", "name": "主席团", "remit": "", "decided_on": TODAY}
    for count, said in ((2, "^1 short: a congress of 30"), (6, "^1 too many")):
        with pytest.raises(OperationRefused, match=said):
            set_body(members=members[:count], **body, **act)
    for one in members[:2]:
        one.category = "leader"
    with pytest.raises(OperationRefused, match=r"^1 short: 50 per cent"):
        set_body(members=members[:3], **body, **act)
    presidium = set_body(members=members[1:4], **body, **act)
    set_body(members=members[1:5], body=presidium, **body, **act)
    with pytest.raises(Conflict, match="such a body"):
        set_body(members=members[2:5], **{**body, "name": "另一主席团"}, **act)
    group = {
        "kind": "committee",
        "name": "提案委员会",
        "remit": "审查提案",
        "decided_on": TODAY,
        "members": members[:3],
    }
    with pytest.raises(OperationRefused, match="chairs it belongs"):
        set_body(chair=members[5], **group, **act)
    committee = set_body(chair=members[0], **group, **act)
    assert committee.members.get(is_chair=True).mandate == members[0]
    led = set_delegation(name="第三代表团", electing_units=[first], head=members[0], **act)
    record_resignation(mandate_id=members[0].pk, actor=hall.officer, at=AT)
    led.refresh_from_db()
    assert (led.head, list(committee.members.values_list("mandate", flat=True))) == (
        None,
        [members[1].pk, members[2].pk],
    ), "who is no delegate any more heads nobody"

    with pytest.raises(OperationRefused, match="cannot be an observer"):
        invite_observer(person=members[1].person, reason="离岗", **act)
    observer = invite_observer(person=hall.stranger, reason="法律顾问", **act)
    with pytest.raises(Conflict, match="observer already"):
        invite_observer(person=hall.stranger, reason="法律顾问", **act)
    for _turn in range(2):
        end_observer(observer_id=observer.pk, actor=hall.officer, at=AT)
    assert Entry.objects.filter(verb="congress_observer.ended").count() == 1


def test_the_duty_log_is_the_delegates_own_and_confirmed_by_the_union(hall):
    mandate = unit_of(make_term(hall)).mandates.exclude(person=hall.branch).order_by("seat").first()
    person = mandate.person
    entry = {"kind": "inspection", "text": "巡视倒班宿舍", "minutes": 120}
    act = {"mandate_id": mandate.pk, "idempotency_key": uuid.uuid4(), "actor": person, "at": AT}
    with pytest.raises(OperationRefused, match="only their own"):
        write_duty(on=TODAY, **entry, **{**act, "actor": hall.officer})
    for on in (TODAY - DAY, TODAY + DAY):
        with pytest.raises(OperationRefused, match="before your election or in the future"):
            write_duty(on=on, **entry, **act)
    row = write_duty(on=TODAY, **entry, **act)
    assert write_duty(on=TODAY, **entry, **act) == row
    verdict = {"entry_id": row.pk, "answer": "", "at": AT}
    with pytest.raises(OperationRefused, match="Only the union"):
        decide_duty(is_confirmed=True, actor=person, **verdict)
    decide_duty(is_confirmed=True, actor=hall.branch, **verdict)
    (share,) = own_data_of(person)["congress"]
    assert share["state"] == "active" and share["duty_log"][0]["text"] == "巡视倒班宿舍"
    with pytest.raises(OperationRefused, match="decided already"):
        decide_duty(is_confirmed=False, actor=hall.officer, **verdict)


def test_every_year_is_reported_on_and_rated(hall):
    term = make_term(hall, at=AT)
    new_year = day_start(D(2027, 1, 1))
    assert open_reports(at=new_year - dt.timedelta(microseconds=1)) == 0
    # The chair reviews everybody's credentials but her own.
    assert open_reports(at=new_year) == 29 and open_reports(at=new_year + 3 * DAY) == 0
    rows = DutyReport.objects.exclude(mandate__person__in=[hall.officer, hall.branch])
    report = rows.select_related("mandate__person", "promise").first()
    assert (report.year, report.promise.due_on) == (2026, D(2027, 1, 31))
    act = {"report_id": report.pk, "at": new_year + DAY}
    with pytest.raises(OperationRefused, match="only their own"):
        give_report(text="一年来", actor=hall.stranger, **act)
    rating = {"took_part": 15, "good": 10, "fair": 4, "poor": 1}
    with pytest.raises(OperationRefused, match="not been given"):
        rate_report(rated_on=D(2027, 1, 2), **rating, actor=hall.officer, **act)
    give_report(text="一年来", actor=report.mandate.person, **act)
    rater = hall.officer
    with pytest.raises(OperationRefused, match="before the report"):
        rate_report(rated_on=D(2027, 1, 1), **rating, actor=rater, **act)
    with pytest.raises(OperationRefused, match="15 ratings by 14 people"):
        rate_report(rated_on=D(2027, 1, 2), **{**rating, "took_part": 14}, actor=rater, **act)
    rate_report(rated_on=D(2027, 1, 2), **rating, actor=rater, **act)
    report.promise.refresh_from_db()
    assert report.promise.met_at is not None
    # What a delegate whose mandate ends still owes is owed no longer.
    owed = rows.filter(given_at__isnull=True).select_related("promise").first()
    record_resignation(mandate_id=owed.mandate_id, actor=rater, at=new_year + DAY)
    owed.promise.refresh_from_db()
    assert owed.promise.end_code == "closed"
    assert term.seats == 30


def test_a_step_that_fails_keeps_no_other_from_its_day(hall, monkeypatch):
    def fail(**_values):
        raise ValueError("broken")

    monkeypatch.setattr(daily, "end_mandates", fail)
    make_term(hall)
    with pytest.raises(daily.StepsFailed, match=r"^ended$"):
        run_daily(at=day_start(D(2027, 1, 1)))
    assert DutyReport.objects.count() == 29
    monkeypatch.undo()
    tasks.daily()


@pytest.mark.django_db(transaction=True)
@both_engines
def test_r14_two_elections_at_once_fill_a_seat_once(engine, transactional_db):
    hall = make_hall()
    one = unit_of(make_term(hall, "fixed"), "ZD-3")
    ElectingUnit.objects.filter(pk=one.pk).update(seats=1)
    row = stand(one, hall, staff_of_unit(one)[:1])[0]

    def vote(_number):
        try:
            does.record_election(
                electing_unit_id=one.pk, record=record(TODAY, 6), votes={row.pk: 6}, actor=hall.officer, at=AT
            )
        except (OperationRefused, Conflict) as refusal:
            return type(refusal).__name__
        return "elected"

    answers = in_parallel(2, range(4), vote)
    assert answers.count("elected") == 1 and len(answers) == 4
    assert Meeting.objects.count() == 1 and Mandate.objects.live().count() == 1
    assert Entry.objects.filter(verb="election.recorded").count() == 1
