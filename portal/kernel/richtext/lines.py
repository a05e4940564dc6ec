"""A line of text with its marks (bold, link …): gathered in pieces, put in one form."""

import re
import unicodedata

from portal.kernel.richtext.tree import Node
from portal.kernel.texts import without_unseen

BREAK = "\n"
# The order in which marks stand around a text, the outermost first.
ORDER = ("a", "strong", "em", "u", "s", "sub", "sup")
MARKS = {
    "strong": "strong",
    "b": "strong",
    "em": "em",
    "i": "em",
    "u": "u",
    "s": "s",
    "strike": "s",
    "del": "s",
    "sub": "sub",
    "sup": "sup",
}
PLAIN = frozenset()
# Behind a tag's end U+0338 would make another sign of it in the next program that composes characters.
_LOOSE = re.compile("(?:^|(?<=\\s))\u0338+")
_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")
_PARTS = re.compile(r"[ \t\n\r\f\xa0]+|[^ \t\n\r\f\xa0]+")
# Space at the ends of a paragraph is no text: writers set it by hand where style sheets do.
ENDS = " \t\n\r\f\xa0\u3000"


def _is_wide(mark):
    return unicodedata.east_asian_width(mark) in "WF"


class Line:
    """Pieces of text and breaks; ``pieces`` are pairs of a text and its marks, in one form after ``settled``."""

    def __init__(self):
        self.pieces = []

    def add(self, text, marks=PLAIN):
        self.pieces.append((text, marks))

    def add_break(self):
        self.pieces.append((BREAK, None))

    def settled(self):
        """Return the pieces with spaces collapsed and neighbours merged, without breaks at either end."""
        lines, line = [], []
        for text, marks in self.pieces:
            if marks is None:
                lines.append(line)
                line = []
            else:
                line.append((text, marks))
        lines.append(line)
        settled = [_settled_line(one) for one in lines]
        full = [number for number, one in enumerate(settled) if one]
        settled = settled[full[0] : full[-1] + 1] if full else []
        pieces = []
        for number, one in enumerate(settled):
            if number:
                # One empty line between two is a gap; more of them are a typewriter's way of moving down.
                if not one and not settled[number - 1]:
                    continue
                pieces.append((BREAK, None))
            pieces.extend(one)
        return pieces


def _merged(pieces):
    merged = []
    for text, marks in pieces:
        if not text:
            continue
        if merged and merged[-1][1] == marks:
            merged[-1] = (merged[-1][0] + text, marks)
        else:
            merged.append((text, marks))
    return merged


def _settled_line(pieces):
    merged = _merged([(without_unseen(text), marks) for text, marks in pieces])
    merged = [(_LOOSE.sub("", unicodedata.normalize("NFC", text)), marks) for text, marks in merged]
    out, waiting, last = [], None, ""
    for text, marks in merged:
        for part in _PARTS.findall(text):
            if _SPACE.fullmatch(part):
                waiting = waiting or [marks, ""]
                waiting[1] += part
                continue
            if waiting and last:
                # Word breaks its source between Chinese characters, where no space belongs.
                is_source_break = "\n" in waiting[1] and _is_wide(last) and _is_wide(part[0])
                if not is_source_break:
                    out.append((" ", waiting[0]))
            waiting = None
            out.append((part, marks))
            last = part[-1]
    out = _merged(out)
    return _without_ends(out)


def _without_ends(pieces):
    first, last = 0, len(pieces)
    while first < last and not pieces[first][0].strip(ENDS):
        first += 1
    while last > first and not pieces[last - 1][0].strip(ENDS):
        last -= 1
    pieces = pieces[first:last]
    if pieces:
        pieces[0] = (pieces[0][0].lstrip(ENDS), pieces[0][1])
        pieces[-1] = (pieces[-1][0].rstrip(ENDS), pieces[-1][1])
    return pieces


def line_text(pieces):
    """Return settled pieces as text, breaks as line ends."""
    return "".join(text for text, _marks in pieces)


def without_mark(pieces, name):
    """Return settled pieces without one mark."""
    return _merged([(text, marks if marks is None else marks - {(name, "")}) for text, marks in pieces])


def line_nodes(pieces):
    """Return settled pieces as nodes, every mark opened and closed in one order."""
    top = Node("")
    path = [top]
    open_marks = []
    for text, marks in pieces:
        wanted = [] if marks is None else sorted(marks, key=lambda mark: ORDER.index(mark[0]))
        if marks is None:
            # A break inside a bold text splits it into two; it stands outside, so that there is one form.
            wanted = []
        same = 0
        while same < min(len(wanted), len(open_marks)) and wanted[same] == open_marks[same]:
            same += 1
        del path[same + 1 :], open_marks[same:]
        for name, value in wanted[same:]:
            node = Node(name, {"href": value} if name == "a" else {})
            path[-1].children.append(node)
            path.append(node)
            open_marks.append((name, value))
        path[-1].children.append(Node("br") if marks is None else text)
    return top.children
