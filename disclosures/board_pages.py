"""A text cut into pages that can be read on a display board from ten metres: pure functions."""

import functools
import math
import re
from dataclasses import dataclass

from portal.kernel.richtext import from_plain, is_markup
from portal.kernel.richtext.cleaning import blocks_in, write_nodes
from portal.kernel.richtext.shaping import Bullets, Grid, Para, Quote, text_of_part

MOST_PAGES = 8
# Space below a block, above a heading and around a row of a table, in lines of text.
GAP, HEAD_GAP, ROW_GAP = 0.35, 0.5, 0.45
HEAD_SIZE = 1.25
NARROW = 0.56  # a Latin letter or digit beside a Chinese character
# Where a long paragraph may be parted, best first; behind a mark, never before it.
_SENTENCE, _CLAUSE = re.compile(r"[。！？!?；;\n]"), re.compile(r"[，、,：: ]")


@dataclass(frozen=True)
class Room:
    """How much fits on a page: Chinese characters in a line, and lines."""

    columns: int
    lines: float


# Measured in Chromium with the largest type of board.css at 1920 × 1080 and 1080 × 1920 (tests/browser/test_board.py).
LANDSCAPE, PORTRAIT = Room(31, 8), Room(19, 16)


@dataclass(frozen=True)
class _Piece:
    node: object
    lines: float
    is_heading: bool = False


@functools.lru_cache(maxsize=128)
def pages_of(markup, room, most=MOST_PAGES):
    """
    Return (pages as clean markup, whether something was left out).

    Cut between paragraphs, items and rows; a longer paragraph between its
    sentences. A heading is never the last line of a page, and each part of a
    table repeats the table's head. There is at least one page.
    """
    text = str(markup or "")
    pieces = [
        piece for block in blocks_in(text if is_markup(text) else from_plain(text)) for piece in _pieces(block, room)
    ]
    pages, page, used = [], [], 0.0
    for piece in pieces:
        if page and used + piece.lines > room.lines:
            kept = []
            while page and page[-1].is_heading:
                kept.insert(0, page.pop())
            if page:
                pages.append(page)
            page, used = kept, sum(one.lines for one in kept)
        page.append(piece)
        used += piece.lines
    if page or not pages:
        pages.append(page)
    written = tuple(write_nodes(piece.node for piece in page) for page in pages[:most])
    return written, len(pages) > most


def width_of(text):
    """Return how many Chinese characters a text is wide."""
    return sum(NARROW if mark.isascii() else 1 for mark in text)


def _lines(text, columns):
    return sum(max(1, math.ceil(width_of(line) / columns)) for line in text.split("\n"))


def _pieces(block, room):
    if isinstance(block, Para):
        return _paragraph(block, room)
    if isinstance(block, Bullets):
        return [
            piece for number, item in enumerate(block.items, block.start) for piece in _item(block, item, number, room)
        ]
    if isinstance(block, Grid):
        return list(_table(block, room))
    return [
        _Piece(Quote([part]).node(), _lines(text_of_part(part), room.columns - 2) + 1 + GAP)
        for long in block.parts
        for part in (_cut(long, Room(room.columns - 2, room.lines - 1)) if isinstance(long, Para) else [long])
    ]


def _paragraph(block, room):
    if block.tag != "p":
        size = _lines(block.text, room.columns / HEAD_SIZE) * HEAD_SIZE
        return [_Piece(block.node(), size + HEAD_GAP + GAP, is_heading=True)]
    return [_Piece(part.node(), _lines(part.text, room.columns) + GAP) for part in _cut(block, room)]


def _item(block, item, number, room):
    narrow = Room(room.columns - 2, room.lines)
    lines = sum(_lines(text_of_part(part), narrow.columns) for part in item)
    if lines <= room.lines:
        return [_Piece(Bullets(block.is_numbered, [item], number).node(), lines + GAP)]
    # Longer than a page: its beginning keeps the number, the rest goes on as paragraphs and lists of its own.
    first, *others = [cut for part in item for cut in (_cut(part, narrow) if isinstance(part, Para) else [part])]
    begun = _Piece(
        Bullets(block.is_numbered, [[first]], number).node(), _lines(text_of_part(first), narrow.columns) + GAP
    )
    return [begun, *(piece for part in others for piece in _pieces(part, room))]


def _cut(para, room):
    """Return a paragraph as one, or as several that each fit a page, with their marks (bold, raised) kept."""
    budget = room.columns * (room.lines - 1)
    parts, pieces = [], list(para.pieces)
    while _lines(text := "".join(one[0] for one in pieces), room.columns) > room.lines:
        at = _place_to_cut(text, budget)
        before, pieces = _split(pieces, at)
        parts.append(Para(para.tag, before))
    return [*parts, Para(para.tag, pieces)]


def _place_to_cut(text, budget):
    """Return behind which character to part a text that is too long, at the end of a sentence if there is one."""
    wide, most = 0.0, len(text)
    for at, mark in enumerate(text):
        wide += NARROW if mark.isascii() else 1
        # A line break takes the rest of its line.
        if wide > budget:
            most = max(at, 1)
            break
    for marks in (_SENTENCE, _CLAUSE):
        ends = [found.end() for found in marks.finditer(text, 0, most)]
        if ends and ends[-1] > most / 3:
            return ends[-1]
    return most


def _split(pieces, at):
    before, after = [], []
    for text, marks in pieces:
        if at >= len(text):
            before.append((text, marks))
        elif at > 0:
            before.append((text[:at], marks))
            after.append((text[at:], marks))
        else:
            after.append((text, marks))
        at -= len(text)
    # A break at the seam is one already.
    while before and before[-1][1] is None:
        before.pop()
    while after and after[0][1] is None:
        after.pop(0)
    return before, after


def _table(grid, room):
    widest = max((sum(cell.colspan for cell in row) for row in [*grid.head, *grid.rows]), default=1)

    def size(row):
        return (
            max((_lines(cell.text, max(2, room.columns * cell.colspan / widest - 1)) for cell in row), default=1)
            + ROW_GAP
        )

    head = sum(size(row) for row in grid.head)
    part, used = [], head
    for group in _groups(grid.rows):
        lines = sum(size(row) for row in group)
        if part and used + lines > room.lines:
            yield _Piece(Grid(grid.head, part).node(), used + GAP)
            part, used = [], head
        part += group
        used += lines
    if part or grid.head:
        yield _Piece(Grid(grid.head, part).node(), used + GAP)


def _groups(rows):
    """Yield rows that a cell over several rows holds together."""
    group, reach = [], 0
    for row in rows:
        reach = max([reach - 1, *(cell.rowspan - 1 for cell in row)])
        group.append(row)
        if reach <= 0:
            yield group
            group, reach = [], 0
    if group:
        yield group
