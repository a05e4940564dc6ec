"""The acts on a version of a regulation: handing on, giving up, approving or sending back."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import PortalForm
from portal.kernel.verdicts import require
from portal.kernel.views import OperationFormView

from .. import operations as does
from .. import rules
from ..forms import DecideForm
from ..queries import versions_of
from .regulations_desk import find_version


class _VersionActView(OperationFormView):
    """One act on one version: shows its form where the rule allows, calls one operation."""

    form_class = PortalForm
    template_name = "disclosures/regulations/act.html"
    said = _("Saved.")

    def dispatch(self, request, *args, **kwargs):
        self.version = find_version(request.user, kwargs["pk"])
        if request.method in ("GET", "HEAD"):
            require(type(self).may(request.user, self.version))
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form):
        verdict = type(self).may(self.request.user, self.version)
        return super().form_invalid(form) if verdict else self._again(form, verdict.reason, 403)

    def get_context_data(self, **kwargs):
        back = reverse("disclosures:regulation_work", args=[self.version.pk])
        return super().get_context_data(
            act=self.act, eyebrow=self.version.title, back=back, version=self.version, **kwargs
        )

    def run(self, operation, **values):
        """Call an operation on the version as this reader, now."""
        operation(version_id=self.version.pk, actor=self.request.user, at=timezone.now(), **values)
        messages.success(self.request, self.said)


class SubmitRegulationView(_VersionActView):
    """Hand a draft on for approval."""

    may = staticmethod(rules.may_edit_regulation_draft)
    act = {
        "title": _("Hand on for approval"),
        "lead": _("From here on the text cannot be changed. Whoever approves may send it back to you with a remark."),
        "button": _("Hand on"),
        "tone": "primary",
        "icon": "send",
    }
    said = _("It waits for approval.")

    def operate(self, form):
        self.run(does.submit_regulation)
        return redirect("disclosures:regulation_work", self.version.pk)


class DiscardRegulationView(_VersionActView):
    """Give a draft up."""

    may = staticmethod(rules.may_discard_regulation_draft)
    act = {
        "title": _("Discard the draft"),
        "lead": _("The draft leaves your desk. It was never in force; that it existed stays in the ledger."),
        "button": _("Discard"),
        "tone": "danger",
        "icon": "trash-2",
    }
    said = _("The draft has been discarded.")

    def operate(self, form):
        self.run(does.discard_regulation_draft)
        return redirect("disclosures:regulations_desk")


class ApproveRegulationView(_VersionActView):
    """Approve a version or a repeal, or send it back."""

    form_class = DecideForm
    template_name = "disclosures/regulations/approve.html"
    may = staticmethod(rules.may_approve_regulation)
    act = {
        "title": _("Approve"),
        "lead": _("A yes freezes it for good and lets it hold from its day; a no sends it back with your remark."),
    }

    def operate(self, form):
        if form.is_granted:
            self.said = _("Approved. It holds from its day on.")
            self.run(does.approve_regulation, remark=form.cleaned_data["answer"])
        else:
            self.said = _("It went back to the one who entered it, with your remark.")
            self.run(does.send_back_regulation, note_text=form.cleaned_data["answer"])
        return redirect("disclosures:regulations_desk")

    def get_context_data(self, **kwargs):
        texts = [row for row in versions_of(self.version.regulation) if not row.is_repeal]
        return super().get_context_data(before=texts[-1] if texts else None, **kwargs)
