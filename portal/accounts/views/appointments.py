"""Who holds which role: looking, appointing, deputising, ending, confirming."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from portal.kernel.days import local_day

from ..enums import SEPARATED_ROLES, RequestState, Role
from ..forms import DeputyForm, GrantRoleForm
from ..models import Appointment, AppointmentRequest, Unit
from ..operations.appointments import (
    TWO_PERSON_ROLES,
    appoint_deputy,
    ask_role,
    decide_request,
    end_appointment,
    grant_role,
    withdraw_request,
)
from ..queries import appointments_running, people_readable_by
from ..rules import (
    may_appoint,
    may_decide_request,
    may_deputise,
    may_end_appointment,
    may_grant,
    may_see_appointments,
    may_withdraw_request,
)
from .acts import PROVEN, ActView, RequireMixin


class AppointmentListView(RequireMixin, TemplateView):
    """All appointments by role, and the proposals that wait for a second person."""

    template_name = "accounts/appointment_list.html"

    def get_verdict(self):
        return may_see_appointments(self.request.user)

    def get_context_data(self, **kwargs):
        user, at = self.request.user, timezone.now()
        role = self.request.GET.get("role", "")
        rows = list(appointments_running(at))
        roles = [
            {"code": code, "label": label, "count": sum(row.role == code for row in rows)}
            for code, label in Role.choices
        ]
        chosen = [row for row in rows if not role or row.role == role]
        can_change = bool(may_appoint(user))
        for row in chosen:
            row.last_day = local_day(row.until) if row.until else None
            row.can_have_deputy = row.deputy_for_id is None and row.role not in SEPARATED_ROLES
        requests = list(
            AppointmentRequest.objects.filter(state=RequestState.WAITING)
            .select_related("person__unit", "unit", "asked_by")
            .order_by("asked_at")
        )
        for one in requests:
            one.can_decide, one.can_withdraw = (
                bool(may_decide_request(user, one)),
                bool(may_withdraw_request(user, one)),
            )
        here = reverse("accounts:appointments")
        tabs = [{"label": _("All"), "url": here, "is_current": role not in Role.values, "count": len(rows)}]
        tabs += [
            {
                "label": one["label"],
                "url": f"{here}?role={one['code']}",
                "is_current": role == one["code"],
                "count": one["count"],
            }
            for one in roles
        ]
        return super().get_context_data(
            rows=chosen if role in Role.values or not role else rows,
            tabs=tabs,
            requests=requests,
            can_change=can_change,
            **kwargs,
        )


class GrantRoleView(ActView):
    """Appoint somebody to a role; the auditor is proposed to a second person."""

    stepup_methods = PROVEN
    form_class = GrantRoleForm
    title = gettext_lazy("Appoint to a role")
    lead = gettext_lazy("It holds from the next click. An auditor is proposed here and confirmed by a second person.")
    label = gettext_lazy("Appoint")
    icon = "id-card"

    def get_verdict(self):
        return may_appoint(self.request.user)

    def get_back_url(self):
        return reverse("accounts:appointments")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"units": Unit.objects.active(), "at": timezone.now()}

    def get_initial(self):
        person = (
            people_readable_by(self.request.user)
            .filter(job_no=self.request.GET.get("person", "").replace("\x00", "")[:20])
            .first()
        )
        return (
            {"job_no": person.job_no, "unit": person.unit_id, "role": Role.HANDLER}
            if person
            else {"role": Role.HANDLER}
        )

    def operate(self, form):
        user, person = self.request.user, form.person
        role, unit = form.cleaned_data["role"], form.cleaned_data["unit"]
        if not (verdict := may_grant(user, person, role, unit)):
            form.add_error(None, str(verdict.reason))
            return self.form_invalid(form)
        words = {"name": person.name, "role": Role(role).label, "unit": unit.name}
        if role in TWO_PERSON_ROLES:
            ask_role(person_id=person.pk, role=role, unit_id=unit.pk, until=form.until, actor=user, at=timezone.now())
            messages.success(
                self.request,
                _("%(name)s is proposed as %(role)s. A second security administrator or the union chair must confirm.")
                % words,
            )
        else:
            grant_role(person_id=person.pk, role=role, unit_id=unit.pk, until=form.until, actor=user, at=timezone.now())
            messages.success(self.request, _("%(name)s is %(role)s for %(unit)s.") % words)
        return self.done()


class _AppointmentActView(ActView):
    stepup_methods = PROVEN

    def get_object(self):
        if not may_see_appointments(self.request.user):
            raise Http404
        running = Appointment.objects.filter(Q(until__isnull=True) | Q(until__gt=timezone.now()))
        return get_object_or_404(running.select_related("person", "unit"), pk=self.kwargs["pk"])

    def get_back_url(self):
        return reverse("accounts:appointments")

    def get_details(self):
        row = self.object
        return [
            (_("Person"), f"{row.person.name} · {row.person.job_no}"),
            (_("Role"), row.get_role_display()),
            (_("Unit"), row.unit.name),
        ]


class EndAppointmentView(_AppointmentActView):
    """End an appointment."""

    title = gettext_lazy("End an appointment")
    lead = gettext_lazy("The role is gone at the next click, deputies lose it too, and the people are signed out.")
    label = gettext_lazy("End it now")
    tone = "danger"

    def get_verdict(self):
        return may_end_appointment(self.request.user, self.object, timezone.now())

    def operate(self, form):
        end_appointment(appointment_id=self.object.pk, actor=self.request.user, at=timezone.now())
        messages.success(self.request, _("The appointment has ended."))
        return self.done()


class DeputyView(_AppointmentActView):
    """Let somebody stand in for the holder of a role."""

    form_class = DeputyForm
    title = gettext_lazy("Appoint a deputy")
    lead = gettext_lazy(
        "The deputy can do what the holder can, up to and including the last day. The holder keeps the role."
    )
    label = gettext_lazy("Appoint the deputy")

    def get_verdict(self):
        return may_appoint(self.request.user)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"at": timezone.now()}

    def operate(self, form):
        at = timezone.now()
        if not (verdict := may_deputise(self.request.user, self.object, form.person, at)):
            form.add_error(None, str(verdict.reason))
            return self.form_invalid(form)
        appoint_deputy(
            appointment_id=self.object.pk, deputy_id=form.person.pk, until=form.until, actor=self.request.user, at=at
        )
        messages.success(
            self.request, _("%(name)s stands in until the end of the day given.") % {"name": form.person.name}
        )
        return self.done()


class _RequestActView(ActView):
    stepup_methods = PROVEN

    def get_object(self):
        if not may_see_appointments(self.request.user):
            raise Http404
        return get_object_or_404(
            AppointmentRequest.objects.select_related("person", "unit", "asked_by"), pk=self.kwargs["pk"]
        )

    def get_back_url(self):
        return reverse("accounts:appointments")

    def get_details(self):
        row = self.object
        return [
            (_("Person"), f"{row.person.name} · {row.person.job_no}"),
            (_("Role"), row.get_role_display()),
            (_("Unit"), row.unit.name),
            (_("Proposed by"), row.asked_by.name),
        ]


class ConfirmRequestView(_RequestActView):
    """Confirm a proposed appointment."""

    title = gettext_lazy("Confirm an appointment")
    lead = gettext_lazy("With your word the role holds from the next click.")
    label = gettext_lazy("Confirm")
    is_confirmed = True

    def get_verdict(self):
        return may_decide_request(self.request.user, self.object)

    def operate(self, form):
        decide_request(
            request_id=self.object.pk, is_confirmed=self.is_confirmed, actor=self.request.user, at=timezone.now()
        )
        messages.success(self.request, _("Confirmed.") if self.is_confirmed else _("Declined."))
        return self.done()


class DeclineRequestView(ConfirmRequestView):
    """Decline a proposed appointment."""

    title = gettext_lazy("Decline an appointment")
    lead = gettext_lazy("The person does not get the role. It can be proposed again.")
    label = gettext_lazy("Decline")
    tone = "danger"
    is_confirmed = False


class WithdrawRequestView(_RequestActView):
    """Take back one's own proposal."""

    title = gettext_lazy("Withdraw a proposal")
    lead = gettext_lazy("The person does not get the role. It can be proposed again.")
    label = gettext_lazy("Withdraw")
    tone = "danger"

    def get_verdict(self):
        return may_withdraw_request(self.request.user, self.object)

    def operate(self, form):
        withdraw_request(request_id=self.object.pk, actor=self.request.user, at=timezone.now())
        messages.success(self.request, _("Withdrawn."))
        return self.done()
