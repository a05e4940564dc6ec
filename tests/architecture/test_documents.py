"""Documents say what the code says."""

import pytest
from django.conf import settings
from django.utils import translation

from portal.home.describing import MARKED, drawn
from portal.ledger.registry import known_verbs

DOCS = settings.BASE_DIR / "docs"


def test_tables_are_drawn_from_the_code():
    texts = {path: path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md")}
    found = {match[2] for text in texts.values() for match in MARKED.finditer(text)}
    assert found == {"switches", "verbs", "jobs"}
    stale = [str(path) for path, text in texts.items() if drawn(text) != text]
    assert stale == [], "run manage.py describe"


@pytest.mark.parametrize("code", sorted(known_verbs()))
def test_every_verb_has_a_sentence_in_both_languages(code):
    sentence = known_verbs()[code].sentence
    if callable(sentence):
        return
    said = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said[language] = str(sentence)
    assert said["en"] and said["zh-hans"] and said["en"] != said["zh-hans"]


def test_every_decision_is_numbered_once():
    numbers = [path.name[:4] for path in sorted((DOCS / "decisions").glob("*.md"))]
    assert all(number.isdigit() for number in numbers)
    assert len(numbers) == len(set(numbers))
