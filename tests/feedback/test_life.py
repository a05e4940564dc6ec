"""The life of a card by its operations: pen, register, department, answer, rating, and every bend of the road."""

import datetime as dt
import uuid

import pytest

from feedback.enums import (
    TRANSITIONS,
    DeliveryChannel,
    IdentityMode,
    InquiryKind,
    InquiryState,
    Outcome,
    RatingLevel,
    Route,
)
from feedback.models import Hiding, Inquiry, Reveal
from feedback.operations import (
    add_author_message,
    approve_reply,
    ask_author,
    ask_hiding,
    ask_return,
    assign_inquiry,
    decide_hiding,
    decide_return,
    deliver_reply,
    merge_inquiry,
    rate_inquiry,
    register_inquiry,
    reveal_identity,
    run_daily,
    send_back_reply,
    submit_reply,
    transfer_inquiry,
    unmerge_inquiry,
)
from feedback.queries import inquiries_of, inquiries_visible_to
from feedback.sealing import WrongPassphrase, receipt_code
from portal.deadlines.models import Promise
from portal.kernel.transitions import IllegalTransition, check_transition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.notices.models import Notice

from .conftest import AT, PASSPHRASE, REPLY_TEXT
from .screens import text

S = InquiryState
MICROSECOND = dt.timedelta(microseconds=1)


def days(n):
    return AT + dt.timedelta(days=n)


def fresh(inquiry):
    return Inquiry.objects.select_related("promise").get(pk=inquiry.pk)


def register(plant, inquiry, at=AT, lead_unit="logistics", **over):
    plain = {
        "texts": {
            "public_subject": inquiry.subject,
            "public_body": inquiry.body,
            "public_suggestion": inquiry.suggestion,
        },
        "is_published": True,
        "actor": plant.officer,
        "lead_unit": getattr(plant, lead_unit) if lead_unit else None,
    }
    return register_inquiry(inquiry_id=inquiry.pk, at=at, **{**plain, **over})


def draft(plant, inquiry, at=AT, outcome=Outcome.SOLVED, promised_on=None, text=REPLY_TEXT, actor=None):
    return submit_reply(
        inquiry_id=inquiry.pk,
        text=text,
        measures="",
        outcome=outcome,
        promised_on=promised_on,
        template=None,
        actor=actor or plant.handler,
        at=at,
    )


def deliver(plant, inquiry, at=AT, channel=DeliveryChannel.PORTAL, delivered_on=None, place="", **over):
    return deliver_reply(
        inquiry_id=inquiry.pk,
        channel=channel,
        delivered_on=delivered_on or (at + dt.timedelta(hours=8)).date(),
        place=place,
        bulletin_no="",
        actor=over.get("actor", plant.officer),
        at=at,
    )


def answer(plant, inquiry, at=AT, **over):
    draft(plant, inquiry, at=at, **over)
    approve_reply(inquiry_id=inquiry.pk, actor=plant.head, at=at)
    return deliver(plant, inquiry, at=at)


def rate(inquiry, level, at=AT):
    return rate_inquiry(inquiry_id=inquiry.pk, level=level, comment="", at=at)


def verbs(inquiry):
    return set(Entry.objects.filter(subject=f"feedback.inquiry:{inquiry.pk}").values_list("verb", flat=True))


def test_a_card_goes_from_pen_to_rating(plant, send):
    receipt = send()
    card = receipt.inquiry
    assert (card.number, card.state, card.promise.due_on) == ("2026-0001", S.SUBMITTED, dt.date(2026, 4, 8))
    register(plant, card)
    answer(plant, card, at=days(12))
    rate(card, RatingLevel.SATISFIED, at=days(13))

    card = fresh(card)
    assert (card.state, card.outcome, card.rating, card.was_in_time, card.round) == (S.CLOSED, "A", 4, True, 1)
    assert card.promise.met_at == days(12)
    assert verbs(card) == {
        "inquiry.submitted",
        "promise.met",
        "promise.moved",
        "inquiry.registered",
        "inquiry.assigned",
        "inquiry.drafted",
        "inquiry.approved",
        "inquiry.delivered",
        "inquiry.rated",
        "inquiry.closed",
    }
    day_only = set(Entry.objects.filter(is_day_only=True).values_list("verb", flat=True))
    assert day_only == {"inquiry.submitted", "inquiry.rated", "inquiry.closed"}


@pytest.mark.parametrize(
    ("shift", "in_time"), [(-MICROSECOND, True), (dt.timedelta(0), False), (dt.timedelta(days=3), False)]
)
def test_only_delivery_before_the_midnight_after_the_due_day_is_in_time(plant, send, shift, in_time):
    card = send().inquiry
    register(plant, card)
    draft(plant, card, at=days(1))
    approve_reply(inquiry_id=card.pk, actor=plant.head, at=days(2))
    deliver(
        plant,
        card,
        at=card.promise.due_at + shift,
        channel=DeliveryChannel.STAFF_MEETING,
        place="俱乐部",
        delivered_on=dt.date(2026, 3, 20),
    )
    card = fresh(card)
    assert card.was_in_time is in_time
    assert (card.promise.missed_at is None) is in_time


def test_a_delivery_in_the_future_or_before_approval_is_refused_and_nothing_written(plant, send):
    card = send().inquiry
    register(plant, card)
    draft(plant, card, at=days(3))
    approve_reply(inquiry_id=card.pk, actor=plant.head, at=days(3))
    before = Entry.objects.count()
    for wrong in (dt.date(2026, 3, 13), dt.date(2026, 3, 11)):
        with pytest.raises(OperationRefused):
            deliver(plant, card, at=days(3), delivered_on=wrong)
    assert (fresh(card).state, Entry.objects.count()) == (S.APPROVED, before)
    deliver(plant, card, at=days(3), delivered_on=dt.date(2026, 3, 12))
    assert fresh(card).state == S.ANSWERED


def test_the_same_form_sent_twice_is_one_card_with_one_receipt(plant, send):
    key = uuid.uuid4()
    first, second = send(idempotency_key=key), send(idempotency_key=key)
    assert (first.is_new, second.is_new) == (True, False)
    assert (first.inquiry.pk, first.code) == (second.inquiry.pk, second.code)
    assert Inquiry.objects.count() == 1
    assert send().inquiry.number == "2026-0002"


def test_nobody_approves_the_own_draft(plant, send):
    card = send().inquiry
    register(plant, card)
    draft(plant, card, actor=plant.head)
    with pytest.raises(OperationRefused):
        approve_reply(inquiry_id=card.pk, actor=plant.head, at=AT)
    assert fresh(card).state == S.DRAFTED
    approve_reply(inquiry_id=card.pk, actor=plant.leader, at=AT)
    assert fresh(card).state == S.APPROVED


@pytest.mark.parametrize(
    "text",
    [
        "已阅。",
        "收到",
        "知道了!",
        "已安排处理,请放心。",
        "针对您反映的【问题】,我们已于【日期】完成整改,并安排专人跟踪落实。",
    ],
)
def test_a_reply_that_is_none_is_refused(plant, send, text):
    card = send().inquiry
    register(plant, card)
    with pytest.raises(OperationRefused):
        draft(plant, card, text=text)
    assert fresh(card).state == S.ASSIGNED


def test_a_third_return_climbs_and_no_fourth_is_taken(plant, send):
    card = send().inquiry
    register(plant, card)
    due_on = card.promise.due_on
    for turn in range(3):
        ask_return(inquiry_id=card.pk, reason="不属于后勤职责", proposed_unit=plant.safety, actor=plant.handler, at=AT)
        decide_return(inquiry_id=card.pk, is_granted=True, note_text="", actor=plant.officer, at=AT)
        assert fresh(card).is_escalated is (turn == 2)
        assign_inquiry(
            inquiry_id=card.pk,
            lead_unit=plant.logistics,
            assist_units=[plant.safety],
            instruction="",
            actor=plant.officer if turn < 2 else plant.leader,
            at=AT,
        )
    with pytest.raises(OperationRefused):
        ask_return(inquiry_id=card.pk, reason="不属于后勤职责", proposed_unit=None, actor=plant.handler, at=AT)
    card = fresh(card)
    assert (card.return_count, card.promise.due_on) == (3, due_on)
    # A matter that has climbed is approved by the leader in charge, not by the head.
    draft(plant, card)
    with pytest.raises(OperationRefused):
        approve_reply(inquiry_id=card.pk, actor=plant.head, at=AT)
    approve_reply(inquiry_id=card.pk, actor=plant.leader, at=AT)


@pytest.mark.parametrize(
    ("shift", "is_taken"), [(-MICROSECOND, True), (dt.timedelta(0), False), (dt.timedelta(days=3), False)]
)
def test_a_return_is_taken_for_seven_working_days(plant, send, shift, is_taken):
    card = send().inquiry  # assigned on Monday 9 March: the seventh working day is Wednesday 18
    register(plant, card)
    at = dt.datetime(2026, 3, 18, 16, 0, tzinfo=dt.UTC) + shift

    def ask():
        return ask_return(inquiry_id=card.pk, reason="不归我们管", proposed_unit=None, actor=plant.handler, at=at)

    if is_taken:
        assert ask().is_granted is None
    else:
        with pytest.raises(OperationRefused):
            ask()


def test_a_bad_rating_goes_round_again_with_its_own_clock_and_the_third_climbs(plant, send):
    card = send().inquiry
    register(plant, card)
    for turn in range(1, 4):
        answer(plant, card, at=days(turn))
        rate(card, RatingLevel.DISSATISFIED, at=days(turn))
        now = fresh(card)
        assert (now.state, now.round, now.redo_count, now.is_escalated) == (S.ASSIGNED, turn + 1, turn, turn == 3)
        assert (now.promise.kind, now.promise.rule) == ("inquiry.redo", "workdays:15")
    assert Promise.objects.filter(kind="inquiry.redo").count() == 3
    assert fresh(card).was_in_time is True  # the verdict on the first answer stays


def test_an_answer_with_a_dated_promise_is_tracked_and_comes_back(plant, send):
    card = send().inquiry
    register(plant, card)
    answer(plant, card, outcome=Outcome.PLANNED, promised_on=dt.date(2026, 6, 30))
    rate(card, RatingLevel.FAIR)
    card = fresh(card)
    assert (card.state, card.promise.kind, card.promise.due_on) == (
        S.TRACKED,
        "inquiry.follow_up",
        dt.date(2026, 6, 30),
    )
    answer(plant, card, at=days(100))
    card = fresh(card)
    assert (card.state, card.round, card.outcome) == (S.ANSWERED, 2, "A")
    rate(card, RatingLevel.VERY_SATISFIED, at=days(101))
    assert fresh(card).state == S.CLOSED


def test_rating_twice_counts_once(plant, send):
    card = send().inquiry
    register(plant, card)
    answer(plant, card)
    rate(card, RatingLevel.SATISFIED)
    rate(card, RatingLevel.VERY_DISSATISFIED)
    card = fresh(card)
    assert (card.state, card.rating, card.ratings.count()) == (S.CLOSED, 4, 1)


def test_merging_leaves_each_sender_a_clock_an_answer_and_a_rating(plant, send):
    main, other = send().inquiry, send(mode=IdentityMode.ANONYMOUS, at=days(-2)).inquiry
    register(plant, main)
    merge_inquiry(inquiry_id=other.pk, target_id=main.pk, actor=plant.officer, at=AT)
    assert fresh(other).promise.due_on == dt.date(2026, 4, 6)
    answer(plant, main, at=days(29))  # in time for the first, a day late for the second
    main, other = fresh(main), fresh(other)
    assert [(i.state, i.was_in_time) for i in (main, other)] == [(S.ANSWERED, True), (S.ANSWERED, False)]
    rate(main, RatingLevel.SATISFIED, at=days(30))
    rate(other, RatingLevel.DISSATISFIED, at=days(30))
    other = fresh(other)
    assert (other.state, other.lead_unit, fresh(main).state) == (S.ASSIGNED, plant.logistics, S.CLOSED)
    answer(plant, other, at=days(31))
    assert fresh(other).state == S.ANSWERED


def test_a_merged_matter_can_be_taken_out_again(plant, send):
    main, other = send().inquiry, send().inquiry
    register(plant, main)
    register(plant, other)
    merge_inquiry(inquiry_id=other.pk, target_id=main.pk, actor=plant.officer, at=AT)
    with pytest.raises(OperationRefused):
        merge_inquiry(inquiry_id=main.pk, target_id=other.pk, actor=plant.officer, at=AT)
    unmerge_inquiry(inquiry_id=other.pk, actor=plant.officer, at=AT)
    assert (fresh(other).state, fresh(other).merged_into) == (S.REGISTERED, None)


def test_the_clock_waits_for_the_author_and_runs_on_with_the_answer(plant, send):
    card = send().inquiry
    register(plant, card)
    ask_author(inquiry_id=card.pk, text="请说明是哪个控制室", actor=plant.handler, at=days(2))
    add_author_message(inquiry_id=card.pk, text="二号控制室", idempotency_key=uuid.uuid4(), at=days(6))
    card = fresh(card)
    assert (card.promise.paused_on, card.promise.paused_days, card.promise.due_on) == (None, 4, dt.date(2026, 4, 12))
    assert [(m.is_from_author, m.place) for m in card.messages.all()] == [(False, 1), (True, 2)]


def test_unrated_answers_close_after_ten_working_days_and_can_still_be_rated(plant, send):
    card = send().inquiry
    register(plant, card)
    answer(plant, card)
    assert run_daily(at=days(14))["closed"] == 0  # the tenth working day is Monday 23 March
    assert run_daily(at=days(15))["closed"] == 1
    assert run_daily(at=days(15))["closed"] == 0
    card = fresh(card)
    assert (card.state, card.rating) == (S.CLOSED, None)
    rate(card, RatingLevel.DISSATISFIED, at=days(40))
    assert fresh(card).state == S.ASSIGNED


def test_d06_hiding_takes_two_people_and_a_reason(plant, send, client):
    card = send(subject="要隐去的标题", body="要隐去的正文").inquiry
    register(plant, card)
    page = f"/inquiries/{card.number}/"
    assert "要隐去的标题" in text(client.get(page))

    def ask(**over):
        plain = {"reason_class": "privacy", "reason": "涉及他人病情", "actor": plant.officer}
        return ask_hiding(inquiry_id=card.pk, **{**plain, **over}, at=AT)

    # Without a reason or its class, or by somebody who is not of the union: nothing is asked for.
    for over in ({"reason": ""}, {"reason": "  "}, {"reason_class": "dislike"}, {"actor": plant.handler}):
        with pytest.raises(OperationRefused):
            ask(**over)
    assert (Hiding.objects.count(), Entry.objects.filter(verb__startswith="inquiry.hid").count()) == (0, 0)

    hiding = ask()
    for same in (plant.officer, plant.handler):
        with pytest.raises(OperationRefused):
            decide_hiding(hiding_id=hiding.pk, is_granted=True, actor=same, at=AT)
    assert fresh(card).hidden_class == ""
    assert "要隐去的标题" in text(client.get(page))
    decide_hiding(hiding_id=hiding.pk, is_granted=True, actor=plant.officer2, at=AT)
    assert fresh(card).hidden_class == "privacy"
    with pytest.raises(OperationRefused):
        decide_hiding(hiding_id=hiding.pk, is_granted=True, actor=plant.chair, at=AT)

    # The tombstone is public: number, day, reason's class; not a word of the card. The receipt still opens it.
    stone, listing = text(client.get(page)), text(client.get("/inquiries/"))
    assert [word in stone for word in (card.number, "隐私", "要隐去的标题", "要隐去的正文", "病情")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert [word in listing for word in (card.number, "要隐去的标题")] == [True, False]
    code = receipt_code(fresh(card).idempotency_key)
    assert "要隐去的正文" in text(client.post("/a/track/", {"number": card.number, "code": code}))


def test_a_confidential_identity_opens_only_with_the_passphrase_and_leaves_a_trace(plant, send, identity_key):
    card = send(mode=IdentityMode.CONFIDENTIAL).inquiry
    row = Inquiry.objects.filter(pk=card.pk).values().get()
    assert (row["author_id"], len(bytes(row["sealed_identity"]))) == (None, 560)
    with pytest.raises(WrongPassphrase):
        reveal_identity(inquiry_id=card.pk, passphrase="猜的口令", reason="核实", actor=plant.officer, at=AT)
    for actor, reason in ((plant.handler, "好奇"), (plant.officer, " ")):
        with pytest.raises(OperationRefused):
            reveal_identity(inquiry_id=card.pk, passphrase=PASSPHRASE, reason=reason, actor=actor, at=AT)
    assert (Reveal.objects.count(), Entry.objects.filter(verb="inquiry.revealed").count()) == (0, 0)
    identity = reveal_identity(inquiry_id=card.pk, passphrase=PASSPHRASE, reason="上门核实", actor=plant.officer, at=AT)
    assert identity["job_no"] == plant.worker.job_no
    assert (Reveal.objects.count(), Entry.objects.filter(verb="inquiry.revealed").count()) == (1, 1)


def test_an_author_finds_own_confidential_cards_and_nobody_elses(plant, send, identity_key):
    mine = [send(mode=IdentityMode.CONFIDENTIAL).inquiry.pk for _ in range(34)]
    send(mode=IdentityMode.CONFIDENTIAL, author=plant.head)
    send(mode=IdentityMode.ANONYMOUS)
    assert {inquiry.pk for inquiry in inquiries_of(plant.worker)} == set(mine)
    tags = list(Inquiry.objects.exclude(owner_tag=None).values_list("owner_tag", flat=True))
    assert len(set(tags)) == 35


def test_unnamed_authors_get_no_notice_and_leave_no_minute(plant, send, identity_key):
    send()
    named = {(row.kind, row.desk) for row in Notice.objects.all()}
    assert named == {("inquiry.received", f"union_officer:{plant.company.pk}")}
    Notice.objects.all().delete()
    for mode in (IdentityMode.CONFIDENTIAL, IdentityMode.ANONYMOUS):
        card = send(mode=mode).inquiry
        assert Notice.objects.count() == 0
        assert Promise.objects.filter(subject=f"feedback.inquiry:{card.pk}", next_at=AT).count() == 0
        register(plant, card)
        answer(plant, card)
        rate(card, RatingLevel.SATISFIED)
        assert not Notice.objects.filter(desk__startswith="person:").exists()
        Notice.objects.all().delete()
    authors = Entry.objects.filter(verb__in=["inquiry.submitted", "inquiry.rated", "inquiry.author_added"])
    assert {(entry.actor, entry.is_day_only) for entry in authors} == {("", True)}


def test_a_matter_about_a_cadre_does_not_exist_for_the_cadre_and_the_unit(plant, send):
    from portal.accounts.enums import Role
    from tests.factories.people import make_officer

    own = make_officer(Role.DISCIPLINE_INSPECTOR, plant.works)
    boss = make_officer(Role.LEADER_IN_CHARGE, plant.works)
    card = send().inquiry
    register(plant, card)
    assert inquiries_visible_to(boss).filter(pk=card.pk).exists() is False  # led by logistics, not by the works
    transfer_inquiry(inquiry_id=card.pk, about_person=boss, about_unit=None, actor=plant.officer, at=AT)
    seen = [
        inquiries_visible_to(person).filter(pk=card.pk).exists()
        for person in (plant.inspector, own, boss, plant.officer, plant.handler)
    ]
    assert seen == [True, False, False, False, False]
    assert (fresh(card).route, fresh(card).promise.kind, fresh(card).promise.due_on) == (
        Route.DISCIPLINE,
        "inquiry.reply_discipline",
        dt.date(2026, 4, 8),
    )


def test_retaliation_goes_straight_to_inspection_and_the_upper_union(plant, send):
    from portal.accounts.enums import Role
    from tests.factories.people import make_officer

    local_chair = make_officer(Role.UNION_CHAIR, plant.shop)
    card = send(kind=InquiryKind.RETALIATION).inquiry
    seen = [
        inquiries_visible_to(person).filter(pk=card.pk).exists()
        for person in (plant.inspector, plant.chair, plant.officer, local_chair, plant.leader)
    ]
    assert seen == [True, True, False, False, False]
    assert {(p.kind, p.unit) for p in Promise.objects.all()} == {
        ("inquiry.register_retaliation", plant.works),
        ("inquiry.reply_retaliation", plant.works),
    }
    with pytest.raises(OperationRefused):
        register(plant, card)
    register(plant, card, actor=plant.inspector, lead_unit="inspection")
    draft(plant, card, actor=plant.inspector)
    with pytest.raises(OperationRefused):
        approve_reply(inquiry_id=card.pk, actor=plant.inspector, at=AT)
    approve_reply(inquiry_id=card.pk, actor=plant.chair, at=AT)
    deliver(plant, card, channel=DeliveryChannel.PERSONAL, place="纪委接待室", actor=plant.inspector)
    assert fresh(card).state == S.ANSWERED


def test_a_draft_sent_back_can_be_sent_again(plant, send):
    card = send().inquiry
    register(plant, card)
    draft(plant, card)
    send_back_reply(inquiry_id=card.pk, note_text="请写明完成日期", actor=plant.head, at=AT)
    assert fresh(card).state == S.ASSIGNED
    answer(plant, card)
    assert fresh(card).replies.get().sent_back_note == ""


def test_the_author_of_a_card_does_not_handle_it(plant, send):
    card = send(author=plant.officer).inquiry
    with pytest.raises(OperationRefused):
        register(plant, card)
    register(plant, card, actor=plant.officer2)


def test_a_paper_card_counts_from_its_own_day(plant, send):
    card = send(paper_on=dt.date(2026, 3, 2), typist=plant.officer, author=None, mode=IdentityMode.ANONYMOUS).inquiry
    assert (card.received_on, card.typed_on, card.promise.due_on) == (
        dt.date(2026, 3, 2),
        dt.date(2026, 3, 9),
        dt.date(2026, 4, 1),
    )
    with pytest.raises(OperationRefused):
        send(paper_on=dt.date(2026, 3, 10), typist=plant.officer, mode=IdentityMode.ANONYMOUS)


@pytest.mark.parametrize("source", InquiryState.values)
@pytest.mark.parametrize("target", InquiryState.values)
def test_every_move_is_in_the_table_or_refused(source, target):
    if target in TRANSITIONS[source]:
        check_transition(TRANSITIONS, source=source, target=target)
    else:
        with pytest.raises(IllegalTransition):
            check_transition(TRANSITIONS, source=source, target=target)


def test_d07_numbers_are_contiguous_across_refusals_and_repeats(plant, send):
    key = uuid.uuid4()
    for over in ({}, {"idempotency_key": key}, {"idempotency_key": key}, {"mode": IdentityMode.ANONYMOUS}):
        send(**over)
    with pytest.raises(OperationRefused):
        send(mode=IdentityMode.CONFIDENTIAL)  # no key yet: refused, and no number is used up
    send()
    assert list(Inquiry.objects.order_by("serial").values_list("serial", flat=True)) == [1, 2, 3, 4]


def test_what_an_unnamed_rating_sets_off_is_told_the_next_morning_and_carries_a_day(plant, send):
    card = send(mode=IdentityMode.ANONYMOUS).inquiry
    register(plant, card)
    for turn in range(3):
        answer(plant, card, at=days(turn), outcome=Outcome.PLANNED, promised_on=dt.date(2026, 6, 30))
        if turn == 2:
            rate(card, RatingLevel.FAIR, at=days(turn))  # tracked first, then a second thought is not taken twice
            assert fresh(card).state == S.TRACKED
            break
        rate(card, RatingLevel.DISSATISFIED, at=days(turn))
    Notice.objects.all().delete()
    answer(plant, card, at=days(3))
    Notice.objects.all().delete()
    rate(card, RatingLevel.VERY_DISSATISFIED, at=days(4))
    assert (fresh(card).is_escalated, Notice.objects.count()) == (True, 0)
    run_daily(at=days(5))
    assert set(Notice.objects.values_list("kind", flat=True)) == {"inquiry.author_news", "inquiry.climbed"}
    unnamed = Entry.objects.filter(subject=f"feedback.inquiry:{card.pk}", actor="")
    assert set(unnamed.values_list("is_day_only", flat=True)) == {True}


def test_outside_the_portal_nothing_is_said_of_unnamed_and_discipline_matters(plant, send):
    from portal.notices.registry import is_hidden_outside

    for over, hidden in (
        ({}, False),
        ({"mode": IdentityMode.ANONYMOUS}, True),
        ({"kind": InquiryKind.RETALIATION}, True),
    ):
        Notice.objects.all().delete()
        card = send(**over).inquiry
        is_discipline = card.route == Route.DISCIPLINE
        register(
            plant,
            card,
            actor=plant.inspector if is_discipline else plant.officer,
            lead_unit="inspection" if is_discipline else "logistics",
        )
        assert {is_hidden_outside(notice) for notice in Notice.objects.all()} == {hidden}


def test_only_the_union_of_the_unit_types_in_paper_cards(plant, send):
    from feedback.models import Series

    for stranger in (plant.worker, plant.handler, plant.inspector):
        with pytest.raises(OperationRefused):
            send(paper_on=dt.date(2026, 3, 2), typist=stranger, author=None, mode=IdentityMode.ANONYMOUS)
    assert (Inquiry.objects.count(), Series.objects.count(), Entry.objects.count()) == (0, 0, 0)
    send(paper_on=dt.date(2026, 3, 2), typist=plant.officer, author=None, mode=IdentityMode.ANONYMOUS)
    assert Inquiry.objects.count() == 1
