"""Monthly scorecards: the list of a month, one unit's sheet, the rows behind a number, the figures computed anew."""

import datetime as dt

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import TemplateView

from disclosures.queries.responsibilities import holders_of
from feedback.registrations import PREFIX, subject_url
from portal.accounts.queries import company, rule_value
from portal.deadlines.clock import clock_of
from portal.kernel.indicators import known_indicators
from portal.kernel.rows import only_one
from portal.ledger.models import Entry
from portal.ledger.recording import subject_key

from .. import scorecard_numbers as numbers
from ..enums.scorecards import ObjectionState, ScorecardState
from ..models import FrozenMonth, Scheme, Scorecard
from ..months import end_of, month_of_text
from ..queries.figures import figures_of_month
from ..queries.scorecards import lines_of, open_objections, scorecards_visible_to, sheet_of, trend_of
from ..rules.scorecards import may_confirm, may_contest, may_decide_objection, may_export, may_write_scheme
from ..scoring import DEFAULT_LINES, print_of
from ..sheets import differences, few, figure_chart, find, rows_of, total_chart

PAGE = 100
MONTHS = 24


def find_sheet(user, code, month):
    """Return the query of one sheet within the reader's sight; 404 for every other."""
    day = month_of_text(month)
    rows = scorecards_visible_to(user).filter(unit__code=code, month=day) if day else Scorecard.objects.none()
    return sheet_of(rows)


class SheetMixin:
    """Find the sheet of the address."""

    @cached_property
    def card(self):
        card = only_one(find_sheet(self.request.user, self.kwargs["code"], self.kwargs["month"]))
        if card is None:
            raise Http404
        return card

    @cached_property
    def lines(self):
        return lines_of(self.card.scheme)

    def sheet_url(self, name="scorecard", *more):
        """Return the address of a page of this sheet."""
        return reverse(f"evaluations:{name}", args=[self.card.unit.code, f"{self.card.month:%Y-%m}", *more])


class ScorecardsView(TemplateView):
    """The sheets of one month that the reader may know of, in the order of the units: no league table."""

    template_name = "evaluations/scorecards.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        months = list(FrozenMonth.objects.order_by("-month").values_list("month", flat=True)[:MONTHS])
        wanted = month_of_text(self.request.GET.get("month", "")[:7])
        month = wanted if wanted in months else (months[0] if months else None)
        rows, more = self._rows(user, month) if month else ([], "")
        return super().get_context_data(
            month=month,
            months=[{"month": one, "url": f"?month={one:%Y-%m}", "is_current": one == month} for one in months],
            rows=rows,
            more=more,
            waiting=sum(row["card"].state == ScorecardState.PROPOSED for row in rows),
            may_export=bool(may_export(user)) and month is not None,
            **kwargs,
        )

    def _rows(self, user, month):
        sheets = scorecards_visible_to(user).filter(month=month).select_related("unit__parent").order_by("unit__path")
        after = self.request.GET.get("after", "")[:60]
        if after:
            sheets = sheets.filter(unit__path__gt=after.replace("\x00", ""))
        cards = list(sheets[: PAGE + 1])
        more = cards[PAGE - 1].unit.path if len(cards) > PAGE else ""
        cards = cards[:PAGE]
        ids = [card.unit_id for card in cards]
        earlier = (month - dt.timedelta(days=1)).replace(day=1)
        before = {
            unit: proposed if total is None else total
            for unit, total, proposed in scorecards_visible_to(user)
            .filter(unit__in=ids, month=earlier)
            .values_list("unit_id", "total", "proposed")
        }
        contested = open_objections(ids, month)
        return [
            {
                "card": card,
                "total": card.proposed if card.total is None else card.total,
                "before": before.get(card.unit_id),
                "contested": contested.get(card.pk, 0),
                "is_scored": card.state != ScorecardState.FIGURES,
                "url": reverse("evaluations:scorecard", args=[card.unit.code, f"{month:%Y-%m}"]),
            }
            for card in cards
        ], more


class ScorecardView(SheetMixin, TemplateView):
    """One unit's sheet of a month: every figure with its points, its own past year, and who answers for it."""

    template_name = "evaluations/scorecard.html"

    def get_context_data(self, **kwargs):
        at, user, card = timezone.now(), self.request.user, self.card
        months, figures, totals = trend_of(self.request.user, card.unit, card.month)
        rows = rows_of(card, self.lines, (months, figures))
        objections = [self._objection(one, row, at) for row in rows for one in row.objections]
        days = rule_value(numbers.CONTEST_DAYS, unit=card.unit, at=at)
        holders = holders_of([card.unit], at)[card.unit_id]
        acts = [
            {
                "row": row,
                "url": self.sheet_url("scorecard_rows", row.code) if row.indicator else "",
                "contest": self.sheet_url("scorecard_contest", row.code)
                if may_contest(user, self._of(row.snapshot), at, days=days, has_open=row.has_open)
                else "",
            }
            for row in rows
        ]
        return super().get_context_data(
            card=card,
            acts=acts,
            objections=objections,
            is_scored=card.state != ScorecardState.FIGURES,
            total=card.proposed if card.total is None else card.total,
            chart=total_chart(months, totals, card.unit.name) if card.state != ScorecardState.FIGURES else None,
            has_withheld=any(row.snapshot.is_withheld for row in rows),
            has_small=any(row.snapshot.is_small and not row.snapshot.is_withheld for row in rows),
            may_confirm=bool(may_confirm(user, card, open_objections=any(row.has_open for row in rows))),
            holders=[
                (role.label, [person.name if person else words for person, words, _d in holders[role]])
                for role in holders
            ],
            confirm_url=self.sheet_url("scorecard_confirm"),
            recompute_url=self.sheet_url("scorecard_recompute"),
            **kwargs,
        )

    def _of(self, snapshot):
        snapshot.scorecard = self.card
        return snapshot

    def _objection(self, one, row, at):
        """Return an objection with its clock while it runs, and the way to what this reader can do or read of it."""
        one.snapshot = self._of(row.snapshot)
        url = ""
        if may_decide_objection(self.request.user, one):
            url = reverse("evaluations:objection_decide", args=[one.pk])
        elif one.raised_by_id == self.request.user.pk:
            url = subject_url(f"{PREFIX}{one.inquiry_id}")
        return {
            "one": one,
            "label": row.label,
            "is_dropped": row.is_dropped and row.correction.objection_id == one.pk,
            "url": url,
            "clock": clock_of(one.inquiry.promise, at) if one.state == ObjectionState.OPEN else None,
        }


class RowsView(SheetMixin, TemplateView):
    """The rows behind one number, as far as the reader may know them, and the year behind it."""

    template_name = "evaluations/scorecard_rows.html"

    def get_context_data(self, **kwargs):
        card, code = self.card, self.kwargs["indicator"]
        indicator = find(code)
        row = next((one for one in rows_of(card, self.lines) if one.code == code), None)
        if indicator is None or row is None:
            raise Http404
        at = timezone.now()
        behind = indicator.behind(card.unit, card.month, end_of(card.month), self.request.user)
        months, figures, _totals = trend_of(self.request.user, card.unit, card.month)
        k = rule_value(numbers.SMALL_N, unit=None, at=at)
        return super().get_context_data(
            card=card,
            row=row,
            about=indicator,
            line=self.lines.get(code),
            # Of what is withheld even the number of rows is nobody's.
            behind=None if row.snapshot.is_withheld else behind,
            unnamed=few(behind.unnamed, k) if behind.unnamed else "",
            chart=figure_chart(indicator, months, figures.get(code, [None] * len(months))),
            back=self.sheet_url(),
            **kwargs,
        )


class RecomputeView(SheetMixin, TemplateView):
    """The frozen figures beside those of today's rows, and whether they are the ones in the ledger; writes nothing."""

    template_name = "evaluations/scorecard_recompute.html"

    def get_context_data(self, **kwargs):
        card = self.card
        now = figures_of_month(card.month, within=card.unit).get(card.unit.path, {})
        shown = [one for one in card.snapshots.all() if not one.is_withheld]
        frozen = [(one.indicator, one.numerator, one.denominator) for one in shown]
        entry = Entry.objects.filter(verb="scorecard.frozen", subject=subject_key(card)).first()
        rows = differences(card, now)
        days = card.month, end_of(card.month)
        for row in rows:
            indicator = find(row["code"])
            is_known = indicator is not None
            may_name = is_known and not row["is_same"] and not row["is_withheld"]
            row["named"] = (
                indicator.changed(card.unit, *days, card.computed_at, self.request.user)
                if may_name and indicator.changed is not None and not indicator.counts_people
                else ()
            )
            # What nothing was frozen of has no page of its own on this sheet.
            row["url"] = self.sheet_url("scorecard_rows", row["code"]) if row["is_frozen"] and is_known else ""
        return super().get_context_data(
            card=card,
            rows=rows,
            differing=sum(not row["is_same"] and not row["is_withheld"] for row in rows),
            is_intact=print_of(card.unit.code, card.month, frozen) == card.sha256,
            is_in_ledger=entry is not None and entry.facts.get("sha256") == card.sha256,
            back=self.sheet_url(),
            **kwargs,
        )


class ScorecardGoView(View):
    """Send a reader on to a sheet by its key."""

    def get(self, request, pk):
        card = only_one(scorecards_visible_to(request.user).select_related("unit").filter(pk=pk))
        if card is None:
            raise Http404
        return redirect("evaluations:scorecard", card.unit.code, f"{card.month:%Y-%m}")


class IndicatorsView(TemplateView):
    """What is counted and how, where each number comes from, and what it is worth in the scheme."""

    template_name = "evaluations/indicators.html"

    def get_context_data(self, **kwargs):
        versions = list(
            Scheme.objects.select_related("made_by").prefetch_related("lines").order_by("-since", "-number")
        )
        today = timezone.localdate()
        current = next((one for one in versions if one.since <= today), None)
        lines = (
            {line.indicator: (line.weight, line.zero_at, line.full_at) for line in current.lines.all()}
            if current
            else {code: rest for code, *rest in DEFAULT_LINES}
        )
        return super().get_context_data(
            rows=[{"indicator": one, "line": lines.get(one.code)} for one in known_indicators()],
            current=current,
            versions=versions,
            may_write=bool(may_write_scheme(self.request.user, company())),
            **kwargs,
        )
