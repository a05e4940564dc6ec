"""
Rich text as plain text that can be written without JavaScript, and back.

A blank line ends a paragraph. ``# ``, ``## ``, ``### `` begin headings, ``- ``
items, ``1. `` numbered items, ``> `` quotations; two spaces more make a deeper
item; lines with tabs are rows of a table, the first of them its head.
"""

import re

from portal.kernel.richtext.cleaning import blocks_in, write_blocks
from portal.kernel.richtext.lines import Line
from portal.kernel.richtext.shaping import Bullets, Cell, Grid, Para, Quote
from portal.kernel.texts import clean_text

_HEADING = re.compile(r"(#{1,4})[ \u3000]+(.*)")
_ITEM = re.compile(r"([ \u3000]*)(?:([-*•·])|(\d{1,4})[.．、])[ \u3000]+(\S.*)")
_QUOTE = re.compile(r">[ \u3000]?(.*)")


def from_plain(text, before=""):
    """
    Return clean markup of plain text.

    ``before`` is the markup of which ``to_plain`` made the text that was
    changed: every part of it that was left as it was keeps all it had, also
    what plain text cannot say.
    """
    kept = {}
    for block in blocks_in(before) if before else []:
        kept.setdefault(_plain(block), block)
    blocks = []
    for part in _parts_of(clean_text(text or "")):
        known = kept.get("\n".join(part))
        blocks.extend([known] if known is not None else _read(part))
    return write_blocks(blocks)


def to_plain(markup):
    """Return markup as plain text that ``from_plain`` reads back to the same headings, lists and tables."""
    return "\n\n".join(_plain(block) for block in blocks_in(markup))


def _parts_of(text):
    part = []
    for line in text.split("\n"):
        if line.strip(" \t\u3000"):
            part.append(line.rstrip(" \u3000"))
        elif part:
            yield part
            part = []
    if part:
        yield part


def _read(lines):
    """Yield the blocks of lines that stand together."""
    at = 0
    while at < len(lines):
        line = lines[at]
        if found := _HEADING.fullmatch(line.strip()):
            yield from _para(f"h{min(len(found[1]) + 1, 4)}", [found[2]])
            at += 1
            continue
        for is_kind, make in ((_is_row, _table), (_ITEM.fullmatch, _lists), (_QUOTE.match, _quote), (_is_text, _text)):
            if is_kind(line):
                end = at + 1
                while end < len(lines) and is_kind(lines[end]):
                    end += 1
                yield from make(lines[at:end])
                at = end
                break


def _is_row(line):
    return "\t" in line.strip(" \u3000")


def _is_text(line):
    return not (_is_row(line) or _ITEM.fullmatch(line) or _QUOTE.match(line) or _HEADING.fullmatch(line.strip()))


def _para(tag, lines):
    gathered = Line()
    for number, line in enumerate(lines):
        if number:
            gathered.add_break()
        gathered.add(line)
    pieces = gathered.settled()
    return [Para(tag, pieces)] if pieces else []


def _text(lines):
    return _para("p", lines)


def _quote(lines):
    parts = _para("p", [_QUOTE.match(line)[1] for line in lines])
    return [Quote(parts)] if parts else []


def _table(lines):
    rows = [line.split("\t") for line in lines]
    width = max(len(row) for row in rows)
    grid = Grid()
    for number, row in enumerate(rows):
        cells = [Cell(number == 0 and len(rows) > 1, _para("p", [text])) for text in row + [""] * (width - len(row))]
        (grid.rows if number or len(rows) == 1 else grid.head).append(cells)
    return [grid] if any(cell.parts for row in grid.head + grid.rows for cell in row) else []


def _lists(lines):
    blocks, path = [], []  # path: (depth, list)
    for line in lines:
        found = _ITEM.fullmatch(line)
        depth, is_numbered = len(found[1].replace("\u3000", "  ")) // 2, found[3] is not None
        item = _para("p", [found[4]])
        if not item:
            continue
        while path and path[-1][0] > depth:
            path.pop()
        if path and path[-1][0] == depth:
            here = path[-1][1]
            if here.is_numbered == is_numbered:
                here.items.append(item)
                continue
            path.pop()
        made = Bullets(is_numbered, [item], min(max(int(found[3] or 1), 1), 9999))
        if path and len(path) < 6:
            path[-1][1].items[-1].append(made)
        else:
            blocks.append(made)
        path.append((depth, made))
    return blocks


def _plain(block):
    if isinstance(block, Para):
        return "#" * (int(block.tag[1]) - 1) + " " + block.text if block.tag != "p" else block.text
    if isinstance(block, Bullets):
        return "\n".join(_plain_items(block, 0))
    if isinstance(block, Grid):
        return "\n".join(
            "\t".join(" ".join(cell.text.split("\n")) for cell in row) + ("\t" if len(row) == 1 else "")
            for row in block.head + block.rows
        )
    return "\n".join(f"> {line}" for part in block.parts for line in _plain(part).split("\n"))


def _plain_items(bullets, depth):
    for number, item in enumerate(bullets.items, start=bullets.start):
        mark, texts, lists = f"{number}. " if bullets.is_numbered else "- ", [], []
        for part in item:
            (lists if isinstance(part, Bullets) else texts).append(part)
        yield "  " * depth + mark + " ".join(part.text.replace("\n", " ") for part in texts)
        for inner in lists:
            yield from _plain_items(inner, depth + 1)
