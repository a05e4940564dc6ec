"""
Walking through the portal as somebody: every page, feed and download that links lead to.

A page is read at most with a few different query strings, so that filters and
pagers do not make the walk endless.
"""

import io
import re
import zipfile
from collections import Counter, deque
from dataclasses import dataclass
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings

LINK = re.compile(r"""\b(?:href|src|action)=["']([^"']+)""")
MOST_QUERIES = 2
# Left alone: signing out ends the walk, files of the look hold no data.
PASSED_BY = ("/static/", "/people/sign-out/", "/people/signed-out/", "/livez", "/readyz")


@dataclass
class Seen:
    """One answer of a walk."""

    url: str
    status: int
    headers: dict
    text: str
    wrote: list
    route: str


def readable(content, media_type):
    """Return the words of a download: of each part of an office file, of unfolded lines of a calendar."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(unescape(archive.read(name).decode(errors="replace")) for name in archive.namelist())
    text = content.decode(errors="replace")
    return re.sub(r"\r?\n[ \t]", "", text) if "calendar" in media_type else text


def walk(ask, role, starts, *, most=240):
    """Return what a role finds from the given addresses on, as Seen; links of forms are only looked at, never sent."""
    queue, known, queries, seen = deque(starts), set(starts), Counter(), []
    while queue and len(seen) < most:
        url = queue.popleft()
        answer = ask(role, "GET", url)
        response = answer.response
        media_type = response.headers.get("Content-Type", "")
        text = readable(answer.content, media_type)
        match = getattr(response, "resolver_match", None)
        seen.append(
            Seen(url, answer.status, dict(response.headers), text, answer.wrote, match.view_name if match else "")
        )
        found = LINK.findall(answer.content.decode(errors="replace")) if "html" in media_type else []
        if answer.status in (301, 302):
            found.append(response.url)
        for link in found:
            target = urldefrag(urljoin(url, unescape(link)))[0].removeprefix(settings.ORIGIN)
            parts = urlsplit(target)
            if parts.scheme or parts.netloc or not parts.path.startswith("/") or target in known:
                continue
            if parts.path.startswith(PASSED_BY) or (parts.query and queries[parts.path] >= MOST_QUERIES):
                continue
            queries[parts.path] += bool(parts.query)
            known.add(target)
            queue.append(target)
    return seen
