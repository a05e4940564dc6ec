"""Briefings: announced, put off, held, asked at, minuted; what is left open becomes an inquiry exactly once."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from disclosures.enums import BRIEFING_TRANSITIONS, BriefingState
from disclosures.models import Briefing, BriefingMinutes, BriefingQuestion
from disclosures.operations import briefing_record as records
from disclosures.operations import briefings as does
from disclosures.queries.briefings import briefings_readable_by, next_briefing
from disclosures.rules import may_read_public
from feedback.models import Inquiry
from feedback.queries.authors import inquiries_of
from portal.deadlines.models import Promise
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.notices.models import Notice
from portal.search.models import SearchEntry
from tests.factories import disclosures as texts
from tests.factories.briefings import ask, fresh_briefing, make_briefing, make_briefing_draft, write
from tests.factories.disclosures import AT
from tests.faults.stage import in_parallel
from tests.services import both_engines

pytestmark = pytest.mark.usefixtures("english")
S = BriefingState
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def own_inquiries(person):
    return list(inquiries_of(person))


def verbs(briefing):
    return list(
        Entry.objects.filter(subject=f"disclosures.briefing:{briefing.pk}")
        .order_by("at", "pk")
        .values_list("verb", flat=True)
    )


# States -----------------------------------------------------------------------------------------------------


def test_every_state_has_a_row_and_leads_to_states_only():
    assert set(BRIEFING_TRANSITIONS) == set(S)
    assert {target for targets in BRIEFING_TRANSITIONS.values() for target in targets} <= set(S)


@pytest.mark.parametrize("source", list(S))
@pytest.mark.parametrize("target", list(S))
def test_moves_are_those_of_the_table(source, target, monkeypatch):
    briefing, saved = Briefing(state=source), []
    monkeypatch.setattr(Briefing, "save", lambda self, **kwargs: saved.append(self.state))
    if target in BRIEFING_TRANSITIONS[source]:
        does.move_state(briefing, target)
        assert (briefing.state, saved) == (target, [target])
    else:
        with pytest.raises(IllegalTransition):
            does.move_state(briefing, target)
        assert (briefing.state, saved) == (source, [])


ACTS = {
    "edit": lambda o, b, at: does.edit_briefing(briefing_id=b.pk, draft=make_briefing_draft(o), actor=o.handler, at=at),
    "move": lambda o, b, at: does.move_briefing(
        briefing_id=b.pk, starts_at=at + DAY, place="礼堂", reason="设备抢修", actor=o.handler, at=at
    ),
    "cancel": lambda o, b, at: does.cancel_briefing(briefing_id=b.pk, reason="设备抢修", actor=o.handler, at=at),
    "hold": lambda o, b, at: records.hold_briefing(
        briefing_id=b.pk, attendance={"workers": (0, 3)}, actor=o.handler, at=at
    ),
    "question": lambda o, b, at: ask(b, actor=o.handler, at=at),
    "figure": lambda o, b, at: records.put_figure(
        briefing_id=b.pk, title="产量", measure="吨", rows=[["乙烯", 1, 2, 3]], key=uuid.uuid4(), actor=o.handler, at=at
    ),
    "write": lambda o, b, at: write(b, actor=o.handler, at=at, note="更正数字"),
    "publish": lambda o, b, at: records.publish_minutes(briefing_id=b.pk, actor=o.head, at=at),
}
# What may be done in each state, an hour after the briefing has begun.
POSSIBLE = {
    S.PLANNED: {"edit", "move", "cancel", "hold"},
    S.HELD: {"edit", "hold", "question", "figure", "write"},
    S.MINUTED: {"write"},
    S.CANCELLED: set(),
}


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("act", list(ACTS))
def test_each_act_is_possible_in_its_states_only(offices, state, act):
    briefing = make_briefing(offices, state)
    at = briefing.starts_at + 2 * HOUR
    entries = Entry.objects.count()
    if act in POSSIBLE[state]:
        ACTS[act](offices, briefing, at)
        assert Entry.objects.count() > entries
    else:
        with pytest.raises(OperationRefused):
            ACTS[act](offices, briefing, at)
        assert Entry.objects.count() == entries
        assert fresh_briefing(briefing).state == state


# Announcing -------------------------------------------------------------------------------------------------


def test_announcing_twice_announces_once_and_tells_chair_and_speakers(offices):
    line = does.AgendaLine("工资总额说明", "陈晓", offices.handler, 10)
    draft = make_briefing_draft(offices, agenda=(line,))
    first = does.plan_briefing(draft=draft, actor=offices.officer, at=AT)
    again = does.plan_briefing(draft=draft, actor=offices.officer, at=AT)
    assert first.pk == again.pk
    assert verbs(first) == ["briefing.announced"]
    told = Notice.objects.filter(kind="briefing.announced").order_by("desk").values_list("desk", flat=True)
    assert list(told) == sorted([f"person:{offices.leader.pk}", f"person:{offices.handler.pk}"])


def test_announcing_is_for_those_who_prepare_and_not_for_long_ago(offices):
    with pytest.raises(OperationRefused, match="announce"):
        does.plan_briefing(draft=make_briefing_draft(offices), actor=offices.worker, at=AT)
    with pytest.raises(OperationRefused, match="within a week"):
        draft = make_briefing_draft(offices, starts_at=AT - 7 * DAY - dt.timedelta(microseconds=1))
        does.plan_briefing(draft=draft, actor=offices.handler, at=AT)
    assert Briefing.objects.count() == 0
    does.plan_briefing(draft=make_briefing_draft(offices, starts_at=AT - 7 * DAY), actor=offices.handler, at=AT)


def test_subscribers_of_the_unit_are_told_and_only_those_who_may_read_it(offices):
    from disclosures.operations import set_subscriptions

    for person in (offices.worker, offices.stranger):
        set_subscriptions(actor=person, sections=[], units=[offices.works])
    does.plan_briefing(draft=make_briefing_draft(offices, audience="unit"), actor=offices.handler, at=AT)
    told = Notice.objects.filter(kind="briefing.subscribed").values_list("desk", flat=True)
    assert list(told) == [f"person:{offices.worker.pk}"]


def test_moving_keeps_the_old_day_and_its_reason(offices):
    briefing = make_briefing(offices)
    old, new = briefing.starts_at, briefing.starts_at + 3 * DAY
    with pytest.raises(OperationRefused, match="same"):
        does.move_briefing(
            briefing_id=briefing.pk, starts_at=old, place=briefing.place, reason="再议", actor=offices.handler, at=AT
        )
    with pytest.raises(OperationRefused, match="passed"):
        does.move_briefing(
            briefing_id=briefing.pk, starts_at=AT, place="礼堂", reason="x", actor=offices.handler, at=AT
        )
    does.move_briefing(
        briefing_id=briefing.pk, starts_at=new, place="礼堂", reason="装置抢修", actor=offices.handler, at=AT
    )
    briefing = fresh_briefing(briefing)
    assert (briefing.starts_at, briefing.place, briefing.state) == (new, "礼堂", S.PLANNED)
    assert [(row.starts_at, row.place, row.reason) for row in briefing.moves.all()] == [
        (old, "厂部二楼会议室", "装置抢修")
    ]


def test_a_changed_agenda_keeps_what_was_said_on_points_that_stay(offices):
    briefing = make_briefing(offices, S.HELD)
    lines = (does.AgendaLine("安全形势"), does.AgendaLine("产量完成情况", "生产处"))
    draft = make_briefing_draft(offices, agenda=lines)
    does.edit_briefing(briefing_id=briefing.pk, draft=draft, actor=offices.handler, at=briefing.starts_at + HOUR)
    assert [(row.title, row.summary) for row in fresh_briefing(briefing).agenda.all()] == [
        ("安全形势", ""),
        ("产量完成情况", "完成计划的百分之九十八"),
    ]


def test_the_next_briefing_is_the_soonest_of_the_unit_or_above(offices):
    company = make_briefing(offices, unit=offices.company, starts_at=AT + 3 * DAY, actor=offices.officer)
    make_briefing(offices, unit=offices.other, starts_at=AT + HOUR, actor=offices.other_handler)
    own = make_briefing(offices, starts_at=AT + 2 * DAY)
    make_briefing(offices, starts_at=AT + DAY, audience="unit")
    make_briefing(offices, S.CANCELLED, starts_at=AT + DAY)
    assert next_briefing(offices.shop, AT) == own
    assert next_briefing(offices.shop, own.starts_at) == own
    assert next_briefing(offices.shop, own.starts_at + dt.timedelta(microseconds=1)) == company
    assert next_briefing(offices.shop, AT + 4 * DAY) is None


# Holding ----------------------------------------------------------------------------------------------------


def test_nothing_is_held_before_it_has_begun(offices):
    briefing = make_briefing(offices)
    arguments = {"briefing_id": briefing.pk, "attendance": {"workers": (0, 3)}, "actor": offices.handler}
    with pytest.raises(OperationRefused, match="not begun"):
        records.hold_briefing(at=briefing.starts_at - dt.timedelta(microseconds=1), **arguments)
    records.hold_briefing(at=briefing.starts_at, **arguments)
    assert fresh_briefing(briefing).held_at == briefing.starts_at


def test_holding_starts_the_minutes_three_working_days(offices):
    # Friday 13 March: Monday, Tuesday, Wednesday.
    briefing = make_briefing(offices, S.HELD, starts_at=dt.datetime(2026, 3, 13, 6, tzinfo=dt.UTC))
    promise = Promise.objects.get(kind="briefing.minutes")
    assert (promise, promise.due_on) == (briefing.promise, dt.date(2026, 3, 18))
    assert [(row.group, row.invited, row.present) for row in briefing.attendance.all()] == [
        ("delegates", 40, 36),
        ("managers", 12, 11),
        ("workers", 0, 8),
    ]
    records.hold_briefing(
        briefing_id=briefing.pk, attendance={"cadres": (5, 4)}, actor=offices.handler, at=briefing.starts_at + DAY
    )
    assert [(row.group, row.present) for row in fresh_briefing(briefing).attendance.all()] == [("cadres", 4)]
    assert Promise.objects.filter(kind="briefing.minutes").count() == 1


@pytest.mark.parametrize(
    ("after", "is_late"),
    [(-dt.timedelta(microseconds=1), False), (dt.timedelta(), True), (3 * DAY, True)],
)
def test_minutes_are_in_time_until_the_last_moment(offices, after, is_late):
    briefing = make_briefing(offices, S.HELD)
    at = briefing.promise.due_at + after
    write(briefing, actor=offices.handler, at=at)
    records.publish_minutes(briefing_id=briefing.pk, actor=offices.head, at=at)
    promise = Promise.objects.get(kind="briefing.minutes")
    assert (promise.met_at, promise.missed_at is not None) == (at, is_late)
    assert Entry.objects.filter(verb="promise.missed").count() == int(is_late)


# Questions --------------------------------------------------------------------------------------------------


def test_a_question_left_open_becomes_one_inquiry_with_its_days(offices):
    briefing = make_briefing(offices, S.HELD)
    at = briefing.held_at + DAY
    question = ask(briefing, actor=offices.handler, at=at, asker=offices.worker)
    first = records.leave_question_open(question_id=question.pk, actor=offices.handler, at=at)
    again = records.leave_question_open(question_id=question.pk, actor=offices.handler, at=at + HOUR)
    assert first.pk == again.pk
    inquiry = Inquiry.objects.get()
    assert (inquiry.channel, inquiry.identity_mode) == ("briefing_question", "confidential")
    assert inquiry.unit == offices.works
    # Sealed as promised: nobody but the asker finds it, and the question has forgotten them.
    assert (inquiry.author, own_inquiries(offices.worker), own_inquiries(offices.stranger)) == (None, [inquiry], [])
    # Thirty days from the briefing, not from when somebody wrote it down.
    assert inquiry.promise.due_on == local_day(briefing.held_at) + dt.timedelta(days=30)
    question.refresh_from_db()
    assert (question.inquiry, question.asker) == (inquiry, None)
    assert Entry.objects.filter(verb="briefing.left_open").count() == 1


def test_a_question_of_nobody_known_is_an_inquiry_of_nobody(offices):
    briefing = make_briefing(offices, S.HELD)
    question = ask(briefing, actor=offices.handler, at=briefing.held_at)
    inquiry = records.leave_question_open(question_id=question.pk, actor=offices.handler, at=briefing.held_at)
    assert (inquiry.identity_mode, inquiry.author) == ("anonymous", None)


def test_an_answered_question_is_not_left_open_and_an_open_one_not_answered(offices):
    briefing = make_briefing(offices, S.HELD)
    at = briefing.held_at
    answered = ask(briefing, actor=offices.handler, at=at, answer="按新办法执行", answered_by="财务处")
    with pytest.raises(OperationRefused, match="has been answered"):
        records.leave_question_open(question_id=answered.pk, actor=offices.handler, at=at)
    left = ask(briefing, actor=offices.handler, at=at)
    records.leave_question_open(question_id=left.pk, actor=offices.handler, at=at)
    with pytest.raises(OperationRefused, match="left open"):
        records.answer_question(
            question_id=left.pk, text="x", asked_by="", answer="已答", answered_by="处长", actor=offices.handler, at=at
        )
    assert Inquiry.objects.count() == 1


def test_a_question_beforehand_is_taken_once_until_the_briefing_begins(offices):
    briefing = make_briefing(offices)
    key = uuid.uuid4()
    arguments = {"briefing_id": briefing.pk, "text": "奖金何时发放?", "key": key}
    for _press in range(2):
        does.ask_beforehand(asker=offices.worker, at=AT, **arguments)
    question = BriefingQuestion.objects.get()
    assert (question.asker, question.is_beforehand) == (offices.worker, True)
    with pytest.raises(Conflict):
        does.ask_beforehand(asker=offices.stranger, at=AT, **arguments)
    with pytest.raises(OperationRefused, match="begun"):
        does.ask_beforehand(
            briefing_id=briefing.pk, text="迟到的问题", key=uuid.uuid4(), asker=offices.worker, at=briefing.starts_at
        )
    assert [entry.actor for entry in Entry.objects.filter(verb="briefing.asked")] == [""]
    assert BriefingQuestion.objects.count() == 1


def test_one_worker_hands_in_five_questions_and_leaves_room_for_others(offices):
    briefing = make_briefing(offices)
    keys = [uuid.uuid4() for _n in range(6)]

    def ask(key, asker=offices.worker):
        return does.ask_beforehand(briefing_id=briefing.pk, text="奖金何时发放?", key=key, asker=asker, at=AT)

    asked = [ask(key) for key in keys[:5]]
    with pytest.raises(OperationRefused, match="5 questions"):
        ask(keys[5])
    assert ask(keys[4]) == asked[4]  # sent again, not asked again
    assert ask(keys[5], offices.handler).asker == offices.handler
    assert BriefingQuestion.objects.count() == 6


def test_the_words_of_a_question_handed_in_stay_its_authors(offices):
    briefing = make_briefing(offices)
    question = does.ask_beforehand(
        briefing_id=briefing.pk, text="奖金何时发放?", key=uuid.uuid4(), asker=offices.worker, at=AT
    )
    at = briefing.starts_at + HOUR
    records.hold_briefing(briefing_id=briefing.pk, attendance={}, actor=offices.handler, at=at)
    records.answer_question(
        question_id=question.pk,
        text="改过的问题",
        asked_by="裂解车间",
        answer="本月二十五日",
        answered_by="财务处",
        actor=offices.handler,
        at=at,
    )
    question.refresh_from_db()
    assert (question.text, question.answer) == ("奖金何时发放?", "本月二十五日")


def test_cancelling_leaves_the_questions_open_so_that_none_is_lost(offices):
    briefing = make_briefing(offices)
    question = does.ask_beforehand(
        briefing_id=briefing.pk, text="奖金何时发放?", key=uuid.uuid4(), asker=offices.worker, at=AT
    )
    does.cancel_briefing(briefing_id=briefing.pk, reason="装置抢修", actor=offices.handler, at=AT)
    question.refresh_from_db()
    assert (question.asker, own_inquiries(offices.worker)) == (None, [question.inquiry])
    told = Notice.objects.filter(kind="briefing.cancelled").values_list("desk", flat=True)
    assert set(told) == {f"person:{offices.leader.pk}", f"person:{offices.worker.pk}"}


# Minutes ----------------------------------------------------------------------------------------------------


def test_nobody_publishes_the_own_minutes_and_only_chair_head_and_union_chair_may(offices):
    briefing = make_briefing(offices, S.HELD)
    at = briefing.held_at
    write(briefing, actor=offices.head, at=at)
    for person, reason in (
        (offices.head, "yourself"),
        (offices.handler, "Only the chair"),
        (offices.officer, "Only the chair"),
        (offices.other_head, "Only the chair"),
    ):
        with pytest.raises(OperationRefused, match=reason):
            records.publish_minutes(briefing_id=briefing.pk, actor=person, at=at)
    assert BriefingMinutes.objects.get().published_at is None
    records.publish_minutes(briefing_id=briefing.pk, actor=offices.leader, at=at)  # the chair of the briefing
    assert fresh_briefing(briefing).state == S.MINUTED


def test_minutes_with_an_unanswered_question_are_not_published(offices):
    briefing = make_briefing(offices, S.HELD)
    at = briefing.held_at
    question = ask(briefing, actor=offices.handler, at=at)
    write(briefing, actor=offices.handler, at=at)
    with pytest.raises(OperationRefused, match="without an answer: 1"):
        records.publish_minutes(briefing_id=briefing.pk, actor=offices.head, at=at)
    records.leave_question_open(question_id=question.pk, actor=offices.handler, at=at)
    records.publish_minutes(briefing_id=briefing.pk, actor=offices.head, at=at)


def test_what_was_read_is_what_is_published(offices):
    briefing = make_briefing(offices, S.HELD)
    at = briefing.held_at
    minutes = write(briefing, actor=offices.handler, at=at)
    read = records.minutes_print(fresh_briefing(briefing), minutes)
    # Not the minutes alone: an answer written down meanwhile is published with them.
    ask(briefing, actor=offices.handler, at=at, answer="按新办法执行", answered_by="财务处")
    with pytest.raises(Conflict, match="read it again"):
        records.publish_minutes(briefing_id=briefing.pk, read=read, actor=offices.head, at=at)
    assert BriefingMinutes.objects.get().published_at is None
    read = records.minutes_print(fresh_briefing(briefing), minutes)
    records.publish_minutes(briefing_id=briefing.pk, read=read, actor=offices.head, at=at)


def test_questions_of_a_briefing_that_nobody_recorded_become_inquiries_in_a_week(offices):
    briefing = make_briefing(offices)
    question = does.ask_beforehand(
        briefing_id=briefing.pk, text="奖金何时发放?", key=uuid.uuid4(), asker=offices.worker, at=AT
    )
    week = briefing.starts_at + 7 * DAY
    assert [does.leave_forgotten_open(at=at) for at in (week, week + HOUR, week + 3 * DAY)] == [0, 1, 0]
    question.refresh_from_db()
    # Thirty days from the day it was announced for.
    assert question.inquiry.promise.due_on == local_day(briefing.starts_at) + dt.timedelta(days=30)


def test_a_title_put_right_keeps_what_was_said(offices):
    briefing = make_briefing(offices, S.HELD)
    said = {1: "产量完成年计划的七成八", 2: "成本下降"}
    records.hold_briefing(
        briefing_id=briefing.pk, attendance={}, summaries=said, actor=offices.handler, at=briefing.held_at
    )
    first, second = make_briefing_draft(offices).agenda
    draft = make_briefing_draft(offices, agenda=(replace(first, title="产量的完成情况"), second))
    does.edit_briefing(briefing_id=briefing.pk, draft=draft, actor=offices.handler, at=briefing.held_at)
    kept = {row.title: row.summary for row in fresh_briefing(briefing).agenda.all()}
    assert kept == {"产量的完成情况": said[1], second.title: said[2]}


def test_what_was_said_is_not_put_under_another_point(offices):
    briefing = make_briefing(offices, S.HELD)
    read, at = records.agenda_print(fresh_briefing(briefing)), briefing.held_at
    said = {"summaries": {1: "产量完成年计划的七成八", 2: "成本下降"}, "actor": offices.handler, "at": at}
    first, second = make_briefing_draft(offices).agenda
    turned = make_briefing_draft(offices, agenda=(second, first))
    does.edit_briefing(briefing_id=briefing.pk, draft=turned, actor=offices.handler, at=at)
    before = [(row.title, row.summary) for row in fresh_briefing(briefing).agenda.all()]
    with pytest.raises(Conflict):
        records.hold_briefing(briefing_id=briefing.pk, attendance={}, read=read, **said)
    assert [(row.title, row.summary) for row in fresh_briefing(briefing).agenda.all()] == before
    read = records.agenda_print(fresh_briefing(briefing))
    records.hold_briefing(briefing_id=briefing.pk, attendance={}, read=read, **said)
    after = [(row.title, row.summary) for row in fresh_briefing(briefing).agenda.all()]
    assert after == [(second.title, said["summaries"][1]), (first.title, said["summaries"][2])]


def test_a_correction_is_a_version_of_its_own_with_its_note(offices):
    briefing = make_briefing(offices, S.MINUTED)
    at = briefing.held_at + DAY
    with pytest.raises(OperationRefused, match="what is changed"):
        write(briefing, actor=offices.handler, at=at, text="更正稿")
    write(briefing, actor=offices.handler, at=at, text="更正稿", note="产量数字有误")
    first, second = BriefingMinutes.objects.order_by("number")
    assert (second.published_at, fresh_briefing(briefing).state) == (None, S.MINUTED)
    records.publish_minutes(briefing_id=briefing.pk, actor=offices.leader, at=at)
    second.refresh_from_db()
    assert (first.number, second.number, second.note) == (1, 2, "产量数字有误")
    assert first.fingerprint != second.fingerprint
    noted = Entry.objects.filter(verb="briefing.minuted").order_by("at")
    assert [entry.facts["sha256"] for entry in noted] == [first.fingerprint, second.fingerprint]
    assert Promise.objects.get(kind="briefing.minutes").met_at < at


def test_the_database_refuses_own_publication(offices):
    briefing = make_briefing(offices, S.HELD)
    minutes = write(briefing, actor=offices.handler, at=briefing.held_at)
    minutes.published_by, minutes.published_at = offices.handler, briefing.held_at
    with pytest.raises(IntegrityError), transaction.atomic():
        minutes.save()


def test_published_minutes_are_found_by_their_readers(offices):
    briefing = make_briefing(offices, S.HELD, audience="unit")
    write(briefing, actor=offices.handler, at=briefing.held_at)
    assert not SearchEntry.objects.filter(kind="disclosures.briefing").exists()
    records.publish_minutes(briefing_id=briefing.pk, actor=offices.head, at=briefing.held_at)
    entry = SearchEntry.objects.get(kind="disclosures.briefing")
    assert (entry.object_key, entry.audience, "亏损项目" in entry.text) == (str(briefing.pk), "unit", True)


@pytest.mark.parametrize("audience", ["everybody", "staff", "unit"])
def test_query_and_rule_agree_on_who_may_read(offices, audience):
    briefing = make_briefing(offices, audience=audience)
    for person in (None, *(one for one in vars(offices).values() if hasattr(one, "job_no"))):
        seen = Briefing.objects.filter(briefings_readable_by(person)).exists()
        assert seen == bool(may_read_public(person, briefing)), person


# Races ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@both_engines
def test_r14_pressing_together_does_each_thing_once(engine, transactional_db):
    offices = texts.make_offices()
    held = make_briefing(offices, S.HELD)
    at = held.held_at
    question = ask(held, actor=offices.handler, at=at)
    draft = make_briefing_draft(offices, starts_at=at + DAY)
    key = uuid.uuid4()

    def press(_number):
        does.plan_briefing(draft=draft, actor=offices.handler, at=at)
        records.leave_question_open(question_id=question.pk, actor=offices.handler, at=at)
        ask(held, actor=offices.handler, at=at, answer="已答复", answered_by="处长", key=key)

    in_parallel(4, range(8), press)
    assert Briefing.objects.count() == 2
    assert Inquiry.objects.count() == 1
    assert BriefingQuestion.objects.count() == 2
    assert Entry.objects.filter(verb="briefing.left_open").count() == 1

    write(held, actor=offices.handler, at=at)

    def publish(actor):
        try:
            records.publish_minutes(briefing_id=held.pk, actor=actor, at=at)
        except OperationRefused:
            return "refused"
        return "published"

    answers = in_parallel(2, [offices.head, offices.leader] * 2, publish)
    assert sorted(answers) == ["published"] + ["refused"] * 3
    assert Entry.objects.filter(verb="briefing.minuted").count() == 1
