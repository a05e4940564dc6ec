"""R11: Celery is off for good. Everything works; ``manage.py runperiodic`` sees to the reminders."""

import datetime as dt
import uuid

import pytest
from celery import current_app
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from feedback.enums import InquiryState
from feedback.models import Inquiry
from portal.deadlines.clock import clock_of
from portal.deadlines.models import Step
from portal.home import health
from portal.kernel.days import local_day
from portal.notices.models import Dispatch, Notice
from tests.factories.cards import REPLY_TEXT, make_inquiry, make_plant
from tests.faults.people import card_form, session_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def no_celery():
    """Messages go to a queue that nobody reads."""
    conf = current_app.conf
    was, conf.task_always_eager = conf.task_always_eager, False
    yield
    conf.task_always_eager = was


def test_r11_journey_and_reminders_without_celery(no_celery, client, make_due):
    plant = make_plant()
    now = timezone.now()
    for person, address in ((plant.worker, "worker@plant.test"), (plant.chair, "chair@plant.test")):
        person.email, person.wants_mail = address, False  # urgent notices, no digest
        person.save()

    def press(person, path, data):
        client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person)
        response = client.post(path, data)
        assert response.status_code == 302, response.content.decode()
        return response.url

    # The journey, from pen to rating.
    receipt = press(plant.worker, "/cards/new/", card_form(plant.shop.code))
    card = Inquiry.objects.get()
    assert receipt == f"/cards/{card.number}/receipt/"
    desk = f"/desk/{card.number}/"
    texts = {"public_subject": card.subject, "public_body": card.body, "public_suggestion": card.suggestion}
    press(plant.officer, f"{desk}register/", {**texts, "is_published": "on", "lead_unit": plant.logistics.code})
    reply = {"act": "send", "text": REPLY_TEXT, "outcome": "A"}
    press(plant.handler, f"{desk}reply/", reply)
    press(plant.head, f"{desk}approve/", {})
    today = local_day(now).isoformat()
    press(plant.officer, f"{desk}deliver/", {"channel": "portal", "delivered_on": today})
    press(plant.worker, f"/cards/{card.number}/", {"act": "rate", "level": 4, "comment": ""})
    card.refresh_from_db()
    assert (card.state, card.rating, card.was_in_time) == (InquiryState.CLOSED, 4, True)
    assert (Step.objects.count(), Dispatch.objects.count(), mail.outbox) == (0, 0, [])

    # The public clock is right all along, though nothing has swept.
    late = make_inquiry(plant, state="assigned", at=now - dt.timedelta(days=40), idempotency_key=uuid.uuid4())
    client.cookies.clear()
    page = client.get(f"/inquiries/{late.number}/").content.decode()
    assert clock_of(late.promise, now).sentence in page
    assert clock_of(late.promise, now).is_late
    assert health.sweep_is_recent(timezone.now()).state == "warn"

    # Cron does the rest, as often as it likes.
    due = make_due(3)
    for _ in range(2):
        call_command("runperiodic", verbosity=0)
    assert health.sweep_is_recent(timezone.now()).state == "ok"
    assert set(Step.objects.values_list("promise_id", flat=True)) >= {late.promise_id, *(one.pk for one in due)}
    keys = list(Notice.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))
    sent = [address for message in mail.outbox for address in message.to]
    assert sent.count("worker@plant.test") == 1  # "your card has been answered"
    assert sent.count("chair@plant.test") == 4  # one for each card a week late
    assert len(sent) == 5
