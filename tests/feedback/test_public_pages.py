"""What everybody may read: every number, every clock, and not one word more than was agreed."""

import datetime as dt
import random
import re

import pytest
import time_machine
from django.db import connection
from django.shortcuts import render
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feedback.models import Inquiry
from feedback.views import public
from portal.kernel import replaying
from tests.factories.cards import AT, hide, make_inquiry, make_plant, register
from tests.factories.people import make_unit
from tests.feedback.screens import heading, text
from tests.feedback.test_author_pages import make_file
from tests.signing import signed_in

LIST = "/inquiries/"


@pytest.fixture
def plant(db):
    return make_plant()


@pytest.fixture
def at_the_day():
    with time_machine.travel(AT + dt.timedelta(hours=1), tick=False) as clock:
        yield clock


def listed(client, query=""):
    """Return the numbers of a list page in their order."""
    return re.findall(r'row-number">([0-9-]+)<', client.get(LIST + query).content.decode())


def test_every_number_is_listed_newest_first_whatever_became_of_the_card(client, plant):
    cards = [make_inquiry(plant, state=state) for state in ("submitted", "assigned", "answered", "closed")]
    cards.append(make_inquiry(plant, state="registered", is_about_cadre=True))
    hidden = make_inquiry(plant, state="registered")
    hide(hidden, plant=plant)
    assert listed(client) == [card.number for card in reversed([*cards, hidden])]


def test_only_published_text_is_read_and_found(client, plant):
    words = {
        "published": "公开的话",
        "unregistered": "未登记的话",
        "refused": "不公开的话",
        "discipline": "举报的话",
        "hidden": "隐去的话",
    }
    make_inquiry(plant, state="assigned", subject=words["published"])
    make_inquiry(plant, subject=words["unregistered"])
    make_inquiry(plant, state="assigned", subject=words["refused"], may_publish=False)
    make_inquiry(plant, state="assigned", subject=words["discipline"], is_about_cadre=True)
    hide(make_inquiry(plant, state="assigned", subject=words["hidden"]), plant=plant)
    for place in (LIST, *(f"/inquiries/{card.number}/" for card in Inquiry.objects.all()), "/inquiries/feed.rss", "/"):
        body = text(client.get(place))
        assert [word for key, word in words.items() if key != "published" and word in body] == []
    assert listed(client, "?q=的话") == ["2026-0001"]


def test_a_redacted_text_is_read_as_the_union_left_it(client, plant):
    card = make_inquiry(plant, body="王某打了人")
    register(card, plant=plant, texts={"public_subject": "争执", "public_body": "有人打了人", "public_suggestion": ""})
    page = text(client.get(f"/inquiries/{card.number}/"))
    assert ("有人打了人" in page, "王某" in page) == (True, False)


def test_a_named_author_is_shown_by_surname_only(client, plant):
    card = make_inquiry(plant, state="answered")
    page = text(client.get(f"/inquiries/{card.number}/"))
    assert ("王**" in page, plant.worker.name in page) == (True, False)


def test_a_hidden_card_leaves_a_tombstone(client, plant):
    card = make_inquiry(plant, state="answered", body="绝不能再读到的话")
    hide(card, plant=plant, at=dt.datetime(2026, 3, 20, 3, 0, tzinfo=dt.UTC))
    page = text(client.get(f"/inquiries/{card.number}/"))
    assert [word in page for word in (card.number, "涉及他人隐私", "2026年3月20日", "两人共同决定")] == [True] * 4
    assert "绝不能再读到的话" not in page
    assert "经现场核查" not in page


def test_a_card_of_discipline_inspection_shows_its_clock_only(client, plant):
    card = make_inquiry(plant, state="answered", is_about_cadre=True, body="某干部的事")
    page = text(client.get(f"/inquiries/{card.number}/"))
    assert "由纪检部门办理" in page
    for body in (page, text(client.get(LIST)).split('<ul class="rows">')[1].split("</ul>")[0]):
        words = ("某干部的事", "经现场核查", plant.shop.name, plant.inspection.name, "生活后勤")
        assert [word for word in words if word in body] == []
    assert (listed(client, "?unit=YX-LJ"), listed(client, "?topic=living"), listed(client)) == ([], [], [card.number])


def test_a_merged_card_names_the_one_it_went_into(client, plant):
    card = make_inquiry(plant, state="merged")
    assert f"/inquiries/{card.merged_into.number}/" in text(client.get(f"/inquiries/{card.number}/"))


@pytest.mark.parametrize("number", ["2026-9999", "2026-0", "1999-1"])
def test_an_unknown_number_is_not_found(client, plant, number):
    assert client.get(f"/inquiries/{number}/").status_code == 404


def test_filters_by_unit_topic_state_year_and_number(client, plant):
    shop = make_inquiry(plant, state="assigned")
    works = make_inquiry(plant, state="answered", unit=plant.works, topic="safety")
    other = make_inquiry(plant, state="closed", unit=make_unit(plant.company, code="HF", name="化肥厂"), topic="pay")
    old = make_inquiry(plant, at=AT - dt.timedelta(days=200))
    numbers = {
        "?unit=YX": [works, shop, old],
        "?unit=YX-LJ": [shop, old],
        "?topic=safety": [works],
        "?state=open": [shop, old],
        "?state=answered": [works],
        "?state=closed": [other],
        "?year=2025": [old],
        f"?q={works.number}": [works],
        "?q=2026-2": [works],
        "?unit=YX&state=answered&topic=pay": [],
    }
    with time_machine.travel(AT, tick=False):
        assert {query: listed(client, query) for query in numbers} == {
            query: [card.number for card in cards] for query, cards in numbers.items()
        }


@pytest.mark.parametrize(
    ("shift", "is_late"),
    [(dt.timedelta(microseconds=-1), False), (dt.timedelta(0), True), (dt.timedelta(days=3), True)],
)
def test_late_is_a_comparison_at_the_midnight_after_the_due_day(client, plant, shift, is_late):
    card = make_inquiry(plant, state="assigned")
    make_inquiry(plant, state="closed")
    with time_machine.travel(card.promise.due_at + shift, tick=False):
        assert listed(client, "?late=on") == ([card.number] if is_late else [])


def test_a_search_of_one_character_says_that_it_is_too_short(client, plant):
    make_inquiry(plant, state="assigned")
    page = client.get(LIST + "?q=热")
    assert "请至少输入两个字" in text(page)


def test_pages_follow_by_key(client, plant):
    for _card in range(27):
        make_inquiry(plant)
    first = client.get(LIST)
    after = first.context["page"].next_token
    assert listed(client) + listed(client, f"?after={after}") == [f"2026-{n:04d}" for n in range(27, 0, -1)]


def own_queries(client, address):
    """Return the statements of a page without those that every page's frame makes."""
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    frames = ("ledger_head", "deadlines_heartbeat", "deadlines_clockguard", "django_session", "notices_dispatch")
    kept = [query["sql"] for query in seen if not any(word in query["sql"] for word in frames)]
    return [sql for sql in kept if not ('"accounts_unit"."name"' in sql and "LIMIT 1" in sql and "feedback" not in sql)]


def test_the_first_page_costs_one_statement_with_one_and_three_cards(client, plant, at_the_day):
    make_inquiry(plant, state="assigned")
    client.get(LIST)
    assert len(own_queries(client, LIST)) == 1
    for _card in range(2):
        make_inquiry(plant, state="answered", identity_mode="anonymous")
    assert len(own_queries(client, LIST)) == 1


def test_one_card_costs_the_same_however_much_happened(client, plant):
    card = make_inquiry(plant, state="answered")
    page = f"/inquiries/{card.number}/"

    def asked():
        """Return what it costs to draw the page, and to ask whether the one that is kept still holds."""
        replaying._noted.clear()
        drawn = len(own_queries(client, page))
        for _time in range(2):
            client.get(page)
        return drawn, len(own_queries(client, page))

    client.get(page)
    assert asked() == (5, 5)
    # That there are files is known from the statement that finds the card; they are read by one, one or more of them.
    for _file in range(2):
        make_file(card, is_published=True)
        assert asked() == (6, 6)


def test_d07_the_monthly_line_adds_up(client, plant, at_the_day):
    make_inquiry(plant, state="assigned")
    make_inquiry(plant)
    make_inquiry(plant, state="assigned", is_about_cadre=True)
    hide(make_inquiry(plant, state="assigned"), plant=plant)
    make_inquiry(plant, at=AT - dt.timedelta(days=20))
    line = client.get(LIST).context["line"]
    found = [line[name] for name in ("received", "public", "unpublished", "hidden", "late")]
    assert found == [4, 1, 2, 1, 0]


def test_the_feed_holds_answered_published_cards_only(client, plant):
    answered = make_inquiry(plant, state="answered", subject="答复了的")
    make_inquiry(plant, state="assigned", subject="没答复的")
    hide(make_inquiry(plant, state="answered", subject="隐去了的"), plant=plant)
    feed = client.get("/inquiries/feed.rss")
    assert (feed.status_code, feed.headers["Content-Type"]) == (200, "application/rss+xml; charset=utf-8")
    body = feed.content.decode()
    assert [word in body for word in (f"{answered.number} 答复了的", "没答复的", "隐去了的")] == [True, False, False]


def test_only_published_files_of_published_cards_are_handed_out(client, plant):
    card = make_inquiry(plant, state="answered")
    secret, shown = make_file(card), make_file(card, is_published=True)
    hidden = make_inquiry(plant, state="answered")
    gone = make_file(hidden, is_published=True)
    hide(hidden, plant=plant)

    def status(inquiry, held):
        answer = client.get(f"/inquiries/{inquiry.number}/files/{held.file_id}/")
        answer.getvalue()  # reading it to the end closes the file
        return answer.status_code

    assert [status(card, secret), status(card, shown), status(hidden, gone), status(hidden, shown)] == [
        404,
        200,
        404,
        404,
    ]


def test_the_front_page_is_small_and_shows_the_main_act_the_box_and_the_lamps(client, plant):
    late = make_inquiry(plant, state="assigned")
    make_inquiry(plant, state="answered", subject="刚答复的事")
    with time_machine.travel(late.promise.due_at, tick=False):
        page = client.get("/")
    assert page.context["totals"] == {"open": 1, "soon": 0, "late": 1}
    body = text(page)
    assert [word in body for word in ("提意见", "查进度", "刚答复的事", 'name="code"')] == [True] * 4
    assert len(page.content) < 100 * 1024


@pytest.mark.parametrize(("left", "totals"), [(6, (1, 0, 0)), (5, (1, 1, 0)), (0, (1, 1, 0)), (-1, (1, 0, 1))])
def test_the_lamps_of_the_front_page_count_days_as_the_clock_does(client, plant, left, totals):
    card = make_inquiry(plant, state="assigned")
    with time_machine.travel(card.promise.due_at - dt.timedelta(days=left, hours=5), tick=False):
        found = client.get("/").context["totals"]
    assert (found["open"], found["soon"], found["late"]) == totals


def test_the_box_of_the_front_page_opens_a_card(client, plant):
    card = make_inquiry(plant, state="answered")
    assert heading(client.post("/a/track/", {"number": card.number, "code": card.code})) == card.subject


def test_somebody_signed_in_is_sent_home(client, plant):
    assert signed_in(client, plant.worker).get("/").headers["Location"] == "/home/"
    assert Client().get("/home/").headers["Location"].startswith("/people/sign-in/")


HOSTILE = [
    "",
    "x" * 5000,
    "\x00",
    "%ff%fe",
    "9" * 400,
    "-1",
    "NaN",
    "2026-02-30",
    "0000-00-00",
    "{{7*7}}",
    "' OR 1=1 --",
    "\u202e",
    "１２",
    "٣",
    "[]",
    "null",
    "YX",
    "open",
    "on",
]


def test_s05_hostile_query_strings_never_break_a_list(client, plant):
    make_inquiry(plant, state="assigned")
    worker = signed_in(Client(), plant.worker)
    chance = random.Random(5)
    names = ["q", "unit", "topic", "state", "year", "late", "after", "sort", "page", "unit[]", ""]
    statuses = set()
    for turn in range(300):
        query = {chance.choice(names): chance.choice(HOSTILE) for _pair in range(chance.randint(1, 5))}
        reader, place = (client, LIST) if turn % 3 else (worker, "/cards/mine/")
        statuses.add(reader.get(place, query).status_code)
    assert statuses == {200}


def test_a_card_the_browser_has_is_not_sent_again_until_something_of_it_changes(client, plant):
    card = make_inquiry(plant, state="answered")
    address = f"/inquiries/{card.number}/"
    first = client.get(address)
    held = {"if-none-match": first.headers["ETag"]}
    assert (first.status_code, client.get(address, headers=held).status_code) == (200, 304)
    make_file(card, is_published=True)
    changed = client.get(address, headers=held)
    assert (changed.status_code, changed.headers["ETag"] == first.headers["ETag"]) == (200, False)
    Inquiry.objects.filter(pk=card.pk).update(public_subject="另一个标题")
    assert "另一个标题" in client.get(address, headers={"if-none-match": changed.headers["ETag"]}).content.decode()


@pytest.mark.parametrize("state", ["submitted", "assigned", "negotiating", "answered", "tracked", "merged", "closed"])
def test_a_kept_card_is_drawn_from_what_its_key_was_made_of(client, plant, monkeypatch, state):
    card = make_inquiry(plant, state=state)
    make_file(card, is_published=True)
    drawn, late = [], []

    def watched(request, template, context):
        with CaptureQueriesContext(connection) as seen:
            drawn.append(render(request, template, context))
        late.extend(query["sql"] for query in seen if re.search("feedback_|files_|deadlines_promise", query["sql"]))
        return drawn[-1]

    monkeypatch.setattr(public, "render", watched)
    assert client.get(f"/inquiries/{card.number}/").status_code == 200
    # A relation that is read while the page is drawn is not in its key, and its change would not be shown.
    assert (len(drawn), late) == (1, [])
