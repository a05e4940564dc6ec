import datetime as dt
import threading

import pytest
from celery import current_app, shared_task
from celery.schedules import crontab

from portal.deadlines.models import Heartbeat
from portal.home.periodic import row_name, run_due
from tests.times import at as frozen

AT = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)  # 09:00 in Beijing
ran = []


@shared_task(name="tests.note")
def note(**_):
    ran.append(1)


@shared_task(name="tests.fail")
def fail(**_):
    raise RuntimeError("no")


@pytest.fixture(autouse=True)
def schedule(settings):
    ran.clear()
    settings.CELERY_BEAT_SCHEDULE = {
        "minutely": {"task": "tests.note", "schedule": crontab(app=current_app), "options": {"expires": 50}},
    }
    return settings.CELERY_BEAT_SCHEDULE


def _run(moment):
    with frozen(moment):
        return run_due(at=moment)


@pytest.mark.django_db
def test_entry_runs_once_a_period_however_often_it_is_called():
    for seconds in (0, 10, 50, 70, 80):
        assert _run(AT + dt.timedelta(seconds=seconds)) == []
    assert len(ran) == 2


@pytest.mark.django_db
def test_three_days_of_silence_are_made_up_by_one_run():
    _run(AT)
    _run(AT + dt.timedelta(days=3))
    assert len(ran) == 2


@pytest.mark.django_db
def test_daily_entry_waits_for_its_hour(schedule):
    schedule["minutely"]["schedule"] = crontab(hour=8, minute=30, app=current_app)
    _run(AT)
    tomorrow = AT + dt.timedelta(hours=23, minutes=30)  # 08:30 in Beijing
    _run(tomorrow - dt.timedelta(microseconds=1))
    assert len(ran) == 1
    _run(tomorrow)
    assert len(ran) == 2


@pytest.mark.django_db
def test_failed_entry_stops_no_other_and_is_tried_again(schedule):
    schedule["failing"] = {**schedule["minutely"], "task": "tests.fail"}
    schedule["after"] = {**schedule["minutely"]}
    assert _run(AT) == ["failing"]
    assert len(ran) == 2
    assert _run(AT + dt.timedelta(seconds=1)) == ["failing"]
    assert len(ran) == 2


@pytest.mark.django_db(transaction=True)
def test_two_callers_at_once_run_an_entry_once():
    from django.db import connection

    Heartbeat.objects.create(name=row_name("minutely"), beat_at=AT - dt.timedelta(days=1))
    barrier = threading.Barrier(4)

    def call():
        barrier.wait()
        try:
            run_due(at=AT)
        finally:
            connection.close()

    with frozen(AT):
        threads = [threading.Thread(target=call) for _number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(ran) == 1
