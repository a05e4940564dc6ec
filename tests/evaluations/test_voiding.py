"""The rules by which a form is void, as tables of cases; no database."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from evaluations.enums import VoidKind
from evaluations.layout import blocks_of
from evaluations.voiding import void_kinds

WORDS = {"excellent": 100, "competent": 80, "basic": 60, "incompetent": 40}
SCORES = {str(n): n for n in range(0, 101, 5)}


def item(weight, of):
    return SimpleNamespace(name="x", weight=Decimal(weight), dimension=SimpleNamespace(weight=Decimal(of)))


def blocks(subjects, items=None):
    return blocks_of(
        [f"人{n}" for n in range(subjects)], items or [item("1", "0.5"), item("1", "0.5")], has_remarks=True
    )


def rule(kind, people=None, score=None):
    return SimpleNamespace(kind=kind, people=people, score=score)


def filled(parts, *rows):
    """One row of answers for each subject; remarks stay empty."""
    given = {code: row[n] for block, row in zip(parts, rows, strict=True) for n, (code, _i) in enumerate(block.codes)}
    return given | {block.remark: "" for block in parts}


ALL = [
    rule(VoidKind.SAME),
    rule(VoidKind.FULL),
    rule(VoidKind.TOP_AT_MOST, 1, 90),
    rule(VoidKind.LOW_AT_LEAST, 1, 70),
]


@pytest.mark.parametrize(
    ("points", "rows", "broken"),
    [
        (WORDS, [("competent", "competent"), ("competent", "competent")], ["same", "low_at_least"]),
        (
            WORDS,
            [("excellent", "excellent"), ("excellent", "excellent")],
            ["same", "full", "top_at_most", "low_at_least"],
        ),
        (WORDS, [("excellent", "excellent"), ("basic", "basic")], []),
        (WORDS, [("excellent", "competent"), ("basic", "competent")], ["low_at_least"]),  # 90 and exactly 70
        (WORDS, [("excellent", "excellent"), ("excellent", "competent")], ["top_at_most", "low_at_least"]),  # 100, 90
        (WORDS, [("dk", "dk"), ("excellent", "excellent")], []),  # one rated person has nobody beside
        (WORDS, [("skip", "skip"), ("dk", "excellent")], []),
        (WORDS, [("dk", "excellent"), ("excellent", "dk")], ["same", "full", "top_at_most", "low_at_least"]),
        (SCORES, [("90", "85"), ("70", "65")], []),  # 87.5 and 67.5
        (SCORES, [("95", "85"), ("90", "90")], ["top_at_most", "low_at_least"]),
        (SCORES, [("0", "0"), ("0", "0")], ["same"]),
    ],
)
def test_what_breaks_which_rule(points, rows, broken):
    parts = blocks(2)
    assert void_kinds(ALL, parts, filled(parts, *rows), points) == broken
    assert void_kinds([], parts, filled(parts, *rows), points) == []


def test_means_are_exact_and_weighted():
    items = [item("0.3333", "0.3"), item("0.6667", "0.3"), item("1", "0.7")]
    parts = blocks(2, items)
    rules = [rule(VoidKind.TOP_AT_MOST, 0, 90)]
    # 0.09999 × 100 + 0.20001 × 100 + 0.7 × 85 = 89.5; with the third unknown the first two alone are 100.
    assert void_kinds(rules, parts, filled(parts, ("100", "100", "85"), ("0", "0", "0")), SCORES) == []
    assert void_kinds(rules, parts, filled(parts, ("100", "100", "dk"), ("0", "0", "0")), SCORES) == ["top_at_most"]


def test_who_may_rate_fewer_than_have_to_be_below_the_line_places_all_of_them_there():
    parts = blocks(3)
    rules = [rule(VoidKind.LOW_AT_LEAST, 5, 70)]
    low = ("basic", "basic")
    assert void_kinds(rules, parts, filled(parts, low, low, low), WORDS) == []
    assert void_kinds(rules, parts, filled(parts, low, low, ("competent", "competent")), WORDS) == ["low_at_least"]
