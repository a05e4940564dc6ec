"""
Markup cut into tags, text and remarks in one pass.

Python's html.parser takes minutes for a megabyte of "<!--"; this reader never
looks twice at the same place. What is no tag is text, as browsers have it.
"""

import html
import re

# Their content is no markup: it ends at their own closing tag.
RAW = frozenset(["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"])
_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_UNQUOTED = re.compile(r"[^\"'>]*")
_ATTRIBUTE = re.compile(r"([^\s\"'>/=]+)(?:\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_CLOSERS = {name: re.compile(rf"</{name}\b", re.I) for name in RAW}


class _Finder:
    """``markup.find`` that remembers what it found, so that asking again from further on costs nothing."""

    def __init__(self, markup):
        self.markup = markup
        self.known = {}

    def __call__(self, needle, start):
        at = self.known.get(needle, -2)
        if at == -1 or at >= start:
            return at
        self.known[needle] = at = self.markup.find(needle, start)
        return at


def tokens_of(markup):
    """Yield ("text", text), ("open", name, attributes as written, is_closed), ("close", name) and ("remark", text)."""
    find = _Finder(markup)
    at, text_from, end = 0, 0, len(markup)
    is_open_ended = False

    while not is_open_ended and (at := markup.find("<", at)) >= 0:
        follows = markup[at + 1 : at + 2]
        token, after = None, at + 1
        if follows in ("!", "?"):
            token, after = _remark(markup, find, at)
        elif follows == "/" and (name := _NAME.match(markup, at + 2)):
            after = find(">", name.end()) + 1
            token = ("close", name[0].lower()) if after else None
            is_open_ended = not after
        elif follows and (name := _NAME.match(markup, at + 1)):
            after = _tag_end(markup, find, name.end())
            if after:
                written = markup[name.end() : after - 1]
                token = ("open", name[0].lower(), written, written.endswith("/"))
            is_open_ended = not after
        if token is None:
            at = after or end
            continue
        if at > text_from:
            yield "text", html.unescape(markup[text_from:at])
        yield token
        at = text_from = after
        if token[0] == "open" and token[1] in RAW:
            closer = _CLOSERS[token[1]].search(markup, at)
            at = text_from = closer.start() if closer else end
    if text_from < end:
        yield "text", html.unescape(markup[text_from:])


def attributes_of(written, wanted):
    """Return the wanted attributes of a tag by name; the first of two counts, as in browsers."""
    found = {}
    for match in _ATTRIBUTE.finditer(written):
        name = match[1].lower()
        if name in wanted and name not in found:
            found[name] = html.unescape(match[2] or match[3] or match[4] or "")
    return found


def _remark(markup, find, at):
    if markup.startswith("<!--", at):
        closed = find("-->", at + 2)
        # An open remark hides the rest from browsers; here only its mark goes, so that no text is lost.
        return ("remark", markup[at + 4 : max(closed, at + 4)]), (closed + 3 if closed >= 0 else at + 4)
    closed = find(">", at)
    return ("remark", markup[at + 2 : max(closed, at + 2)]), (closed + 1 if closed >= 0 else at + 2)


def _tag_end(markup, find, at):
    """Return the place behind a tag's ">", which may not stand in quotes; 0 when there is none."""
    start = at
    while True:
        at = _UNQUOTED.match(markup, at).end()
        if at >= len(markup):
            return 0
        if markup[at] == ">":
            return at + 1
        closing = find(markup[at], at + 1)
        if closing < 0:
            return find(">", start) + 1
        at = closing + 1
