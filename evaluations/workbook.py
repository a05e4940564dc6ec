"""The confirmed sheets of a month as a workbook, for the assessment of pay; what is not confirmed is not in it."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from feedback.queries import under
from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.rules import UNION_DESK
from portal.exports.workbook import Column, Sheet, make_workbook
from portal.kernel.indicators import known_indicators

from .enums.scorecards import ScorecardState
from .models import Scorecard
from .queries.scorecards import lines_of, sheet_of
from .sheets import rows_of

EXPORTING = (*UNION_DESK, Role.LEADER_IN_CHARGE, Role.AUDITOR)


def scorecards_workbook(user, month, *, title, at):
    """Return the workbook of the units that somebody speaks for: totals, and each figure with its points."""
    rows = Scorecard.objects.filter(
        under(authority_of(user).units(*EXPORTING)), month=month, state=ScorecardState.CONFIRMED
    )
    cards = list(sheet_of(rows).order_by("unit__path"))
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
                    Column(_("Value"), "text", 12),
                    Column(_("Figure"), "text", 12),
                    Column(_("Weight"), "number"),
                    Column(_("Points"), "number"),
                    Column(_("Set otherwise: why"), "text", 40),
                    Column(_("Corrected, frozen as"), "text", 20),
                ],
                rows=[row for card in cards for row in _figures(card)],
            ),
        ],
        notes=[(one.label, one.formula) for one in known_indicators()],
        cut_off=at,
    )


def _figures(card):
    for row in rows_of(card, lines_of(card.scheme)):
        yield (
            card.unit.code,
            card.unit.name,
            row.label,
            pgettext("figure", "withheld") if row.snapshot.is_withheld else row.value,
            row.fraction,
            _number(row.weight),
            _number(row.points),
            row.award.reason if row.award else "",
            row.frozen,
        )


def _number(value):
    return None if value is None else float(value)
