"""The page that is kept without words: letter by letter the one that is drawn, for every reader; and what is in it."""

import datetime as dt

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from portal.accounts.enums import DeviceKind, Role
from portal.kernel import keeping
from portal.kernel.rates import RATES, Rate
from portal.search import drawing, views
from portal.search.enums import Audience
from portal.search.operations import index_entry, remove_entry
from portal.search.registry import forget_kind, register_kind
from tests.factories.people import make_appointment, make_person, make_unit
from tests.readers import LOOKS, letters
from tests.signing import signed_in

pytestmark = pytest.mark.django_db
KIND, DAY = "tests.drawn", dt.date(2026, 3, 9)
AT = dt.datetime(2026, 3, 10, 1, 0, tzinfo=dt.UTC)
FOUND = "/search/?q=食堂"
# Of one result, of none, with spaces and marks as typed, with nothing that can be looked for, and too long.
ADDRESSES = (
    *("/search/", "/search/?q=%20%20", "/search/?q=%20食堂%20%20夜班", "/search/?q=浴室", "/search/?q=无此词"),
    *("/search/?q=%3Cb%3E%26%22'&after=x", f"/search/?q={'长' * 61}", "/search/?q=食堂&kind=tests.drawn"),
)


@pytest.fixture(autouse=True)
def kind():
    register_kind(
        KIND,
        "平文",
        icon="file",
        url=lambda key: f"/things/{key}/?a=1&b=2",
        documents=lambda keys: [],
        keys=list,
        audience=Audience.PUBLIC,
    )
    yield
    forget_kind(KIND)


def _file(key, title="食堂通知", text="夜班", *, audience=Audience.PUBLIC, unit=None):
    index_entry(kind=KIND, key=key, title=title, text=text, on=DAY, audience=audience, unit_id=unit and unit.pk)


@pytest.fixture
def readers():
    company = make_unit()
    works = make_unit(company)
    officer = make_person(unit=company)
    make_appointment(officer, Role.UNION_OFFICER, company)
    for number in range(23):
        _file(f"k{number}", text="夜班 <i>吃</i> & 喝" * 40, unit=works)
    _file("one", "浴室", "“热水”<b>&")
    _file("inner", audience=Audience.SIGNED_IN)
    _file("theirs", audience=Audience.UNIT, unit=works)
    return {"visitor": None, "worker": make_person(unit=works), "clerk": make_person(unit=company), "officer": officer}


def _clients(readers):
    for look, cookies in LOOKS.items():
        for name, person in readers.items():
            client = Client()
            if person is not None:
                signed_in(client, person)
            client.cookies.load(cookies)
            yield (name, look), client


@pytest.fixture(autouse=True)
def _as_often_as_they_like(monkeypatch):
    monkeypatch.setitem(RATES, "search", Rate(most=10**6, seconds=60))


def _same(monkeypatch, pairs):
    """Assert that each client is given the same letters at an address, drawn, kept first, and kept again."""
    with monkeypatch.context() as patch:
        patch.setattr(views, "kept_around", lambda request, key, draw, filled: draw(filled))
        drawn = [letters(client, url) for client, url in pairs]
    keeping._parts.clear()
    for _round in range(2):
        for (client, url), wanted in zip(pairs, drawn, strict=True):
            shown = letters(client, url).splitlines()
            assert [pair for pair in zip(shown, wanted.splitlines(), strict=True) if pair[0] != pair[1]] == [], url
    return drawn


def test_the_kept_page_is_the_drawn_one_for_every_reader_in_every_look(readers, monkeypatch):
    with time_machine.travel(AT, tick=False):
        drawn = _same(monkeypatch, [(client, FOUND) for _name, client in _clients(readers)])
    # Everybody's page is another one, so that nothing was compared with itself.
    assert len(set(drawn)) == len(drawn) == len(readers) * len(LOOKS)


def test_the_kept_page_is_the_drawn_one_at_every_address(readers, monkeypatch):
    with time_machine.travel(AT, tick=False):
        client = signed_in(Client(), readers["worker"])
        more = letters(client, FOUND).split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        addresses = [FOUND, f"/search/{more}", *ADDRESSES]
        drawn = _same(monkeypatch, [(one, url) for one in (client, Client()) for url in addresses])
    assert len(set(drawn)) == len(drawn)


def test_words_are_kept_nowhere(readers):
    """Neither what somebody typed nor what was found for it: how quickly a page comes tells nothing either."""
    keeping._parts.clear()
    page = letters(Client(), "/search/?q=浴室")
    assert "<mark>浴室</mark>" in page and "热水" in page
    parts = ["".join(map(str, part)) for part, _size in keeping._parts.values()]
    assert [part for part in parts if "<main" in part] != []
    assert [part for part in parts if "浴室" in part or "热水" in part] == []
    before = len(keeping._parts)
    letters(Client(), "/search/?q=热水")  # the same page for other words
    assert len(keeping._parts) == before


def test_addresses_of_what_was_found_are_made_each_time(readers):
    """Whether somebody has found a thing before is not to be told from how quickly its address is there."""
    asked = []
    register_kind(KIND, "平文", icon="file", url=lambda key: asked.append(key) or "/", documents=list, keys=list)
    for _time in range(2):
        letters(Client(), "/search/?q=浴室")
    assert asked == ["one", "one"]


def test_what_is_hidden_leaves_a_kept_page_at_once(readers):
    works = readers["worker"].unit
    clients = {name: Client() if person is None else signed_in(Client(), person) for name, person in readers.items()}

    def finders():
        pages = {name: letters(client, "/search/?q=浴室") for name, client in clients.items()}
        assert all(("1 条结果" in page) == ("/things/one/" in page) == ("热水" in page) for page in pages.values())
        return {name for name, page in pages.items() if "/things/one/" in page}

    assert finders() == set(readers)
    for audience, unit, left in (
        (Audience.SIGNED_IN, None, {"worker", "clerk", "officer"}),
        (Audience.UNIT, works, {"worker", "officer"}),
    ):
        _file("one", "浴室", "“热水”<b>&", audience=audience, unit=unit)
        assert finders() == left
    remove_entry(kind=KIND, key="one")
    assert finders() == set()


def test_a_unit_and_a_kind_that_are_renamed_are_shown_so_at_once(readers):
    client, works = Client(), readers["worker"].unit
    assert f"<span>{works.name}</span>" in letters(client, FOUND)
    works.name = "改名后的车间"
    works.save()
    page = letters(client, FOUND)
    assert page.count("<span>改名后的车间</span>") == 20 and '">改名后的车间</option>' in page.replace("　", "")
    register_kind(KIND, "新名", icon="file", url=lambda key: f"/things/{key}/", documents=lambda keys: [], keys=list)
    page = letters(client, FOUND)
    assert f'<option value="{KIND}">新名</option>' in page and "平文" not in page


def test_at_a_kiosk_and_with_something_to_say_the_page_is_drawn(rf, monkeypatch):
    request = rf.get("/search/")
    said = []
    monkeypatch.setattr(drawing, "get_messages", lambda request: said)
    monkeypatch.setattr(drawing, "kept_part", lambda key, make: pytest.fail("was kept"))
    request.is_kiosk = True
    assert drawing.kept_around(request, "key", HttpResponse, b"own").content == b"own"
    request.is_kiosk = False
    said.append("saved")
    assert drawing.kept_around(request, "key", HttpResponse, b"own").content == b"own"


def test_a_worker_at_a_kiosk_is_shown_what_belongs_there(readers):
    kiosk = signed_in(Client(), readers["worker"], kind=DeviceKind.KIOSK)
    phone = signed_in(Client(), readers["worker"])
    letters(phone, FOUND)
    assert letters(kiosk, FOUND) != letters(phone, FOUND)
    assert letters(kiosk, FOUND).count("data-row") == letters(phone, FOUND).count("data-row") == 20
