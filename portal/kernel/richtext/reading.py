"""Rich text read: as words for search and mail, as clauses to which opinions and quotations can point."""

import functools
import re
from dataclasses import dataclass

from portal.kernel.richtext.cleaning import blocks_in, write_nodes
from portal.kernel.richtext.shaping import Bullets, Grid, Para, text_of_part

_ARTICLE = re.compile(r"第([零〇一二三四五六七八九十百千两\d]{1,9})\s*([条章节])(?:之([一二三四五六七八九十\d]{1,3}))?")
_NUMBERED = re.compile(
    r"([一二三四五六七八九十百]{1,4}、|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,3}(?:[.．]\d{1,3})*[.．、])"
)
_LETTERS = {"条": "a", "章": "z", "节": "s"}
_DIGITS = {mark: at for at, mark in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True)
class Clause:
    """
    A block of a text that can be pointed at.

    ``anchor`` names it in addresses: by its article where it has one (第三条 is
    a3, 第二章 is z2, an article's number does not move when a paragraph is put
    in before it), else by its place (c1, c2 …). ``label`` is what people say
    (第三条), ``within`` the label of the article or heading it stands under.
    """

    anchor: str
    tag: str
    html: str
    text: str
    label: str
    within: str


def text_of(markup):
    """Return all words of a text, a block a line: for search, mail and counting."""
    return "\n".join(text for block in blocks_in(markup) if (text := text_of_part(block)))


def count_of(markup):
    """Return how many characters a reader counts: spaces at line ends and markup are none."""
    return len(text_of(markup))


def is_empty(markup):
    """Whether there is nothing to read, whatever markup stands around it."""
    return not text_of(markup).strip()


def excerpt(markup, length=120):
    """Return the first words on one line, cut at a mark or a space where one is near, with … where it was cut."""
    # Headings say what follows, and cells in a row are no sentence; the first sentence is worth more where there is.
    blocks = blocks_in(markup)
    rest = [block for block in blocks if not (isinstance(block, Para) and block.tag != "p")] or blocks
    prose = [block for block in rest if not isinstance(block, Grid)] or rest
    text = " ".join(" ".join(text_of_part(block) for block in prose).split())
    if len(text) <= length:
        return text
    cut = text[: max(length - 1, 1)]
    ends = [found.end() for found in re.finditer(r"[，。；：！？、,.;:!? ]", cut)]
    if ends and ends[-1] > len(cut) * 0.7:
        cut = cut[: ends[-1]]
    return cut.rstrip("，；：、,;: ") + "…"


def number_of(text):
    """Return the value of a number in Chinese or Arabic digits: 一百零三 is 103."""
    if text.isdigit() and text.isascii():
        return int(text)
    if not any(mark in _UNITS for mark in text):
        return int("".join(str(_DIGITS.get(mark, mark)) for mark in text))
    total, digit = 0, 0
    for mark in text:
        if mark in _UNITS:
            total += (digit or 1) * _UNITS[mark]
            digit = 0
        else:
            digit = int(_DIGITS.get(mark, mark))
    return total + digit


def _name_of(text):
    """Return (anchor, label) of an article, chapter or section that a text begins with, or ("", "")."""
    found = _ARTICLE.match(text)
    if not found:
        return "", ""
    try:
        anchor = f"{_LETTERS[found[2]]}{number_of(found[1])}" + (f"-{number_of(found[3])}" if found[3] else "")
    except ValueError:  # 第十1条 and the like
        return "", ""
    return anchor, re.sub(r"\s", "", found[0])


def blocks_of(markup):
    """Return the clauses of a text: every paragraph, heading, table and quotation, and every item of its lists."""
    clauses, taken, within = [], set(), ""
    for place, (block, node) in enumerate(_pointable(blocks_in(markup)), start=1):
        text = text_of_part(block)
        anchor, label = _name_of(text)
        is_heading = isinstance(block, Para) and block.tag != "p"
        under = within
        if label or is_heading:
            within = label or text
            under = ""
        if not label and (found := _NUMBERED.match(text)):
            label = found[1].rstrip("、")
        if not anchor or anchor in taken:
            anchor = f"c{place}"
        taken.add(anchor)
        clauses.append(Clause(anchor, node.tag, write_nodes([node]), text, label, under))
    return clauses


def _pointable(blocks):
    for block in blocks:
        if isinstance(block, Bullets):
            for number, item in enumerate(block.items, start=block.start):
                single = Bullets(block.is_numbered, [item], number)
                yield single, single.node()
        else:
            yield block, block.node()


@functools.lru_cache(maxsize=64)
def with_anchors(markup, prefix=""):
    """
    Return clean markup in which every clause carries its anchor as id.

    ``prefix`` (letters, digits, dashes) keeps two texts of one page apart. The
    ids are made here; none that was written by anybody gets through.
    """
    anchors = [clause.anchor for clause in blocks_of(markup)]
    place, nodes = 0, []
    for block in blocks_in(markup):
        node = block.node()
        for target in node.children if isinstance(block, Bullets) else [node]:
            target.attrs = {"id": prefix + anchors[place]} | target.attrs
            place += 1
        nodes.append(node)
    return write_nodes(nodes, has_anchors=True)
