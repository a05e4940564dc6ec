"""
Two watchers over the whole suite: which pages were asked for, and how the answers were made.

Each test may ask for any page; at the end of a full run every address must have
been asked for at least once and no page may have broken the rules of all pages.
"""

import re
from collections import Counter

from django.urls import Resolver404, URLPattern, get_resolver
from lxml import etree
from lxml import html as lxml_html

PARSER = lxml_html.HTMLParser(encoding="utf-8")

# Asked for by other programs or other suites only.
ELSEWHERE: frozenset[str] = frozenset()

requested: set[str] = set()
faults: dict[str, str] = {}


def all_routes(patterns=None, namespace=""):
    """Return "namespace:name" (or the view's path) of every address of the portal."""
    found = set()
    for item in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(item, URLPattern):
            name = item.name or f"{item.callback.__module__}.{item.callback.__name__}"
            found.add(f"{namespace}{name}")
        else:
            found |= all_routes(item.url_patterns, f"{namespace}{item.namespace}:" if item.namespace else namespace)
    return found


# Fields that nobody types into need no label.
UNSEEN = {"hidden", "submit", "button", "reset", "image"}
# Made once, because a suite looks at ten thousand pages.
HANDLERS = etree.XPath("//@*[starts-with(name(), 'on')]")
INLINE = etree.XPath("//style | //*[@style] | //script[not(@src) and not(@type = 'application/json')]")
FIELDS = etree.XPath("//select | //textarea | //input")
HEADINGS = etree.XPath("count(//h1)")
MUTE_PICTURES = etree.XPath("//img[not(@alt)]")
IDS = etree.XPath("//@id")
LABELLED = etree.XPath("//label/@for")


def parsed(html):
    """Return the tree of a page; made by libxml2, a tenth of the time of the parser in Python."""
    return lxml_html.document_fromstring(html.encode("utf-8", "surrogatepass"), parser=PARSER)


def examine(html):
    """Return what a whole page does that no page may do."""
    page = parsed(html)
    said = set()
    for one in INLINE(page):
        said.add("inline script" if one.tag == "script" else f"inline style on <{one.tag}>")
    said |= {f"event handler {one.attrname}" for one in HANDLERS(page) if re.fullmatch(r"on[a-z]+", one.attrname or "")}
    if MUTE_PICTURES(page):
        said.add("picture without a text")
    if (headings := int(HEADINGS(page))) != 1:
        said.add(f"{headings} headings of the first rank")
    if not page.get("lang"):
        said.add("no language")
    ids = Counter(IDS(page))
    if twice := sorted(name for name, times in ids.items() if times > 1):
        said.add(f"ids used twice: {twice}")
    labelled = set(LABELLED(page))
    fields = [
        one.get("id")
        for one in FIELDS(page)
        if not (one.tag == "input" and one.get("type", "text") in UNSEEN)
        and not {"aria-label", "aria-labelledby"} & set(one.keys())
    ]
    if without := [name or "?" for name in fields if name not in labelled]:
        said.add(f"fields without a label: {without}")
    return sorted(said)


def watch(monkeypatch):
    """Note every resolved address and look at every whole page from now on."""
    from django.core.handlers.base import BaseHandler
    from django.test import Client

    resolve, ask = BaseHandler.resolve_request, Client.request

    def resolve_request(self, request):
        match = resolve(self, request)
        name = match.view_name if match.url_name else f"{match.func.__module__}.{match.func.__name__}"
        requested.add(name)
        return match

    def request(self, **environment):
        response = ask(self, **environment)
        is_page = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
        if is_page and b"<html" in response.content[:2000]:
            try:
                route = getattr(getattr(response, "resolver_match", None), "view_name", None) or "no route"
            except Resolver404:
                route = "no route"
            if said := examine(response.content.decode()):
                faults.setdefault(f"{route} ({response.status_code})", "; ".join(said))
        return response

    monkeypatch.setattr(BaseHandler, "resolve_request", resolve_request)
    monkeypatch.setattr(Client, "request", request)
