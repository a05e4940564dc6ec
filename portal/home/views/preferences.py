"""Language and type size: chosen by POST, kept in a cookie, and on the person when there is one."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from portal.accounts.middleware import public_view
from portal.accounts.operations.signing import set_preferences
from portal.home.views import errors
from portal.kernel.middleware import ELDER_COOKIE_NAME

YEAR = 365 * 24 * 3600


@method_decorator([csrf_exempt, public_view], name="dispatch")
class PreferencesView(View):
    """
    Take a choice of language or type size and go back to where it was made.

    Pages that set no cookie (the search) have a form without a token that fits;
    a browser that brings no cookie has nothing a foreign site could misuse, so
    its own word on where the form came from is enough.
    """

    http_method_names = ["post"]

    def post(self, request):
        if {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} & request.COOKIES.keys():
            refused = CsrfViewMiddleware(lambda request: None).process_view(request, None, (), {})
        elif request.META.get("HTTP_SEC_FETCH_SITE", "none") not in ("same-origin", "none"):
            refused = errors.csrf_failure(request)
        else:
            refused = None
        if refused is not None:
            return refused
        language, elder = request.POST.get("language"), request.POST.get("elder")
        if (language is not None and language not in dict(settings.LANGUAGES)) or elder not in (None, "0", "1"):
            return errors.page(request, 400, reason=_("There is no such choice of language or type size."))
        response = HttpResponseRedirect(self._way_back())
        cookie = {"max_age": YEAR, "secure": settings.SESSION_COOKIE_SECURE, "samesite": "Lax"}
        if language is not None:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, **cookie)
        if elder is not None:
            response.set_cookie(ELDER_COOKIE_NAME, elder, **cookie)
        if request.user.is_authenticated:
            chosen = {} if language is None else {"language": language}
            chosen |= {} if elder is None else {"is_elder_mode": elder == "1"}
            set_preferences(person=request.user, **chosen)
        return response

    def _way_back(self):
        back = self.request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(
            back, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )
        return back if is_ours else reverse("home:front")
