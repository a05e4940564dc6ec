"""The jobs: they end with a heartbeat, run without Celery, and may be doubled."""

import datetime as dt
import threading

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from portal.deadlines import operations, pulse
from portal.deadlines.models import ClockGuard, Heartbeat, Promise, Step
from portal.deadlines.tasks import check_missing_calendar, sweep
from portal.deadlines.watch import CALENDAR, SWEEP
from portal.kernel.days import day_start, local_day
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.factories.promises import make_promise

DAY = dt.timedelta(days=1)


def overdue_by(days):
    """A promise that fell due some days before the wall clock of this machine."""
    return make_promise(started_on=local_day(timezone.now()) - 31 * DAY - days * DAY)


@pytest.mark.django_db
def test_r11_the_sweep_runs_without_celery():
    promise = overdue_by(3)
    sweep()
    promise.refresh_from_db()
    beat = Heartbeat.objects.get(name=SWEEP)
    assert (promise.missed_at, beat.detail["missed"], beat.detail["told"]) == (promise.due_at, 1, 1)
    assert ClockGuard.objects.get().frozen_at is None


@pytest.mark.django_db
def test_a_frozen_sweep_gives_no_heartbeat():
    ClockGuard.objects.create(latest_at=timezone.now(), frozen_at=timezone.now(), frozen_code="forwards")
    overdue_by(3)
    sweep()
    assert (Heartbeat.objects.filter(name=SWEEP).exists(), Notice.objects.count()) == (False, 0)


@pytest.mark.django_db
def test_the_daily_look_at_the_calendar_gives_a_heartbeat():
    check_missing_calendar()
    assert Heartbeat.objects.get(name=CALENDAR).beat_at <= timezone.now()


def test_the_jobs_are_scheduled_by_name():
    planned = {plan["task"] for plan in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {SWEEP, CALENDAR} <= planned & set(current_app.tasks)


@pytest.mark.django_db
def test_the_pulse_of_beat_is_written_at_most_once_a_minute(monkeypatch):
    monkeypatch.setattr(pulse, "_last", {"at": -pulse.SECONDS})
    pulse._pulse()
    first = Heartbeat.objects.get(name=pulse.BEAT).beat_at
    pulse._pulse()
    assert Heartbeat.objects.get(name=pulse.BEAT).beat_at == first


@pytest.mark.django_db(transaction=True)
def test_r06_sweepers_at_once_take_each_step_once():
    """On SQLite one waits for the other, on PostgreSQL each takes rows of its own."""
    count, sweepers = 60, 3
    promises = [make_promise() for _ in range(count)]
    at = promises[0].due_at + 3 * DAY
    start, taken, faults = threading.Barrier(sweepers), [], []

    def run():
        try:
            start.wait()
            taken.append(operations.sweep(at=at, batch=7).taken)
        except Exception as error:
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(sweepers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert sum(taken) == count
    for rows in (Notice.objects, Step.objects, Entry.objects.filter(verb="promise.missed")):
        assert rows.count() == count
    assert set(Notice.objects.values_list("key", flat=True)) == {
        f"promise:{promise.pk}:red:{promise.due_on}|leader:{promise.unit_id}" for promise in promises
    }
    assert not Promise.objects.filter(next_at__lte=at).exists()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_r06_sweepers_share_the_work_on_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    at = day_start(dt.date(2026, 4, 5))
    for _ in range(40):
        make_promise()
    from django.db import transaction

    with transaction.atomic():
        # Another sweeper holds half of them; this one neither waits nor touches them.
        held = list(Promise.objects.select_for_update().order_by("pk")[:20])
        taken = []

        def run():
            taken.append(operations.sweep(at=at).taken)
            connections.close_all()

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(timeout=120)
        assert taken == [20]
    assert operations.sweep(at=at).taken == len(held)
    assert Notice.objects.count() == 40
