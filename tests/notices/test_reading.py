"""The inbox: whose desks, what is read, counted once."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from portal.accounts.backends import JobNumberBackend
from portal.accounts.desks import desks_held, role_desk
from portal.accounts.enums import Role
from portal.accounts.models import Appointment, Person
from portal.notices.forms import InboxFilterForm
from portal.notices.models import Notice, Reading
from portal.notices.operations.reading import read_all_notices, read_notice
from portal.notices.queries import desks_of, digest_readers, holders_of, notices_for, unread_count
from tests import times
from tests.factories.people import make_appointment, make_officer, make_person, make_unit
from tests.notices.kinds import NOW, tell
from tests.signing import signed_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def fresh(person):
    return Person.objects.get(pk=person.pk)


def seen_by(person):
    return [
        (notice.facts.get("thing"), bool(notice.is_read))
        for notice in notices_for(fresh(person)).order_by("-at", "-id")
    ]


def test_desks_are_those_held_now():
    officer = make_officer(Role.HANDLER)
    make_appointment(officer, Role.UNION_OFFICER, until=NOW - DAY)
    assert desks_of(fresh(officer)) == desks_held(officer, NOW)


def test_a_role_brings_its_notices_and_takes_them_away():
    unit = make_unit()
    officer = make_officer(Role.HANDLER, unit)
    tell(officer, desks=[role_desk(Role.HANDLER, unit), role_desk(Role.LEADER_IN_CHARGE, unit)], thing="x")
    assert seen_by(officer) == [("x", False), ("x", False)]
    Appointment.objects.update(until=NOW)
    assert seen_by(officer) == [("x", False)]


def test_reading_one_reads_one():
    person, other = make_person(), make_person()
    tell(person, other, key="a", thing="x")
    tell(person, key="b", thing="y", at=NOW + DAY)
    notice = Notice.objects.get(desk=f"person:{person.pk}", key__startswith="a")
    for _turn in range(2):
        read_notice(notice_id=notice.pk, actor=fresh(person))
    assert seen_by(person) == [("y", False), ("x", True)]
    assert seen_by(other) == [("x", False)]
    assert Reading.objects.count() == 1
    with pytest.raises(Notice.DoesNotExist):
        read_notice(notice_id=notice.pk, actor=fresh(other))


def test_reading_all_stops_at_its_moment_and_never_goes_back():
    person = make_person()
    tell(person, key="a", thing="x")
    tell(person, key="b", thing="y", at=NOW + DAY)
    read_notice(notice_id=Notice.objects.get(key__startswith="a").pk, actor=fresh(person))
    read_all_notices(actor=person, until=NOW)
    assert seen_by(person) == [("y", False), ("x", True)]
    assert not Reading.objects.exists()
    read_all_notices(actor=person, until=NOW + DAY)
    read_all_notices(actor=person, until=NOW - DAY)
    assert seen_by(person) == [("y", True), ("x", True)]


@pytest.mark.parametrize("count", [1, 3])
def test_counting_takes_one_query_beside_the_authority(count, django_assert_num_queries):
    person = make_officer(Role.HANDLER)
    for number in range(count):
        tell(person, key=f"k{number}")
    person = fresh(person)
    desks_of(person)
    with django_assert_num_queries(1):
        assert unread_count(person) == count
    assert unread_count(person, at=NOW - DAY) == 0


def of_a_request(person):
    """Return the person as a request has it."""
    return JobNumberBackend().get_user(person.pk)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_own_desk_is_counted_with_the_person(count, django_assert_num_queries):
    person, other = make_person(), make_person()
    tell(other, key="theirs")
    for number in range(count + 2):
        tell(person, key=f"k{number}", at=NOW + number * DAY)
    read_all_notices(actor=person, until=NOW)
    read_notice(notice_id=Notice.objects.get(key__startswith="k1").pk, actor=fresh(person))
    with django_assert_num_queries(1):
        assert unread_count(of_a_request(person)) == count
    assert unread_count(fresh(person)) == count
    # As of a moment it is counted anew.
    assert unread_count(of_a_request(person), at=NOW + 2 * DAY) == min(count, 1)


def test_who_holds_a_role_counts_its_desk_too(django_assert_num_queries):
    officer, unit = make_person(), make_unit()
    tell(officer, desks=[f"person:{officer.pk}", role_desk(Role.HANDLER, unit)], key="a")
    assert unread_count(of_a_request(officer)) == 1
    make_appointment(officer, Role.HANDLER, unit)
    with django_assert_num_queries(2):
        assert unread_count(of_a_request(officer)) == 2
    Appointment.objects.update(until=NOW - DAY)
    assert unread_count(of_a_request(officer)) == 1


def test_reading_changes_the_badge_of_the_next_page(client):
    person = make_person()
    tell(person, key="a")
    tell(person, key="b")
    signed_in(client, person)
    shown = []
    for key in ("a", "b"):
        shown.append(badge_of(client))
        client.post(reverse("notices:open", args=[Notice.objects.get(key__startswith=key).pk]))
    assert [*shown, badge_of(client)] == ["2", "1", None]


def badge_of(client):
    found = re.search(
        r'class="dot"><span aria-hidden="true">(\d+)<', client.get(reverse("accounts:me")).content.decode()
    )
    return found and found[1]


def test_counting_stops_at_a_hundred():
    person = make_person()
    for number in range(101):
        tell(person, key=f"k{number}")
    assert unread_count(fresh(person)) == unread_count(of_a_request(person)) == 100


def test_holders_by_two_queries(django_assert_num_queries):
    unit, other = make_unit(), make_unit(parent=make_unit())
    one, two = make_officer(Role.HANDLER, unit), make_officer(Role.HANDLER, unit)
    make_officer(Role.HANDLER, other)
    gone = make_officer(Role.HANDLER, unit, is_active=False)
    desks = [role_desk(Role.HANDLER, unit), f"person:{two.pk}", f"person:{gone.pk}", role_desk(Role.AUDITOR, unit)]
    with django_assert_num_queries(2):
        held = holders_of(desks, NOW)
    assert {desk: sorted(p.pk for p in people) for desk, people in held.items()} == {
        desks[0]: sorted([one.pk, two.pk]),
        desks[1]: [two.pk],
        desks[2]: [],
        desks[3]: [],
    }


def test_digests_are_for_those_with_mail_and_news():
    person = make_person(email="a@example.com")
    make_person(email="b@example.com")
    tell(person, make_person(), make_person(email="c@example.com", wants_mail=False), key="a")
    assert digest_readers(NOW + DAY) == [person]
    assert digest_readers(NOW + 7 * DAY) == []
    read_all_notices(actor=person, until=NOW)
    assert digest_readers(NOW + DAY) == []


# The page ---------------------------------------------------------------------------------------------------


def listed(client, **query):
    response = client.get(reverse("notices:inbox"), query)
    assert response.status_code == 200
    return [row["text"] for row in response.context["rows"]]


def test_the_inbox_lists_and_filters(client):
    person = make_person()
    tell(person, key="a", thing="x")
    tell(person, key="b", kind="test.secret", thing="y", at=NOW + DAY)
    read_notice(notice_id=Notice.objects.get(kind="test.secret").pk, actor=person)
    signed_in(client, person)
    assert listed(client) == ["SECRET-TITLE y", "told of x"]
    assert listed(client, show="unread") == ["told of x"]
    assert listed(client, kind="test.told") == ["told of x"]
    assert listed(client, kind="nonsense", show="nonsense", after="xx") == ["SECRET-TITLE y", "told of x"]


def test_the_inbox_goes_on_by_key_and_costs_the_same(client):
    person = make_person()
    signed_in(client, person)
    counts = []
    for number in range(26):
        tell(person, key=f"k{number}", thing=f"t{number}", at=NOW + number * dt.timedelta(seconds=1))
        if number in (0, 2):
            with CaptureQueriesContext(connection) as captured:
                listed(client)
            counts.append(len(captured))
    assert counts[0] == counts[1]
    response = client.get(reverse("notices:inbox"))
    assert len(response.context["rows"]) == 25
    assert listed(client, after=response.context["page"].next_token) == ["told of t0"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_kinds_that_are_called_alike_are_one_choice(client, language):
    person = make_person()
    tell(person, kind="test.told_too", thing="z", key="a")
    tell(person, thing="x", key="b", at=NOW + DAY)
    tell(person, kind="test.secret", thing="y", key="c")
    signed_in(client, person)
    assert listed(client, kind="test.told") == ["told of x", "also told of z"]
    with translation.override(language):
        labels = [str(label) for _code, label in InboxFilterForm().fields["kind"].choices]
    assert sorted(labels) == sorted(set(labels))


def test_opening_marks_and_leads_to_the_thing(client):
    person = make_person()
    tell(person)
    signed_in(client, person)
    notice = Notice.objects.get()
    assert client.get(reverse("notices:open", args=[notice.pk])).status_code == 405
    assert not Reading.objects.exists()
    response = client.post(reverse("notices:open", args=[notice.pk]))
    assert (response.status_code, response.url) == (302, "/test/1/")
    assert seen_by(person) == [(None, True)]


def test_a_strangers_notice_is_not_found(client):
    tell(make_person())
    signed_in(client, make_person())
    assert client.post(reverse("notices:open", args=[Notice.objects.get().pk])).status_code == 404
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    ("until", "left"),
    [(NOW.isoformat(), 1), ("nonsense", 0), ("", 0), ("9999-12-31T00:00:00+00:00", 0), ("2026-11-20", 0)],
)
def test_marking_all_as_read_takes_what_was_shown(client, until, left):
    person = make_person()
    tell(person, key="a")
    tell(person, key="b", at=NOW + DAY)
    with times.at(NOW + 2 * DAY):
        signed_in(client, person)
        client.post(reverse("notices:read_all"), {"until": until})
    assert unread_count(fresh(person)) == left


def test_visitors_are_sent_to_sign_in(client):
    for name in ("inbox", "outbox", "bots", "add_bot"):
        assert client.get(reverse(f"notices:{name}")).status_code == 302
