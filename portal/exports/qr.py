"""
QR codes for slips and receipts, as SVG within the page: sharp in print, no inline style, no request.

    {% receipt … qr=qr_svg %}  with  qr_svg(request.build_absolute_uri(url), label=_("Track this card"))
"""

import segno
from django.utils.html import format_html

from .qr_sums import pieces_for

QUIET = 4  # modules of white around the code, as the standard asks


def qr_svg(text, *, label):
    """
    Return an SVG picture of the text; ``label`` is what a screen reader says.

    Classes: ``qr`` for the picture, ``qr-ground`` and ``qr-code`` for its colours.
    """
    code = segno.make(text, error="m", micro=False)
    return _svg(label, code.symbol_size(scale=1, border=QUIET)[0], _path(_runs(code)))


def qr_svg_of_code(text, *, label, alphabet):
    """Return what ``qr_svg`` does, of one of many codes of one length out of an alphabet: a thirtieth of its work."""
    pieces = pieces_for(len(text), alphabet)
    return _svg(label, pieces.side + 2 * QUIET, _path(pieces.runs(pieces.code(text))))


def _svg(label, side, path):
    return format_html(
        '<svg class="qr" role="img" aria-label="{label}" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" '
        'xmlns="http://www.w3.org/2000/svg"><title>{label}</title>'
        '<rect class="qr-ground" width="{side}" height="{side}" fill="#fff"/>'
        '<path class="qr-code" fill="#000" d="{path}"/></svg>',
        label=label,
        side=side,
        path=path,
    )


def _path(runs):
    """Return dark runs, (column, row, length), as a path."""
    return "".join([f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z" for x, y, length in runs])


def _runs(code):
    """Return the dark modules as runs, row by row."""
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            length = 1
            while x + length < len(row) and row[x + length] == row[x]:
                length += 1
            if row[x]:
                yield x, y, length
            x += length
