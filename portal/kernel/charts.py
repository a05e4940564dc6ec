"""
Charts as SVG made on the server: no script, no inline style, readable in print and without colour.

Each function returns a Chart, which holds the drawing and the same numbers as
a table; {% chart_with_table chart %} shows both. Series differ by colour and
by pattern, so that a grey copy still tells them apart.
"""

import math
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

# Okabe and Ito's order adapted to the house colours: told apart by the colour-blind, dark enough on paper.
COLOURS = ("#155361", "#c0672b", "#4d8fac", "#8a6d1f", "#7a4b7c", "#5d6b6d")
LAMP_COLOURS = {"blue": "#17558f", "yellow": "#b97c00", "red": "#a81e12", "green": "#1d6538", "orange": "#8c4206", "grey": "#4f5a5c"}
PATTERNS = ("none", "diagonal", "dots", "cross", "lines", "none")
WIDTH = 400  # drawn at about this many pixels on a phone, so that its text stays readable there
WIDE = 800  # for many columns; a phone scrolls it within its frame


@dataclass(frozen=True)
class Chart:
    """A drawing and its table: ``head`` and ``rows`` are what a reader sees as cells."""

    title: object
    svg: SafeString
    head: list
    rows: list


def _n(value):
    """A coordinate, short."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _say(value, unit=""):
    if value is None:
        return "–"
    text = f"{value:,.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
    return f"{text}{unit}"


def _colour(place, code=""):
    return LAMP_COLOURS.get(str(code), COLOURS[place % len(COLOURS)])


def _text_width(text, size):
    """Roughly how wide a text is drawn: a Chinese character is as wide as it is high."""
    return sum(size if ord(mark) > 0x2E80 else size * 0.56 for mark in str(text))


def _text(x, y, content, *, anchor="start", size=13, css="", weight=""):
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" font-size="{}" class="{}"{}>{}</text>',
        _n(x),
        _n(y),
        anchor,
        size,
        css,
        format_html(' font-weight="{}"', weight) if weight else "",
        content,
    )


def _line(x1, y1, x2, y2, css="rule"):
    return format_html('<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}" />', _n(x1), _n(y1), _n(x2), _n(y2), css)


def _fill(place, key):
    """The overlay of a series beyond the first, for print without colour."""
    pattern = PATTERNS[place % len(PATTERNS)]
    return "" if pattern == "none" else f"url(#{key}-{pattern})"


def _defs(key):
    return format_html(
        "<defs>"
        '<pattern id="{0}-diagonal" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path d="M0 0v6" stroke="#fff" stroke-width="2" stroke-opacity=".55" /></pattern>'
        '<pattern id="{0}-dots" width="6" height="6" patternUnits="userSpaceOnUse"><circle cx="2" cy="2" r="1.2" fill="#fff" fill-opacity=".7" /></pattern>'
        '<pattern id="{0}-cross" width="7" height="7" patternUnits="userSpaceOnUse">'
        '<path d="M0 0l7 7M7 0l-7 7" stroke="#fff" stroke-width="1" stroke-opacity=".55" /></pattern>'
        '<pattern id="{0}-lines" width="5" height="5" patternUnits="userSpaceOnUse">'
        '<path d="M0 0h5" stroke="#fff" stroke-width="2" stroke-opacity=".5" /></pattern>'
        "</defs>",
        key,
    )


def _key(title):
    """An id for one chart of a page; two charts of one page have different titles."""
    return "chart-" + format(sum(ord(mark) * (place + 1) for place, mark in enumerate(str(title))) % 0xFFFFFF, "x")


def _frame(title, about, height, parts, *, width=WIDTH, css="chart"):
    key = _key(title)
    css += " chart-wide" if width > WIDTH else ""
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-t {}-d"><title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}{}</svg>',
        css,
        _n(width),
        _n(height),
        key,
        key,
        key,
        title,
        key,
        about,
        _defs(key),
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _nice(top):
    """The next round number above whose quarters are whole."""
    if top <= 4:
        return 4
    if top <= 12:
        return 8 if top <= 8 else 12
    power = 10 ** math.floor(math.log10(top))
    return next(step * power for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10) if top <= step * power * (1 + 1e-9))


def _about(pairs, unit=""):
    said = [f"{label} {_say(value, unit)}" for label, value in pairs]
    return _("%(what)s.") % {"what": "; ".join(said[:24])} if said else _("No numbers yet.")


def _legend(labels, codes, key, *, y, width=WIDTH):
    """Legend entries that wrap; returns parts and the height used."""
    parts, x, row = [], 0.0, 0
    for place, label in enumerate(labels):
        wide = 22 + _text_width(label, 13) + 22
        if x and x + wide > width:
            x, row = 0.0, row + 1
        top = y + row * 22
        parts.append(format_html('<rect x="{}" y="{}" width="14" height="14" rx="2" fill="{}" />', _n(x), _n(top), _colour(place, codes[place])))
        if overlay := _fill(place, key):
            parts.append(format_html('<rect x="{}" y="{}" width="14" height="14" rx="2" fill="{}" />', _n(x), _n(top), overlay))
        parts.append(_text(x + 21, top + 12, label))
        x += wide
    return parts, (row + 1) * 22 if labels else 0


def _series(series):
    """Read series as (label, values) or (label, values, lamp code)."""
    return [(str(entry[0]), list(entry[1]), entry[2] if len(entry) > 2 else "") for entry in series]


def bar_chart(title, rows, *, unit="", maximum=None, head=None, width=WIDTH):
    """Draw bars side by side lengthwise: rows of (label, number) or (label, number, lamp code); None is "no data"."""
    rows = [(str(row[0]), row[1], row[2] if len(row) > 2 else "") for row in rows]
    left = min(max([_text_width(label, 13) for label, *_rest in rows] or [0]) + 12, width * 0.38)
    room = width - left - 58
    top = maximum or _nice(max([value or 0 for _label, value, _code in rows] or [0]))
    parts, y = [], 4
    for label, value, code in rows:
        parts.append(_text(left - 10, y + 17, _cut(label, left - 12), anchor="end"))
        length = room * (value or 0) / top
        parts.append(format_html('<rect x="{}" y="{}" width="{}" height="18" fill="#e0edef" />', _n(left), _n(y + 3), _n(room)))
        parts.append(
            format_html('<rect x="{}" y="{}" width="{}" height="18" fill="{}" />', _n(left), _n(y + 3), _n(length), _colour(0, code))
        )
        parts.append(_text(left + room + 8, y + 17, _say(value, unit), weight="600"))
        y += 30
    pairs = [(label, value) for label, value, _code in rows]
    return Chart(
        title,
        _frame(title, _about(pairs, unit), y + 2, parts, width=width),
        head or [_("What"), _("Number")],
        [[label, _say(value, unit)] for label, value in pairs],
    )


def _cut(label, room, size=13):
    """Cut a label that does not fit; the table keeps it whole."""
    if _text_width(label, size) <= room:
        return label
    while label and _text_width(label + "…", size) > room:
        label = label[:-1]
    return label + "…"


def _scale(parts, *, left, top, width, height, limit, unit):
    """Rules and numbers of the upright axis."""
    for step in range(5):
        value = limit * step / 4
        y = top + height - height * step / 4
        parts.append(_line(left, y, left + width, y, "rule" if step else "axis"))
        parts.append(_text(left - 8, y + 4, _say(int(value) if value == int(value) else float(value), unit), anchor="end", size=12, css="soft"))


def _ticks(parts, labels, places, *, y, room):
    """Labels below; every second, third … is left out when they would touch."""
    widest = max([_text_width(label, 12) for label in labels] or [0]) + 10
    every = max(1, math.ceil(widest / room)) if room else 1
    for place, (label, x) in enumerate(zip(labels, places, strict=True)):
        if (len(labels) - 1 - place) % every == 0:
            parts.append(_text(x, y, label, anchor="middle", size=12, css="soft"))


def stacked_bar_chart(title, labels, series, *, unit="", head=None, width=WIDTH):
    """Draw a column per label, stacked from the series (label, values[, lamp code])."""
    labels, series = [str(label) for label in labels], _series(series)
    key = _key(title)
    totals = [sum((values[place] or 0) for _l, values, _c in series) for place in range(len(labels))]
    limit = _nice(max(totals or [0]))
    left, top, wide, height = 38, 12, width - 42, 190
    parts = []
    _scale(parts, left=left, top=top, width=wide, height=height, limit=limit, unit=unit)
    room = wide / max(len(labels), 1)
    bar = min(room * 0.62, 44)
    places = [left + room * (place + 0.5) for place in range(len(labels))]
    for place, x in enumerate(places):
        foot = top + height
        for order, (_label, values, code) in enumerate(series):
            tall = height * (values[place] or 0) / limit
            if tall <= 0:
                continue
            foot -= tall
            box = (_n(x - bar / 2), _n(foot), _n(bar), _n(tall))
            parts.append(
                format_html(
                    '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="#fff" stroke-width=".8" />', *box, _colour(order, code)
                )
            )
            if overlay := _fill(order, key):
                parts.append(format_html('<rect x="{}" y="{}" width="{}" height="{}" fill="{}" />', *box, overlay))
    _ticks(parts, labels, places, y=top + height + 20, room=room)
    legend, used = _legend([label for label, *_r in series], [code for *_r, code in series], key, y=top + height + 34, width=width)
    rows = [[label, *[_say(values[place], unit) for _l, values, _c in series]] for place, label in enumerate(labels)]
    return Chart(
        title,
        _frame(title, _about(list(zip(labels, totals, strict=True)), unit), top + height + 34 + used, parts + legend, width=width),
        head or [_("When"), *[label for label, *_r in series]],
        rows,
    )


MARKS = ("circle", "square", "triangle", "diamond")


def _point(shape, x, y, colour):
    if shape == "square":
        return format_html('<rect x="{}" y="{}" width="8" height="8" fill="{}" />', _n(x - 4), _n(y - 4), colour)
    if shape == "triangle":
        return format_html('<path d="M{} {}l5 9h-10z" fill="{}" />', _n(x), _n(y - 5), colour)
    if shape == "diamond":
        return format_html('<path d="M{} {}l5 5-5 5-5-5z" fill="{}" />', _n(x), _n(y - 5), colour)
    return format_html('<circle cx="{}" cy="{}" r="4" fill="{}" />', _n(x), _n(y), colour)


def line_chart(title, labels, series, *, unit="", maximum=None, head=None, width=WIDTH):
    """Draw lines over labels; a None in the values is a gap, not a zero. Lines differ by mark and dash."""
    labels, series = [str(label) for label in labels], _series(series)
    limit = maximum or _nice(max([value for _l, values, _c in series for value in values if value is not None] or [0]))
    left, top, wide, height = 42, 14, width - 62, 190
    parts = []
    _scale(parts, left=left, top=top, width=wide, height=height, limit=limit, unit=unit)
    room = wide / max(len(labels) - 1, 1)
    places = [left + (room * place if len(labels) > 1 else wide / 2) for place in range(len(labels))]
    for order, (_label, values, code) in enumerate(series):
        colour, run, path = _colour(order, code), False, []
        for x, value in zip(places, values, strict=True):
            if value is None:
                run = False
                continue
            y = top + height - height * value / limit
            path.append(f"{'L' if run else 'M'}{_n(x)} {_n(y)}")
            run = True
        dash = ("", "7 4", "2 4", "10 3 2 3")[order % 4]
        parts.append(
            format_html(
                '<path d="{}" fill="none" stroke="{}" stroke-width="2.5" stroke-linejoin="round"{} />',
                "".join(path),
                colour,
                format_html(' stroke-dasharray="{}"', dash) if dash else "",
            )
        )
        for x, value in zip(places, values, strict=True):
            if value is not None:
                parts.append(_point(MARKS[order % 4], x, top + height - height * value / limit, colour))
    _ticks(parts, labels, places, y=top + height + 20, room=room)
    foot = _line_legend(parts, series, y=top + height + 46, width=width)
    rows = [[label, *[_say(values[place], unit) for _l, values, _c in series]] for place, label in enumerate(labels)]
    last = [(label, next((value for value in reversed(values) if value is not None), None)) for label, values, _c in series]
    return Chart(title, _frame(title, _about(last, unit), foot, parts, width=width), head or [_("When"), *[s[0] for s in series]], rows)


def _line_legend(parts, series, *, y, width):
    """Add a legend of lines that wraps; return where it ends."""
    x = 0.0
    for order, (label, _values, code) in enumerate(series):
        wide = 36 + _text_width(label, 13) + 20
        if x and x + wide > width:
            x, y = 0.0, y + 24
        parts.append(_line_sample(x, y - 4, _colour(order, code), order))
        parts.append(_text(x + 36, y, label))
        x += wide
    return y + 12


def _line_sample(x, y, colour, order):
    return format_html(
        '<path d="M{} {}h28" stroke="{}" stroke-width="2.5" />{}', _n(x), _n(y), colour, _point(MARKS[order % 4], x + 14, y, colour)
    )


def sparkline(title, values, *, labels=(), unit=""):
    """Draw one small line for a table cell or tile; its table names each value."""
    values = list(values)
    known = [value for value in values if value is not None]
    low, high = (min(known), max(known)) if known else (0, 1)
    span = (high - low) or 1
    step = 112 / max(len(values) - 1, 1)
    path, run, last = [], False, None
    for place, value in enumerate(values):
        if value is None:
            run = False
            continue
        x, y = 4 + step * place, 28 - 22 * (value - low) / span
        path.append(f"{'L' if run else 'M'}{_n(x)} {_n(y)}")
        run, last = True, (x, y)
    parts = [format_html('<path d="{}" fill="none" stroke="{}" stroke-width="2" stroke-linejoin="round" />', "".join(path), COLOURS[0])]
    if last:
        parts.append(format_html('<circle cx="{}" cy="{}" r="3" fill="#b8341a" />', _n(last[0]), _n(last[1])))
    names = [str(label) for label in labels] or [str(place + 1) for place in range(len(values))]
    rows = [[name, _say(value, unit)] for name, value in zip(names, values, strict=True)]
    about = _about([(name, value) for name, value in zip(names, values, strict=True)][-3:], unit)
    return Chart(title, _frame(title, about, 34, parts, width=120, css="chart chart-spark"), [_("When"), _("Number")], rows)


def donut_chart(title, rows, *, unit="", head=None):
    """Draw shares of a whole as a ring with its legend: rows of (label, number[, lamp code])."""
    rows = [(str(row[0]), row[1] or 0, row[2] if len(row) > 2 else "") for row in rows]
    key, total = _key(title), sum(row[1] for row in rows)
    cx, cy, radius, hole = WIDTH / 2, 96, 92, 57
    parts, turn = [], -math.pi / 2
    if not total:
        parts.append(format_html('<circle cx="{}" cy="{}" r="74.5" fill="none" stroke="#e0edef" stroke-width="35" />', cx, cy))
    for place, (_label, value, code) in enumerate(rows):
        if not value:
            continue
        sweep = 2 * math.pi * value / total
        shape = _ring(cx, cy, radius, hole, turn, sweep)
        parts.append(format_html('<path d="{}" fill="{}" fill-rule="evenodd" stroke="#fff" stroke-width="1.5" />', shape, _colour(place, code)))
        if overlay := _fill(place, key):
            parts.append(format_html('<path d="{}" fill="{}" fill-rule="evenodd" />', shape, overlay))
        turn += sweep
    parts.append(_text(cx, cy + 4, _say(total), anchor="middle", size=30, weight="600"))
    parts.append(_text(cx, cy + 26, unit or _("in all"), anchor="middle", size=13, css="soft"))
    table = []
    for place, (label, value, code) in enumerate(rows):
        y = 222 + place * 28
        share = f"{100 * value / total:.1f}%" if total else "–"
        parts.append(format_html('<rect x="20" y="{}" width="16" height="16" rx="2" fill="{}" />', _n(y - 13), _colour(place, code)))
        if overlay := _fill(place, key):
            parts.append(format_html('<rect x="20" y="{}" width="16" height="16" rx="2" fill="{}" />', _n(y - 13), overlay))
        parts.append(_text(46, y, _cut(label, 200)))
        parts.append(_text(310, y, _say(value), anchor="end", weight="600"))
        parts.append(_text(384, y, share, anchor="end", css="soft"))
        table.append([label, _say(value), share])
    height = 212 + len(rows) * 28
    pairs = [(label, value) for label, value, _c in rows]
    return Chart(title, _frame(title, _about(pairs, unit), height, parts), head or [_("What"), _("Number"), _("Share")], table)


def _ring(cx, cy, radius, hole, turn, sweep):
    """The outline of one share of a ring; a whole ring is two circles."""
    if sweep >= 2 * math.pi - 1e-6:
        return "".join(
            f"M{_n(cx - r)} {_n(cy)}a{_n(r)} {_n(r)} 0 1 0 {_n(2 * r)} 0a{_n(r)} {_n(r)} 0 1 0 {_n(-2 * r)} 0z" for r in (radius, hole)
        )
    ends = [(cx + r * math.cos(a), cy + r * math.sin(a)) for r, a in ((radius, turn), (radius, turn + sweep), (hole, turn + sweep), (hole, turn))]
    large = 1 if sweep > math.pi else 0
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = ends
    return (
        f"M{_n(x1)} {_n(y1)}A{radius} {radius} 0 {large} 1 {_n(x2)} {_n(y2)}"
        f"L{_n(x3)} {_n(y3)}A{hole} {hole} 0 {large} 0 {_n(x4)} {_n(y4)}z"
    )


def radar_chart(title, axes, series, *, maximum=100, unit=""):
    """Draw values on axes from one centre, for comparing the shapes of few series; at least three axes."""
    axes, series = [str(axis) for axis in axes], _series(series)
    cx, cy, radius = WIDTH / 2, 150, 108
    turns = [-math.pi / 2 + 2 * math.pi * place / len(axes) for place in range(len(axes))]
    parts = []
    for ring in (0.25, 0.5, 0.75, 1):
        points = " ".join(f"{_n(cx + radius * ring * math.cos(t))},{_n(cy + radius * ring * math.sin(t))}" for t in turns)
        parts.append(format_html('<polygon points="{}" fill="none" class="rule" />', points))
        parts.append(_text(cx + 4, cy - radius * ring + 12, _say(maximum * ring if maximum * ring % 1 else int(maximum * ring)), size=11, css="soft"))
    for axis, t in zip(axes, turns, strict=True):
        parts.append(_line(cx, cy, cx + radius * math.cos(t), cy + radius * math.sin(t)))
        x, y = cx + (radius + 14) * math.cos(t), cy + (radius + 14) * math.sin(t)
        anchor = "middle" if abs(math.cos(t)) < 0.2 else "start" if math.cos(t) > 0 else "end"
        parts.append(_text(x, y + (10 if math.sin(t) > 0.2 else 0 if math.sin(t) < -0.2 else 5), axis, anchor=anchor, weight="600"))
    for order, (_label, values, code) in enumerate(series):
        colour = _colour(order, code)
        spots = [
            (cx + radius * (value or 0) / maximum * math.cos(t), cy + radius * (value or 0) / maximum * math.sin(t))
            for value, t in zip(values, turns, strict=True)
        ]
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in spots)
        dash = ("", "7 4", "2 4", "10 3 2 3")[order % 4]
        parts.append(
            format_html(
                '<polygon points="{}" fill="{}" fill-opacity=".1" stroke="{}" stroke-width="2.5"{} />',
                points,
                colour,
                colour,
                format_html(' stroke-dasharray="{}"', dash) if dash else "",
            )
        )
        parts.extend(_point(MARKS[order % 4], x, y, colour) for x, y in spots)
    foot = _line_legend(parts, series, y=cy + radius + 58, width=WIDTH)
    rows = [[axis, *[_say(values[place], unit) for _l, values, _c in series]] for place, axis in enumerate(axes)]
    pairs = [(f"{label} {axis}", values[place]) for label, values, _c in series for place, axis in enumerate(axes)]
    return Chart(title, _frame(title, _about(pairs, unit), foot, parts), [_("Dimension"), *[s[0] for s in series]], rows)
