"""From figures to points: exact, rounded once, nobody loses what was not owed."""

import random
from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from evaluations.scoring import DEFAULT_LINES, points_of, print_of, rounded, total_of, value_of
from evaluations.suppression import Figure, leak
from evaluations.withholding import withheld
from portal.kernel.indicators import DAYS, PERCENT, known_indicators


@pytest.mark.parametrize(
    ("measure", "numerator", "denominator", "value"),
    [
        (PERCENT, 53, 58, F(5300, 58)),
        (PERCENT, 0, 3, F(0)),
        (PERCENT, 0, 0, None),
        (DAYS, 152, 10, F(76, 5)),
        (DAYS, 0, 0, None),
    ],
)
def test_a_value_is_the_exact_fraction(measure, numerator, denominator, value):
    assert value_of(measure, numerator, denominator) == value


@pytest.mark.parametrize(
    ("value", "zero_at", "full_at", "points"),
    [
        (F(100), 60, 100, F(20)),
        (F(60), 60, 100, F(0)),
        (F(59), 60, 100, F(0)),
        (F(80), 60, 100, F(10)),
        (F(200, 3), 60, 100, F(10, 3)),
        (F(120), 60, 100, F(20)),
        # Where more is worse the ends are the other way round.
        (F(0), 20, 0, F(20)),
        (F(5), 20, 0, F(15)),
        (F(25), 20, 0, F(0)),
        (None, 60, 100, None),
    ],
)
def test_points_lie_between_the_two_ends(value, zero_at, full_at, points):
    assert points_of(value, weight=20, zero_at=zero_at, full_at=full_at) == points


@pytest.mark.parametrize(
    ("pairs", "total"),
    [
        ([(D("15"), D("15")), (D("10"), D("20"))], D("71.43")),
        ([(D("20"), D("20"))], D("100.00")),
        ([(D("0"), D("20"))], D("0.00")),
        ([], None),
    ],
)
def test_what_was_not_owed_costs_nothing(pairs, total):
    assert total_of(pairs) == total


@pytest.mark.parametrize(
    ("number", "said"),
    [(F(1, 200), "0.01"), (F(1, 201), "0.00"), (F(2, 3), "0.67"), (F(285, 1000), "0.29"), (F(71), "71.00")],
)
def test_rounding_is_half_up_and_once(number, said):
    assert str(rounded(number)) == said
    assert rounded(None) is None


def test_the_first_scheme_values_every_indicator_with_a_hundred_in_all():
    assert sum(D(weight) for _code, weight, _zero, _full in DEFAULT_LINES) == 100
    assert [code for code, *_rest in DEFAULT_LINES] == [one.code for one in known_indicators()]
    for one in known_indicators():
        _code, _weight, zero_at, full_at = next(line for line in DEFAULT_LINES if line[0] == one.code)
        assert (D(full_at) > D(zero_at)) == one.is_higher_better


def test_the_fingerprint_is_that_of_the_figures_in_whatever_order():
    import datetime as dt

    month, rows = dt.date(2026, 4, 1), [("duty.on_time", 3, 4), ("briefing.held", 1, 1)]
    assert print_of("YX", month, rows) == print_of("YX", month, rows[::-1])
    others = {
        print_of("HF", month, rows),
        print_of("YX", dt.date(2026, 5, 1), rows),
        print_of("YX", month, [("duty.on_time", 4, 4), rows[1]]),
        print_of("YX", month, rows[:1]),
    }
    assert len(others | {print_of("YX", month, rows)}) == 5


# What few people said ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        # Alone too few; enough.
        ({"0001": 4}, {"0001"}),
        ({"0001": 5}, set()),
        # One small works would follow from the rest: the next smallest goes with it.
        ({"0001": 20, "00010001": 3, "00010002": 6, "00010003": 11}, {"00010001", "00010002"}),
        # Enough of the enterprise are of no works: the small one hides among them.
        ({"0001": 20, "00010001": 3, "00010002": 8}, {"00010001"}),
        # Nothing below a withheld one.
        ({"0001": 30, "00010001": 4, "000100010001": 4, "00010002": 26}, {"00010001", "000100010001", "00010002"}),
        ({"0001": 12, "00010001": 6, "00010002": 6}, set()),
        ({"0001": 6, "00010001": 6, "00010002": 0}, set()),
    ],
)
def test_few_are_withheld_and_so_is_what_would_tell_them(counts, hidden):
    assert withheld(counts, k=5) == hidden


def test_no_sum_or_difference_of_shown_figures_is_about_few():
    """Over random trees, by the exact elimination that appraisals are proved with."""
    rng = random.Random(20261127)
    for _round in range(150):
        own = {"0001": rng.choice((0, 0, 2, 9))}
        for works in range(1, rng.randrange(2, 6)):
            path = f"0001{works:04d}"
            own[path] = rng.choice((0, 1, 3, 5, 8))
            for shop in range(1, rng.randrange(1, 4)):
                own[f"{path}{shop:04d}"] = rng.choice((0, 1, 2, 4, 5, 7))
        counts = {path: sum(n for one, n in own.items() if one.startswith(path)) for path in own}
        hidden = withheld(counts, k=5)
        shown = [path for path in counts if counts[path] and path not in hidden]
        figures = [Figure(path, {(one, "q"): F(1) for one in own if one.startswith(path)}, 5) for path in shown]
        assert all(counts[path] >= 5 for path in shown)
        assert leak(figures, own) is None, (counts, hidden)
