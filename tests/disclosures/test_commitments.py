"""Commitments: who must sign, renewed over New Year, signed by oneself and once, people who come and go."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from disclosures.enums import ROUND_TRANSITIONS, CommitmentKind, RoundState
from disclosures.models import CommitmentRound, CommitmentSignature, PaperSignature
from disclosures.operations.commitment_years import close_rounds, plan_commitment, renew_rounds
from disclosures.operations.commitments import (
    edit_round,
    end_plan,
    keep_signatories,
    open_round,
    sign_commitment,
)
from disclosures.operations.papers import check_paper, enter_paper
from disclosures.queries.commitments import signatures_owed
from disclosures.signatories import Office, share_out
from disclosures.texts import fingerprint_of
from portal.accounts.enums import Role
from portal.accounts.models import Appointment
from portal.deadlines.models import Promise
from portal.deadlines.operations import sweep
from portal.kernel.days import day_end, day_start, local_day
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.factories.commitments import JANUARY, clean_scan, make_plan, make_round, signature_of
from tests.factories.disclosures import make_offices
from tests.factories.people import make_appointment, make_officer, make_person, make_unit
from tests.faults.stage import in_parallel
from tests.services import both_engines

pytestmark = pytest.mark.usefixtures("english")
D, DAY, TICK = dt.date, dt.timedelta(days=1), dt.timedelta(microseconds=1)
L, H = Role.LEADER_IN_CHARGE, Role.DEPARTMENT_HEAD
PLEDGE, LETTER = CommitmentKind.PLEDGE, CommitmentKind.LETTER


def shared(kind, paths, offices, **over):
    found = share_out(kind, dict.fromkeys(paths), [Office(*office) for office in offices], **over)
    return {path: {who: (str(post.party), post.unit) for who, post in posts.items()} for path, posts in found.items()}


# Who must sign ----------------------------------------------------------------------------------------------


def test_a_pledge_is_given_once_in_the_round_of_the_highest_unit():
    offices = [("vice", L, 5, "00010005"), ("vice", L, 6, "00010006"), ("boss", L, 2, "00010002")]
    offices += [("head", H, 21, "000100020001"), ("other", H, 9, "00020001")]
    assert shared(PLEDGE, ["0001", "00010002", "00010006"], offices) == {
        "0001": {"vice": ("own", 5)},
        "00010002": {"boss": ("own", 2), "head": ("own", 21)},
        "00010006": {},
    }


def test_a_letter_binds_the_leader_of_a_unit_with_those_below_and_with_the_unit_above():
    offices = [("top", L, 1, "0001"), ("boss", L, 2, "00010002"), ("second", L, 2, "00010002")]
    offices += [("head", H, 2, "00010002"), ("shop", H, 21, "000100020001"), ("staff", H, 3, "00010003")]
    assert shared(LETTER, ["0001", "00010002"], offices) == {
        "0001": {"top": ("upper", 1), "boss": ("lower", 2), "staff": ("lower", 3)},
        "00010002": {"boss": ("upper", 2), "second": ("lower", 2), "head": ("lower", 2), "shop": ("lower", 21)},
    }


def test_a_letter_without_a_leader_is_signed_above_by_whoever_was_named():
    offices = [("head", H, 3, "00010003")]
    assert shared(LETTER, ["0001"], offices) == {"0001": {"head": ("lower", 3)}}
    assert shared(LETTER, ["0001"], offices, named={"0001": ("secretary", 1)}) == {
        "0001": {"secretary": ("upper", 1), "head": ("lower", 3)}
    }


def wanted(one):
    return {row.person.name: (row.role, row.unit.code) for row in one.signatures.select_related("person", "unit")}


def test_who_must_sign_is_who_holds_the_office_when_the_round_opens(offices):
    shop_head = make_officer(H, offices.shop, name="车间主任")
    former = make_person(unit=offices.works, name="前任")
    make_appointment(former, L, offices.works, until=JANUARY)
    ended_now = make_person(unit=offices.works, name="当日卸任")
    make_appointment(ended_now, H, offices.works, until=JANUARY - TICK)
    future = make_person(unit=offices.works, name="后任")
    make_appointment(future, H, offices.works, since=JANUARY + TICK)
    deputy = make_person(unit=offices.works, name="代理")
    post = Appointment.objects.get(person=offices.head)
    make_appointment(deputy, H, offices.works, deputy_for=post, until=JANUARY + 90 * DAY)
    make_officer(H, offices.works, name="离职", is_active=False)
    one = make_round(offices)
    assert wanted(one) == {
        offices.leader.name: (L, "YX"),
        offices.head.name: (H, "YX"),
        shop_head.name: (H, "YX-LJ"),
    }
    assert set(one.signatures.values_list("party", flat=True)) == {"own"}
    # Ten working days from Monday 5 January.
    assert set(one.signatures.values_list("promise__due_on", flat=True)) == {D(2026, 1, 19)}


def test_the_round_of_the_enterprise_leaves_out_who_signs_in_a_round_of_their_own(offices):
    make_plan(offices, offices.works)
    one = make_round(offices, offices.company)
    assert wanted(one) == {offices.leader2.name: (L, offices.company.code), offices.other_head.name: (H, "HF")}


def test_a_letter_needs_somebody_above_and_somebody_below(offices):
    one = make_round(offices, offices.other, kind="letter", state="draft")
    Appointment.objects.filter(person=offices.leader2).delete()
    with pytest.raises(OperationRefused, match="Nobody is in charge"):
        open_round(round_id=one.pk, actor=offices.inspector, at=JANUARY)
    edit_round(round_id=one.pk, title="责", body="文", upper=offices.leader2, actor=offices.inspector, at=JANUARY)
    open_round(round_id=one.pk, actor=offices.inspector, at=JANUARY)
    assert {row.person: row.party for row in one.signatures.all()} == {
        offices.leader2: "upper",
        offices.other_head: "lower",
    }
    empty = make_round(offices, offices.personnel, state="draft")
    with pytest.raises(OperationRefused, match="holds an office"):
        open_round(round_id=empty.pk, actor=offices.inspector, at=JANUARY)
    assert Promise.objects.filter(kind="commitment.sign").count() == 2


def test_opening_asks_as_often_for_three_units_as_for_one(offices):
    counts = []
    for size in (1, 1, 3):  # once before it counts: the work calendar is then remembered
        unit = make_unit(offices.company)
        for _n in range(size):
            make_officer(H, make_unit(unit))
        one = make_round(offices, unit, state="draft")
        with CaptureQueriesContext(connection) as queries:
            open_round(round_id=one.pk, actor=offices.inspector, at=JANUARY)
        counts.append(len(queries))
        assert one.signatures.count() == size
    assert counts[1] == counts[2]
    assert Notice.objects.filter(kind="commitment.to_sign").count() == 5


# The year ---------------------------------------------------------------------------------------------------


def test_the_draft_comes_at_new_year_and_not_before(offices):
    plan = make_plan(offices, since=D(2025, 12, 1))
    new_year = day_start(D(2026, 1, 1))
    # In 2025 the plan was made after its day: it begins with the next year.
    assert renew_rounds(at=new_year - TICK) == 0
    assert renew_rounds(at=new_year) == 1
    assert renew_rounds(at=new_year) == 0
    one = CommitmentRound.objects.get()
    assert (one.year, one.state, one.title, one.plan) == (2026, "draft", "2026年领导干部廉洁从业承诺书", plan)
    assert "2026年不收受" in one.body
    assert (one.promise.started_on, one.promise.due_on) == (D(2026, 1, 1), D(2026, 1, 31))
    assert Entry.objects.filter(verb="commitment.drafted").count() == 1


@pytest.mark.parametrize(("since", "years"), [(D(2026, 1, 5), [2026]), (D(2026, 2, 1), [])])
def test_a_plan_whose_day_is_to_come_has_its_draft_at_once(offices, since, years):
    plan = {"kind": "pledge", "unit": offices.works, "title": "承诺书", "body": "文", "month": 1, "day": 31}
    drafted = plan_commitment(**plan, since=since, actor=offices.inspector, at=JANUARY)
    assert [one.year for one in CommitmentRound.objects.all()] == years == ([drafted.year] if drafted else [])
    assert renew_rounds(at=JANUARY) == 0


def test_downtime_over_new_year_loses_nothing(offices):
    make_plan(offices)
    assert renew_rounds(at=day_start(D(2026, 3, 3))) == 1
    promise = CommitmentRound.objects.get().promise
    assert (promise.due_on, promise.due_at <= day_start(D(2026, 3, 3))) == (D(2026, 1, 31), True)


@pytest.mark.parametrize(("month", "day", "due_on"), [(2, 29, D(2026, 2, 28)), (4, 30, D(2026, 4, 30))])
def test_the_31st_of_a_short_month_is_its_last(offices, month, day, due_on):
    make_plan(offices, month=month, day=day)
    renew_rounds(at=JANUARY)
    assert CommitmentRound.objects.get().promise.due_on == due_on


def test_an_ended_plan_renews_nothing(offices):
    plan = make_plan(offices)
    end_plan(plan_id=plan.pk, actor=offices.inspector, at=JANUARY)
    end_plan(plan_id=plan.pk, actor=offices.inspector, at=JANUARY + DAY)
    plan.refresh_from_db()
    assert plan.until == local_day(JANUARY)
    assert renew_rounds(at=JANUARY) == 0
    make_plan(offices, since=D(2026, 1, 6))
    assert Entry.objects.filter(verb="commitment_plan.ended").count() == 1


def test_two_plans_of_a_kind_do_not_run_beside_each_other(offices):
    make_plan(offices)
    with pytest.raises(Conflict):
        make_plan(offices)
    make_plan(offices, kind="letter")


@pytest.mark.parametrize(
    ("opened_at", "is_late"),
    [
        (day_end(D(2026, 1, 31)) - TICK, False),
        (day_end(D(2026, 1, 31)), True),
        (day_end(D(2026, 1, 31)) + 3 * DAY, True),
    ],
)
def test_a_round_is_opened_in_time_up_to_the_end_of_its_day(offices, opened_at, is_late):
    one = make_round(offices, state="draft")
    sweep(at=opened_at)
    open_round(round_id=one.pk, actor=offices.union_chair, at=opened_at)
    promise = Promise.objects.get(kind="commitment.renew")
    assert (promise.met_at, promise.missed_at is not None) == (opened_at, is_late)
    assert Entry.objects.filter(verb="promise.missed").count() == is_late


@pytest.mark.parametrize("state", RoundState)
@pytest.mark.parametrize("target", RoundState)
def test_moves_are_those_of_the_table(offices, state, target):
    assert set(ROUND_TRANSITIONS) == set(RoundState)
    one = make_round(offices, state="draft")
    if state != RoundState.DRAFT:
        open_round(round_id=one.pk, actor=offices.inspector, at=JANUARY)
    if state == RoundState.CLOSED:
        close_rounds(at=day_start(D(2027, 1, 1)))
    before = Entry.objects.count()
    if target == RoundState.OPEN:
        if target in ROUND_TRANSITIONS[state]:
            open_round(round_id=one.pk, actor=offices.inspector, at=JANUARY)
        else:
            with pytest.raises(IllegalTransition):
                open_round(round_id=one.pk, actor=offices.inspector, at=JANUARY)
            assert Entry.objects.count() == before
    elif target == RoundState.CLOSED:
        assert close_rounds(at=day_start(D(2027, 1, 1))) == (target in ROUND_TRANSITIONS[state])
    else:  # nothing leads back: the text of a round that was open is never prepared anew
        assert target not in ROUND_TRANSITIONS[state]
    one.refresh_from_db()
    assert one.state == (target if target in ROUND_TRANSITIONS[state] else state)


def test_the_text_is_frozen_when_it_opens(offices):
    one = make_round(offices)
    texts = {"kind": "pledge", "unit": "YX", "title": one.title, "body": one.body}
    assert one.fingerprint == fingerprint_of("2026", texts)
    assert Entry.objects.get(verb="commitment.opened").facts["sha256"] == one.fingerprint
    with pytest.raises(OperationRefused, match="never changes"):
        edit_round(round_id=one.pk, title="改", body="改", upper=None, actor=offices.inspector, at=JANUARY)


def test_the_end_of_the_year_closes_by_itself_and_is_recorded_once(offices):
    one = make_round(offices)
    row = signature_of(one, offices.head)
    with pytest.raises(OperationRefused, match="year is over"):
        sign_commitment(signature_id=row.pk, actor=offices.head, at=day_start(D(2027, 1, 1)))
    assert close_rounds(at=day_start(D(2027, 1, 1)) - TICK) == 0
    sign_commitment(signature_id=row.pk, actor=offices.head, at=day_start(D(2027, 1, 1)) - TICK)
    assert close_rounds(at=day_start(D(2027, 1, 1))) == 1
    assert close_rounds(at=day_start(D(2027, 1, 1))) == 0
    unsigned = signature_of(one, offices.leader).promise
    assert (unsigned.met_at, unsigned.end_code, unsigned.missed_at) == (None, "closed", unsigned.due_at)
    assert Entry.objects.filter(verb="commitment.closed").count() == 1


def test_a_round_nobody_opened_ends_missed(offices):
    make_round(offices, state="draft")
    close_rounds(at=day_start(D(2027, 1, 1)))
    one = CommitmentRound.objects.get()
    assert (one.state, one.promise.end_code, one.promise.missed_at) == ("closed", "closed", one.promise.due_at)


# Signing ----------------------------------------------------------------------------------------------------


def test_signing_is_an_act_of_the_person_alone(offices):
    one = make_round(offices)
    row = signature_of(one, offices.head)
    for other in (offices.leader, offices.union_chair, offices.inspector, offices.worker):
        with pytest.raises(OperationRefused, match="Nobody signs for another"):
            sign_commitment(signature_id=row.pk, actor=other, at=JANUARY)
    assert not Entry.objects.filter(verb="commitment.signed").exists()
    signed = sign_commitment(signature_id=row.pk, actor=offices.head, at=JANUARY)
    assert (signed.signed_at, signed.name, signed.is_paper) == (JANUARY, offices.head.name, False)
    entry = Entry.objects.get(verb="commitment.signed")
    assert entry.facts == {"signature": str(row.pk), "sha256": signed.fingerprint}
    assert Promise.objects.get(commitment_signature=row).met_at == JANUARY
    # A second press signs nothing a second time.
    again = sign_commitment(signature_id=row.pk, actor=offices.head, at=JANUARY + DAY)
    assert again.signed_at == JANUARY
    assert Entry.objects.filter(verb="commitment.signed").count() == 1


@pytest.mark.parametrize(
    ("signed_at", "is_late"),
    [
        (day_end(D(2026, 1, 19)) - TICK, False),
        (day_end(D(2026, 1, 19)), True),
        (day_end(D(2026, 1, 19)) + 3 * DAY, True),
    ],
)
def test_a_signature_is_in_time_up_to_the_end_of_its_day(offices, signed_at, is_late):
    one = make_round(offices)
    row = signature_of(one, offices.head)
    sign_commitment(signature_id=row.pk, actor=offices.head, at=signed_at)
    assert (Promise.objects.get(commitment_signature=row).missed_at is not None) == is_late


def test_a_missed_signature_is_told_once(offices):
    make_round(offices)
    for days in (0, 1, 2):
        sweep(at=day_end(D(2026, 1, 19)) + days * DAY)
    assert Entry.objects.filter(verb="promise.missed").count() == 2  # leader and head


def test_nothing_is_signed_before_it_is_open(offices):
    one = make_round(offices)
    CommitmentRound.objects.filter(pk=one.pk).update(state="draft")
    with pytest.raises(OperationRefused, match="not open"):
        sign_commitment(signature_id=signature_of(one, offices.head).pk, actor=offices.head, at=JANUARY)


@pytest.mark.django_db(transaction=True)
@both_engines
def test_r14_signing_at_the_same_moment_signs_once(engine, transactional_db):
    offices = make_offices()
    one = make_round(offices)
    row = signature_of(one, offices.head)

    def sign(_number):
        return sign_commitment(signature_id=row.pk, actor=offices.head, at=JANUARY).fingerprint

    assert len(set(in_parallel(4, range(8), sign))) == 1
    assert Entry.objects.filter(verb="commitment.signed").count() == 1


@pytest.mark.django_db(transaction=True)
@both_engines
def test_r14_doubled_jobs_draft_and_add_once(engine, transactional_db):
    offices = make_offices()
    make_round(offices, offices.other)
    for unit in (offices.works, offices.company):
        make_plan(offices, unit)
    make_officer(H, offices.other)

    def sweep_all(_number):
        return renew_rounds(at=JANUARY), keep_signatories(at=JANUARY)

    found = in_parallel(4, range(4), sweep_all)
    assert sum(drafted for drafted, _kept in found) == 2
    assert sum(added for _drafted, (added, _gone) in found) == 1
    assert CommitmentRound.objects.count() == 3
    assert CommitmentSignature.objects.count() == 2


# Paper ------------------------------------------------------------------------------------------------------


def paper_of(row, offices, *, actor=None, signed_on=None, at=JANUARY):
    return enter_paper(
        signature_id=row.pk,
        scan=clean_scan(),
        signed_on=signed_on or local_day(at),
        actor=actor or offices.inspector,
        at=at,
    )


def test_paper_counts_once_a_second_person_has_compared_it(offices):
    row = signature_of(make_round(offices), offices.head)
    entered = JANUARY + 2 * DAY
    paper = paper_of(row, offices, signed_on=D(2026, 1, 6), at=entered)
    row.refresh_from_db()
    assert row.signed_at is None
    with pytest.raises(OperationRefused, match="yourself"):
        check_paper(paper_id=paper.pk, is_accepted=True, answer="", actor=offices.inspector, at=entered)
    with pytest.raises(OperationRefused, match="Only discipline"):
        check_paper(paper_id=paper.pk, is_accepted=True, answer="", actor=offices.leader, at=entered)
    check_paper(paper_id=paper.pk, is_accepted=True, answer="", actor=offices.union_chair, at=entered + 30 * DAY)
    row.refresh_from_db()
    # In time by the day on which it was entered, however long the comparing took.
    assert (row.signed_at, row.is_paper, row.paper_on) == (entered, True, D(2026, 1, 6))
    assert (row.promise.met_at, row.promise.missed_at) == (entered, None)
    with pytest.raises(OperationRefused, match="decided already"):
        check_paper(paper_id=paper.pk, is_accepted=True, answer="", actor=offices.union_chair, at=entered)


def test_who_may_enter_paper_and_when(offices):
    row = signature_of(make_round(offices), offices.head)
    for who, reason in ((offices.handler, "Only discipline"), (offices.leader, "Only discipline")):
        with pytest.raises(OperationRefused, match=reason):
            paper_of(row, offices, actor=who)
    make_appointment(offices.head, Role.UNION_OFFICER, offices.works)
    with pytest.raises(OperationRefused, match="Your own"):
        paper_of(row, offices, actor=offices.head)
    for day in (D(2026, 1, 4), D(2026, 1, 6)):  # before the opening; tomorrow
        with pytest.raises(OperationRefused, match="day on the paper"):
            paper_of(row, offices, signed_on=day)
    paper = paper_of(row, offices)
    with pytest.raises(OperationRefused, match="waiting"):
        paper_of(row, offices, actor=offices.union_chair)
    with pytest.raises(OperationRefused, match="reason"):
        check_paper(paper_id=paper.pk, is_accepted=False, answer="", actor=offices.union_chair, at=JANUARY)
    check_paper(paper_id=paper.pk, is_accepted=False, answer="另一年的", actor=offices.union_chair, at=JANUARY)
    paper_of(row, offices)
    assert PaperSignature.objects.count() == 2


def test_paper_handed_in_before_the_end_of_the_year_is_still_compared(offices):
    one = make_round(offices)
    kept, refused = signature_of(one, offices.head), signature_of(one, offices.leader)
    end = day_start(D(2027, 1, 1))
    papers = [paper_of(row, offices, at=end - DAY) for row in (kept, refused)]
    close_rounds(at=end)
    check_paper(paper_id=papers[0].pk, is_accepted=True, answer="", actor=offices.union_chair, at=end + DAY)
    check_paper(paper_id=papers[1].pk, is_accepted=False, answer="无签名", actor=offices.union_chair, at=end + DAY)
    kept.promise.refresh_from_db()
    refused.promise.refresh_from_db()
    assert (kept.promise.met_at, refused.promise.end_code) == (end - DAY, "closed")


# People who come and go -------------------------------------------------------------------------------------


def test_who_comes_into_office_is_added_once_and_who_leaves_is_released(offices):
    one = make_round(offices)
    later = JANUARY + 20 * DAY
    assert keep_signatories(at=later) == (0, 0)
    newcomer = make_officer(H, offices.shop, name="新主任")
    Appointment.objects.filter(person=offices.head).update(until=later)
    assert keep_signatories(at=later) == (1, 1)
    assert keep_signatories(at=later) == (0, 0)
    row = signature_of(one, newcomer)
    assert (row.is_late_comer, row.promise.started_on) == (True, local_day(later))
    gone = signature_of(one, offices.head)
    assert (gone.released_at, gone.promise.end_code) == (later, "waived")
    with pytest.raises(OperationRefused, match="no longer hold"):
        sign_commitment(signature_id=gone.pk, actor=offices.head, at=later)
    # Back in office: the same row, a new promise.
    make_appointment(offices.head, H, offices.works, since=later)
    assert keep_signatories(at=later + DAY) == (1, 0)
    back = signature_of(one, offices.head)
    assert (back.pk, back.released_at, back.promise.round) == (gone.pk, None, 2)
    assert one.signatures.count() == 3


def test_whoever_was_late_stays_late_after_leaving_for_a_day(offices):
    one = make_round(offices)
    due = signature_of(one, offices.head).promise.due_on
    late = JANUARY + 30 * DAY
    sweep(at=late)
    Appointment.objects.filter(person=offices.head).update(until=late)
    assert keep_signatories(at=late) == (0, 1)
    make_appointment(offices.head, H, offices.works, since=late)
    assert keep_signatories(at=late + DAY) == (1, 0)
    back = signature_of(one, offices.head).promise
    assert (back.round, back.due_on, back.due_on < local_day(late)) == (2, due, True)


def test_what_has_been_signed_stays_when_the_person_leaves(offices):
    one = make_round(offices)
    row = signature_of(one, offices.head)
    sign_commitment(signature_id=row.pk, actor=offices.head, at=JANUARY)
    Appointment.objects.filter(person=offices.head).update(until=JANUARY)
    assert keep_signatories(at=JANUARY + DAY) == (0, 0)
    row.refresh_from_db()
    assert row.signed_at == JANUARY


def test_a_pledge_given_elsewhere_is_not_asked_for_again(offices):
    one = make_round(offices, offices.works)
    sign_commitment(signature_id=signature_of(one, offices.head).pk, actor=offices.head, at=JANUARY)
    make_appointment(offices.head, H, offices.company)
    top = make_round(offices, offices.company)
    assert offices.head not in {row.person for row in top.signatures.select_related("person")}


def test_keeping_up_asks_as_often_for_three_rounds_as_for_one(offices):
    counts = []
    for size in (1, 3):
        while CommitmentRound.objects.count() < size:
            unit = make_unit(offices.company)
            make_officer(H, unit)
            make_round(offices, unit)
        with CaptureQueriesContext(connection) as queries:
            keep_signatories(at=JANUARY)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_desk_lists_what_a_person_has_to_sign(offices):
    one = make_round(offices)
    assert [row.round for row in signatures_owed(offices.head, JANUARY)] == [one]
    assert list(signatures_owed(offices.handler, JANUARY)) == []
    assert list(signatures_owed(offices.head, day_start(D(2027, 1, 1)))) == []
