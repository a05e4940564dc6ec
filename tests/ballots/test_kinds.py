"""Scores, words and skipped questions: what a definition takes, what a ballot paper reads, who may ask them."""

import pytest
from django.http import QueryDict

from portal.ballots.arithmetic import tally
from portal.ballots.definition import Definition, Option, Question, Unfit, canonical, definition_in, definition_of
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


class Slow(BallotForm):
    """Every field by its own means, as Django cleans a form."""

    def _clean_fields(self):
        super(BallotForm, self)._clean_fields()


def test_words_are_taken_quickly_and_refused_as_their_fields_do():
    kinds = (
        Question(code="v", kind="vote", text="同意吗"),
        Question(code="r", kind="rating", text="评价", options=OPTIONS, can_skip=True),
        Question(code="c", kind="choice", text="选择", options=OPTIONS),
        Question(code="e", kind="election", text="等额", options=OPTIONS, seats=2, can_write_in=True),
        Question(code="d", kind="election", text="差额", options=OPTIONS, seats=1),
        SCORE,
        WORDS,
    )
    definition = Definition(kinds).check()
    right = "v=for&r=dk&c=bad&e-good=for&e-bad=abstain&e-names=&d=good&s=95&w=好"
    cases = [right]
    for name in ("v", "r", "c", "e-good", "d", "s", "w"):
        for value in (
            "",
            " for",
            "FOR",
            "for",
            "good",
            "dk",
            "skip",
            "0",
            "None",
            "x" * 40,
            "%00",
            f"good&{name}=bad",
        ):
            cases.append(f"{right}&{name}={value}")
        cases.append("&".join(pair for pair in right.split("&") if not pair.startswith(f"{name}=")))
    assert BallotForm(definition, QueryDict(right)).is_valid()
    refused = 0
    for typed in cases:
        quick, slow = (kind(definition, QueryDict(typed)) for kind in (BallotForm, Slow))
        assert quick.is_valid() == slow.is_valid(), typed
        assert quick.errors.get_json_data() == slow.errors.get_json_data(), typed
        assert list(quick.cleaned_data.items()) == list(slow.cleaned_data.items()), typed
        refused += not quick.is_valid()
        if quick.is_valid():
            assert quick.answers() == slow.answers() and definition.takes(quick.answers())
    assert len(cases) * 0.4 < refused < len(cases) * 0.9


def test_a_definition_takes_answers_to_just_its_questions():
    definition = Definition((SCORE, WORDS)).check()
    whole = {"s": "95", "w": ""}
    assert definition.takes(whole)
    for wrong in ({"s": "95"}, {**whole, "x": "1"}, {**whole, "s": "96"}, {**whole, "s": ["95"]}, {"w": "", "S": "95"}):
        assert not definition.takes(wrong)


def test_a_definition_read_as_text_is_the_one_of_this_very_text():
    definition = Definition((SCORE, WORDS)).check()
    text = canonical(definition.as_json())
    first = definition_in("name", text)
    assert first == definition and definition_in("name", text) is first
    other = definition_in("name", text.replace("业绩", "作风"))
    assert [one.text for one in other.questions] == ["作风", "意见"] and definition_in("name", text) == definition
