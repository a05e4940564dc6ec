"""
The pages of what went wrong: what happened, what was kept, what to do, whom to ask.

They guess no causes and show no traces; the reference is in the log beside
the trace, so that the desk can find it.
"""

import logging
import uuid

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from portal.home.context import Frame

logger = logging.getLogger(__name__)
# Pages that must come out even when database and session cannot be reached.
BARE = frozenset({500, 503})
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def reference_of(request):
    """Return this request's reference, the same for the page and the log."""
    if not getattr(request, "reference", ""):
        request.reference = uuid.uuid4().hex[:8].upper()
    return request.reference


def page(request, status, *, reason="", retry_after=None):
    """Return the error page of a status, with a reason the reader may see."""
    context = {
        "status": status,
        "reason": str(reason or ""),
        "reference": reference_of(request),
        "retry_after": retry_after,
    }
    is_bare = status in BARE or getattr(request, "user", None) is None or Frame(request).is_plain
    context["base"] = "base_error.html" if is_bare else "base.html"
    context["is_elder"] = bool(getattr(request, "is_elder_mode", False))
    response = HttpResponse(
        render_to_string(f"{status}.html", context, request=None if is_bare else request), status=status
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
    logger.error("Reference %s", reference_of(request))
    return page(request, 500)


def csrf_failure(request, reason=""):
    """Say that the form had grown old; the sentence differs from a rule's refusal."""
    return page(
        request,
        403,
        reason=_("The form was open too long or came from another page. Go back, load it again and send it once more."),
    )
