"""The sweep takes each step once, tells one desk, and records a miss when it fell due."""

import datetime as dt
from collections import Counter

import pytest
from django.core import mail
from django.db import connection

from portal.accounts.desks import role_desk
from portal.accounts.enums import Role
from portal.deadlines import operations
from portal.deadlines.kinds import kind_of
from portal.deadlines.models import ClockGuard, Promise, Step
from portal.kernel.days import day_end, day_start
from portal.ledger.models import Entry
from portal.ledger.recording import clean_facts
from portal.notices.models import Dispatch, Notice
from portal.notices.operations.passing import make_digests
from portal.notices.operations.sending import drain
from portal.notices.registry import path_of, sentence_of
from tests.factories.people import make_officer, make_unit
from tests.factories.promises import STARTED_ON, make_promise

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TICK = dt.timedelta(microseconds=1)
DUE_ON = dt.date(2026, 4, 1)


def steps(promise):
    return list(Step.objects.filter(promise=promise).order_by("on", "code").values_list("code", "on"))


def told():
    return list(Notice.objects.order_by("at", "key").values_list("desk", "kind", "is_urgent"))


@pytest.mark.parametrize(("shift", "count"), [(-TICK, 0), (dt.timedelta(), 1), (3 * DAY, 1)])
def test_a_promise_is_missed_at_its_due_moment_and_dated_then(shift, count):
    promise = make_promise()
    operations.sweep(at=promise.due_at + shift)
    operations.sweep(at=promise.due_at + shift)
    entries = list(Entry.objects.filter(verb="promise.missed"))
    assert [(entry.at, entry.subject, entry.actor) for entry in entries] == [
        (promise.due_at, promise.subject, "system")
    ] * count
    promise.refresh_from_db()
    assert promise.missed_at == (promise.due_at if count else None)


def test_the_ladder_is_climbed_day_by_day():
    promise = make_promise()
    desk = {
        role: role_desk(role, make_officer(role).unit)
        for role in ("handler", "dept_head", "leader", "union_chair", "discipline")
    }
    day = STARTED_ON
    while day <= DUE_ON + 25 * DAY:
        for hours in (0, 1, 23):
            operations.sweep(at=day_start(day) + dt.timedelta(hours=hours))
        day += DAY
    assert steps(promise) == [
        ("received", STARTED_ON + DAY),
        ("day15", DUE_ON - 15 * DAY),
        ("yellow", DUE_ON - 5 * DAY),
        ("day29", DUE_ON - DAY),
        ("due", DUE_ON),
        ("red", DUE_ON + DAY),
        ("week1", DUE_ON + 7 * DAY),
        ("weekly:1", DUE_ON + 14 * DAY),
        ("weekly:2", DUE_ON + 21 * DAY),
    ]
    early, late = "promise.reminder", "promise.overdue"
    assert told() == [
        (desk["handler"], early, False),
        (desk["handler"], early, False),
        (desk["dept_head"], early, False),
        (desk["dept_head"], early, False),
        (desk["dept_head"], early, True),
        (desk["leader"], late, True),
        (desk["union_chair"], late, True),
        (desk["discipline"], late, True),
        (desk["discipline"], late, True),
    ]
    promise.refresh_from_db()
    assert (promise.next_step, promise.next_at) == (9, day_start(DUE_ON + 28 * DAY))


def test_r07_three_days_down_gives_each_promise_its_current_stage_only():
    # Due over three days of silence, as the calendar would have it: at the start one step each, the miss dated then.
    promises = [make_promise(started_on=STARTED_ON + (number % 3) * DAY) for number in range(40)]
    operations.sweep(at=day_start(DUE_ON - DAY))
    before = set(Notice.objects.values_list("pk", flat=True))
    restart = day_end(DUE_ON + 2 * DAY) + dt.timedelta(hours=3)
    done = operations.sweep(at=restart)
    fresh = Notice.objects.exclude(pk__in=before)
    assert (done.taken, done.missed, done.told, fresh.count()) == (40, 40, 40, 40)
    assert set(fresh.values_list("kind", flat=True)) == {"promise.overdue"}
    for promise in promises:
        entry = Entry.objects.get(verb="promise.missed", subject=promise.subject)
        assert entry.at == promise.due_at
        assert [code for code, on in steps(promise) if on == dt.date(2026, 4, 4)] == ["red"]
    assert operations.sweep(at=restart).taken == 0


def test_skipped_weeks_are_not_made_up_for():
    promise = make_promise()
    operations.sweep(at=day_start(DUE_ON + 40 * DAY))
    assert steps(promise) == [("weekly:4", DUE_ON + 40 * DAY)]
    promise.refresh_from_db()
    assert promise.next_at == day_start(DUE_ON + 42 * DAY)


def test_the_nearest_holder_is_told_and_else_the_own_desk():
    company = make_unit()
    plant = make_unit(company)
    workshop, other = make_unit(plant), make_unit(company)
    make_officer(Role.HANDLER, company)
    make_officer(Role.HANDLER, plant)
    make_officer(Role.HANDLER, plant, is_active=False)
    at = day_start(STARTED_ON + DAY)
    expected = [
        (make_promise(unit=workshop), f"handler:{plant.pk}"),
        (make_promise(unit=other), f"handler:{company.pk}"),
    ]
    operations.sweep(at=at)
    assert [Notice.objects.get(subject=promise.subject).desk for promise, _desk in expected] == [
        desk for _promise, desk in expected
    ]
    late = make_promise(unit=workshop)
    operations.sweep(at=late.due_at)
    assert Notice.objects.get(subject=late.subject).desk == f"leader:{workshop.pk}"


def test_met_ended_and_paused_promises_take_no_step():
    handler = make_officer(Role.HANDLER)
    met, ended, paused = make_promise(), make_promise(), make_promise()
    at = day_start(STARTED_ON) + TICK
    operations.meet_promise(promise=met, actor="system", at=at)
    operations.end_promise(promise=ended, code="merged", actor="system", at=at)
    operations.pause_promise(promise=paused, reason="x", actor=handler, at=at)
    done = operations.sweep(at=at + 9 * DAY)
    assert (done.taken, done.resumed, Notice.objects.count(), Step.objects.count()) == (0, 0, 0, 0)


def test_the_sweep_ends_a_pause_at_its_cap():
    handler = make_officer(Role.HANDLER)
    promise = make_promise()
    operations.pause_promise(promise=promise, reason="x", actor=handler, at=day_start(STARTED_ON + 5 * DAY) + TICK)
    cap = STARTED_ON + 15 * DAY
    assert operations.sweep(at=day_start(cap) - TICK).resumed == 0
    assert operations.sweep(at=day_start(cap + 3 * DAY)).resumed == 1
    promise.refresh_from_db()
    assert (promise.paused_on, promise.paused_days, promise.due_on) == (None, 10, DUE_ON + 10 * DAY)
    entry = Entry.objects.get(verb="promise.resumed")
    assert (entry.at, entry.actor, entry.facts["days"]) == (day_start(cap), "system", 10)


def test_the_sweep_agrees_with_the_ladder_of_every_kind():
    kinds = ("test.answer", "test.return")
    for kind in kinds:
        ladder = kind_of(kind).ladder
        promise = make_promise(kind=kind)
        for days in range(0, 75):
            today = promise.started_on + days * DAY
            Promise.objects.filter(pk=promise.pk).update(next_at=day_start(today), next_step=0)
            Step.objects.all().delete()
            operations.sweep(at=day_start(today))
            promise.refresh_from_db()
            span = {"started_on": promise.started_on, "due_on": promise.due_on, "today": today}
            place = ladder.place(**span)
            assert (promise.next_step, promise.next_at) == ladder.next_after(**span), (kind, days)
            assert [code for code, _on in steps(promise)] == ([ladder.rung(place).code] if place >= 0 else []), (
                kind,
                days,
            )


def test_what_the_sweep_writes_by_sql_is_what_the_floors_write():
    promise = make_promise()
    operations.sweep(at=promise.due_at)
    entry, notice = Entry.objects.get(), Notice.objects.get()
    assert entry.facts == clean_facts({"promise": promise.pk, "kind": "test.answer", "round": 1, "due_on": DUE_ON})
    assert entry.is_day_only is False
    assert notice.facts == {"promise": str(promise.pk), "what": "test.answer", "code": "red", "due_on": "2026-04-01"}
    assert notice.key == f"promise:{promise.pk}:red:2026-04-01|{notice.desk}"
    assert sentence_of(notice)
    assert str(promise.pk) in path_of(notice)


def test_a_sweep_of_many_is_few_statements(django_assert_num_queries):
    counts = []
    for number in (1, 3):
        for _ in range(number):
            make_promise()
        with django_assert_num_queries(31 if connection.vendor == "sqlite" else 9):
            counts.append(operations.sweep(at=day_start(DUE_ON)).taken)
    assert counts == [1, 3]


def test_a_sweep_with_nothing_due_reads_three_times(django_assert_num_queries):
    make_promise()
    with django_assert_num_queries(3):
        operations.sweep(at=day_start(STARTED_ON))


def test_a_frozen_clock_stops_the_sweep():
    promise = make_promise()
    ClockGuard.objects.create(latest_at=day_start(STARTED_ON), frozen_at=day_start(DUE_ON), frozen_code="forwards")
    done = operations.sweep(at=promise.due_at)
    assert (done.is_frozen, Notice.objects.count(), Entry.objects.count()) == (True, 0, 0)


def test_batches_take_everything_once():
    for _ in range(7):
        make_promise()
    done = operations.sweep(at=day_start(DUE_ON), batch=3)
    assert (done.taken, Notice.objects.count(), Step.objects.count()) == (7, 7, 7)


def test_r07_three_days_down_sends_each_leader_one_digest_and_no_stale_mail(settings):
    """Forty cards of two works fall due on three days of silence; what comes first is what is true now, once."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    works = [make_unit(make_unit()), make_unit(make_unit())]
    leaders = [make_officer(Role.LEADER_IN_CHARGE, unit, email=f"l{n}@example.com") for n, unit in enumerate(works)]
    handlers = [make_officer(Role.HANDLER, unit, email=f"h{n}@example.com") for n, unit in enumerate(works)]
    for number in range(40):
        make_promise(started_on=STARTED_ON + (number % 3) * DAY, unit=works[number % 2])
    restart = day_end(DUE_ON + 2 * DAY) + dt.timedelta(hours=9)
    for _again in range(2):  # twice, as two beats would
        operations.sweep(at=restart)
        drain(at=restart)
        make_digests(at=restart)
        drain(at=restart)
    # The stages that were missed meanwhile reach nobody: neither the handler's reminders nor yesterday's due day.
    assert set(Notice.objects.values_list("kind", flat=True)) == {"promise.overdue"}
    assert (Notice.objects.count(), Step.objects.count()) == (40, 40)
    sent = Counter(address for message in mail.outbox for address in message.to)
    assert [sent[handler.email] for handler in handlers] == [0, 0]
    assert [Dispatch.objects.filter(person=leader, key__startswith="digest:").count() for leader in leaders] == [1, 1]
    # One red mail for each card of the own works and the digest; none about a card of the others.
    assert [sent[leader.email] for leader in leaders] == [21, 21]
    assert sum(sent.values()) == 42
