"""R4, R5: Redis is a doorbell. Without it every page works and nothing is lost; with it back, work goes on."""

import datetime as dt
import json
import statistics

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone, translation
from django.utils.translation import gettext

from feedback.models import Inquiry, Series
from portal.deadlines.models import Heartbeat
from portal.deadlines.watch import SWEEP
from portal.home import health
from portal.kernel.days import local_day
from tests.factories.cards import make_inquiry, make_plant
from tests.factories.people import make_person
from tests.faults.people import card_form, session_of
from tests.faults.stage import Visitor, in_parallel, wait_until
from tests.notices.stubs import Relay

pytestmark = pytest.mark.services
SUBMITS, DELIVERIES = 200, 10


def test_r04_redis_stopped_during_two_hundred_submits(stage_with_own_redis, record_property):
    stage, plant = stage_with_own_redis, make_plant()
    Heartbeat.objects.create(name=SWEEP, beat_at=timezone.now() - dt.timedelta(minutes=16))
    people = [make_person(unit=plant.shop, email=f"w{n}@plant.test", wants_mail=False) for n in range(8)]
    approved = [make_inquiry(plant, state="approved", author=people[n % 8]) for n in range(DELIVERIES)]
    before = Inquiry.objects.count()
    sessions = [session_of(person) for person in people]
    address = stage.web()
    officer = Visitor(address, session_of(plant.officer))
    assert officer.get("/cards/mine/").status == 200  # a session is in the cache now
    stage.redis.stop()

    def submit(number):
        return Visitor(address, sessions[number % 8]).post("/cards/new/", card_form(plant.shop.code))

    answers = in_parallel(8, list(range(SUBMITS)), submit)
    form = {"channel": "portal", "delivered_on": local_day(timezone.now()).isoformat()}
    delivered = [officer.post(f"/desk/{card.number}/deliver/", form) for card in approved]

    assert {answer.status for answer in [*answers, *delivered]} == {302}
    acknowledged = {answer.place for answer in answers}
    assert len(acknowledged) == SUBMITS == Inquiry.objects.count() - before
    assert Series.objects.aggregate(Sum("last"))["last__sum"] >= SUBMITS  # two of them when the year ends meanwhile
    p95 = statistics.quantiles([answer.seconds for answer in answers], n=20)[-1]
    record_property("p95 seconds", round(p95, 2))
    assert p95 < 2
    with translation.override("zh-hans"):
        banner = gettext("Reminders are delayed. The clocks on the pages are right.")
    assert banner in Visitor(address, sessions[0]).get("/cards/mine/").text
    ready = Visitor(address).get("/readyz")
    assert (ready.status, json.loads(ready.text)["status"]) == (200, "degraded")
    checks = json.loads(ready.text)["checks"]
    assert (checks["cache"], checks["sweep"], checks["database"]) == ("warn", "warn", "ok")

    stage.redis.start()
    with Relay() as relay:
        stage.environment |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(relay.port)}
        stage.worker()
        with stage.ticking(SWEEP, "portal.notices.drain"):
            seconds = wait_until(lambda: len(relay.mails) == DELIVERIES, 300)
        record_property("drained after seconds", round(seconds, 1))
        assert relay.accepted == DELIVERIES
    assert health.sweep_is_recent(timezone.now()).state == "ok"


def at_rest():
    """Wait until the worker is through with what it had in hand: for three seconds its connections did nothing."""

    def is_quiet():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
                " AND (state <> 'idle' OR state_change > clock_timestamp() - interval '3 seconds')"
            )
            return cursor.fetchone()[0] == 0

    wait_until(is_quiet, 120)


def test_r05_redis_restarted_five_times(stage_with_own_redis, record_property):
    stage = stage_with_own_redis
    worker = stage.worker()
    took = []
    with stage.ticking(SWEEP):
        wait_until(lambda: Heartbeat.objects.filter(name=SWEEP).exists(), 180)
        for _restart in range(5):
            stage.redis.kill()
            at_rest()
            # For as long as nothing sweeps, the answer is that of the last sweep, whatever the worker says of itself.
            last = timezone.now() - dt.timedelta(minutes=16)
            Heartbeat.objects.filter(name=SWEEP).update(beat_at=last)
            assert health.sweep_is_recent(timezone.now()).state == "warn"
            stage.redis.start()
            took.append(wait_until(lambda last=last: Heartbeat.objects.get(name=SWEEP).beat_at > last, 180))
            assert health.sweep_is_recent(timezone.now()).state == "ok"
    record_property("consumed again after seconds", [round(seconds, 1) for seconds in took])
    assert worker.process.poll() is None
