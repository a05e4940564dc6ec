"""What most readers are shown alike is read once a second; whoever holds a role always reads anew (ADR 0033)."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from disclosures.models import Publication
from portal.kernel import keeping
from tests.factories.disclosures import AT, make_publication
from tests.factories.people import make_unit, same_person
from tests.signing import signed_in

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(minutes=5)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The seconds of the process, in the portal as it is in use."""
    keeping.forget()
    monkeypatch.setattr(settings, "TEST", False)
    monkeypatch.setattr(keeping, "AROUND_SECONDS", 1)
    seconds = [100.0]
    monkeypatch.setattr(keeping.time, "monotonic", lambda: seconds[0])
    yield seconds
    keeping.forget()


@pytest.fixture
def text(offices):
    return make_publication(offices, item="D01", audience="everybody", title="给大家的")


def looks(client, address):
    """Return (title is the new one, statements that asked for texts)."""
    with time_machine.travel(LATER, tick=False), CaptureQueriesContext(connection) as asked:
        page = client.get(address).content.decode()
    assert ("给大家的" in page) != ("改过的" in page)
    texts = [query for query in asked.captured_queries if "JSON" in query["sql"] and "_publication" in query["sql"]]
    return "改过的" in page, len(texts)


@pytest.mark.parametrize("place", ["list", "text"])
@pytest.mark.parametrize("who", ["visitor", "worker"])
def test_most_readers_see_a_change_after_a_second_at_most(clock, offices, text, who, place):
    address = reverse("disclosures:list") if place == "list" else reverse("disclosures:public", args=[text.number])
    client = Client() if who == "visitor" else signed_in(Client(), offices.worker)
    assert looks(client, address) == (False, 1)
    Publication.objects.filter(pk=text.pk).update(title="改过的")
    clock[0] += 0.9
    assert looks(client, address) == (False, 0)
    clock[0] += 0.2
    assert looks(client, address) == (True, 1)


@pytest.mark.parametrize("place", ["list", "text"])
def test_whoever_holds_a_role_sees_a_change_at_once(clock, offices, text, place):
    address = reverse("disclosures:list") if place == "list" else reverse("disclosures:public", args=[text.number])
    visitor, staff = Client(), signed_in(Client(), offices.handler)
    assert (looks(visitor, address), looks(staff, address)) == ((False, 1), (False, 1))
    Publication.objects.filter(pk=text.pk).update(title="改过的")
    assert (looks(visitor, address), looks(staff, address)) == ((False, 0), (True, 1))


def test_nobody_is_shown_what_another_may_read(offices, text):
    own = make_publication(offices, item="D01", audience="unit", title="本单位的")
    staff = make_publication(offices, item="D01", audience="staff", title="给职工的")
    colleague = same_person("710777", "孙小梅", offices.worker.unit)
    stranger = same_person("710778", "周远", make_unit(code="WX", name="外协车间", parent=offices.other))
    readers = {
        "visitor": (Client(), set()),
        "worker": (signed_in(Client(), offices.worker), {own.number, staff.number}),
        "colleague": (signed_in(Client(), colleague), {own.number, staff.number}),
        "stranger": (signed_in(Client(), stranger), {staff.number}),
    }
    for _time in range(2):
        for name, (client, wanted) in readers.items():
            with time_machine.travel(LATER, tick=False):
                page = client.get(reverse("disclosures:list")).content.decode()
                found = {row.number for row in (own, staff) if reverse("disclosures:public", args=[row.number]) in page}
                opened = {
                    row.number
                    for row in (own, staff)
                    if client.get(reverse("disclosures:public", args=[row.number])).status_code == 200
                }
            assert (name, found, opened) == (name, wanted, wanted)
