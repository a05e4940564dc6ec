"""
Indicators of a unit's month (月度考核指标): what can be counted, and the rows behind each number.

Every app offers its own from ``apps.ready()``; the scorecard reads them from
here and knows none of them, so that a channel that comes later adds its
figures without a change above. Figures go by the moment at which something
happened, not by how it stands today: computed three days late they are the
same, as far as the rows allow.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

PERCENT, DAYS = "percent", "days"


class UnknownIndicator(LookupError):
    """No app has registered this indicator."""


@dataclass(frozen=True)
class Line:
    """One row behind a number; ``is_counted`` says whether it stands above the line, None that this is not told."""

    text: str
    url: str = ""
    on: dt.date | None = None
    is_counted: bool | None = None


@dataclass(frozen=True)
class Behind:
    """The rows behind a number as one reader may know them; ``unnamed`` are counted and never named."""

    lines: tuple = ()
    unnamed: int = 0
    more: int = 0  # beyond what one page lists


@dataclass(frozen=True)
class Indicator:
    """
    One indicator: a share in per cent, or a mean of days, over a numerator and a denominator.

    ``figures(since, until, within)`` returns (unit path, numerator, denominator)
    rows of the days from ``since`` up to, without, ``until``, for all units (or
    only for those within one) by ONE statement; each row to the unit that owes
    it, not to those above. ``behind(unit, since, until, reader)`` returns Behind.
    With ``counts_people`` it is made of what single people said: below the
    threshold the figure is not shown at all, nor is what would tell it.
    ``changed(unit, since, until, moment, reader)`` returns the Lines of rows that
    count otherwise now than at a moment, as far as the ledger knows it and the
    reader may know them.
    ``withheld(since, until)`` returns the paths of the units whose figure the
    source itself does not show; such an indicator has proved by itself that
    the others tell nothing about few people.
    """

    code: str
    label: object
    formula: object
    numerator: object
    denominator: object
    source: object
    figures: Callable
    behind: Callable
    measure: str = PERCENT
    is_higher_better: bool = True
    counts_people: bool = False
    order: int = 100
    withheld: Callable | None = None
    changed: Callable | None = None
    is_monthly: bool = True  # False: only the yearly assessment of units reads it


_INDICATORS: dict[str, Indicator] = {}


def register_indicator(indicator):
    """
    Offer an indicator; a second one of the same code must be equal.

    :raises ValueError: when the code is taken by another one, or does not fit its column.
    """
    if not 0 < len(indicator.code) <= 40:
        raise ValueError("the code of an indicator has 1 to 40 characters")
    if _INDICATORS.get(indicator.code, indicator) != indicator:
        raise ValueError(f"two indicators are called {indicator.code}")
    _INDICATORS[indicator.code] = indicator
    return indicator


def indicator_of(code):
    """
    Return the indicator of a code.

    :raises UnknownIndicator: when no app has registered it.
    """
    try:
        return _INDICATORS[code]
    except KeyError:
        raise UnknownIndicator(code) from None


def known_indicators():
    """Return the indicators of the monthly sheet in its order."""
    return [one for one in all_indicators() if one.is_monthly]


def all_indicators():
    """Return all indicators, those of the year too, in the order of the sheet."""
    return sorted(_INDICATORS.values(), key=lambda one: (one.order, one.code))
