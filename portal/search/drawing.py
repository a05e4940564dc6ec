"""
How the page of a search is drawn: rows by one function, the page around them kept ready without anybody's words.

What somebody looked for is nobody's to keep, not even for how quickly a page comes: what is kept is the page
as it is without words, rows and number, with open places for them, which are filled in for each reader.
"""

import datetime as dt
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

from .folding import are_apart, spans_of
from .queries import COUNTED
from .registry import edition, kind_of

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


def marked(texts, terms):
    """Return texts as markup with the words marked: where that can be done, all at once, for a fifth of the cost."""
    whole = "\n".join(texts)
    if whole.count("\n") != len(texts) - 1 or not are_apart(terms, whole):
        return [_marked_one(text, terms) for text in texts]
    whole = escape(whole)
    # What was escaped has no Chinese character more than before.
    for term in terms:
        whole = whole.replace(term, f"<mark>{term}</mark>")
    return whole.replace("</mark><mark>", "").split("\n")


def _marked_one(text, terms):
    parts, end = [], 0
    for start, stop in spans_of(text, terms):
        parts += [escape(text[end:start]), "<mark>", escape(text[start:stop]), "</mark>"]
        end = stop
    return "".join([*parts, escape(text[end:])])


def render_rows(entries, terms, units):
    """Return the rows of results as markup, by one function."""
    # Of each entry its title and the piece of its text.
    texts = [text for entry in entries for text in (entry.title, " ".join(entry.snippet.split()))]
    texts = iter(marked(texts, terms))
    language, rows, names = get_language(), [], _unit_names(entries, units)
    shown = {code: _shown_of(language, edition(), code) for code in {entry.kind for entry in entries}}
    for entry, title, snippet in zip(entries, texts, texts, strict=True):
        url, kind = shown[entry.kind]
        before, after = "…" if entry.begins_at > 1 else "", "…" if entry.goes_on else ""
        rows.append(
            f'<li class="row-item" data-row><p class="row-title"><a href="{escape(url(entry.object_key))}">'
            f'{title}</a></p><p class="row-text">{before}{snippet}{after}</p>'
            f'<p class="row-meta">{kind}<span>{names[entry.unit_id]}</span>{_day(language, entry.day)}</p></li>'
        )
    return mark_safe("\n".join(rows))  # noqa: S308 -- every value is escaped above


def _unit_names(entries, units):
    """Return the names of the units as markup; of no unit there is none."""
    keys = {entry.unit_id for entry in entries} - {None}
    names = units.names_of(keys)
    return {key: escape(names[key]) for key in keys} | {None: ""}


@lru_cache(maxsize=128)
def _shown_of(language, edition, code):
    kind = kind_of(code)
    return kind.url, format_html('<span class="row-kind">{}{}</span>', icon(kind.icon, 16), kind.label)


@lru_cache(maxsize=512)
def _day(language, ordinal):
    return time_tag(dt.date.fromordinal(ordinal))


def render_count(found):
    """Return how many there are as a sentence, with the order in which they stand."""
    if found.is_more_than_counted:
        said = gettext("More than %(counted)s results; those with the words in their title first, then the newest.")
        return format_html("{}", said % {"counted": COUNTED})
    said = ngettext(
        "%(n)s result", "%(n)s results; those with the words in their title first, then the newest.", found.count
    )
    return format_html("{}", said % {"n": found.count})
