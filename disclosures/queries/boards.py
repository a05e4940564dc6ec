"""Reads of display boards: what each shows now, who keeps which, what is proof of display."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import (
    Case,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
    prefetch_related_objects,
)

from portal.accounts.authority import authority_of
from portal.deadlines.calendar import CalendarMissing
from portal.deadlines.queries import work_calendar
from portal.kernel.days import day_end, local_day
from portal.kernel.rows import only_one

from ..board_cards import board_cards, read_cards
from ..dayparts import runs_at
from ..display import notice_period
from ..enums import Audience, Channel, PublicationKind
from ..models import (
    Board,
    CatalogueItem,
    Gap,
    Override,
    Pin,
    Playlist,
    Publication,
    PublicationFile,
    Showing,
    Version,
)
from ..rules.boards import KEEPERS
from ..rules.sight import OVERSEERS
from .publications import inside

MOST_TEXTS = 24


@dataclass(frozen=True)
class ShownText:
    """A published text as a board shows it: which version, until when; of a public notice how its period stands."""

    publication: Publication
    version: int
    until: object
    ends_on: object = None
    days_left: int = 0
    captions: tuple | None = None  # of its attachments, None without any

    @property
    def key(self):
        """All that its cards are made of, as plain values."""
        return self.publication.pk.hex, self.version, self.ends_on, self.days_left, self.captions


@dataclass(frozen=True)
class Programme:
    """What a board shows at a moment, in order: urgent things alone, or texts with standing cards between them."""

    urgent: list = field(default_factory=list)  # Override, or (Override, ShownText)
    texts: list = field(default_factory=list)
    cards: list = field(default_factory=list)  # (BoardCard, values)


def board_of_hash(token_hash):
    """Return the active board of an address's hash, or None."""
    return only_one(Board.objects.filter(token_hash=token_hash, is_active=True).select_related("unit"))


def boards_seen_by(user):
    """Return the boards whose working page exists for this person: those who keep them and those who supervise."""
    return Board.objects.filter(inside(authority_of(user).units(*KEEPERS, *OVERSEERS))).select_related("unit")


def boards_kept_by(user):
    """Return the boards in use that this person keeps."""
    return Board.objects.filter(inside(authority_of(user).units(*KEEPERS)), is_active=True).select_related("unit")


def for_everybody(at):
    """Return the texts that a board may show at all: on show now, and for everybody to read."""
    return Publication.objects.on_show(at, local_day(at)).filter(audience=Audience.EVERYBODY)


def overrides_of(board, at):
    """Return what a board shows before all else at a moment, the newest first."""
    return list(
        Override.objects.filter(since__lte=at, until__gt=at, ended_at__isnull=True)
        .filter(Q(board=board) | Q(board__isnull=True, unit__path__in=_line_of(board.unit)))
        .order_by("-since", "-pk")
    )


def programme_of(board, at):
    """
    Return what a board shows at a moment, by a number of queries that does not depend on how much that is.

    Never empty: outside the hours of all playlists, and where nothing is on
    show, the standing cards remain.
    """
    overrides = overrides_of(board, at)
    if overrides:
        texts = {
            text.publication.pk: text for text in _texts(Q(pk__in=[row.publication_id for row in overrides]), {}, at)
        }
        urgent = [
            (row, texts.get(row.publication_id)) for row in overrides if row.message or row.publication_id in texts
        ]
        if urgent:
            return Programme(urgent=urgent)
    running = [
        playlist
        for playlist in board.playlists.prefetch_related(Prefetch("pins", Pin.objects.order_by("place", "pk")))
        if runs_at(playlist, at)
    ]
    texts = _texts(*_wanted(running, board.unit, local_day(at)), at) if running else []
    codes = {code for playlist in running for code in playlist.cards}
    cards = read_cards(codes, board.unit, at) if codes else []
    if not texts and not cards:
        cards = read_cards({card.code for card in board_cards()}, board.unit, at)
    return Programme(texts=texts, cards=cards)


def _line_of(unit):
    return [unit.path[:end] for end in range(4, len(unit.path) + 1, 4)]


def _wanted(playlists, unit, today):
    """Return (a Q for the texts that rules of the playlists take, {publication id: (place, last day)} of the pins)."""
    screen = screen_items() if any(playlist.takes_screen for playlist in playlists) else []
    rules, pins = Q(pk__in=[]), {}
    for playlist in playlists:
        what = Q(pk__in=[])
        if playlist.takes_screen:
            what |= Q(item__in=screen)
        if playlist.takes_notices:
            what |= Q(kind=PublicationKind.NOTICE)
        if playlist.sections:
            what |= Q(item__section__in=playlist.sections)
        where = Q(unit=unit)
        if playlist.takes_above:
            where |= Q(unit__path__in=_line_of(unit))
        if playlist.takes_below:
            where |= inside([unit])
        rules |= what & where
        for pin in playlist.pins.all():
            if pin.since <= today and (pin.until is None or pin.until >= today):
                pins.setdefault(pin.publication_id, (len(pins), pin.until))
    return rules, pins


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
    """Return the ids of the catalogue items that are shown on the electronic display board."""
    # In Python: SQLite cannot look into lists, and there are some forty items.
    rows = CatalogueItem.objects.values_list("pk", "channels")
    return [pk for pk, channels in rows if Channel.SCREEN in channels]


def _texts(rules, pins, at):
    """Return the texts that fit the rules or are pinned: pinned ones first, then public notices, then the newest."""
    latest = Version.objects.filter(publication=OuterRef("pk"), shown_from__lte=at).order_by("-number")
    rows = (
        for_everybody(at)
        .filter(rules | Q(pk__in=list(pins)))
        .annotate(
            version=Subquery(latest.values("pk")[:1]),
            has_files=Exists(PublicationFile.objects.filter(publication=OuterRef("pk"), removed_at__isnull=True)),
            by_rule=Case(When(rules, then=1), default=0, output_field=IntegerField()),
            rank=Case(
                *(When(pk=pk, then=Value(place)) for pk, (place, _until) in pins.items()),
                When(kind=PublicationKind.NOTICE, then=Value(len(pins))),
                default=Value(len(pins) + 1),
                output_field=IntegerField(),
            ),
        )
        .select_related("item", "unit", "notice__accepted_by")
        .prefetch_related("gaps")
        .defer("body", "basis", "method", "objections_heard")
        .order_by("rank", "-publish_at", "-pk")[:MOST_TEXTS]
    )
    rows = list(rows)
    # Few texts have any: without them nothing is asked.
    held = PublicationFile.objects.filter(removed_at__isnull=True).only("publication", "caption")
    prefetch_related_objects([row for row in rows if row.has_files], Prefetch("files", held))
    periods = periods_of([row for row in rows if row.kind == PublicationKind.NOTICE], at)
    return [_shown(row, pins, periods) for row in rows]


def _shown(row, pins, periods):
    last = row.shown_until
    pinned_until = pins.get(row.pk, (0, None))[1]
    if not row.by_rule and pinned_until is not None:
        last = min(last, pinned_until)
    period = periods.get(row.pk)
    return ShownText(
        publication=row,
        version=row.version,
        until=day_end(last),
        ends_on=period.ends_on if period else None,
        days_left=period.days_left if period and not period.is_over else 0,
        captions=captions_of(row) if row.has_files else None,
    )


def captions_of(publication):
    """Return what the attachments of a text show or hold, where it is said; None for a text without any."""
    held = publication.files.all()
    return tuple(row.caption for row in held if row.caption) if held else None


def periods_of(notices, at):
    """Return {publication id: its notice's period}, by one query for the gaps that concern everything."""
    if not notices:
        return {}
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
