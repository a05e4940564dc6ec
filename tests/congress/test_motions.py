"""Motions: who may what, the window, the race between file and withdraw, the reply and what all signers say of it."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from congress.enums import (
    MOTION_TRANSITIONS,
    OFFER_TRANSITIONS,
    SIGNATURE_TRANSITIONS,
    MotionState,
    OfferState,
    SignatureState,
)
from congress.models import Mandate, Motion, MotionCheck, MotionDecision, MotionOffer, MotionRating, Signature
from congress.operations import motion_offers, motion_replies, motion_review, run_daily
from congress.operations import motions as does
from congress.operations.agenda import withdraw_item
from congress.queries.agenda import bills_waiting
from congress.queries.motion_report import report_of
from congress.queries.motions import call_in_full, motions_to_rate, public_motions, signers_of
from congress.rules import motion_desk
from congress.views.motions import lines_of_motion
from congress.voices import common_level
from feedback import operations as feedback
from feedback.enums import InquiryState, Outcome
from feedback.models import Inquiry
from feedback.operations.daily import close_unrated
from portal.accounts.own_data import own_data_of
from portal.deadlines.models import Promise
from portal.deadlines.operations import sweep
from portal.kernel.days import day_end, day_start, local_day
from portal.kernel.refusals import Conflict
from portal.kernel.templatetags.words import say_day
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.history import history_of
from portal.ledger.models import Entry
from portal.ledger.recording import record, subject_key
from portal.notices.models import Notice
from portal.notices.registry import sentence_of
from tests.factories import motions as made
from tests.factories.cards import AT
from tests.factories.congress import make_item, staff_of_unit
from tests.faults.stage import in_parallel
from tests.services import both_engines

pytestmark = pytest.mark.usefixtures("english")
S, DAY, MICRO = MotionState, dt.timedelta(days=1), dt.timedelta(microseconds=1)
TODAY = local_day(AT)


@pytest.fixture
def floor(db):
    return made.make_floor()


@pytest.mark.parametrize(
    ("states", "table", "model", "move"),
    [
        (MotionState, MOTION_TRANSITIONS, Motion, lambda row, target: does.move_motion(row, target)),
        (SignatureState, SIGNATURE_TRANSITIONS, Signature, lambda row, target: does.move_signature(row, target, at=AT)),
        (
            OfferState,
            OFFER_TRANSITIONS,
            MotionOffer,
            lambda row, target: motion_offers.move_offer(row, target, on=TODAY),
        ),
    ],
)
def test_moves_are_those_of_the_table(states, table, model, move, monkeypatch):
    assert set(table) == set(states)
    saved = []
    monkeypatch.setattr(model, "save", lambda self, **kwargs: saved.append(self.state))
    for source in states:
        for target in states:
            row = model(state=source)
            saved.clear()
            if target in table[source]:
                move(row, target)
                assert saved == [target], (source, target)
            else:
                with pytest.raises(IllegalTransition):
                    move(row, target)
                assert saved == [], (source, target)


@pytest.mark.parametrize(
    ("levels", "signers", "voices", "is_over", "level"),
    [
        ([], 3, 1, False, None),
        ([], 3, 1, True, None),  # nobody's rating is never a good one
        ([3], 3, 1, False, None),
        ([3, 3, 3], 3, 1, False, 4),
        ([3, 3, 2], 3, 1, False, 4),
        ([3, 2, 2], 3, 1, False, 3),
        ([3, 2], 2, 1, False, 3),  # the lower of two
        ([1], 3, 1, False, 2),  # one voice is enough
        ([3, 3, 1], 3, 2, False, 3 + 1),
        ([1, 3], 3, 2, False, None),
        ([1, 1], 3, 2, False, 2),
        ([1], 1, 2, False, 2),  # no more voices than signers
        ([1, 1, 3, 3], 4, 3, False, 3),
        ([3], 3, 1, True, 4),
        ([1], 3, 2, True, 2),
    ],
)
def test_what_signers_say_together(levels, signers, voices, is_over, level):
    assert common_level(levels, signers=signers, voices=voices, is_over=is_over) == level


def test_motions_are_called_for_in_time(db):
    floor = made.make_floor(has_call=False)
    opens_on = floor.session.opens_on
    cases = [
        ({"opens_on": TODAY - DAY}, "before today"),
        ({"opens_on": opens_on - 29 * DAY}, "30 days before the opening at least"),
        ({"closes_on": opens_on}, "before the session opens"),
        ({"closes_on": TODAY - DAY}, "after it has begun"),
        ({"actor": floor.proposer.person}, "Only the union"),
    ]
    for over, said in cases:
        with pytest.raises(OperationRefused, match=said):
            motion_review.call_motions(session_id=floor.session.pk, **made.call_values(floor, **over))
    assert not Promise.objects.filter(kind="motion.review").exists()
    call = motion_review.call_motions(
        session_id=floor.session.pk, **made.call_values(floor, closes_on=opens_on - 30 * DAY)
    )
    assert (call.least, call.promise.due_on) == (2, opens_on - 15 * DAY)
    assert Notice.objects.filter(kind="motion_call.opened").count() == Mandate.objects.filter(state="active").count()
    step = floor.session.steps.select_related("promise").get(code="motions")
    assert (step.done_at, step.promise.met_at) == (AT, AT) and str(call.closes_on) in step.evidence
    with pytest.raises(OperationRefused, match="called for already"):
        motion_review.call_motions(session_id=floor.session.pk, **made.call_values(floor))


def test_the_window_closes_by_the_clock_and_drafts_wait_for_the_next(floor):
    motion = made.make_motion(floor, "seconding")
    hand_in = {"motion_id": motion.pk, "actor": floor.proposer.person}
    last = floor.call.closes_on
    with pytest.raises(OperationRefused, match="Yours waits for the next call"):
        does.hand_in_motion(at=day_end(last), **hand_in)
    with pytest.raises(OperationRefused, match="No motions are called for"):
        does.hand_in_motion(at=day_start(floor.call.opens_on) - MICRO, **hand_in)
    assert made.fresh(motion).state == S.SECONDING
    handed = does.hand_in_motion(at=day_end(last) - MICRO, **hand_in)
    assert (handed.state, handed.serial, str(handed.number)) == (S.SUBMITTED, 1, "term 5, session 1, no. 001")
    # Nothing waits longer than the promise: the committee has fifteen days.
    late = run_daily(at=day_start(last + 2 * DAY))
    assert late["calls"] == 0
    sweep(at=day_end(floor.call.promise.due_on))
    assert Promise.objects.get(kind="motion.review").missed_at == day_end(last + 15 * DAY)
    made.file(motion, floor, at=day_start(last + 20 * DAY))
    assert Promise.objects.get(kind="motion.review").met_at is not None


def test_delegates_sign_themselves(floor):
    motion = made.make_motion(floor, "draft")
    first, second, third = floor.delegates[1:4]
    act = {"motion_id": motion.pk, "at": AT}
    assert not motion_desk.may_read_motion(first.person, made.fresh(motion))
    with pytest.raises(OperationRefused, match="lead proposer"):
        does.invite_seconders(mandates=[second], actor=first.person, **act)
    with pytest.raises(OperationRefused, match="no delegate who may second"):
        does.invite_seconders(mandates=[floor.proposer], actor=floor.proposer.person, **act)
    does.invite_seconders(mandates=[first, second, third], actor=floor.proposer.person, **act)
    assert Notice.objects.filter(kind="motion.invited").count() == 3
    assert motion_desk.may_read_motion(first.person, made.fresh(motion))
    for actor in (floor.proposer.person, floor.hall.officer, floor.delegates[5].person):
        with pytest.raises(OperationRefused, match="who were asked"):
            does.sign_motion(actor=actor, **act)
    does.sign_motion(actor=first.person, **act)
    does.sign_motion(actor=first.person, **act)  # pressed twice
    assert Entry.objects.filter(verb="motion.seconded").count() == 1
    with pytest.raises(OperationRefused, match="1 more must second: 2 are needed, 1 have signed"):
        does.hand_in_motion(actor=floor.proposer.person, **act)
    does.decline_motion(actor=third.person, **act)
    with pytest.raises(OperationRefused, match="declined"):
        does.sign_motion(actor=third.person, **act)
    does.invite_seconders(mandates=[third], actor=floor.proposer.person, **act)
    does.sign_motion(actor=third.person, **act)
    with pytest.raises(OperationRefused, match="Take the motion back first"):
        does.edit_motion(words=made.words(), actor=floor.proposer.person, **act)
    does.take_back_motion(actor=floor.proposer.person, **act)
    assert {one.state for one in made.fresh(motion).signatures.all()} == {"invited"}
    edited = does.edit_motion(words=made.words(title="关于宿舍隔音的提案"), actor=floor.proposer.person, **act)
    assert edited.title == "关于宿舍隔音的提案" and not motion_desk.may_read_motion(first.person, made.fresh(motion))
    does.invite_seconders(mandates=[], actor=floor.proposer.person, **act)
    for one in (first, third):
        does.sign_motion(actor=one.person, **act)
    does.hand_in_motion(actor=floor.proposer.person, **act)
    # Until it is decided a signature may go; without enough of them it cannot be filed.
    does.unsign_motion(actor=third.person, **act)
    with pytest.raises(OperationRefused, match="taken your signature back"):
        does.sign_motion(actor=third.person, **act)
    with pytest.raises(OperationRefused, match="1 seconders are missing"):
        made.file(motion, floor)
    with pytest.raises(OperationRefused, match="before the motion is handed in"):
        does.invite_seconders(mandates=[third], actor=floor.proposer.person, **act)
    does.sign_motion(actor=second.person, **act)
    made.file(motion, floor)
    for late in (first.person, second.person):
        with pytest.raises(OperationRefused, match="signatures stay"):
            does.unsign_motion(actor=late, **act)
    data = own_data_of(first.person)["congress_motions"]
    assert [row["state"] for row in data["seconded"]] == ["signed"] and data["motions"] == []


def test_a_draft_is_thrown_away_and_a_form_sent_twice_writes_once(floor):
    words = made.words()
    act = {"actor": floor.proposer.person, "at": AT}
    motion = does.write_motion(mandate_id=floor.proposer.pk, words=words, **act)
    assert does.write_motion(mandate_id=floor.proposer.pk, words=words, **act) == motion
    with pytest.raises(Conflict):
        does.write_motion(mandate_id=floor.delegates[1].pk, words=words, actor=floor.delegates[1].person, at=AT)
    for actor in (floor.hall.officer, floor.delegates[1].person):
        with pytest.raises(OperationRefused, match="Only delegates write"):
            does.write_motion(mandate_id=floor.proposer.pk, words=made.words(), actor=actor, at=AT)
        with pytest.raises(OperationRefused, match="lead proposer"):
            does.discard_motion(motion_id=motion.pk, actor=actor, at=AT)
    does.discard_motion(motion_id=motion.pk, **act)
    assert not Motion.objects.exists()


def test_the_delegation_looks_first_where_the_call_says_so(db):
    floor = made.make_floor(has_group_review=True)
    motion = made.make_motion(floor, "submitted")
    act = {"motion_id": motion.pk, "actor": floor.head.person, "at": AT}
    assert motion.state == S.GROUP_REVIEW
    with pytest.raises(OperationRefused, match="does not wait to be examined"):
        made.file(motion, floor)
    with pytest.raises(OperationRefused, match="The head of the delegation"):
        motion_review.review_in_group(is_passed=True, opinion="", **{**act, "actor": floor.proposer.person})
    with pytest.raises(OperationRefused, match="rewritten"):
        motion_review.review_in_group(is_passed=False, opinion="", **act)
    motion_review.review_in_group(is_passed=False, opinion="请写明责任单位", **act)
    assert (made.fresh(motion).state, made.fresh(motion).group_passed) == (S.DRAFT, False)
    told = Notice.objects.get(kind="motion.group_answered")
    assert "comes back from the delegation to be rewritten" in sentence_of(told)
    own = {"motion_id": motion.pk, "actor": floor.proposer.person, "at": AT}
    with pytest.raises(OperationRefused, match="has a number"):
        does.discard_motion(**own)
    does.invite_seconders(mandates=[], **own)
    for one in floor.delegates[1:3]:
        does.sign_motion(motion_id=motion.pk, actor=one.person, at=AT)
    assert does.hand_in_motion(**own).serial == 1  # the number it had
    assert made.fresh(motion).group_passed is False  # the opinion there is was on the earlier words
    motion_review.review_in_group(is_passed=True, opinion="同意", **act)
    assert (made.fresh(motion).state, made.fresh(motion).group_passed) == (S.SUBMITTED, True)
    # The head's own motion goes straight on; what a delegation keeps to itself is passed on after the last day.
    assert made.make_motion(floor, "submitted", proposer=floor.head).state == S.SUBMITTED
    kept = made.make_motion(floor, "submitted", proposer=floor.delegates[3])
    assert run_daily(at=day_end(floor.call.closes_on) - MICRO)["calls"] == 0
    assert run_daily(at=day_end(floor.call.closes_on))["calls"] == 1
    assert made.fresh(kept).state == S.SUBMITTED


def test_the_committee_decides_with_a_reason_and_never_on_its_own(floor):
    member = Mandate.objects.get(person=floor.members[1])
    own = made.make_motion(floor, "submitted", proposer=member)
    with pytest.raises(OperationRefused, match="signed this motion yourself"):
        made.file(own, floor, actor=floor.members[1])
    seconded = made.make_motion(floor, "submitted", seconders=[floor.delegates[1], member])
    with pytest.raises(OperationRefused, match="signed this motion yourself"):
        made.file(seconded, floor, actor=floor.members[1])
    with pytest.raises(OperationRefused, match="motion committee decides"):
        made.file(own, floor, actor=floor.proposer.person)
    with pytest.raises(OperationRefused, match="for which reason"):
        made.file(own, floor, outcome="rejected")
    with pytest.raises(OperationRefused, match="reason in writing"):
        made.file(own, floor, reason="")
    assert not MotionDecision.objects.exists()
    act = {"at": AT, "actor": floor.members[0]}
    # A member who is no officer files: the union registers and assigns at its own desk.
    motion_review.decide_motion(motion_id=own.pk, outcome="filed", reason="可行", **act)
    filed = made.fresh(own)
    assert (filed.state, filed.inquiry.state, filed.inquiry.channel) == (S.FILED, InquiryState.SUBMITTED, "motion")
    assert not public_motions().exists() and not motion_desk.is_motion_public(filed)
    texts = {f"public_{name}": getattr(filed.inquiry, name) for name in ("subject", "body", "suggestion")}
    feedback.register_inquiry(
        inquiry_id=filed.inquiry_id, texts=texts, is_published=True, actor=floor.hall.officer, at=AT
    )
    assert [one.pk for one in public_motions()] == [own.pk]
    motion_review.decide_motion(
        motion_id=seconded.pk, outcome="merged", reason="内容相同", target_id=own.pk, at=AT, actor=floor.hall.officer
    )
    main = made.fresh(own)
    assert [one.name for one in signers_of(main)] == [
        member.name,
        *(one.name for one in floor.delegates[1:3]),
        floor.proposer.name,
    ]
    assert public_motions().count() == 2
    with pytest.raises(OperationRefused, match="does not wait to be examined"):
        made.file(own, floor)
    refused = made.make_motion(floor, "submitted")
    with pytest.raises(OperationRefused, match="motion of the same call"):
        made.file(refused, floor, outcome="merged", target_id=refused.pk)
    with pytest.raises(OperationRefused, match="motion of the same call"):
        made.file(refused, floor, outcome="merged", target_id=seconded.pk)
    made.file(refused, floor, outcome="rejected", rejection="conditions")
    advice = made.file(made.make_motion(floor, "submitted"), floor, outcome="converted")
    assert (advice.state, advice.inquiry.channel) == (S.CONVERTED, "motion_advice")
    bill = made.file(made.make_motion(floor, "submitted"), floor, outcome="escalated")
    assert bill.state == S.ESCALATED and bill.inquiry is None and motion_desk.is_motion_public(made.fresh(bill))
    assert Notice.objects.filter(kind="motion.escalated").count() == 1
    # It waits on the desk of the session until it stands on its agenda.
    assert bills_waiting(floor.session) == [bill]
    item = make_item(floor.session, floor.hall, "approve", bill=bill)
    assert bills_waiting(floor.session) == []
    withdraw_item(item_id=item.pk, reason="并入另一议题", actor=floor.hall.officer, at=AT)
    assert bills_waiting(floor.session) == [bill]
    report = report_of(call_in_full(floor.call.pk), AT)
    assert (report["received"], report["waiting"], report["filing"].count, report["filing"].whole) == (5, 0, 1, 5)
    assert [n for _label, n in report["outcomes"]] == [1, 1, 1, 1, 0] and len(report["rejections"]) == 1


def test_history_numbers_a_motion_as_its_page_does(floor):
    motion = made.make_motion(floor, "submitted")
    for language, words in (("zh-hans", "提交，编号"), ("en", "handed in as ")):
        with translation.override(language):
            [line] = [line for line in history_of(subject_key(motion)) if line.verb == "motion.handed_in"]
            assert line.text.startswith(f"{words}{motion.number}"), line.text
    with translation.override("zh-hans"):
        # Entries are never rewritten: those of before the number was kept whole have the serial only.
        record(verb="motion.handed_in", subject="congress.motion:old", actor="system", at=AT, serial=8, seconders=2)
        assert [line.text for line in history_of("congress.motion:old")] == ["提交，编号第8号，附议2人"]


def test_a_department_refuses_within_seven_working_days_or_is_bound(floor):
    for late, is_bound in ((dt.timedelta(0), False), (MICRO, False), (-MICRO, True)):
        motion = made.make_motion(floor, "filed")
        part = motion.inquiry.assignments.get(role="lead")
        ask = {
            "inquiry_id": motion.inquiry_id,
            "reason": "不属本部门职责",
            "proposed_unit": floor.safety,
            "actor": floor.chief,
            "at": day_end(part.return_by) - MICRO - late if not is_bound else day_end(part.return_by),
        }
        if is_bound:
            with pytest.raises(OperationRefused, match="the department is bound"):
                feedback.ask_return(**ask)
        else:
            assert feedback.ask_return(**ask).proposed_unit == floor.safety
    assert part.return_by == dt.date(2026, 3, 18)  # seven working days after Monday the ninth


def test_a_reply_is_countersigned_checked_and_signed_before_it_reaches_all(floor):
    motion = made.make_motion(floor, "filed", assists=[floor.safety])
    ends = TODAY + 10 * DAY
    free = say_day(ends + DAY)
    with pytest.raises(OperationRefused, match=f"安全环保处 must countersign first .*; from {free} on"):
        made.draft(motion, floor, at=day_end(ends) - MICRO)
    with pytest.raises(OperationRefused, match="Only an assisting department"):
        feedback.contribute(inquiry_id=motion.inquiry_id, text="同意", actor=floor.handler, at=AT)
    feedback.contribute(inquiry_id=motion.inquiry_id, text="同意，窗户更换需做动火审批。", actor=floor.assistant, at=AT)
    made.draft(motion, floor)
    assert Notice.objects.filter(kind="motion.check_asked").count() == 2  # the chair of the committee, the union
    approve = {"inquiry_id": motion.inquiry_id, "actor": floor.chief, "at": AT}
    with pytest.raises(OperationRefused, match="checks this reply first"):
        feedback.approve_reply(**approve)
    check = {"motion_id": motion.pk, "at": AT}
    for actor, said in (
        (floor.proposer.person, "motion committee decides"),
        (floor.chief, "motion committee decides"),
    ):
        with pytest.raises(OperationRefused, match=said):
            motion_replies.check_reply(is_passed=True, comment="", actor=actor, **check)
    with pytest.raises(OperationRefused, match="what the reply lacks"):
        motion_replies.check_reply(is_passed=False, comment="", actor=floor.hall.officer, **check)
    # A member of the committee sends it back as the union does; the department does not look as if it had.
    for actor in (floor.hall.officer, floor.members[0]):
        motion_replies.check_reply(is_passed=False, comment="未写完成时间", actor=actor, **check)
        assert Inquiry.objects.get(pk=motion.inquiry_id).state == InquiryState.ASSIGNED
        made.draft(motion, floor)
    back = Entry.objects.filter(subject=subject_key(motion.inquiry), verb__endswith="ed_back")
    assert list(back.values_list("verb", flat=True)) == ["inquiry.checked_back"] * 2
    motion_replies.check_reply(is_passed=True, comment="", actor=floor.hall.officer, **check)
    with pytest.raises(Conflict, match="passed already"):
        motion_replies.check_reply(is_passed=True, comment="", actor=floor.hall.officer, **check)
    with pytest.raises(OperationRefused, match="passed already"):
        motion_replies.check_reply(is_passed=False, comment="未写完成时间", actor=floor.members[0], **check)
    assert Inquiry.objects.get(pk=motion.inquiry_id).state == InquiryState.DRAFTED
    # Other words than those that were checked are checked again.
    feedback.send_back_reply(inquiry_id=motion.inquiry_id, note_text="补充", actor=floor.chief, at=AT)
    made.draft(motion, floor, outcome=Outcome.PLANNED, promised_on=TODAY + 60 * DAY)
    with pytest.raises(OperationRefused, match="checks this reply first"):
        feedback.approve_reply(**approve)
    made.approve(motion, floor)
    made.deliver(motion, floor)
    told = Notice.objects.filter(kind="motion.answered").values_list("desk", flat=True)
    assert set(told) == {f"person:{one.person_id}" for one in signers_of(made.fresh(motion))} and len(told) == 3


def test_without_countersigning_a_reply_may_go_on_after_ten_days(floor):
    motion = made.make_motion(floor, "filed", assists=[floor.safety])
    made.draft(motion, floor, at=day_end(TODAY + 10 * DAY))
    assert Inquiry.objects.get(pk=motion.inquiry_id).state == InquiryState.DRAFTED


def test_every_signer_rates_and_one_voice_brings_a_second_handling(floor):
    motion = made.make_motion(floor, "answered")
    lead, first, second = signers_of(motion)
    inquiry = motion.inquiry
    with pytest.raises(OperationRefused, match="Several people rate"):
        feedback.rate_inquiry(inquiry_id=inquiry.pk, level=5, comment="", at=AT)
    with pytest.raises(OperationRefused, match="Those who signed"):
        motion_replies.rate_motion(motion_id=motion.pk, level=3, comment="", actor=floor.hall.officer, at=AT)
    made.rate(motion, lead, 3)
    with pytest.raises(OperationRefused, match="rated this reply already"):
        made.rate(motion, lead, 1)
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.rating) == (InquiryState.ANSWERED, None)  # one satisfied signer closes nothing
    assert [one.pk for one in motions_to_rate(first.person)] == [motion.pk] and not motions_to_rate(lead.person)
    made.rate(motion, first, 1, comment="未说明何时完工")
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.round, inquiry.redo_count) == (InquiryState.ASSIGNED, 2, 1)
    assert inquiry.ratings.get().comment == "未说明何时完工"
    with pytest.raises(OperationRefused, match="handled a second time"):
        made.rate(motion, second, 3)
    made.draft(motion, floor)
    made.approve(motion, floor)
    made.deliver(motion, floor)
    for mandate, level in ((lead, 3), (first, 2), (second, 2)):
        made.rate(motion, mandate, level)
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.rating, MotionRating.objects.count()) == (InquiryState.CLOSED, 3, 5)
    told = [line.verb.partition(".")[2] for line in lines_of_motion(made.fresh(motion))]
    both_rounds = ["checked", "approved", "delivered", "rated"] * 2
    assert sorted(told) == sorted(["handed_in", "filed", "assigned", *both_rounds, "redone", "closed"])
    act = {"motion_id": motion.pk, "at": AT}
    with pytest.raises(OperationRefused, match="Only the union"):
        motion_review.archive_motion(archive_no="A-1", actor=floor.members[0], **act)
    motion_review.name_best(reason="推动了宿舍改造", actor=floor.members[0], **act)
    with pytest.raises(OperationRefused, match="chosen already"):
        motion_review.name_best(reason="再选", actor=floor.members[0], **act)
    motion_review.archive_motion(archive_no="A-1", actor=floor.hall.officer, **act)
    other = made.make_motion(floor, "closed")
    with pytest.raises(Conflict, match="archive number is taken"):
        motion_review.archive_motion(motion_id=other.pk, archive_no="A-1", actor=floor.hall.officer, at=AT)
    report = report_of(call_in_full(floor.call.pk), AT)
    assert (report["satisfaction"].count, report["satisfaction"].whole, report["redone"]) == (6, 6, 1)
    assert report["answering"].share == report["punctual"].share == report["carried_out"].share == 1
    assert [one.pk for one in report["best"]] == [motion.pk] and report["departments"][0]["filed"] == 2


def test_a_promise_is_kept_until_it_is_done_and_silence_is_no_praise(floor):
    motion = made.make_motion(floor, "filed")
    day = TODAY + 60 * DAY
    made.draft(motion, floor, outcome=Outcome.PLANNED, promised_on=day)
    made.approve(motion, floor)
    made.deliver(motion, floor)
    lead, first, _second = signers_of(made.fresh(motion))
    made.rate(motion, lead, 2)
    with pytest.raises(OperationRefused, match="when it is done"):
        motion_review.archive_motion(motion_id=motion.pk, archive_no="A-1", actor=floor.hall.officer, at=AT)
    later = AT + 30 * DAY
    close_unrated(today=local_day(later), at=later)
    inquiry = Inquiry.objects.get(pk=motion.inquiry_id)
    assert (inquiry.state, inquiry.promise.due_on, inquiry.rating) == (InquiryState.TRACKED, day, None)
    assert run_daily(at=later)["ratings"] == 1 and run_daily(at=later)["ratings"] == 0
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.rating) == (InquiryState.TRACKED, 3)
    with pytest.raises(OperationRefused, match="rating of this reply is over"):
        made.rate(motion, first, 3, at=later)
    made.draft(motion, floor, at=later)
    made.approve(motion, floor, at=later)
    made.deliver(motion, floor, at=later)
    for mandate in signers_of(made.fresh(motion)):
        made.rate(motion, mandate, 3, at=later)
    assert Inquiry.objects.get(pk=motion.inquiry_id).state == InquiryState.CLOSED


def test_staff_bring_a_matter_to_their_delegate(floor):
    delegate = floor.proposer
    worker = staff_of_unit(delegate.electing_unit)[-1]
    act = {"mandate_id": delegate.pk, "at": AT}

    def words(**over):
        plain = {"category": "safety", "title": "巡检平台护栏松动", "text": "已挂牌半个月没人处理。", "is_named": True}
        return motion_offers.OfferWords(**{**plain, "idempotency_key": uuid.uuid4(), **over})

    with pytest.raises(OperationRefused, match="own electing unit"):
        motion_offers.offer_matter(words=words(), actor=floor.hall.stranger, **act)
    with pytest.raises(OperationRefused, match="delegate yourself"):
        motion_offers.offer_matter(words=words(), actor=delegate.person, **act)
    key = uuid.uuid4()
    named = motion_offers.offer_matter(words=words(idempotency_key=key), actor=worker, **act)
    assert motion_offers.offer_matter(words=words(idempotency_key=key), actor=worker, **act) == named
    hidden = motion_offers.offer_matter(words=words(is_named=False), actor=worker, **act)
    assert Entry.objects.get(subject=f"congress.motionoffer:{hidden.pk}").actor == ""
    with pytest.raises(OperationRefused, match="brought to answers"):
        motion_offers.adopt_offer(offer_id=named.pk, actor=floor.delegates[1].person, at=AT)
    motion = motion_offers.adopt_offer(offer_id=named.pk, actor=delegate.person, at=AT)
    assert (motion.proposer, motion.brought_by, motion.state) == (delegate, worker.name, S.DRAFT)
    with pytest.raises(OperationRefused, match="Complete the motion first"):
        does.invite_seconders(motion_id=motion.pk, mandates=[floor.delegates[1]], actor=delegate.person, at=AT)
    assert motion_offers.adopt_offer(offer_id=hidden.pk, actor=delegate.person, at=AT).brought_by == ""
    hidden.refresh_from_db()
    assert hidden.author is None and hidden.state == OfferState.ADOPTED
    assert Notice.objects.filter(kind="motion_offer.answered").count() == 1  # the unnamed one gets none
    with pytest.raises(IntegrityError), transaction.atomic():
        MotionOffer.objects.filter(pk=hidden.pk).update(author=worker)
    third = motion_offers.offer_matter(words=words(is_named=False), actor=worker, **act)
    motion_offers.take_back_offer(offer_id=third.pk, actor=worker, at=AT)
    with pytest.raises(OperationRefused, match="answered already"):
        motion_offers.decline_offer(offer_id=third.pk, answer="已处理", actor=delegate.person, at=AT)
    fourth = motion_offers.offer_matter(words=words(), actor=worker, **act)
    assert (
        motion_offers.decline_offer(offer_id=fourth.pk, answer="已处理", actor=delegate.person, at=AT).author == worker
    )


def test_a_withdrawn_motion_stays_withdrawn(floor):
    motion = made.make_motion(floor, "submitted")
    act = {"motion_id": motion.pk, "reason": "已另行解决", "at": AT}
    with pytest.raises(OperationRefused, match="lead proposer"):
        does.withdraw_motion(actor=floor.delegates[1].person, **act)
    does.withdraw_motion(actor=floor.proposer.person, **act)
    assert Notice.objects.filter(kind="motion.withdrawn").count() == 2
    with pytest.raises(OperationRefused, match="does not wait"):
        made.file(motion, floor)
    with pytest.raises(OperationRefused, match="before the committee"):
        does.withdraw_motion(actor=floor.proposer.person, **act)
    main = made.make_motion(floor, "submitted")
    made.file(made.make_motion(floor, "submitted"), floor, outcome="merged", target_id=main.pk)
    with pytest.raises(OperationRefused, match="theirs as well"):
        does.withdraw_motion(motion_id=main.pk, reason="x", actor=floor.proposer.person, at=AT)


@pytest.mark.django_db(transaction=True)
@both_engines
def test_races_end_once(engine, transactional_db):
    """Filed and withdrawn at once, signed by two windows at once, passed twice at once: each happens once."""
    floor = made.make_floor()
    motion = made.make_motion(floor, "submitted")

    def end(number):
        try:
            if number % 2:
                made.file(motion, floor)
            else:
                does.withdraw_motion(motion_id=motion.pk, reason="撤回", actor=floor.proposer.person, at=AT)
        except (OperationRefused, Conflict) as refusal:
            return type(refusal).__name__
        return "ended"

    answers = in_parallel(2, range(4), end)
    assert answers.count("ended") == 1 and len(answers) == 4
    decision, found = MotionDecision.objects.get(), made.fresh(motion)
    assert str(decision.outcome) == str(found.state)
    assert Inquiry.objects.filter(channel="motion").count() == (found.state == S.FILED)

    other = made.make_motion(floor, "draft")
    act = {"motion_id": other.pk, "at": AT}
    colleagues = floor.delegates[1:3]

    def ask(number):
        if number % 2:
            does.invite_seconders(mandates=colleagues, actor=floor.proposer.person, **act)
            return "asked"
        try:
            does.sign_motion(actor=colleagues[0].person, **act)
        except (OperationRefused, Conflict) as refusal:
            return type(refusal).__name__
        return "signed"

    in_parallel(2, [1, 1, 0, 0, 0], ask)
    does.sign_motion(actor=colleagues[0].person, **act)
    assert Signature.objects.filter(motion=other).count() == 2
    assert Signature.objects.filter(motion=other, state="signed").count() == 1
    assert Entry.objects.filter(verb="motion.seconded", subject=f"congress.motion:{other.pk}").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.create(motion=other, mandate=colleagues[0], invited_at=AT)

    third = made.make_motion(floor, "drafted")

    def check(_number):
        try:
            motion_replies.check_reply(motion_id=third.pk, is_passed=True, comment="", actor=floor.hall.officer, at=AT)
        except (OperationRefused, Conflict) as refusal:
            return type(refusal).__name__
        return "passed"

    assert in_parallel(2, range(3), check).count("passed") == 1 and MotionCheck.objects.count() == 1
