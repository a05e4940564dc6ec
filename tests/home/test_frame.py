"""The frame around a page is drawn once for all who see it alike, and holds nothing of whoever saw it first."""

import datetime as dt
import re
import subprocess
import sys
from collections import OrderedDict

import pytest
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from portal.accounts.enums import DeviceKind, Role
from portal.home.context import MARKS
from portal.kernel import keeping
from portal.notices.models import Notice
from tests.factories.people import make_appointment, make_person, make_unit
from tests.signing import signed_in


@pytest.fixture
def unit(db):
    return make_unit(code="LJ", name="裂解车间", parent=make_unit())


@pytest.fixture(autouse=True)
def nothing_kept():
    keeping.forget()


def kept_text():
    return "".join("".join(value) for shelf in (keeping._parts, keeping._brief) for value, _size in shelf.values())


def shown(client, person, address="/help/"):
    signed_in(client, person)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_two_people_share_the_drawing_and_nothing_else(client, unit):
    other_unit = make_unit(code="CB", name="储备库", parent=unit.parent)
    first, second = make_person(name="王海燕", unit=unit), make_person(name="刘振东", unit=other_unit)
    one = shown(client, first)
    kept = len(keeping._brief)
    two = shown(client, second)
    assert len(keeping._brief) == kept > 0
    assert ("王海燕" in one, "裂解车间" in one, "刘振东" in one) == (True, True, False)
    assert ("刘振东" in two, "储备库" in two, "王海燕" in two, "裂解车间" in two) == (True, True, False, False)
    tokens = [set(re.findall(r'name="csrfmiddlewaretoken" value="([A-Za-z0-9]{64})"', page)) for page in (one, two)]
    assert all(tokens)
    assert not tokens[0] & tokens[1]
    for mark in MARKS.values():
        assert mark not in one + two
    assert not any(word in kept_text() for word in ("王海燕", "刘振东", "裂解车间", "储备库"))


def test_what_waits_for_one_is_counted_for_nobody_else(client, unit):
    first, second = make_person(unit=unit), make_person(unit=unit)
    for number in range(7):
        Notice.objects.create(
            key=f"frame:{number}",
            desk=f"person:{first.pk}",
            kind="accounts.role_granted",
            subject=f"accounts.person:{first.pk}",
            at=timezone.now(),
        )
    unread = "7条未读"
    assert [unread in shown(client, person) for person in (first, second, first)] == [True, False, True]


def test_a_kiosk_gives_its_mark_to_nobody(client, unit):
    kiosk, desk = make_person(unit=unit), make_person(unit=unit)
    signed_in(client, kiosk, kind=DeviceKind.KIOSK)
    at_kiosk = client.get("/help/").content.decode()
    kept = len(keeping._brief)
    at_desk = shown(client, desk)
    assert ("data-kiosk" in at_kiosk, "data-kiosk" in at_desk) == (True, False)
    assert len(keeping._brief) == kept
    assert "kiosk" not in kept_text()


def test_what_was_said_to_one_is_said_to_nobody_else(client, unit):
    first, second = make_person(unit=unit), make_person(unit=unit)
    request = RequestFactory().get("/")
    said = CookieStorage(request)._encode([Message(25, "只对一个人说的话")])
    signed_in(client, first)
    client.cookies["messages"] = said
    pages = [client.get("/help/").content.decode(), shown(client, second)]
    client.logout()
    client.cookies["messages"] = said
    public = reverse("feedback:public_list")
    pages += [client.get(public).content.decode(), Client().get(public).content.decode()]
    assert ["只对一个人说的话" in page for page in pages] == [True, False, True, False]
    assert "只对一个人说的话" not in kept_text()


def test_an_anonymous_page_is_nobodys_whoever_was_here_before(client, unit):
    person = make_person(name="王海燕", unit=unit)
    own = shown(client, person)
    answer = client.get(reverse("feedback:write_anonymous"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not answer.cookies
    assert not any(word in page for word in ("王海燕", "裂解车间", "退出", "条未读"))
    tokens = [set(re.findall(r'name="csrfmiddlewaretoken" value="([A-Za-z0-9]{64})"', text)) for text in (own, page)]
    assert not tokens[0] & tokens[1]
    assert "王海燕" in shown(client, person)


def test_a_name_is_text_and_never_markup(client, unit):
    page = shown(client, make_person(name="<b>海</b>", unit=unit))
    assert "&lt;b&gt;海&lt;/b&gt;" in page
    assert "<b>海</b>" not in page


def test_each_page_leads_back_to_itself(client, unit):
    person = make_person(unit=unit)
    pages = [shown(client, person, address) for address in ("/privacy/", "/privacy/?a=1&b=%22")]
    found = [re.search(r'name="next" value="([^"]*)"', page)[1] for page in pages]
    assert found == ["/privacy/", "/privacy/?a=1&amp;b=%22"]


def test_a_role_shows_on_the_next_page_and_its_end_on_the_one_after(client, unit):
    person = make_person(unit=unit)
    assert "/desk/triage/" not in shown(client, person)
    appointment = make_appointment(person=person, role=Role.UNION_OFFICER, unit=unit)
    assert "/desk/triage/" in client.get("/help/").content.decode()
    appointment.until = appointment.since + dt.timedelta(days=1)
    appointment.save()
    assert "/desk/triage/" not in client.get("/help/").content.decode()


def test_each_language_and_type_size_has_its_own(client, unit):
    person = make_person(unit=unit)
    chinese = shown(client, person)
    client.cookies["portal_language"] = "en"
    english = client.get("/help/").content.decode()
    client.cookies["portal_elder"] = "1"
    elder = client.get("/help/").content.decode()
    assert ("退出" in chinese, "Sign out" in chinese) == (True, False)
    assert ("退出" in english, "Sign out" in english) == (False, True)
    assert ("Large type" in english, "Standard type" in elder) == (True, True)


def test_kept_parts_take_a_bounded_place(monkeypatch):
    made = []

    def make(text):
        made.append(text)
        return text

    size = sys.getsizeof("x" * 1000)
    monkeypatch.setattr(keeping._parts, "most_bytes", 10 * size)
    for number in range(11):
        keeping.kept_part(("part", number), lambda: make("x" * 1000))
    assert (len(keeping._parts), keeping._parts.held, len(made)) == (10, 10 * size, 11)
    assert keeping.kept_part(("part", 1), lambda: make("again")) == "x" * 1000
    assert keeping.kept_part(("part", 0), lambda: make("again")) == "again"
    assert keeping._parts.held <= 10 * size
    long = "厂" * keeping.LONGEST_PART
    made.clear()
    for _time in range(2):
        assert keeping.kept_part("long", lambda: make(long)) == long
    assert len(made) == 2


def test_of_a_key_only_a_digest_is_kept():
    keeping.kept_part(("filter", "某人打的字" * 10_000), lambda: "part")
    assert [len(key) for key in keeping._parts] == [32]


def test_keys_that_python_takes_for_equal_are_two():
    assert [keeping.kept_part(("badge", key), lambda key=key: repr(key)) for key in (1, True, 1.0)] == [
        "1",
        "True",
        "1.0",
    ]


def test_what_is_remembered_grows_old_and_stays_small(monkeypatch):
    monkeypatch.setattr(settings, "TEST", False)
    monkeypatch.setattr(keeping, "_remembered", OrderedDict())
    clock, loaded = [100.0], []
    monkeypatch.setattr(keeping.time, "monotonic", lambda: clock[0])

    def load():
        loaded.append(clock[0])
        return len(loaded)

    assert [keeping.remembered("a", load, seconds=15) for _time in range(2)] == [1, 1]
    clock[0] += 16
    assert keeping.remembered("a", load, seconds=15) == 2
    for number in range(keeping.MOST_REMEMBERED + 5):
        keeping.remembered(number, load, seconds=15)
    assert len(keeping._remembered) == keeping.MOST_REMEMBERED


def test_nothing_is_drawn_or_read_with_the_lock_held():
    lock = keeping._parts._lock
    keeping.kept_part("outer", lambda: keeping.kept_part("inner", lambda: "" if lock.locked() else "free"))
    assert "free" in kept_text()


def test_a_worker_has_its_views_before_its_first_request():
    probe = "import sys, portal.wsgi; sys.exit('feedback.views.triage' not in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], cwd=settings.BASE_DIR, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
