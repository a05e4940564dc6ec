"""Making, keeping, pausing, extending and moving a promise; each refusal writes nothing."""

import datetime as dt

import pytest

from portal.accounts.enums import Role
from portal.accounts.models import RuleValue
from portal.deadlines import operations
from portal.deadlines.clock import clock_of
from portal.deadlines.models import Extension, Pause, Promise
from portal.kernel.days import day_end, day_start
from portal.kernel.templatetags.words import say_day
from portal.kernel.verdicts import OperationRefused
from portal.ledger.history import history_of
from portal.ledger.models import Entry
from tests.factories.people import make_officer, make_person, make_unit
from tests.factories.promises import make_promise, make_subject

pytestmark = pytest.mark.django_db
D = dt.date
DAY = dt.timedelta(days=1)
TICK = dt.timedelta(microseconds=1)
NOON = dt.timedelta(hours=12)


def noon(year, month, day):
    return day_start(D(year, month, day)) + NOON


def verbs(promise):
    return list(Entry.objects.filter(subject=promise.subject).order_by("at", "verb").values_list("verb", flat=True))


def facts(promise, verb):
    return Entry.objects.get(subject=promise.subject, verb=verb).facts


@pytest.fixture
def handler():
    return make_officer(Role.HANDLER)


@pytest.fixture
def leader():
    return make_officer(Role.LEADER_IN_CHARGE)


def test_make_promise_stores_due_day_rule_and_calendar():
    promise = make_promise(kind="test.return", started_on=D(2026, 2, 10))
    promise.refresh_from_db()
    assert (promise.due_on, promise.first_due_on, promise.rule, promise.calendar, promise.is_provisional) == (
        D(2026, 2, 26), D(2026, 2, 26), "workdays:7", "2026/1", False,
    )  # fmt: skip
    assert promise.due_at == day_end(D(2026, 2, 26))


def test_make_promise_into_an_unknown_year_is_provisional():
    promise = make_promise(kind="test.return", started_on=D(2026, 12, 28))
    assert (promise.due_on, promise.calendar, promise.is_provisional) == (D(2027, 1, 6), "2026/1 2027/0", True)


def test_make_promises_is_one_statement(django_assert_num_queries):
    unit = make_unit()
    make_promise()  # remembers calendar and rules
    for count in (1, 3):
        rows = [
            {"kind": "test.answer", "subject": make_subject(), "unit": unit, "started_on": D(2026, 3, 2)}
            for _ in range(count)
        ]
        with django_assert_num_queries(1):
            operations.make_promises(rows, at=noon(2026, 3, 2))


def test_an_agreed_date_is_the_due_day():
    promise = make_promise(due_on=D(2026, 9, 30))
    assert (promise.rule, promise.due_on) == ("on:2026-09-30", D(2026, 9, 30))
    with pytest.raises(ValueError):
        make_promise(due_on=D(2026, 3, 1))
    assert Promise.objects.count() == 1


def test_a_rule_number_of_the_unit_wins_for_new_promises_only():
    from portal.deadlines.kinds import Kind, register_kind
    from portal.kernel.rulebook import Rule, declare

    key = declare(Rule("test.days", 30, 1, 30, "days", "test", "test"))
    register_kind(Kind(code="test.ruled", label="answer", rule="days:30", rule_key=key))
    old = make_promise(kind="test.ruled")
    RuleValue.objects.create(key=key, value=10, since=day_start(D(2026, 1, 1)), reason="test")
    new = make_promise(kind="test.ruled")
    old.refresh_from_db()
    assert (old.rule, new.rule, new.due_on - old.due_on) == ("days:30", "days:10", -20 * DAY)


@pytest.mark.parametrize(("shift", "late"), [(-TICK, False), (dt.timedelta(), True), (3 * DAY, True)])
def test_meeting_before_at_and_after_the_due_moment(shift, late):
    promise = make_promise()
    at = promise.due_at + shift
    promise = operations.meet_promise(promise=promise, actor="system", at=at)
    assert (promise.met_at, promise.missed_at, promise.next_at) == (at, promise.due_at if late else None, None)
    assert verbs(promise) == (
        ["promise.missed", "promise.met"]
        if late and shift
        else ["promise.met", "promise.missed"]
        if late
        else ["promise.met"]
    )
    if late:
        assert Entry.objects.get(verb="promise.missed", subject=promise.subject).at == promise.due_at
    assert clock_of(promise, at + 9 * DAY).code == ("met_late" if late else "met")


def test_meeting_twice_changes_nothing():
    promise = make_promise()
    operations.meet_promise(promise=promise, actor="system", at=noon(2026, 3, 3))
    again = operations.meet_promise(promise=promise, actor="system", at=noon(2026, 3, 9))
    assert again.met_at == noon(2026, 3, 3)
    assert verbs(promise) == ["promise.met"]


def test_ending_never_hides_a_miss():
    promise = make_promise()
    promise = operations.end_promise(promise=promise, code="transferred", actor="system", at=promise.due_at + DAY)
    assert verbs(promise) == ["promise.missed", "promise.ended"]
    assert clock_of(promise, promise.due_at).code == "ended_late"


def test_ending_day_only_keeps_no_time_of_day():
    promise = operations.end_promise(
        promise=make_promise(), code="redone", actor=None, at=noon(2026, 3, 9), day_only=True
    )
    entry = Entry.objects.get(subject=promise.subject)
    assert (promise.ended_at, entry.at, entry.is_day_only) == (day_start(D(2026, 3, 9)), day_start(D(2026, 3, 9)), True)


def test_moving_keeps_the_due_day():
    promise, unit = make_promise(), make_unit(make_unit())
    moved = operations.move_promise(promise=promise, unit=unit, actor="system", at=noon(2026, 3, 9))
    assert (moved.unit_id, moved.due_on, moved.due_at, moved.first_due_on) == (
        unit.pk,
        promise.due_on,
        promise.due_at,
        promise.due_on,
    )
    assert verbs(promise) == ["promise.moved"]
    operations.move_promise(promise=promise, unit=unit, actor="system", at=noon(2026, 3, 9))
    assert verbs(promise) == ["promise.moved"]


def test_other_hands_in_one_unit_are_told_as_what_they_are():
    promise = make_promise(kind="inquiry.reply_union")
    for at, kind in ((noon(2026, 3, 9), "inquiry.reply"), (noon(2026, 3, 10), "inquiry.reply_union")):
        operations.move_promise(promise=promise, unit=promise.unit, actor="system", at=at, kind=kind)
        promise.refresh_from_db()
    unit, due = promise.unit.name, say_day(promise.due_on)
    assert [line.text for line in history_of(promise.subject)] == [
        f"答复：{unit}转由承办人办理，期限{due}不变",
        f"答复：{unit}转由工会干事办理，期限{due}不变",
    ]


def test_pause_and_resume_move_the_due_day_by_the_days_paused(handler):
    promise = make_promise()
    paused = operations.pause_promise(promise=promise, reason="请补充班次", actor=handler, at=noon(2026, 3, 10))
    assert paused.due_at == day_end(promise.due_on + 10 * DAY)
    assert clock_of(paused, noon(2026, 3, 11)).pause_day == 2
    resumed = operations.resume_promise(promise=promise, actor=None, at=noon(2026, 3, 13))
    assert (resumed.due_on, resumed.due_at, resumed.paused_days) == (
        promise.due_on + 3 * DAY,
        day_end(promise.due_on + 3 * DAY),
        3,
    )
    pause = Pause.objects.get()
    assert (pause.since, pause.until, pause.reason) == (D(2026, 3, 10), D(2026, 3, 13), "请补充班次")
    assert verbs(promise) == ["promise.paused", "promise.resumed"]


def test_pauses_of_a_promise_are_ten_days_in_all(handler):
    promise = make_promise()
    operations.pause_promise(promise=promise, reason="x", actor=handler, at=noon(2026, 3, 5))
    operations.resume_promise(promise=promise, actor=handler, at=noon(2026, 3, 12))
    operations.pause_promise(promise=promise, reason="x", actor=handler, at=noon(2026, 3, 20))
    done = operations.resume_promise(promise=promise, actor=handler, at=noon(2026, 3, 30))
    assert (done.paused_days, done.due_on) == (10, promise.due_on + 10 * DAY)
    last = Entry.objects.filter(verb="promise.resumed").latest("at")
    assert (last.actor, last.at) == ("system", day_start(D(2026, 3, 23)))
    with pytest.raises(OperationRefused):
        operations.pause_promise(promise=promise, reason="x", actor=handler, at=noon(2026, 4, 1))
    assert Pause.objects.count() == 2


def test_the_clock_ends_a_pause_at_its_cap_by_itself(handler):
    promise = make_promise()
    promise = operations.pause_promise(promise=promise, reason="x", actor=handler, at=noon(2026, 3, 30))
    cap = day_start(D(2026, 4, 9))
    assert clock_of(promise, cap - TICK).code == "paused"
    assert (clock_of(promise, cap).code, clock_of(promise, cap).due_on) == ("running", promise.first_due_on + 10 * DAY)
    assert clock_of(promise, promise.due_at - TICK).code == "today"
    assert clock_of(promise, promise.due_at).code == "late"
    assert list(Promise.objects.passed(promise.due_at - TICK)) == []
    assert list(Promise.objects.passed(promise.due_at)) == [promise]


@pytest.mark.parametrize(("shift", "refused"), [(-TICK, False), (dt.timedelta(), True), (3 * DAY, True)])
def test_a_late_promise_cannot_be_paused(handler, shift, refused):
    promise = make_promise()
    if refused:
        with pytest.raises(OperationRefused):
            operations.pause_promise(promise=promise, reason="x", actor=handler, at=promise.due_at + shift)
        assert (Pause.objects.count(), verbs(promise)) == (0, [])
    else:
        operations.pause_promise(promise=promise, reason="x", actor=handler, at=promise.due_at + shift)
        assert Pause.objects.count() == 1


def test_pausing_without_right_or_reason_is_refused(handler):
    promise = make_promise()
    for actor, reason in ((make_person(), "x"), (handler, "  ")):
        with pytest.raises(OperationRefused):
            operations.pause_promise(promise=promise, reason=reason, actor=actor, at=noon(2026, 3, 9))
    assert (Pause.objects.count(), verbs(promise)) == (0, [])


def test_a_granted_extension_moves_the_due_day_once(handler, leader):
    promise = make_promise()
    extension = operations.ask_extension(
        promise=promise, days=15, reason="需要招标", actor=handler, at=noon(2026, 3, 20)
    )
    done = operations.decide_extension(
        extension_id=extension.pk, is_granted=True, note="", actor=leader, at=noon(2026, 3, 21)
    )
    promise.refresh_from_db()
    assert (promise.due_on, promise.extended_days, promise.extension_reason) == (
        promise.first_due_on + 15 * DAY,
        15,
        "需要招标",
    )
    assert (done.due_before, done.due_after) == (promise.first_due_on, promise.due_on)
    assert verbs(promise) == ["promise.extension_asked", "promise.extended"]
    assert facts(promise, "promise.extended")["before"] == "2026-04-01"
    with pytest.raises(OperationRefused):
        operations.ask_extension(promise=promise, days=1, reason="x", actor=handler, at=noon(2026, 3, 22))
    assert Extension.objects.count() == 1


def test_who_asks_never_decides(handler):
    promise = make_promise()
    extension = operations.ask_extension(promise=promise, days=15, reason="x", actor=handler, at=noon(2026, 3, 20))
    from tests.factories.people import make_appointment

    make_appointment(handler, Role.LEADER_IN_CHARGE)
    with pytest.raises(OperationRefused):
        operations.decide_extension(extension_id=extension.pk, is_granted=True, actor=handler, at=noon(2026, 3, 21))
    promise.refresh_from_db()
    assert promise.due_on == promise.first_due_on


@pytest.mark.parametrize("days", [0, 31, -1])
def test_an_extension_out_of_range_is_refused(handler, days):
    with pytest.raises(OperationRefused):
        operations.ask_extension(promise=make_promise(), days=days, reason="x", actor=handler, at=noon(2026, 3, 20))
    assert Extension.objects.count() == 0


@pytest.mark.parametrize(("shift", "refused"), [(-TICK, False), (dt.timedelta(), True), (3 * DAY, True)])
def test_an_extension_is_neither_asked_nor_granted_once_late(handler, leader, shift, refused):
    promise, other = make_promise(), make_promise()
    extension = operations.ask_extension(promise=promise, days=5, reason="x", actor=handler, at=noon(2026, 3, 20))
    at = promise.due_at + shift

    def ask():
        operations.ask_extension(promise=other, days=5, reason="x", actor=handler, at=at)

    def grant():
        operations.decide_extension(extension_id=extension.pk, is_granted=True, actor=leader, at=at)

    for act in (ask, grant):
        if refused:
            with pytest.raises(OperationRefused):
                act()
        else:
            act()
    promise.refresh_from_db()
    assert (promise.extended_days, Extension.objects.count()) == ((0, 1) if refused else (5, 2))


def test_a_refused_extension_needs_a_note_and_moves_nothing(handler, leader):
    promise = make_promise()
    extension = operations.ask_extension(promise=promise, days=5, reason="x", actor=handler, at=noon(2026, 3, 20))
    with pytest.raises(OperationRefused):
        operations.decide_extension(extension_id=extension.pk, is_granted=False, actor=leader, at=noon(2026, 3, 21))
    operations.decide_extension(
        extension_id=extension.pk, is_granted=False, note="可以按期", actor=leader, at=noon(2026, 3, 21)
    )
    promise.refresh_from_db()
    assert (promise.due_on, promise.extended_days) == (promise.first_due_on, 0)
    assert verbs(promise) == ["promise.extension_asked", "promise.extension_refused"]


def test_an_extension_granted_during_a_pause_is_added(handler, leader):
    promise = make_promise()
    extension = operations.ask_extension(promise=promise, days=5, reason="x", actor=handler, at=noon(2026, 3, 20))
    operations.pause_promise(promise=promise, reason="x", actor=handler, at=noon(2026, 3, 20))
    operations.decide_extension(extension_id=extension.pk, is_granted=True, actor=leader, at=noon(2026, 3, 21))
    done = operations.resume_promise(promise=promise, actor=None, at=noon(2026, 3, 22))
    assert (done.due_on, done.due_at) == (promise.first_due_on + 7 * DAY, day_end(promise.first_due_on + 7 * DAY))
