"""A Redis cache that makes pages slower when its server is away, and never breaks them."""

import logging
import time

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
SILENCE = 5  # seconds for which a process does not ask again at a server that was away

_server = {"away_until": 0.0}


class _Counting(RedisCache):
    def count(self, key, seconds, version=None):
        """Count one under a key that goes after so many seconds: one question instead of Django's three."""
        key = self.make_and_validate_key(key, version=version)
        # Each is atomic and says the same whoever asks in between, so that they need not be held together.
        both = self._cache.get_client(key, write=True).pipeline(transaction=False)
        return both.set(key, 0, ex=seconds, nx=True).incr(key).execute()[-1]


def _or(nothing):
    """Return a decorator by which a method answers ``nothing`` instead of failing; ``nothing`` gets its arguments."""

    def decorate(name):
        real = getattr(_Counting, name)

        def method(self, *args, **kwargs):
            if time.monotonic() < _server["away_until"]:
                return nothing(*args, **kwargs)
            try:
                return real(self, *args, **kwargs)
            except RedisError as error:
                _server["away_until"] = time.monotonic() + SILENCE
                logger.warning("The cache is away (%s)", type(error).__name__)
                return nothing(*args, **kwargs)

        method.__name__, method.__doc__ = name, real.__doc__
        return method

    return decorate


class _KeptClient(RedisCacheClient):
    """Asks through one client for each server: Django makes a new one for each question, at the price of a query."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._clients = {}

    def get_client(self, key=None, *, write=False):
        pool = self._get_connection_pool(write)
        if pool not in self._clients:
            self._clients[pool] = self._client(connection_pool=pool)
        return self._clients[pool]


class PatientRedisCache(_Counting):
    """
    Redis as a cache: what cannot be asked counts as not cached, what cannot be kept is not kept.

    Everything cached is also in the database or can be made anew, sessions
    included, so an absent Redis must never cost a reader the page.
    """

    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = _KeptClient

    get = _or(lambda key, default=None, version=None: default)("get")
    get_many = _or(lambda *args, **kwargs: {})("get_many")
    set = _or(lambda *args, **kwargs: None)("set")
    set_many = _or(lambda data, *args, **kwargs: list(data))("set_many")
    add = _or(lambda *args, **kwargs: False)("add")
    incr = _or(lambda key, delta=1, version=None: 0)("incr")
    count = _or(lambda *args, **kwargs: 0)("count")
    touch = _or(lambda *args, **kwargs: False)("touch")
    has_key = _or(lambda *args, **kwargs: False)("has_key")
    delete = _or(lambda *args, **kwargs: False)("delete")
    delete_many = _or(lambda *args, **kwargs: None)("delete_many")
