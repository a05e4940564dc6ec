"""How a board draws what it shows: cards as markup, the same ones for the page, the feed and the preview."""

import functools
import hashlib

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.exports.qr import qr_svg
from portal.kernel.keeping import kept_part

from .board_pages import LANDSCAPE, PORTRAIT, pages_of
from .models import Version


def edition():
    """Return what changes when boards have to load script and style anew."""
    return f"{static('js/board.js')} {static('css/board.css')}"


def fingerprint_of(board, programme):
    """Return sixteen digits that change whenever anything that a board shows changes."""
    shown = (
        *(edition(), get_language(), settings.ORIGIN),
        *(board.name, board.place, board.unit.name, board.orientation, board.seconds),
        [(row.pk.hex, row.until, text and text.key) for row, text in programme.urgent],
        [(text.key, text.until) for text in programme.texts],
        [(card.code, values) for card, values in programme.cards],
    )
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def cards_of(programme, *, is_portrait):
    """Return the cards of a programme in order: dicts of key, html, until (a moment or None) and text (an id or "")."""
    texts = [*programme.texts, *(text for _row, text in programme.urgent if text is not None)]
    # Read when the first text is drawn that no board has shown yet; then all, by one query.
    versions = SimpleLazyObject(lambda: Version.objects.in_bulk([text.version for text in texts]))
    if programme.urgent:
        return [card for row, text in programme.urgent for card in _urgent(row, text, versions, is_portrait)]
    shown = [_drawn(text, versions, is_portrait) for text in programme.texts]
    standing = [_standing(card, values) for card, values in programme.cards]
    return _mixed(shown, standing)


def _mixed(shown, standing):
    """Return the cards of texts with standing cards spread evenly between them, beginning with one."""
    if not standing:
        return [card for cards in shown for card in cards]
    step = max(1, -(-len(shown) // len(standing)))
    mixed = []
    for place, card in enumerate(standing):
        mixed.append(card)
        mixed += [one for cards in shown[place * step : (place + 1) * step] for one in cards]
    return mixed


def _standing(card, values):
    html = kept_part(
        ("board card", card.code, values, settings.ORIGIN),
        lambda: render_to_string(
            card.template, {"card": values, "label": card.label, "qr": qr_of(values.get("path", ""))}
        ),
    )
    return {"key": f"card-{card.code}", "html": html, "until": None, "text": ""}


def _urgent(row, text, versions, is_portrait):
    if text is not None:
        cards = _drawn(text, versions, is_portrait, is_urgent=True)
        return [card | {"key": f"{row.pk.hex}-{card['key']}", "until": min(card["until"], row.until)} for card in cards]
    html = render_to_string("disclosures/boards/card_urgent.html", {"override": row})
    return [{"key": f"urgent-{row.pk.hex}", "html": html, "until": row.until, "text": ""}]


def _drawn(text, versions, is_portrait, *, is_urgent=False):
    """Return the cards of a published text; drawn once for each version and state, and kept."""
    pieces = kept_part(
        ("board", text.key, is_portrait, is_urgent, settings.ORIGIN),
        lambda: draw_text(
            text.publication,
            versions[text.version],
            is_portrait=is_portrait,
            is_urgent=is_urgent,
            path=reverse("disclosures:public", args=[text.publication.number]),
            ends_on=text.ends_on,
            days_left=text.days_left,
            captions=text.captions,
        ),
    )
    key = f"{text.pk.hex}-{text.version}"
    return [
        {"key": f"{key}-{place}", "html": html, "until": text.until, "text": text.pk.hex}
        for place, html in enumerate(pieces, 1)
    ]


def draw_text(publication, words, *, is_portrait, path="", ends_on=None, days_left=0, captions=None, is_urgent=False):
    """
    Return a text as cards; ``words`` has title and body: a version, or the draft itself.

    ``path`` is where the whole text and its attachments are; it stands on each
    card as a code to scan. A public notice's last card says where objections go.
    """
    pages, is_cut = pages_of(words.body, PORTRAIT if is_portrait else LANDSCAPE)
    notice = publication.notice if publication.kind == "notice" and hasattr(publication, "notice") else None
    total = len(pages) + (notice is not None)
    context = {
        "publication": publication,
        "title": words.title,
        "notice": notice,
        "ends_on": ends_on,
        "days_left": days_left,
        "has_files": captions is not None,
        "captions": captions or (),
        "is_urgent": is_urgent,
        "total": total,
        "qr": qr_of(path),
    }
    cards = [
        render_to_string(
            "disclosures/boards/card_text.html",
            context | {"page": page, "number": number, "is_cut": is_cut and number == len(pages)},
        )
        for number, page in enumerate(pages, 1)
    ]
    if notice is not None:
        cards.append(render_to_string("disclosures/boards/card_terms.html", context | {"number": total}))
    return cards


@functools.lru_cache(maxsize=256)
def _qr(address, label):
    return qr_svg(address, label=label)


def qr_of(path):
    """Return a code that leads to a path of the portal from a phone, or "" without one."""
    return _qr(f"{settings.ORIGIN}{path}", _("Scan to read it on your phone")) if path else ""
