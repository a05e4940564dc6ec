"""
From the counts of a subject to the figures that may be printed: the score exact, then what has to be left out.

Plain values in and out; ``operations.results`` stores them once. A figure that is not printed is not in
what comes out of here, whoever will look at it.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from .arithmetic import (
    Band,
    Rules,
    Scale,
    Sheet,
    Thresholds,
    added,
    formula,
    plain,
    prompts,
    score_subject,
    shown,
    spread,
)
from .enums import Grading, NoScore, ScaleKind, Standing
from .suppression import appraisal_figures, banded, guarded, is_telling, printable, rounded_count

SPREAD = "spread"


@dataclass(frozen=True)
class Paper:
    """What a round asks and with what weights, with the names to print; questions are named by their item's key."""

    sheet: Sheet
    rules: Rules
    k_scores: int
    k_breakdown: int
    groups: dict  # code -> name
    dimensions: dict  # key -> name
    items: dict  # key -> name
    thresholds: Thresholds


def paper_of(round_, *, groups, items, scale_points, classes, thresholds):
    """Return the Paper of a round from its rows; ``classes`` are (code, least score) from the best down."""
    dimensions = {item.dimension_id: item.dimension for item in items}
    questions: dict = {key: {} for key in dimensions}
    for item in items:
        questions[item.dimension_id][item.pk] = Fraction(item.weight)
    sheet = Sheet(
        scale=scale_of(round_.edition.scale, scale_points, classes),
        groups={group.code: Fraction(group.weight) for group in groups},
        dimensions={key: Fraction(dimension.weight) for key, dimension in dimensions.items()},
        questions=questions,
    )
    return Paper(
        sheet=sheet.check(),
        rules=Rules(trim_above=round_.trim_above, smallest=round_.k_scores, sample=round_.min_sample),
        k_scores=round_.k_scores,
        k_breakdown=round_.k_breakdown,
        groups={group.code: group.name for group in groups},
        dimensions={key: dimension.name for key, dimension in dimensions.items()},
        items={item.pk: item.name for item in items},
        thresholds=thresholds,
    )


def scale_of(kind, scale_points, classes):
    """Return the Scale of an edition; bands of words are the words, and satisfaction has its classes half-way."""
    bands = tuple(Band(code, Fraction(least)) for code, least in classes)
    if kind == ScaleKind.SCORE:
        return Scale(bands=bands)
    points = {row.code: Fraction(row.points) for row in scale_points}
    falling = sorted(points.items(), key=lambda pair: -pair[1])
    words = tuple(Band(code, worth) for code, worth in falling)
    if kind == ScaleKind.GRADE:
        return Scale(points=points, bands=words, classes=bands)
    half_way = [(high + low) / 2 for (_a, high), (_b, low) in pairwise(falling)]
    steps = zip(falling, [*half_way, Fraction(0)], strict=True)
    return Scale(points=points, bands=words, classes=tuple(Band(code, least) for (code, _worth), least in steps))


@dataclass(frozen=True)
class Found:
    """The result of a subject: what is printed, and the exact score for the mean of all."""

    score: Fraction | None  # exact; None also where it is not printed
    grade_class: str
    figures: dict
    dimension_means: dict  # those that are printed


def outcome_of(paper, counts, *, raters, short, class_before="", own=None):
    """
    Return the Found of one subject from {(group, item): {option: times}}.

    ``raters`` are how many rated, by group; ``short`` the codes of groups of which nothing is kept;
    ``class_before`` the grade class of the year before; ``own`` the own answers, by item, or None.
    """
    sheet = paper.sheet
    score = score_subject(sheet, counts, paper.rules, short=short)
    figures = _base(paper, score, own)
    if score.value is None:
        figures["why"] = (NoScore.SAMPLE if score.group_weights else NoScore.GROUPS).value
        return Found(None, "", figures, {})
    standing = _standing(paper, score, counts)
    grade_class = sheet.scale.class_of(score.value)
    is_printed = standing[("total",)] == Standing.SHOWN
    pooled = {dimension: _pool(score, counts, cells_of(score, sheet, dimension)) for dimension in sheet.dimensions}
    figures |= {
        "score": shown(score.value) if is_printed else "",
        "why": "" if is_printed else NoScore.ALIKE.value,
        "class": grade_class,
        "raters": rounded_count(sum(raters[group] for group in score.group_weights)),
        "dimensions": [_dimension(paper, score, standing, dimension, pooled) for dimension in sheet.dimensions],
        "groups": [_group(paper, score, standing, group) for group in score.group_weights],
        "parts": _parts(paper, score, standing),
        "spread": _whole_spread(sheet.scale, standing, pooled),
        "prompts": [
            prompt.value
            for prompt in prompts(
                spread(sheet.scale, added(pooled.values())),
                paper.thresholds,
                outcome=grade_class,
                outcome_before=class_before,
            )
        ],
    }
    figures["formulas"] = _formulas(paper, score, standing)
    means = {key: mean for key, mean in score.dimension_means.items() if standing[("dimension", key)] == Standing.SHOWN}
    return Found(score.value if is_printed else None, grade_class, figures, means)


def _base(paper, score, own):
    """Return what is said of every subject: groups and answers left out, weights, the own rating."""
    return {
        "score": "",
        "class": "",
        "left": [{"code": code, "name": paper.groups[code], "why": why.value} for code, why in score.left.items()],
        "missing": [[code, paper.items[item]] for code, item in score.missing],
        "own": _own(paper, own),
    }


def _own(paper, own):
    if not own:
        return None
    rated = score_subject(
        Sheet(paper.sheet.scale, {"own": Fraction(1)}, paper.sheet.dimensions, paper.sheet.questions),
        {("own", item): {option: 1} for item, option in own.items()},
        Rules(trim_above=None, smallest=1, sample=1),
    )
    if rated.value is None:
        return None
    means = rated.dimension_means
    return {
        "score": shown(rated.value),
        "dimensions": [shown(means[key]) if key in means else "" for key in paper.sheet.dimensions],
    }


def cells_of(score, sheet, dimension):
    """Return the (group, question) of a dimension that count."""
    return [key for key in score.weights if key[1] in sheet.questions[dimension]]


def _pool(score, counts, cells):
    """Return {option: times} of some cells together, what is never scored left out."""
    pooled = added(counts[cell] for cell in cells)
    pooled.pop("dk", None)
    return pooled


def _standing(paper, score, counts):
    """
    Return {name of a figure: Standing}: first by the people behind it, then by how alike their answers are.

    The spread of a dimension is exact where answers are words, so it counts as a figure of values too, unless
    it is printed as a band only.
    """
    figures = appraisal_figures(
        {cell: score.cells[cell].valid for cell in score.weights},
        weights=score.weights,
        groups=score.group_weights,
        dimensions=paper.sheet.questions,
        k_scores=paper.k_scores,
        k_breakdown=paper.k_breakdown,
    )
    sizes = {group: min(score.cells[c].valid for c in score.weights if c[0] == group) for group in score.group_weights}
    names = set(printable(figures, sizes))
    kept = [figure for figure in figures if figure.name in names]
    alike = [figure for figure in kept if is_telling(_pool(score, counts, figure.parts), k=paper.k_scores)]
    secrets = [figure for figure in alike if figure.name[0] != SPREAD]
    free = set(guarded([figure for figure in kept if figure not in alike], secrets))
    found = {figure.name: Standing.HIDDEN for figure in figures}
    found |= dict.fromkeys(free, Standing.SHOWN)
    found |= {figure.name: Standing.SHOWN if figure.name[0] == SPREAD else Standing.ALIKE for figure in alike}
    return found


def _dimension(paper, score, standing, dimension, pooled):
    is_there = dimension in score.dimension_means
    state = standing.get(("dimension", dimension), Standing.HIDDEN)
    has_spread = standing.get((SPREAD, dimension)) == Standing.SHOWN
    return {
        "name": paper.dimensions[dimension],
        "weight": plain(paper.sheet.dimensions[dimension]),
        "score": shown(score.dimension_means[dimension]) if is_there and state == Standing.SHOWN else "",
        "standing": state.value,
        "spread": _bands(paper.sheet.scale, pooled[dimension]) if has_spread else [],
    }


def _bands(scale, pooled):
    """Return [[band, hundredths or None], …]: None for the band of nearly all, which then stands alone."""
    return [[code, share] for code, share in banded(spread(scale, pooled)).items()]


def _whole_spread(scale, standing, pooled):
    """Return the spread of all dimensions, unless it would tell the one that is printed as a band only."""
    if standing.get((SPREAD,)) != Standing.SHOWN:
        return []
    hidden = [key for key in pooled if standing.get((SPREAD, key)) != Standing.SHOWN or _is_band(scale, pooled[key])]
    whole = added(pooled.values())
    return [] if len(hidden) == 1 and not _is_band(scale, whole) else _bands(scale, whole)


def _is_band(scale, pooled):
    return None in banded(spread(scale, pooled)).values()


def _group(paper, score, standing, group):
    state = standing[("group", group)]
    return {
        "code": group,
        "name": paper.groups[group],
        "weight": plain(paper.sheet.groups[group]),
        "used": shown(100 * score.group_weights[group], 1),
        "score": shown(score.group_scores[group]) if state == Standing.SHOWN else "",
        "standing": state.value,
    }


def _parts(paper, score, standing):
    """Return [[group, [score by dimension]], …] of the groups of which any dimension is printed."""
    found = []
    for group in score.group_weights:
        scores = [
            shown(score.group_dimensions[group, key]) if standing.get(("part", group, key)) == Standing.SHOWN else ""
            for key in paper.sheet.dimensions
        ]
        if any(scores):
            found.append([group, scores])
    return found


def _formulas(paper, score, standing):
    """Return the sums by which a reader can compute the score again, from printed figures only."""
    if standing[("total",)] != Standing.SHOWN:
        return []
    found = []
    if all(standing[("group", group)] == Standing.SHOWN for group in score.group_weights):
        terms = [(paper.sheet.groups[group], score.group_scores[group]) for group in score.group_weights]
        found.append(formula(terms, score.value))
    terms = [(weight, score.dimension_means.get(key)) for key, weight in paper.sheet.dimensions.items()]
    is_whole = all(standing.get(("dimension", key)) == Standing.SHOWN for key in paper.sheet.dimensions)
    # Where answers to a dimension are left out its weight moves within one group only: no sum of the means then.
    if is_whole and sum(weight * mean for weight, mean in terms) == score.value:
        found.append(formula(terms, score.value))
    return found


def class_bounds_of(scale):
    """Return [(code, least score as text)] of the classes of a scale, as a page lists them."""
    return [[band.code, plain(band.least)] for band in scale.classes or scale.bands]


def class_bounds(excellent, competent, basic):
    """Return the classes of a score from the best down."""
    return [
        (Grading.EXCELLENT.value, excellent),
        (Grading.COMPETENT.value, competent),
        (Grading.BASIC.value, basic),
        (Grading.INCOMPETENT.value, 0),
    ]
