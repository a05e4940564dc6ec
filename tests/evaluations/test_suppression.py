"""P7: no figure below its threshold can be computed from the printed ones, for 1,000 random rosters and by hand."""

import itertools
import random
from fractions import Fraction as F

import pytest

from evaluations.suppression import (
    Figure,
    banded,
    design_faults,
    determines,
    differencing,
    guarded,
    is_telling,
    leak,
    people,
    planned,
    planned_figures,
    printable,
    rounded_count,
)

PRIME = 2**61 - 1
LETTERS = "ABCDEFGH"


def roster(rng, *, teams, shifts):
    """Return {(team, shift): people} of teams of 1 to 30 people."""
    sizes = {(t, s): 0 for t in range(teams) for s in range(shifts)}
    for team in range(teams):
        for _person in range(rng.randint(1, 30)):
            sizes[team, rng.randrange(shifts)] += 1
    return sizes


def table(sizes, k):
    """Return the figures of a table of cells with the totals of its rows, its columns and all of it."""
    teams, shifts = 1 + max(team for team, _shift in sizes), 1 + max(shift for _team, shift in sizes)

    def figure(name, cells, keep):
        return Figure(name, {(cell, "q"): F(1) for cell in cells}, k, keep)

    rows = [figure(("team", t), [(t, s) for s in range(shifts)], 1) for t in range(teams)]
    columns = [figure(("shift", s), [(t, s) for t in range(teams)], 1) for s in range(shifts)]
    cells = [figure(("cell", *cell), [cell], 0) for cell in sizes]
    return [figure(("all",), list(sizes), 2), *rows, *columns, *cells]


def told_apart(figures, sizes, k, *, most=3):
    """
    Return the sets of at most so many cells below k people of whom some sum is known: by a way of its own.

    Whatever leaves all printed figures as they are is the null space; a sum over a set of cells is known when
    the null space, looked at on these cells only, does not fill them. Computed modulo a prime.
    """
    cells = [cell for cell in {cell for one in figures for cell in one.parts} if sizes[cell[0]]]
    free = _null_space([[int(one.parts.get(cell, 0)) for cell in cells] for one in figures], len(cells))
    small = [n for n, cell in enumerate(cells) if sizes[cell[0]] < k]
    found = set()
    for count in range(1, most + 1):
        for some in itertools.combinations(small, count):
            is_small = sum(sizes[cells[n][0]] for n in some) < k
            if is_small and _rank([[row[n] for n in some] for row in free]) < count:
                found.add(frozenset(cells[n][0] for n in some))
    return found


def _eliminated(rows):
    rows, leads = [row[:] for row in rows], []
    for column in range(len(rows[0]) if rows else 0):
        at = next((n for n in range(len(leads), len(rows)) if rows[n][column] % PRIME), None)
        if at is None:
            continue
        place = len(leads)
        rows[place], rows[at] = rows[at], rows[place]
        inverse = pow(rows[place][column], -1, PRIME)
        rows[place] = [value * inverse % PRIME for value in rows[place]]
        for n, row in enumerate(rows):
            if n != place and (times := row[column]):
                rows[n] = [(a - times * b) % PRIME for a, b in zip(row, rows[place], strict=True)]
        leads.append(column)
    return rows, leads


def _rank(rows):
    return len(_eliminated(rows)[1])


def _null_space(rows, width):
    rows, leads = _eliminated(rows)
    found = []
    for column in (n for n in range(width) if n not in leads):
        vector = [0] * width
        vector[column] = 1
        for place, lead in enumerate(leads):
            vector[lead] = -rows[place][column] % PRIME
        found.append(vector)
    return found


def of_names(figures, names):
    names = set(names)
    return [one for one in figures if one.name in names]


@pytest.mark.parametrize("part", range(5))
def test_p07_no_small_group_can_be_computed_from_what_is_printed(part):
    rng = random.Random(part)
    printed = could = 0
    for turn in range(200):
        k = (5, 10)[turn % 2]
        sizes = roster(rng, teams=rng.randint(1, 8), shifts=rng.randint(1, 4))
        figures = table(sizes, k)
        shown = of_names(figures, printable(figures, sizes))
        assert all(people(one.groups, sizes) >= k for one in shown)
        assert leak(shown, sizes) is None
        if turn % 8 < 2:  # the second opinion costs ten times the first
            assert told_apart(shown, sizes, k, most=2 if k == 10 else 4) == set()
        printed += len(shown)
        could += sum(people(one.groups, sizes) >= k for one in figures)
    assert could / 2 < printed < could  # something had to go beyond what is too small, and most could stay


def test_the_bare_rule_leaks_and_both_ways_of_looking_see_the_same():
    """200 people in 8 teams by 4 shifts: hiding small cells only is undone by subtraction (trust-and-experience A1)."""
    rng, hidden, recovered = random.Random(4), 0, 0
    for _turn in range(20):
        sizes = {(team, shift): 0 for team in range(8) for shift in range(4)}
        for _person in range(200):
            sizes[rng.randrange(8), rng.randrange(4)] += 1
        figures = table(sizes, 5)
        bare = [
            Figure(one.name, {cell: weight for cell, weight in one.parts.items() if sizes[cell[0]]}, 5)
            for one in figures
            if people(one.groups, sizes) >= 5
        ]
        apart = {next(iter(some)) for some in told_apart(bare, sizes, 5, most=1)}
        known = {
            cell
            for cell, size in sizes.items()
            if 0 < size < 5 and determines(bare, Figure("it", {(cell, "q"): F(1)}, 1)) is not None
        }
        assert known == apart
        assert (leak(bare, sizes) is None) == (told_apart(bare, sizes, 5, most=4) == set())
        hidden += sum(size for size in sizes.values() if size < 5)
        recovered += sum(sizes[cell] for cell in apart)
    assert hidden / 3 < recovered < hidden


def rated(sizes):
    return planned(sizes, k_scores=5, k_breakdown=10)


@pytest.mark.parametrize("part", range(2))
def test_p07_no_small_group_can_be_computed_from_the_page_of_somebody_rated(part):
    rng = random.Random(100 + part)
    for _turn in range(100):
        sizes = {name: rng.randint(5, 30) for name in LETTERS[: rng.randint(1, 6)]}
        figures = planned_figures(sizes, k_scores=5, k_breakdown=10, dimensions=3)
        shown = of_names(figures, printable(figures, sizes))
        assert leak(shown, sizes) is None
        names = {one.name for one in shown}
        # What a round is held for is always there: it is the further breakdown that gives way.
        assert {("total",), *(("dimension", f"q{n}") for n in range(3))} <= names
        # A group between both thresholds counts, and nothing of it is known by itself.
        for group in (name for name, size in sizes.items() if size < 10 and len(sizes) > 1):
            for figure in figures:
                if figure.name[0] in ("part", "group") and figure.name[1] == group:
                    assert determines(shown, figure) is None


@pytest.mark.parametrize(
    ("sizes", "parts", "has_spread"),
    [
        ({"A": 12, "B": 30}, {"A", "B"}, True),
        ({"A": 7, "B": 30}, set(), False),  # any part of B, or the spread, would tell A's by subtraction
        ({"A": 7, "B": 20, "C": 50}, set(), True),
        ({"A": 6, "B": 7, "C": 8, "D": 9}, set(), True),
        ({"A": 10}, {"A"}, True),
        ({"A": 9}, set(), False),
    ],
)
def test_what_a_page_prints_by_size_of_its_groups(sizes, parts, has_spread):
    names = rated(sizes)
    assert {("total",), *(("dimension", f"q{n}") for n in range(5))} <= names
    assert {name[1] for name in names if name[0] == "group"} == parts
    assert {name[1] for name in names if name[0] == "part"} == parts
    assert (("spread", "q0") in names) == has_spread


def test_two_small_sets_are_not_told_apart_by_two_different_sums():
    """The score weighs groups as the unit said, the spread as they are many: two sums, two unknown groups."""
    sizes, cells = {"A": 7, "B": 7}, [("A", "q"), ("B", "q")]
    weighed = Figure("score", dict(zip(cells, (F(2, 3), F(1, 3)), strict=True)), 5, 2)
    counted = Figure("spread", dict(zip(cells, (F(7), F(7)), strict=True)), 10, 1)
    assert leak([weighed], sizes) is None
    assert leak([weighed, counted], sizes).groups in ({"A"}, {"B"})
    assert printable([weighed, counted], sizes) == ["score"]


@pytest.mark.parametrize(
    ("sizes", "printed"),
    [
        ({"A": 20, "B": 4}, ["all"]),  # the total less A would be B's four
        ({"A": 20, "B": 3, "C": 2}, ["all", "A"]),  # five together
        ({"A": 20, "B": 2, "C": 2}, ["all"]),
        ({"A": 20, "B": 30, "C": 4}, ["all", "B"]),  # the smaller one goes with it
        ({"A": 20, "B": 30, "C": 0}, ["all", "A", "B"]),  # an empty group is known to be empty
        ({"A": 4}, []),
        ({"A": 5}, ["all", "A"]),
    ],
)
def test_complementary_suppression_by_hand(sizes, printed):
    figures = [Figure("all", {(g, "q"): F(1) for g in sizes}, 5, 1)]
    figures += [Figure(g, {(g, "q"): F(1)}, 5) for g in sizes]
    assert printable(figures, sizes) == printed


def test_more_sets_than_can_be_looked_at_are_not_printed(monkeypatch):
    sizes = dict.fromkeys(LETTERS, 6)
    figures = planned_figures(sizes, k_scores=5, k_breakdown=10, dimensions=2)
    assert len(printable(figures, sizes)) == 6
    monkeypatch.setattr("evaluations.suppression.MOST_STEPS", 0)
    assert printable(figures, sizes) == [("total",), ("dimension", "q0"), ("dimension", "q1")]  # need no search


def test_design_faults_name_the_groups_that_would_count_for_nothing():
    sizes = {"王": {"A": 5, "B": 4, "C": 30}, "李": {"A": 6, "B": 5}, "张": {"A": 0}}
    assert design_faults(sizes, k_scores=5, k_breakdown=10) == [("王", "B"), ("张", "A")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"A": set(range(20))}, {"A": set(range(20))}, []),  # the same people: nobody is told apart
        ({"A": set(range(20))}, {"A": set(range(19))}, ["A", None]),
        ({"A": set(range(20))}, {"A": set(range(2, 22))}, ["A", None]),  # two left, two joined
        ({"A": set(range(20))}, {"A": set(range(3, 23))}, []),
        ({"A": {1, 2, 3}, "B": {4, 5}}, {"A": {1, 2}, "B": {3, 4, 5}}, ["A", "B"]),  # moved within the round
        ({"A": set(range(9))}, {"B": set(range(9))}, []),
        ({}, {"A": {1}}, []),
    ],
)
def test_differencing_against_an_earlier_round(before, after, expected):
    assert differencing(before, after, k=5) == expected


@pytest.mark.parametrize(
    ("counts", "telling"),
    [
        ({"95": 9}, True),  # nine of nine
        ({"95": 9, "60": 1}, True),
        ({"95": 8, "60": 1}, False),
        ({"95": 46, "60": 4}, True),
        ({"95": 95, "60": 5}, False),  # five said otherwise: no small set any more
        ({}, False),
    ],
)
def test_near_agreement_is_telling(counts, telling):
    assert is_telling(counts, k=5) == telling


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"a": 9, "b": 0}, {"a": None}),
        ({"a": 18, "b": 2}, {"a": None}),
        ({"a": 0, "b": 10}, {"b": None}),
        ({"a": 17, "b": 2, "c": 0}, {"a": 89, "b": 11, "c": 0}),
        ({"a": 1, "b": 7}, {"a": 13, "b": 88}),
        ({"a": 0}, {}),
    ],
)
def test_unanimity_is_printed_as_a_band(counts, expected):
    assert banded(counts) == expected


def test_what_is_too_telling_cannot_be_computed_from_the_rest():
    parts = {("A", f"q{n}"): F(1, 5) for n in range(5)}
    total = Figure("total", parts, 5, 3)
    dimensions = [Figure(f"d{n}", {("A", f"q{n}"): F(1)}, 5, 2) for n in range(5)]
    assert determines([total, *dimensions[1:]], dimensions[0]) == {"total", "d1", "d2", "d3", "d4"}
    left = guarded([total, *dimensions], [dimensions[0]])
    assert left == ["total", "d2", "d3", "d4"]  # one more goes, so that the total does not tell
    assert guarded([total, *dimensions], dimensions[:2]) == left
    assert guarded([total, *dimensions], [total]) == ["d1", "d2", "d3", "d4"]
    assert guarded([total, *dimensions], []) == ["total", "d0", "d1", "d2", "d3", "d4"]


def test_numbers_of_raters_are_printed_by_fives():
    assert [rounded_count(n) for n in (5, 7, 8, 12, 13, 97, 98, 1000)] == [5, 5, 10, 10, 15, 95, 100, 1000]
