"""Language and type size: chosen by POST, kept in a cookie, and on the person when there is one."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View

from portal.accounts.middleware import public_view
from portal.accounts.operations.signing import set_preferences
from portal.home.views import errors
from portal.kernel.middleware import ELDER_COOKIE_NAME

YEAR = 365 * 24 * 3600


@method_decorator(public_view, name="dispatch")
class PreferencesView(View):
    """Take a choice of language or type size and go back to where it was made."""

    http_method_names = ["post"]

    def post(self, request):
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
