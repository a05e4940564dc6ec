"""
Standing cards of the display boards: what a board shows beside texts, and instead of them when there is none.

An area offers its own from ``apps.ready()``::

    register_board_card("meeting", _("next meeting"), next_meeting, "disclosures/meetings/board_card.html", order=30)

``read(unit, at)`` returns a dict of plain values (texts, numbers, days) that
everybody may see, or None when there is nothing to show; it may ask the
database once or twice. An address to scan is given as ``path``, and is shown
as a QR code. The template gets the dict as ``card``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.queries import lamp_totals
from portal.kernel.days import LOCAL, local_day
from portal.kernel.keeping import remembered
from portal.kernel.prepared import Prepared, Row, instance_of
from portal.ledger.models import Head

from .queries.briefings import next_briefing
from .queries.duties import missing_of
from .standing import duty_title

HEAD = ("day", "seq", "hash")
LAST_HEAD = Prepared(lambda: Head.objects.order_by("-day").values_list(Row(*HEAD))[:1], by_key=True)
TOTALS_SECONDS = 60
MISSING_SHOWN = 5


@dataclass(frozen=True)
class BoardCard:
    """One kind of standing card."""

    code: str
    label: object
    read: Callable
    template: str
    order: int


_CARDS: dict[str, BoardCard] = {}


def register_board_card(code, label, read, template, *, order=50):
    """Offer a standing card under a code; see above. Registering a code again takes the place of the first."""
    _CARDS[code] = BoardCard(code, label, read, template, order)


def board_cards():
    """Return all standing cards in their order."""
    return sorted(_CARDS.values(), key=lambda card: (card.order, card.code))


def read_cards(codes, unit, at):
    """Return [(card, its values)] of those named that have something to show for a unit now."""
    found = [(card, card.read(unit, at)) for card in board_cards() if card.code in codes]
    return [(card, values) for card, values in found if values is not None]


def _lamps(unit, at):
    totals = remembered("board:lamps", lambda: lamp_totals(at), seconds=TOTALS_SECONDS)
    return {**totals, "path": reverse("feedback:public_list")}


def _missing(unit, at):
    key = "board:missing", unit.pk, unit.path, unit.code, unit.name, local_day(at)
    return remembered(key, lambda: _missing_now(unit, at), seconds=TOTALS_SECONDS)


def _missing_now(unit, at):
    """Return what is due but missing of the unit and all below it, the longest missing first."""
    rows = missing_of(unit, at, most=MISSING_SHOWN + 1)
    today = local_day(at)
    return {
        "unit": unit.name,
        "rows": [
            {
                "code": duty.item.code,
                "item": duty.item.title,
                "label": duty_title(duty),
                "unit": duty.unit.name,
                "days": max(1, (today - duty.promise.due_on).days),
            }
            for duty in rows[:MISSING_SHOWN]
        ],
        "has_more": len(rows) > MISSING_SHOWN,
        "path": f"{reverse('disclosures:duties')}?unit={unit.code}",
    }


def _head(unit, at):
    rows = remembered("board:head", LAST_HEAD.rows, seconds=TOTALS_SECONDS)
    if not rows:
        return None
    head = instance_of(Head, HEAD, rows[0][0])
    return {**{name: getattr(head, name) for name in HEAD}, "path": reverse("ledger:verify")}


def _briefing(unit, at):
    briefing = next_briefing(unit, at)
    if briefing is None:
        return None
    starts = briefing.starts_at.astimezone(LOCAL)
    return {
        "title": briefing.title,
        "unit": briefing.unit.name,
        "place": briefing.place,
        "day": starts.date(),
        "time": f"{starts:%H:%M}",
        "path": reverse("disclosures:briefing", args=[briefing.pk]),
    }


def register():
    """Offer the cards of this area; called once, from ``apps.ready()``."""
    register_board_card("lamps", _("answers owed today"), _lamps, "disclosures/boards/card_lamps.html", order=10)
    register_board_card("missing", _("due but missing"), _missing, "disclosures/boards/card_missing.html", order=20)
    register_board_card("briefing", _("next briefing"), _briefing, "disclosures/boards/card_briefing.html", order=30)
    register_board_card("head", _("fingerprint of the ledger"), _head, "disclosures/boards/card_head.html", order=90)
