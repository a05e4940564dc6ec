"""
From figures to points: exact fractions, rounded once, half up, to a hundredth.

    points = weight × (value − zero_at) ÷ (full_at − zero_at), not below nought, not above the weight
    total  = 100 × sum of points ÷ sum of the weights of what had anything to count

An indicator with nothing to count in a month, or withheld, leaves numerator and
denominator of the total alike: nobody loses points for what was not owed.
"""

import hashlib
import json
from decimal import Decimal
from fractions import Fraction

from portal.kernel.indicators import PERCENT

CENT = Decimal("0.01")
# The first version (domain.md §9 names the indicators; weights and ends are recommendations): a hundred in all.
DEFAULT_LINES = (
    # indicator, weight, none at or below, all from
    ("card.on_time", "15", "60", "100"),
    ("card.landed", "10", "50", "95"),
    ("card.satisfied", "8", "50", "90"),
    ("card.redo", "5", "20", "0"),
    ("opinion.on_time", "7", "60", "100"),
    ("duty.on_time", "20", "60", "100"),
    ("display.days", "5", "7", "15"),
    ("briefing.held", "8", "0", "100"),
    ("rectification.closed", "7", "60", "100"),
    ("motion.on_time", "8", "60", "100"),
    ("papers.on_time", "3", "0", "100"),
    ("resolution.on_time", "4", "60", "100"),
)


def value_of(measure, numerator, denominator):
    """Return a figure's value as a fraction: per cent, or days; None where there is nothing to count."""
    if not denominator:
        return None
    return Fraction(numerator, denominator) * (100 if measure == PERCENT else 1)


def points_of(value, *, weight, zero_at, full_at):
    """Return the points of a value as a fraction; None for no value."""
    if value is None:
        return None
    weight, zero_at, full_at = Fraction(weight), Fraction(zero_at), Fraction(full_at)
    share = (value - zero_at) / (full_at - zero_at)
    return weight * min(max(share, Fraction(0)), Fraction(1))


def total_of(pairs):
    """Return the total of (points, weight) pairs on a scale of a hundred, rounded; None without any."""
    pairs = list(pairs)
    weights = sum((Fraction(weight) for _points, weight in pairs), Fraction(0))
    if not weights:
        return None
    return rounded(100 * sum((Fraction(points) for points, _weight in pairs), Fraction(0)) / weights)


def rounded(number):
    """Return a fraction as a decimal of hundredths, half up; None stays None."""
    if number is None:
        return None
    # Whole hundredths first: a division of decimals would round once before.
    scaled = Fraction(number) * 100
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    return Decimal(whole + (2 * rest >= scaled.denominator)) * CENT


def print_of(unit, month, figures):
    """Return the fingerprint of a sheet: unit code, month, and (indicator, numerator, denominator) rows."""
    text = {"unit": unit, "month": f"{month:%Y-%m}", "figures": sorted([list(row) for row in figures])}
    return hashlib.sha256(json.dumps(text, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
