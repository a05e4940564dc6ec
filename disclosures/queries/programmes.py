"""
What a display board shows at a moment, by two prepared statements: the board with its rules, then the texts that fit.

Every board asks each half minute, and nearly always nothing has changed: so
nothing is made of a text but what its cards show, and what was read of it is
the key of its cards. What is not among the fields here is in no card: in
tests, asking for it fails (portal.kernel.prepared).
"""

import datetime as dt
import json
import uuid
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial

from django.db.models import (
    Case,
    CharField,
    DateField,
    DateTimeField,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    UUIDField,
    Value,
    When,
)

from portal.accounts.models import Unit
from portal.kernel.days import day_end, local_day
from portal.kernel.prepared import Prepared, Row, Rows, Slot, instance_of, instances_of, keep_list

from ..board_cards import board_cards, read_cards
from ..dayparts import runs_at
from ..enums import PublicationKind
from ..models import Board, Gap, Override, Pin, Playlist, Publication, PublicationFile, Version
from .boards import for_everybody, line_of, periods_of, screen_items
from .publications import inside

MOST_TEXTS = 24
MOST_SHAPES = 128  # of the rules and pins of boards, of which each process keeps the statement
BOARD = (
    *("id", "name", "place", "orientation", "seconds", "is_active"),
    *("unit__id", "unit__code", "unit__name", "unit__path"),
)
LISTS = {
    "overrides": (
        Override,
        ("id", "board", "publication", "title", "message", "until", "unit__id", "unit__name", "unit__path"),
    ),
    "playlists": (
        Playlist,
        (
            *("id", "weekdays", "begins", "ends", "takes_screen", "takes_notices", "sections"),
            *("takes_above", "takes_below", "cards"),
        ),
    ),
    "pins": (Pin, ("playlist", "publication", "since", "until")),
    "gaps": (Gap, ("since", "until")),
}
# All that the cards of a text are made of, beside its version, its gaps and its attachments' captions.
TEXT = (
    *("id", "year", "serial", "kind", "title", "publish_at", "shown_until"),
    *("item__id", "item__section", "unit__id", "unit__name"),
    *("notice__publication", "notice__about", "notice__workdays", "notice__contact"),
    *("notice__accepted_by__id", "notice__accepted_by__name"),
)
GAP, FILE = ("id", "publication", "since", "until"), ("id", "caption")


@dataclass(frozen=True)
class ShownText:
    """A published text as a board shows it: which version, until when; of a public notice how its period stands."""

    pk: uuid.UUID
    version: int
    until: object
    read: str  # what was read of it, as plain text
    ends_on: object = None
    days_left: int = 0
    captions: tuple | None = None  # of its attachments, None without any

    @property
    def key(self):
        """All that its cards are made of, as plain values."""
        return self.read, self.version, self.ends_on, self.days_left, self.captions

    @cached_property
    def publication(self):
        """The text itself; made when it is drawn, which most are not: no card is drawn twice."""
        return instance_of(Publication, TEXT, self.read)


@dataclass(frozen=True)
class Programme:
    """What a board shows at a moment, in order: urgent things alone, or texts with standing cards between them."""

    urgent: list = field(default_factory=list)  # Override, or (Override, ShownText)
    texts: list = field(default_factory=list)
    cards: list = field(default_factory=list)  # (BoardCard, values)


# The board ---------------------------------------------------------------------------------------------------


def _boards(**which):
    at = Slot("at", DateTimeField())
    rows = {
        "overrides": Override.objects.filter(since__lte=at, until__gt=at, ended_at__isnull=True)
        .filter(Q(board=OuterRef("pk")) | Q(board__isnull=True))
        .order_by("-since", "-pk"),
        "playlists": Playlist.objects.filter(board=OuterRef("pk")).order_by("place", "pk"),
        "pins": Pin.objects.filter(playlist__board=OuterRef("pk")).order_by("place", "pk"),
        # The period of a notice does not count the days on which nothing was shown at all.
        "gaps": Gap.objects.filter(publication__isnull=True).order_by("pk"),
    }
    return (
        Board.objects.filter(**which)
        .order_by()
        .values_list(Row(*BOARD), *(Rows(rows[name], *fields) for name, (_model, fields) in LISTS.items()))
    )


BY_KEY = Prepared(lambda: _boards(pk=Slot("key", UUIDField())), by_now=True)
BY_HASH = Prepared(lambda: _boards(token_hash=Slot("key", CharField()), is_active=True), by_now=True)


class ToldBoard:
    """A board with what decides what it shows at a moment, as it was read by one statement."""

    def __init__(self, row):
        self.board = instance_of(Board, BOARD, row[0])
        lists = {
            name: instances_of(model, fields, lines)
            for (name, (model, fields)), lines in zip(LISTS.items(), row[1:], strict=True)
        }
        line = line_of(self.board.unit.path)
        self.overrides = [row for row in lists["overrides"] if row.board_id or row.unit.path in line]
        self.playlists = lists["playlists"]
        for playlist in self.playlists:
            keep_list(playlist, "pins", partial(_pins_of, lists["pins"], playlist.pk))
        self.gaps = [(gap.since, gap.until) for gap in lists["gaps"]]


def _pins_of(pins, key):
    return [pin for pin in pins if pin.playlist_id == key]


def board_told(token_hash, at):
    """Return the board in use of an address's hash with what decides what it shows, or None; by one statement."""
    rows = BY_HASH.rows(key=token_hash, at=at)
    return ToldBoard(rows[0]) if rows else None


def overrides_of(board, at):
    """Return what a board shows before all else at a moment, the newest first."""
    return ToldBoard(BY_KEY.rows(key=board.pk, at=at)[0]).overrides


def programme_of(board, at, *, told=None):
    """
    Return what a board shows at a moment, by a number of queries that does not depend on how much that is.

    ``told`` is the board as ``board_told`` has read it. Never empty: outside the hours of all playlists, and
    where nothing is on show, the standing cards remain.
    """
    told = told or ToldBoard(BY_KEY.rows(key=board.pk, at=at)[0])
    unit, today = told.board.unit, local_day(at)
    if told.overrides:
        wanted = {row.publication_id: (0, None) for row in told.overrides if row.publication_id}
        texts = {text.pk: text for text in _texts((), wanted, at, told.gaps)}
        urgent = [
            (row, texts.get(row.publication_id)) for row in told.overrides if row.message or row.publication_id in texts
        ]
        if urgent:
            return Programme(urgent=urgent)
    running = [playlist for playlist in told.playlists if runs_at(playlist, at)]
    rules = tuple(rule for playlist in running if (rule := _rule(playlist, unit)))
    texts = _texts(rules, _pins(running, today), at, told.gaps)
    codes = {code for playlist in running for code in playlist.cards}
    cards = read_cards(codes, unit, at) if codes else []
    if not texts and not cards:
        cards = read_cards({card.code for card in board_cards()}, unit, at)
    return Programme(texts=texts, cards=cards)


# Its texts ---------------------------------------------------------------------------------------------------


def _pins(playlists, today):
    """Return {publication id: (place, last day)} of what is pinned to these playlists."""
    pins = {}
    for playlist in playlists:
        for pin in playlist.pins.all():
            if pin.since <= today and (pin.until is None or pin.until >= today):
                pins.setdefault(pin.publication_id, (len(pins), pin.until))
    return pins


def _rule(playlist, unit):
    """Return what the rules of a playlist take, as plain values; None where they take nothing."""
    what = playlist.takes_screen, playlist.takes_notices, tuple(playlist.sections)
    where = unit.path, playlist.takes_above, playlist.takes_below
    return (what, where) if any(what) else None


def _condition(rule):
    """Return a Q for the texts that a rule takes; ``rule_takes`` says the same of one text."""
    (takes_screen, takes_notices, sections), (path, takes_above, takes_below) = rule
    what, where = Q(), Q()
    if takes_screen:
        what |= Q(item__in=screen_items())
    if takes_notices:
        what |= Q(kind=PublicationKind.NOTICE)
    if sections:
        what |= Q(item__section__in=sections)
    if takes_above:
        where |= Q(unit__path__in=line_of(path))
    if takes_below:
        where |= inside([Unit(path=path)])
    return what & (where or Q(unit__path=path))


@lru_cache(maxsize=MOST_SHAPES)
def _statement(rules, pins):
    """Return the statement for the texts of rules and pins, which are few for all boards of an enterprise."""
    return Prepared(partial(_rows, rules, pins), by_now=True)


def _rows(rules, pins):
    at = Slot("at", DateTimeField())
    taken = Q(pk__in=[])
    for rule in rules:
        taken |= _condition(rule)
    order = (
        # Pinned ones first, then public notices, then the newest.
        Case(
            *(When(pk=pk, then=Value(place)) for place, pk in enumerate(pins)),
            When(kind=PublicationKind.NOTICE, then=Value(len(pins))),
            default=Value(len(pins) + 1),
            output_field=IntegerField(),
        ),
        "-publish_at",
        "-pk",
    )
    newest = (
        for_everybody(at, Slot("today", DateField(), is_constant=True)).filter(taken | Q(pk__in=pins)).order_by(*order)
    )
    latest = Version.objects.filter(publication=OuterRef("pk"), shown_from__lte=at).order_by("-number")
    # Asked only where it may be the one or the other.
    by_rule = Case(When(taken, then=1), default=0, output_field=IntegerField()) if rules and pins else Value(len(rules))
    files = PublicationFile.objects.filter(publication=OuterRef("pk"), removed_at__isnull=True, masked_at__isnull=True)
    # Which they are is found first, so that of all that is on show nothing is read but what that takes.
    return (
        Publication.objects.filter(pk__in=newest.values("pk")[:MOST_TEXTS])
        .order_by(*order)
        .values_list(
            Row(*TEXT),
            Subquery(latest.values("pk")[:1]),
            by_rule,
            Rows(Gap.objects.filter(publication=OuterRef("pk")).order_by("pk"), *GAP),
            Rows(files.order_by("pk"), *FILE),
        )
    )


def _texts(rules, pins, at, general):
    """Return the texts that fit the rules or are pinned: pinned ones first, then public notices, then the newest."""
    if not rules and not pins:
        return []
    rows = _statement(rules, tuple(pins)).rows(at=at, today=local_day(at))
    told = [dict(zip(TEXT, json.loads(row[0]), strict=True)) for row in rows]
    notices = []
    for one, (line, _version, _by_rule, gaps, _files) in zip(told, rows, strict=True):
        if one["kind"] == PublicationKind.NOTICE:
            notices.append(notice := instance_of(Publication, TEXT, line))
            keep_list(notice, "gaps", partial(instances_of, Gap, GAP, gaps))
    periods = periods_of(notices, at, general=general)
    return [_shown(one, row, pins, periods) for one, row in zip(told, rows, strict=True)]


def _shown(one, row, pins, periods):
    line, version, by_rule, _gaps, files = row
    key, last = uuid.UUID(one["id"]), dt.date.fromisoformat(one["shown_until"])
    pinned_until, period = pins.get(key, (0, None))[1], periods.get(key)
    if not by_rule and pinned_until is not None:
        last = min(last, pinned_until)
    captions = [json.loads(file)[1] for file in json.loads(files or "[]")]
    return ShownText(
        pk=key,
        version=version,
        until=day_end(last),
        read=line,
        ends_on=period.ends_on if period else None,
        days_left=period.days_left if period and not period.is_over else 0,
        captions=tuple(filter(None, captions)) if captions else None,
    )
