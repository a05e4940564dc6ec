"""
Arithmetic of the congress, without a database: seats by head-count, allocation, majorities, composition.

What a text leaves open is returned as a question with the readings that are
possible; the union decides, and nothing here guesses.
"""

from dataclasses import dataclass
from fractions import Fraction

from .enums.terms import Region

FLOOR, NATIONAL_CAP, MEETING_BELOW = 30, 100, 100


@dataclass(frozen=True)
class SeatRule:
    """
    How many seats a text asks for at a head-count.

    ``least`` holds in every reading; ``strict`` is the largest number that a
    reading asks for. Where they differ, ``questions`` says why. ``most`` is None
    where the text has no upper limit.
    """

    least: int
    strict: int
    most: int | None = None
    questions: tuple[str, ...] = ()


def seat_rule(region, staff):
    """Return the seats that a region's text asks for; ``staff`` is the head-count of the day."""
    if staff < MEETING_BELOW:
        return SeatRule(FLOOR, FLOOR, None, ("general_meeting",))
    return _RULES[Region(region)](staff)


def _national(staff):
    least = max(FLOOR, min(NATIONAL_CAP, -(-staff * 5 // 100)))
    return SeatRule(least, least)


def _shanghai(staff):
    if staff > 3000:
        return SeatRule(175, 175)
    return _steps(30, 5, staff - 100, 100)


def _zhejiang(staff):
    if staff >= 5000:
        return SeatRule(200, 200)
    if staff > 1000:
        return _steps(100, 20, staff - 1000, 1000)
    if staff == 1000:  # 100 + 0 by one line of the text, 40 + 7 × 9 by the other
        return SeatRule(100, 103, None, ("border",))
    return _steps(40, 7, staff - 100, 100)


def _henan(staff):
    if staff > 10_000:
        return SeatRule(FLOOR, FLOOR, 500, ("no_least",))
    if staff > 1000:
        return SeatRule(_share(staff, 3), _share(staff, 10), None, ("scale",))
    if staff > 200:
        return SeatRule(_share(staff, 10), _share(staff, 15), None, ("scale",))
    return SeatRule(FLOOR, FLOOR)


_RULES = {
    Region.NATIONAL: _national,
    Region.SHANGHAI: _shanghai,
    Region.ZHEJIANG: _zhejiang,
    Region.HENAN: _henan,
}


def _steps(base, more, over, step):
    """The text counts "every further hundred": whether one that has begun counts, it does not say."""
    whole, begun = over // step, -(-over // step)
    least, strict = base + more * whole, base + more * begun
    return SeatRule(least, strict, None, ("begun_step",) if strict > least else ())


def _share(staff, percent):
    return max(FLOOR, -(-staff * percent // 100))


# Allocation ---------------------------------------------------------------------------------------------------


def allocate(seats, staff_of):
    """
    Share seats between units in proportion to their staff, by largest remainder, one each at least.

    ``staff_of`` is {key: staff}; a tie of remainders goes to the larger unit,
    then to the one that comes first. Returns {key: seats}.

    :raises ValueError: with fewer seats than units, or a unit without staff.
    """
    if seats < len(staff_of) or any(staff <= 0 for staff in staff_of.values()):
        raise ValueError("every unit has staff and a seat")
    whole = sum(staff_of.values())
    # One each first, the rest in proportion to what that leaves wanting.
    quota = {key: Fraction(seats * staff, whole) for key, staff in staff_of.items()}
    given = {key: max(1, int(share)) for key, share in quota.items()}
    order = {key: place for place, key in enumerate(staff_of)}

    def wanting(key):
        return quota[key] - given[key], staff_of[key], -order[key]

    while sum(given.values()) < seats:
        given[max(given, key=wanting)] += 1
    while sum(given.values()) > seats:  # where the small ones had to be rounded up to one
        given[min((key for key in given if given[key] > 1), key=wanting)] -= 1
    return given


# Majorities ---------------------------------------------------------------------------------------------------


def quorum_short(took_part, staff):
    """Return how many people are missing for two thirds of the staff; 0 when they are there."""
    return max(0, -(-staff * 2 // 3) - took_part)


def votes_needed(staff, *, half_is_enough):
    """Return the votes that elect or recall: half of all staff, or more than half."""
    return -(-staff // 2) if half_is_enough else staff // 2 + 1


def votes_short(votes, staff, *, half_is_enough):
    """Return how many votes are missing; 0 when there are enough."""
    return max(0, votes_needed(staff, half_is_enough=half_is_enough) - votes)


def winners(votes, free, staff, *, half_is_enough):
    """
    Return (keys of those elected, keys tied for the last seat) of {key: votes}.

    Whoever has enough votes is elected, the most votes first, up to the free
    seats. Where two with equal votes stand on either side of the last seat,
    neither is elected by this vote.
    """
    passing = sorted(
        (key for key, n in votes.items() if not votes_short(n, staff, half_is_enough=half_is_enough)),
        key=lambda key: -votes[key],
    )
    if len(passing) <= free:
        return passing, []
    edge = votes[passing[free]]
    if free and votes[passing[free - 1]] == edge:
        return [key for key in passing if votes[key] > edge], [key for key in passing if votes[key] == edge]
    return passing[:free], []


# Composition --------------------------------------------------------------------------------------------------


def over_share(part, whole, percent):
    """Return how many of the part are too many for a largest share in per cent."""
    return max(0, part - whole * percent // 100)


def under_share(part, whole, percent):
    """Return how many are missing from the part for a smallest share in per cent."""
    return max(0, -(-whole * percent // 100) - part)


def women_short(women, delegates, staff_women, staff):
    """Return how many women are missing among the delegates for their share among the staff."""
    return max(0, -(-delegates * staff_women // staff) - women) if staff else 0


def presidium_bounds(delegates, *, small, large):
    """Return (least, most) people of the presidium; most is None where the text names no limit."""
    return (large, None) if delegates >= 100 else (small, 5)
