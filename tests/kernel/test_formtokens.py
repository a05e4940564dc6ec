"""The token of forms is one that Django takes."""

from collections import Counter

from django.middleware.csrf import _does_token_match, get_token
from django.test import RequestFactory

from portal.kernel.formtokens import form_token, letters


def test_token_is_taken_as_one_of_djangos_own():
    request = RequestFactory().get("/")
    tokens = [form_token(request) for _time in range(50)]
    secret = request.META["CSRF_COOKIE"]
    assert [_does_token_match(token, secret) for token in (*tokens, get_token(request))] == [True] * 51
    assert (len(set(tokens)), len(secret), request.META["CSRF_COOKIE_NEEDS_UPDATE"]) == (50, 32, True)
    assert not _does_token_match(form_token(RequestFactory().get("/")), secret)


def test_secret_of_the_browser_stays():
    request = RequestFactory().get("/")
    request.META["CSRF_COOKIE"] = "a" * 32
    assert (_does_token_match(form_token(request), "a" * 32), request.META["CSRF_COOKIE"]) == (True, "a" * 32)


def test_letters_are_as_many_and_as_likely_as_they_should_be():
    drawn = letters(62_000)
    counts = Counter(drawn)
    # 1,000 of each on average; seven deviations of 31 either way happen once in ten million letters.
    assert (len(drawn), len(counts)) == (62_000, 62)
    assert 1000 - 7 * 32 < min(counts.values()) <= max(counts.values()) < 1000 + 7 * 32
