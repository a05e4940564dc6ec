"""
What may be kept of the answers to one question of a satisfaction poll; plain values, no database.

A share is kept of enough answers only: the whole from ``k_total`` on, a unit
below from ``k_breakdown`` on. Where nearly all said the same it is a band. And
of the units below so many are left out, the smallest first, that what remains
of the whole when those shown are taken away is about nobody, or about enough
people who did not all say the same.
"""

from dataclasses import dataclass, field

from .enums import SATISFIED, Level
from .suppression import banded, is_telling

WHOLE = None
EDGE = 90  # per cent: the band of nearly all, as ``suppression.is_telling`` draws it


@dataclass(frozen=True)
class Kept:
    """How many of those who answered were satisfied, of a part or of all (None); a band has the number at its edge."""

    part: str | None
    answered: int
    satisfied: int
    is_band: bool = False
    spread: list = field(default_factory=list)  # [[level, hundredths, or None for nearly all], …] of the whole only


def kept_of(counts, *, k_total, k_breakdown):
    """
    Return the Kept figures of {part: {level: times}}, the whole first, then the parts in their order.

    The part "" is whoever belongs to none; it is never shown by itself.
    """
    answered = {part: sum(own.get(level, 0) for level in Level.values) for part, own in counts.items()}
    happy = {part: sum(own.get(level, 0) for level in SATISFIED) for part, own in counts.items()}
    size, satisfied = sum(answered.values()), sum(happy.values())
    if size < k_total:
        return []
    whole = _kept(WHOLE, size, satisfied, k_total)
    bands, exact = [], []
    for part in sorted(counts):
        if part and answered[part] >= k_breakdown:
            one = _kept(part, answered[part], happy[part], k_total)
            (bands if one.is_band else exact).append(one)
    if not whole.is_band:
        exact = _guarded(exact, size, satisfied, k_total, k_breakdown)
    if size < k_breakdown:
        return [whole]
    return [_with_spread(whole, counts), *sorted([*bands, *exact], key=lambda one: one.part)]


def _kept(part, answered, satisfied, k):
    if not _tells(answered, satisfied, k):
        return Kept(part, answered, satisfied)
    edge = (answered * EDGE + 99) // 100
    return Kept(part, answered, edge if 2 * satisfied > answered else answered - edge, is_band=True)


def _tells(answered, satisfied, k):
    return is_telling({True: satisfied, False: answered - satisfied}, k=k)


def _guarded(exact, size, satisfied, k_total, k_breakdown):
    """Leave parts out, the smallest first, until the rest of the whole says nothing about few people or about all."""
    shown = sorted(exact, key=lambda one: (one.answered, one.part))
    while shown:
        rest = size - sum(one.answered for one in shown)
        happy = satisfied - sum(one.satisfied for one in shown)
        if not rest or (rest >= k_breakdown and not _tells(rest, happy, k_total)):
            break
        shown.pop(0)
    return shown


def _with_spread(whole, counts):
    """Add how the answers fall into the levels, where the share itself is no band."""
    if whole.is_band:
        return whole
    levels = {level: sum(own.get(level, 0) for own in counts.values()) for level in Level.values}
    return Kept(whole.part, whole.answered, whole.satisfied, False, [[*pair] for pair in banded(levels).items()])


def percent_of(satisfied, answered):
    """Return a share in whole per cent, half up."""
    return (200 * satisfied + answered) // (2 * answered)
