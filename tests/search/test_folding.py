"""A text that need not be folded is marked as if it had been."""

import pytest

from portal.search import folding
from portal.search.folding import fold, spans_of

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
