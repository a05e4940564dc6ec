"""
Pages and parts of pages that many are shown alike, kept ready in this process by all that they depend on.

Neither is ever kept for a time: its key is what it is made of, read anew at
each request (for most readers once a second at most, ADR 0033), so that nobody is
shown yesterday's page, and whoever is given a kept one would have been given
the same letters without it. What differs between
readers (the token of forms, a name) is put in as the page is served.
"""

import contextlib
import hashlib
import json
import re
import secrets
import sys
import threading
import time
from collections import OrderedDict

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from .formtokens import form_token
from .middleware import ELDER_COOKIE_NAME

MOST = 64
MOST_PAGE_BYTES = 4 * 2**20
# Nobody's to guess: a reader's own words on the page must not turn into a token.
TOKEN = f"@{secrets.token_hex(16)}@".encode()
FIELD = re.compile(rb'(name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}')

# Callables of the request that return what the frame around every page shows; the floor of the frame adds its own.
surroundings = []

# The one callable of the request that returns the frame, with its parts; its floor adds it.
frames = []
# What the frame's parts leave in a page that is kept for readers, and nobody can guess.
OPEN_PARTS = {name: f"@{name}{secrets.token_hex(16)}@" for name in ("head", "top", "foot")}
OPEN_PLACES = f"@places{secrets.token_hex(16)}:"
OPEN_PART = re.compile("|".join([*OPEN_PARTS.values(), f"{OPEN_PLACES}([0-9a-f]*)@"]))

# What stands around a page, and what all visitors are shown alike, may be a second old: to read it costs more than
# the page itself, and a list of news has to be right within a second (performance.md §8, row 2).
AROUND_SECONDS = 0 if settings.TEST else 1

# In this process. A part that would take the place of many (somebody's very long page) is drawn each time instead.
MOST_PART_BYTES = 6 * 2**20
LONGEST_PART = 128 * 1024
MOST_BRIEF_BYTES, MOST_BRIEF = 2**20, 256
MOST_REMEMBERED = 128


class Shelf(OrderedDict):
    """What is kept, each with its size; what was not asked for longest goes when there is too much."""

    def __init__(self, *, most_bytes, most=None):
        super().__init__()
        self.most_bytes, self.most, self.held = most_bytes, most, 0
        # Held for a look into the dictionary, and never while anything is read or drawn.
        self._lock = threading.Lock()

    def find(self, key):
        """Return what is kept for a key, or None."""
        with self._lock:
            if key not in self:
                return None
            self.move_to_end(key)
            return self[key][0]

    def put(self, key, value, size):
        """Keep a value of so many bytes."""
        with self._lock:
            self.held += size - (self.pop(key)[1] if key in self else 0)
            self[key] = value, size
            while self.held > self.most_bytes or self.most is not None and len(self) > self.most:
                self.held -= self.popitem(last=False)[1][1]

    def clear(self):
        """Keep nothing any more."""
        super().clear()
        self.held = 0


_kept = Shelf(most_bytes=MOST_PAGE_BYTES, most=MOST)
_parts = Shelf(most_bytes=MOST_PART_BYTES)
_brief = Shelf(most_bytes=MOST_BRIEF_BYTES, most=MOST_BRIEF)
_remembered = OrderedDict()
_around = {}
# Held for a look into a dictionary, and never while anything is read or drawn.
_lock = threading.Lock()


def forget():
    """Keep nothing any more, so that all is read and drawn anew."""
    for shelf in (_kept, _parts, _brief):
        shelf.clear()
    with _lock:
        _remembered.clear()
        _around.clear()


def kept_part(key, make):
    """
    Return what ``make()`` returns for a key, made once while the key is in use.

    The key must hold all that the part shows but the language, as plain values
    whose representation tells them apart: two readers with the same key are given
    the same part. Of the key only a digest is kept, however much somebody typed.
    """
    whole = repr((get_language(), key)).encode("utf-8", "surrogatepass")
    return _kept_part(_parts, hashlib.sha256(whole).digest(), make)


def kept_briefly_named(key, make):
    """
    Return what ``kept_part`` would, for a key that may be kept itself: short, hashable, nothing that somebody typed.

    To compare such a key costs less than its digest. It has to name the language too.
    """
    return _kept_part(_brief, key, make)


def _kept_part(shelf, key, make):
    part = shelf.find(key)
    if part is None:
        part = make()
        size = sum(map(sys.getsizeof, [part] if isinstance(part, str) else part))
        if size <= LONGEST_PART:
            shelf.put(key, part, size)
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
            for old in [one for one, (end, _found) in _remembered.items() if end < now]:
                del _remembered[old]
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
    """
    Return the kept page of a fingerprint, or 304 for a browser that has it; ``render()`` makes it the first time.

    What ``render()`` returns as None is not the page of this fingerprint any more: nothing is kept, and None returned.
    """
    token = form_token(request).encode()
    # With another cookie, or none any more, the forms of the page the browser holds would be refused.
    secret = request.META["CSRF_COOKIE"]
    tag = f'"{hashlib.sha256(f"{key}{secret}".encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=tag)
    if response is None:
        content = _kept.find(key)
        if content is None:
            if (drawn := render()) is None:
                return None
            # Each tag of a page shows the token behind another mask, so it is found by its place.
            content = FIELD.sub(rb"\1" + TOKEN, drawn)
            _kept.put(key, content, len(content))
        response = HttpResponse(content.replace(b'value="' + TOKEN, b'value="' + token))
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def kept_for_reader(request, key, draw):
    """
    Return the page that ``draw()`` draws for somebody signed in, kept without the frame for all with the same key.

    The key must hold all that the page shows within its frame, as plain values whose representation tells them apart;
    address, language and type size are added here; name, unit, notices, the places of a group and the token of forms
    are put in for each reader and never kept. A page that has something to say to this reader only, and one at a
    kiosk, is drawn.
    """
    if request.method != "GET" or getattr(request, "is_kiosk", False) or len(get_messages(request)):
        return draw()
    frame = frames[0](request)
    whole = repr(
        (request.build_absolute_uri(), request.LANGUAGE_CODE, request.is_elder_mode, str(frame.enterprise), key)
    )
    if settings.TEST and " object at 0x" in whole:
        raise AssertionError("a key holds something that has no values")
    place = b"reader" + hashlib.sha256(whole.encode("utf-8", "surrogatepass")).digest()
    pieces = _kept.find(place)
    if pieces is None:
        with frame_left_open(request):
            response = draw()
            if hasattr(response, "render"):
                response.render()
        if response.status_code != 200:
            raise ValueError("only a page is kept")
        content = FIELD.sub(rb"\1" + TOKEN, response.content).decode()
        pieces = _in_pieces(content)
        _kept.put(place, pieces, len(response.content))
    own = [piece if at % 2 == 0 else _own_part(frame, piece) for at, piece in enumerate(pieces)]
    return HttpResponse("".join(own).replace(f'value="{TOKEN.decode()}"', f'value="{frame.token}"'))


def open_places(group, label, is_open):
    """Return what stands in a kept page for the places of a group, which each reader finds others of."""
    return mark_safe(f"{OPEN_PLACES}{json.dumps([group, label, is_open]).encode().hex()}@")  # noqa: S308 -- hex


def _own_part(frame, piece):
    return frame.part(piece) if isinstance(piece, str) else frame.places_part(*piece)


def _in_pieces(content):
    """Return a page in pieces: its own, the name of a part of the frame or what places are asked for, its own, …"""
    names = {mark: name for name, mark in OPEN_PARTS.items()}

    def told(found):
        asked = found.group(1)
        return names[found.group()] if asked is None else json.loads(bytes.fromhex(asked))

    return cut(content, OPEN_PART, told)


@contextlib.contextmanager
def frame_left_open(request):
    """Let whatever is drawn meanwhile have marks in the place of the frame's parts."""
    request.leaves_frame_open = True
    try:
        yield
    finally:
        request.leaves_frame_open = False


def cut(text, marks, told):
    """Return a text in pieces: its own letters, what ``told(match)`` says of a mark, its own, …"""
    pieces, end = [], 0
    for found in marks.finditer(text):
        pieces += [text[end : found.start()], told(found)]
        end = found.end()
    return [*pieces, text[end:]]
