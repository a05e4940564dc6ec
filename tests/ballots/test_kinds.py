"""Scores, words and skipped questions: what a definition takes, what a ballot paper reads, who may ask them."""

import pytest
from django.http import QueryDict

from portal.ballots.arithmetic import tally
from portal.ballots.definition import Definition, Option, Question, Unfit, definition_of
from portal.ballots.forms import BallotForm

OPTIONS = (Option("good", "好"), Option("bad", "不好"))
SCORE = Question(code="s", kind="score", text="业绩", top=100, step=5)
WORDS = Question(code="w", kind="text", text="意见", longest=30)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"kind": "score", "top": 100},
        {"kind": "score", "step": 5},
        {"kind": "score", "top": 100, "step": 7},
        {"kind": "score", "top": 200, "step": 5},
        {"kind": "score", "top": 100, "step": 5, "options": OPTIONS},
        {"kind": "text"},
        {"kind": "text", "longest": 2001},
        {"kind": "text", "longest": 30, "can_skip": True},
        {"kind": "vote", "can_skip": True},
        {"kind": "rating", "options": OPTIONS, "top": 100, "step": 5},
        {"kind": "choice", "options": OPTIONS, "longest": 30},
    ],
)
def test_a_measure_stands_where_it_belongs_only(spoilt):
    with pytest.raises(Unfit):
        Question(code="q", text="x", **spoilt).check()


@pytest.mark.parametrize(
    ("question", "good", "bad"),
    [
        (SCORE, ["0", "5", "100", "dk"], ["3", "105", "", "05", "-5", 5, None, "skip", ["5"]]),
        (WORDS, ["", "长" * 10, "a" * 30], ["长" * 11, "a" * 31, '"' * 16, None, 5]),
        (Question(code="s", kind="score", text="x", top=10, step=10, can_skip=True), ["skip", "10"], ["5"]),
        (
            Question(code="r", kind="rating", text="x", options=OPTIONS, can_skip=True),
            ["skip", "good", "dk"],
            ["s", ""],
        ),
        (Question(code="r", kind="rating", text="x", options=OPTIONS), ["good"], ["skip"]),
    ],
)
def test_answers(question, good, bad):
    question.check()
    assert [answer for answer in [*good, *bad] if question.is_answer(answer)] == good


def test_a_definition_is_read_as_it_was_written_and_old_ones_keep_their_fingerprint():
    definition = Definition((SCORE, WORDS, Question(code="r", kind="rating", text="x", options=OPTIONS))).check()
    assert definition_of(definition.as_json()) == definition
    plain = Definition((Question(code="r", kind="rating", text="x", options=OPTIONS),)).as_json()["questions"][0]
    assert not {"top", "step", "longest", "can_skip"} & set(plain)


def test_many_questions_only_where_the_owner_counts_itself():
    ratings = [Question(code=f"q{n}", kind="rating", text="x", options=OPTIONS) for n in range(61)]
    with pytest.raises(Unfit):
        Definition(tuple(ratings)).check()
    assert Definition((*ratings, WORDS)).check().ballot_size >= 512


def test_scores_are_counted_like_a_rating():
    definition = Definition((SCORE,))
    found = tally(
        definition, [{"s": "90"}, {"s": "90"}, {"s": "dk"}, {"s": "91"}], issued=4, taken_part=4, electorate=4
    )
    counts = found.questions["s"]["counts"]
    assert {code: n for code, n in counts.items() if n} == {"90": 2, "dk": 1}
    assert found.questions["s"]["void"] == 1


@pytest.mark.parametrize(
    ("typed", "answers", "fault"),
    [
        ("s=９５&w=", {"s": "95", "w": ""}, None),
        ("s=&s-dk=on&w= 好 ", {"s": "dk", "w": "好"}, None),
        ("s=&w=", None, "s"),
        ("s=90&s-dk=on&w=", None, "s"),
        ("s=92&w=", None, "s"),
        ("s=一百&w=", None, "s"),
        ("s=105&w=", None, "s"),
        ("s=90&w=" + "长" * 11, None, "w"),
        ("s=90&w=" + "\U0002000b" * 8, None, "w"),
    ],
)
def test_the_paper_reads_scores_and_words(typed, answers, fault):
    form = BallotForm(Definition((SCORE, WORDS)), QueryDict(typed))
    assert form.is_valid() == (fault is None)
    if fault is None:
        assert form.answers() == answers
        assert [question.code for question, _said in form.in_words()] == ["s", "w"]
    else:
        assert list(form.errors) == [fault]
