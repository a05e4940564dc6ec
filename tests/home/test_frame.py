"""The frame around a page is drawn once for all who see it alike, and holds nothing of whoever saw it first."""

import datetime as dt
import re

import pytest

from portal.accounts.enums import Role
from portal.home.context import MARKS
from portal.kernel import keeping
from tests.factories.people import make_appointment, make_person, make_unit
from tests.signing import signed_in


@pytest.fixture
def unit(db):
    return make_unit(code="LJ", name="裂解车间", parent=make_unit())


@pytest.fixture(autouse=True)
def nothing_kept():
    keeping._parts.clear()


def shown(client, person, address="/help/"):
    signed_in(client, person)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_two_people_share_the_drawing_and_nothing_else(client, unit):
    other_unit = make_unit(code="CB", name="储备库", parent=unit.parent)
    first, second = make_person(name="王海燕", unit=unit), make_person(name="刘振东", unit=other_unit)
    one = shown(client, first)
    kept = len(keeping._parts)
    two = shown(client, second)
    assert len(keeping._parts) == kept > 0
    assert ("王海燕" in one, "裂解车间" in one, "刘振东" in one) == (True, True, False)
    assert ("刘振东" in two, "储备库" in two, "王海燕" in two, "裂解车间" in two) == (True, True, False, False)
    tokens = [set(re.findall(r'name="csrfmiddlewaretoken" value="([A-Za-z0-9]{64})"', page)) for page in (one, two)]
    assert all(tokens)
    assert not tokens[0] & tokens[1]
    for mark in MARKS.values():
        assert mark not in one + two
    for parts in keeping._parts.values():
        assert not any(word in "".join(parts) for word in ("王海燕", "刘振东", "裂解车间", "储备库"))


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


def test_kept_parts_are_few_and_short():
    made = []

    def make(text):
        made.append(text)
        return text

    for number in range(keeping.MOST_PARTS + 1):
        keeping.kept_part(("part", number), lambda number=number: make(str(number)))
    assert len(keeping._parts) == keeping.MOST_PARTS
    assert keeping.kept_part(("part", 1), lambda: make("again")) == "1"
    assert keeping.kept_part(("part", 0), lambda: make("again")) == "again"
    long = "x" * (keeping.LONGEST_PART + 1)
    made.clear()
    for _time in range(2):
        assert keeping.kept_part("long", lambda: make(long)) == long
    assert len(made) == 2
