"""Counting by tables of cases (domain.md §3.5): whole numbers, absent and abstaining are not for, voids, ties."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ballots.arithmetic import count_question, sorted_answers, tally
from portal.ballots.definition import Definition, Option, Question, Share, Unfit, definition_of
from portal.ballots.drawing import counted_of, drawn_result

VOTE = Question("q1", "vote", "工资集体合同草案")


def vote(comparator=">", base="all", numerator=1, denominator=2):
    return Question("q1", "vote", "事项", share=Share(numerator, denominator, comparator, base))


def counted(question, answers, *, electorate=150, present=0):
    return count_question(question, sorted_answers(question, answers), electorate=electorate, present=present)


@pytest.mark.parametrize(
    ("comparator", "base", "present", "electorate", "votes", "others", "needed", "passed"),
    [
        (">", "all", 0, 150, 76, 0, 76, True),
        (">", "all", 0, 150, 75, 75, 76, False),
        (">=", "all", 0, 150, 75, 0, 75, True),
        (">=", "all", 0, 150, 74, 76, 75, False),
        (">", "all", 0, 151, 76, 75, 76, True),
        (">=", "all", 0, 151, 75, 76, 76, False),  # 以上 includes the number, but half of 151 is no whole one
        (">", "all", 0, 150, 75, 0, 76, False),  # all who came were for, and it is not enough
        (">", "valid", 0, 150, 51, 49, 51, True),
        (">", "valid", 0, 150, 50, 50, 51, False),
        (">=", "valid", 0, 150, 50, 50, 50, True),
        (">", "present", 100, 150, 51, 0, 51, True),
        (">", "present", 100, 150, 50, 50, 51, False),
        (">", "all", 0, 150, 0, 0, 76, False),
        (">=", "valid", 0, 150, 0, 0, 0, False),  # 0:0 passes nothing
        (">", "all", 0, 1, 1, 0, 1, True),
        (">", "all", 0, 100, 51, 49, 51, True),
    ],
)
def test_majorities(comparator, base, present, electorate, votes, others, needed, passed):
    found = counted(
        vote(comparator, base), ["for"] * votes + ["against"] * others, electorate=electorate, present=present
    )
    assert (found["needed"], found["is_passed"]) == (needed, passed)


@pytest.mark.parametrize(("against", "abstain"), [(74, 0), (0, 74), (30, 20)])
def test_abstaining_and_staying_away_are_both_not_for(against, abstain):
    assert not counted(vote(), ["for"] * 75 + ["against"] * against + ["abstain"] * abstain)["is_passed"]


def test_two_thirds_without_fractions():
    two_thirds = vote(">=", numerator=2, denominator=3)
    assert [two_thirds.share.needed(n) for n in (42, 43, 150, 151)] == [28, 29, 100, 101]


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.sampled_from([(1, 2), (2, 3), (1, 3), (3, 4)]))
def test_enough_is_exactly_where_the_fraction_says(base, votes, share):
    numerator, denominator = share
    more, least = (Share(numerator, denominator, sign, "all") for sign in (">", ">="))
    assert more.is_met(votes, base) == (votes * denominator > numerator * base)
    assert least.is_met(votes, base) == (votes * denominator >= numerator * base)


@pytest.mark.parametrize(
    ("issued", "taken", "returned", "is_void"),
    [(10, 9, 9, False), (10, 11, 11, True), (10, 9, 10, True), (10, 9, 8, True)],
)
def test_more_ballots_than_were_issued_or_let_in_void_the_poll(issued, taken, returned, is_void):
    ballots = [{"q1": "for"}] * returned
    found = tally(Definition((VOTE,)), ballots, issued=issued, taken_part=taken, electorate=10)
    assert (found.is_void, found.questions == {}, found.answers == {}) == (is_void,) * 3
    assert (found.valid, found.void) == ((0, returned) if is_void else (returned, 0))


def test_unreadable_ballots_are_void_and_strange_answers_void_their_question_only():
    definition = Definition((VOTE, Question("q2", "vote", "另一事项")))
    ballots = [None, {"q1": "for", "q2": "yes"}, {"q1": "against"}, {"q1": ["for"], "q2": "for"}]
    found = tally(definition, ballots, issued=4, taken_part=4, electorate=4)
    assert (found.returned, found.valid, found.void) == (4, 3, 1)
    assert found.questions["q1"]["counts"] == {"for": 1, "against": 1, "abstain": 0}
    assert (found.questions["q1"]["void"], found.questions["q2"]["void"]) == (1, 2)


def election(candidates, seats, *, share=None, write_in=False, tie="run_off"):
    options = tuple(Option(f"c{n}", f"候选人{n}") for n in range(1, candidates + 1))
    return Question("q1", "election", "选举", share or Share(), options, seats, write_in, tie)


def marks(*codes, names=()):
    return {"marks": list(codes), "names": list(names)}


@pytest.mark.parametrize(
    ("seats", "ballots", "elected", "tied", "left"),
    [
        (1, [("c1",)] * 6 + [("c2",)] * 4, ["c1"], [], 0),
        (2, [("c1", "c2")] * 6 + [("c3",)] * 4, ["c1", "c2"], [], 0),
        (1, [("c1",)] * 5 + [("c2",)] * 5, [], [], 1),  # 5 of 10 is not more than half
        (2, [("c1", "c2")] * 3 + [("c1", "c3")] * 3 + [("c2", "c3")] * 4, ["c2", "c3"], [], 0),
        (2, [("c1", "c2", "c3")] * 10, [], [], 2),  # too many marks void the question of each ballot
        (2, [("c1", "c2")] * 6 + [("c1", "c3")] * 6, ["c1"], [], 1),
        (1, [], [], [], 1),
    ],
)
def test_elections(seats, ballots, elected, tied, left):
    found = counted(election(3, seats), [marks(*ballot) for ballot in ballots], electorate=len(ballots) or 10)
    by_code = {name: [key for kind, key in found[name]] for name in ("elected", "tied")}
    assert (sorted(by_code["elected"]), by_code["tied"], found["seats_left"]) == (elected, tied, left)


@pytest.mark.parametrize("tie", ["run_off", "lot"])
def test_equal_votes_for_the_last_seat_elect_neither(tie):
    low = Share(1, 3, ">=", "all")
    ballots = [marks("c1", "c2")] * 4 + [marks("c1", "c3")] * 4
    found = counted(election(3, 2, share=low, tie=tie), ballots, electorate=8)
    assert (found["elected"], found["tied"]) == ([["code", "c1"]], [["code", "c2"], ["code", "c3"]])
    assert (found["seats_left"], found["tie_rule"]) == (1, tie)


def test_as_many_candidates_as_seats_are_voted_on_one_by_one_and_others_may_be_written_in():
    question = election(2, 2, write_in=True)
    assert not question.is_contested
    ballots = [{"says": {"c1": "for", "c2": "against"}, "names": ["赵六"]}] * 6
    ballots += [{"says": {"c1": "for", "c2": "abstain"}, "names": []}] * 4
    ballots += [{"says": {"c1": "for", "c2": "for"}, "names": ["赵六"]}]  # three for two seats
    found = counted(question, ballots, electorate=11)
    assert (found["votes"], found["void"]) == ({"c1": 10, "c2": 0}, 1)
    assert found["says"]["c2"] == {"for": 0, "against": 6, "abstain": 4}
    assert found["elected"] == [["code", "c1"], ["name", "赵六"]]


@pytest.mark.parametrize(
    "answer",
    [
        marks("c9"),
        marks("c1", "c1"),
        marks("c1", names=["赵六"]),
        {"marks": "c1", "names": []},
        {"marks": [["c1"]], "names": []},
        {"marks": [], "names": None},
        {"marks": []},
        ["c1"],
        None,
        1,
        {"says": {}, "names": []},
    ],
)
def test_what_an_election_does_not_take(answer):
    assert not election(3, 1).is_answer(answer)
    assert counted(election(3, 1), [answer])["void"] == 1


def test_dont_know_enters_no_score():
    scale = tuple(Option(str(n), str(n)) for n in range(1, 6))
    found = counted(Question("q1", "rating", "评价", options=scale), ["5", "5", "3", "dk", "9", 5], electorate=6)
    assert found["counts"] == {"1": 0, "2": 0, "3": 1, "4": 0, "5": 2, "dk": 1}
    assert (found["valid"], found["void"]) == (4, 2)


def test_choice_of_one():
    question = Question("q1", "choice", "选一", options=(Option("a", "甲"), Option("b", "乙")))
    assert counted(question, ["a", "b", "b", "c"])["counts"] == {"a": 1, "b": 2}


ODD = ["for", "against", "abstain", "yes", None, 1, True, [1], {}, {"a": None}]


@given(st.lists(st.sampled_from(ODD), max_size=40), st.randoms())
def test_order_changes_nothing_and_the_published_list_counts_to_the_same(given_answers, rng):
    shuffled = list(given_answers)
    rng.shuffle(shuffled)
    rows = sorted_answers(VOTE, given_answers)
    assert rows == sorted_answers(VOTE, shuffled)
    assert sum(times for _answer, times in rows) == len(given_answers)
    assert counted(VOTE, given_answers) == count_question(VOTE, rows, electorate=150, present=0)


@pytest.mark.parametrize(
    "definition",
    [
        Definition(()),
        Definition((VOTE, VOTE)),
        Definition((vote(base="present"),)),
        Definition((vote(comparator="<"),)),
        Definition((vote(numerator=3),)),
        Definition((Question("q1", "vote", ""),)),
        Definition((Question("q1", "poll", "x"),)),
        Definition((election(2, 3),)),
        Definition((election(0, 1),)),
        Definition((Question("q1", "choice", "x", options=(Option("a", "甲"),)),)),
        Definition((Question("q1", "choice", "x", options=(Option("a", "甲"), Option("a", "乙"))),)),
        Definition((Question("q1", "vote", "x", seats=1),)),
        Definition((Question("q1", "rating", "x", options=(Option("dk", "甲"), Option("b", "乙"))),)),
    ],
)
def test_what_cannot_be_voted_on_is_refused(definition):
    with pytest.raises(Unfit):
        definition.check()


def test_a_definition_comes_back_from_its_json_with_the_same_fingerprint():
    second = replace(election(3, 2, write_in=True), code="q2")
    definition = Definition((VOTE, second), present=120).check()
    back = definition_of(definition.as_json())
    assert (back, back.sha256) == (definition, definition.sha256)
    assert Definition((VOTE, second)).sha256 != definition.sha256


@pytest.mark.parametrize(("whole", "base"), [(100, 100), (0, 80), (80, 80)])
def test_shares_are_shown_of_the_number_that_the_rule_counts(whole, base):
    """Vacant seats count where the credential report says so: a share is of 100 seats, not of 80 electors."""
    definition = Definition((VOTE,), whole=whole)
    votes = ["for"] * 52 + ["against"] * 4
    found = tally(definition, [{"q1": one} for one in votes], issued=80, taken_part=56, electorate=80)
    poll = SimpleNamespace(electorate_size=80, definition=definition)
    (drawn,) = drawn_result(poll, SimpleNamespace(is_void=False, questions=found.questions))
    assert (counted_of(poll), found.questions["q1"]["base"]) == (base, base)
    assert [line.share for line in drawn.lines] == [52 / base, 4 / base, 0]
