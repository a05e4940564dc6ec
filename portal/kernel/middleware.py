"""Headers for every page, silence on anonymous ones, and the visitor's language and type size."""

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpResponseForbidden
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from portal.kernel.anonymity import buckets, client_address, is_anonymous_path
from portal.kernel.days import local_day

ELDER_COOKIE_NAME = "portal_elder"
NO_FEATURES = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in NO_FEATURES)
# What tells one visitor from another; taken away before a session, a view or a log can see it.
PERSONAL_HEADERS = (
    "REMOTE_ADDR",
    "REMOTE_HOST",
    "REMOTE_PORT",
    "REMOTE_USER",
    "HTTP_COOKIE",
    "HTTP_USER_AGENT",
    "HTTP_REFERER",
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_AUTHORIZATION",
    "HTTP_ACCEPT_LANGUAGE",
)
PERSONAL_PREFIXES = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_REAL",
    "HTTP_X_REQUEST",
    "HTTP_SEC_CH_",
    "HTTP_DEVICE",
    "HTTP_ETAG",
)


class PolicyMiddleware(CSPMiddleware):
    """The content security policy, put into words once; only a page with a policy of its own has it put anew."""

    def __init__(self, get_response):
        super().__init__(get_response)
        self._policy = build_policy()

    def process_response(self, request, response):
        is_own = any(name.startswith("_csp") for name in vars(response)) or getattr(request, "_csp_nonce", None)
        if is_own or HEADER in response or not self._policy:
            return super().process_response(request, response)
        response.headers[HEADER] = self._policy
        return response


class SecurityHeadersMiddleware:
    """Say to browsers what no page of the portal may do, and that signed-in pages are not to be kept."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        response = self.get_response(request)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        if is_anonymous_path(request.path):
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["Cache-Control"] = "no-store"
        elif has_session or settings.SESSION_COOKIE_NAME in response.cookies:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class AnonymousPathMiddleware:
    """
    Make a visitor of an anonymous page nobody.

    Takes address, agent and every cookie but the two preferences off the
    request, sets no cookie on the response, and leaves ``rate_bucket``, a
    salted stand-in for the address that is good for today in this process.

    Without a session there is nothing a forged request could borrow, and a
    CSRF cookie would be a mark on the visitor; the form's signed token and the
    browser's word on where a POST came from take its place.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not is_anonymous_path(request.path):
            return self.get_response(request)
        today = local_day(timezone.now())
        request.rate_bucket = buckets.bucket_of(client_address(request, settings.PROXIES), day=today)
        preferences = (settings.LANGUAGE_COOKIE_NAME, ELDER_COOKIE_NAME)
        kept = {name: value for name, value in request.COOKIES.items() if name in preferences}
        for name in [n for n in request.META if n in PERSONAL_HEADERS or n.startswith(PERSONAL_PREFIXES)]:
            del request.META[name]
        request.META["REMOTE_ADDR"] = ""
        request.__dict__.pop("headers", None)  # a cached copy of what was just removed
        request.COOKIES = kept
        request._dont_enforce_csrf_checks = True
        if request.method == "POST" and request.META.get("HTTP_SEC_FETCH_SITE", "none") not in ("same-origin", "none"):
            return HttpResponseForbidden("This form was sent from another site.\n", content_type="text/plain")
        response = self.get_response(request)
        response.cookies.clear()
        return response


class PreferencesMiddleware:
    """
    Show the page in the language and type size this browser chose.

    Chinese unless chosen otherwise: the language a browser came with says
    little about the worker who sits before it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        request.is_elder_mode = request.COOKIES.get(ELDER_COOKIE_NAME) == "1"
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response
