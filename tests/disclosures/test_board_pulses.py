"""What boards tell: proof of display added up and bounded, silence told once, return; pulses at the same time."""

import datetime as dt
import json
import uuid

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from disclosures import operations as pub
from disclosures.boards_standing import board_state
from disclosures.enums import Audience, BoardState
from disclosures.enums import PublicationState as S
from disclosures.models import Board, Outage, Playlist, Pulse, Showing
from disclosures.operations import boards as does
from disclosures.operations.board_pulses import MOST_SECONDS, SILENCE, take_pulse, watch_boards
from disclosures.queries.boards import display_proof
from portal.kernel.days import local_day
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.factories.boards import make_board, pulse
from tests.factories.disclosures import AT, fresh, make_offices, make_publication
from tests.faults.stage import in_parallel
from tests.services import both_engines

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
TICK = dt.timedelta(microseconds=1)
TODAY = local_day(AT)


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


def tell(client, token, shown, at=AT, status=204):
    with time_machine.travel(at, tick=False):
        answer = pulse(client, token, shown)
    assert answer.status_code == status


def proven():
    return sorted((row.day, row.times, row.seconds) for row in Showing.objects.all())


def test_what_was_shown_adds_up_a_row_for_each_text_and_day(client, offices):
    board, token = make_board(offices)
    text = make_publication(offices, item="C07")
    for minute in range(3):
        tell(client, token, {f"{text.pk.hex}|{TODAY + DAY}": [2, 30]}, at=AT + DAY + minute * MINUTE)
    tell(client, token, {f"{text.pk}|{TODAY}": [1, 15]}, at=AT + DAY + 5 * MINUTE)
    assert proven() == [(TODAY, 1, 15), (TODAY + DAY, 6, 90)]
    assert Pulse.objects.get(board=board).last_seen == AT + DAY + 5 * MINUTE


def test_what_a_board_may_not_have_shown_is_not_kept(client, offices):
    _board, token = make_board(offices)
    shown = make_publication(offices)
    for_staff = make_publication(offices, audience=Audience.STAFF)
    draft = make_publication(offices, S.DRAFT)
    day = str(TODAY)
    tell(
        client,
        token,
        {
            f"{for_staff.pk.hex}|{day}": [1, 15],
            f"{draft.pk.hex}|{day}": [1, 15],
            f"{uuid.uuid4().hex}|{day}": [1, 15],
            f"{shown.pk.hex}|{TODAY + DAY}": [1, 15],
            f"{shown.pk.hex}|{TODAY - 8 * DAY}": [1, 15],
            f"{shown.pk.hex}|2026-02-30": [1, 15],
            f"{shown.pk.hex}": [1, 15],
            f"{shown.pk.hex}|{day}": [1, 15.5],
            f"{shown.pk}|{day}": [True, 15],
            "x": None,
        },
    )
    assert proven() == []
    tell(client, token, {f"{shown.pk.hex}|{day}": [10**9, 10**9]}, at=AT + MINUTE)
    tell(client, token, {f"{shown.pk.hex}|{day}": [1, 50]}, at=AT + 2 * MINUTE)
    assert [(row.seconds, row.day) for row in Showing.objects.all()] == [(MOST_SECONDS, TODAY)]


def test_no_board_has_shown_a_text_before_it_appeared_or_after_it_was_withdrawn(client, offices):
    _board, token = make_board(offices)
    text, gone = make_publication(offices), make_publication(offices, S.WITHDRAWN)
    days = {f"{one.pk.hex}|{TODAY + n * DAY}": [1, 15] for one in (text, gone) for n in (-1, 0)}
    tell(client, token, days)
    assert [(row.publication, row.day) for row in Showing.objects.all()] == [(text, TODAY)]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"shown": 3}', b"[" * 100_000, b"\xff\xfe", b"7"])
def test_what_is_no_pulse_is_refused_and_keeps_nothing(client, offices, body):
    _board, token = make_board(offices)
    url = reverse("disclosures:board_pulse", args=[token])
    with time_machine.travel(AT, tick=False):
        assert client.post(url, body, content_type="application/json").status_code == 400
        assert client.get(url).status_code == 405
    assert not Pulse.objects.exists()


def test_a_board_that_tells_too_often_is_told_to_wait(client, offices):
    _board, token = make_board(offices)
    with time_machine.travel(AT, tick=False):
        statuses = [pulse(client, token).status_code for _turn in range(14)]
        assert statuses == [204] * 12 + [429] * 2
        assert int(pulse(client, token).headers["Retry-After"]) in range(1, 61)


# Silence ----------------------------------------------------------------------------------------------------


def test_silence_of_more_than_ten_minutes_is_told_once_and_ends_with_the_next_pulse(client, offices):
    board, token = make_board(offices)
    watch_boards(at=AT + DAY)
    assert not Outage.objects.exists()  # never heard: not in service yet
    tell(client, token, {})
    for moment, found in (
        (AT + SILENCE - TICK, 0),
        (AT + SILENCE, 0),
        (AT + SILENCE + TICK, 1),
        (AT + SILENCE + MINUTE, 0),
        (AT + 3 * DAY, 0),
    ):
        assert watch_boards(at=moment) == found
    outage = Outage.objects.get()
    assert (outage.since, outage.noticed_at, outage.until) == (AT, AT + SILENCE + TICK, None)
    notices = list(Notice.objects.filter(kind="board.silent"))
    assert {notice.desk.partition(":")[0] for notice in notices} == {"union_officer", "handler"}
    assert len(notices) == 2
    tell(client, token, {}, at=AT + 3 * DAY)
    tell(client, token, {}, at=AT + 3 * DAY + MINUTE)
    outage.refresh_from_db()
    assert outage.until == AT + 3 * DAY
    assert list(
        Entry.objects.filter(verb__in=("board.silent", "board.back")).values_list("verb", flat=True).order_by("at")
    ) == ["board.silent", "board.back"]
    # The next silence is another one.
    assert watch_boards(at=AT + 4 * DAY) == 1
    assert Notice.objects.filter(kind="board.silent").count() == 4
    does.retire_board(board_id=board.pk, actor=offices.handler, at=AT + 4 * DAY)
    assert not Outage.objects.filter(until__isnull=True).exists()
    assert watch_boards(at=AT + 5 * DAY) == 0


def test_outside_its_hours_a_board_may_be_silent(client, offices):
    board, token = make_board(offices, playlist={"begins": dt.time(8), "ends": dt.time(12)})
    tell(client, token, {})
    evening, eight = AT + dt.timedelta(hours=10), AT.replace(hour=0, minute=0) + DAY
    assert [watch_boards(at=moment) for moment in (evening, eight, eight + SILENCE - TICK)] == [0, 0, 0]
    assert watch_boards(at=eight + SILENCE) == 1
    board = Board.objects.get(pk=board.pk)
    assert board_state(board, evening) == BoardState.RESTING
    assert board_state(board, eight) == BoardState.SILENT
    assert board_state(board, AT + MINUTE) == BoardState.SHOWING


def test_playlists_that_follow_one_another_are_one_time(offices):
    from disclosures.dayparts import has_run_for

    def playlist(begins, ends):
        return Playlist(weekdays=127, begins=dt.time(begins), ends=dt.time(ends))

    lists = [playlist(8, 12), playlist(12, 16), playlist(22, 2)]
    noon = AT.replace(hour=4, minute=0)
    assert has_run_for(lists, noon, SILENCE)
    assert not has_run_for(lists[1:], noon, SILENCE)
    assert not has_run_for(lists, noon + dt.timedelta(hours=5), SILENCE)
    assert has_run_for(lists, noon + dt.timedelta(hours=13), SILENCE)  # one o'clock at night
    assert not has_run_for(lists, noon + dt.timedelta(hours=14), SILENCE)
    whole = [Playlist(weekdays=127, begins=dt.time(0), ends=dt.time(0))]
    assert has_run_for(whole, AT.replace(hour=16, minute=0), SILENCE)  # midnight at the plant


# Proof ------------------------------------------------------------------------------------------------------


def test_a_notice_counts_the_working_days_of_its_period(client, offices):
    board, token = make_board(offices)
    text = make_publication(offices, item="C07")  # published on a Monday: five working days from Tuesday on
    assert display_proof(text, AT) is None
    assigned = display_proof(text, AT, with_assigned=True)
    assert [(line["name"], line["days"]) for line in assigned.boards] == [(board.name, 0)]

    def proof(at):
        period = pub.period_of_notice(fresh(text), at)
        found = display_proof(fresh(text), at, period=period)
        return found.days, found.of_days

    for day in (0, 1, 2, 4, 5, 6, 7):
        tell(client, token, {f"{text.pk.hex}|{TODAY + day * DAY}": [3, 45]}, at=AT + day * DAY)
        if day == 2:
            assert proof(AT + 2 * DAY) == (2, 2)
            assert proof(AT + 3 * DAY) == (2, 2)
    # Thursday is missing; Saturday and Sunday count for nothing; the period ends on the next Monday.
    assert proof(AT + 7 * DAY) == (4, 5)
    assert proof(AT + 12 * DAY) == (4, 5)
    with time_machine.travel(AT + 8 * DAY, tick=False):
        page = client.get(reverse("disclosures:public", args=[text.number])).content.decode()
    assert board.place in page


def test_the_page_of_a_notice_is_new_when_a_board_has_shown_it(client, offices):
    _board, token = make_board(offices)
    text = make_publication(offices, item="C07")
    url = reverse("disclosures:public", args=[text.number])
    with time_machine.travel(AT + DAY, tick=False):
        tag = client.get(url).headers["ETag"]
        assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
    tell(client, token, {f"{text.pk.hex}|{TODAY}": [1, 600]}, at=AT + DAY)
    with time_machine.travel(AT + DAY, tick=False):
        assert client.get(url, headers={"If-None-Match": tag}).status_code == 200


# Races ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@both_engines
def test_r14_pulses_at_once_add_up_and_silence_is_told_once(engine, transactional_db):
    offices = make_offices()
    board, _token = make_board(offices)
    texts = [make_publication(offices, item="C07") for _n in range(3)]

    def beat(number):
        shown = {(text.pk, TODAY): (1, 15) for text in (texts if number % 2 else reversed(texts))}
        take_pulse(board=board, content="a", shown=shown, at=AT)

    in_parallel(6, range(12), beat)
    assert proven() == [(TODAY, 12, 180)] * 3
    assert Pulse.objects.count() == 1
    found = in_parallel(4, range(8), lambda _number: watch_boards(at=AT + DAY))
    assert sum(found) == 1
    assert Outage.objects.count() == 1
    assert Notice.objects.filter(kind="board.silent").count() == 2


def test_a_pulse_is_small(client, offices):
    _board, token = make_board(offices)
    url = reverse("disclosures:board_pulse", args=[token])
    with time_machine.travel(AT, tick=False):
        answer = client.post(
            url, json.dumps({"content": "a", "shown": {}, "more": "x" * 70_000}), content_type="application/json"
        )
    assert answer.status_code == 400
