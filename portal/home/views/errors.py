"""
The pages of what went wrong: what happened, what was kept, what to do, whom to ask.

They guess no causes and show no traces; the reference is in the log beside
the trace, so that the desk can find it.
"""

import logging
import sys
import uuid

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from portal.home.context import Frame

logger = logging.getLogger(__name__)
# Pages that must come out even when database and session cannot be reached.
BARE = frozenset({500, 503})
# The database is away, restarting, full or was waited for in vain: no mistake of the portal, and over soon.
AWAY = (OperationalError, InterfaceError)
AWAY_SECONDS = 30
SECRETS = ("password", "secret", "passphrase")
KEPT_LENGTH = 60_000
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def reference_of(request):
    """Return this request's reference, the same for the page and the log."""
    if not getattr(request, "reference", ""):
        request.reference = uuid.uuid4().hex[:8].upper()
    return request.reference


def _pairs_of(request):
    """Return the names and values that came with a request, none when there were none or they cannot be read."""
    if request.method != "POST":
        return []
    try:
        return [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    except Exception:  # a body that broke off: there is nothing to read
        return []


def _words_in(pairs):
    # What a person wrote, not what a page put beside it: numbers, tokens and codes have neither blanks nor Chinese.
    return [value for _name, value in pairs if " " in value.strip() or not value.isascii()]


def kept_form(request):
    """
    Return what came with a request that could not be served, for its sender to send again; None when nothing did.

    A form with a password in it is not written into a page.
    """
    pairs = _pairs_of(request)
    if not pairs or any(mark in name.lower() for name, _value in pairs for mark in SECRETS):
        return None
    if sum(len(value) for _name, value in pairs) > KEPT_LENGTH:
        return None
    return {
        "url": request.get_full_path(),
        "pairs": pairs,
        "written": _words_in(pairs),
        "had_files": bool(request.FILES),
    }


def page(request, status, *, reason="", retry_after=None, kept=None, template=""):
    """
    Return the error page of a status, with a reason the reader may see; ``kept`` is the form to send again.

    ``template`` is another page than the status's own. That words are still in
    a form is said only to who sent some: what was too large was never read, and had some.
    """
    context = {
        "status": status,
        "reason": str(reason or ""),
        "reference": reference_of(request),
        "retry_after": retry_after,
        "kept": kept,
        "has_words": request.method == "POST" and (status == 413 or bool(_words_in(_pairs_of(request)))),
    }
    is_bare = status in BARE or getattr(request, "user", None) is None or Frame(request).is_plain
    context["base"] = "base_error.html" if is_bare else "base.html"
    context["is_elder"] = bool(getattr(request, "is_elder_mode", False))
    response = HttpResponse(
        render_to_string(template or f"{status}.html", context, request=None if is_bare else request), status=status
    )
    if retry_after:
        response.headers["Retry-After"] = str(int(retry_after))
    return response


def _reason(exception):
    return getattr(exception, "reason", "")


@requires_csrf_token
def bad_request(request, exception=None):
    """Say that the request was damaged, or that it was too large when it was that."""
    return page(request, 413 if isinstance(exception, TOO_LARGE) else 400)


@requires_csrf_token
def forbidden(request, exception=None):
    """Show why: the rule's own sentence, never a bare no."""
    return page(request, 403, reason=_reason(exception))


@requires_csrf_token
def not_found(request, exception=None):
    return page(request, 404)


@requires_csrf_token
def server_error(request):
    """Say whose fault it was: the portal's own, or that of a database which will be back."""
    if isinstance(sys.exc_info()[1], AWAY):
        logger.error("Reference %s: the database could not be used", reference_of(request))
        return page(request, 503, retry_after=AWAY_SECONDS, kept=kept_form(request))
    logger.error("Reference %s", reference_of(request))
    return page(request, 500)


def csrf_failure(request, reason=""):
    """Say that the form had grown old, which is no want of a right: another page than a rule's refusal."""
    return page(request, 403, template="home/form_expired.html")
