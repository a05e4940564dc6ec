"""A year of the made-up enterprise, seeded once: in every state, and no different from what the operations write."""

import datetime as dt
import json

import pytest
from django.db import transaction
from django.test import override_settings

from feedback.enums import InquiryState
from feedback.models import Inquiry, Tally
from feedback.operations.daily import recount
from portal.accounts.models import Appointment, Person, Unit
from portal.deadlines.clock import clock_of
from portal.deadlines.models import Promise
from portal.home.demo import seeding
from portal.kernel.enums import Lamp
from portal.ledger.models import Entry, Pending, Seal
from portal.ledger.registry import known_verbs

AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def enterprise(django_db_setup, django_db_blocker, tmp_path_factory):
    """Seed once for the tests that look at it; what they write is taken back, and in the end everything."""
    place = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), override_settings(DEMO=True, VAR=place):
        around = transaction.atomic()
        around.__enter__()
        assert seeding.seed(at=AT, cards=600)
        yield place
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def seeded(enterprise, db, settings):
    settings.DEMO, settings.VAR = True, enterprise
    return enterprise


def test_a_year_of_use_shows_every_state_and_every_lamp(seeded):
    assert (Unit.objects.count(), Person.objects.count()) == (35, 3000)
    assert set(Inquiry.objects.values_list("state", flat=True)) >= set(InquiryState.values) - {
        "registered",
        "submitted",
        "approved",
    }
    lamps = {clock_of(promise, AT).lamp for promise in Promise.objects.all()}
    assert lamps >= {Lamp.BLUE, Lamp.YELLOW, Lamp.RED, Lamp.GREEN, Lamp.ORANGE}
    signins = json.loads((seeded / "demo-signins.json").read_text(encoding="utf-8"))
    assert {row["role"] for row in signins} == {
        *Appointment.objects.values_list("role", flat=True).distinct(),
        "worker",
    }
    for row in signins:
        assert Person.objects.get(job_no=row["job_no"]).check_password(row["secret"])


def test_numbers_counters_and_seals_are_as_the_operations_would_leave_them(seeded):
    for year in Inquiry.objects.values_list("year", flat=True).distinct():
        serials = list(Inquiry.objects.filter(year=year).order_by("serial").values_list("serial", flat=True))
        assert serials == list(range(1, len(serials) + 1))
    assert {(t.unit_id, t.month, t.measure): t.n for t in Tally.objects.exclude(n=0)} == recount()
    assert set(Entry.objects.values_list("verb", flat=True)) <= set(known_verbs())
    today = dt.date(2026, 11, 20)
    held = Entry.objects.filter(is_day_only=True, at__gte=dt.datetime(2026, 11, 19, 16, tzinfo=dt.UTC)).count()
    assert (Pending.objects.count(), Seal.objects.count()) == (held, Entry.objects.count() - held)
    assert Inquiry.objects.filter(received_on__gt=today).count() == 0


def test_a_second_run_changes_nothing(seeded):
    before = (Person.objects.count(), Inquiry.objects.count(), Entry.objects.count())
    assert seeding.seed(at=AT, cards=50) is False
    assert (Person.objects.count(), Inquiry.objects.count(), Entry.objects.count()) == before
