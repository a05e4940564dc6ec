"""Signing in: the way in, the ways it is refused, and what is never told."""

import datetime as dt
from unittest import mock

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.urls import reverse

from portal.accounts.enums import DeviceKind
from portal.accounts.models import Device, SignInTry
from portal.accounts.operations.signing import LONGEST_WAIT, claim_try, forget_tries, tidy
from tests import times
from tests.factories.people import SECRET, make_person

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
PHONE = "Mozilla/5.0 (Linux; Android 12; V2055A) AppleWebKit/537.36 Chrome/110.0 Mobile Safari/537.36"


def sign_in(client, job_no, password=SECRET, **data):
    return client.post(reverse("accounts:sign_in"), {"job_no": job_no, "password": password, **data})


def said(response):
    return [str(error) for error in response.context["form"].non_field_errors()]


def test_sign_in_with_right_secret_leads_home_and_notes_the_day_only(client):
    person = make_person(secret=True)
    with times.at(NOON + dt.timedelta(minutes=17, seconds=3)):
        response = sign_in(client, person.job_no)
    assert response.status_code == 302
    assert response.url == reverse("home:home")
    person.refresh_from_db()
    assert person.last_login == dt.datetime(2026, 11, 22, 16, 0, tzinfo=dt.UTC)
    device = Device.objects.get()
    assert (device.person, device.kind, device.signed_in_on) == (person, DeviceKind.DESKTOP, dt.date(2026, 11, 23))
    row = Session.objects.get()
    assert row.expire_date.astimezone(dt.timezone(dt.timedelta(hours=8))).time() == dt.time()
    assert not SignInTry.objects.exists()


@pytest.mark.parametrize("typed", ["a00123", " A00 123 ", "Ａ００１２３", "a-00123"])
def test_sign_in_reads_a_job_number_however_it_is_typed(client, typed):
    make_person(job_no="A00123", secret=True)
    assert sign_in(client, typed).status_code == 302


def test_sign_in_with_a_mistake_keeps_the_job_number_and_says_one_neutral_thing(client):
    person = make_person(secret=True)
    response = sign_in(client, person.job_no, "wrong-one")
    assert response.status_code == 422
    assert person.job_no in response.content.decode()
    assert "wrong-one" not in response.content.decode()
    assert "_auth_user_id" not in client.session


def hash_calls(act):
    """Count the hashes computed during an act."""
    with mock.patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode) as encode:
        response = act()
    return encode.call_count, response


@pytest.mark.parametrize("kind", ["unknown", "wrong", "left", "no slip yet"])
def test_s08_every_refusal_looks_alike_and_costs_one_hash(client, kind):
    known = {
        "wrong": {"secret": "another-secret-77"},
        "left": {"secret": True, "is_active": False},
        "no slip yet": {},
    }
    if kind in known:
        make_person(job_no="008877", **known[kind])
    make_person(job_no="009999", secret="another-secret-77")
    calls, response = hash_calls(lambda: sign_in(client, "008877"))
    client.cookies.clear()
    reference_calls, reference = hash_calls(lambda: sign_in(client, "009999"))
    assert (calls, response.status_code, said(response)) == (reference_calls, reference.status_code, said(reference))
    assert calls == 1
    assert response.content.decode().replace("008877", "").count("\n") == reference.content.decode().replace(
        "009999", ""
    ).count("\n")


def test_s08_the_wait_is_the_same_for_known_and_unknown_numbers(client):
    make_person(job_no="000001", secret=True)
    with times.at(NOON):
        for job_no in ("000001", "000002"):
            sign_in(client, job_no, "wrong-one")
        answers = [
            hash_calls(lambda job_no=job_no: sign_in(client, job_no, "wrong-one")) for job_no in ("000001", "000002")
        ]
    assert [(calls, response.status_code, said(response)) for calls, response in answers] == [
        (0, 429, said(answers[0][1]))
    ] * 2
    assert answers[0][1].headers["Retry-After"] == "1"


def test_wait_doubles_from_one_second_to_a_minute():
    at, waits = NOON, []
    for _round in range(9):
        assert claim_try(job_no="7", address="10.0.0.9", at=at) == 0
        wait = claim_try(job_no="7", address="10.0.0.9", at=at)
        waits.append(wait)
        assert claim_try(job_no="7", address="10.0.0.9", at=at + dt.timedelta(seconds=wait, microseconds=-1)) == 1
        at += dt.timedelta(seconds=wait)
    assert waits == [1, 2, 4, 8, 16, 32, LONGEST_WAIT, LONGEST_WAIT, LONGEST_WAIT]


def test_wait_belongs_to_account_and_address_never_to_one_alone():
    claim_try(job_no="7", address="10.0.0.9", at=NOON)
    assert claim_try(job_no="7", address="10.0.0.9", at=NOON) == 1
    assert claim_try(job_no="8", address="10.0.0.9", at=NOON) == 0
    assert claim_try(job_no="7", address="10.0.0.8", at=NOON) == 0


def test_tries_hold_neither_number_nor_address_and_go_after_a_day():
    claim_try(job_no="A700", address="10.11.12.13", at=NOON)
    row = SignInTry.objects.get()
    assert "A700" not in row.key and "10.11" not in row.key
    tidy(at=NOON + dt.timedelta(days=1))
    assert SignInTry.objects.count() == 1
    tidy(at=NOON + dt.timedelta(days=1, microseconds=1))
    assert SignInTry.objects.count() == 0


def test_right_secret_forgets_the_tries():
    claim_try(job_no="7", address="10.0.0.9", at=NOON)
    forget_tries(job_no="7", address="10.0.0.9")
    assert not SignInTry.objects.exists()


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "\x00/me",
        "evil",
    ],
)
def test_s09_next_never_leads_out_of_the_portal(client, target):
    person = make_person(secret=True)
    assert sign_in(client, person.job_no, next=target).url == reverse("home:home")


def test_next_leads_back_into_the_portal(client):
    person = make_person(secret=True)
    assert sign_in(client, person.job_no, next="/people/me/?tab=1").url == "/people/me/?tab=1"


def test_busy_hour_asks_to_come_back_and_keeps_the_number(client):
    person = make_person(secret=True)
    with mock.patch("portal.accounts.views.sign_in.SLOTS.acquire", return_value=False):
        response = sign_in(client, person.job_no)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert person.job_no in response.content.decode()
    assert not SignInTry.objects.exists()


@pytest.mark.parametrize("job_no", ["\x00", "\ud800", "9" * 500, "{{7*7}}", "'; --", "٣٣٣", ""])
def test_nasty_job_numbers_are_refused_kindly(client, job_no):
    response = client.post(
        reverse("accounts:sign_in"), {"job_no": job_no.encode("utf-8", "surrogatepass"), "password": "x\x00"}
    )
    assert response.status_code == 422


def test_sign_in_renews_the_session_key(client):
    person = make_person(secret=True)
    client.get(reverse("accounts:sign_in"))
    client.session["planted"] = 1
    before = client.session.session_key
    sign_in(client, person.job_no)
    assert client.session.session_key != before


def test_phone_stays_fourteen_days_kiosk_a_minute(client):
    person = make_person(secret=True)
    client.post(
        reverse("accounts:sign_in"), {"job_no": person.job_no, "password": SECRET}, headers={"user-agent": PHONE}
    )
    assert client.session["device"] == "phone"
    assert client.cookies["portal_session"]["max-age"] == 14 * 24 * 3600
    assert Device.objects.get().label == "Chrome · Android"
