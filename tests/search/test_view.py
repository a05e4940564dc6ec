"""The page of the search: who finds what, marked, filtered, paged; what is typed wrongly; how often it may be asked."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.enums import Role
from portal.kernel.rates import RATES
from portal.search.enums import Audience
from portal.search.operations import index_entry, remove_entry
from portal.search.registry import forget_kind, register_kind
from tests.factories.people import make_appointment, make_person, make_unit
from tests.matrix.nasty import hostile_query, rng_of
from tests.times import at as frozen

pytestmark = pytest.mark.django_db
URL = "/search/"
PLAIN, INNER = "tests.plain", "tests.inner"
DAY = dt.date(2026, 3, 9)


@pytest.fixture(autouse=True)
def kinds():
    for code, audience in ((PLAIN, Audience.PUBLIC), (INNER, Audience.SIGNED_IN)):
        register_kind(
            code,
            {PLAIN: "平文", INNER: "内文"}[code],
            icon="file",
            url=lambda key: f"/things/{key}/",
            documents=lambda keys: [],
            keys=list,
            audience=audience,
        )
    yield
    forget_kind(PLAIN)
    forget_kind(INNER)


def _file(key, title="食堂通知", text="", *, kind=PLAIN, on=DAY, audience=Audience.PUBLIC, unit=None):
    index_entry(kind=kind, key=key, title=title, text=text, on=on, audience=audience, unit_id=unit and unit.pk)


def _ask(client, **query):
    return client.get(URL, query)


def _keys(response):
    return re.findall(r'href="/things/([^/]+)/"', response.content.decode())


def test_title_goes_before_text_and_newer_before_older(client):
    _file("old", "浴室", "食堂", on=DAY)
    _file("new", "班车", "食堂也有", on=DAY + dt.timedelta(1))
    _file("titled", "食堂", "", on=DAY - dt.timedelta(9))
    _file("other", "奖金", "与此无关")
    assert _keys(_ask(client, q="食堂")) == ["titled", "new", "old"]


def test_all_words_must_occur_and_title_and_text_count_together(client):
    _file("both", "食堂", "夜班没有热饭")
    _file("one", "食堂", "白班")
    assert _keys(_ask(client, q="夜班 食堂")) == ["both"]
    assert _keys(_ask(client, q="夜班　食堂")) == ["both"]
    assert _keys(_ask(client, q="夜班食堂")) == []


@pytest.mark.parametrize(
    "typed", ["gb/t 9704", "ＧＢ／Ｔ", "9704-2012", "９７０４", "T9", "t９", "№3", "-", "_%", "\\"]
)
def test_latin_digits_and_wide_letters_are_found(client, typed):
    _file("a", "公文按GB/T9704-2012执行", "№3泵 100_%\\n")
    _file("b", "公文按国标执行", "三号泵")
    assert _keys(_ask(client, q=typed)) == ["a"]


def test_single_characters_are_found_wherever_they_stand(client):
    _file("first", "堂食")
    _file("last", "食堂")
    _file("alone", "见", "堂 内")
    assert set(_keys(_ask(client, q="堂"))) == {"first", "last", "alone"}


def test_what_only_looks_alike_is_not_found(client):
    _file("gap", "安全 全员")  # the pairs 安全 and 全员 stand beside each other, the word does not
    _file("order", "员安全全员安", "")
    assert _keys(_ask(client, q="安全员")) == []


def test_long_text_is_found_at_its_end(client):
    """Beyond 16,383 places and 255 repetitions a tsvector keeps no positions; the search needs none."""
    _file("long", "制度", "安全生产责任制。" * 6000 + "末条另行规定")
    assert _keys(_ask(client, q="责任制。末条另行")) == ["long"]
    assert "<mark>末条另行</mark>规定" in _ask(client, q="末条另行").content.decode()


def test_words_are_marked_and_everything_else_is_escaped(client):
    _file("x", "<b>食堂</b>", "先后<script>alert(1)</script>在ＧＢ食堂吃饭" + "吃" * 200)
    html = _ask(client, q="食堂 gb").content.decode()
    assert "&lt;b&gt;<mark>食堂</mark>&lt;/b&gt;" in html
    assert "在<mark>ＧＢ食堂</mark>吃饭" in html and "…</p>" in html
    assert "<script>alert" not in html


def _people():
    company = make_unit()
    works, other = make_unit(company), make_unit(company)
    shop = make_unit(works)
    _file("open")
    _file("inner", kind=INNER, audience=Audience.SIGNED_IN)
    _file("works", kind=INNER, audience=Audience.UNIT, unit=works)
    _file("other", kind=INNER, audience=Audience.UNIT, unit=other)
    officer = make_person(unit=company)
    make_appointment(officer, Role.UNION_OFFICER, company)
    return {
        "worker of a shop below": (make_person(unit=shop), {"open", "inner", "works"}),
        "worker of another": (make_person(unit=other), {"open", "inner", "other"}),
        "clerk of the company": (make_person(unit=company), {"open", "inner"}),
        "officer of the company": (officer, {"open", "inner", "works", "other"}),
    }


def test_everybody_finds_what_they_may_read_and_no_hint_of_the_rest(client, enter):
    people = _people()
    for person, wanted in people.values():
        response = _ask(enter(person), q="食堂")
        assert set(_keys(response)) == wanted
        assert f"共 {len(wanted)} 条结果" in response.content.decode()
    response = _ask(client, q="食堂")
    html = response.content.decode()
    assert _keys(response) == ["open"] and "共 1 条结果" in html
    assert "内文" not in html and "平文" in html  # nor is the kind offered of which a visitor finds nothing
    guessed, unknown = (_ask(client, q="食堂", kind=kind).content.decode() for kind in (INNER, "tests.nothing"))
    assert re.sub(r"value=\S+|tests\.\w+", "", guessed) == re.sub(r"value=\S+|tests\.\w+", "", unknown)


def test_filters_by_type_unit_and_day(client):
    company = make_unit()
    works = make_unit(company, code="W1", name="乙烯厂")
    shop = make_unit(works)
    _file("a", unit=shop, on=DAY)
    _file("b", unit=company, on=DAY + dt.timedelta(1))
    assert _keys(_ask(client, q="食堂", unit="W1")) == ["a"]
    assert _keys(_ask(client, q="食堂", unit=company.code)) == ["b", "a"]
    assert _keys(_ask(client, q="食堂", kind=PLAIN, since="2026年3月10日")) == ["b"]
    assert _keys(_ask(client, q="食堂", until="2026-03-09")) == ["a"]
    assert _keys(_ask(client, q="食堂", kind="feedback.inquiry")) == []


def test_period_that_ends_before_it_begins_is_said_and_kept(client):
    _file("a")
    response = _ask(client, q="食堂", since="2026-03-10", until="2026-03-09")
    html = response.content.decode()
    assert response.status_code == 200 and "截止日期早于起始日期" in html
    assert 'value="2026-03-10"' in html and 'value="食堂"' in html and _keys(response) == []


def test_pages_follow_each_other_without_gap_or_repetition(client):
    for number in range(45):
        _file(f"k{number}", "食堂" if number % 3 == 0 else "浴室", "食堂", on=DAY + dt.timedelta(number // 4))
    seen, url = [], f"{URL}?q=食堂"
    for _page in range(3):
        response = client.get(url)
        seen += _keys(response)
        more = re.search(r'rel="next" href="([^"]+)"', response.content.decode())
        url = more and URL + more[1].replace("&amp;", "&")
    assert url is None and len(seen) == 45 == len(set(seen))
    assert seen[:15] == [f"k{number}" for number in range(42, -1, -3)]


def test_a_thing_taken_out_is_gone_at_once(client):
    _file("a")
    assert _keys(_ask(client, q="食堂")) == ["a"]
    _file("a", "浴室")
    assert _keys(_ask(client, q="食堂")) == [] and _keys(_ask(client, q="浴室")) == ["a"]
    remove_entry(kind=PLAIN, key="a")
    assert _keys(_ask(client, q="浴室")) == []


def test_empty_search_gives_advice_and_asks_no_index(client):
    for words in ({}, {"q": ""}, {"q": "   "}, {"q": "\x00"}):
        with CaptureQueriesContext(connection) as queries:
            html = _ask(client, **words).content.decode()
        assert "您想查什么" in html
        assert not [q for q in queries.captured_queries if "searchentry" in q["sql"]]


def test_as_many_queries_for_three_as_for_one(client):
    counts = []
    for number in (1, 3):
        for key in range(number):
            _file(f"k{key}", unit=make_unit(make_unit()))
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert len(_keys(_ask(client, q="食堂"))) == number
        counts.append([q["sql"] for q in queries.captured_queries])
    # PostgreSQL is asked for its count of the grams too, which a server that is not tested does once in ten minutes.
    most = 7 if connection.vendor == "postgresql" else 6
    assert len(counts[0]) == len(counts[1]) == most, counts
    assert not [sql for page in counts for sql in page if sql.split()[0] in {"INSERT", "UPDATE", "DELETE"}]


def test_a_visitor_is_given_no_cookie_and_can_still_choose_language_and_type():
    client = Client(enforce_csrf_checks=True)
    _file("a")
    response = _ask(client, q="食堂")
    assert response.status_code == 200 and not response.cookies
    assert response.headers["Cache-Control"] == "private, no-store"
    data = {"language": "en", "next": "/search/?q=GB"}
    answer = client.post(reverse("home:preferences"), data, headers={"sec-fetch-site": "same-origin"})
    assert (answer.status_code, answer.url) == (302, data["next"])
    assert set(client.cookies) == {settings.LANGUAGE_COOKIE_NAME}
    assert "1 result" in client.get("/search/", {"q": "食堂"}).content.decode()
    foreign = Client(enforce_csrf_checks=True).post(
        reverse("home:preferences"), data, headers={"sec-fetch-site": "cross-site"}
    )
    assert foreign.status_code == 403 and settings.LANGUAGE_COOKIE_NAME not in foreign.cookies


def test_somebody_signed_in_needs_the_token_to_choose(enter):
    client = enter(make_person())
    client.handler.enforce_csrf_checks = True
    assert client.post(reverse("home:preferences"), {"language": "en"}).status_code == 403


def test_thirty_searches_a_minute_and_then_a_page_that_says_when(client, enter):
    moment = dt.datetime(2026, 3, 9, 1, 30, 15, tzinfo=dt.UTC)
    with frozen(moment):
        person = enter(make_person())
        assert {_ask(client, q="食堂").status_code for _time in range(RATES["search"].most)} == {200}
        refused = _ask(client, q="食堂")
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "45")
        assert "查询次数过多" in refused.content.decode()
        assert _ask(client).status_code == 200  # the empty page costs nothing
        # Another address, and somebody signed in at the same one, are not held up.
        assert client.get(URL, {"q": "食堂"}, REMOTE_ADDR="10.0.0.2").status_code == 200
        assert _ask(person, q="食堂").status_code == 200
    with frozen(moment + dt.timedelta(seconds=45)):
        assert _ask(client, q="食堂").status_code == 200


def test_five_hundred_hostile_queries_break_nothing(client, monkeypatch):
    monkeypatch.setitem(RATES, "search", RATES["search"].__class__(most=10**6, seconds=60))
    _file("a", "食堂 '; DROP TABLE", "№3 “加热柜” {{7*7}} 👷")
    rng, statuses = rng_of("search"), set()
    for _time in range(500):
        query = hostile_query(rng, ("q", "q", "kind", "unit", "since", "until", "after"))
        statuses.add(client.get(f"{URL}?{query}").status_code)
    assert statuses <= {200, 400}
    assert _keys(_ask(client, q="drop table")) == ["a"]


def test_filters_are_drawn_as_they_were_asked_whoever_asked_before(client):
    """They are kept by what was typed into them: another reader's choice, fault or words must not stand there."""
    _file("k1", unit=make_unit(name="裂解车间"))
    plain = _ask(client, q="食堂").content.decode()
    chosen = _ask(client, q="食堂", since="2026-02-30", kind="nothing").content.decode()
    assert 'value="2026-02-30"' in chosen and "2026-02-30" not in plain
    assert _ask(client, q="浴室").content.decode().count("食堂") == 0
    again = _ask(client, q="食堂").content.decode()
    assert "2026-02-30" not in again and again.count("is-invalid") == plain.count("is-invalid") < chosen.count(
        "is-invalid"
    )
