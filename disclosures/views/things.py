"""The base of an act on a thing of commitments or the register, with the secret asked for where an act needs it."""

from portal.accounts.stepup import StepUpMixin
from portal.kernel.forms import PortalForm
from portal.kernel.verdicts import require
from portal.kernel.views import ActView

PROVEN = StepUpMixin.stepup_methods


class ThingActView(StepUpMixin, ActView):
    """
    One act on ``self.thing``.

    With ``stepup_methods = PROVEN`` the secret is asked for once more, after the
    rule has said yes: nobody types it for an act that is not theirs.
    """

    form_class = PortalForm
    template_name = "disclosures/commitments/act.html"
    stepup_methods = ()
    needs_multipart = False

    def dispatch(self, request, *args, **kwargs):
        if self.stepup_methods:
            require(self.verdict())
        return super().dispatch(request, *args, **kwargs)

    def eyebrow(self):
        """Return the words above the heading."""
        return ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"back": self.back_url(), "eyebrow": self.eyebrow(), **kwargs})
