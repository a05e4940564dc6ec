"""
The arithmetic of an appraisal, in exact fractions (domain.md §6.2).

Counts go in, per voter group and question, and a score comes out with all that
is needed to compute it again: which answers were left out, which weights were
moved. Nothing here knows of people or tables, and nothing is rounded but by
``shown`` and ``percent``, for the eye.

After the count no two answers of one rater can be joined, so trimming works on
each question for itself: the one highest and the one lowest answer to it go.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

DO_NOT_KNOW = "dk"  # the option of the same name in portal.ballots.definition: an answer, and never a score


class Unbalanced(ValueError):
    """Weights that belong together do not come to one, or one of them is not above nought."""


@dataclass(frozen=True)
class Band:
    """A band of points: its code and the least points that belong to it."""

    code: str
    least: Fraction


@dataclass(frozen=True)
class Scale:
    """
    What the options of a question are worth.

    ``points`` are by option; without any, an option's code is the number
    itself (a quantified score). ``bands`` come from the best down and sort
    answers; ``classes`` do the same with a whole score, where they differ.
    """

    points: Mapping[str, Fraction] = field(default_factory=dict)
    bands: tuple[Band, ...] = ()
    classes: tuple[Band, ...] = ()

    def points_of(self, option):
        """Return what an option is worth; None for one that is never scored."""
        if option == DO_NOT_KNOW:
            return None
        return self.points[option] if self.points else Fraction(option)

    def band_of(self, points):
        """Return the code of the band that an answer falls into."""
        return _band(points, self.bands)

    def class_of(self, score):
        """Return the code of the class that a whole score falls into, without rounding it first."""
        return _band(score, self.classes or self.bands)


def _band(points, bands):
    for band in bands:
        if points >= band.least:
            return band.code
    return bands[-1].code


@dataclass(frozen=True)
class Sheet:
    """What is rated and with what weights: groups, dimensions, the questions within each; every level adds to one."""

    scale: Scale
    groups: Mapping[str, Fraction]
    dimensions: Mapping[str, Fraction]
    questions: Mapping[str, Mapping[str, Fraction]]  # dimension -> question -> weight

    def check(self):
        """
        Refuse weights that do not add to one.

        :raises Unbalanced: when a level does not.
        """
        levels = [self.groups, self.dimensions, *self.questions.values()]
        if set(self.questions) != set(self.dimensions) or not all(map(_is_balanced, levels)):
            raise Unbalanced
        return self


def _is_balanced(weights):
    return sum(weights.values(), Fraction(0)) == 1 and all(weight > 0 for weight in weights.values())


@dataclass(frozen=True)
class Rules:
    """
    The numbers of a round.

    ``trim_above``: with more answers than this one highest and one lowest are
    dropped; None drops none. ``smallest``: with fewer answers of a group to a
    question they are left out. ``sample``: with fewer raters there is no score.
    """

    trim_above: int | None = 5
    smallest: int = 5
    sample: int = 8


class Left(StrEnum):
    """Why a group does not count for somebody."""

    SHORT = "short"  # fewer raters than the round's smallest group
    UNKNOWN = "unknown"  # enough raters, of whom too few knew enough to answer


@dataclass(frozen=True)
class Cell:
    """One group's answers to one question; ``mean`` is None where they are too few and left out."""

    valid: int
    unknown: int
    trimmed: int
    mean: Fraction | None


@dataclass(frozen=True)
class Score:
    """
    What one subject's counts came to.

    ``value`` is None where ``sample`` is below the minimum or no group is left.
    ``weights`` are those used in the end, by (group, question), and add to one:
    ``value`` is the sum of weight times mean. ``group_weights`` likewise, by group.
    """

    value: Fraction | None
    sample: int
    cells: Mapping[tuple[str, str], Cell]
    left: Mapping[str, Left]
    weights: Mapping[tuple[str, str], Fraction]
    group_weights: Mapping[str, Fraction]
    group_scores: Mapping[str, Fraction]
    group_dimensions: Mapping[tuple[str, str], Fraction]
    dimension_means: Mapping[str, Fraction]

    @property
    def missing(self):
        """The (group, question) whose answers are left out although the group counts."""
        return [key for key, cell in self.cells.items() if cell.mean is None and key[0] in self.group_weights]


def score_subject(sheet, counts, rules, *, short=()):
    """
    Return the Score of one subject from {(group, question): {option: times}}.

    Answers too few of a group to a question are left out and the question's
    weight goes to the group's other questions of the dimension, a dimension
    without any to its other dimensions, a group without any, or one that is
    ``short``, to the other groups: always pro rata. Void forms are in no count.
    """
    cells = {
        (group, question): _cell(sheet.scale, counts.get((group, question), {}), rules)
        for group in sheet.groups
        for questions in sheet.questions.values()
        for question in questions
    }
    within: dict[str, dict] = {}
    left: dict[str, Left] = {}
    for group in sheet.groups:
        inner = {} if group in short else _inside(sheet, cells, group)
        if inner:
            within[group] = inner
        else:
            left[group] = (
                Left.SHORT if group in short or _raters(sheet, cells, group) < rules.smallest else Left.UNKNOWN
            )
    group_weights = pro_rata({group: sheet.groups[group] for group in within})
    weights = {
        (group, question): group_weights[group] * weight
        for group, inner in within.items()
        for _dimension, questions in inner.items()
        for question, weight in questions.items()
    }
    sample = sum(_raters(sheet, cells, group) for group in within)
    group_scores = {
        group: sum(
            (weight * _mean(cells, group, question) for part in inner.values() for question, weight in part.items()),
            Fraction(0),
        )
        for group, inner in within.items()
    }
    group_dimensions = {
        (group, dimension): sum(
            (weight * _mean(cells, group, question) for question, weight in pro_rata(part).items()), Fraction(0)
        )
        for group, inner in within.items()
        for dimension, part in inner.items()
    }
    is_enough = bool(within) and sample >= rules.sample
    return Score(
        value=sum((group_weights[group] * group_scores[group] for group in within), Fraction(0)) if is_enough else None,
        sample=sample,
        cells=cells,
        left=left,
        weights=weights,
        group_weights=group_weights,
        group_scores=group_scores,
        group_dimensions=group_dimensions,
        dimension_means=_dimension_means(sheet, group_dimensions),
    )


def _cell(scale, counts, rules):
    unknown = counts.get(DO_NOT_KNOW, 0)
    values: dict[Fraction, int] = {}
    for option, times in counts.items():
        points = scale.points_of(option)
        if points is not None and times:
            values[points] = values.get(points, 0) + times
    valid = sum(values.values())
    if valid < max(rules.smallest, 1):
        return Cell(valid, unknown, 0, None)
    mean, trimmed = trimmed_mean(values, above=rules.trim_above)
    return Cell(valid, unknown, trimmed, mean)


def trimmed_mean(values, *, above):
    """
    Return (mean, how many were dropped) of {points: times}, of which there is at least one.

    With more than ``above`` answers one highest and one lowest are dropped
    ([W51b] in domain.md §6.2); ``above`` None drops none.
    """
    count, total = sum(values.values()), sum((points * times for points, times in values.items()), Fraction(0))
    if above is None or count <= max(above, 2):
        return total / count, 0
    return (total - max(values) - min(values)) / (count - 2), 2


def _inside(sheet, cells, group):
    """Return {dimension: {question: weight}} of one group, adding to one over what has answers enough."""
    present = {}
    for dimension, weight in sheet.dimensions.items():
        questions = {
            question: share
            for question, share in sheet.questions[dimension].items()
            if cells[group, question].mean is not None
        }
        if questions:
            present[dimension] = (weight, pro_rata(questions))
    moved = pro_rata({dimension: weight for dimension, (weight, _questions) in present.items()})
    return {
        dimension: {question: moved[dimension] * share for question, share in questions.items()}
        for dimension, (_weight, questions) in present.items()
    }


def _mean(cells, group, question):
    return cells[group, question].mean


def _raters(sheet, cells, group):
    """Return of how many raters of a group it is certain that they scored something: its best answered question."""
    return max(cells[group, question].valid for part in sheet.questions.values() for question in part)


def _dimension_means(sheet, group_dimensions):
    found = {}
    for dimension in sheet.dimensions:
        moved = pro_rata({g: sheet.groups[g] for g, d in group_dimensions if d == dimension})
        if moved:
            found[dimension] = sum((w * group_dimensions[g, dimension] for g, w in moved.items()), Fraction(0))
    return found


def pro_rata(weights):
    """Return the weights made to add to one, each in proportion to what it was."""
    total = sum(weights.values(), Fraction(0))
    return {key: weight / total for key, weight in weights.items()}


def spread(scale, counts):
    """Return {band code: times} of {option: times}, every band of the scale named, what is never scored left out."""
    found = {band.code: 0 for band in scale.bands}
    for option, times in counts.items():
        points = scale.points_of(option)
        if points is not None:
            found[scale.band_of(points)] += times
    return found


def added(counts):
    """Return one {key: times} of several."""
    found: dict = {}
    for one in counts:
        for key, times in one.items():
            found[key] = found.get(key, 0) + times
    return found


# Thresholds ----------------------------------------------------------------------------------------------------


class Prompt(StrEnum):
    """What a result gives a person to decide; none of these happens by itself ([W54b] in domain.md §6.2)."""

    TALK = "talk"  # 优秀、称职 together below two thirds: 诫勉谈话, if found unfit after looking into it
    REMOVE = "remove"  # 不称职 above one third: removal, resignation or demotion to be looked into
    DISMISS = "dismiss"  # 不称职 in two years running


@dataclass(frozen=True)
class Thresholds:
    """
    The shares at which somebody has to think about it, with the codes of the bands they are taken of.

    ``good_below`` and ``unfit_above`` are numbers of the rule book (``result_numbers``).
    """

    good_below: Fraction
    unfit_above: Fraction
    good: tuple[str, ...] = ("excellent", "competent")
    unfit: str = "incompetent"


def prompts(votes, thresholds, *, outcome="", outcome_before=""):
    """
    Return the Prompts that a subject's answers give, from {band code: times} and the classes of this year and last.

    Shares are exact and taken of all scored answers of the groups that count;
    just at a threshold is not past it. A scale without these bands gives none.
    """
    total = sum(votes.values())
    if not total or thresholds.unfit not in votes:
        return []
    found = []
    if Fraction(sum(votes.get(code, 0) for code in thresholds.good), total) < thresholds.good_below:
        found.append(Prompt.TALK)
    if Fraction(votes[thresholds.unfit], total) > thresholds.unfit_above:
        found.append(Prompt.REMOVE)
    if outcome == outcome_before == thresholds.unfit:
        found.append(Prompt.DISMISS)
    return found


# For the eye ---------------------------------------------------------------------------------------------------


def shown(value, places=2):
    """Return a fraction as text with so many decimals, a half rounded up (away from nought)."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    digits = f"{whole:0{places + 1}d}"
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 and whole else text


def percent(part, whole):
    """Return a share as a whole number of hundredths, a half rounded up."""
    return int(shown(Fraction(100 * part, whole), 0))


def plain(weight):
    """Return a weight as it was written: 0.4, 0.125; one that has no end as a fraction, 1/3."""
    rest = weight.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{weight.numerator}/{weight.denominator}"
    places = 0
    while (weight * 10**places).denominator != 1:
        places += 1
    return shown(weight, places)


def formula(terms, value):
    """
    Return the sum as one line: ``0.4/0.7 × 90.00 + 0.3/0.7 × 80.00 = 85.71``.

    ``terms`` are (weight, score) pairs; weights that do not come to one are
    shown divided by what they come to. A score of None is printed as ``…``.
    """
    whole = sum((weight for weight, _score in terms), Fraction(0))
    over = "" if whole == 1 else f"/{plain(whole)}"
    parts = [f"{plain(weight)}{over} × {'…' if score is None else shown(score)}" for weight, score in terms]
    return f"{' + '.join(parts)} = {'…' if value is None else shown(value)}"
