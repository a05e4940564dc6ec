"""A display board of a department of each works, with a playlist more than it needs, a pin and something urgent."""

import datetime as dt
import uuid

from disclosures.operations import boards as does
from tests.factories import boards as hung
from tests.factories import disclosures as made
from tests.factories.cards import AT

ALONE: dict[str, tuple] = {}


def rows_of(side, offices):
    """Return {short route name: its arguments} for the board of one department and a text on it."""
    board, token = hung.make_board(offices, side.dept, actor=side.handler, at=AT, name=side.works.name)
    act = {"actor": side.handler, "at": AT}
    playlist = does.add_playlist(board_id=board.pk, values={**hung.PLAYLIST, "name": "夜班", "place": 2}, **act)
    text = made.make_publication(offices, unit=side.works, department=side.dept)
    draft = made.make_publication(offices, "head", unit=side.works, department=side.dept)
    pin = does.pin_text(
        playlist_id=board.playlists.first().pk, publication_id=text.pk, since=AT.date(), until=None, place=1, **act
    )
    urgent = does.set_override(
        unit=side.dept,
        board=board,
        title="停止高处作业",
        message="阵风八级",
        reason="气象预警",
        until=AT + dt.timedelta(days=3),
        idempotency_key=uuid.uuid4(),
        **act,
    )
    return {
        **dict.fromkeys(("board", "board_feed", "board_pulse"), token),
        "public_board": text.number,
        **dict.fromkeys(("preview_board", "preview_reader", "preview_paper"), draft.pk),
        **dict.fromkeys(
            (
                "board_work",
                "board_preview",
                "board_edit",
                "board_address",
                "board_retire",
                "board_urgent",
                "playlist_new",
            ),
            board.pk,
        ),
        "board_urgent_end": urgent.pk,
        "board_unpin": pin.pk,
        **dict.fromkeys(("playlist_edit", "playlist_remove"), playlist.pk),
    }
