"""
Which rules void a filled-in form; arithmetic without a database, in exact fractions.

The same function warns on the last look before sending and is applied by the
count, so that nobody is surprised; who filled in the form is not asked for.
"""

from fractions import Fraction

from .enums import VoidKind
from .layout import is_scored


def void_kinds(rules, blocks, answers, points):
    """
    Return the kinds of the round's rules that a form breaks, in the order of the rules.

    ``answers`` maps the code of each question to its answer, ``points`` the
    answers of the scale to points. A form that rates fewer than two subjects
    breaks nothing: sameness and spread are between people.
    """
    rated = [given for block in blocks if (given := _given(block, answers))]
    if len(rated) < 2:
        return []
    everything = {answer for given in rated for answer, _item in given}
    means = [_mean(given, points) for given in rated]
    return [rule.kind for rule in rules if _is_broken(rule, everything, means, points)]


def _given(block, answers):
    return [(answers[code], item) for code, item in block.codes if is_scored(answers.get(code))]


def _is_broken(rule, everything, means, points):
    if rule.kind == VoidKind.SAME:
        return len(everything) == 1
    if rule.kind == VoidKind.FULL:
        return {points[answer] for answer in everything} == {max(points.values())}
    if rule.kind == VoidKind.TOP_AT_MOST:
        return sum(mean >= rule.score for mean in means) > rule.people
    # Whoever may rate fewer people than have to be below the line has to place all of them there at most.
    return sum(mean < rule.score for mean in means) < min(rule.people, len(means))


def _mean(given, points):
    """Return the weighted mean of the items that were answered; the weights of the others are shared out."""
    weight = sum(_weight(item) for _answer, item in given)
    return sum(Fraction(points[answer]) * _weight(item) for answer, item in given) / weight


def _weight(item):
    return Fraction(item.weight) * Fraction(item.dimension.weight)
