"""
XML parts of office documents, copied event by event without what tells on people.

A tree would need ten times a part's size in memory, and writing one anew
renames prefixes, which breaks Word's ``mc:Ignorable``; so names are copied as
they are written. DTDs, entities and outside references are refused.
"""

import io
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.saxutils import escape, quoteattr

from defusedxml.common import DefusedXmlException
from defusedxml.sax import parseString

from .refusal import Refused

MAX_DEPTH = 250
FLUSH_AT = 8192
LINE_END = {"\r": "&#13;"}


def local(name):
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


class Rules:
    """What of a part to keep; as it stands, everything."""

    def element(self, name, attrs):
        """Return the attributes to keep as a dict, or None to drop the element with all it holds."""
        return attrs

    def text(self, name, text):
        """Return the text to keep of what stands directly in an element."""
        return text

    def finish(self):
        """Look back on the whole part; raise Refused for what only shows at its end."""


def filtered(content, rules):
    """
    Return an XML part as UTF-8 after the rules have seen each element.

    :raises Refused: for a part with a DTD or entities, or one that is not well formed.
    """
    copy = _Copy(rules)
    try:
        parseString(content, copy, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Refused("xml") from error
    except SAXException as error:
        raise Refused("damaged") from error
    rules.finish()
    return copy.result()


class _Copy(ContentHandler):
    def __init__(self, rules):
        super().__init__()
        self.rules = rules
        self.bytes = io.BytesIO()
        self.pieces = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n']
        self.path = []
        self.dropped = 0  # how many open elements are being left out
        self.words = []  # text is handed over whole, expat gives it in pieces

    def startElement(self, name, attrs):
        self._say()
        self.path.append(name)
        if len(self.path) > MAX_DEPTH:
            raise Refused("xml")
        kept = None if self.dropped else self.rules.element(name, dict(attrs))
        if kept is None:
            self.dropped += 1
            return
        if kept:
            self.pieces.append(f"<{name}{''.join([f' {key}={quoteattr(value)}' for key, value in kept.items()])}>")
        else:
            self.pieces.append(f"<{name}>")
        if len(self.pieces) > FLUSH_AT:
            self._flush()

    def endElement(self, name):
        self._say()
        self.path.pop()
        if self.dropped:
            self.dropped -= 1
        else:
            self.pieces.append(f"</{name}>")

    def characters(self, content):
        if not self.dropped:
            self.words.append(content)

    def _say(self):
        if self.words:
            text = self.words[0] if len(self.words) == 1 else "".join(self.words)
            self.words = []
            self.pieces.append(escape(self.rules.text(self.path[-1], text), LINE_END))

    def _flush(self):
        self.bytes.write("".join(self.pieces).encode())
        self.pieces = []

    def result(self):
        self._flush()
        return self.bytes.getvalue()
