"""Who is here, whether they may still be, and whether the page wants to know."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware, get_user
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from portal.kernel.anonymity import is_ballot_path

from .enums import DeviceKind
from .guard import ended_because, kind_of_session, touch
from .operations.signing import close_device

# For a view that visitors may see; everything else asks for a sign-in.
public_view = login_not_required

# Where somebody who still has the printed secret may go.
_OPEN_NAMES = {"accounts:change_secret", "accounts:sign_out", "accounts:signed_out"}


def clear_site_data(response, *, with_cookies=False):
    """Tell the browser to forget what it kept of the portal (Clear-Site-Data)."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"' + (', "cookies"' if with_cookies else "")
    response.headers["Cache-Control"] = "no-store"
    return response


def end_session(request):
    """End this browser's session, on the server too."""
    close_device(session_key=request.session.session_key)
    auth.logout(request)


class SessionGuardMiddleware:
    """
    Sign out whoever has left, been idle or stayed too long, at the next request.

    A kiosk's page goes back to the start by itself: after its minute the
    browser asks for the sign-out page, with or without JavaScript.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.is_kiosk = False
        # Without the cookie there is no session to guard, and none to read.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        # The person itself from here on: its lazy stand-in takes two calls more for each of some sixty looks a page.
        request.user = get_user(request)
        at = timezone.now()
        session = request.session
        request.is_kiosk = kind_of_session(session) == DeviceKind.KIOSK
        if reason := ended_because(session, at=at):
            return self._ended(request, reason)
        # A ballot on its way into the box writes neither session nor cache: both would say when (trust A5).
        if request.method != "POST" or not is_ballot_path(request.path):
            touch(session, at=at)
        if request.user.has_to_change_secret and not self._is_open(request):
            return redirect("accounts:change_secret")
        return self.get_response(request)

    def _ended(self, request, reason):
        was_kiosk = request.is_kiosk
        end_session(request)
        if was_kiosk:
            return clear_site_data(redirect("accounts:signed_out"))
        return _to_sign_in(request, reason)

    def _is_open(self, request):
        try:
            return resolve(request.path_info).view_name in _OPEN_NAMES or request.path.startswith(settings.STATIC_URL)
        except Resolver404:
            return True


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Ask for a sign-in wherever a view does not say ``public_view``: a new page is closed until somebody opens it."""

    def handle_no_permission(self, request, view_func):
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        return _to_sign_in(request, "gone")


def _to_sign_in(request, reason):
    """Send somebody to the sign-in with the reason, and with the place to come back to."""
    query = {"ended": reason}
    if request.method in ("GET", "HEAD"):
        query["next"] = request.get_full_path()
    else:
        # What was sent is lost but for what the form keeps in the browser. The address of a POST is no place to come
        # back to; the page with the form is.
        query["unsent"] = 1
        if page := _page_before(request):
            query["next"] = page
    return redirect(f"{reverse('accounts:sign_in')}?{urlencode(query)}")


def _page_before(request):
    """Return path and query of the page of this portal from which the request was sent, or ""."""
    before = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(before)
    return urlunsplit(("", "", parts.path, parts.query, ""))
