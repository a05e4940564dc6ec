"""The token of a page's forms, its random letters drawn together: Django draws each by a question to the system."""

import os

from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH

_COUNT = len(CSRF_ALLOWED_CHARS)
_PLACES = {letter: place for place, letter in enumerate(CSRF_ALLOWED_CHARS)}
_FAIR = 256 - 256 % _COUNT  # bytes from here on would prefer the first letters


def form_token(request):
    """Return a token as ``django.middleware.csrf.get_token`` does: the request's secret behind a new mask."""
    secret = request.META.get("CSRF_COOKIE")
    if secret is None:
        secret = request.META["CSRF_COOKIE"] = letters(CSRF_SECRET_LENGTH)
    # The cookie is sent (again), so that it lasts from now on.
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    mask = letters(CSRF_SECRET_LENGTH)
    return mask + "".join(
        [CSRF_ALLOWED_CHARS[(_PLACES[one] + _PLACES[other]) % _COUNT] for one, other in zip(secret, mask, strict=True)]
    )


def letters(count):
    """Return so many letters and digits at random, each as likely as any other."""
    drawn = [CSRF_ALLOWED_CHARS[byte % _COUNT] for byte in os.urandom(2 * count) if byte < _FAIR]
    return "".join(drawn[:count]) if len(drawn) >= count else letters(count)
