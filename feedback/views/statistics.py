"""Statistics for the desks, the scorecard of a department, and the simple version for everybody."""

import datetime as dt
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.middleware import public_view
from portal.accounts.models import Unit
from portal.accounts.queries import company
from portal.exports.responses import download
from portal.kernel.charts import bar_chart, line_chart, stacked_bar_chart
from portal.kernel.days import local_day, months_after
from portal.kernel.verdicts import ALLOWED, denied, require

from ..documents import board_workbook, definitions, statistics_document, statistics_workbook
from ..forms.desk import BoardFilterForm
from ..queries import UNION, triage_board
from ..statistics import month_of, quarter_of, scorecard_of, statistics_of
from .triage import STAGES, board_units, may_triage

PERIODS = (
    ("12", _("last 12 months")),
    ("year", _("this year")),
    ("last_year", _("last year")),
    ("quarter", _("this quarter")),
    ("month", _("this month")),
)
EXPORT_ROWS = 20_000


def may_see_statistics(user):
    """Whether the person may look at the figures of units: the union, leaders, inspectors and auditors."""
    if authority_of(user).holds(
        *UNION, Role.LEADER_IN_CHARGE, Role.DISCIPLINE_INSPECTOR, Role.AUDITOR, Role.DEPARTMENT_HEAD
    ):
        return ALLOWED
    return denied(
        gettext(
            "The figures of units are for the union, leaders, department heads, discipline inspection and auditors."
        )
    )


def period_of(code, today):
    """Return (since, until) of a period, firsts of months; the second one not included."""
    this = month_of(today)
    following = months_after(this, 1)
    return {
        "year": (dt.date(today.year, 1, 1), following),
        "last_year": (dt.date(today.year - 1, 1, 1), dt.date(today.year, 1, 1)),
        "quarter": quarter_of(today),
        "month": (this, following),
    }.get(code, (months_after(following, -12), following))


class _Figures:
    """What a request asks for: whose figures, of which period, and seen from which side."""

    def read(self, request, at):
        user = request.user
        require(may_see_statistics(user))
        authority = authority_of(user)
        own = authority.units(*UNION, Role.LEADER_IN_CHARGE, Role.DISCIPLINE_INSPECTOR, Role.AUDITOR)
        # A department head sees the department's own side only.
        departments_only = not own
        own = own or authority.units(Role.DEPARTMENT_HEAD)
        self.period = request.GET.get("period", "12")
        if self.period not in dict(PERIODS):
            self.period = "12"
        self.side = "department" if departments_only or request.GET.get("side") == "department" else "unit"
        self.may_choose_side = not departments_only
        asked = request.GET.get("unit", "")[:20]
        # A unit that is not theirs is taken as none asked for.
        chosen = Unit.objects.filter(code=asked.replace("\x00", "")).first() if asked else None
        self.unit = chosen if chosen is not None and any(unit.covers(chosen) for unit in own) else None
        since, until = period_of(self.period, local_day(at))
        self.statistics = statistics_of(
            [self.unit] if self.unit else own, since=since, until=until, at=at, by_department=self.side == "department"
        )
        return self.statistics

    @property
    def title(self):
        name = self.unit.name if self.unit else ""
        return gettext("Handling of workers' cards, %(since)s to %(until)s") % {
            "since": f"{self.statistics.since:%Y-%m}",
            "until": f"{self.statistics.last:%Y-%m}",
        } + (f"（{name}）" if name else "")


def charts_of(statistics):
    """Return the charts of a period: in and out by month, the shares by month, and what is overdue by unit."""
    months = [f"{month:%y-%m}" for month, _figures in statistics.months]
    figures = [figures for _month, figures in statistics.months]
    charts = [
        stacked_bar_chart(
            gettext("Cards by month of receipt"),
            months,
            [
                (gettext("answered in time"), [one.on_time for one in figures], "green"),
                (gettext("answered late"), [one.answered - one.on_time for one in figures], "orange"),
                (gettext("overdue"), [one.overdue for one in figures], "red"),
                (gettext("open, in time"), [max(one.open - one.overdue, 0) for one in figures], "blue"),
            ],
        )
    ]
    if len(months) > 1:
        charts.append(
            line_chart(
                gettext("Shares by month, in per cent"),
                months,
                [
                    (gettext("In time, share"), [_hundred(one.on_time_rate) for one in figures]),
                    # Months with few ratings are left out of the line: three ratings make no trend.
                    (
                        gettext("Satisfied, share"),
                        [None if one.is_small else _hundred(one.satisfied_rate) for one in figures],
                    ),
                ],
                unit="%",
                maximum=100,
            )
        )
    late = [(unit.name, one.overdue, "red") for unit, one in statistics.units if one.overdue]
    if late:
        charts.append(bar_chart(gettext("Overdue now, by unit"), sorted(late, key=lambda row: -row[1])[:12]))
    return charts


def _hundred(rate):
    return None if rate is None else round(100 * rate, 1)


class StatisticsView(TemplateView):
    """By unit and month, with denominators, and a way from each number to its matters."""

    template_name = "feedback/desk_statistics.html"

    def get_context_data(self, **kwargs):
        at = timezone.now()
        asked = _Figures()
        statistics = asked.read(self.request, at)
        unit_rows = self._unit_rows(asked)
        return super().get_context_data(
            **{
                "asked": asked,
                "statistics": statistics,
                "periods": PERIODS,
                "charts": partial(charts_of, statistics),  # drawn only when they are not kept
                "definitions": definitions(),
                "figures_key": self._key(statistics, unit_rows),
                "unit_rows": unit_rows,
                "month_rows": [
                    {"label": f"{month:%Y-%m}", "figures": figures} for month, figures in reversed(statistics.months)
                ],
                "on_time_note": f"{statistics.total.on_time}/{statistics.total.due}",
                "landed_note": f"{statistics.total.landed}/{statistics.total.answered}",
                "satisfied_note": f"{statistics.total.satisfied}/{statistics.total.rated}",
                "here": "?" + self.request.GET.urlencode(),
                **kwargs,
            }
        )

    def _key(self, statistics, unit_rows):
        """Return all that the charts and tables show, for a kept part."""
        units = tuple((row["label"], row["url"], *vars(row["figures"]).values()) for row in unit_rows)
        months = tuple((month, *vars(figures).values()) for month, figures in statistics.months)
        return self.request.is_elder_mode, units, months

    def _unit_rows(self, asked):
        """Each unit with the way to its matters, or to the units below it; the total last."""
        may_drill = bool(may_triage(self.request.user)) and asked.side == "unit"
        rows = [
            {
                "label": unit.name,
                "figures": figures,
                "url": reverse("feedback:triage") + f"?stage=all&unit={unit.code}" if may_drill else "",
            }
            for unit, figures in asked.statistics.units
        ]
        return [*rows, {"label": str(_("Total")), "figures": asked.statistics.total, "url": "", "is_total": True}]


class StatisticsFileView(View):
    """The same figures as .xlsx, or as an official .docx (办理情况表)."""

    def get(self, request, form):
        asked = _Figures()
        statistics = asked.read(request, timezone.now())
        write = {"xlsx": statistics_workbook, "docx": statistics_document}[form]
        return download(write(statistics, title=asked.title), f"{asked.title}.{form}")


class BoardFileView(View):
    """The board's list, with its filters, as .xlsx for the union."""

    def get(self, request):
        at, user = timezone.now(), request.user
        require(may_triage(user))
        stage = request.GET.get("stage", "")
        wanted = BoardFilterForm(request.GET, units=board_units(user)).wanted()
        rows = triage_board(user, stage=stage if stage in dict(STAGES) else "", now=at, **wanted)
        title = gettext("Register of workers' cards")
        rows = rows.order_by("-year", "-serial")[:EXPORT_ROWS]
        return download(board_workbook(rows, at=at, title=title), f"{title}-{local_day(at):%Y%m%d}.xlsx")


class ScorecardView(TemplateView):
    """A department's own figures beside its own last quarter: no league table."""

    template_name = "feedback/desk_scorecard.html"

    def get_context_data(self, **kwargs):
        own = authority_of(self.request.user).units(Role.DEPARTMENT_HEAD, Role.HANDLER, Role.LEADER_IN_CHARGE)
        if not own:
            require(denied(gettext("A scorecard is for those who answer for a department.")))
        now, last = scorecard_of(own, at=timezone.now())
        rows = [
            (
                _("In time, share"),
                now.total.on_time_rate,
                last.total.on_time_rate,
                now.total.on_time,
                now.total.due,
                False,
            ),
            (
                _("Solved, share"),
                now.total.landed_rate,
                last.total.landed_rate,
                now.total.landed,
                now.total.answered,
                False,
            ),
            (
                _("Satisfied, share"),
                now.total.satisfied_rate,
                last.total.satisfied_rate,
                now.total.satisfied,
                now.total.rated,
                now.total.is_small,
            ),
        ]
        return super().get_context_data(
            **{
                "names": "、".join(dict.fromkeys(unit.name for unit in own)),
                "received_note": gettext("last quarter: %(n)s") % {"n": last.total.received},
                "now": now,
                "last": last,
                "rates": [
                    {
                        "label": label,
                        "now": value,
                        "last": before,
                        "part": part,
                        "whole": whole,
                        "is_small": is_small,
                        "change": _change(value, before),
                    }
                    for label, value, before, part, whole, is_small in rows
                ],
                **kwargs,
            }
        )


def _change(now, before):
    """Return the change in percentage points, or None where there is nothing to compare."""
    return None if now is None or before is None else round(100 * (now - before), 1)


@method_decorator(public_view, name="dispatch")
class PublicStatisticsView(TemplateView):
    """What everybody may know: received, answered, in time, overdue and hidden, by month and by unit."""

    template_name = "feedback/public_statistics.html"

    def get_context_data(self, **kwargs):
        at = timezone.now()
        since, until = period_of("12", local_day(at))
        root = company()
        statistics = statistics_of([root] if root else [], since=since, until=until, at=at)
        return super().get_context_data(
            **{
                "statistics": statistics,
                "charts": charts_of(statistics)[:1],
                "definitions": definitions()[:4],
                **kwargs,
            }
        )
