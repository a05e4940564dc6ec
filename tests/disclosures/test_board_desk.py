"""The desk of display boards: from putting one up to taking it down; previews; what is cut for a board."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from disclosures.board_pages import LANDSCAPE, MOST_PAGES, PORTRAIT, Room, pages_of, width_of
from disclosures.enums import PublicationState as S
from disclosures.models import Board, Override, Pin, Playlist
from portal.kernel.richtext import text_of
from tests.factories.boards import FACTS, feed, make_board
from tests.factories.disclosures import AT, make_publication
from tests.signing import signed_in as sign_in

DAY = dt.timedelta(days=1)
NOW = AT + dt.timedelta(hours=1)
LIST = {
    "title": "全天",
    "weekdays": ["0", "1", "2", "3", "4"],
    "begins": "07:00",
    "ends": "22:00",
    "takes_screen": "on",
    "takes_notices": "on",
    "sections": ["C"],
    "takes_above": "on",
    "cards": ["lamps", "head"],
    "place_in_order": "1",
}


@pytest.fixture(autouse=True)
def now():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def url(name, *args):
    return reverse(f"disclosures:{name}", args=args)


def post(client, route, *args, expect=302, **data):
    answer = client.post(url(route, *args), data)
    assert answer.status_code == expect, answer.content.decode()[:3000]
    return answer


def test_a_board_from_its_sheet_to_its_end(client, offices):
    sign_in(client, offices.handler)
    assert client.get(url("board_new")).status_code == 200
    sheet = post(client, "board_new", expect=200, unit="YX", **FACTS, **LIST).content.decode()
    token = re.search(r"/board/([A-Za-z0-9_-]{43})/", sheet)[1]
    assert "<svg" in sheet
    board = Board.objects.get()
    assert (board.unit, board.playlists.get().weekdays, board.playlists.get().sections) == (
        offices.works,
        0b11111,
        ["C"],
    )
    assert token not in client.get(url("board_work", board.pk)).content.decode()
    assert feed(client, token).status_code == 200

    text = make_publication(offices, item="B06")
    playlist = board.playlists.get()
    assert f'value="{text.number}"' in client.get(url("board_pin"), {"text": text.number}).content.decode()
    pin = {"playlist": playlist.pk, "text": text.number, "since": "2026-03-09", "until": "", "order": "1"}
    post(client, "board_pin", **pin)
    post(client, "board_pin", expect=409, **pin)
    post(client, "board_pin", expect=422, **{**pin, "text": "2026-9999", "until": "2026-03-01"})
    page = client.get(url("board_work", board.pk)).content.decode()
    assert text.title in page
    post(client, "board_unpin", Pin.objects.get().pk)
    assert not Pin.objects.exists()

    post(client, "board_edit", board.pk, **{**FACTS, "seconds": "20", "name": "二号门屏"})
    post(client, "board_edit", board.pk, expect=422, **{**FACTS, "seconds": "11"})
    post(client, "playlist_new", board.pk, **{**LIST, "title": "夜班", "begins": "22:00", "ends": "07:00"})
    night = Playlist.objects.get(name="夜班")
    edit = client.get(url("playlist_edit", night.pk)).content.decode()
    assert 'value="22:00"' in edit
    post(client, "playlist_edit", night.pk, **{**LIST, "title": "后夜", "begins": "00:00", "ends": "07:00"})
    post(client, "playlist_new", board.pk, expect=422, **{**LIST, "weekdays": []})
    post(client, "playlist_remove", night.pk)
    post(client, "playlist_remove", playlist.pk)  # the last one stays, and the page says so
    assert list(Playlist.objects.all()) == [playlist]

    urgent = {"where": "board", "title": "暂停作业", "message": "大风", "hours": "2", "reason": "气象预警", "text": ""}
    post(client, "board_urgent", board.pk, expect=422, **{**urgent, "message": ""})
    post(client, "board_urgent", board.pk, expect=422, **{**urgent, "text": text.number})
    post(client, "board_urgent", board.pk, **urgent)
    assert feed(client, token).json()["isUrgent"]
    post(client, "board_urgent_end", Override.objects.get().pk)
    assert not feed(client, token).json()["isUrgent"]

    renewed = post(client, "board_address", board.pk, expect=200).content.decode()
    assert token not in renewed
    post(client, "board_retire", board.pk)
    assert "已停用" in client.get(url("board_work", board.pk)).content.decode()
    assert client.get(url("board_edit", board.pk)).status_code == 403


def test_boards_are_kept_by_their_unit_and_seen_by_supervisors(client, offices):
    board, _token = make_board(offices)
    playlist = board.playlists.get()
    pages = [("board_work", board.pk), ("board_preview", board.pk)]
    acts = [
        (name, board.pk) for name in ("board_edit", "board_address", "board_retire", "board_urgent", "playlist_new")
    ]
    acts.append(("playlist_edit", playlist.pk))
    for person, seen, kept in (
        (offices.handler, 200, 200),
        (offices.officer, 200, 200),
        (offices.inspector, 200, 403),
        (offices.auditor, 200, 403),
        (offices.other_handler, 404, 404),
        (offices.worker, 404, 404),
    ):
        sign_in(client, person)
        assert {client.get(url(*page)).status_code for page in pages} == {seen}, person.name
        assert {client.get(url(*act)).status_code for act in acts} == {kept}, person.name
        refused = kept if kept != 200 else 422
        assert client.post(url("board_edit", board.pk), {}).status_code == refused
    sign_in(client, offices.worker)
    assert client.get(url("boards")).status_code == 403


def test_the_list_asks_as_often_for_three_boards_as_for_one(client, offices, django_assert_num_queries):
    sign_in(client, offices.handler)
    for number in (1, 2, 3):
        make_board(offices, name=f"屏{number}")
        if number != 2:
            client.get(url("boards"))
            with django_assert_num_queries(8):
                assert f"屏{number}" in client.get(url("boards")).content.decode()


def test_the_page_of_a_board_asks_as_often_for_three_texts_as_for_one(client, offices, django_assert_num_queries):
    sign_in(client, offices.handler)
    board, _token = make_board(offices, playlist={"cards": []})
    for number in (1, 2, 3):
        make_publication(offices, item="C07", title=f"公示{number}")
        if number != 2:
            with django_assert_num_queries(17):
                client.get(url("board_work", board.pk))


def test_previews_show_a_draft_to_its_makers_only(client, offices):
    draft = make_publication(offices, S.DRAFT, item="C07", body="尚未批准的正文")
    sign_in(client, offices.handler)
    for name in ("preview_board", "preview_reader", "preview_paper"):
        page = client.get(url(name, draft.pk)).content.decode()
        assert "尚未批准的正文" in page, name
        assert "data-feed" not in page
    assert "board-portrait" in client.get(url("preview_board", draft.pk), {"portrait": "1"}).content.decode()
    for person in (offices.other_handler, offices.worker, offices.inspector):
        sign_in(client, person)
        for name in ("preview_board", "preview_reader", "preview_paper"):
            assert client.get(url(name, draft.pk)).status_code == 404


def test_the_preview_of_a_publication_is_what_the_board_draws(client, offices):
    _board, token = make_board(offices)
    text = make_publication(offices, item="C07")
    preview = client.get(url("public_board", text.number)).content.decode()
    cards = [card["html"] for card in feed(client, token).json()["cards"] if card["text"] == text.pk.hex]
    assert len(cards) == 2
    assert all(card.strip() in preview for card in cards)
    for hidden in (make_publication(offices, audience="staff"), make_publication(offices, S.WITHDRAWN)):
        client.logout()
        assert client.get(url("public_board", hidden.number)).status_code == 404


# Cutting ----------------------------------------------------------------------------------------------------

LONG = "本车间当月奖金按班组考核得分核定，<strong>各班组总额</strong>已列明。CO<sub>2</sub>排放达标。"


@pytest.mark.parametrize("room", [LANDSCAPE, PORTRAIT])
@pytest.mark.parametrize(
    "markup",
    [
        "<p>" + LONG * 40 + "</p>",
        "<h2>一、说明</h2>" + ("<p>" + LONG * 3 + "</p>") * 5,
        "<ul>" + "".join(f"<li>第{n}项：{LONG}</li>" for n in range(20)) + "</ul>",
        "<ol>" + f"<li>{LONG * 20}</li><li>末项</li></ol>",
        "<blockquote>" + ("<p>" + LONG * 6 + "</p>") * 3 + "</blockquote>",
        "<table><thead><tr><th>姓名</th><th>得分</th></tr></thead><tbody>"
        + "".join(f"<tr><td>职工{n}</td><td>{n}</td></tr>" for n in range(30))
        + "</tbody></table>",
    ],
    ids=["paragraph", "headings", "list", "long item", "quotation", "table"],
)
def test_nothing_is_lost_and_every_page_has_room(markup, room):
    pages, is_cut = pages_of(markup, room, most=99)
    assert not is_cut
    assert len(pages) > 1

    def words(text):
        found = "".join(text_of(text).split())
        return found.replace("姓名得分", "") if "<th>" in text else found

    assert "".join(words(page) for page in pages) == words(markup)
    assert all(page.count("<sub>2</sub>") == text_of(page).count("CO2") for page in pages)
    for page in pages:
        assert width_of(text_of(page)) <= room.columns * room.lines
        assert not re.search(r"</h[234]>$", page), "a heading ends a page"
    if "<table>" in markup:
        assert all("<thead>" in page for page in pages)
    if "<ol>" in markup:
        assert '<ol start="2">' in pages[-1]


def test_a_very_long_text_says_where_the_rest_is():
    pages, is_cut = pages_of("<p>" + LONG * 300 + "</p>", LANDSCAPE)
    assert (len(pages), is_cut) == (MOST_PAGES, True)
    assert pages_of("", LANDSCAPE) == (("",), False)
    assert pages_of("纯文字\n\n第二段", LANDSCAPE) == (("<p>纯文字</p>\n<p>第二段</p>",), False)


def test_rows_held_together_by_a_cell_stay_together():
    rows = "".join(f'<tr><td rowspan="2">班组{n}</td><td>甲</td></tr><tr><td>乙</td></tr>' for n in range(9))
    pages, _is_cut = pages_of(f"<table><tbody>{rows}</tbody></table>", Room(30, 7))
    assert len(pages) > 1
    assert all(page.count("甲") == page.count("乙") == page.count("班组") for page in pages)
