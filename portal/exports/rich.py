"""
Rich text inside an official document: headings by their ranks, lists, tables with merged cells, bold words.

    OfficialDocument(title=…, body=["现公布如下。", *rich_parts(publication.body)])

Headings that carry their own number (第三条, 一、, 1.) keep it; the others are
numbered as GB/T 9704 numbers them. Links keep their words and lose their
address, which paper cannot follow. ``portal.kernel.richtext.to_plain`` is the
export as plain text.
"""

import re
from dataclasses import dataclass

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Mm, Pt

from portal.exports.official import (
    FANGSONG,
    HEITI,
    SIZE_3,
    TEXT_WIDTH,
    Heading,
    indent,
    keep_whole,
    look,
    repeat_as_header,
)
from portal.kernel.richtext.cleaning import blocks_in
from portal.kernel.richtext.shaping import Bullets, Grid, Para

_OWN_NUMBER = re.compile(
    r"第[零〇一二三四五六七八九十百千\d]+\s*[编章节条款]|[一二三四五六七八九十百]+、|[(（][一二三四五六七八九十\d]+[)）]"
    r"|\d+(?:[.．]\d+)*[.．、\s]"
)
CHAR = 320  # twips of one character of size 3
FONT_MARKS = {
    "strong": "bold",
    "em": "italic",
    "u": "underline",
    "s": "strike",
    "sub": "subscript",
    "sup": "superscript",
}
MAX_COLUMNS = 60  # what Word takes is 63


@dataclass(frozen=True)
class Words:
    """A paragraph of pieces with marks; ``mark`` stands before it, ``depth`` indents it by so many characters more."""

    pieces: tuple
    mark: str = ""
    depth: int = 0

    def write(self, writer):
        paragraph = writer.indented(self.mark)
        chars = 200 + 200 * self.depth
        indent(paragraph, firstLineChars=chars, firstLine=chars * CHAR // 100)
        add_words(paragraph, self.pieces, FANGSONG, SIZE_3)


@dataclass(frozen=True)
class RichTable:
    """A table whose cells may span columns and rows; rows of its head are repeated on every page."""

    grid: Grid

    def write(self, writer):
        placed, width = placed_cells(self.grid)
        table = writer.word.add_table(rows=len(self.grid.head) + len(self.grid.rows), cols=width)
        table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
        for column in table.columns:
            column.width = Mm(TEXT_WIDTH / width)
        for row in table.rows[: len(self.grid.head)]:
            repeat_as_header(row)
        for row in table.rows:
            keep_whole(row)
        for (top, left, bottom, right), cell in placed:
            target = table.cell(top, left)
            if (bottom, right) != (top, left):
                target = target.merge(table.cell(bottom, right))
            for number, (mark, depth, pieces) in enumerate(_lines_of(cell.parts)):
                paragraph = target.paragraphs[0] if number == 0 else target.add_paragraph()
                paragraph.paragraph_format.line_spacing = Pt(20)
                font = HEITI if cell.is_head else FANGSONG
                look(paragraph.add_run("\u3000" * depth + mark), font, Pt(12))
                add_words(paragraph, pieces, font, Pt(12))
        writer.empty()


def rich_parts(markup):
    """Return the parts of an official document's body that some rich text makes."""
    return [part for block in blocks_in(markup) for part in _parts_of(block)]


def _parts_of(block, depth=0):
    if isinstance(block, Para) and block.tag != "p":
        text = block.text.replace("\n", " ")
        yield Heading(text, level=int(block.tag[1]) - 1, is_numbered=bool(_OWN_NUMBER.match(text)))
    elif isinstance(block, Para):
        yield Words(tuple(block.pieces), depth=depth)
    elif isinstance(block, Bullets):
        yield from (Words(tuple(pieces), mark, depth + inner) for mark, inner, pieces in _lines_of([block]))
    elif isinstance(block, Grid):
        yield RichTable(block)
    else:
        for part in block.parts:
            yield from _parts_of(part, depth + 1)


def _lines_of(parts, depth=0):
    """Yield (mark, depth, pieces) of lines and of the items of lists."""
    for part in parts:
        if isinstance(part, Para):
            yield "", depth, part.pieces
            continue
        for number, item in enumerate(part.items, start=part.start):
            mark = f"{number}. " if part.is_numbered else "· "
            for at, line in enumerate(_lines_of(item)):
                yield (mark if at == 0 else line[0]), depth + line[1] + (1 if at and line[0] else 0), line[2]


def add_words(paragraph, pieces, font, size):
    """Write pieces into a paragraph, each with its marks."""
    for text, marks in pieces:
        if marks is None:
            paragraph.add_run().add_break()
            continue
        run = paragraph.add_run(text)
        look(run, font, size)
        names = {name for name, _value in marks}
        for name, attribute in FONT_MARKS.items():
            if name in names:
                setattr(run.font, attribute, True)


def placed_cells(grid):
    """
    Return ([((top, left, bottom, right), cell) …], columns): where each cell stands, as browsers place them.

    Spans that reach beyond the table or into another cell end before it.
    """
    rows, taken, placed = grid.head + grid.rows, set(), []
    for top, row in enumerate(rows):
        left = 0
        for cell in row:
            while (top, left) in taken:
                left += 1
            if left >= MAX_COLUMNS:
                break
            right = left
            while right - left + 1 < cell.colspan and right + 1 < MAX_COLUMNS and (top, right + 1) not in taken:
                right += 1
            bottom = min(top + cell.rowspan, len(rows)) - 1
            taken |= {(y, x) for y in range(top, bottom + 1) for x in range(left, right + 1)}
            placed.append(((top, left, bottom, right), cell))
            left = right + 1
    return placed, max(right for (_top, _left, _bottom, right), _cell in placed) + 1
