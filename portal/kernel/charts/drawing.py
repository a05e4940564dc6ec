"""Strokes, words and scales that every chart draws with; presentation attributes only, never inline style."""

import math
from dataclasses import dataclass
from zlib import crc32

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

# Okabe and Ito's order adapted to the house colours: told apart by the colour-blind, dark enough on paper.
COLOURS = ("#155361", "#c0672b", "#4d8fac", "#8a6d1f", "#7a4b7c", "#5d6b6d")
LAMP_COLOURS = {
    "blue": "#17558f",
    "yellow": "#b97c00",
    "red": "#a81e12",
    "green": "#1d6538",
    "orange": "#8c4206",
    "grey": "#4f5a5c",
}
PATTERNS = ("none", "diagonal", "dots", "cross", "lines", "none")
WIDTH = 400  # drawn at about this many pixels on a phone, so that its text stays readable there
WIDE = 800  # for many columns; a phone scrolls it within its frame


MARKS = ("circle", "square", "triangle", "diamond")


@dataclass(frozen=True)
class Chart:
    """A drawing and its table: ``head`` and ``rows`` are what a reader sees as cells."""

    title: object
    svg: SafeString
    head: list
    rows: list


def point(value):
    """Write a coordinate, short."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def say(value, unit=""):
    if value is None:
        return "–"
    text = f"{value:,.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
    return f"{text}{unit}"


def colour_of(place, code=""):
    return LAMP_COLOURS.get(str(code), COLOURS[place % len(COLOURS)])


def text_width(text, size):
    """Guess how wide a text is drawn: a Chinese character is as wide as it is high."""
    return sum(size if ord(mark) > 0x2E80 else size * 0.56 for mark in str(text))


def text(x, y, content, *, anchor="start", size=13, css="", weight=""):
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" font-size="{}" class="{}"{}>{}</text>',
        point(x),
        point(y),
        anchor,
        size,
        css,
        format_html(' font-weight="{}"', weight) if weight else "",
        content,
    )


def line(x1, y1, x2, y2, css="rule"):
    return format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}" />', point(x1), point(y1), point(x2), point(y2), css
    )


def overlay_of(place, key):
    """Return the overlay of a series beyond the first, for print without colour."""
    pattern = PATTERNS[place % len(PATTERNS)]
    return "" if pattern == "none" else f"url(#{key}-{pattern})"


def patterns(key):
    return format_html(
        "<defs>"
        '<pattern id="{0}-diagonal" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path d="M0 0v6" stroke="#fff" stroke-width="2" stroke-opacity=".55" /></pattern>'
        '<pattern id="{0}-dots" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<circle cx="2" cy="2" r="1.2" fill="#fff" fill-opacity=".7" /></pattern>'
        '<pattern id="{0}-cross" width="7" height="7" patternUnits="userSpaceOnUse">'
        '<path d="M0 0l7 7M7 0l-7 7" stroke="#fff" stroke-width="1" stroke-opacity=".55" /></pattern>'
        '<pattern id="{0}-lines" width="5" height="5" patternUnits="userSpaceOnUse">'
        '<path d="M0 0h5" stroke="#fff" stroke-width="2" stroke-opacity=".5" /></pattern>'
        "</defs>",
        key,
    )


def key_of(title):
    """Return an id for one chart of a page; two charts of one page have different titles."""
    return f"chart-{crc32(str(title).encode()):x}"


def frame(title, about, height, parts, *, width=WIDTH, css="chart"):
    key = key_of(title)
    css += " chart-wide" if width > WIDTH else ""
    return format_html(
        '<svg class="{css}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{key}-t {key}-d">'
        '<title id="{key}-t">{title}</title><desc id="{key}-d">{about}</desc>{patterns}{parts}</svg>',
        css=css,
        width=point(width),
        height=point(height),
        key=key,
        title=title,
        about=about,
        patterns=patterns(key),
        parts=format_html_join("", "{}", ((part,) for part in parts)),
    )


def round_top(top):
    """Return the next round number above whose quarters are whole."""
    if top <= 4:
        return 4
    if top <= 12:
        return 8 if top <= 8 else 12
    power = 10 ** math.floor(math.log10(top))
    return next(step * power for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10) if top <= step * power * (1 + 1e-9))


def describe(pairs, unit=""):
    said = [f"{label} {say(value, unit)}" for label, value in pairs]
    return _("%(what)s.") % {"what": "; ".join(said[:24])} if said else _("No numbers yet.")


def legend(labels, codes, key, *, y, width=WIDTH):
    """Draw legend entries that wrap; return parts and the height used."""
    parts, x, row = [], 0.0, 0
    for place, label in enumerate(labels):
        wide = 22 + text_width(label, 13) + 22
        if x and x + wide > width:
            x, row = 0.0, row + 1
        top = y + row * 22
        parts.append(
            format_html(
                '<rect x="{}" y="{}" width="14" height="14" rx="2" fill="{}" />',
                point(x),
                point(top),
                colour_of(place, codes[place]),
            )
        )
        if overlay := overlay_of(place, key):
            parts.append(
                format_html(
                    '<rect x="{}" y="{}" width="14" height="14" rx="2" fill="{}" />', point(x), point(top), overlay
                )
            )
        parts.append(text(x + 21, top + 12, label))
        x += wide
    return parts, (row + 1) * 22 if labels else 0


def read_series(series):
    """Read series as (label, values) or (label, values, lamp code)."""
    return [(str(entry[0]), list(entry[1]), entry[2] if len(entry) > 2 else "") for entry in series]


def cut(label, room, size=13):
    """Cut a label that does not fit; the table keeps it whole."""
    if text_width(label, size) <= room:
        return label
    while label and text_width(label + "…", size) > room:
        label = label[:-1]
    return label + "…"


def scale(parts, *, left, top, width, height, limit, unit):
    """Draw rules and numbers of the upright axis."""
    for step in range(5):
        value = limit * step / 4
        y = top + height - height * step / 4
        parts.append(line(left, y, left + width, y, "rule" if step else "axis"))
        parts.append(
            text(
                left - 8,
                y + 4,
                say(int(value) if value == int(value) else float(value), unit),
                anchor="end",
                size=12,
                css="soft",
            )
        )


def ticks(parts, labels, places, *, y, room):
    """Draw labels below; every second, third … is left out when they would touch."""
    widest = max([text_width(label, 12) for label in labels] or [0]) + 10
    every = max(1, math.ceil(widest / room)) if room else 1
    for place, (label, x) in enumerate(zip(labels, places, strict=True)):
        if (len(labels) - 1 - place) % every == 0:
            parts.append(text(x, y, label, anchor="middle", size=12, css="soft"))


def mark(shape, x, y, colour):
    if shape == "square":
        return format_html('<rect x="{}" y="{}" width="8" height="8" fill="{}" />', point(x - 4), point(y - 4), colour)
    if shape == "triangle":
        return format_html('<path d="M{} {}l5 9h-10z" fill="{}" />', point(x), point(y - 5), colour)
    if shape == "diamond":
        return format_html('<path d="M{} {}l5 5-5 5-5-5z" fill="{}" />', point(x), point(y - 5), colour)
    return format_html('<circle cx="{}" cy="{}" r="4" fill="{}" />', point(x), point(y), colour)


def line_legend(parts, series, *, y, width):
    """Add a legend of lines that wraps; return where it ends."""
    x = 0.0
    for order, (label, _values, code) in enumerate(series):
        wide = 36 + text_width(label, 13) + 20
        if x and x + wide > width:
            x, y = 0.0, y + 24
        parts.append(line_sample(x, y - 4, colour_of(order, code), order))
        parts.append(text(x + 36, y, label))
        x += wide
    return y + 12


def line_sample(x, y, colour, order):
    return format_html(
        '<path d="M{} {}h28" stroke="{}" stroke-width="2.5" />{}',
        point(x),
        point(y),
        colour,
        mark(MARKS[order % 4], x + 14, y, colour),
    )
