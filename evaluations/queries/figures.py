"""Figures of a month for all units or within one, by one statement for each indicator."""

from portal.kernel.indicators import known_indicators

from ..months import end_of

DEEPEST = 12  # the enterprise, its works and offices, their workshops; a team is counted to its workshop
STEP = 4


def figures_of_month(month, *, within=None):
    """
    Return {path: {indicator: (numerator, denominator)}} of a month, each unit with all that lies below it.

    ``within`` narrows to one unit and what is below it. Only what has anything to count is there.
    """
    found = {}
    least = STEP if within is None else len(within.path)
    for indicator in known_indicators():
        for path, numerator, denominator in indicator.figures(month, end_of(month), within):
            for end in range(least, min(len(path), DEEPEST) + 1, STEP):
                own = found.setdefault(path[:end], {})
                before = own.get(indicator.code, (0, 0))
                own[indicator.code] = (before[0] + numerator, before[1] + denominator)
    return found
