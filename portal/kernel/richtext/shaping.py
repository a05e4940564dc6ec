"""From any tree to the few shapes that rich text has: headings, paragraphs, lists, tables, quotations."""

import re
from dataclasses import dataclass, field

from portal.kernel.richtext import word
from portal.kernel.richtext.addresses import safe_address
from portal.kernel.richtext.lines import MARKS, PLAIN, Line, line_nodes, line_text, without_mark
from portal.kernel.richtext.tree import BLOCKS, Node

MAX_COLSPAN, MAX_ROWSPAN, MAX_START = 50, 200, 9999


@dataclass
class Para:
    """A line of text: a paragraph, or a heading of rank 2 to 4."""

    tag: str
    pieces: list

    @property
    def text(self):
        return line_text(self.pieces)

    def node(self):
        return Node(self.tag, {}, line_nodes(self.pieces))


@dataclass
class Bullets:
    """A list; each item is a list of lines and further lists."""

    is_numbered: bool
    items: list
    start: int = 1

    def node(self):
        attrs = {"start": str(self.start)} if self.is_numbered and self.start != 1 else {}
        return Node(
            "ol" if self.is_numbered else "ul", attrs, [Node("li", {}, _inner_nodes(item)) for item in self.items]
        )


@dataclass
class Cell:
    """A cell: lines and lists, and how many columns and rows it takes."""

    is_head: bool
    parts: list
    colspan: int = 1
    rowspan: int = 1

    @property
    def text(self):
        return "\n".join(text_of_part(part) for part in self.parts)

    def node(self):
        attrs = {name: str(value) for name in ("colspan", "rowspan") if (value := getattr(self, name)) > 1}
        return Node("th" if self.is_head else "td", attrs, _inner_nodes(self.parts))


@dataclass
class Grid:
    """A table: the rows of its head, and the others."""

    head: list = field(default_factory=list)
    rows: list = field(default_factory=list)

    def node(self):
        def part(tag, rows):
            return [Node(tag, {}, [Node("tr", {}, [cell.node() for cell in row]) for row in rows])] if rows else []

        return Node("table", {}, part("thead", self.head) + part("tbody", self.rows))


@dataclass
class Quote:
    """A quotation of paragraphs, lists and tables."""

    parts: list

    def node(self):
        return Node("blockquote", {}, [part.node() for part in self.parts])


def text_of_part(part):
    """Return a line or a list as text, an item a line."""
    if isinstance(part, Para):
        return part.text
    if isinstance(part, Bullets):
        return "\n".join("\n".join(text_of_part(inner) for inner in item) for item in part.items)
    if isinstance(part, Grid):
        return "\n".join("\t".join(cell.text.replace("\n", " ") for cell in row) for row in part.head + part.rows)
    return "\n".join(text_of_part(inner) for inner in part.parts)


def _inner_nodes(parts):
    """Return an item's or cell's parts as nodes: lines stand bare, with a break between two of them."""
    nodes, was_line = [], False
    for part in parts:
        is_line = isinstance(part, Para)
        if is_line:
            nodes.extend([Node("br")] if was_line else [])
            nodes.extend(line_nodes(part.pieces))
        else:
            nodes.append(part.node())
        was_line = is_line
    return nodes


def shape(top):
    """Return the blocks of a whole text."""
    shift = 1 if word.uses_first_rank(top) else 0
    return _Shaper(shift).shape(top.children)


class _Shaper:
    """Walks a tree once; ``shape`` returns blocks."""

    def __init__(self, shift, tag="p"):
        self.shift = shift
        self.tag = tag
        self.line = Line()
        self.blocks = []
        self.word_items = []

    def shape(self, children, marks=PLAIN):
        self.walk(children, marks)
        self.end_line()
        self.end_word_list()
        return self.blocks

    def inside(self, children, marks=PLAIN):
        """Return the blocks of a part by itself, such as an item or a cell."""
        return _Shaper(self.shift).shape(children, marks)

    def end_line(self):
        pieces = self.line.settled()
        self.line = Line()
        if pieces:
            self.put(Para(self.tag, pieces))

    def put(self, block):
        self.end_word_list()
        self.blocks.append(block)

    # Walking ---------------------------------------------------------------------------------------------

    def walk(self, children, marks):
        for child in children:
            if isinstance(child, str):
                self.line.add(child, marks)
            elif not word.is_unseen(child):
                self.take(child, marks)

    def take(self, node, marks):
        tag = node.tag
        if tag == "br":
            self.line.add_break()
        elif tag in MARKS:
            self.walk(node.children, marks | {(MARKS[tag], "")})
        elif tag == "a":
            address = safe_address(node.attrs.get("href", ""))
            others = frozenset(mark for mark in marks if mark[0] != "a")
            self.walk(node.children, others | {("a", address)} if address else marks)
        elif word.is_list_marker(node):
            return
        elif tag in {"ul", "ol"}:
            self.end_line()
            self.take_list(node, marks)
        elif tag == "li":
            self.end_line()
            self.take_list(Node("ul", {}, [node]), marks)
        elif tag == "table":
            self.end_line()
            self.take_table(node, marks)
        elif tag == "blockquote":
            self.end_line()
            self.take_quote(node, marks)
        elif tag in BLOCKS:
            self.take_paragraph(node, marks)
        else:
            self.walk(node.children, marks)

    def take_paragraph(self, node, marks):
        self.end_line()
        mark, prefix = word.read_list_mark(node)
        rank = word.heading_level(node)
        if mark and not rank:
            parts = self.inside(node.children, marks)
            if parts:
                self.word_items.append((mark, parts))
            return
        outer = self.tag
        if rank:
            self.tag = f"h{min(max(rank + self.shift, 2), 4)}"
            marks = frozenset(one for one in marks if one[0] != "strong")
        if prefix:
            self.line.add(prefix + ("" if prefix[-1] in "、．.)）" else " "), marks)
        self.walk(node.children, marks)
        self.end_line()
        self.tag = outer

    # Lists -----------------------------------------------------------------------------------------------

    def take_list(self, node, marks):
        """Put a list; what cannot stand in an item (a table) stands behind it, and the list goes on after that."""
        is_numbered = node.tag == "ol"
        items, number = [], _whole(node.attrs.get("start", ""), MAX_START)
        start = number

        def close():
            nonlocal items, start
            if items:
                self.put(Bullets(is_numbered, items, start if is_numbered else 1))
            items, start = [], number

        for child in node.children:
            if isinstance(child, Node) and word.is_unseen(child):
                continue
            is_list = isinstance(child, Node) and child.tag in {"ul", "ol"}
            content = [child] if isinstance(child, str) or is_list or child.tag != "li" else child.children
            parts = [_as_item_part(part) for part in self.inside(content, marks)]
            if not parts:
                continue
            if is_list and items and all(isinstance(part, Bullets) for part in parts):
                items[-1].extend(parts)  # a list straight inside a list belongs to the item before it
                continue
            first_odd = next((at for at, part in enumerate(parts) if isinstance(part, Grid | Quote)), len(parts))
            if own := parts[:first_odd]:
                items.append(own)
                number += 1
            if odd := parts[first_odd:]:
                close()
                for part in odd:
                    self.put(part)
        close()

    def end_word_list(self):
        items, self.word_items = self.word_items, []
        for block in _nested(items):
            self.blocks.append(block)

    # Tables and quotations -------------------------------------------------------------------------------

    def take_table(self, node, marks):
        grid = Grid()
        for row_node, is_head in _rows_of(node):
            row = []
            for cell in row_node.children:
                if not isinstance(cell, Node) or cell.tag not in {"td", "th"} or word.is_unseen(cell):
                    continue
                parts = [part for block in self.inside(cell.children, marks) for part in _as_cell_parts(block)]
                row.append(
                    Cell(
                        is_head or cell.tag == "th",
                        parts,
                        _whole(cell.attrs.get("colspan", ""), MAX_COLSPAN),
                        _whole(cell.attrs.get("rowspan", ""), MAX_ROWSPAN),
                    )
                )
            if row:
                (grid.head if is_head and not grid.rows else grid.rows).append(row)
        if not any(cell.parts for row in grid.head + grid.rows for cell in row):
            return
        _find_head(grid)
        for row in grid.head + grid.rows:
            for cell in row:
                if cell.is_head:  # bold already, by what it is
                    cell.parts = [
                        Para("p", without_mark(part.pieces, "strong")) if isinstance(part, Para) else part
                        for part in cell.parts
                    ]
        self.put(grid)

    def take_quote(self, node, marks):
        parts = []
        for block in self.inside(node.children, marks):
            if isinstance(block, Para):
                block.tag = "p"
            parts.extend(block.parts if isinstance(block, Quote) else [block])
        if parts:
            self.put(Quote(parts))


def _as_item_part(part):
    if isinstance(part, Para):
        part.tag = "p"
    return part


def _as_cell_parts(block):
    """Return a block as what a cell may hold: lines and lists."""
    if isinstance(block, Para):
        return [Para("p", block.pieces)]
    if isinstance(block, Bullets):
        return [block]
    if isinstance(block, Quote):
        return [part for inner in block.parts for part in _as_cell_parts(inner)]
    return [part for row in block.head + block.rows for cell in row for part in cell.parts]


def _rows_of(table):
    for child in table.children:
        if not isinstance(child, Node) or word.is_unseen(child):
            continue
        if child.tag == "tr":
            yield child, False
        elif child.tag in {"thead", "tbody", "tfoot"}:
            for row in child.children:
                if isinstance(row, Node) and row.tag == "tr" and not word.is_unseen(row):
                    yield row, child.tag == "thead"


def _find_head(grid):
    """Make the first rows the head where the writer has shown it: all <th>, or all bold above rows that are not."""
    if grid.head:
        return
    while len(grid.rows) > 1 and all(cell.is_head for cell in grid.rows[0]):
        grid.head.append(grid.rows.pop(0))
    if not grid.head and len(grid.rows) > 1 and len(grid.rows[0]) > 1:
        first, second = grid.rows[0], grid.rows[1]
        if all(_is_bold(cell) for cell in first) and not all(_is_bold(cell) for cell in second):
            grid.head.append(grid.rows.pop(0))
            for cell in grid.head[0]:
                cell.is_head = True


def _is_bold(cell):
    lines = [part for part in cell.parts if isinstance(part, Para)]
    return bool(lines) and all(marks is None or ("strong", "") in marks for line in lines for _t, marks in line.pieces)


def _nested(items):
    """Return Word's flat items, each with its level, as lists within lists."""
    blocks, path = [], []  # path: (level, list)
    for mark, parts in items:
        lines = [_as_item_part(part) for part in parts]
        while path and path[-1][0] > mark.level:
            path.pop()
        here = path[-1] if path and path[-1][0] == mark.level else None
        if here:
            expected = here[1].start + len(here[1].items)
            is_same = here[1].is_numbered == (mark.number is not None)
            if is_same and (mark.number is None or mark.number == expected):
                here[1].items.append(lines)
                continue
            path.pop()
        made = Bullets(mark.number is not None, [lines], mark.number if mark.number is not None else 1)
        if path:
            path[-1][1].items[-1].append(made)
        else:
            blocks.append(made)
        path.append((mark.level, made))
    return blocks


def _whole(text, largest):
    found = re.match(r"\s*(\d{1,5})", text)
    return min(max(int(found[1]), 1), largest) if found else 1
