"""The acts on a demand of a rectification opinion: the unit reports, the group re-checks."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kernel.rows import only_one

from ..forms import assessments as forms
from ..models import RectificationPoint
from ..operations import rectifying
from ..queries.assessments import group_of
from ..rules import assessments as rules
from .assessment_base import AssessmentActView, find_assessment


class _PointView(AssessmentActView):
    """One act on a demand of the opinion."""

    name = "point"
    template_name = "evaluations/assessments/point.html"

    def find(self):
        point = only_one(
            RectificationPoint.objects.select_related("line__item", "promise", "done_by").filter(pk=self.kwargs["pk"])
        )
        if point is None:
            raise Http404
        point.assessment = find_assessment(self.request.user, point.assessment_id)
        self.people = group_of(point.assessment)
        return point

    def back_url(self):
        return reverse("evaluations:assessment", args=[self.thing.assessment.pk]) + "#put-right"

    def eyebrow(self):
        assessment = self.thing.assessment
        return f"{assessment.unit.name} · {assessment.year} · {self.thing.line.item.title}"


class ReportView(_PointView):
    """Say what was done about a demand."""

    form_class = forms.DoneForm
    title = _("Report what was put right")
    lead = _("Once every demand is reported the group re-checks.")
    button = _("Report")
    icon = "send"
    said = _("Reported.")

    def verdict(self):
        return rules.may_report_point(self.request.user, self.thing)

    def get_initial(self):
        return {"done": self.thing.done}

    def operate(self, form):
        rectifying.report_point(
            point_id=self.thing.pk, done=form.cleaned_data["done"], actor=self.request.user, at=timezone.now()
        )
        return self.done()


class CheckView(_PointView):
    """Re-check what was done about a demand."""

    form_class = forms.CheckForm
    template_name = "evaluations/assessments/check.html"
    title = _("Re-check")
    lead = _("Look at it yourself. A no sends it back to the unit, while its clock goes on.")
    said = _("Your finding has been recorded.")

    def verdict(self):
        return rules.may_check_point(self.request.user, self.thing, self.people)

    def operate(self, form):
        rectifying.check_point(
            point_id=self.thing.pk,
            is_accepted=form.is_accepted,
            check_note=form.cleaned_data["note"],
            actor=self.request.user,
            at=timezone.now(),
        )
        return self.done()
