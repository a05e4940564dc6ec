"""The confirmed sheets of a month as a workbook, for the assessment of pay; what is not confirmed is not in it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from feedback.queries import under
from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.rules import UNION_DESK
from portal.exports.workbook import Column, Sheet, make_workbook
from portal.kernel.indicators import DAYS, PERCENT, known_indicators

from .enums.scorecards import ObjectionState, ScorecardState
from .models import Scorecard
from .queries.scorecards import lines_of, sheet_of
from .scoring import rounded, value_of
from .sheets import rows_of
from .standing import figure_now

MEASURES = {PERCENT: "%", DAYS: pgettext_lazy("measure", "days")}
EXPORTING = (*UNION_DESK, Role.LEADER_IN_CHARGE, Role.AUDITOR)


def scorecards_workbook(user, month, *, title, at):
    """
    Return the workbook of the units that somebody speaks for: totals, and each figure with its points.

    What is missing, or may still change, is said: sheets not confirmed in the notes, open objections beside each total.
    """
    own = Scorecard.objects.filter(under(authority_of(user).units(*EXPORTING)), month=month)
    cards = list(sheet_of(own.filter(state=ScorecardState.CONFIRMED)).order_by("unit__path"))
    proposed = own.filter(state=ScorecardState.PROPOSED).order_by("unit__path")
    waiting = list(proposed.values_list("unit__name", flat=True))
    return make_workbook(
        title=title,
        sheets=[
            Sheet(
                name=_("Totals"),
                columns=[
                    Column(_("Unit code"), "text", 12),
                    Column(_("Unit"), "text", 24),
                    Column(_("Month"), "text", 10),
                    Column(_("Points"), "number"),
                    Column(_("Proposed"), "number"),
                    Column(_("Scheme version"), "whole"),
                    Column(_("Confirmed by"), "text", 14),
                    Column(_("Confirmed at"), "moment"),
                    Column(_("Open objections"), "whole"),
                    Column(_("Remark"), "text", 40),
                ],
                rows=[
                    (
                        card.unit.code,
                        card.unit.name,
                        f"{month:%Y-%m}",
                        _number(card.total),
                        _number(card.proposed),
                        card.scheme.number,
                        card.confirmed_by.name,
                        card.confirmed_at,
                        _open_objections(card),
                        card.note,
                    )
                    for card in cards
                ],
            ),
            Sheet(
                name=_("Figures"),
                columns=[
                    Column(_("Unit code"), "text", 12),
                    Column(_("Unit"), "text", 24),
                    Column(_("Indicator"), "text", 26),
                    Column(_("Value"), "number", 12),
                    Column(_("Measured in"), "text", 8),
                    Column(_("Above ÷ below the line"), "text", 14),
                    Column(_("Weight"), "number"),
                    Column(_("Points"), "number"),
                    Column(_("Set otherwise: why"), "text", 40),
                    Column(_("Corrected, frozen as"), "text", 20),
                ],
                rows=[row for card in cards for row in _figures(card)],
            ),
        ],
        notes=[*_missing(waiting), *((one.label, one.formula) for one in known_indicators())],
        cut_off=at,
    )


def _open_objections(card):
    found = [one for row in card.snapshots.all() for one in row.objections.all()]
    return sum(one.state == ObjectionState.OPEN for one in found)


def _missing(names):
    if not names:
        return
    words = pgettext("between names", ", ").join(names)
    yield (
        _("Not in this file"),
        ngettext("%(n)d unit, not confirmed yet: %(names)s", "%(n)d units, not confirmed yet: %(names)s", len(names))
        % {"n": len(names), "names": words},
    )


def _figures(card):
    for row in rows_of(card, lines_of(card.scheme)):
        yield (
            card.unit.code,
            card.unit.name,
            row.label,
            _value(row),
            "" if row.indicator is None else MEASURES[row.indicator.measure],
            row.fraction,
            _number(row.weight),
            _number(row.points),
            row.award.reason if row.award else "",
            row.frozen,
        )


def _value(row):
    if row.snapshot.is_withheld:
        return pgettext("figure", "withheld")
    measure = PERCENT if row.indicator is None else row.indicator.measure
    value = value_of(measure, *figure_now(row.snapshot))
    return None if value is None else float(rounded(value))


def _number(value):
    return None if value is None else float(value)
