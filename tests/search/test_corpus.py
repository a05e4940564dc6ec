"""Everything that a scan finds is found, nothing else is, in the order of the rule, on whichever engine this runs."""

import hashlib

import pytest

from portal.search import queries
from portal.search.folding import fold
from portal.search.operations import index_entries
from portal.search.queries import COUNTED, SORTED, search
from portal.search.registry import forget_kind, register_kind
from portal.search.statements import walked
from tests.search.corpus import documents, words

pytestmark = pytest.mark.django_db
KIND = "tests.document"
SIZE, ASKED = 2400, 240


class Visitor:
    is_authenticated = False


@pytest.fixture(autouse=True)
def kind():
    register_kind(KIND, "document", icon="file", url=lambda key: f"/{key}/", documents=lambda keys: [], keys=list)
    yield
    forget_kind(KIND)


def _file(found):
    for start in range(0, len(found), 500):
        index_entries(kind=KIND, documents=found[start : start + 500])


def _folded(found):
    return [(fold(document.title), fold(document.text), document) for document in found]


def _scan(folded, asked):
    """Return the keys of the documents that hold each word, in order: the plain way, one after the other."""
    hits, each = [], fold(asked).split()
    for number, (title, text, document) in enumerate(folded):
        if all(word in title or word in text for word in each):
            hits.append((all(word in title for word in each), document.on, number, document.key))
    return [key for *_order, key in sorted(hits, reverse=True)]


def _all_pages(asked, size=1300):
    keys, after = [], ""
    while True:
        found = search(asked, person=Visitor(), after=after, size=size)
        keys += [entry.object_key for entry in found.page]
        after = found.page.next_token
        if not after:
            return keys, found.count


def test_search_finds_what_a_scan_finds_in_the_same_order():
    found = documents(SIZE)
    _file(found)
    folded, asked = _folded(found), words(found, ASKED)
    wrong, common = {}, 0
    for word in asked:
        expected = _scan(folded, word)
        keys, count = _all_pages(word)
        common += len(expected) > SORTED
        if keys != expected or count != min(len(expected), COUNTED + 1):
            wrong[word] = (len(expected), len(keys), count)
    assert wrong == {}
    # Both ways of finding the first ones were gone: of few, and of more than are sorted.
    assert common > 10 and len({len(fold(word)) for word in asked}) >= 8


@pytest.mark.parametrize("size", [7, 60])
def test_a_walk_through_the_newest_finds_the_same_as_the_index(monkeypatch, size):
    """With every gram taken for common, and words that the newest hold seldom, often, in no title, or in every text."""
    found = documents(SIZE)
    _file(found)
    folded, asked = _folded(found), [*words(found, 25, seed="walk"), "职工", "车间 整改", "安", "食堂热饭供应"]
    walks = []
    monkeypatch.setattr(queries, "are_common", lambda terms: True)
    monkeypatch.setattr(queries, "walked", lambda *given: walks.append(walked(*given)) or walks[-1])
    wrong = {}
    for word in asked:
        expected = _scan(folded, word)
        first = search(word, person=Visitor(), size=size)
        second = (
            search(word, person=Visitor(), size=size, after=first.page.next_token) if first.page.next_token else None
        )
        keys = [entry.object_key for page in (first, second) if page for entry in page.page]
        if keys != expected[: 2 * size] or first.count != min(len(expected), COUNTED + 1):
            wrong[word] = (len(expected), len(keys), first.count)
    assert wrong == {}
    # It was enough, had too few titles, and was given up.
    outcomes = {(count > COUNTED, len(entries) > size) for count, entries in walks}
    assert outcomes >= {(True, True), (True, False), (False, False)}


def test_search_answers_alike_on_both_engines():
    """The order of 200 answers as one fingerprint; the same number stands here for PostgreSQL and for SQLite."""
    found = documents(1500, seed="alike")
    _file(found)
    digest = hashlib.sha256()
    for word in words(found, 200, seed="alike"):
        digest.update(f"{word}:{','.join(_all_pages(word, 400)[0])}\n".encode())
    assert digest.hexdigest()[:16] == "65fd29e3aee70130"
