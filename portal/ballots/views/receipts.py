"""
The receipt of a ballot as a page: the same for all who put one in, but for three places, which are filled in.

Between these places it is kept, drawn with marks in them: no receipt, no picture of one and no key of anybody's
draft is ever in what is kept, and each reader's frame is put in as on every page that is kept for readers.
"""

import re
import secrets

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _

from portal.exports.qr import qr_svg_of_code
from portal.kernel.keeping import OPEN_PARTS, cut, frame_left_open, frames, kept_part
from portal.kernel.templatetags.words import grouped

from ..sealing import TRACKER_ALPHABET

GROUP = 5
# Nobody's to guess: a poll's own words must not turn into a receipt.
MARKS = {name: f"@{name}{secrets.token_hex(16)}@" for name in ("tracker", "qr", "draft_key")}
_NAMES = {mark: name for name, mark in (MARKS | OPEN_PARTS).items()}
_PLACE = re.compile("|".join(_NAMES))


def receipt_context(poll, tracker):
    """Return what the receipt shows."""
    qr = qr_svg_of_code(tracker, label=_("Receipt"), alphabet=TRACKER_ALPHABET)
    return {"poll": poll, "tracker": grouped(tracker, GROUP), "qr": qr}


def receipt_page(request, poll, tracker, *, template, read_url, draft_key):
    """Return the receipt of somebody signed in; at a kiosk, or with something else said to this reader, drawn whole."""
    own = receipt_context(poll, tracker) | {"draft_key": draft_key}
    if request.is_kiosk or len(get_messages(request)):
        return render(request, template, own | {"read_url": read_url})
    frame = frames[0](request)
    # All that the page shows beside its places; the language is a part of every key.
    key = (template, poll.title, poll.number, read_url, bool(draft_key), request.is_elder_mode, str(frame.enterprise))
    pieces = kept_part(("receipt", *key), lambda: _in_pieces(request, template, poll, read_url, bool(draft_key)))
    # Between the page's own letters stands every second time the name of what is filled in.
    filled = [
        piece if at % 2 == 0 else conditional_escape(own[piece]) if piece in own else frame.part(piece)
        for at, piece in enumerate(pieces)
    ]
    return HttpResponse("".join(filled))


def _in_pieces(request, template, poll, read_url, has_draft):
    """Return the page in pieces: its own letters, the name of a place, its own, …"""
    marks = MARKS | {"draft_key": MARKS["draft_key"] if has_draft else ""}
    with frame_left_open(request):
        page = render_to_string(template, {"poll": poll, "read_url": read_url, **marks}, request)
    return cut(page, _PLACE, lambda found: _NAMES[found.group()])
