"""
Cleaning of rich text, twice: ``clean`` when it is saved, ``purify`` whenever it is shown.

``clean`` finds the shape of what was pasted and writes it anew; ``purify``
takes no shape for granted and lets only the listed elements through. The last
word is nh3's in both, a maintained reading of HTML as browsers read it.
"""

import functools
import re

import nh3

from portal.kernel.richtext import tree
from portal.kernel.richtext.addresses import safe_address
from portal.kernel.richtext.shaping import shape
from portal.kernel.texts import without_unseen

LIMIT = 60_000
TAGS = frozenset(
    [
        "h2",
        "h3",
        "h4",
        "p",
        "br",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "strong",
        "em",
        "u",
        "s",
        "sub",
        "sup",
        "blockquote",
        "a",
    ]
)
ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "ol": {"start"}}
REL = "noopener noreferrer"
_ANCHOR = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,40}")
_ELEMENT = re.compile(r"<(?:/?(?:p|h[1-6]|ul|ol|li|table|blockquote|div|br|strong|em|b|i|u|span|a)\b[^<>]*)>", re.I)


def _filter(_tag, name, value):
    if name == "href":
        return safe_address(value) or None
    if name == "rel":  # set by nh3 itself; a writer's is not among the attributes
        return value
    if name == "id":
        return value if _ANCHOR.fullmatch(value) else None
    return value if value.isascii() and value.isdigit() and len(value) <= 4 else None


def _cleaner(attributes):
    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=set(tree.SILENT),
        attributes=attributes,
        attribute_filter=_filter,
        url_schemes={"http", "https", "mailto"},
        link_rel=REL,
    )


_CLEANER = _cleaner(ATTRIBUTES)
_ANCHORED = _cleaner({tag: ATTRIBUTES.get(tag, set()) | {"id"} for tag in TAGS})


@functools.lru_cache(maxsize=64)
def purify(markup):
    """Return only the allowed elements of some markup, whatever it is; for output. The last texts are remembered."""
    return _pure(markup, _CLEANER)


def _pure(markup, cleaner):
    # Twice without unseen characters: those that stand there, and those written as entities, which nh3 resolves.
    # Taking them out of finished markup cannot make markup: there, < and & stand only where they are meant.
    return without_unseen(cleaner.clean(without_unseen(str(markup or ""))))


def clean(markup):
    """
    Return rich text in its one form: what was pasted from anywhere, with headings, lists and tables and nothing else.

    Cleaning what is clean changes nothing.
    """
    return write_blocks(blocks_in(markup))


def blocks_in(markup):
    """Return the blocks (portal.kernel.richtext.shaping) that some markup holds."""
    return shape(tree.read(without_unseen(str(markup or ""))))


def write_blocks(blocks):
    """Return blocks as clean markup, a block a line."""
    return write_nodes(block.node() for block in blocks)


def write_nodes(nodes, *, has_anchors=False):
    """Return nodes made by this package as clean markup; with the ids it gave them when ``has_anchors``."""
    return _pure("\n".join(tree.write(node) for node in nodes), _ANCHORED if has_anchors else _CLEANER)


def is_markup(text):
    """Whether a text has elements that rich text knows, and is not plain text with a stray <."""
    return bool(_ELEMENT.search(text))
