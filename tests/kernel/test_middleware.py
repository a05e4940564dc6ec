"""What every answer says to the browser, and what an anonymous page never learns."""

import datetime as dt

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.test import override_settings
from django.urls import include, path
from django.utils import translation

from portal.kernel.anonymity import Buckets, client_address
from portal.kernel.middleware import ELDER_COOKIE_NAME, PERMISSIONS_POLICY
from tests.factories.people import make_person

MARKS = {
    "REMOTE_ADDR": "10.9.8.7",
    "HTTP_X_FORWARDED_FOR": "10.9.8.7",
    "HTTP_USER_AGENT": "Marked/1.0",
    "HTTP_REFERER": "http://testserver/marked",
    "HTTP_ACCEPT_LANGUAGE": "marked",
    "HTTP_SEC_CH_UA_PLATFORM": "marked",
}


@login_not_required
def show(request):
    request.session.get("x")
    return JsonResponse(
        {
            "meta": {key: str(value) for key, value in request.META.items()},
            "headers": dict(request.headers),
            "cookies": request.COOKIES,
            "bucket": hasattr(request, "rate_bucket"),
            "language": translation.get_language(),
            "elder": request.is_elder_mode,
            "signed_in": request.user.is_authenticated,
        }
    )


@login_not_required
def set_cookies(request):
    request.session["x"] = 1
    response = HttpResponse("set")
    response.set_cookie("mark", "1")
    return response


urlpatterns = [
    path("a/show/", show),
    path("a/set/", set_cookies),
    path("show/", show),
    path("set/", set_cookies),
    path("", include("portal.urls")),
]


@pytest.fixture(autouse=True)
def routes(db):
    with override_settings(ROOT_URLCONF="tests.kernel.test_middleware"):
        yield


def test_anonymous_page_learns_nothing_of_its_visitor(client):
    client.force_login(make_person())
    client.cookies["portal_language"] = "en"
    client.cookies[ELDER_COOKIE_NAME] = "1"
    seen = client.get("/a/show/", **MARKS).json()
    text = str(seen)
    assert "10.9.8.7" not in text and "arked" not in text
    assert seen["cookies"] == {"portal_language": "en", ELDER_COOKIE_NAME: "1"}
    assert (seen["signed_in"], seen["bucket"], seen["language"], seen["elder"]) == (False, True, "en", True)


def test_other_pages_still_know_who_asks(client):
    seen = client.get("/show/", **MARKS).json()
    assert seen["meta"]["REMOTE_ADDR"] == "10.9.8.7"
    assert seen["bucket"] is False


def test_anonymous_page_sets_no_cookie_and_is_not_kept(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/a/show/")
    assert dict(response.cookies) == {}
    response = client.get("/a/set/")
    assert dict(response.cookies) == {}
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert set(client.get("/set/").cookies) == {"mark", "portal_session"}


@pytest.mark.parametrize(
    ("site", "status"), [("same-origin", 200), ("none", 200), ("cross-site", 403), ("same-site", 403)]
)
def test_anonymous_form_sent_from_elsewhere_is_refused(client, site, status):
    client.handler.enforce_csrf_checks = True
    assert client.post("/a/show/", {"x": 1}, HTTP_SEC_FETCH_SITE=site).status_code == status


def test_form_without_a_token_is_refused_on_other_pages(client):
    client.handler.enforce_csrf_checks = True
    assert client.post("/set/", {"x": 1}).status_code == 403


def test_every_answer_carries_the_headers(client):
    headers = client.get("/show/").headers
    assert headers["Permissions-Policy"] == PERMISSIONS_POLICY
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"


def test_signed_in_pages_are_not_kept_by_the_browser(client):
    client.force_login(make_person())
    assert client.get("/show/").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("cookie", "asked", "language"),
    [(None, "en-GB,en", "zh-hans"), ("en", "zh-CN", "en"), ("xx", "en", "zh-hans"), ("zh-hans", "en", "zh-hans")],
)
def test_language_is_what_this_browser_chose_and_chinese_otherwise(client, cookie, asked, language):
    if cookie:
        client.cookies["portal_language"] = cookie
    response = client.get("/show/", HTTP_ACCEPT_LANGUAGE=asked)
    assert response.json()["language"] == language
    assert response.headers["Content-Language"] == language
    assert "Cookie" in response.headers["Vary"]


# --- addresses and buckets --------------------------------------------------------------------------------------

DAY = dt.date(2026, 3, 2)


def test_bucket_has_its_day_and_cannot_be_followed_into_the_next():
    buckets = Buckets()
    first = buckets.bucket_of("10.0.0.1", day=DAY)
    assert buckets.bucket_of("10.0.0.1", day=DAY) == first
    salt = buckets.salt
    buckets.bucket_of("10.0.0.1", day=DAY + dt.timedelta(days=1))
    assert buckets.salt != salt
    assert len(first.address) == len(first.subnet) == 2
    assert Buckets().salt == b""


def test_address_has_five_a_day_and_its_subnet_thirty():
    buckets = Buckets()
    one = buckets.bucket_of("10.0.0.1", day=DAY)
    assert [buckets.take(one, day=DAY) for _turn in range(6)] == [True] * 5 + [False]
    assert buckets.take(buckets.bucket_of("10.0.0.1", day=DAY + dt.timedelta(days=1)), day=DAY + dt.timedelta(days=1))


def test_subnet_is_used_up_by_its_addresses():
    buckets = Buckets()
    granted = 0
    for number in range(1, 60):
        granted += buckets.take(buckets.bucket_of(f"10.0.0.{number}", day=DAY), day=DAY)
    assert granted == 30


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 1, "192.0.2.1"),
        ("10.0.0.1", 1, "10.0.0.1"),
        ("6.6.6.6, 10.0.0.1", 1, "10.0.0.1"),
        ("6.6.6.6, 10.0.0.1, 10.0.0.2", 2, "10.0.0.1"),
        ("6.6.6.6", 0, "192.0.2.1"),
        ("10.0.0.1", 2, "192.0.2.1"),
    ],
)
def test_only_trusted_proxies_say_where_a_request_came_from(rf, forwarded, proxies, address):
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request, proxies) == address
