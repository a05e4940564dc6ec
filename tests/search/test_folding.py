"""A text that need not be folded is marked as if it had been."""

from html import escape
from itertools import product

import pytest

from portal.search import drawing, folding
from portal.search.drawing import marked
from portal.search.folding import are_apart, fold, spans_of

TEXTS = (
    "食堂改造。食堂食堂",
    "ＧＢ／Ｔ９７０４ 食堂",
    "⻝堂与食堂",  # a radical that is not folded
    "㊀号人⼈人",
    "\U0002f804入",
    "",
)


def test_whatever_is_folded_to_a_chinese_character_is_seen_to_be_so():
    han = folding._HAN
    for code in range(0x30000):
        character = chr(code)
        found = folding._folded(code)
        if found != character and han.fullmatch(found):
            assert folding._FOLDED_TO_HAN.search(character), hex(code)
        assert not han.fullmatch(character) or found == character


@pytest.mark.parametrize("words", ["食堂", "人", "一", "gb", "食", "堂食", "食堂 9704"])
def test_places_are_those_in_the_folded_text(words, monkeypatch):
    terms = folding.terms_of(words)
    quick = [spans_of(text, terms) for text in TEXTS]
    monkeypatch.setattr(folding, "_HAN", folding.re.compile("(?!)"))  # nothing is ordinary: every text is folded
    assert quick == [spans_of(text, terms) for text in TEXTS]
    assert all(fold(text)[start:end] for text in TEXTS for start, end in spans_of(text, terms))


def test_a_character_in_another_form_is_found():
    assert spans_of("⼈事", ["人"]) == [(0, 1)]
    assert spans_of("人事", ["人"]) == [(0, 1)]


PIECES = ("食堂", "堂食", "食", "<b>&", "\"'", "Ａ1", "⼈", "人", "\n", "，", "")


@pytest.mark.parametrize(
    "words", ["食堂", "食", "食堂 堂食", "食堂 人", "食食", "人食堂 堂食堂", "食堂食", "a1", "b", "amp", "mark"]
)
def test_marking_all_at_once_is_marking_one_by_one(words, monkeypatch):
    """Texts of all pairs and triples of pieces, some with markup of their own, some with words that overlap."""
    terms = folding.terms_of(words)
    texts = ["".join(pieces) for count in (1, 2, 3) for pieces in product(PIECES, repeat=count)]
    plain = [text for text in texts if "\n" not in text and "⼈" not in text]
    quick = marked(plain, terms)
    assert marked(texts, terms) == [marked([text], terms)[0] for text in texts]
    monkeypatch.setattr(drawing, "are_apart", lambda terms, text: False)
    assert marked(plain, terms) == quick
    assert marked([], terms) == []
    assert all(
        escape(text) == markup.replace("<mark>", "").replace("</mark>", "")
        for text, markup in zip(plain, quick, strict=True)
    )


def test_only_chinese_words_that_cannot_overlap_are_marked_at_once():
    assert are_apart(["食堂", "夜班"], "食堂") and are_apart(["食"], "食食")
    for terms in (["食食"], ["食堂", "堂食"], ["食堂食"], ["a1"], ["食堂", "b"]):
        assert not are_apart(terms, "食堂")
    assert not are_apart(["人"], "⼈")
