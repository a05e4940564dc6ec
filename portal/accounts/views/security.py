"""The sign-in defence: who waits after wrong secrets, and ending somebody's sessions."""

from django.contrib import messages
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from ..enums import DeviceKind
from ..forms import JobNumberForm
from ..models import Device
from ..operations.signing import account_hash, end_sessions, lift_blocks
from ..queries import people_readable_by, waits_of, waits_overview
from ..rules import may_end_sessions, may_lift_blocks, may_see_security
from .acts import PROVEN, ActView, RequireMixin
from .people import PersonMixin


class SecurityView(RequireMixin, TemplateView):
    """How many accounts wait, how many devices are signed in, and a look at one account."""

    template_name = "accounts/security.html"

    def get_verdict(self):
        return may_see_security(self.request.user)

    def get_context_data(self, **kwargs):
        at = timezone.now()
        form = JobNumberForm(self.request.GET if "job_no" in self.request.GET else None)
        person, waits, asked = None, [], ""
        if form.is_bound and form.is_valid():
            asked = form.cleaned_data["job_no"]
            person = people_readable_by(self.request.user).filter(job_no=asked).first()
            waits = [
                max(0, round((row.blocked_until - at).total_seconds())) for row in waits_of(account_hash(asked), at)
            ]
        devices = dict(Device.objects.order_by().values_list("kind").annotate(count=Count("pk")))
        return super().get_context_data(
            overview=waits_overview(at),
            devices=[(label, devices.get(code, 0)) for code, label in DeviceKind.choices],
            form=form,
            asked=asked,
            person=person,
            waits=waits,
            can_act=person is not None and bool(may_lift_blocks(self.request.user, person)),
            **kwargs,
        )


class EndSessionsView(PersonMixin, ActView):
    """Sign somebody out everywhere."""

    stepup_methods = PROVEN
    title = gettext_lazy("Sign out everywhere")
    lead = gettext_lazy("Every device of this person asks for the password again at the next click.")
    label = gettext_lazy("Sign out everywhere")
    icon = "log-out"
    tone = "danger"

    def get_verdict(self):
        return may_end_sessions(self.request.user, self.object)

    def operate(self, form):
        end_sessions(person_id=self.object.pk, actor=self.request.user, at=timezone.now())
        messages.success(self.request, _("%(name)s is signed out everywhere.") % {"name": self.object.name})
        return self.done()


class LiftBlocksView(PersonMixin, ActView):
    """Let somebody who mistyped too often try again at once."""

    title = gettext_lazy("Lift a wait")
    lead = gettext_lazy(
        "After wrong passwords an account waits up to a minute. Make sure that it is the person who asks."
    )
    label = gettext_lazy("Lift the wait")
    icon = "timer-off"

    def get_verdict(self):
        return may_lift_blocks(self.request.user, self.object)

    def operate(self, form):
        count = lift_blocks(person_id=self.object.pk, actor=self.request.user, at=timezone.now())
        messages.success(
            self.request, ngettext("%(count)d wait lifted.", "%(count)d waits lifted.", count) % {"count": count}
        )
        return self.done(reverse("accounts:person", args=[self.object.pk]))
