"""
Pages that many visitors are shown alike, kept ready in this process by a fingerprint of all they depend on.

A page is never kept for a time: its key is its content's fingerprint, read anew
at each request, so that nobody is shown yesterday's page. The one thing that
differs between visitors, the token of its forms, is put in as the page is served.
"""

import hashlib
import threading
from collections import OrderedDict

from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import get_conditional_response

from .middleware import ELDER_COOKIE_NAME

MOST = 64
TOKEN = b"\0token\0"

# Callables of the request that return what the frame around every page shows; the floor of the frame adds its own.
surroundings = []

_kept = OrderedDict()
_lock = threading.Lock()


def is_kept_for(request):
    """Whether the reader is a visitor like any other: no session, and nothing said by a page before."""
    return request.method in ("GET", "HEAD") and not {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys()


def fingerprint(request, *parts):
    """Return the fingerprint of a page: its address, the visitor's language and type size, and what it is made of."""
    elder = request.COOKIES.get(ELDER_COOKIE_NAME) == "1"
    around = [source(request) for source in surroundings]
    whole = repr((request.build_absolute_uri(), request.LANGUAGE_CODE, elder, around, *parts))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


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
            content = render().replace(token, TOKEN)
            with _lock:
                _kept[key] = content
                while len(_kept) > MOST:
                    _kept.popitem(last=False)
        response = HttpResponse(content.replace(TOKEN, token))
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
