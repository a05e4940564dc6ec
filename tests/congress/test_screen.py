"""The results on the screen of the hall: one leaf after the other, so that each is readable from the last row."""

import datetime as dt

from congress.queries.screen import COUNTS_ON_LEAF, LEAF_SECONDS, Leaf, Scene, Shown, leaves_of
from tests.factories.cards import AT

PLAIN = (("赞成", 16), ("反对", 4), ("弃权", 0))
ELECTION = tuple((f"候选人{place}", 20 - place) for place in range(COUNTS_ON_LEAF + 1))


def test_a_result_with_many_candidates_takes_two_leaves():
    assert leaves_of("方案", PLAIN, "规则") == [Leaf("方案", PLAIN, "规则")]
    parts = (ELECTION[:COUNTS_ON_LEAF], ELECTION[COUNTS_ON_LEAF:])
    assert leaves_of("选举", ELECTION, "规则") == [Leaf("选举", part, "规则") for part in parts]


def test_each_leaf_is_shown_as_long_and_the_first_comes_again():
    shown = Shown(Scene.RESULT, results=tuple(Leaf(item, PLAIN, "规则") for item in "甲乙丙"))
    start = AT - dt.timedelta(seconds=AT.timestamp() % (LEAF_SECONDS * 3))
    seconds = [shown.place_of_leaf(start + dt.timedelta(seconds=second)) for second in range(LEAF_SECONDS * 3 + 1)]
    assert seconds == [0] * LEAF_SECONDS + [1] * LEAF_SECONDS + [2] * LEAF_SECONDS + [0]
    assert Shown(Scene.PAUSE).place_of_leaf(AT) == 0
