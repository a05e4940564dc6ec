"""
Pages and parts of pages that many are shown alike, kept ready in this process by all that they depend on.

Neither is ever kept for a time: its key is what it is made of, read anew at
each request, so that nobody is shown yesterday's page, and whoever is given a
kept one would have been given the same letters without it. What differs between
readers (the token of forms, a name) is put in as the page is served.
"""

import hashlib
import re
import secrets
import threading
import time
from collections import OrderedDict

from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from .middleware import ELDER_COOKIE_NAME

MOST = 64
# Nobody's to guess: a reader's own words on the page must not turn into a token.
TOKEN = f"@{secrets.token_hex(16)}@".encode()
FIELD = re.compile(rb'(name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}')

# Callables of the request that return what the frame around every page shows; the floor of the frame adds its own.
surroundings = []

# What stands around a page may be a second old; it is read from the cache, which costs more than the page itself.
AROUND_SECONDS = 0 if settings.TEST else 1

# Parts are small, and a longer one is rare (a filter somebody typed much into): both bounds together are 8 MiB.
MOST_PARTS = 256
LONGEST_PART = 32 * 1024
MOST_REMEMBERED = 256

_kept = OrderedDict()
_parts = OrderedDict()
_remembered = OrderedDict()
_around = {}
_lock = threading.Lock()


def kept_part(key, make):
    """
    Return what ``make()`` returns for a key, made once while the key is in use.

    The key must hold all that the part shows but the language, as plain hashable
    values: two readers with the same key are given the same part.
    """
    key = (get_language(), key)
    with _lock:
        if key in _parts:
            _parts.move_to_end(key)
            return _parts[key]
    part = make()
    if (len(part) if isinstance(part, str) else sum(map(len, part))) <= LONGEST_PART:
        with _lock:
            _parts[key] = part
            while len(_parts) > MOST_PARTS:
                _parts.popitem(last=False)
    return part


def remembered(key, load, *, seconds):
    """
    Return what ``load()`` returned for a key, at most so many seconds old; for small things that hardly change.

    Never in tests: they count the statements of a page, whatever was asked before it.
    """
    if settings.TEST:
        return load()
    now = time.monotonic()
    with _lock:
        until, found = _remembered.get(key, (0.0, None))
    if until < now:
        found = load()
        with _lock:
            _remembered[key] = (now + seconds, found)
            _remembered.move_to_end(key)
            while len(_remembered) > MOST_REMEMBERED:
                _remembered.popitem(last=False)
    return found


def is_kept_for(request):
    """Whether the reader is a visitor like any other: no session, and nothing said by a page before."""
    return request.method in ("GET", "HEAD") and not {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys()


def fingerprint(request, *parts):
    """Return the fingerprint of a page: its address, the visitor's language and type size, and what it is made of."""
    elder = request.COOKIES.get(ELDER_COOKIE_NAME) == "1"
    whole = repr((request.build_absolute_uri(), request.LANGUAGE_CODE, elder, _surroundings(request), *parts))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def loaded(instance, _seen=None):
    """
    Return every value that has been read of a model instance and of all that was read with it, for a fingerprint.

    Complete by itself: a page made of nothing but the instance cannot show what is not in here. A relation
    that the page would read while it is drawn is not, so all of them are read before.
    """
    seen = set() if _seen is None else _seen
    if id(instance) in seen:
        return ()
    seen.add(id(instance))
    # PostgreSQL gives binary columns as views, whose representation is an address and never the same twice.
    own = sorted(
        (name, bytes(value) if isinstance(value, memoryview) else value)
        for name, value in vars(instance).items()
        if not name.startswith("_")
    )
    cached = sorted(instance._state.fields_cache.items())
    beside = [(name, loaded(one, seen)) for name, one in cached if one is not None]
    lists = sorted(getattr(instance, "_prefetched_objects_cache", {}).items())
    return own, beside, [(name, [loaded(one, seen) for one in rows]) for name, rows in lists]


def _surroundings(request):
    now = time.monotonic()
    read_at, found = _around.get(request.LANGUAGE_CODE, (0, None))
    if found is None or now - read_at >= AROUND_SECONDS:
        # As text: what is translated late would else differ from one reader to the next.
        found = repr([source(request) for source in surroundings])
        _around[request.LANGUAGE_CODE] = (now, found)
    return found


def kept_page(request, key, render):
    """Return the kept page of a fingerprint, or 304 for a browser that has it; ``render()`` makes it the first time."""
    token = get_token(request).encode()
    # With another cookie, or none any more, the forms of the page the browser holds would be refused.
    secret = request.META["CSRF_COOKIE"]
    tag = f'"{hashlib.sha256(f"{key}{secret}".encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=tag)
    if response is None:
        with _lock:
            content = _kept.get(key)
            if content is not None:
                _kept.move_to_end(key)
        if content is None:
            # Each tag of a page shows the token behind another mask, so it is found by its place.
            content = FIELD.sub(rb"\1" + TOKEN, render())
            with _lock:
                _kept[key] = content
                while len(_kept) > MOST:
                    _kept.popitem(last=False)
        response = HttpResponse(content.replace(b'value="' + TOKEN, b'value="' + token))
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
