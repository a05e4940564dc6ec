"""The results on the screen of the hall: one leaf after the other, so that each is readable from the last row."""

import datetime as dt

from congress.queries.minutes import VoteLine
from congress.queries.screen import COUNTS_ON_LEAF, LEAF_SECONDS, Scene, Shown, _leaves
from tests.factories.cards import AT

PLAIN = (("赞成", 16), ("反对", 4), ("弃权", 0))
ELECTION = tuple((f"候选人{place}", 20 - place) for place in range(COUNTS_ON_LEAF + 1))


def test_a_result_with_many_candidates_takes_two_leaves():
    plain, long = (VoteLine(None, counts) for counts in (PLAIN, ELECTION))
    assert list(_leaves("方案", [plain])) == [("方案", PLAIN)]
    assert list(_leaves("选举", [long])) == [("选举", ELECTION[:COUNTS_ON_LEAF]), ("选举", ELECTION[COUNTS_ON_LEAF:])]
    assert list(_leaves("方案", [VoteLine(None, is_void=True)])) == [("方案", ())]


def test_each_leaf_is_shown_as_long_and_the_first_comes_again():
    shown = Shown(Scene.RESULT, results=(("甲", PLAIN), ("乙", PLAIN), ("丙", PLAIN)))
    start = AT - dt.timedelta(seconds=AT.timestamp() % (LEAF_SECONDS * 3))
    seconds = [shown.leaf(start + dt.timedelta(seconds=second)) for second in range(LEAF_SECONDS * 3 + 1)]
    assert seconds == [0] * LEAF_SECONDS + [1] * LEAF_SECONDS + [2] * LEAF_SECONDS + [0]
    assert Shown(Scene.PAUSE).leaf(AT) == 0
