"""
How the page of a search is drawn: rows by one function, the page around them kept ready without anybody's words.

What somebody looked for is nobody's to keep, not even for how quickly a page comes: what is kept is the page
as it is without words, rows and number, with open places for them, which are filled in for each reader.
"""

import re
import secrets
from functools import lru_cache
from html import escape

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext, ngettext

from portal.kernel.keeping import OPEN_PARTS, cut, frame_left_open, frames, kept_part
from portal.kernel.templatetags.words import icon, time_tag

from .folding import spans_of
from .queries import COUNTED
from .registry import kind_of

# The places that each reader finds filled with something else; nobody can guess how they are marked.
PLACES = ("typed", "words", "count", "rows", "more", "first")
OPEN = {name: f"@{name}{secrets.token_hex(8)}@" for name in PLACES}
_NAMES = {mark: name for name, mark in (OPEN_PARTS | OPEN).items()}
_MARKS = re.compile("|".join(_NAMES))


def kept_around(request, key, draw, filled):
    """
    Return the page that ``draw(OPEN, frame=…)`` draws with open places, kept for all with the same key, filled in.

    ``filled`` gives the markup of each place. The key must hold all else that is shown within the frame; frame,
    language and type size are seen to. At a kiosk, and when there is something to say, ``draw(filled)`` draws it.
    """
    if getattr(request, "is_kiosk", False) or len(get_messages(request)):
        return draw(filled)
    frame = frames[0](request)
    pieces = kept_part(("search", str(frame.enterprise), frame.is_elder, key), lambda: _pieces_of(request, draw, frame))
    # The first piece and every second one are the page's own; between them stands what is filled in.
    own = [
        piece if at % 2 == 0 else filled[piece] if piece in filled else frame.part(piece)
        for at, piece in enumerate(pieces)
    ]
    return HttpResponse("".join(own))


def _pieces_of(request, draw, frame):
    with frame_left_open(request):
        content = draw(OPEN, frame=frame).content.decode()
    return cut(content, _MARKS, lambda found: _NAMES[found.group()])


def marked(text, terms):
    """Return a text as markup with the words marked."""
    parts, end = [], 0
    for start, stop in spans_of(text, terms):
        parts += [escape(text[end:start]), "<mark>", escape(text[start:stop]), "</mark>"]
        end = stop
    return "".join([*parts, escape(text[end:])])


def snippet_of(entry, terms):
    """Return the piece of a text around what was found as markup, with dots where it goes on."""
    before = "…" if entry.begins_at > 1 else ""
    after = "…" if entry.goes_on else ""
    return f"{before}{marked(' '.join(entry.snippet.split()), terms)}{after}"


def render_rows(entries, terms):
    """Return the rows of results as markup, by one function."""
    shown = {code: _shown_of(kind_of(code)) for code in {entry.kind for entry in entries}}
    language, rows = get_language(), []
    for entry in entries:
        url, kind = shown[entry.kind]
        rows.append(
            f'<li class="row-item" data-row><p class="row-title"><a href="{escape(url(entry.object_key))}">'
            f"{marked(entry.title, terms)}</a></p>"
            f'<p class="row-text">{snippet_of(entry, terms)}</p>'
            f'<p class="row-meta">{kind}<span>{escape(entry.unit_name or "")}</span>{_day(language, entry.on)}</p></li>'
        )
    return mark_safe("\n".join(rows))  # noqa: S308 -- every value is escaped above


def _shown_of(kind):
    return kind.url, format_html('<span class="row-kind">{}{}</span>', icon(kind.icon, 16), kind.label)


@lru_cache(maxsize=512)
def _day(language, on):
    return time_tag(on)


def render_count(found):
    """Return how many there are as a sentence, with the order in which they stand."""
    if found.is_more_than_counted:
        said = gettext("More than %(counted)s results; those with the words in their title first, then the newest.")
        return format_html("{}", said % {"counted": COUNTED})
    said = ngettext(
        "%(n)s result", "%(n)s results; those with the words in their title first, then the newest.", found.count
    )
    return format_html("{}", said % {"n": found.count})
