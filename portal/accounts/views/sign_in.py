"""Signing in and out, the first secret, the welcome."""

from threading import BoundedSemaphore
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portal.kernel.middleware import ELDER_COOKIE_NAME

from .. import guard
from ..devices import ENDED_REASONS, kind_of, label_of
from ..enums import DeviceKind
from ..forms import ChangeSecretForm, SignInForm
from ..middleware import clear_site_data, end_session, public_view
from ..operations.signing import change_secret, claim_try, forget_tries, open_device, set_preferences
from .address import address_of

# A shift change brings hundreds at once; beyond this many hashes in work a page asks to come back (trust A9).
SLOTS = BoundedSemaphore(50)
RETRY_SECONDS = 5


def safe_next(request):
    """Return where to go after signing in: a path of this portal, or its home."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ) and target.startswith("/"):
        return target
    return reverse(settings.LOGIN_REDIRECT_URL)


def prefer(response, person):
    """Give this browser the person's language and type size."""
    if person.language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            person.language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            httponly=True,
            secure=settings.HTTPS,
        )
    if person.is_elder_mode:
        response.set_cookie(
            ELDER_COOKIE_NAME,
            "1",
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            httponly=True,
            secure=settings.HTTPS,
        )
    return response


@method_decorator([public_view, never_cache, sensitive_post_parameters()], name="dispatch")
class SignInView(View):
    """Sign in by job number; whatever is wrong, the answer is the same."""

    def get(self, request):
        if request.user.is_authenticated:
            return HttpResponseRedirect(safe_next(request))
        form = SignInForm(initial={"is_shared": request.GET.get("device") == DeviceKind.KIOSK})
        ended = ENDED_REASONS.get(request.GET.get("ended", ""))
        return self._page(request, form, ended=ended, is_unsent=bool(ended and request.GET.get("unsent")))

    def post(self, request):
        form = SignInForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        at = timezone.now()
        job_no, address = form.cleaned_data["job_no"], address_of(request)
        if not SLOTS.acquire(blocking=False):
            return self._busy(request, form)
        try:
            if wait := claim_try(job_no=job_no, address=address, at=at):
                return self._wait(request, form, wait)
            person = auth.authenticate(request, job_no=job_no, password=form.cleaned_data["password"])
        finally:
            SLOTS.release()
        if person is None:
            form.add_error(None, _("Job number or password is not right. Check both and try again."))
            return self._page(request, form, status=422)
        forget_tries(job_no=job_no, address=address)
        agent = request.headers.get("User-Agent", "")[:400]
        kind = DeviceKind.KIOSK if form.cleaned_data["is_shared"] else kind_of(agent)
        target = safe_next(request)
        auth.login(request, person)
        guard.begin(request.session, kind=kind, at=at)
        open_device(person=person, session_key=request.session.session_key, kind=kind, label=label_of(agent), at=at)
        if person.has_to_change_secret:
            target = f"{reverse('accounts:change_secret')}?{urlencode({'next': target})}"
        elif not person.has_seen_welcome:
            target = f"{reverse('accounts:welcome')}?{urlencode({'next': target})}"
        return prefer(HttpResponseRedirect(target), person)

    def _page(self, request, form, *, status=200, **context):
        return render(
            request, "accounts/sign_in.html", {"form": form, "next": safe_next(request), **context}, status=status
        )

    def _wait(self, request, form, seconds):
        form.add_error(
            None,
            ngettext(
                "Too many tries. Please wait %(seconds)d second, then try again.",
                "Too many tries. Please wait %(seconds)d seconds, then try again.",
                seconds,
            )
            % {"seconds": seconds},
        )
        response = self._page(request, form, status=429)
        response.headers["Retry-After"] = str(seconds)
        return response

    def _busy(self, request, form):
        form.add_error(None, _("Very many people are signing in at this moment. Please try again in a few seconds."))
        response = self._page(request, form, status=503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response


class SignOutView(View):
    """Sign out; a link alone does nothing, so that no foreign page can sign somebody out."""

    def get(self, request):
        return render(request, "accounts/sign_out.html")

    def post(self, request):
        end_session(request)
        return clear_site_data(redirect("accounts:signed_out"))


@method_decorator([public_view, never_cache], name="dispatch")
class SignedOutView(View):
    """Say that one is signed out; a kiosk's browser comes here by itself."""

    def get(self, request):
        if request.user.is_authenticated:
            return redirect("accounts:sign_out")
        return clear_site_data(render(request, "accounts/signed_out.html"))


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class ChangeSecretView(View):
    """Choose a secret of one's own; with a printed one this comes first."""

    def get(self, request):
        return self._page(request, self._form(request))

    def post(self, request):
        is_first = request.user.has_to_change_secret
        form = self._form(request, request.POST)
        at = timezone.now()
        who = {"job_no": request.user.job_no, "address": address_of(request)}
        # Guessing the present secret here waits as long as it does at the sign-in.
        if not is_first and request.POST.get("old") and (wait := claim_try(**who, at=at)):
            return self._page(request, self._form(request), status=429, wait=wait)
        is_valid = form.is_valid()
        if "old" in form.cleaned_data:
            forget_tries(**who)
        if not is_valid:
            return self._page(request, form, status=422)
        person = change_secret(person=request.user, secret=form.cleaned_data["new"], at=at)
        update_session_auth_hash(request, person)
        kind = guard.kind_of_session(request.session)
        guard.prove(request.session, at=at)
        open_device(
            person=person,
            session_key=request.session.session_key,
            kind=kind,
            label=label_of(request.headers.get("User-Agent", "")[:400]),
            at=at,
        )
        messages.success(request, _("Your new password is set. Other devices have been signed out."))
        if not person.has_seen_welcome:
            return redirect(f"{reverse('accounts:welcome')}?{urlencode({'next': safe_next(request)})}")
        return HttpResponseRedirect(safe_next(request) if is_first else reverse("accounts:me"))

    def _form(self, request, data=None):
        return ChangeSecretForm(data, person=request.user, is_first=request.user.has_to_change_secret)

    def _page(self, request, form, *, status=200, wait=0):
        context = {
            "form": form,
            "next": safe_next(request),
            "is_first": request.user.has_to_change_secret,
            "wait": wait,
        }
        return render(request, "accounts/secret_change.html", context, status=status)


class WelcomeView(View):
    """Three cards on what one can do here and the size of type, once."""

    def get(self, request):
        if request.user.has_seen_welcome:
            return HttpResponseRedirect(safe_next(request))
        return render(request, "accounts/welcome.html", {"next": safe_next(request)})

    def post(self, request):
        is_elder = request.POST.get("size") == "large"
        set_preferences(person=request.user, has_seen_welcome=True, is_elder_mode=is_elder)
        response = HttpResponseRedirect(safe_next(request))
        if not is_elder:
            response.delete_cookie(ELDER_COOKIE_NAME)
        return prefer(response, request.user)
