"""Reads of display boards: what each shows now, who keeps which, what is proof of display."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch, TextField
from django.db.models.functions import Cast

from portal.accounts.authority import authority_of
from portal.deadlines.calendar import CalendarMissing
from portal.deadlines.queries import work_calendar
from portal.kernel.days import local_day
from portal.kernel.rows import only_one

from ..display import notice_period
from ..enums import Audience, Channel, PublicationKind
from ..models import (
    Board,
    CatalogueItem,
    Gap,
    Pin,
    Playlist,
    Publication,
    Showing,
)
from ..rules.boards import KEEPERS
from ..rules.sight import OVERSEERS
from .publications import inside


def board_of_hash(token_hash):
    """Return the active board of an address's hash, or None."""
    return only_one(Board.objects.filter(token_hash=token_hash, is_active=True).select_related("unit"))


def boards_seen_by(user):
    """Return the boards whose working page exists for this person: those who keep them and those who supervise."""
    return Board.objects.filter(inside(authority_of(user).units(*KEEPERS, *OVERSEERS))).select_related("unit")


def boards_kept_by(user):
    """Return the boards in use that this person keeps."""
    return Board.objects.filter(inside(authority_of(user).units(*KEEPERS)), is_active=True).select_related("unit")


def for_everybody(at, today=None):
    """Return the texts that a board may show at all: on show now, and for everybody to read."""
    return Publication.objects.on_show(at, today or local_day(at)).filter(audience=Audience.EVERYBODY)


def line_of(path):
    """Return the paths of a unit and of all above it."""
    return [path[:end] for end in range(4, len(path) + 1, 4)]


def rule_takes(playlist, board, publication, screen):
    """Whether a playlist's rules take a text; the same answer as the query gives for those on show."""
    path = publication.unit.path
    return (
        (playlist.takes_screen and publication.item_id in screen)
        or (playlist.takes_notices and publication.kind == PublicationKind.NOTICE)
        or publication.item.section in playlist.sections
    ) and (
        path == board.unit.path
        or (playlist.takes_above and board.unit.path.startswith(path))
        or (playlist.takes_below and path.startswith(board.unit.path))
    )


def screen_items():
    """Return the keys of the catalogue items that are shown on the electronic display board, as a query."""
    # As text: SQLite cannot look into lists, and a code is quoted in both.
    rows = CatalogueItem.objects.annotate(words=Cast("channels", TextField()))
    return rows.filter(words__contains=f'"{Channel.SCREEN}"').values_list("pk", flat=True)


def captions_of(publication):
    """Return what the attachments of a text show or hold, where it is said; None for a text without any."""
    held = publication.shown_files
    return tuple(row.caption for row in held if row.caption) if held else None


def periods_of(notices, at, *, general=None):
    """
    Return {publication id: its notice's period}.

    By one query for the gaps that concern everything; ``general`` are their days where they have been read before.
    """
    if not notices:
        return {}
    if general is None:
        general = [(gap.since, gap.until) for gap in Gap.objects.filter(publication__isnull=True)]
    calendar, today = work_calendar(), local_day(at)
    return {
        row.pk: notice_period(
            begun_on=local_day(row.publish_at),
            workdays=row.notice.workdays,
            gaps=[(gap.since, gap.until) for gap in row.gaps.all()] + general,
            today=today,
            calendar=calendar,
        )
        for row in notices
    }


# Proof ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proof:
    """On how many of the days that are over, or begun, a text was on a display board; and on which boards."""

    days: int
    of_days: int
    boards: tuple  # of dicts of plain values, so that a kept page knows all that it shows


def display_proof(publication, at, *, period=None, with_assigned=False, showings=None):
    """
    Return the proof of display of a published text, or None for one that no board has shown.

    Of a public notice only the working days of its period count (``period``);
    today counts once it was shown. ``with_assigned`` names the boards that are
    to show it now as well, whether or not they have; ``showings`` are its
    showings with their boards, where they have been read before.
    """
    if showings is None:
        showings = list(Showing.objects.filter(publication=publication).select_related("board__unit"))
    assigned = boards_taking(publication, at) if with_assigned else []
    if not showings and not assigned:
        return None
    shown = {row.day for row in showings}
    due = {day for day in _days_due(publication, period, at) if day < local_day(at) or day in shown}
    found = {board.pk: _proof_line(board) for board in assigned}
    for row in showings:
        line = found.get(row.board_id) or found.setdefault(row.board_id, _proof_line(row.board))
        line["days"] += row.day in due
        line["seconds"] += row.seconds
    boards = sorted(found.values(), key=lambda line: (line["path"], line["name"]))
    return Proof(days=len(shown & due), of_days=len(due), boards=tuple(boards))


def _proof_line(board):
    unit = board.unit
    return {"path": unit.path, "unit": unit.name, "name": board.name, "place": board.place, "days": 0, "seconds": 0}


def _days_due(publication, period, at):
    begun, today = local_day(publication.publish_at), local_day(at)
    if period is None:
        last = min(today, publication.shown_until)
        return [begun + dt.timedelta(days=n) for n in range((last - begun).days + 1)]
    calendar, last = work_calendar(), min(today, period.ends_on)
    days = [begun + dt.timedelta(days=n) for n in range(1, (last - begun).days + 1)]
    try:
        return [day for day in days if calendar.is_workday(day)]
    except CalendarMissing:
        weekdays = calendar.with_weekdays({day.year for day in days})
        return [day for day in days if weekdays.is_workday(day)]


def boards_taking(publication, at):
    """Return the boards in use that are to show a text: it is pinned there, or a rule of a playlist takes it."""
    if publication.audience != Audience.EVERYBODY or publication.serial is None:
        return []
    today = local_day(at)
    if publication.publish_at > at or publication.shown_until < today or publication.state == "withdrawn":
        return []
    rows = (
        Playlist.objects.filter(board__is_active=True)
        .select_related("board__unit")
        .prefetch_related(Prefetch("pins", Pin.objects.filter(publication=publication)))
        .order_by("board", "place")
    )
    screen = set(screen_items())
    found = {}
    for playlist in rows:
        is_pinned = any(pin.since <= today and (pin.until is None or pin.until >= today) for pin in playlist.pins.all())
        if is_pinned or rule_takes(playlist, playlist.board, publication, screen):
            found[playlist.board_id] = playlist.board
    return list(found.values())
