"""What Word and WPS write around a paragraph, read back as what the writer meant."""

import re
from dataclasses import dataclass

from portal.kernel.richtext.tree import MARKER, Node, text_in

_LIST = re.compile(r"mso-list:(?!ignore|none|skip)[^;]*?level(\d+)")
_OUTLINE = re.compile(r"mso-outline-level:(\d)")
_HEADING_CLASS = re.compile(r"^(?:mso)?heading(\d)$")
_NUMBER = re.compile(r"[(（]?(\d{1,3})[.．、)）]*|([①-⑳])[.．、]?")
_LETTER = re.compile(r"[(（]?[a-z][.．、)）]+|[(（]?[ivx]{2,5}[.．、)）]+", re.I)
# Chinese numbering is quoted in law and minutes (第三条、（一）), and 1.2 is a place in a whole: both stay in the text.
_QUOTED = re.compile(
    r"第?[零〇一二三四五六七八九十百]+[条章节款项编部、.．]|[(（][零〇一二三四五六七八九十百]+[)）]"
    r"|第\s*\d+\s*[条章节款项]"
)
_OF_PLACES = re.compile(r"\d+(?:[.．]\d+)+[.．]?")


@dataclass(frozen=True)
class ListMark:
    """A paragraph that is really an item of a list: its level, and its number or None for a bullet."""

    level: int
    number: int | None


def is_unseen(node):
    """Whether a node is hidden or struck out by Word's review, and so no part of the text."""
    style = node.style
    if "display:none" in style or "mso-hide:all" in style or re.search(r"mso-element:(comment|para-border-div)", style):
        return "mso-element:para-border-div" not in style
    classes = node.classes
    return any(name in {"msodel", "msocomanchor", "msocommentreference", "msocomoff", "msocomtxt"} for name in classes)


def is_list_marker(node):
    """Whether a node holds only an item's number or bullet."""
    return node.tag == MARKER or "mso-list:ignore" in node.style


def heading_level(node):
    """Return the rank of a heading (1 to 6) that a paragraph is by its class, role or outline, or 0."""
    if node.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
        return int(node.tag[1])
    for name in node.classes:
        if found := _HEADING_CLASS.match(name.replace("-", "")):
            return min(max(int(found[1]), 1), 6)
        if name == "msotitle":
            return 1
        if name == "msosubtitle":
            return 2
    if node.attrs.get("role") == "heading" and node.attrs.get("aria-level", "").strip().isdigit():
        return min(max(int(node.attrs["aria-level"]), 1), 6)
    if found := _OUTLINE.search(node.style):
        return min(max(int(found[1]), 1), 6)
    return 0


def _marker_text(node):
    if isinstance(node, str):
        return ""
    if is_list_marker(node):
        return re.sub(r"\s+", "", text_in(node).replace("\xa0", ""))
    return "".join(_marker_text(child) for child in node.children)


def read_list_mark(node):
    """
    Return (mark, prefix) of a paragraph: a ListMark, or None with the text of a number that must stay.

    A paragraph without Word's list marks gives (None, "").
    """
    found = _LIST.search(node.style)
    if not found and node.tag not in {"p", "h1", "h2", "h3", "h4", "h5", "h6"}:
        return None, ""
    marker = _marker_text(node)
    if not found and not (marker and any(name.startswith("msolist") for name in node.classes)):
        return None, marker
    level = min(max(int(found[1]) if found else 1, 1), 6)
    if _QUOTED.match(marker) or _OF_PLACES.fullmatch(marker):
        return None, marker
    if number := _NUMBER.fullmatch(marker):
        return ListMark(level, int(number[1]) if number[1] else ord(number[2]) - 0x245F), ""
    if _LETTER.fullmatch(marker):
        letters = re.sub(r"[^a-z]", "", marker.lower())
        return ListMark(level, ord(letters) - 96 if len(letters) == 1 else 1), ""
    return ListMark(level, None), ""


def uses_first_rank(node):
    """Whether a text has headings of the first rank, which the page keeps for its own title."""
    if isinstance(node, str):
        return False
    return (node.tag in {"p", "h1", "div"} and heading_level(node) == 1) or any(
        uses_first_rank(child) for child in node.children if isinstance(child, Node)
    )
