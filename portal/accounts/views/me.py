"""One's own page: how one likes the portal, where one is signed in, what is stored."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView

from portal.kernel.days import local_day
from portal.kernel.middleware import ELDER_COOKIE_NAME
from portal.kernel.rows import only_one
from portal.kernel.verdicts import ALLOWED
from portal.kernel.views import OperationFormView

from .. import guard
from ..devices import label_of
from ..forms import ProfileForm
from ..operations.own import export_own_data
from ..operations.signing import end_device, end_sessions, open_device, set_preferences
from ..queries import appointments_of, devices_of
from .acts import PROVEN, ActView
from .sign_in import prefer


class MeView(OperationFormView):
    """My page: roster entry, roles, preferences."""

    template_name = "accounts/me.html"
    form_class = ProfileForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"languages": settings.LANGUAGES}

    def get_initial(self):
        me = self.request.user
        return {
            "language": me.language or self.request.LANGUAGE_CODE,
            "is_elder_mode": me.is_elder_mode,
            "wants_mail": me.wants_mail,
            "phone": me.phone,
            "email": me.email,
        }

    def get_context_data(self, **kwargs):
        me, at = self.request.user, timezone.now()
        appointments = [row for row in appointments_of(me) if row.until is None or row.until > at]
        for row in appointments:
            row.last_day = local_day(row.until) if row.until else None
        facts = [
            (_("Job number"), me.job_no),
            (_("Unit"), me.unit.name),
            (_("Post"), me.post),
            (_("Category"), me.get_category_display()),
            (_("Joined on"), me.joined_on),
            (_("Last signed in on"), local_day(me.last_login) if me.last_login else None),
        ]
        return super().get_context_data(facts=facts, appointments=appointments, **kwargs)

    def operate(self, form):
        set_preferences(person=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        response = HttpResponseRedirect(reverse("accounts:me"))
        if not form.cleaned_data["is_elder_mode"]:
            response.delete_cookie(ELDER_COOKIE_NAME)
        return prefer(response, self.request.user)


class DeviceListView(TemplateView):
    """Where I am signed in."""

    template_name = "accounts/device_list.html"

    def get_context_data(self, **kwargs):
        devices = list(devices_of(self.request.user))
        for device in devices:
            device.is_here = device.session_key == self.request.session.session_key
        return super().get_context_data(devices=devices, **kwargs)


class EndDeviceView(View):
    """Sign out one of my devices."""

    def post(self, request, pk):
        device = only_one(devices_of(request.user).filter(pk=pk))
        if device is None:
            raise Http404
        is_here = device.session_key == request.session.session_key
        end_device(device=device)
        if is_here:
            return redirect("accounts:signed_out")
        messages.success(request, _("That device is signed out."))
        return redirect("accounts:devices")


class EndOthersView(View):
    """Sign out all my devices but this one."""

    def post(self, request):
        at = timezone.now()
        kind, label = guard.kind_of_session(request.session), label_of(request.headers.get("User-Agent", "")[:400])
        # The operation ends this session's row too; what it held moves to a new key.
        kept = dict(request.session.items())
        person = end_sessions(person_id=request.user.pk, actor=request.user, at=at)
        request.user.session_epoch = person.session_epoch
        request.session.flush()
        request.session.update(kept)
        update_session_auth_hash(request, request.user)
        open_device(person=request.user, session_key=request.session.session_key, kind=kind, label=label, at=at)
        messages.success(request, _("All other devices are signed out."))
        return redirect("accounts:devices")


class OwnDataView(ActView):
    """Download what is stored about me."""

    stepup_methods = PROVEN
    template_name = "accounts/own_data.html"
    title = gettext_lazy("What is stored about me")
    label = gettext_lazy("Download as a file")
    icon = "download"

    def get_verdict(self):
        return ALLOWED

    def get_back_url(self):
        return reverse("accounts:me")

    def operate(self, form):
        data = export_own_data(person=self.request.user, at=timezone.now())
        response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
        response.headers["Content-Disposition"] = f'attachment; filename="own-data-{self.request.user.job_no}.json"'
        response.headers["Cache-Control"] = "no-store"
        return response


class StillHereView(View):
    """Keep a kiosk's session while somebody types; the guard has noted the request already."""

    def post(self, request):
        return JsonResponse({})
