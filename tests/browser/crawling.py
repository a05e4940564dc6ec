"""A walk over every page that somebody can reach by links."""

from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve

# Files and feeds are asked for, not looked at: by the ending of their address, or by the name of their route.
ENDINGS = (".xlsx", ".docx", ".csv", ".zip", ".ics", ".pdf", ".xml", ".txt", ".json")
FILES = (
    "_file",
    ":feed",
    "_feed",
    ":ics",
    "_ics",
    ":export",
    ":package",
    ":scan",
    "_template",
    "roster_download",
)


def route_of(path):
    """Return the name of the route of a path, or None when there is none."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return None


class _Links(HTMLParser):
    """The addresses of the links in markup."""

    def __init__(self, markup):
        super().__init__()
        self.found = []
        self.feed(markup)

    def handle_starttag(self, tag, attributes):
        href = dict(attributes).get("href")
        if tag == "a" and href:
            self.found.append(href)


class Walk:
    """
    Walk from page to page by links, at most ``each`` pages of a route (with a query counts as a route of its own).

    Iterate to open one page after the other; each gives (path, route, answer). Pages of routes that ``is_known``
    says yes to are asked for and their links followed, without drawing them.
    """

    def __init__(self, visitor, starts, *, each=1, is_known=lambda route: False):
        self.visitor = visitor
        self.each = each
        self.is_known = is_known
        self.todo = list(starts)
        self.files = []
        self.lost = []

    def __iter__(self):
        done, seen = set(), Counter()
        while self.todo:
            path = self.todo.pop(0)
            parts = urlsplit(path)
            if path in done:
                continue
            done.add(path)
            route = route_of(path)
            if route is None:
                self.lost.append(path)
                continue
            key = f"{route}?" if parts.query else route
            if seen[key] >= self.each:
                continue
            seen[key] += 1
            if parts.path.endswith(ENDINGS) or any(mark in route for mark in FILES):
                self.files.append(path)
                continue
            if self.is_known(route):
                answer = self.visitor.context.request.get(f"{self.visitor.portal.address}{path}")
                found = [urljoin(answer.url, href) for href in _Links(answer.text()).found]
            else:
                answer, found = self.visitor.goto(path), None
            yield path, route, answer
            if found is None:
                found = self.visitor.page.eval_on_selector_all("a[href]", "all => all.map(link => link.href)")
            self.todo += self._paths(found)

    def _paths(self, found):
        address = self.visitor.portal.address
        paths = []
        for link in found:
            parts = urlsplit(link)
            if not link.startswith(f"{address}/"):
                if parts.scheme in ("http", "https"):
                    self.lost.append(link)
                continue
            paths.append(parts.path + (f"?{parts.query}" if parts.query else ""))
        return list(dict.fromkeys(paths))
