"""
A small tree of markup: read from anything, written in one way.

The reader is forgiving and linear: however broken or deep the markup, it costs
one pass and makes no more nodes than it had tags. Nothing here decides about
safety; portal.kernel.richtext.cleaning does.
"""

import html
from dataclasses import dataclass, field

from portal.kernel.richtext.tokens import attributes_of, tokens_of

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
# Elements whose content is no text of the writer's: code, pictures, the heads of documents, fields of forms.
SILENT = frozenset(
    [
        "script",
        "style",
        "title",
        "textarea",
        "xml",
        "svg",
        "math",
        "iframe",
        "noscript",
        "noembed",
        "noframes",
        "xmp",
        "template",
        "object",
        "applet",
        "audio",
        "video",
        "canvas",
        "head",
        "select",
    ]
)
KEPT_ATTRIBUTES = frozenset(["class", "style", "href", "colspan", "rowspan", "start", "role", "aria-level"])
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
MARKER = "list-marker"
# What an opening tag closes, and what no closing reaches beyond.
CLOSED_BY = {
    "li": ({"li", "p"}, {"ul", "ol", "td", "th"}),
    "tr": ({"tr", "td", "th", "p", "li"}, {"table"}),
    "td": ({"td", "th", "p", "li"}, {"tr", "table"}),
    "th": ({"td", "th", "p", "li"}, {"tr", "table"}),
    "tbody": ({"thead", "tbody", "tfoot", "tr", "td", "th", "p"}, {"table"}),
    "thead": ({"thead", "tbody", "tfoot", "tr", "td", "th", "p"}, {"table"}),
    "tfoot": ({"thead", "tbody", "tfoot", "tr", "td", "th", "p"}, {"table"}),
    "dt": ({"dt", "dd", "p"}, {"dl"}),
    "dd": ({"dt", "dd", "p"}, {"dl"}),
}
PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6"}
WALLS = {"td", "th", "li", "blockquote", "div", "table", "ul", "ol", "section", "article"}
MAX_DEPTH, MAX_NODES = 40, 200_000


@dataclass
class Node:
    """An element: its tag in lower case, the attributes that may matter, and what it holds."""

    tag: str
    attrs: dict = field(default_factory=dict)
    children: list = field(default_factory=list)

    @property
    def style(self):
        return "".join(self.attrs.get("style", "").split()).lower()

    @property
    def classes(self):
        return self.attrs.get("class", "").lower().split()


def read(markup):
    """Return the top of the tree that some markup describes; never raises, whatever it is."""
    reader = _Reader()
    for kind, *parts in tokens_of(markup):
        if kind == "text":
            reader.text(*parts)
        elif kind == "open":
            reader.open(*parts)
        elif kind == "close":
            reader.close(*parts)
        elif not reader.silence:
            reader.remark(*parts)
    return reader.top


class _Reader:
    def __init__(self):
        self.top = Node("")
        self.stack = [self.top]
        self.silence = []
        self.count = 0

    def open(self, tag, written="", is_closed=False):
        if self.silence:
            if self.silence == ["head"] and tag == "body":
                self.silence.clear()
            elif tag == self.silence[-1]:
                self.silence.append(tag)
            return
        if tag in SILENT:
            if not is_closed:  # <svg/> is over at once
                self.silence.append(tag)
            return
        self.close_before(tag)
        # Deeper and further elements lose their tags, never their text.
        if len(self.stack) >= MAX_DEPTH or self.count >= MAX_NODES:
            if tag in BLOCKS or tag == "br":
                self.stack[-1].children.append(Node("br"))
            return
        self.count += 1
        node = Node(tag, attributes_of(written, KEPT_ATTRIBUTES) if written else {})
        self.stack[-1].children.append(node)
        # <o:p/> is over at once too, but <p/> is an opening tag to every browser.
        if tag not in VOID and not (is_closed and tag not in BLOCKS):
            self.stack.append(node)

    def close(self, tag):
        if self.silence:
            if tag == self.silence[-1]:
                self.silence.pop()
            return
        if tag == "br":
            self.open("br")
            return
        for at in range(len(self.stack) - 1, 0, -1):
            if self.stack[at].tag == tag:
                del self.stack[at:]
                return
            if self.stack[at].tag in {"td", "th"} and tag not in {"tr", "tbody", "thead", "tfoot", "table"}:
                return

    def text(self, data):
        if not self.silence:
            self.stack[-1].children.append(data)

    # Word sets a list's number or bullet between marks of its own.
    def remark(self, data):
        words = data[:40].strip("[]<!> ").lower()
        if words == "if !supportlists":
            self.open(MARKER)
        elif words == "endif" and any(node.tag == MARKER for node in self.stack):
            self.close(MARKER)

    def close_before(self, tag):
        if tag in CLOSED_BY:
            closing, walls = CLOSED_BY[tag]
        elif tag in BLOCKS:
            closing, walls = PARAGRAPHS, WALLS
        else:
            return
        outermost = None
        for at in range(len(self.stack) - 1, 0, -1):
            if self.stack[at].tag in walls:
                break
            if self.stack[at].tag in closing:
                outermost = at
        if outermost is not None:
            del self.stack[outermost:]


def text_in(node):
    """Return all text below a node, as it stands."""
    if isinstance(node, str):
        return node
    return "".join(text_in(child) for child in node.children)


def write(node):
    """Return a tree as markup."""
    if isinstance(node, str):
        return html.escape(node, quote=False)
    inner = "".join(write(child) for child in node.children)
    if not node.tag:
        return inner
    attrs = "".join(f' {name}="{html.escape(value)}"' for name, value in node.attrs.items())
    return f"<{node.tag}{attrs}>" if node.tag in VOID else f"<{node.tag}{attrs}>{inner}</{node.tag}>"
