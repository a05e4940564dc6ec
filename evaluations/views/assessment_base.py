"""What the pages of assessments do alike: find one, say where it stands, put figures into words."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.deadlines.clock import clock_of
from portal.kernel.enums import Lamp
from portal.kernel.forms import PortalForm
from portal.kernel.indicators import DAYS, UnknownIndicator, indicator_of
from portal.kernel.views import ActView

from ..enums import AssessmentState
from ..pointing import share_of
from ..queries.assessments import assessment_for, group_of
from ..rules.schemes import plain

LAMPS = {
    AssessmentState.PLANNED: Lamp.GREY,
    AssessmentState.FINAL: Lamp.BLUE,
    AssessmentState.CLOSED: Lamp.GREEN,
    AssessmentState.CANCELLED: Lamp.GREY,
}


def find_assessment(user, pk):
    """Return an assessment that the reader may know of; 404 for every other."""
    found = assessment_for(user, pk)
    if found is None:
        raise Http404
    return found


def standing_of(assessment, at, points=()):
    """Return (lamp, words) of an assessment: its state, and the clock that runs."""
    promises = [point.promise for point in points if not point.is_accepted]
    if assessment.state == AssessmentState.RECTIFYING and promises:
        clock = clock_of(min(promises, key=lambda one: one.due_at), at)
    elif assessment.promise is not None:
        clock = clock_of(assessment.promise, at)
    else:
        clock = None
    state = assessment.get_state_display()
    if clock is None or not clock.is_open:
        return LAMPS.get(assessment.state, Lamp.BLUE), state
    if clock.is_late:
        return clock.lamp, _("%(state)s, %(days)d days late") % {"state": state, "days": clock.days_late}
    return clock.lamp, _("%(state)s, %(days)d days left") % {"state": state, "days": max(0, clock.days_left)}


def figure_words(figure):
    """Return (label, value in words, formula) of a frozen figure."""
    try:
        indicator = indicator_of(figure.indicator)
    except UnknownIndicator:
        return figure.indicator, _("no longer offered"), ""
    if figure.is_withheld:
        return indicator.label, _("not shown: too few people"), indicator.formula
    if not figure.denominator:
        return indicator.label, _("nothing was owed"), indicator.formula
    about = {"numerator": figure.numerator, "denominator": figure.denominator}
    if indicator.measure == DAYS:
        mean = figure.numerator / figure.denominator
        words = _("%(mean)s days on average (at least %(target)d are asked for)")
        return indicator.label, words % {"mean": f"{mean:.1f}", "target": figure.target}, indicator.formula
    share = share_of(figure.numerator, figure.denominator, measure=indicator.measure)
    words = _("%(percent)s%%: %(numerator)s of %(denominator)s")
    return indicator.label, words % {**about, "percent": plain_percent(share)}, indicator.formula


def plain_percent(share):
    """Return a fraction from 0 to 1 as per cent with one decimal."""
    return f"{float(share) * 100:.1f}".removesuffix(".0")


def line_rows(lines, assessment):
    """Return what a page shows of each item: points, and its figures with the way to their rows."""
    return [
        {
            "line": line,
            "most": plain(line.item.points),
            "proposed": "" if line.proposed is None else plain(line.proposed),
            "own": "" if line.own_points is None else plain(line.own_points),
            "points": "" if line.points is None else plain(line.points),
            "figures": [
                {
                    "label": label,
                    "value": value,
                    "formula": formula,
                    "weight": figure.weight,
                    "url": reverse("evaluations:assessment_evidence", args=[assessment.pk, figure.pk]),
                }
                for figure in line.figures.all()
                for label, value, formula in [figure_words(figure)]
            ],
        }
        for line in lines
    ]


class AssessmentActView(ActView):
    """One act on an assessment."""

    name = "assessment"
    form_class = PortalForm
    template_name = "evaluations/assessments/act.html"
    needs_multipart = False

    def find(self):
        found = find_assessment(self.request.user, self.kwargs["pk"])
        self.people = group_of(found)
        return found

    def back_url(self):
        return reverse("evaluations:assessment", args=[self.thing.pk])

    def eyebrow(self):
        """Return the words above the heading."""
        return f"{self.thing.unit.name} · {self.thing.year}"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"back": self.back_url(), "eyebrow": self.eyebrow(), **kwargs})
