"""What the prepared statements find: for every reader and filter what the rule says, however often they are asked."""

import datetime as dt
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from portal.accounts.enums import Role
from portal.kernel import planned
from portal.search import queries
from portal.search.enums import Audience
from portal.search.operations import index_entries, remove_entry
from portal.search.queries import search
from portal.search.registry import Document, forget_kind, register_kind
from portal.search.statements import LEAD, PREPARED_TERMS, SNIPPET
from tests.factories.people import make_appointment, make_person, make_unit
from tests.services import both_engines

pytestmark = [pytest.mark.django_db(transaction=True), both_engines]
DAY = dt.date(2026, 3, 9)
OPEN, INNER = "tests.open", "tests.inner"
FIRST_PLANS = 5  # PostgreSQL plans so often for the values, then once for all


@pytest.fixture(autouse=True)
def prepared(engine, settings, monkeypatch):
    settings.PREPARES_STATEMENTS = True
    monkeypatch.setitem(planned._surprises, "seen", 0)
    for code, audience in ((OPEN, Audience.PUBLIC), (INNER, Audience.SIGNED_IN)):
        register_kind(code, code, icon="file", url=str, documents=lambda keys: [], keys=list, audience=audience)
    yield
    forget_kind(OPEN)
    forget_kind(INNER)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")


@pytest.fixture
def plant():
    """Two works with a shop each; readers of all kinds with the units over which they may look."""
    company = make_unit()
    works, other = make_unit(company), make_unit(company)
    shop = make_unit(works)
    units = {"company": company, "works": works, "other": other, "shop": shop}
    double = make_person(unit=other)
    make_appointment(double, Role.UNION_OFFICER, works)
    make_appointment(double, Role.UNION_CHAIR, works)
    readers = {
        "visitor": (AnonymousUser(), None),
        "of the shop": (make_person(unit=shop), {"company", "works", "shop"}),
        "of the company": (make_person(unit=company), {"company"}),
        "with offices": (double, {"company", "other", "works", "shop"}),
    }
    return units, readers


def _filed(units):
    """File a text for each kind, audience, unit and day, with the words in the title of every other one."""
    rows = []
    for number, (kind, audience, name) in enumerate(product((OPEN, INNER), Audience, units)):
        title = "食堂安全员" if number % 2 else "通知"
        on = DAY + dt.timedelta(number % 3)
        rows.append(
            (kind, audience, name, on, Document(str(number), title, "食堂安全员", on, units[name].pk, audience))
        )
    for code in (OPEN, INNER):
        index_entries(kind=code, documents=[row[-1] for row in rows if row[0] == code])
    return rows


def _expected(rows, reach, chosen, units):
    """Return the keys that the rule gives, in its order."""
    found = []
    for kind, audience, name, on, document in rows:
        is_seen = audience == Audience.PUBLIC and (reach is not None or kind == OPEN)
        if reach is not None:
            is_seen |= audience == Audience.SIGNED_IN or audience == Audience.UNIT and name in reach
        inside = "unit" not in chosen or units[name].path.startswith(chosen["unit"].path)
        is_within = chosen.get("since", on) <= on <= chosen.get("until", on)
        if is_seen and inside and is_within and chosen.get("kind", kind) == kind:
            found.append((document.title != "通知", on, int(document.key)))
    return [key for *_order, key in sorted(found, reverse=True)]


@pytest.mark.parametrize("is_common", [False, True])
def test_every_reader_finds_what_the_rule_says_with_every_filter(plant, is_common, monkeypatch):
    """A common word goes by the newest entries as soon as more fit than are counted, here more than three."""
    units, readers = plant
    rows = _filed(units)
    monkeypatch.setattr(queries, "are_common", lambda terms: is_common)
    monkeypatch.setattr(queries, "COUNTED", 3)
    filters = ({}, {"kind": INNER}, {"unit": units["works"]}, {"since": DAY + dt.timedelta(1)}, {"until": DAY})
    wrong = {}
    for (name, (person, reach)), chosen in product(readers.items(), filters):
        expected = _expected(rows, reach, chosen, units)
        for size in (7, 30):
            keys, after = [], ""
            while True:
                found = search("食堂 安全员", person=person, after=after, size=size, **chosen)
                keys += [int(entry.object_key) for entry in found.page]
                after = found.page.next_token
                if not after:
                    break
            if keys != expected or found.count != min(len(expected), 4):
                wrong[name, tuple(chosen), size] = (keys, expected, found.count)
    assert wrong == {}


def test_one_plan_serves_all_words_and_readers(plant):
    """After the fifth asking the server plans no more; then other words, and other people of the same reach."""
    units, readers = plant
    rows = _filed(units)
    index_entries(kind=OPEN, documents=[Document("rare", "硫化氢", "报警仪" * 300, DAY, units["shop"].pk)])
    person, reach = readers["of the shop"]
    expected = _expected(rows, reach, {}, units)
    for _time in range(FIRST_PLANS + 3):
        assert [int(entry.object_key) for entry in search("安全员", person=person, size=40).page] == expected
    other = make_person(unit=make_unit(units["other"]))
    theirs = _expected(rows, {"company", "other"}, {}, units)
    assert [int(entry.object_key) for entry in search("安全员", person=other, size=40).page] == theirs != expected
    (entry,) = search("硫化氢", person=other, size=40).page
    assert (entry.title, entry.unit_id, entry.begins_at) == ("硫化氢", units["shop"].pk, 1)
    assert entry.goes_on and entry.snippet == ("报警仪" * 54)[:160]
    if connection.vendor == "postgresql":
        assert _held() == 2  # of the search, and of the appointments


def test_a_search_for_many_words_or_with_filters_is_not_prepared(plant):
    units, readers = plant
    index_entries(kind=OPEN, documents=[Document("a", "甲 乙 丙 丁", "", DAY, units["shop"].pk)])
    person, _reach = readers["visitor"]
    words = ["甲", "乙", "丙", "丁"]
    for count in range(1, len(words) + 1):
        assert len(search(" ".join(words[:count]), person=person).page) == 1
    for chosen in ({"kind": OPEN}, {"unit": units["works"]}, {"since": DAY}, {"until": DAY}):
        assert len(search("甲", person=person, **chosen).page) == 1
    if connection.vendor == "postgresql":
        assert _held() == PREPARED_TERMS == len(words) - 1


def test_texts_are_opened_quickly_where_the_server_can():
    """Migration 0003; a server without lz4 keeps its own way."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'")
        has_lz4 = cursor.fetchone()[0]
        cursor.execute(
            "SELECT attname::text, attcompression::text FROM pg_attribute"
            " WHERE attrelid = 'search_searchentry'::regclass AND attname IN ('folded', 'text')"
        )
        assert dict(cursor.fetchall()) == dict.fromkeys(("folded", "text"), "l" if has_lz4 else "")


def test_texts_of_an_ordinary_length_lie_in_their_row_as_they_are(plant):
    """Migration 0004: not compressed, and not elsewhere; a long one is found and shown all the same."""
    units, readers = plant
    person, _reach = readers["visitor"]
    texts = {"short": "食堂改造说明。" * 50, "long": "夜班职工反映食堂。" * 4000}
    for key, text in texts.items():
        index_entries(kind=OPEN, documents=[Document(key, f"关于{key}", text, DAY, units["shop"].pk)])
    found = {entry.object_key: (entry.snippet, entry.goes_on) for entry in search("食堂", person=person).page}
    assert found == {key: (text[:160], True) for key, text in texts.items()}
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_column_size(text) > 3 * LENGTH(text) FROM search_searchentry ORDER BY LENGTH(text)"
            )
            assert cursor.fetchall() == [(True,), (False,)]


@pytest.mark.parametrize("words", ["安全员", "食堂", "食堂 安全员", "安全员 食堂", "堂安"])
@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("通知", "夜班" * 200 + "食堂安全员" + "夜班" * 200),
        ("通知", "夜班" * 3000 + "食堂安全员" + "夜班" * 300),
        ("食堂安全员", "夜班" * 300),
        ("食堂安全员", "夜班" * 3000 + "食堂安全员在此"),
        ("食堂", "安全员堂安，夜班"),
        ("", "，ＡＢ食堂安全员"),
        ("食堂安全员", ""),
    ],
)
@pytest.mark.parametrize("is_common", [False, True])
def test_the_piece_is_the_text_around_the_first_word(plant, title, text, words, is_common, monkeypatch):
    """Short or long, in the title or in the text, with one word or two, whoever cuts it out."""
    units, readers = plant
    monkeypatch.setattr(queries, "are_common", lambda terms: is_common)
    monkeypatch.setattr(queries, "COUNTED", 0)
    index_entries(kind=OPEN, documents=[Document("a", title, text, DAY, units["shop"].pk)])
    terms = words.split()
    found = search(words, person=readers["visitor"][0]).page.items
    if not all(term in f"{title} {text}" for term in terms):
        assert found == []
        return
    (entry,) = found
    # A word that the text does not hold says nothing of where to begin.
    first = next((text.find(term) for term in terms if term in text), 0)
    begin = max(first - LEAD, 0)
    assert (entry.begins_at, entry.piece) == (begin + 1, text[begin : begin + SNIPPET + 1])
    assert entry.place == (all(term in title for term in terms), DAY, entry.pk)


@pytest.mark.parametrize(
    "is_word",
    [
        lambda n: n < 6,
        lambda n: 8 <= n < 16,
        lambda n: n >= 14,
        lambda n: n % 2,
        lambda n: n in (0, 19),
        lambda n: False,
    ],
)
@pytest.mark.parametrize("is_titled", [False, True])
def test_a_common_word_is_counted_wherever_it_stands(plant, is_word, is_titled, monkeypatch):
    """Only amid all, only in the newest, in both or in too few to be counted; five are looked through."""
    units, readers = plant
    monkeypatch.setattr(queries, "are_common", lambda terms: True)
    for name, value in (("COUNTED", 3), ("WINDOW", 5), ("SORTED", 4)):
        monkeypatch.setattr(queries, name, value)
    words = {n: "食堂安全员" if is_word(n) else "夜班" for n in range(20)}
    documents = [
        Document(str(n), word if is_titled else "通知", word, DAY + dt.timedelta(n), units["shop"].pk)
        for n, word in words.items()
    ]
    index_entries(kind=OPEN, documents=documents)
    person, _reach = readers["visitor"]
    keys, counts, after = [], set(), ""
    while True:
        found = search("安全员", person=person, after=after, size=2)
        keys += [int(entry.object_key) for entry in found.page]
        counts.add(found.count)
        after = found.page.next_token
        if not after:
            break
    expected = [n for n in reversed(range(20)) if is_word(n)]
    assert (keys, counts) == (expected, {min(len(expected), 4)})


def test_behind_the_last_place_the_number_is_still_known(plant):
    """Somebody goes on, and meanwhile what stood behind has been taken out."""
    units, readers = plant
    person, _reach = readers["visitor"]
    index_entries(kind=OPEN, documents=[Document(str(n), "安全员", "", DAY, units["shop"].pk) for n in range(3)])
    after = search("安全员", person=person, size=2).page.next_token
    last = search("安全员", person=person, after=after).page.items[0]
    remove_entry(kind=OPEN, key=last.object_key)
    found = search("安全员", person=person, after=after)
    assert (found.page.items, found.count) == ([], 2)


def _held():
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_prepared_statements WHERE name LIKE 'portal_%'")
        return cursor.fetchone()[0]
