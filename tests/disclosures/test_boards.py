"""What a board shows: every state of a text, ends to the moment, urgent things, hours; and that it is never blank."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from disclosures import operations as pub
from disclosures.enums import Audience, PublicationState
from disclosures.models import Override, Pin
from disclosures.operations import boards as does
from disclosures.queries.boards import boards_taking, for_everybody
from disclosures.queries.programmes import programme_of
from portal.kernel.days import day_end
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.ledger.operations import publish_head
from tests.factories.boards import PLAYLIST, add_playlist, feed, make_board, shown_titles
from tests.factories.disclosures import AT, fresh, make_publication

S = PublicationState
DAY = dt.timedelta(days=1)
TICK = dt.timedelta(microseconds=1)
pytestmark = pytest.mark.usefixtures("plain_cache")


@pytest.fixture
def plain_cache():
    cache.clear()


def at(moment):
    return time_machine.travel(moment, tick=False)


def on(board, moment):
    """Return the ids of the texts that a board shows at a moment, in order."""
    board = type(board).objects.select_related("unit").get(pk=board.pk)
    return [text.publication.pk for text in programme_of(board, moment).texts]


def test_only_what_is_on_show_for_everybody_is_on_the_board(client, offices):
    """Equality of the whole set: no draft, nothing waiting, nothing over, withdrawn or for some only."""
    _board, token = make_board(offices, playlist={"sections": ["C"], "takes_screen": False, "takes_notices": False})
    texts = {state: make_publication(offices, state, title=f"状态{state}") for state in S if state != S.ARCHIVED}
    scheduled = make_publication(offices, S.SCHEDULED, wanted_at=AT + 2 * DAY, title="将来")
    for audience in (Audience.STAFF, Audience.UNIT):
        make_publication(offices, audience=audience, title=f"只给{audience}")
    with at(AT + DAY):
        assert scheduled.state == S.SCHEDULED
        # "scheduled" of the loop had no wish for a later moment and has appeared.
        expected = {texts[S.PUBLISHED].pk.hex, texts[S.SCHEDULED].pk.hex}
        on_show = {row.pk.hex for row in for_everybody(AT + DAY)}
        found = set(shown_titles(client, token))
        assert found == on_show
        assert expected <= found
        assert found.isdisjoint({texts[state].pk.hex for state in S if state in texts} - on_show)


@pytest.mark.parametrize("item", ["C01", "C07"])
def test_a_text_leaves_the_moment_its_last_day_ends(offices, item):
    board, _token = make_board(offices, playlist={"sections": ["C"]})
    text = make_publication(offices, item=item)
    end = day_end(text.shown_until)
    assert on(board, text.publish_at - TICK) == []
    assert on(board, text.publish_at) == [text.pk]
    assert on(board, end - TICK) == [text.pk]
    assert on(board, end) == []
    assert on(board, end + 3 * DAY) == []


def test_a_withdrawn_text_leaves_at_once_and_its_masked_words_never_come(client, offices):
    _board, token = make_board(offices)
    text = make_publication(offices, item="C07", title="职称评审结果", body="张建国、李晓东通过评审。")
    later = AT + 20 * DAY
    pub.close_notices(at=later)
    with at(AT + DAY):
        assert "张建国" in feed(client, token).content.decode()
    pub.mask_publication(
        publication_id=text.pk, title="职称评审结果", body="张某某、李某某通过评审。", actor=offices.handler, at=later
    )
    fresh(text)
    type(text).objects.filter(pk=text.pk).update(shown_until=(later + 5 * DAY).date())
    with at(later + DAY):
        shown = feed(client, token).content.decode()
        assert "张某某" in shown
        assert "张建国" not in shown
    pub.ask_withdrawal(publication_id=text.pk, reason_code="wrong", reason="有误", actor=offices.handler, at=later)
    pub.decide_withdrawal(publication_id=text.pk, is_granted=True, answer="同意", actor=offices.leader2, at=later)
    with at(later + DAY):
        gone = feed(client, token)
        assert "张某某" not in gone.content.decode()
        assert "张某某" not in client.get(reverse("disclosures:board", args=[token])).content.decode()


def test_a_correction_takes_the_place_of_the_first_wording(client, offices):
    _board, token = make_board(offices, playlist={"sections": ["C"]})
    text = make_publication(offices)
    with at(AT + DAY):
        before = feed(client, token)
    pub.ask_correction(
        publication_id=text.pk,
        title="更正后的题目",
        body="更正后的正文",
        note_text="笔误",
        actor=offices.handler,
        at=AT + DAY,
    )
    pub.decide_correction(publication_id=text.pk, is_granted=True, answer="", actor=offices.leader2, at=AT + DAY)
    with at(AT + DAY):
        after = feed(client, token)
    assert before.headers["ETag"] != after.headers["ETag"]
    assert "更正后的正文" in after.content.decode()
    assert "班组考核得分核定" not in after.content.decode()


def test_a_board_is_never_blank(client, offices):
    """Content that ends must not silently blank the board."""
    _board, token = make_board(offices, playlist={"cards": []})
    publish_head(at=AT)
    text = make_publication(offices, item="C07")
    with at(AT + DAY):
        cards = feed(client, token).json()["cards"]
        assert {card["text"] for card in cards} == {text.pk.hex}
    with at(AT + 200 * DAY):
        assert [card["key"] for card in feed(client, token).json()["cards"]] == [
            "card-lamps",
            "card-missing",
            "card-head",
        ]


def test_rules_take_what_they_say_and_pins_come_first(offices):
    board, _token = make_board(
        offices,
        unit=offices.shop,
        playlist={"takes_screen": True, "takes_notices": True, "sections": ["B"], "takes_above": True},
    )
    own = {
        "screen": make_publication(offices, item="D01", unit=offices.shop, department=offices.works, title="安全"),
        "notice": make_publication(offices, item="C07", unit=offices.works, title="公示"),
        "section": make_publication(offices, item="B06", unit=offices.works, title="费用"),
    }
    make_publication(offices, item="C01", unit=offices.works, title="不在规则内")
    pinned = make_publication(offices, item="C01", unit=offices.works, title="置顶")
    later = make_publication(offices, item="C01", unit=offices.works, title="明天才上")
    playlist = board.playlists.get()
    pin = {"playlist_id": playlist.pk, "actor": offices.handler, "at": AT, "place": 1}
    today = AT.date()
    does.pin_text(publication_id=pinned.pk, since=today, until=today + DAY, **pin)
    does.pin_text(publication_id=later.pk, since=today + DAY, until=None, **pin)
    found = on(board, AT + dt.timedelta(hours=1))
    assert found[:2] == [pinned.pk, own["notice"].pk]
    assert set(found[2:]) == {own["section"].pk, own["screen"].pk}
    assert on(board, AT + DAY)[:2] == [pinned.pk, later.pk]
    # After its last day a pin is nothing any more.
    assert pinned.pk not in on(board, AT + 2 * DAY)
    # The two ways of asking give the same answer.
    moment = AT + dt.timedelta(hours=1)
    for text in for_everybody(moment).select_related("item", "unit"):
        assert (board in boards_taking(text, moment)) == (text.pk in found), text.title


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [(False, False, ["works"]), (True, False, ["company", "works"]), (False, True, ["shop", "works"])],
)
def test_the_reach_of_a_playlist(offices, above, below, expected):
    board, _token = make_board(
        offices, playlist={"sections": ["C"], "takes_above": above, "takes_below": below, "takes_notices": False}
    )
    texts = {
        name: make_publication(offices, unit=getattr(offices, name), department=offices.works)
        for name in ("company", "works", "shop", "other")
    }
    names = {text.pk: name for name, text in texts.items()}
    assert sorted(names[pk] for pk in on(board, AT)) == expected


# Urgent -----------------------------------------------------------------------------------------------------


def override(offices, board=None, **over):
    plain = {
        "unit": offices.works,
        "board": board,
        "title": "停止高处作业",
        "message": "今日阵风八级,一律停止高处和吊装作业。",
        "reason": "气象预警",
        "until": AT + dt.timedelta(hours=4),
        "idempotency_key": uuid.uuid4(),
        "actor": offices.handler,
        "at": AT,
    }
    return does.set_override(**{**plain, **over})


def test_something_urgent_stands_alone_until_its_end(client, offices):
    board, token = make_board(offices)
    make_publication(offices, item="C07")
    row = override(offices, board)
    for moment, is_on in (
        (AT, True),
        (row.until - TICK, True),
        (row.until, False),
        (row.until + 3 * DAY, False),
    ):
        with at(moment):
            told = feed(client, token).json()
        assert told["isUrgent"] == is_on
        assert ("停止高处作业" in told["cards"][0]["html"]) == is_on
        assert not is_on or len(told["cards"]) == 1
    does.end_override(override_id=row.pk, actor=offices.officer, at=AT + dt.timedelta(hours=1))
    with at(AT + dt.timedelta(hours=1)):
        assert feed(client, token).json()["isUrgent"] is False
    with pytest.raises(OperationRefused):
        does.end_override(override_id=row.pk, actor=offices.officer, at=AT + dt.timedelta(hours=1))
    assert sorted(Entry.objects.filter(verb__startswith="board.override").values_list("verb", flat=True)) == [
        "board.override_ended",
        "board.override_set",
    ]


def test_an_urgent_text_of_a_unit_is_on_all_boards_below_and_falls_away_when_withdrawn(client, offices):
    tokens = [make_board(offices, unit=unit, name=unit.name)[1] for unit in (offices.works, offices.shop)]
    elsewhere = make_board(offices, unit=offices.other, actor=offices.other_handler)[1]
    text = make_publication(offices, item="D02", title="事故通报")
    override(offices, title="", message="", publication=text)
    with at(AT + dt.timedelta(hours=1)):
        assert [feed(client, token).json()["isUrgent"] for token in (*tokens, elsewhere)] == [True, True, False]
    pub.ask_withdrawal(publication_id=text.pk, reason_code="wrong", reason="有误", actor=offices.handler, at=AT)
    pub.decide_withdrawal(publication_id=text.pk, is_granted=True, answer="同意", actor=offices.leader2, at=AT)
    with at(AT + dt.timedelta(hours=1)):
        told = feed(client, tokens[0]).json()
        assert told["isUrgent"] is False
        assert told["cards"]


def test_what_is_sent_twice_is_set_once_and_nothing_is_shown_that_a_board_may_not_show(offices):
    board, _token = make_board(offices)
    key = uuid.uuid4()
    assert override(offices, board, idempotency_key=key) == override(offices, board, idempotency_key=key)
    three_days = AT + dt.timedelta(hours=72)
    assert override(offices, board, until=three_days).until == three_days
    hidden = make_publication(offices, audience=Audience.STAFF)
    before = (Override.objects.count(), Pin.objects.count(), Entry.objects.count())
    with pytest.raises(OperationRefused):
        override(offices, board, title="", message="", publication=hidden)
    with pytest.raises(OperationRefused):
        override(offices, board, until=AT)
    with pytest.raises(OperationRefused, match="72"):
        override(offices, board, until=three_days + dt.timedelta(seconds=1))
    with pytest.raises(OperationRefused):
        override(offices, board, actor=offices.other_handler)
    pin = {"playlist_id": board.playlists.get().pk, "since": AT.date(), "until": None, "place": 1, "at": AT}
    with pytest.raises(OperationRefused):
        does.pin_text(publication_id=hidden.pk, actor=offices.handler, **pin)
    shown = make_publication(offices)
    with pytest.raises(OperationRefused):
        does.pin_text(publication_id=shown.pk, actor=offices.other_handler, **pin)
    assert before[0] == 2
    assert (Override.objects.count(), Pin.objects.count()) == before[:2]
    does.pin_text(publication_id=shown.pk, actor=offices.handler, **pin)
    with pytest.raises(Conflict):
        does.pin_text(publication_id=shown.pk, actor=offices.handler, **pin)


# Hours and addresses ----------------------------------------------------------------------------------------


def test_playlists_take_turns_by_the_hour(offices):
    board, _token = make_board(
        offices, playlist={"begins": dt.time(8), "ends": dt.time(16), "sections": ["C"], "takes_notices": False}
    )
    add_playlist(
        board,
        offices,
        name="夜班",
        begins=dt.time(20),
        ends=dt.time(6),
        sections=["B"],
        takes_screen=False,
        takes_notices=False,
    )
    day_text, night_text = make_publication(offices, item="C01"), make_publication(offices, item="B06")
    # AT is 9:30 at the plant.
    eight = AT.replace(hour=0, minute=0) + DAY
    hour = dt.timedelta(hours=1)
    for moment, expected in (
        (eight - TICK, []),
        (eight, [day_text.pk]),
        (eight + 8 * hour - TICK, [day_text.pk]),
        (eight + 8 * hour, []),
        (eight + 12 * hour - TICK, []),
        (eight + 12 * hour, [night_text.pk]),
        (eight + 22 * hour - TICK, [night_text.pk]),
        (eight + 22 * hour, []),
    ):
        assert on(board, moment) == expected, moment


def test_a_new_address_makes_the_old_one_unknown(client, offices):
    board, old = make_board(offices)
    new = does.renew_token(board_id=board.pk, actor=offices.handler, at=AT)
    with at(AT):
        for token, status in ((old, 404), (new, 200), ("x" * 43, 404)):
            for name in ("board", "board_feed"):
                assert client.get(reverse(f"disclosures:{name}", args=[token])).status_code == status
            answer = client.post(
                reverse("disclosures:board_pulse", args=[token]), "{}", content_type="application/json"
            )
            assert answer.status_code == (404 if status == 404 else 400)
    board.refresh_from_db()
    assert new not in board.token_hash
    does.retire_board(board_id=board.pk, actor=offices.handler, at=AT)
    with at(AT):
        assert feed(client, new).status_code == 404
    with pytest.raises(OperationRefused):
        does.renew_token(board_id=board.pk, actor=offices.handler, at=AT)


def test_names_are_unique_among_the_boards_in_use(offices):
    board, _token = make_board(offices)
    with pytest.raises(Conflict):
        make_board(offices)
    does.retire_board(board_id=board.pk, actor=offices.handler, at=AT)
    make_board(offices)
    with pytest.raises(OperationRefused):
        make_board(offices, actor=offices.worker, name="另一块")
    with pytest.raises(OperationRefused):
        make_board(offices, actor=offices.inspector, name="另一块")


def test_the_page_sets_nothing_and_names_nobody(offices):
    _board, token = make_board(offices)
    make_publication(offices, item="C07")
    client = Client(enforce_csrf_checks=True)
    with at(AT + DAY):
        for name in ("board", "board_feed"):
            answer = client.get(reverse(f"disclosures:{name}", args=[token]))
            assert answer.status_code == 200
            assert not answer.cookies
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            for person in vars(offices).values():
                if hasattr(person, "job_no"):
                    assert person.name not in answer.content.decode()
        answer = client.post(
            reverse("disclosures:board_pulse", args=[token]),
            '{"content": "a", "shown": {}}',
            content_type="application/json",
        )
        assert (answer.status_code, bool(answer.cookies)) == (204, False)


def test_without_scripts_the_page_goes_on_by_itself(client, offices):
    _board, token = make_board(offices)
    here = reverse("disclosures:board", args=[token])
    with at(AT):
        first = client.get(here).content.decode()
        assert f'content="15;url={here}?card=2"' in first
        last = client.get(here, {"card": "2"}).content.decode()
        assert f'content="15;url={here}?card=1"' in last
        held = client.get(here, {"card": "2", "hold": "1"}).content.decode()
        assert "http-equiv" not in held
        assert client.get(here, {"card": "٣"}).status_code == 200
        assert client.get(here, {"card": "999"}).status_code == 200


def test_unchanged_is_304_and_another_minute_changes_nothing(client, offices):
    _board, token = make_board(offices)
    make_publication(offices, item="C07")
    with at(AT + DAY):
        first = feed(client, token)
    with at(AT + DAY + dt.timedelta(minutes=7)):
        again = feed(client, token, **{"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert int(again.headers["X-Portal-Time"]) - int(first.headers["X-Portal-Time"]) == 7 * 60 * 1000


@pytest.mark.parametrize("count", [1, 3])
def test_the_feed_asks_as_often_for_three_texts_as_for_one(client, offices, count, django_assert_num_queries):
    _board, token = make_board(offices)
    publish_head(at=AT)
    for number in range(count):
        text = make_publication(offices, item="C07", title=f"公示{number}")
        does.pin_text(
            playlist_id=_board.playlists.get().pk,
            publication_id=text.pk,
            since=AT.date(),
            until=None,
            place=1,
            actor=offices.handler,
            at=AT,
        )
    with at(AT + DAY):
        # The board with its rules, its texts, and what three standing cards show; of texts never drawn the versions.
        for queries in (6, 5):
            with django_assert_num_queries(queries):
                first = feed(client, token)
        with django_assert_num_queries(5):
            feed(client, token, **{"if-none-match": first.headers["ETag"]})
        with django_assert_num_queries(5):
            client.get(reverse("disclosures:board", args=[token]))


def test_what_changes_about_a_text_is_on_the_board_at_once(client, offices):
    """All that a card shows is in its key: also what no version of the text holds."""
    _board, token = make_board(offices)
    text = make_publication(offices, item="C07")
    with at(AT + DAY):
        first = feed(client, token)
        assert feed(client, token, **{"if-none-match": first.headers["ETag"]}).status_code == 304
        for model, key, change in (
            (type(offices.works), offices.works.pk, {"name": "乙烯一厂"}),
            (type(offices.works), offices.personnel.pk, {"name": "人力资源处"}),
            (type(text.notice), text.pk, {"contact": "三楼 309 室"}),
        ):
            model.objects.filter(pk=key).update(**change)
            found = feed(client, token, **{"if-none-match": first.headers["ETag"]})
            assert found.status_code == 200 and next(iter(change.values())) in found.content.decode(), change
            first = found


def test_the_default_playlist_of_the_tests_is_complete():
    assert set(PLAYLIST) == set(does.RULES)
