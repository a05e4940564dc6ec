"""The acts on a version of a regulation: handing on, giving up, approving or sending back."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import PortalForm
from portal.kernel.views import ActView

from .. import operations as does
from .. import rules
from ..forms import DecideForm
from ..queries import versions_of
from .regulations_desk import find_version


class _VersionActView(ActView):
    """One act on one version."""

    name = "version"
    home = "disclosures:regulation_work"
    form_class = PortalForm
    template_name = "disclosures/regulations/act.html"

    @property
    def version(self):
        return self.thing

    def find(self):
        return find_version(self.request.user, self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"eyebrow": self.version.title, "back": self.back_url(), **kwargs})


class SubmitRegulationView(_VersionActView):
    """Hand a draft on for approval."""

    may = staticmethod(rules.may_edit_regulation_draft)
    title = _("Hand on for approval")
    lead = _("From here on the text cannot be changed. Whoever approves may send it back to you with a remark.")
    button = _("Hand on")
    tone = "primary"
    icon = "send"
    said = _("It waits for approval.")

    def operate(self, form):
        self.act(does.submit_regulation)
        return self.done()


class DiscardRegulationView(_VersionActView):
    """Give a draft up."""

    may = staticmethod(rules.may_discard_regulation_draft)
    title = _("Discard the draft")
    lead = _("The draft leaves your desk. It was never in force; that it existed stays in the ledger.")
    button = _("Discard")
    tone = "danger"
    icon = "trash-2"
    said = _("The draft has been discarded.")

    def operate(self, form):
        self.act(does.discard_regulation_draft)
        messages.success(self.request, self.said)
        return redirect("disclosures:regulations_desk")


class ApproveRegulationView(_VersionActView):
    """Approve a version or a repeal, or send it back."""

    form_class = DecideForm
    template_name = "disclosures/regulations/approve.html"
    may = staticmethod(rules.may_approve_regulation)
    title = _("Approve")
    lead = _("A yes freezes it for good and lets it hold from its day; a no sends it back with your remark.")

    def operate(self, form):
        if form.is_granted:
            self.said = _("Approved. It holds from its day on.")
            self.act(does.approve_regulation, remark=form.cleaned_data["answer"])
        else:
            self.said = _("It went back to the one who entered it, with your remark.")
            self.act(does.send_back_regulation, note_text=form.cleaned_data["answer"])
        messages.success(self.request, self.said)
        return redirect("disclosures:regulations_desk")

    def get_context_data(self, **kwargs):
        texts = [row for row in versions_of(self.version.regulation) if not row.is_repeal]
        return super().get_context_data(before=texts[-1] if texts else None, **kwargs)
