"""R1, R2, R3, R6: whatever is killed, flushed or doubled, each reminder is told once and none is lost."""

import contextlib
import datetime as dt
import os
import random
import signal
import time
import uuid

import psycopg2
import pytest
from django.db import connection
from django.utils import timezone

from portal.accounts.desks import nearest_desk
from portal.accounts.enums import Role
from portal.deadlines.models import Heartbeat, Promise, Step
from portal.deadlines.watch import SWEEP
from portal.ledger.models import Entry
from portal.notices.models import Dispatch, DispatchState, Notice
from portal.notices.outbox import post
from tests.factories.people import make_officer
from tests.faults.stage import wait_until
from tests.notices.stubs import Relay

pytestmark = pytest.mark.services
DUE = 1000


def remaining():
    return Promise.objects.open().filter(next_at__lte=timezone.now()).count()


def assert_told_once(promises):
    """Each promise has one step, one notice and one miss, and their keys are as many as their rows."""
    steps = list(Step.objects.values_list("promise_id", "code", "due_on"))
    notices = list(Notice.objects.filter(kind__startswith="promise.").values_list("key", flat=True))
    missed = list(Entry.objects.filter(verb="promise.missed").values_list("subject", flat=True))
    assert len(steps) == len(set(steps)) == len(promises)
    assert len(notices) == len(set(notices)) == len(promises)
    assert len(missed) == len(set(missed)) == len(promises)


class Gate:
    """Stops the sweep in the middle of its statement, at the notice of one promise, until it is opened."""

    def __init__(self, promise):
        config = connection.settings_dict
        self.line = psycopg2.connect(
            dbname=config["NAME"], user=config["USER"], host=config["HOST"], port=config["PORT"]
        )
        desk = nearest_desk(Role.UNION_CHAIR, promise.unit, timezone.now())
        cursor = self.line.cursor()
        cursor.execute("SET lock_timeout = '10s'")
        cursor.execute(
            "INSERT INTO notices_notice (id, key, desk, kind, subject, facts, is_urgent, is_passed_on, at)"
            " VALUES (%s, %s, %s, 'x', 'x', '{}', FALSE, FALSE, now())",
            [str(uuid.uuid4()), f"promise:{promise.pk}:week1:{promise.due_on}|{desk}", desk],
        )
        self.pid = self.line.info.backend_pid

    def holds(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))", [self.pid])
            return cursor.fetchone()[0] > 0

    def open(self):
        self.line.close()  # which takes back what it held


@pytest.fixture
def gate_at(postgres):
    """Make gates; none of them outlives the test."""
    gates = []

    def gate_at(promise):
        gates.append(Gate(promise))
        return gates[-1]

    yield gate_at
    for gate in gates:
        gate.open()


def in_order(promises):
    """Let the sweep take the promises in their order, so that the test knows what lies ahead of it."""
    for place, promise in enumerate(promises):
        promise.next_at += dt.timedelta(microseconds=place)
    Promise.objects.bulk_update(promises, ["next_at"], batch_size=500)
    return promises


def test_r01_pool_child_killed_at_ten_points_of_a_sweep(stage, make_due, gate_at, record_property):
    promises = in_order(make_due(DUE))
    # Ten random points, each more than a batch behind the one before.
    points = [20 + 95 * kill + random.randrange(40) for kill in range(10)]
    gate = gate_at(promises[points[0]])
    worker = stage.worker()
    told = []
    with stage.ticking(SWEEP):
        for following in [*points[1:], None]:
            wait_until(gate.holds, 180)
            told.append(Step.objects.count())
            ahead = gate_at(promises[following]) if following else None
            for pid in worker.pool():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            gate.open()
            gate = ahead
        seconds = wait_until(lambda: remaining() == 0, 120)
    record_property("told when killed", told)
    record_property("complete after seconds", round(seconds, 1))
    assert_told_once(promises)
    assert worker.process.poll() is None, worker.said()


def test_r02_worker_and_children_killed_and_started_again(stage, make_due, gate_at, record_property):
    promises = in_order(make_due(DUE))
    for point in (300, 600):
        gate = gate_at(promises[point])
        worker = stage.worker(f"worker{point}")
        with stage.ticking(SWEEP):
            wait_until(gate.holds, 180)
            worker.kill()
        gate.open()
        assert 0 < remaining() < DUE
    stage.worker("last")
    with stage.ticking(SWEEP):
        seconds = wait_until(lambda: remaining() == 0, 120)  # 300 in a plant, where the beat is a minute
    record_property("complete after seconds", round(seconds, 1))
    assert_told_once(promises)


def test_r03_broker_flushed_with_two_hundred_queued(stage, redis, transactional_db, record_property):
    person = make_officer(Role.UNION_CHAIR, email="chair@plant.test")
    with Relay() as relay:
        stage.environment |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(relay.port)}
        queue, at = stage.queue(), timezone.now()
        with contextlib.closing(queue):
            for number in range(200):
                post(
                    kind="promise.overdue",
                    subject=f"feedback.inquiry:{uuid.uuid4()}",
                    desks=[f"union_chair:{person.unit_id}"],
                    at=at,
                    key=f"r3:{number}",
                    urgent=True,
                    promise=str(uuid.uuid4()),
                    what="inquiry.reply",
                    code="red",
                    due_on="2026-04-01",
                )
                queue.send_task("portal.notices.drain", expires=600)
            assert redis.llen("celery") == 200
            worker = stage.worker()
            wait_until(lambda: redis.llen("celery") < 200, 180)  # at work on them
            redis.flushall()
            lost = Notice.objects.filter(is_passed_on=False).count()
            with stage.ticking("portal.notices.drain"):
                seconds = wait_until(lambda: len(relay.mails) == 200, 61)
        record_property("mails waiting at the flush", lost)
        record_property("all sent after seconds", round(seconds, 1))
        wait_until(lambda: Dispatch.objects.filter(state=DispatchState.SENT).count() == 200, 120)
        assert (relay.accepted, Dispatch.objects.count()) == (200, 200)
        assert worker.process.poll() is None


def test_r06_two_beats_and_three_workers(stage, make_due, record_property):
    with Relay() as relay:
        stage.environment |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(relay.port)}
        promises = make_due(50)
        for name in ("one", "two", "three"):
            stage.worker(name)
        for name in ("beat-a", "beat-b"):
            stage.beat(name)
        wait_until(lambda: Heartbeat.objects.filter(name=SWEEP).exists(), 180)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            promises += make_due(50)
            time.sleep(1)
        wait_until(lambda: remaining() == 0, 180)
        wait_until(lambda: len(relay.mails) == len(promises), 300)
        record_property("promises", len(promises))
        assert_told_once(promises)
        keys = list(Dispatch.objects.values_list("key", flat=True))
        assert len(keys) == len(set(keys)) == len(promises) == relay.accepted
