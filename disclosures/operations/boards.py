"""Display boards: putting up, changing, giving a new address, taking down; playlists, pins, urgent messages."""

import datetime as dt
import hashlib
import secrets

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.queries import rule_value
from portal.kernel.refusals import Conflict
from portal.kernel.rows import only_one
from portal.kernel.verdicts import OperationRefused, require

from .. import numbers
from ..models import Board, Outage, Override, Pin, Playlist, Publication
from ..queries.boards import for_everybody
from ..rules.boards import may_add_board, may_end_override, may_keep_board, may_override, may_show_on_boards
from .core import note

MOST_PLAYLISTS, MOST_PINS = 20, 24
FACTS = ("name", "place", "orientation", "seconds")
RULES = (
    *("name", "place", "weekdays", "begins", "ends", "takes_screen", "takes_notices", "sections"),
    *("takes_above", "takes_below", "cards"),
)


def token_hash(token):
    """Return what the database keeps of a board's address: its hash, so that a copy of it opens no board."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def add_board(*, unit, values, playlist, actor, at):
    """
    Put up a board with its first playlist; return (the board, the secret of its address, which is shown once).

    :raises OperationRefused: with the reason, or when a board of this name hangs in the unit already.
    """
    require(may_add_board(actor, unit))
    token = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            board = Board.objects.create(
                unit=unit,
                token_hash=token_hash(token),
                added_at=at,
                token_at=at,
                **{name: values[name] for name in FACTS},
            )
    except IntegrityError as error:
        raise Conflict(_("The unit has a board of this name already.")) from error
    Playlist.objects.create(board=board, **{name: playlist[name] for name in RULES})
    note("board.added", board, actor=actor, at=at, unit=unit.code)
    return board, token


@transaction.atomic
def change_board(*, board_id, values, actor, at):
    """
    Change name, place, orientation and pace of a board.

    :raises OperationRefused: with the reason.
    """
    board = _locked(board_id)
    require(may_keep_board(actor, board))
    for name in FACTS:
        setattr(board, name, values[name])
    try:
        with transaction.atomic():
            board.save(update_fields=FACTS)
    except IntegrityError as error:
        raise Conflict(_("The unit has a board of this name already.")) from error
    note("board.changed", board, actor=actor, at=at, seconds=board.seconds, orientation=board.orientation)
    return board


@transaction.atomic
def renew_token(*, board_id, actor, at):
    """
    Give a board a new address and return its secret, shown once; the old address is unknown from now on.

    :raises OperationRefused: with the reason.
    """
    board = _locked(board_id)
    require(may_keep_board(actor, board))
    token = secrets.token_urlsafe(32)
    board.token_hash, board.token_at = token_hash(token), at
    board.save(update_fields=["token_hash", "token_at"])
    note("board.token_renewed", board, actor=actor, at=at)
    return token


@transaction.atomic
def retire_board(*, board_id, actor, at):
    """
    Take a board down: its address is unknown from now on; what it has shown stays proven.

    :raises OperationRefused: with the reason.
    """
    board = _locked(board_id)
    require(may_keep_board(actor, board))
    board.is_active, board.retired_at = False, at
    board.save(update_fields=["is_active", "retired_at"])
    Outage.objects.filter(board=board, until__isnull=True).update(until=at)
    note("board.retired", board, actor=actor, at=at)
    return board


@transaction.atomic
def add_playlist(*, board_id, values, actor, at):
    """
    Give a board another playlist.

    :raises OperationRefused: with the reason.
    """
    board = _locked(board_id)
    require(may_keep_board(actor, board))
    if board.playlists.count() >= MOST_PLAYLISTS:
        raise OperationRefused(_("A board has at most %(most)d playlists.") % {"most": MOST_PLAYLISTS})
    if board.playlists.filter(name=values["name"]).exists():
        raise Conflict(_("This board has a playlist of this name already."))  # sent twice, as a rule
    playlist = Playlist.objects.create(board=board, **{name: values[name] for name in RULES})
    note("board.playlist_changed", board, actor=actor, at=at, playlist=playlist.pk)
    return playlist


@transaction.atomic
def change_playlist(*, playlist_id, values, actor, at):
    """
    Change what a playlist shows and when.

    :raises OperationRefused: with the reason.
    """
    playlist = _locked_playlist(playlist_id, actor)
    for name in RULES:
        setattr(playlist, name, values[name])
    playlist.save(update_fields=RULES)
    note("board.playlist_changed", playlist.board, actor=actor, at=at, playlist=playlist.pk)
    return playlist


@transaction.atomic
def remove_playlist(*, playlist_id, actor, at):
    """
    Take a playlist off its board with what was pinned to it; the last one stays.

    :raises OperationRefused: with the reason.
    """
    playlist = _locked_playlist(playlist_id, actor)
    board, key = playlist.board, playlist.pk
    if board.playlists.count() == 1:
        raise OperationRefused(_("A board keeps one playlist; change this one instead."))
    playlist.delete()
    note("board.playlist_removed", board, actor=actor, at=at, playlist=key)
    return board


@transaction.atomic
def pin_text(*, playlist_id, publication_id, since, until, place, actor, at):
    """
    Put a text on a playlist for some days, before what its rules take.

    :raises OperationRefused: for a text that a board may not show, or one that is pinned there already.
    """
    playlist = _locked_playlist(playlist_id, actor)
    publication = Publication.objects.get(pk=publication_id)
    is_on_show = for_everybody(at).filter(pk=publication_id).exists()
    require(may_show_on_boards(publication, is_on_show=is_on_show))
    if until is not None and until < since:
        raise OperationRefused(_("The last day lies before the first."))
    if playlist.pins.count() >= MOST_PINS:
        raise OperationRefused(_("At most %(most)d texts are pinned to a playlist.") % {"most": MOST_PINS})
    try:
        with transaction.atomic():
            pin = Pin.objects.create(
                playlist=playlist, publication=publication, since=since, until=until, place=place, by=actor
            )
    except IntegrityError as error:
        raise Conflict(_("This text is pinned to the playlist already.")) from error
    note("board.pinned", playlist.board, actor=actor, at=at, number=publication.number, since=since)
    return pin


@transaction.atomic
def unpin_text(*, pin_id, actor, at):
    """
    Take a text off a playlist again; the rules of the playlist may still show it.

    :raises OperationRefused: with the reason.
    """
    pin = Pin.objects.select_related("publication").get(pk=pin_id)
    playlist = _locked_playlist(pin.playlist_id, actor)
    if Pin.objects.filter(pk=pin_id).delete()[0]:
        note("board.unpinned", playlist.board, actor=actor, at=at, number=pin.publication.number)
    return playlist.board


@transaction.atomic
def set_override(
    *, unit, board=None, title="", message="", publication=None, reason, until, idempotency_key, actor, at
):
    """
    Show an urgent message, or a text, before and instead of everything else until a moment.

    On one board, or without one on all boards of the unit and of what lies
    below it. Sending it twice sets it once.

    :raises OperationRefused: with the reason.
    """
    if board is not None:
        board = _locked(board.pk)
        require(may_keep_board(actor, board))
        unit = board.unit
    require(may_override(actor, unit))
    if until <= at:
        raise OperationRefused(_("The end lies in the past."))
    hours = rule_value(numbers.URGENT_HOURS, unit=unit, at=at)
    if until > at + dt.timedelta(hours=hours):
        raise OperationRefused(_("An urgent message stays for %(hours)d hours at the most.") % {"hours": hours})
    if publication is not None:
        is_on_show = for_everybody(at).filter(pk=publication.pk).exists()
        require(may_show_on_boards(publication, is_on_show=is_on_show))
        title = message = ""
    try:
        with transaction.atomic():
            override = Override.objects.create(
                unit=unit,
                board=board,
                title=title,
                message=message,
                publication=publication,
                reason=reason,
                since=at,
                until=until,
                by=actor,
                idempotency_key=idempotency_key,
            )
    except IntegrityError:
        # Sent twice. Only one's own: a key is no secret.
        sent = only_one(Override.objects.filter(idempotency_key=idempotency_key, by=actor))
        if sent is None:
            raise Conflict from None
        return sent
    note(
        "board.override_set", board or _key(unit), actor=actor, at=at, unit=unit.code, until=until, override=override.pk
    )
    return override


@transaction.atomic
def end_override(*, override_id, actor, at):
    """
    Let boards go back to what they show otherwise, before the set end.

    :raises OperationRefused: with the reason.
    """
    override = (
        Override.objects.select_for_update(of=("self",)).select_related("unit", "board__unit").get(pk=override_id)
    )
    require(may_end_override(actor, override))
    override.ended_at, override.ended_by = at, actor
    override.save(update_fields=["ended_at", "ended_by"])
    subject = override.board or _key(override.unit)
    note("board.override_ended", subject, actor=actor, at=at, unit=override.unit.code, override=override.pk)
    return override


def _key(unit):
    """Return the ledger's key for all boards of a unit."""
    return f"disclosures.boards:{unit.pk}"


def _locked(board_id):
    return Board.objects.select_for_update(of=("self",)).select_related("unit").get(pk=board_id)


def _locked_playlist(playlist_id, actor):
    """Return a playlist with its board locked, which is what all changes of a board wait for."""
    playlist = Playlist.objects.get(pk=playlist_id)
    board = _locked(playlist.board_id)
    require(may_keep_board(actor, board))
    playlist = only_one(Playlist.objects.filter(pk=playlist_id))
    if playlist is None:
        raise Conflict(_("Somebody has removed this playlist meanwhile."))
    playlist.board = board
    return playlist
