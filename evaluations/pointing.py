"""
From figures to proposed points, in fractions and without a database.

A share of nothing is no share: where nothing was owed the line is left out, and
the others stand for the whole item. A person confirms all points.
"""

from decimal import Decimal
from fractions import Fraction

from portal.kernel.indicators import DAYS

WHOLE = 100  # points of a scheme
STEP = Decimal("0.1")


def share_of(numerator, denominator, *, measure, target=100, is_higher_better=True):
    """
    Return how far a figure reaches what is asked for, from 0 to 1; None where nothing was owed.

    A share in per cent counts as it is, a mean of days against ``target`` days.
    """
    if not denominator:
        return None
    mean = Fraction(numerator, denominator)
    if measure == DAYS:
        mean /= target
    share = min(max(mean, Fraction(0)), Fraction(1))
    return share if is_higher_better else 1 - share


def proposed_points(most, shares):
    """
    Return the points that figures propose, to a tenth, half up; ``shares`` are (weight, share or None).

    None when no line has a figure.
    """
    told = [(weight, share) for weight, share in shares if share is not None]
    whole = sum(weight for weight, _share in told)
    if not whole:
        return None
    return rounded(Fraction(most) * sum(weight * share for weight, share in told) / whole)


def rounded(value):
    """Return a fraction to a tenth of a point, half up."""
    tenths = (2 * 10 * value.numerator + value.denominator) // (2 * value.denominator)
    return Decimal(tenths) / 10
