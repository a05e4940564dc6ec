"""Acts on scorecards: confirming points, objecting and deciding, the scheme, the file for the payroll."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from disclosures.views.things import ThingActView
from portal.accounts.queries import company, rule_value
from portal.exports.responses import download
from portal.kernel.indicators import PERCENT, indicator_of, known_indicators
from portal.kernel.rows import only_one
from portal.kernel.texts import followed
from portal.kernel.verdicts import require

from .. import scorecard_numbers as numbers
from ..forms.scorecards import ConfirmForm, ContestForm, DecideForm, SchemeForm
from ..models import Scheme
from ..months import month_of_text
from ..operations.confirming import confirm_scorecard
from ..operations.objecting import contest_figure, decide_objection
from ..operations.schemes import write_scheme
from ..queries.scorecards import lines_of, objections_visible_to
from ..rules.scorecards import may_confirm, may_contest, may_decide_objection, may_export, may_write_scheme
from ..scoring import DEFAULT_LINES
from ..sheets import rows_of
from ..workbook import scorecards_workbook
from .scorecards import find_sheet


class _SheetActView(ThingActView):
    """An act on a sheet or on one of its figures."""

    template_name = "evaluations/scorecard_act.html"

    @cached_property
    def card(self):
        card = only_one(find_sheet(self.request.user, self.kwargs["code"], self.kwargs["month"]))
        if card is None:
            raise Http404
        return card

    @cached_property
    def rows(self):
        return rows_of(self.card, lines_of(self.card.scheme))

    def back_url(self):
        return reverse("evaluations:scorecard", args=[self.card.unit.code, f"{self.card.month:%Y-%m}"])

    def eyebrow(self):
        return f"{self.card.unit.name} {self.card.month:%Y-%m}"


class ConfirmView(_SheetActView):
    """Confirm the points of a sheet, or set some otherwise with a reason."""

    form_class = ConfirmForm
    name = "scorecard"
    title = gettext_lazy("Confirm the points")
    lead = gettext_lazy(
        "The portal proposes, a person decides. Change what is not right and say why; the unit reads it."
    )
    button = gettext_lazy("Confirm")
    icon = "stamp"
    said = gettext_lazy("The points are confirmed; the unit has been told.")

    def find(self):
        return self.card

    def verdict(self):
        return may_confirm(self.request.user, self.card, open_objections=any(row.has_open for row in self.rows))

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "rows": self.rows}

    def operate(self, form):
        self.act(confirm_scorecard, points=form.points, reasons=form.reasons, note=form.cleaned_data["note"])
        return self.done()


class ContestView(_SheetActView):
    """Object to a figure; the objection is a matter with a number and a clock."""

    form_class = ContestForm
    name = "snapshot"
    title = gettext_lazy("Object to this figure")
    lead = gettext_lazy(
        "The union of the enterprise registers the objection, and it is answered within thirty days. The frozen figure"
        " stays; if you are right, a correction is put beside it."
    )
    button = gettext_lazy("Object to it")
    icon = "flag"
    said = gettext_lazy("The objection is registered. You find it among your own matters.")

    def find(self):
        row = next((one for one in self.rows if one.code == self.kwargs["indicator"]), None)
        if row is None or row.indicator is None:
            raise Http404
        self.row = row
        row.snapshot.scorecard = self.card
        return row.snapshot

    def verdict(self):
        days = rule_value(numbers.CONTEST_DAYS, unit=self.card.unit, at=self.at)
        return may_contest(self.request.user, self.thing, self.at, days=days, has_open=self.row.has_open)

    def eyebrow(self):
        return f"{super().eyebrow()} {self.row.label} {self.row.value} {self.row.fraction}"

    def operate(self, form):
        self.act(
            contest_figure, reason=form.cleaned_data["reason"], idempotency_key=form.cleaned_data["idempotency_key"]
        )
        return self.done()


class DecideObjectionView(ThingActView):
    """Uphold an objection with the right figure, or let the figure stand."""

    template_name = "evaluations/scorecard_act.html"
    form_class = DecideForm
    name = "objection"
    title = gettext_lazy("Decide on the objection")
    button = gettext_lazy("Decide")
    icon = "gavel"
    said = gettext_lazy("Decided; the unit has been told.")

    def find(self):
        rows = objections_visible_to(self.request.user).select_related(
            "snapshot__scorecard__unit__parent", "inquiry", "raised_by"
        )
        objection = only_one(rows.filter(pk=self.kwargs["pk"]))
        if objection is None:
            raise Http404
        return objection

    def verdict(self):
        return may_decide_objection(self.request.user, self.thing)

    @property
    def lead(self):
        snapshot = self.thing.snapshot
        indicator = indicator_of(snapshot.indicator)
        words = _("%(what)s is frozen as %(fraction)s. The unit says: %(reason)s") % {
            "what": indicator.label,
            "fraction": f"{snapshot.numerator}/{snapshot.denominator}",
            "reason": self.thing.reason,
        }
        if not indicator.counts_people:
            return words
        warning = _(
            "Where the right figure differs by what fewer than %(k)d people said, it is neither printed nor kept:"
            " the figure then counts no more, and its points leave the total."
        )
        return followed(words, warning % {"k": rule_value(numbers.SMALL_N, unit=None, at=self.at)})

    def eyebrow(self):
        card = self.thing.snapshot.scorecard
        return f"{card.unit.name} {card.month:%Y-%m}"

    def back_url(self):
        card = self.thing.snapshot.scorecard
        return reverse("evaluations:scorecard", args=[card.unit.code, f"{card.month:%Y-%m}"])

    def get_form_kwargs(self):
        is_share = indicator_of(self.thing.snapshot.indicator).measure == PERCENT
        return {**super().get_form_kwargs(), "is_share": is_share}

    def operate(self, form):
        values = form.cleaned_data
        self.act(
            decide_objection,
            is_upheld=values["outcome"] == DecideForm.YES,
            numerator=values["numerator"],
            denominator=values["denominator"],
            answer=values["answer"],
        )
        return self.done()


class SchemeView(ThingActView):
    """Write another version of the scheme for months to come."""

    template_name = "evaluations/scorecard_act.html"
    form_class = SchemeForm
    title = gettext_lazy("New version of the scheme")
    lead = gettext_lazy(
        "Points = weight × (value − none) ÷ (all − none), never below nought or above the weight. The weights add up to"
        " 100. Where more is worse, “no points at” is the larger number; an indicator without a weight is shown only."
    )
    button = gettext_lazy("Write it")
    icon = "scale"
    said = gettext_lazy("The new version holds from its month on.")

    def find(self):
        return company()

    def verdict(self):
        return may_write_scheme(self.request.user, self.thing)

    def back_url(self):
        return reverse("evaluations:indicators")

    def get_form_kwargs(self):
        newest = Scheme.objects.prefetch_related("lines").order_by("-number").first()
        lines = {code: rest for code, *rest in DEFAULT_LINES}
        if newest is not None:
            lines = {line.indicator: (line.weight, line.zero_at, line.full_at) for line in newest.lines.all()}
        return {**super().get_form_kwargs(), "indicators": known_indicators(), "lines": lines}

    def operate(self, form):
        values = form.cleaned_data
        write_scheme(
            since=values["since"],
            lines=form.lines,
            note=values["note"],
            idempotency_key=values["idempotency_key"],
            actor=self.request.user,
            at=timezone.now(),
        )
        return self.done()


class ScorecardsFileView(View):
    """The confirmed sheets of a month as .xlsx, for the assessment of pay."""

    def get(self, request, month):
        require(may_export(request.user))
        day = month_of_text(month)
        if day is None:
            raise Http404
        title = _("Confirmed scorecards %(month)s") % {"month": month}
        return download(scorecards_workbook(request.user, day, title=title, at=timezone.now()), f"{title}.xlsx")
