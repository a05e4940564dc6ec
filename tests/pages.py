"""
Two watchers over the whole suite: which pages were asked for, and how the answers were made.

Each test may ask for any page; at the end of a full run every address must have
been asked for at least once and no page may have broken the rules of all pages.
"""

import re
from html.parser import HTMLParser

from django.urls import Resolver404, URLPattern, get_resolver

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


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.headings = 0
        self.ids = []
        self.said = set()
        self.language = None
        self.labelled = set()
        self.fields = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.headings += tag == "h1"
        if tag == "html":
            self.language = attributes.get("lang")
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if "style" in attributes or tag == "style":
            self.said.add(f"inline style on <{tag}>")
        if tag == "script" and "src" not in attributes and attributes.get("type") != "application/json":
            self.said.add("inline script")
        self.said |= {f"event handler {name}" for name in attributes if re.fullmatch(r"on[a-z]+", name)}
        if tag == "img" and "alt" not in attributes:
            self.said.add("picture without a text")
        if tag == "label" and "for" in attributes:
            self.labelled.add(attributes["for"])
        is_field = tag in {"select", "textarea"} or (
            tag == "input" and attributes.get("type", "text") not in {"hidden", "submit", "button", "reset", "image"}
        )
        if is_field and not attributes.keys() & {"aria-label", "aria-labelledby"}:
            self.fields.append(attributes.get("id"))


def examine(html):
    """Return what a whole page does that no page may do."""
    page = _Page()
    page.feed(html)
    said = set(page.said)
    if page.headings != 1:
        said.add(f"{page.headings} headings of the first rank")
    if not page.language:
        said.add("no language")
    if len(page.ids) != len(set(page.ids)):
        said.add(f"ids used twice: {sorted({i for i in page.ids if page.ids.count(i) > 1})}")
    if without := [name or "?" for name in page.fields if name not in page.labelled]:
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
