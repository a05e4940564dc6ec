"""How long a session lives, what ends it, and what is asked once more."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts import guard
from portal.accounts.enums import Role
from portal.accounts.models import Device, Person
from portal.accounts.operations.appointments import end_appointment, grant_role
from portal.accounts.operations.people import end_employment, move_person
from portal.accounts.operations.signing import end_sessions
from portal.ledger.models import Entry
from tests import times
from tests.factories.people import SECRET, make_officer, make_person, make_unit

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
PHONE = {"user-agent": "Mozilla/5.0 (Linux; Android 12) Chrome/110.0 Mobile Safari/537.36"}
ME = "/people/me/"


def is_in(client):
    return client.get(ME).status_code == 200


@pytest.fixture
def worker(company):
    return make_person(secret=True)


def test_desktop_ends_after_half_an_hour_without_a_page(signed_in, worker):
    with times.at(NOON):
        client = signed_in(worker)
    with times.before(NOON + dt.timedelta(minutes=30)):
        assert is_in(client)
    # The page just seen counts from the start of its five minutes.
    with times.before(NOON + dt.timedelta(minutes=55)):
        assert is_in(client)
    with times.at(NOON + dt.timedelta(minutes=80)):
        response = client.get(ME)
    assert (response.status_code, response.url) == (
        302,
        f"{reverse('accounts:sign_in')}?ended=idle&next=%2Fpeople%2Fme%2F",
    )
    assert not Device.objects.exists()


def test_desktop_ends_after_twelve_hours_however_busy(signed_in, worker):
    with times.at(NOON):
        client = signed_in(worker)
    for step in range(1, 36):
        with times.at(NOON + dt.timedelta(minutes=20 * step)):
            assert is_in(client)
    with times.at(NOON + dt.timedelta(hours=12, minutes=5)):
        assert client.get(ME).url.startswith(f"{reverse('accounts:sign_in')}?ended=absolute")


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("http://testserver/people/me/?a=1&b=2#top", "&next=%2Fpeople%2Fme%2F%3Fa%3D1%26b%3D2"),
        ("http://elsewhere.example/people/me/", ""),
        ("javascript:alert(1)", ""),
        (None, ""),
    ],
)
@pytest.mark.parametrize("reason", ["idle", "gone"])
def test_what_was_sent_too_late_is_said_to_be_lost_and_leads_back(signed_in, worker, reason, came_from, back):
    with times.at(NOON):
        client = signed_in(worker)
    if reason == "gone":
        client.session.flush()
    with times.at(NOON + dt.timedelta(minutes=80)):
        headers = {"referer": came_from} if came_from else {}
        response = client.post(reverse("accounts:change_secret"), {"new": "x"}, headers=headers)
        assert (response.status_code, response.url) == (
            302,
            f"{reverse('accounts:sign_in')}?ended={reason}&unsent=1{back}",
        )
        page = client.get(response.url).content.decode()
        late = client.get(f"{reverse('accounts:sign_in')}?unsent=1").content.decode()
    said = "刚才提交的内容没有送达。"
    assert (said in page, said in late) == (True, False)
    if back:
        assert 'name="next" value="/people/me/?a=1&amp;b=2"' in page


def test_phone_stays_for_fourteen_days(client, worker):
    with times.at(NOON):
        client.post(reverse("accounts:sign_in"), {"job_no": worker.job_no, "password": SECRET}, headers=PHONE)
    with times.before(NOON + dt.timedelta(days=14)):
        assert is_in(client)
    with times.after(NOON + dt.timedelta(days=14)):
        assert not is_in(client)


def test_kiosk_ends_after_a_minute_and_tells_the_browser_to_forget(signed_in, worker):
    client = signed_in(worker, is_shared="on")
    page = client.get(ME)
    assert b"data-kiosk" in page.content
    cache.clear()  # what a minute does
    response = client.get(ME)
    assert (response.status_code, response.url) == (302, reverse("accounts:signed_out"))
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(client)


def test_session_is_written_at_most_once_in_five_minutes(signed_in, worker):
    with times.at(NOON):
        client = signed_in(worker)
    with times.at(NOON + dt.timedelta(minutes=4)):
        assert client.session["seen"] == int(NOON.timestamp())
        client.get(ME)
        assert client.session["seen"] == int(NOON.timestamp())
    with times.at(NOON + dt.timedelta(minutes=5)):
        client.get(ME)
        assert client.session["seen"] == int(NOON.timestamp()) + 300


def test_no_step_ends_in_the_middle_of_a_test_that_counts_statements(signed_in, worker, monkeypatch):
    end = NOON + dt.timedelta(minutes=5)
    began = end - dt.timedelta(milliseconds=100)
    with times.at(began):
        client = signed_in(worker)
        assert is_in(client)
        monkeypatch.setattr(guard, "_floor", times.hold_step(guard, began=began))
    with times.at(end + dt.timedelta(milliseconds=100)), CaptureQueriesContext(connection) as seen:
        assert is_in(client)
    assert not [one for one in seen if one["sql"].startswith("UPDATE")]
    # A moment that a test chooses keeps the step it has in the portal.
    with times.at(began + dt.timedelta(minutes=5)), CaptureQueriesContext(connection) as seen:
        assert is_in(client)
    assert [one for one in seen if one["sql"].startswith("UPDATE")]


def test_person_costs_one_query_a_request_with_the_session_from_the_cache(signed_in, worker, django_assert_num_queries):
    client = signed_in(worker)
    with django_assert_num_queries(1):
        client.post(reverse("accounts:still_here"))


@pytest.mark.parametrize("what", ["leave", "move", "role", "end", "secret"])
def test_what_ends_sessions_does_so_at_the_next_request(what, signed_in, system_admin, security_admin, now, company):
    unit, other = make_unit(company), make_unit(company)
    person = make_officer(Role.HANDLER, unit, secret=True)
    client = signed_in(person)
    assert is_in(client)
    if what == "leave":
        end_employment(person_id=person.pk, actor=system_admin, at=now)
    elif what == "move":
        move_person(person_id=person.pk, unit_id=other.pk, actor=system_admin, at=now)
        assert person.appointments.get().until == now
    elif what == "role":
        end_appointment(appointment_id=person.appointments.get().pk, actor=security_admin, at=now)
    elif what == "end":
        end_sessions(person_id=person.pk, actor=security_admin, at=now)
    else:
        fresh = Person.objects.get(pk=person.pk)
        fresh.set_password("quite-another-7")
        fresh.save()
    assert not is_in(client)
    assert what == "secret" or not Device.objects.filter(person=person).exists()


def test_new_role_counts_at_the_next_request(signed_in, worker, security_admin, now, company):
    client = signed_in(worker)
    assert client.get(reverse("accounts:people")).status_code == 403
    grant_role(person_id=worker.pk, role=Role.UNION_OFFICER, unit_id=company.pk, actor=security_admin, at=now)
    assert client.get(reverse("accounts:people")).status_code == 200


def test_sign_out_needs_a_post_and_clears_the_browser(signed_in, worker):
    client = signed_in(worker)
    assert client.get(reverse("accounts:sign_out")).status_code == 200
    assert is_in(client)
    response = client.post(reverse("accounts:sign_out"))
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(client)
    assert not Device.objects.exists()


def test_own_devices_can_be_ended_one_by_one_and_all_together(signed_in, worker):
    first, second, third = Client(), Client(), Client()
    for client in (first, second, third):
        client.post(reverse("accounts:sign_in"), {"job_no": worker.job_no, "password": SECRET})
    key = first.session.session_key
    assert second.post(reverse("accounts:end_device", args=[Device.objects.get(session_key=key).pk])).status_code == 302
    assert (is_in(first), is_in(second), is_in(third)) == (False, True, True)
    assert second.post(reverse("accounts:end_others")).status_code == 302
    assert (is_in(second), is_in(third)) == (True, False)
    assert Device.objects.count() == 1


def test_device_of_somebody_else_is_unknown(signed_in, worker):
    other = Device.objects.create(
        person=make_person(), session_key="k", kind="phone", signed_in_on=NOON.date(), expires_on=NOON.date()
    )
    assert signed_in(worker).post(reverse("accounts:end_device", args=[other.pk])).status_code == 404
    assert Device.objects.filter(pk=other.pk).exists()


def test_first_secret_must_be_changed_before_anything_else(client, company):
    person = make_person(secret="k7mnpx3q9t", has_to_change_secret=True, has_seen_welcome=False)
    response = client.post(reverse("accounts:sign_in"), {"job_no": person.job_no, "password": "K7MNP X3Q9T"})
    assert response.url.startswith(reverse("accounts:change_secret"))
    assert client.get(ME).url == reverse("accounts:change_secret")
    refused = client.post(reverse("accounts:change_secret"), {"new": "k7mnpx3q9t", "again": "k7mnpx3q9t"})
    assert refused.status_code == 422
    for weak in ("short", person.job_no, "12345678"):
        assert client.post(reverse("accounts:change_secret"), {"new": weak, "again": weak}).status_code == 422
    response = client.post(reverse("accounts:change_secret"), {"new": "Liushui-8chang", "again": "Liushui-8chang"})
    assert response.url.startswith(reverse("accounts:welcome"))
    assert client.get(response.url).status_code == 200
    client.post(reverse("accounts:welcome"), {"size": "large"})
    person.refresh_from_db()
    assert (person.has_seen_welcome, person.is_elder_mode, person.has_to_change_secret) == (True, True, False)
    assert client.get(reverse("accounts:welcome")).status_code == 302
    assert is_in(client)
    entry = Entry.objects.get(verb="person.secret_changed")
    assert (entry.actor, entry.is_day_only) == ("", True)


def test_change_of_secret_asks_for_the_present_one_and_waits_after_wrong_ones(signed_in, worker):
    with times.at(NOON):
        client = signed_in(worker)
        data = {"old": "wrong-one", "new": "Liushui-8chang", "again": "Liushui-8chang"}
        assert client.post(reverse("accounts:change_secret"), data).status_code == 422
        assert client.post(reverse("accounts:change_secret"), data | {"old": SECRET}).status_code == 429
    with times.at(NOON + dt.timedelta(seconds=1)):
        assert client.post(reverse("accounts:change_secret"), data | {"old": SECRET}).status_code == 302
        assert is_in(client)
    worker.refresh_from_db()
    assert worker.check_password("Liushui-8chang")


def test_step_up_asks_after_ten_minutes_and_keeps_what_was_typed(signed_in, security_admin, worker, company):
    with times.at(NOON):
        client = signed_in(security_admin)
    url = reverse("accounts:grant")
    form = {"job_no": worker.job_no, "role": Role.HANDLER, "unit": company.pk, "until_on": ""}
    with times.before(NOON + dt.timedelta(minutes=10)):
        assert b"stepup_secret" not in client.get(url).content
    with times.at(NOON + dt.timedelta(minutes=10)):
        response = client.post(url, form)
        assert (response.status_code, response.templates[0].name) == (200, "accounts/step_up.html")
        assert dict(response.context["carried"]) == {name: str(value) for name, value in form.items()}
        assert not worker.appointments.exists()
        wrong = client.post(url, {**form, "stepup_secret": "wrong-one", "stepup_for": "POST"})
        assert wrong.templates[0].name == "accounts/step_up.html"
        assert client.post(url, {**form, "stepup_secret": SECRET, "stepup_for": "POST"}).status_code == 429
    assert not worker.appointments.exists()
    with times.at(NOON + dt.timedelta(minutes=10, seconds=2)):
        assert client.post(url, {**form, "stepup_secret": SECRET, "stepup_for": "POST"}).status_code == 302
    assert worker.appointments.get().role == Role.HANDLER


def test_step_up_on_opening_shows_the_form_afterwards(signed_in, security_admin):
    with times.at(NOON):
        client = signed_in(security_admin)
    with times.at(NOON + dt.timedelta(minutes=11)):
        url = reverse("accounts:grant")
        assert client.get(url).templates[0].name == "accounts/step_up.html"
        response = client.post(url, {"stepup_secret": SECRET, "stepup_for": "GET"})
    assert (response.status_code, response.templates[0].name) == (200, "accounts/act.html")
    assert not response.context["form"].is_bound


def test_own_data_holds_no_trace_of_a_card(signed_in, worker):
    client = signed_in(worker)
    assert client.get(reverse("accounts:own_data")).status_code == 200
    response = client.post(reverse("accounts:own_data"))
    assert response.headers["Content-Disposition"] == f'attachment; filename="own-data-{worker.job_no}.json"'
    data = response.json()
    assert data["person"]["job_no"] == worker.job_no
    assert {"person", "appointments", "devices"} <= set(data)
