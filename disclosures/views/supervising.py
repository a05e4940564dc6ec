"""The supervisory group: demanding that a text be put right, and checking what was."""

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kernel.rows import only_one

from .. import operations as does
from .. import rules
from ..forms import (
    DecideForm,
    FlagForm,
    RectifyForm,
)
from ..models import Rectification
from .base import PublicationActView, find_desk


class FlagView(PublicationActView):
    """Demand that a publication be put right."""

    form_class = FlagForm
    may = staticmethod(rules.may_flag)
    title = _("Demand rectification")
    lead = _("The unit has fifteen working days. The demand and what came of it are public.")
    button = _("Demand")
    tone = "danger"
    icon = "flag"
    said = _("The demand has been sent to the unit.")

    def operate(self, form):
        self.act(does.flag_publication, reason=form.cleaned_data["reason"], demand=form.cleaned_data["demand"])
        return self.done()


class _RectificationView(PublicationActView):
    """An act on a demand: found by its own key, shown with its publication."""

    template_name = "disclosures/rectify.html"

    def find(self):
        self.rectification = only_one(Rectification.objects.select_related("promise").filter(pk=self.kwargs["pk"]))
        if self.rectification is None:
            raise Http404
        publication = find_desk(self.request.user, self.rectification.publication_id)
        self.rectification.publication = publication
        return publication

    def verdict(self):
        return type(self).may(self.request.user, self.rectification)

    def get_context_data(self, **kwargs):
        return super().get_context_data(rectification=self.rectification, **kwargs)


class RectifyView(_RectificationView):
    """Say what was put right."""

    form_class = RectifyForm
    may = staticmethod(rules.may_rectify)
    title = _("Report what was put right")
    lead = _("The supervisory group checks it; the clock stops on the day of your report if it is accepted.")
    button = _("Report")
    said = _("Reported; the supervisory group checks it.")

    def operate(self, form):
        does.report_rectified(
            rectification_id=self.rectification.pk,
            done=form.cleaned_data["done"],
            actor=self.request.user,
            at=timezone.now(),
        )
        return self.done()


class CheckView(_RectificationView):
    """Accept what was put right, or not."""

    template_name = "disclosures/rectify_check.html"
    form_class = DecideForm
    may = staticmethod(rules.may_check_rectification)
    title = _("Check the rectification")
    said = _("Your answer has been recorded.")

    def operate(self, form):
        does.check_rectification(
            rectification_id=self.rectification.pk,
            is_accepted=form.is_granted,
            check_note=form.cleaned_data["answer"],
            actor=self.request.user,
            at=timezone.now(),
        )
        return self.done()
