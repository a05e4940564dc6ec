"""Dashboards of the enterprise, a works, a workshop: lamps and lines of frozen figures, and what is due this week."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.authority import authority_of
from portal.deadlines.clock import clock_of
from portal.deadlines.kept import name_of
from portal.deadlines.kinds import kind_of
from portal.kernel.charts import line_chart
from portal.kernel.days import local_day
from portal.kernel.rows import only_one

from ..enums.scorecards import ScorecardState
from ..models import FrozenMonth
from ..queries.dashboards import due_soonest, overdue_longest, owed_below, sheets_below, sum_below, units_watched_by
from ..queries.scorecards import lines_of, scheme_for, scorecards_visible_to, sheet_of, trend_of
from ..rules.scorecards import READERS
from ..sheets import LAMPS, find, lamp_for, numbers_of, rows_of

DRAWN = ("duty.on_time", "card.on_time", "opinion.on_time", "briefing.held")


class DashboardsView(View):
    """Send a reader on to the dashboard of the highest unit that is theirs."""

    def get(self, request):
        own = authority_of(request.user).units(*READERS)
        unit = min(own, key=lambda one: one.path, default=request.user.unit)
        return redirect("evaluations:dashboard", unit.code)


class DashboardView(TemplateView):
    """One unit at a glance: its frozen figures of the last month, their year, the units below, and what is due."""

    template_name = "evaluations/dashboard.html"

    def get_context_data(self, **kwargs):
        user, at = self.request.user, timezone.now()
        today = local_day(at)
        unit = only_one(units_watched_by(user).select_related("parent").filter(code=kwargs["code"]))
        if unit is None:
            raise Http404
        newest = FrozenMonth.objects.order_by("-month").values_list("month", flat=True).first()
        scheme = scheme_for(newest) if newest else None
        lines = lines_of(scheme) if scheme else {}
        card = only_one(sheet_of(scorecards_visible_to(user).filter(unit=unit, month=newest))) if newest else None
        owed = owed_below(unit, at, today)
        context = {
            "unit": unit,
            "upper": unit.parent,
            "newest": newest,
            "card": card,
            "owed": dict(zip(("open", "late", "soon"), sum_below(owed, unit.path), strict=True)),
            "late": [self._due(promise, at) for promise in overdue_longest(unit, at)],
            "due": [self._due(promise, at) for promise in due_soonest(unit, at, today)],
            "rows": [],
            "below": [],
            "more": "",
        }
        # Every number of the tiles has its rows, as many as a page holds.
        for code, name in (("late", "late"), ("soon", "due")):
            context[f"{name}_more"] = max(0, context["owed"][code] - len(context[name]))
        if newest:
            months, figures, _totals = trend_of(user, unit, newest) if card else ([], {}, [])
            if card:
                context["rows"] = rows_of(card, lines, (months, figures))
                context["chart"] = self._chart(months, figures)
            context["below"], context["more"] = self._below(user, unit, newest, lines, owed)
        return super().get_context_data(**{**kwargs, **context})

    def _due(self, promise, at):
        kind = kind_of(promise.kind)
        return {
            "label": kind.label,
            "name": name_of(promise),
            "unit": promise.unit,
            "due_on": promise.due_on,
            "clock": clock_of(promise, at),
            "url": kind.subject_url(promise.subject) if kind.subject_url else "",
        }

    def _chart(self, months, figures):
        series = [
            (str(find(code).label), numbers_of(find(code), figures[code]))
            for code in DRAWN
            if code in figures and find(code)
        ]
        if not series:
            return None
        labels = [f"{month:%y-%m}" for month in months]
        return line_chart(_("Shares kept in time, last 12 months"), labels, series, unit="%", maximum=100)

    def _below(self, user, unit, month, lines, owed):
        after = self.request.GET.get("after", "")[:60].replace("\x00", "")
        cards, figures, more = sheets_below(user, unit, month, after=after)
        below = []
        for card in cards:
            lamps = dict.fromkeys(LAMPS, 0)
            for code, numerator, denominator, is_withheld in figures.get(card.pk, ()):
                lamp = "grey" if is_withheld else lamp_for(lines.get(code), find(code), numerator, denominator)
                lamps[lamp] += 1
            _open, late, soon = sum_below(owed, card.unit.path)
            below.append(
                {
                    "unit": card.unit,
                    "is_scored": card.state != ScorecardState.FIGURES,
                    "total": card.proposed if card.total is None else card.total,
                    "state": card.get_state_display(),
                    "late": late,
                    "soon": soon,
                    "lamps": [(lamp, f"{LAMPS[lamp]} {n}") for lamp, n in lamps.items() if n],
                }
            )
        return below, more
