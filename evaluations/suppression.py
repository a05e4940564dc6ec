"""
Which figures of an appraisal may be printed, so that none can be taken back to a few people.

A figure is a weighted sum over cells; a cell is what one set of people, all of
one voter group, answered to one question. Figures of fewer people than their
threshold are not printed, and then, by exact elimination in whole numbers over
all that remains, further ones go until **no sum and difference of printed
figures, however weighted, says anything about a set of people below the
threshold that is not printed about that very set**.

What is proved: for the figures handed in, with their weights and the sizes
taken as known to the reader (they are printed rounded, so the reader knows
less), by the rank of the printed rows within each set of people that is too
small (trust-and-experience.md A6, P7). Subjects and questions share no cell,
so a page of many subjects, and the two sides of a two-way round, are proved by
proving each subject. Trimmed means stand for plain ones: they say less.

What is not proved: anything a reader concludes from knowing raters or their
style; bounds (a mean near the end of the scale says that many were near it,
which is why near-unanimous figures are banded); and differences to figures of
another round beyond those that ``differencing`` names.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from math import gcd, isqrt, lcm

from .arithmetic import pro_rata

MOST_STEPS = 3000  # spaces looked at before the search gives up; what is not proved is not printed
KEEP_PART, KEEP_GROUP, KEEP_SPREAD, KEEP_TOTAL = range(4)  # what goes first, and last


@dataclass(frozen=True)
class Figure:
    """
    A number that a page would print: its name and the weight of each cell in it.

    Cells are (group, question) pairs. ``k`` is the fewest people it may be
    about; of two figures one of which has to go, the one with less ``keep`` goes.
    """

    name: Hashable
    parts: Mapping[tuple, Fraction]
    k: int
    keep: int = KEEP_PART

    @property
    def groups(self):
        return {group for group, _question in self.parts}


def people(groups, sizes):
    """Return how many people some groups are together."""
    return sum(sizes[group] for group in groups)


def printable(figures, sizes):
    """
    Return the names of the figures that may be printed together, in their order.

    ``sizes`` are people by group. A group without anybody is known to be empty
    and hides nothing. What remains has no leak in the sense of ``leak``.
    """
    standing = [one for one in _inhabited(figures, sizes) if people(one.groups, sizes) >= one.k]
    while (found := leak(standing, sizes)) is not None:
        by_name = {one.name: one for one in standing}
        weakest = min(found.used, key=lambda name: _worth(by_name[name], sizes))
        standing = [one for one in standing if one.name != weakest]
    names = {one.name for one in standing}
    return [one.name for one in figures if one.name in names]


def _inhabited(figures, sizes):
    """Return the figures without cells of groups that are known to be empty, and none that is about nobody."""
    return [
        Figure(one.name, parts, one.k, one.keep)
        for one in figures
        if (parts := {cell: weight for cell, weight in one.parts.items() if sizes[cell[0]] and weight})
    ]


def _worth(figure, sizes):
    return figure.keep, people(figure.groups, sizes), str(figure.name)


@dataclass(frozen=True)
class Leak:
    """A set of people about whom too much could be computed, and the figures that it takes."""

    groups: frozenset
    used: frozenset


def leak(figures, sizes):
    """
    Return a Leak of printed figures, or None, which is the proof that there is none.

    Let R be the space of all sums of figures and S any set of groups with
    fewer people than the highest threshold: there is a leak when R holds more
    about S alone than the figures printed about parts of S do.
    """
    figures = _inhabited(figures, sizes)
    top = max((one.k for one in figures), default=0)
    # Cells of groups that are large enough come first: what the elimination leaves with no such cell
    # is all of R that can be about few people.
    order = {
        cell: place
        for place, cell in enumerate(
            sorted({cell for one in figures for cell in one.parts}, key=lambda c: (sizes[c[0]] < top, str(c)))
        )
    }
    rows = [(_whole(one.parts), frozenset([one.name])) for one in figures]
    small = [row for row in _echelon(rows, order) if all(sizes[group] < top for group, _question in row[0])]
    return _search(small, figures, sizes, top)


def _search(small, figures, sizes, top):
    """
    Walk down the spaces of sums about fewer and fewer groups, until each that is about too few people was looked at.

    A sum about fewer groups than its space misses one of them: the first it misses is left out, and those before it
    it must be about. Where these alone are people enough there is nothing to look for.
    """
    waiting, steps = [(small, frozenset())], 0
    while waiting:
        space, needed = waiting.pop()
        about = frozenset(group for row, _used in space for group, _question in row)
        if not space or not needed <= about:
            continue
        steps += 1
        if steps > MOST_STEPS:
            return Leak(about, frozenset().union(*(used for _row, used in space)))
        if people(about, sizes) < top and (hit := _beyond(space, figures, about)):
            return hit
        for group in sorted(about - needed, key=lambda one: (-sizes[one], str(one))):
            waiting.append((_without(space, group), needed))
            needed |= {group}
            if people(needed, sizes) >= top:
                break
    return None


def _beyond(space, figures, about):
    """Return the Leak if a space about some groups holds more than the figures printed about them alone."""
    own = [(_whole(one.parts), frozenset([one.name])) for one in figures if one.groups <= about]
    order = {cell: place for place, cell in enumerate(sorted({c for row, _u in space for c in row}, key=str))}
    known = {_lead(row, order): (row, used) for row, used in _echelon(own, order)}
    for row, used in space:
        rest, _used = _reduced(row, used, known, order)
        if rest:
            return Leak(about, used)
    return None


def _without(space, group):
    """Return a basis of the part of a space that says nothing of one group."""
    cells = {cell for row, _used in space for cell in row}
    order = {cell: n for n, cell in enumerate(sorted(cells, key=lambda c: (c[0] != group, str(c))))}
    return [row for row in _echelon(space, order) if all(cell[0] != group for cell in row[0])]


def determines(figures, wanted):
    """Return the names of figures from which another can be computed, whatever the numbers are; None if it cannot."""
    cells = {cell for one in [*figures, wanted] for cell in one.parts}
    order = {cell: place for place, cell in enumerate(sorted(cells, key=str))}
    rows = [(_whole(one.parts), frozenset([one.name])) for one in figures]
    known = {_lead(row, order): (row, used) for row, used in _echelon(rows, order)}
    rest, used = _reduced(_whole(wanted.parts), frozenset(), known, order)
    return None if rest else used


def guarded(figures, secrets):
    """
    Return the names of those figures that can be printed without giving away any of the secret ones.

    For figures whose value alone would tell what everybody answered: they are
    not printed, and neither is what they could be computed from.
    """
    standing = [one for one in figures if one.name not in {secret.name for secret in secrets}]
    for secret in secrets:
        while (used := determines(standing, secret)) is not None:
            by_name = {one.name: one for one in standing}
            weakest = min(used, key=lambda name: (by_name[name].keep, len(by_name[name].parts), str(name)))
            standing = [one for one in standing if one.name != weakest]
    return [one.name for one in standing]


# Elimination in whole numbers ------------------------------------------------------------------------------------
# A row is {cell: whole number} without noughts; its companion names the figures that it was made from.


def _whole(parts):
    scale = lcm(*(Fraction(weight).denominator for weight in parts.values()))
    return _shortened({cell: int(weight * scale) for cell, weight in parts.items() if weight})


def _shortened(row):
    common = gcd(*row.values()) if row else 1
    return {cell: value // common for cell, value in row.items()} if common > 1 else row


def _lead(row, order):
    return min(row, key=order.__getitem__)


def _echelon(rows, order):
    """Return rows that span the same space, no two of which begin with the same cell."""
    basis: dict = {}
    for row, used in sorted(rows, key=lambda pair: len(pair[0])):
        rest, made_from = _reduced(row, used, basis, order)
        if rest:
            basis[_lead(rest, order)] = (rest, made_from)
    return list(basis.values())


def _reduced(row, used, basis, order):
    """Return what is left of a row after taking away its part in the basis, beginning by beginning."""
    while row:
        lead = _lead(row, order)
        if lead not in basis:  # nothing in the basis can take this beginning away
            return row, used
        other, made_from = basis[lead]
        mine, theirs = row[lead], other[lead]
        common = gcd(mine, theirs)
        mine, theirs = mine // common, theirs // common
        row = {cell: value * theirs for cell, value in row.items()}
        for cell, value in other.items():
            left = row.get(cell, 0) - value * mine
            if left:
                row[cell] = left
            else:
                row.pop(cell, None)
        row, used = _shortened(row), used | made_from
    return {}, used


# What an appraisal prints ----------------------------------------------------------------------------------------


def appraisal_figures(cells, *, weights, groups, dimensions, k_scores, k_breakdown):
    """
    Return the Figures of one subject's page: total, dimensions, groups, group by dimension, and the spread of answers.

    ``cells`` are {(group, question): answers} of all that counts; ``weights`` those of ``arithmetic.Score``;
    ``groups`` the weights of the groups that count; ``dimensions`` {dimension: {question: weight}}. The spread of
    answers over the bands says what their mean is, unweighted, so it is a figure like the others.
    """

    def mean(group, dimension):
        found = {
            question: weights[group, question] for question in dimensions[dimension] if (group, question) in weights
        }
        total = sum(found.values(), Fraction(0))
        return {(group, question): weight / total for question, weight in found.items()}

    figures = [Figure(("total",), dict(weights), k_scores, KEEP_TOTAL)]
    for dimension in dimensions:
        there = {group: parts for group in groups if (parts := mean(group, dimension))}
        whole = sum((groups[group] for group in there), Fraction(0))
        line = {cell: groups[group] / whole * w for group, parts in there.items() for cell, w in parts.items()}
        plain = {cell: Fraction(cells[cell]) for parts in there.values() for cell in parts}
        # Where not all groups count for a dimension its mean is one about a part of the raters.
        least = k_scores if len(there) == len(groups) else k_breakdown
        figures.append(Figure(("dimension", dimension), line, least, KEEP_TOTAL))
        figures.append(Figure(("spread", dimension), plain, k_breakdown, KEEP_SPREAD))
        figures += [Figure(("part", group, dimension), parts, k_breakdown) for group, parts in there.items()]
    figures.append(Figure(("spread",), {cell: Fraction(cells[cell]) for cell in weights}, k_breakdown, KEEP_SPREAD))
    for group in groups:
        own = {cell: weight for cell, weight in weights.items() if cell[0] == group}
        figures.append(Figure(("group", group), own, k_breakdown, KEEP_GROUP))
    return [figure for figure in figures if figure.parts]


def design_faults(sizes, *, k_scores, k_breakdown):
    """
    Return [(subject, group)] of the groups that would count for nothing, or with which no score could be printed.

    ``sizes`` are {subject: {group: entitled raters}} as they will be frozen. A
    group below ``k_scores`` would leave the total; of the others it is proved,
    as it will be again for the real counts, that a page can print the score.
    """
    faults, proved = [], {}
    for subject, groups in sizes.items():
        standing = {group: size for group, size in groups.items() if size >= k_scores}
        key = tuple(sorted(standing.items()))
        if key not in proved:
            proved[key] = planned(standing, k_scores=k_scores, k_breakdown=k_breakdown)
        has_score = ("total",) in proved[key]
        faults += [(subject, group) for group in groups if group not in standing or not has_score]
    return faults


def planned(sizes, *, k_scores, k_breakdown, dimensions=5):
    """
    Return the names of the figures that a page could print if everybody of groups of these sizes answered everything.

    The weights of the plan are in no proportion to each other or to the sizes:
    with weights that happen to be, less can be computed, not more.
    """
    figures = planned_figures(sizes, k_scores=k_scores, k_breakdown=k_breakdown, dimensions=dimensions)
    return set(printable(figures, sizes))


def planned_figures(sizes, *, k_scores, k_breakdown, dimensions=5):
    """Return the Figures of a page about somebody whom groups of these sizes rate."""
    groups = pro_rata(dict(zip(sizes, _uneven(), strict=False)))
    parts = pro_rata({f"q{n}": weight for n, weight in zip(range(dimensions), _uneven(), strict=False)})
    weights = {(group, part): groups[group] * parts[part] for group in groups for part in parts}
    return appraisal_figures(
        {cell: sizes[cell[0]] for cell in weights},
        weights=weights,
        groups=groups,
        dimensions={part: {part: Fraction(1)} for part in parts},
        k_scores=k_scores,
        k_breakdown=k_breakdown,
    )


def _uneven():
    """Yield weights, each with a square root's worth of its own: 1.4142, 1.7320, 2.2360 …"""
    for number in count(2):
        root = isqrt(number * 10**8)
        if isqrt(number) ** 2 != number:
            yield Fraction(root, 10**4)


def differencing(before, after, *, k):
    """
    Return the groups whose figures of two rounds differ by the answers of few people.

    ``before`` and ``after`` are {group: set of people} of two rounds on the
    same subject. The attacker of this test knows that whoever was asked twice
    answered the same, so that the difference of two printed sums is about
    those who joined and those who left: at least one and fewer than ``k`` make
    it a fault. None in the result stands for the round as a whole. Nothing is
    proved for people who answered otherwise the second time; nothing needs to be.
    """
    pairs = {group: (before.get(group, set()), after.get(group, set())) for group in {*before, *after}}
    pairs[None] = (set().union(*before.values()), set().union(*after.values()))
    return sorted(
        (group for group, (old, new) in pairs.items() if old and new and 0 < len(old ^ new) < k),
        key=lambda group: (group is None, str(group)),
    )


# What the values themselves tell ---------------------------------------------------------------------------------


def is_telling(counts, *, k, share=Fraction(9, 10)):
    """
    Whether answers are so alike that a figure of them tells what nearly everybody said.

    Of {option: times}: at least ``share`` are the same and fewer than ``k``
    differ. Nine of nine need no attack (trust-and-experience.md A4), and a page
    that hides only nine of nine has told it, so near agreement is hidden alike.
    """
    whole, most = sum(counts.values()), max(counts.values(), default=0)
    return whole > 0 and most >= share * whole and whole - most < k


def banded(counts, *, share=Fraction(9, 10)):
    """
    Return {band: hundredths} of {band: times}, or {band: None} for the one band that nearly everybody chose.

    From ``share`` on a band is printed as "≥ 90 %" and the others not at all.
    """
    whole = sum(counts.values())
    for band, times in counts.items():
        if whole and times >= share * whole:
            return {band: None}
    return {band: (200 * times + whole) // (2 * whole) for band, times in counts.items()} if whole else {}


def rounded_count(people):
    """Return a number of raters as it is printed: to the nearest five, from five up; nothing finer is published."""
    return max(5, 5 * ((2 * people + 5) // 10))
