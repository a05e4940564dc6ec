"""The base of an act on a thing of commitments or the register: ask the rule, show a form, call one operation."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.stepup import StepUpMixin
from portal.kernel.forms import PortalForm
from portal.kernel.verdicts import require
from portal.kernel.views import OperationFormView

PROVEN = StepUpMixin.stepup_methods


class ThingActView(StepUpMixin, OperationFormView):
    """
    One act on ``self.thing``, which ``find()`` returns or hides as a 404.

    A GET asks the rule: no is a 403 with the reason. A POST lets the operation
    ask it under its lock, and a refusal comes back with what was typed. With
    ``stepup_methods = PROVEN`` the secret is asked for once more, after the
    rule has said yes.
    """

    form_class = PortalForm
    template_name = "disclosures/commitments/act.html"
    stepup_methods = ()
    title = ""
    lead = ""
    button = _("Save")
    busy = _("Saving…")
    tone = "primary"
    icon = "check"
    said = _("Saved.")
    needs_multipart = False

    def dispatch(self, request, *args, **kwargs):
        self.at = timezone.now()
        self.thing = self.find()
        # Before the secret is asked for: nobody types it for an act that is not theirs.
        if request.method in ("GET", "HEAD") or self.stepup_methods:
            require(self.verdict())
        return super().dispatch(request, *args, **kwargs)

    def find(self):
        """Return what the act is about; out of this reader's sight is a 404."""
        raise NotImplementedError

    def verdict(self):
        """Return the rule's answer for this reader."""
        raise NotImplementedError

    def form_invalid(self, form):
        verdict = self.verdict()
        if not verdict:
            return self._again(form, verdict.reason, 403)
        return super().form_invalid(form)

    def back_url(self):
        """Return the page to go back to."""
        raise NotImplementedError

    def eyebrow(self):
        """Return the words above the heading."""
        return ""

    def done(self):
        """Say what was done and go back."""
        messages.success(self.request, self.said)
        return redirect(self.back_url())

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{"thing": self.thing, "act": self, "back": self.back_url(), "eyebrow": self.eyebrow(), **kwargs}
        )
