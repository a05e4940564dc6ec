"""The base of this floor's pages for one act: a heading, a form, one button."""

from django.shortcuts import redirect

from portal.kernel.forms import PortalForm
from portal.kernel.verdicts import require
from portal.kernel.views import OperationFormView, VerdictRequiredMixin

from ..stepup import StepUpMixin

PROVEN = StepUpMixin.stepup_methods


class ActView(VerdictRequiredMixin, StepUpMixin, OperationFormView):
    """
    A page for one act; a subclass says its words, its form, its rule and its operation.

    ``get_verdict`` is asked on opening, the operation asks again under its
    lock. With ``stepup_methods = PROVEN`` the secret is asked for once more,
    after the rule has said yes.
    """

    stepup_methods = ()

    form_class = PortalForm
    template_name = "accounts/act.html"
    title = ""
    lead = ""
    label = ""
    icon = "check"
    tone = "primary"
    details = ()

    def get_back_url(self):
        """Return the page to go back to."""
        raise NotImplementedError

    def get_lead(self):
        """Return the sentence below the heading."""
        return self.lead

    def get_details(self):
        """Return pairs of term and value that say what the act is about."""
        return self.details

    def get_context_data(self, **kwargs):
        words = {
            "title": self.title,
            "lead": self.get_lead(),
            "label": self.label,
            "icon": self.icon,
            "tone": self.tone,
        }
        return super().get_context_data(
            **words, back_url=self.get_back_url(), details=list(self.get_details()), **kwargs
        )

    def done(self, url=None):
        """Return the answer after the act."""
        return redirect(url or self.get_back_url())


class RequireMixin:
    """For pages without a form: ask ``get_verdict()`` before anything is shown."""

    def dispatch(self, request, *args, **kwargs):
        require(self.get_verdict())
        return super().dispatch(request, *args, **kwargs)
