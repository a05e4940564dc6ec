"""R8: a clock that jumps freezes the sweeps until a person lets them run; a stopped sweep is no jump."""

import datetime as dt

import pytest

from portal.accounts.enums import Role
from portal.deadlines import operations
from portal.deadlines.clock import clock_of
from portal.deadlines.guard import Reading, jump_of, read_clock
from portal.deadlines.models import ClockGuard, Heartbeat, Promise
from portal.deadlines.watch import CLOCK, Watch, watch
from portal.kernel.enums import Lamp
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.factories.people import make_officer, make_person, make_unit
from tests.factories.promises import make_promise

NOW = dt.datetime(2026, 3, 10, 4, 0, tzinfo=dt.UTC)
HOUR, DAY, TICK = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(microseconds=1)
MINUTE = dt.timedelta(minutes=1)
UP = 100_000.0


def reading(wall_delta, uptime_delta=None, boot="boot-a"):
    """What a machine shows some time after NOW; the uptime moves with the wall unless told otherwise."""
    moved = wall_delta if uptime_delta is None else uptime_delta
    return Reading(NOW + wall_delta, boot, UP + moved.total_seconds())


@pytest.mark.parametrize(
    ("what", "shown", "jump"),
    [
        ("a minute later", reading(MINUTE), ""),
        ("three days of downtime, machine running (R7)", reading(3 * DAY), ""),
        ("half a year of downtime, machine running", reading(180 * DAY), ""),
        ("set on by a day", reading(DAY + MINUTE, MINUTE), ""),
        ("set on by 26 hours", reading(26 * HOUR + MINUTE, MINUTE), ""),
        ("set on by more than 26 hours", reading(26 * HOUR + MINUTE + TICK, MINUTE), "forwards"),
        ("set on by 400 days", reading(400 * DAY, MINUTE), "forwards"),
        ("set back by five minutes", reading(-5 * MINUTE, dt.timedelta()), ""),
        ("set back by more than five minutes", reading(-5 * MINUTE - TICK, dt.timedelta()), "backwards"),
        ("set back by an hour", reading(-HOUR, MINUTE), "backwards"),
        ("set back by a day", reading(-DAY, MINUTE), "backwards"),
        ("set back by a day during two days of downtime", reading(DAY, 2 * DAY), "backwards"),
        ("another boot after three days", reading(3 * DAY, -HOUR, boot="boot-b"), ""),
        ("another boot after the longest holiday", reading(15 * DAY, -HOUR, boot="boot-b"), ""),
        ("another boot, 400 days on", reading(400 * DAY, -HOUR, boot="boot-b"), "forwards"),
        ("another boot, a day back", reading(-DAY, -HOUR, boot="boot-b"), "backwards"),
        ("no witness on this system, three days on", reading(3 * DAY, boot=""), ""),
        ("no witness on this system, 400 days on", reading(400 * DAY, boot=""), "forwards"),
    ],
)
def test_r08_a_jump_is_told_from_downtime(what, shown, jump):
    assert jump_of(shown, latest_at=NOW, anchors={"boot-a": (NOW, UP)}) == jump, what


def test_this_machine_can_be_read():
    first, second = read_clock(NOW), read_clock(NOW)
    assert (first.wall, first.boot_id) == (NOW, second.boot_id)
    assert second.uptime >= first.uptime > 0


@pytest.mark.django_db
@pytest.mark.parametrize(("wall", "code"), [(-HOUR, "backwards"), (-DAY, "backwards"), (400 * DAY, "forwards")])
def test_r08_a_jump_freezes_sweeps_and_is_told_at_once(wall, code):
    company = make_unit()
    assert operations.check_clock(reading=reading(dt.timedelta()))
    promise = make_promise()
    assert not operations.check_clock(reading=reading(wall, MINUTE))
    guard = ClockGuard.objects.get()
    assert (guard.frozen_code, guard.latest_at) == (code, NOW)
    entry = Entry.objects.get(verb="clock.frozen")
    assert (entry.actor, entry.facts) == ("system", {"code": code, "latest": "2026-03-10T04:00:00Z"})
    assert [(notice.desk, notice.kind, notice.is_urgent) for notice in Notice.objects.order_by("desk")] == [
        (f"system_admin:{company.pk}", "clock.frozen", True),
        (f"union_chair:{company.pk}", "clock.frozen", True),
    ]
    # Nothing is told and nothing recorded by the wrong clock, and setting it right does not undo the freeze by itself.
    assert operations.sweep(at=NOW + wall).is_frozen
    assert not operations.check_clock(reading=reading(2 * MINUTE))
    assert (Entry.objects.filter(verb="promise.missed").count(), Entry.objects.filter(verb="clock.frozen").count()) == (
        0,
        1,
    )
    promise.refresh_from_db()
    assert promise.missed_at is None
    assert watch() == Watch(frozen=code)


@pytest.mark.django_db
def test_r08_a_day_forwards_and_back_improves_no_status():
    promises = [make_promise(started_on=dt.date(2026, 2, day)) for day in (7, 8, 9, 13)]
    worst = {Lamp.BLUE: 0, Lamp.YELLOW: 1, Lamp.RED: 2}

    def look(at):
        return [worst[clock_of(promise, at).lamp] for promise in Promise.objects.order_by("started_on")]

    start = dt.datetime(2026, 3, 8, 4, 0, tzinfo=dt.UTC)
    clock = Reading(start, "boot-a", UP)
    operations.check_clock(reading=clock)
    operations.sweep(at=start)
    before = look(start)
    # A day on is within what daylight and holidays may do; what was told then stays told.
    forwards = Reading(start + DAY + MINUTE, "boot-a", UP + 60)
    assert operations.check_clock(reading=forwards)
    operations.sweep(at=forwards.wall)
    ahead = look(forwards.wall)
    assert all(later >= earlier for earlier, later in zip(before, ahead, strict=True))
    back = Reading(start + 2 * MINUTE, "boot-a", UP + 120)
    assert not operations.check_clock(reading=back)
    # The moment for reading clocks never lies before the last sweep (portal.deadlines.watch.steady).
    from portal.deadlines.watch import SWEEP, steady

    operations.beat(SWEEP, forwards.wall)
    assert look(steady(back.wall)) == ahead
    assert (
        clock_of(promises[0], back.wall).code == "late" or Promise.objects.get(pk=promises[0].pk).missed_at is not None
    )
    missed = Promise.objects.filter(missed_at__isnull=False)
    assert missed.count() >= 1
    assert [clock_of(promise, back.wall - 30 * DAY).code for promise in missed] == ["late"] * missed.count()


@pytest.mark.django_db
@pytest.mark.parametrize("wall", [DAY, -HOUR, -DAY, -30 * DAY, 400 * DAY])
def test_r08_no_status_improves_whatever_the_clock_is_set_to(wall):
    """What a page shows after a jump is never better than before: green stays due, due stays late, late stays late."""
    from portal.deadlines.watch import SWEEP, steady

    worst = {Lamp.BLUE: 0, Lamp.YELLOW: 1, Lamp.RED: 2}
    start = dt.datetime(2026, 3, 8, 4, 0, tzinfo=dt.UTC)
    # Late, due within days, and far from it.
    for started_on in (dt.date(2026, 2, 1), dt.date(2026, 2, 8), dt.date(2026, 3, 1)):
        make_promise(started_on=started_on)
    operations.check_clock(reading=Reading(start, "boot-a", UP))
    operations.sweep(at=start)
    operations.beat(SWEEP, start)

    def look(wall_now):
        return [worst[clock_of(promise, steady(wall_now)).lamp] for promise in Promise.objects.order_by("started_on")]

    before = look(start)
    assert before == [2, 1, 0]
    after = Reading(start + wall, "boot-a", UP + 60)
    is_trusted = operations.check_clock(reading=after)
    operations.sweep(at=after.wall)
    assert is_trusted == (wall == DAY)
    assert all(now >= then for now, then in zip(look(after.wall), before, strict=True))
    # Nothing new is recorded as missed by a clock that is not trusted.
    missed = Entry.objects.filter(verb="promise.missed").count()
    assert missed == sum(lamp == 2 for lamp in (look(after.wall) if is_trusted else before))


@pytest.mark.django_db
def test_r08_only_a_system_administrator_lets_reminders_run_again_and_it_is_recorded():
    admin = make_officer(Role.SYSTEM_ADMIN)
    operations.check_clock(reading=reading(dt.timedelta()))
    shown = reading(400 * DAY, MINUTE)
    operations.check_clock(reading=shown)
    right = reading(2 * MINUTE)
    for actor, reason in ((make_person(), "x"), (make_officer(Role.UNION_CHAIR), "x"), (admin, " ")):
        with pytest.raises(OperationRefused):
            operations.resume_clock(reason=reason, actor=actor, reading=right)
    assert (Entry.objects.filter(verb="clock.resumed").count(), Heartbeat.objects.get(name=CLOCK).detail["frozen"]) == (
        0,
        "forwards",
    )
    guard = operations.resume_clock(reason="主板电池更换，时间已校准", actor=admin, reading=right)
    assert (guard.frozen_at, guard.resumed_by, guard.resume_reason) == (None, admin, "主板电池更换，时间已校准")
    entry = Entry.objects.get(verb="clock.resumed")
    assert (entry.actor, entry.facts["code"]) == (f"person:{admin.pk}", "forwards")
    assert operations.check_clock(reading=reading(3 * MINUTE))
    assert watch() == Watch()
    with pytest.raises(OperationRefused):
        operations.resume_clock(reason="x", actor=admin, reading=right)


@pytest.mark.django_db
def test_two_machines_are_watched_each_by_its_own_uptime():
    operations.check_clock(reading=reading(dt.timedelta()))
    assert operations.check_clock(reading=reading(MINUTE, boot="boot-b"))
    assert operations.check_clock(reading=reading(2 * MINUTE))
    # The second machine's clock runs away; the first one's is right.
    assert not operations.check_clock(reading=reading(10 * DAY, 2 * MINUTE, boot="boot-b"))
