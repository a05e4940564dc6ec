"""The arithmetic of an appraisal by tables of cases (domain.md §6.2) and by what must hold of any numbers."""

import itertools
import random
from fractions import Fraction as F
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.arithmetic import (
    Band,
    Left,
    Prompt,
    Rules,
    Scale,
    Sheet,
    Thresholds,
    Unbalanced,
    added,
    formula,
    percent,
    plain,
    pro_rata,
    prompts,
    score_subject,
    shown,
    spread,
    trimmed_mean,
)

SCORE_BANDS = (Band("excellent", F(90)), Band("competent", F(70)), Band("basic", F(60)), Band("incompetent", F(0)))
SCORES = Scale(bands=SCORE_BANDS)
GRADES = Scale(
    points={"excellent": F(100), "competent": F(80), "basic": F(60), "incompetent": F(40)},
    bands=(Band("excellent", F(100)), Band("competent", F(80)), Band("basic", F(60)), Band("incompetent", F(40))),
    classes=SCORE_BANDS,
)
SATISFACTION = Scale(
    points={"satisfied": F(100), "fairly": F(70), "dissatisfied": F(30)},
    bands=(Band("satisfied", F(100)), Band("fairly", F(70)), Band("dissatisfied", F(30))),
)
WEIGHTS = {"A": F(4, 10), "B": F(3, 10), "C": F(3, 10)}
FIVE = {"work": F(3, 10), "thought": F(2, 10), "style": F(2, 10), "unity": F(15, 100), "honest": F(15, 100)}


def sheet(scale=SCORES, groups=WEIGHTS, dimensions=None, questions=None):
    dimensions = dimensions or {"d": F(1)}
    questions = questions or {dimension: {dimension: F(1)} for dimension in dimensions}
    return Sheet(scale, groups, dimensions, questions).check()


def everybody(points, *, raters=10, groups=WEIGHTS, dimensions=("d",)):
    """Return counts in which everybody of a group gives the group's points."""
    return {(g, d): {str(points[g]): raters} for g in groups if g in points for d in dimensions}


def test_the_worked_example_and_the_same_without_its_third_group():
    whole = score_subject(sheet(), everybody({"A": 90, "B": 80, "C": 70}), Rules())
    assert (whole.value, whole.left, whole.sample) == (81, {}, 30)
    assert formula([(WEIGHTS[g], whole.group_scores[g]) for g in "ABC"], whole.value) == (
        "0.4 × 90.00 + 0.3 × 80.00 + 0.3 × 70.00 = 81.00"
    )
    part = score_subject(sheet(), everybody({"A": 90, "B": 80}), Rules())
    assert (part.value, shown(part.value)) == (F(4, 7) * 90 + F(3, 7) * 80, "85.71")
    assert (part.left, part.group_weights) == ({"C": Left.SHORT}, {"A": F(4, 7), "B": F(3, 7)})
    assert formula([(WEIGHTS[g], part.group_scores[g]) for g in "AB"], part.value) == (
        "0.4/0.7 × 90.00 + 0.3/0.7 × 80.00 = 85.71"
    )
    named_short = score_subject(sheet(), everybody({"A": 90, "B": 80, "C": 70}), Rules(), short=["C"])
    assert (named_short.value, named_short.left) == (part.value, part.left)


@pytest.mark.parametrize(
    ("values", "above", "mean", "dropped"),
    [
        ({90: 1, 80: 1, 70: 1, 60: 1, 50: 1}, 5, F(70), 0),  # five: the plain mean
        ({100: 1, 80: 4, 0: 1}, 5, F(80), 2),  # six: one highest and one lowest
        ({100: 3, 0: 3}, 5, F(50), 2),  # of equal highest ones only one goes
        ({90: 6}, 5, F(90), 2),
        ({100: 1, 80: 4, 0: 1}, None, F(70), 0),  # a unit that drops none
        ({100: 1, 80: 4, 0: 1}, 6, F(70), 0),
        ({100: 1, 0: 1}, 0, F(50), 0),  # two are never dropped both
        ({100: 1, 50: 1, 0: 1}, 0, F(50), 2),
        ({F("87.5"): 1, F("86.5"): 2}, 5, F("260.5") / 3, 0),
    ],
)
def test_trimming(values, above, mean, dropped):
    assert trimmed_mean(values, above=above) == (mean, dropped)


@pytest.mark.parametrize(
    ("scale", "counts", "mean", "valid", "unknown"),
    [
        (SCORES, {"95": 5, "80": 2, "60": 1}, F(95 * 4 + 160, 6), 8, 0),
        (SCORES, {"95": 5, "dk": 40}, F(95), 5, 40),  # 不了解 is never scored
        (SCORES, {"95": 4, "dk": 40}, None, 4, 40),  # and never makes a group large enough
        (SCORES, {}, None, 0, 0),
        (GRADES, {"excellent": 3, "competent": 1, "incompetent": 1}, F(84), 5, 0),
        (SATISFACTION, {"satisfied": 2, "fairly": 2, "dissatisfied": 1, "dk": 9}, F(74), 5, 9),
    ],
)
def test_scales(scale, counts, mean, valid, unknown):
    score = score_subject(sheet(scale, {"A": F(1)}), {("A", "d"): counts}, Rules(sample=2))
    cell = score.cells["A", "d"]
    assert (cell.mean, cell.valid, cell.unknown, score.value) == (mean, valid, unknown, mean)


@pytest.mark.parametrize(
    ("raters", "sample", "has_score"), [(8, 8, True), (7, 8, False), (5, 8, False), (5, 2, True), (4, 2, False)]
)
def test_below_the_minimum_sample_there_is_no_result(raters, sample, has_score):
    score = score_subject(
        sheet(groups={"A": F(1)}), everybody({"A": 90}, raters=raters, groups="A"), Rules(sample=sample)
    )
    assert (score.value is not None) == has_score


def test_a_question_too_few_can_answer_gives_its_weight_to_the_others_of_its_group():
    counts = everybody({"A": 90, "B": 80}, groups="AB", dimensions=FIVE)
    counts["B", "honest"] = {"0": 4, "dk": 6}  # their noughts do not count
    counts["B", "work"] = {"60": 10}
    score = score_subject(sheet(groups={"A": F(1, 2), "B": F(1, 2)}, dimensions=FIVE), counts, Rules())
    b = (F(30, 100) * 60 + F(55, 100) * 80) / F(85, 100)
    assert (score.group_scores, score.value) == ({"A": 90, "B": b}, (90 + b) / 2)
    assert score.missing == [("B", "honest")]
    assert score.dimension_means == {"work": 75, "thought": 85, "style": 85, "unity": 85, "honest": 90}
    assert sum(score.weights.values()) == 1


def test_a_group_that_knows_too_little_is_told_from_one_that_is_too_small():
    counts = {("A", "d"): {"90": 9}, ("B", "d"): {"80": 4, "dk": 20}, ("C", "d"): {"70": 2}}
    score = score_subject(sheet(), counts, Rules(), short=["C"])
    assert (score.value, score.left) == (90, {"B": Left.SHORT, "C": Left.SHORT})
    two = sheet(questions={"d": {"x": F(1, 2), "y": F(1, 2)}})
    counts = {("A", "x"): {"90": 9}, ("A", "y"): {"80": 9}, ("B", "x"): {"10": 6}, ("B", "y"): {"dk": 6}}
    score = score_subject(two, counts, Rules())
    assert (score.group_scores, score.left) == ({"A": 85, "B": 10}, {"C": Left.SHORT})


# The examples of domain.md §6.2: six groups of a vendor's case [W52a], a leader, staff and an assessment group [W53c].
SIX = dict(zip("ABCDEF", map(F, ("0.15", "0.15", "0.20", "0.10", "0.15", "0.25")), strict=True))
THREE = {"A": F(2, 10), "B": F(4, 10), "C": F(4, 10)}
POINTS = {"A": 95, "B": 90, "C": 85, "D": 80, "E": 75, "F": 70}


@pytest.mark.parametrize(
    ("groups", "raters", "value", "sample", "left"),
    [
        (SIX, {}, F(163, 2), 60, ""),
        (SIX, {"F": 4}, F(256, 3), 50, "F"),
        (SIX, {"D": 4, "F": 0}, (F("0.15") * 260 + F("0.20") * 85) / F("0.65"), 40, "DF"),
        (SIX, {"B": 1, "C": 2, "D": 3, "E": 4, "F": 4}, F(95), 10, "BCDEF"),
        (SIX, dict.fromkeys("ABCDEF", 4), None, 0, "ABCDEF"),  # 24 answers, and of no group enough
        (THREE, {}, F(89), 30, ""),
        (THREE, {"A": 0}, F(175, 2), 20, "A"),
        (THREE, {"B": 4}, F(2, 6) * 95 + F(4, 6) * 85, 20, "B"),
        (THREE, {"A": 5, "B": 4, "C": 2}, None, 5, "BC"),  # a group counts, but five are fewer than eight
        (THREE, {"A": 5, "B": 5, "C": 5}, F(89), 15, ""),
    ],
)
def test_weights_of_groups_that_are_missing_go_to_the_others_pro_rata(groups, raters, value, sample, left):
    counts = {(g, "d"): {str(POINTS[g]): raters.get(g, 10)} for g in groups if raters.get(g, 10)}
    score = score_subject(sheet(groups=groups), counts, Rules())
    assert (score.value, score.sample, "".join(score.left)) == (value, sample, left)
    whole = sum(weight for group, weight in groups.items() if group not in left)
    assert score.group_weights == {g: groups[g] / whole for g in groups if g not in left}


@pytest.mark.parametrize(
    ("counts", "mean", "trimmed"),
    [
        # Whoever does not know is not one of the more than five: eight forms, five answers, the plain mean.
        ({"100": 1, "80": 3, "0": 1, "dk": 3}, F(68), 0),
        ({"100": 1, "80": 4, "0": 1, "dk": 3}, F(80), 2),
        ({"100": 1, "80": 4, "0": 1}, F(80), 2),
        ({"dk": 12}, None, 0),
        ({"100": 4, "dk": 1}, None, 0),
        ({"100": 2, "90": 2, "70": 2}, F(350, 4), 2),
        ({"0": 6}, F(0), 2),
    ],
)
def test_trimming_counts_answers_and_not_forms(counts, mean, trimmed):
    score = score_subject(sheet(groups={"A": F(1)}), {("A", "d"): counts}, Rules(sample=2))
    cell = score.cells["A", "d"]
    assert (cell.mean, cell.trimmed, score.value) == (mean, trimmed, mean)


def test_trimming_is_done_in_each_group_and_for_each_question_before_any_weight():
    two = sheet(groups={"A": F(4, 10), "B": F(6, 10)}, dimensions={"x": F(3, 10), "y": F(7, 10)})
    counts = {
        ("A", "x"): {"100": 1, "80": 4, "0": 1},  # 80 of the middle four
        ("A", "y"): {"100": 1, "80": 3, "0": 1, "dk": 1},  # five: 340/5
        ("B", "x"): {"90": 7},
        ("B", "y"): {"60": 5, "0": 1, "100": 1},  # 60
    }
    score = score_subject(two, counts, Rules())
    a, b = F(3, 10) * 80 + F(7, 10) * 68, F(3, 10) * 90 + F(7, 10) * 60
    assert (score.group_scores, score.value) == ({"A": a, "B": b}, F(4, 10) * a + F(6, 10) * b)
    assert score.dimension_means == {"x": F(4, 10) * 80 + F(6, 10) * 90, "y": F(4, 10) * 68 + F(6, 10) * 60}
    assert score.sample == 13  # of six and seven it is certain that they scored something


def test_a_missing_group_and_a_missing_question_move_their_weights_one_after_the_other():
    """Within group B the weight of y goes to x; then C's weight goes to A and B, in proportion."""
    paper = sheet(dimensions={"x": F(3, 10), "y": F(7, 10)})
    counts = {
        ("A", "x"): {"90": 6},
        ("A", "y"): {"80": 6},
        ("B", "x"): {"70": 6},
        ("B", "y"): {"0": 4, "dk": 2},
        ("C", "x"): {"0": 4},
        ("C", "y"): {"0": 4},
    }
    score = score_subject(paper, counts, Rules())
    assert score.weights == {("A", "x"): F(4, 7) * F(3, 10), ("A", "y"): F(4, 7) * F(7, 10), ("B", "x"): F(3, 7)}
    assert (score.value, score.missing) == (F(4, 7) * 83 + F(3, 7) * 70, [("B", "y")])
    assert score.left == {"C": Left.SHORT}


def test_items_weigh_within_their_dimension():
    whole = sheet(
        groups={"A": F(1)},
        dimensions={"x": F(6, 10), "y": F(4, 10)},
        questions={"x": {"x1": F(1, 4), "x2": F(3, 4)}, "y": {"y1": F(1)}},
    )
    score = score_subject(whole, {("A", q): {str(v): 8} for q, v in (("x1", 100), ("x2", 80), ("y1", 50))}, Rules())
    assert (score.dimension_means, score.value) == ({"x": 85, "y": 50}, F(6, 10) * 85 + 20)
    assert score.weights == {("A", "x1"): F(15, 100), ("A", "x2"): F(45, 100), ("A", "y1"): F(4, 10)}


@pytest.mark.parametrize(
    ("groups", "dimensions"),
    [
        ({"A": F(1, 2)}, {"d": F(1)}),
        ({"A": F(1)}, {"d": F(9, 10)}),
        ({"A": F(1), "B": F(0)}, {"d": F(1)}),
        ({"A": F(3, 2), "B": F(-1, 2)}, {"d": F(1)}),
        ({}, {"d": F(1)}),
    ],
)
def test_weights_that_do_not_add_to_one_are_refused(groups, dimensions):
    with pytest.raises(Unbalanced):
        sheet(groups=groups, dimensions=dimensions)


# What holds of any numbers -----------------------------------------------------------------------------------------


def case(seed):
    """Return (sheet, counts) made from a number: any weights, any answers, many that are not known or too few."""
    rng = random.Random(seed)
    groups = pro_rata({f"g{n}": F(rng.randint(1, 20)) for n in range(rng.randint(1, 4))})
    dimensions = pro_rata({f"d{n}": F(rng.randint(1, 20)) for n in range(rng.randint(1, 4))})
    counts = {}
    for key in itertools.product(groups, dimensions):
        options = [*(str(rng.randint(0, 100)) for _n in range(rng.randint(0, 5))), "dk"]
        counts[key] = {option: rng.randint(1, 12) for option in options}
    return sheet(groups=groups, dimensions=dimensions), counts


cases = partial(st.builds, case, st.integers(0, 2**32))


@settings(max_examples=50)
@given(cases(), st.sampled_from([Rules(), Rules(trim_above=None), Rules(sample=2, smallest=2)]))
def test_a_score_is_the_weighted_sum_of_its_cells_and_lies_between_them(given_case, rules):
    paper, counts = given_case
    score = score_subject(paper, counts, rules)
    if score.value is None:
        assert score.sample < rules.sample or not score.weights
        return
    means = {key: score.cells[key].mean for key in score.weights}
    assert (sum(score.weights.values()), sum(score.group_weights.values())) == (1, 1)
    assert score.value == sum(weight * means[key] for key, weight in score.weights.items())
    assert min(means.values()) <= score.value <= max(means.values())
    assert all(cell.valid >= rules.smallest for key, cell in score.cells.items() if key in score.weights)
    assert set(score.left) | set(score.group_weights) == set(paper.groups)
    assert all(share == 0 for share in [sum(score.group_weights.get(g, 0) for g in score.left)])


@settings(max_examples=50)
@given(cases(), st.data())
def test_a_better_answer_never_lowers_a_score(given_case, data):
    paper, counts = given_case
    before = score_subject(paper, counts, Rules())
    key = data.draw(st.sampled_from(sorted(counts)))
    scored = sorted((option for option in counts[key] if option != "dk"), key=int)
    if not scored or before.value is None:
        return
    worse = data.draw(st.sampled_from(scored))
    better = str(data.draw(st.integers(int(worse), 100)))
    one = {**counts[key], worse: counts[key][worse] - 1}
    one[better] = one.get(better, 0) + 1
    after = score_subject(paper, {**counts, key: one}, Rules())
    assert after.value >= before.value


@settings(max_examples=50)
@given(cases(), st.integers(1, 50))
def test_what_is_not_known_moves_nothing(given_case, times):
    paper, counts = given_case
    more = {key: {**one, "dk": one.get("dk", 0) + times} for key, one in counts.items()}
    before, after = score_subject(paper, counts, Rules()), score_subject(paper, more, Rules())
    assert (after.value, after.weights, after.left) == (before.value, before.weights, before.left)


@settings(max_examples=50)
@given(cases())
def test_what_a_left_out_group_said_moves_nothing(given_case):
    paper, counts = given_case
    short = sorted(paper.groups)[:1]
    other = {key: ({"0": 99} if key[0] in short else one) for key, one in counts.items()}
    assert (
        score_subject(paper, counts, Rules(), short=short).value
        == score_subject(paper, other, Rules(), short=short).value
    )


# Thresholds --------------------------------------------------------------------------------------------------------


THIRDS = Thresholds(good_below=F(2, 3), unfit_above=F(1, 3))


@pytest.mark.parametrize(
    ("votes", "outcome", "before", "expected"),
    [
        ((40, 20, 20, 10), "competent", "", []),  # exactly two thirds is not below
        ((39, 20, 21, 10), "competent", "", [Prompt.TALK]),
        ((60, 0, 0, 30), "basic", "", []),  # exactly one third is not above
        ((59, 1, 0, 30), "basic", "", []),
        ((59, 0, 0, 31), "basic", "", [Prompt.TALK, Prompt.REMOVE]),
        ((59, 0, 0, 31), "incompetent", "incompetent", [Prompt.TALK, Prompt.REMOVE, Prompt.DISMISS]),
        ((59, 0, 0, 31), "incompetent", "basic", [Prompt.TALK, Prompt.REMOVE]),
        ((90, 0, 0, 0), "excellent", "incompetent", []),
        ((0, 0, 0, 0), "incompetent", "incompetent", []),
    ],
)
def test_thresholds_are_prompts_taken_of_exact_shares(votes, outcome, before, expected):
    votes = dict(zip(("excellent", "competent", "basic", "incompetent"), votes, strict=True))
    assert prompts(votes, THIRDS, outcome=outcome, outcome_before=before) == expected


def test_other_numbers_of_the_rule_book_ask_elsewhere():
    votes = {"excellent": 40, "competent": 14, "basic": 20, "incompetent": 26}
    assert prompts(votes, THIRDS) == [Prompt.TALK]
    assert prompts(votes, Thresholds(good_below=F(1, 2), unfit_above=F(1, 4))) == [Prompt.REMOVE]


def test_a_scale_without_such_bands_gives_no_prompt():
    assert prompts({"satisfied": 0, "fairly": 1, "dissatisfied": 99}, THIRDS) == []


@pytest.mark.parametrize(
    ("value", "band"),
    [
        (100, "excellent"),
        (90, "excellent"),
        (F("89.999"), "competent"),
        (70, "competent"),
        (60, "basic"),
        (0, "incompetent"),
    ],
)
def test_classes_are_found_before_rounding(value, band):
    assert (SCORES.class_of(F(value)), GRADES.class_of(F(value))) == (band, band)


def test_the_spread_names_every_band_and_leaves_out_what_is_not_known():
    found = spread(SCORES, {"100": 1, "90": 2, "89": 4, "60": 8, "0": 16, "dk": 32})
    assert found == {"excellent": 3, "competent": 4, "basic": 8, "incompetent": 16}
    assert spread(SATISFACTION, {"fairly": 2}) == {"satisfied": 0, "fairly": 2, "dissatisfied": 0}
    assert added([found, {"basic": 1}])["basic"] == 9


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (F(600, 7), 2, "85.71"),
        (F("85.715"), 2, "85.72"),  # a half goes up, and never to the even neighbour
        (F("85.705"), 2, "85.71"),
        (F("0.005"), 2, "0.01"),
        (F("99.995"), 2, "100.00"),
        (F("2.5"), 0, "3"),
        (F("-0.004"), 2, "0.00"),
        (F("-2.345"), 2, "-2.35"),
        (F(7), 2, "7.00"),
    ],
)
def test_rounding_is_for_the_eye_and_half_up(value, places, text):
    assert shown(value, places) == text


def test_weights_and_shares_are_written_as_people_write_them():
    assert [plain(F(4, 10)), plain(F(1)), plain(F(125, 1000)), plain(F(1, 3))] == ["0.4", "1", "0.125", "1/3"]
    assert [percent(1, 8), percent(1, 3), percent(2, 3), percent(0, 5)] == [13, 33, 67, 0]
    assert formula([(F(1), None)], None) == "1 × … = …"
