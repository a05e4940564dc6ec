"""How often anybody may do something: counted alike in every cache, and not at all while it is away."""

import datetime as dt

import pytest
from django.core.cache.backends.locmem import LocMemCache

from portal.kernel import caching, rates
from portal.kernel.caching import PatientRedisCache
from portal.kernel.rates import RATES, Rate, wait_for

AT = dt.datetime(2026, 3, 9, 1, 30, 15, tzinfo=dt.UTC)
OPTIONS = {"OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1}}


@pytest.fixture(autouse=True)
def limited(monkeypatch):
    monkeypatch.setitem(RATES, "tests", Rate(most=2, seconds=60))
    monkeypatch.setitem(caching._server, "away_until", 0.0)


def _waits():
    asked = [wait_for("tests", who, at=AT) for who in ("one", "one", "other", "one", "other")]
    return asked, wait_for("tests", "one", at=AT + dt.timedelta(seconds=45))


def test_two_a_minute_in_the_memory_of_a_process(monkeypatch):
    cache = LocMemCache("rates", {})
    cache.clear()
    monkeypatch.setattr(rates, "cache", cache)
    assert _waits() == ([0, 0, 0, 45, 0], 0)


@pytest.mark.services
def test_two_a_minute_in_redis(monkeypatch, redis, redis_url):
    cache = PatientRedisCache(redis_url, dict(OPTIONS))
    monkeypatch.setattr(rates, "cache", cache)
    assert _waits() == ([0, 0, 0, 45, 0], 0)
    keys = redis.keys("*rate:*")
    assert len(keys) == 3
    # Nobody is counted for longer than the window that was asked about.
    assert all(0 < redis.ttl(key) <= 60 for key in keys)


def test_a_server_that_is_away_counts_nothing(monkeypatch):
    monkeypatch.setattr(rates, "cache", PatientRedisCache("redis://127.0.0.1:1/0", dict(OPTIONS)))
    assert _waits() == ([0, 0, 0, 0, 0], 0)
