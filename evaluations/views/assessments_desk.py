"""The desk of assessments: what waits, all units with their lamps, what is to be put right, planning."""

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from portal.accounts.queries import rule_value
from portal.deadlines.clock import clock_of
from portal.deadlines.operations import workday_limit
from portal.kernel.days import local_day
from portal.kernel.paging import keyset_page
from portal.kernel.verdicts import require
from portal.kernel.views import OperationFormView

from .. import assessment_numbers as numbers
from ..forms.assessments import PlanForm
from ..models import RectificationPoint
from ..operations.assessments import plan_assessments
from ..queries.assessment_votes import VOTES
from ..queries.assessments import (
    assessments_on_desk,
    assessments_owed,
    points_open,
    units_to_assess,
    versions_to_plan,
)
from ..rules import assessments as rules
from ..rules.schemes import plain
from .assessment_base import standing_of

TABS = ("todo", "all", "points")
PAGE_SIZE, LONGEST = 25, 100


class AssessmentsDeskView(TemplateView):
    """What waits for this person, all assessments in one's hands, and what is to be put right."""

    template_name = "evaluations/assessments/desk.html"

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        owed = list(assessments_owed(user, at)[:LONGEST])
        tab = self.request.GET.get("tab", "")
        if tab not in TABS:
            tab = "todo" if owed else "all"
        labels = {"todo": _("Waiting for me"), "all": _("All units"), "points": _("To put right")}
        here = reverse("evaluations:assessments_desk")
        context = {
            "tab": tab,
            "tabs": [
                {
                    "label": labels[name],
                    "url": f"{here}?tab={name}",
                    "is_current": name == tab,
                    "count": len(owed) if name == "todo" else "",
                }
                for name in TABS
            ],
            "may_plan": bool(rules.may_plan_assessments(user)),
            **getattr(self, f"_{tab}")(user, at, owed),
        }
        return super().get_context_data(**context, **kwargs)

    def _todo(self, user, at, owed):
        return {"rows": [_row(one, at) for one in owed]}

    def _all(self, user, at, owed):
        points = Prefetch("points", RectificationPoint.objects.select_related("promise"))
        page = keyset_page(
            assessments_on_desk(user).prefetch_related(points, VOTES),
            order=("-year", "unit__path", "id"),
            token=self.request.GET.get("after", ""),
            size=PAGE_SIZE,
        )
        return {"page": page, "rows": [_row(one, at, one.points.all(), one.put) for one in page]}

    def _points(self, user, at, owed):
        return {"points": [{"point": one, "clock": clock_of(one.promise, at)} for one in points_open(user)[:LONGEST]]}


def _row(one, at, points=(), votes=()):
    total = "" if one.total is None else plain(one.total)
    return {
        "assessment": one,
        "standing": standing_of(one, at, points),
        "total": total,
        "vote": next(iter(votes), None),
    }


class PlanView(OperationFormView):
    """Plan the assessment of units for a year."""

    form_class = PlanForm
    template_name = "evaluations/assessments/plan.html"

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_plan_assessments(request.user))
        self.at = timezone.now()
        self.versions = list(versions_to_plan(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {
            **super().get_form_kwargs(),
            "versions": self.versions,
            "units": list(units_to_assess(self.request.user)),
            "latest_year": local_day(self.at).year,
            "today": local_day(self.at),
        }

    def get_initial(self):
        today = local_day(self.at)
        self_days = rule_value(numbers.SELF_WORKDAYS, unit=None, at=self.at)
        group_days = rule_value(numbers.GROUP_WORKDAYS, unit=None, at=self.at)
        self_by = workday_limit(started_on=today, count=self_days)
        return {
            "year": today.year,
            "self_by": self_by,
            "group_by": workday_limit(started_on=self_by, count=group_days),
        }

    def operate(self, form):
        values = form.cleaned_data
        planned = plan_assessments(
            version_id=values["version"],
            year=values["year"],
            units=form.chosen_units(),
            self_by=values["self_by"],
            group_by=values["group_by"],
            actor=self.request.user,
            at=timezone.now(),
        )
        text = ngettext(
            "%(n)d assessment is planned. Name its group, then open the self-assessment.",
            "%(n)d assessments are planned. Name the groups, then open the self-assessments.",
            len(planned),
        )
        messages.success(self.request, text % {"n": len(planned)})
        return redirect(f"{reverse('evaluations:assessments_desk')}?tab=all")

    def get_context_data(self, **kwargs):
        return super().get_context_data(has_versions=bool(self.versions), **kwargs)
