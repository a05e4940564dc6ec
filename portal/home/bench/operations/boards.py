"""What the display boards cost: each asks every half minute, day and night, and nearly always nothing has changed."""

import datetime as dt
import json

from django.test import RequestFactory
from django.urls import reverse

from disclosures.models import Board, Playlist
from disclosures.operations.board_pulses import take_pulse
from disclosures.operations.boards import token_hash
from disclosures.views.boards import read_pulse
from portal.accounts.models import Unit
from portal.home.bench.registry import register

TOKEN = "bench-board".ljust(43, "0")


def _board(bench):
    """Return the address's secret of a board of the enterprise that shows all there is to show."""
    company = Unit.objects.filter(parent__isnull=True).order_by("path")[0]
    board, is_new = Board.objects.get_or_create(
        token_hash=token_hash(TOKEN),
        defaults={"unit": company, "name": "bench", "place": "bench", "added_at": bench.at, "token_at": bench.at},
    )
    if is_new:
        Playlist.objects.create(
            board=board,
            name="all day",
            begins=dt.time(0),
            ends=dt.time(0),
            sections=["A", "B", "C", "D", "E", "F"],
            takes_below=True,
            cards=["lamps", "missing", "head"],
        )
    return TOKEN


@register("board feed", limit="one_select", goal=9, statements=6)
def board_feed(bench):
    """The whole of what a board shows, two dozen texts, after something has changed."""
    return bench.page(reverse("disclosures:board_feed", args=[_board(bench)]))


@register("board feed: unchanged", limit="one_select", goal=8, statements=5)
def board_feed_unchanged(bench):
    """The same for a board that has it: what a wall of screens asks all day."""
    return bench.again(reverse("disclosures:board_feed", args=[_board(bench)]))


@register("board pulse", limit="one_insert", goal=4, statements=6)
def board_pulse(bench):
    """What a board tells once a minute."""
    board = Board.objects.get(token_hash=token_hash(_board(bench)))
    body = json.dumps({"content": "bench", "shown": {}})

    def shot():
        request = RequestFactory().post("/", body, content_type="application/json")
        content, shown = read_pulse(request)
        take_pulse(board=board, content=content, shown=shown, at=bench.at)

    return shot
