"""Display boards and what they tell, by the real operations."""

import datetime as dt
import json

from django.urls import reverse

from disclosures.operations import boards as does
from tests.factories.disclosures import AT

PLAYLIST = {
    "name": "全天",
    "place": 1,
    "weekdays": 127,
    "begins": dt.time(0),
    "ends": dt.time(0),
    "takes_screen": True,
    "takes_notices": True,
    "sections": [],
    "takes_above": True,
    "takes_below": False,
    "cards": ["lamps", "missing", "head"],
}
FACTS = {"name": "一号门显示屏", "place": "厂区一号门内侧", "orientation": "landscape", "seconds": 15}


def make_board(offices, unit=None, *, actor=None, at=AT, playlist=None, **over):
    """Put up a board and return (the board, the secret of its address)."""
    return does.add_board(
        unit=unit or offices.works,
        values={**FACTS, **over},
        playlist={**PLAYLIST, **(playlist or {})},
        actor=actor or offices.handler,
        at=at,
    )


def add_playlist(board, offices, *, at=AT, **over):
    """Give a board another playlist."""
    return does.add_playlist(board_id=board.pk, values={**PLAYLIST, **over}, actor=offices.handler, at=at)


def feed(client, token, **headers):
    """Return the answer of a board's feed."""
    return client.get(reverse("disclosures:board_feed", args=[token]), headers=headers)


def shown_titles(client, token):
    """Return what is on the board: the numbers of texts, in order, each once."""
    cards = feed(client, token).json()["cards"]
    return list(dict.fromkeys(card["text"] for card in cards if card["text"]))


def pulse(client, token, shown=None, content="abc123"):
    """Send what a board's script sends."""
    return client.post(
        reverse("disclosures:board_pulse", args=[token]),
        json.dumps({"content": content, "shown": shown or {}}),
        content_type="application/json",
    )
