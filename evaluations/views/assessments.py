"""What everybody reads of assessments: results of a year, one result, its sheet of paper, the rows behind a figure."""

import datetime as dt

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from portal.deadlines.clock import clock_of
from portal.exports.responses import download
from portal.kernel.indicators import Behind, UnknownIndicator, indicator_of
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from ..assessment_papers import assessment_document, assessments_workbook
from ..enums import AssessmentState, VoteState
from ..queries.assessment_votes import VOTES, poll_of, vote_of
from ..queries.assessments import (
    figure_of,
    group_of,
    lines_of,
    lines_of_many,
    objections_of,
    points_of,
    results_of,
    years_of_results,
)
from ..queries.year_figures import days_counted
from ..rules import assessments as rules
from ..rules.schemes import plain
from .assessment_base import figure_words, find_assessment, line_rows, standing_of

S = AssessmentState
VOTE_TONES = {
    VoteState.AHEAD: "yellow",
    VoteState.APPROVED: "green",
    VoteState.REJECTED: "red",
    VoteState.NOT_VOTED: "grey",
}


class AssessmentsView(TemplateView):
    """Results of a year, best first, for every worker."""

    template_name = "evaluations/assessments/list.html"

    def get_context_data(self, **kwargs):
        years = years_of_results()
        asked = self.request.GET.get("year", "")
        year = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in years else max(years, default=None)
        rows = result_rows(year, timezone.now()) if year else []
        tabs = [{"label": str(one), "url": f"?year={one}", "is_current": one == year} for one in years]
        return super().get_context_data(rows=rows, tabs=tabs if len(tabs) > 1 else [], year=year, **kwargs)


def result_rows(year, at):
    """Return what a list shows of the results of a year, best first, with what the congress says of them."""
    return [
        {
            "assessment": one,
            "total": plain(one.total),
            "standing": standing_of(one, at),
            "vote": one.put[0] if one.put else None,
        }
        for one in results_of(year).prefetch_related(VOTES)
    ]


class AssessmentsWorkbookView(View):
    """The results of a year as a workbook, for every worker as the list is."""

    http_method_names = ("get", "head", "options")

    def get(self, request, year):
        at = timezone.now()
        rows = result_rows(year, at)
        if not rows:
            raise Http404
        shown = [(line.assessment.unit.name, line) for line in lines_of_many([row["assessment"].pk for row in rows])]
        points = [
            [unit, line.item.title, line.item.points, line.own_points, line.points, line.reason] for unit, line in shown
        ]
        content = assessments_workbook(year, rows, points, at=at)
        return download(content, _("Assessment of units, %(year)s") % {"year": year} + ".xlsx")


class AssessmentView(TemplateView):
    """One assessment: items with figures and points, the unit's objection, what is put right, everything done."""

    template_name = "evaluations/assessments/detail.html"

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        one = find_assessment(user, self.kwargs["pk"])
        people, lines, objections = group_of(one), lines_of(one), objections_of(one)
        points = points_of(one)
        shows_scores = rules.may_see_scores(user, one, people)
        is_inside = rules.may_see_own_side(user, one, people)
        vote = vote_of(one) if one.total is not None else None
        return super().get_context_data(
            one=one,
            people=people,
            lines=line_rows(lines, one),
            total="" if one.total is None or not shows_scores else plain(one.total),
            shows_scores=shows_scores and any(line.points is not None for line in lines),
            shows_own=is_inside or one.total is not None,
            is_inside=is_inside,
            standing=standing_of(one, at, points),
            clock=clock_of(one.promise, at) if one.promise is not None else None,
            last_day=one.frozen_on - dt.timedelta(days=1) if one.frozen_on else None,
            objections=objections,
            vote=vote,
            vote_tone=VOTE_TONES[vote.state] if vote else "",
            poll=poll_of(vote) if vote else None,
            points=[
                {
                    "point": point,
                    "clock": clock_of(point.promise, at),
                    "may_report": bool(rules.may_report_point(user, _with(point, one))),
                    "may_check": bool(rules.may_check_point(user, _with(point, one), people)),
                }
                for point in points
            ],
            acts=acts_of(user, one, people, objections, vote, at),
            history=history_of(subject_key(one), with_all=is_inside),
            **kwargs,
        )


def _with(point, assessment):
    point.assessment = assessment
    return point


def acts_of(user, one, people, objections, vote, at):
    """Return the acts that the reader may do now: (route, label, icon, tone)."""
    offered = (
        (
            rules.may_assess_self(user, one),
            "assessment_self",
            _("Fill in the self-assessment"),
            "square-pen",
            "primary",
        ),
        (rules.may_score(user, one, people), "assessment_score", _("Give points"), "square-pen", "primary"),
        (rules.may_confirm(user, one, people), "assessment_confirm", _("Confirm the points"), "check", "primary"),
        (
            rules.may_object(user, one, objections, at),
            "assessment_object",
            _("Object to the draft"),
            "message-square",
            "secondary",
        ),
        (rules.may_accept(user, one, objections), "assessment_accept", _("Accept the draft"), "check", "primary"),
        (
            rules.may_take_up_again(user, one, objections),
            "assessment_again",
            _("Back to the group"),
            "undo-2",
            "secondary",
        ),
        (rules.may_finalise(user, one, objections, at), "assessment_final", _("Make it final"), "stamp", "primary"),
        (rules.may_issue_opinion(user, one), "assessment_opinion", _("Rectification opinion"), "flag", "primary"),
        (rules.may_issue_opinion(user, one), "assessment_close", _("Nothing to put right"), "check", "secondary"),
        (
            rules.may_put_to_congress(user, one, vote),
            "assessment_put",
            _("Put to the congress"),
            "landmark",
            "secondary",
        ),
        (
            rules.may_open_self(user, one, people, at),
            "assessment_open",
            _("Open the self-assessment"),
            "send",
            "primary",
        ),
        (rules.may_prepare(user, one), "assessment_prepare", _("Group and days"), "users", "secondary"),
        (rules.may_cancel_assessment(user, one), "assessment_cancel", _("Cancel"), "x", "quiet"),
    )
    return [
        {"route": f"evaluations:{route}", "label": label, "icon": icon, "tone": tone}
        for verdict, route, label, icon, tone in offered
        if verdict
    ]


class AssessmentDocumentView(View):
    """The sheet of an assessment as an official document, for whoever reads its sheet."""

    http_method_names = ("get", "head", "options")

    def get(self, request, pk):
        one = find_assessment(request.user, pk)
        if one.total is None:
            raise Http404
        content = assessment_document(one, line_rows(lines_of(one), one), points_of(one), group_of(one), vote_of(one))
        return download(content, f"{one}.docx")


class AssessmentSheetView(TemplateView):
    """The sheet of an assessment on paper, draft or result."""

    template_name = "evaluations/assessments/sheet.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        one = find_assessment(user, self.kwargs["pk"])
        people = group_of(one)
        if one.total is None:
            raise Http404
        return super().get_context_data(
            one=one,
            people=people,
            lines=line_rows(lines_of(one), one),
            total=plain(one.total),
            last_day=one.frozen_on - dt.timedelta(days=1),
            points=points_of(one),
            **kwargs,
        )


class EvidenceView(TemplateView):
    """The rows behind a frozen figure, as the reader may know them."""

    template_name = "evaluations/assessments/evidence.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        one = find_assessment(user, self.kwargs["pk"])
        figure = figure_of(one, self.kwargs["figure"])
        if figure is None or not (rules.may_see_own_side(user, one, group_of(one)) or one.total is not None):
            raise Http404
        label, value, formula = figure_words(figure)
        since, until, months = one.since, one.frozen_on, None
        try:
            indicator = indicator_of(figure.indicator)
        except UnknownIndicator:
            indicator, behind = None, Behind()
        else:
            since, until, months = days_counted(indicator, since, until, one.opened_at)
            behind = Behind() if figure.is_withheld else indicator.behind(one.unit, since, until, user)
        return super().get_context_data(
            one=one,
            figure=figure,
            label=label,
            value=value,
            formula=formula,
            indicator=indicator,
            behind=behind,
            since=since,
            last_day=until - dt.timedelta(days=1),
            is_of_months=months is not None,
        )
