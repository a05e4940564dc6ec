"""Rings and radars."""

import math

from django.utils.html import format_html
from django.utils.translation import gettext as _

from .drawing import (
    MARKS,
    WIDTH,
    Chart,
    colour_of,
    cut,
    describe,
    frame,
    key_of,
    line,
    line_legend,
    mark,
    overlay_of,
    point,
    read_series,
    say,
    text,
)


def donut_chart(title, rows, *, unit="", head=None):
    """Draw shares of a whole as a ring with its legend: rows of (label, number[, lamp code])."""
    rows = [(str(row[0]), row[1] or 0, row[2] if len(row) > 2 else "") for row in rows]
    key, total = key_of(title), sum(row[1] for row in rows)
    cx, cy, radius, hole = WIDTH / 2, 96, 92, 57
    parts, turn = [], -math.pi / 2
    if not total:
        parts.append(
            format_html('<circle cx="{}" cy="{}" r="74.5" fill="none" stroke="#e0edef" stroke-width="35" />', cx, cy)
        )
    for place, (_label, value, code) in enumerate(rows):
        if not value:
            continue
        sweep = 2 * math.pi * value / total
        shape = _ring(cx, cy, radius, hole, turn, sweep)
        parts.append(
            format_html(
                '<path d="{}" fill="{}" fill-rule="evenodd" stroke="#fff" stroke-width="1.5" />',
                shape,
                colour_of(place, code),
            )
        )
        if overlay := overlay_of(place, key):
            parts.append(format_html('<path d="{}" fill="{}" fill-rule="evenodd" />', shape, overlay))
        turn += sweep
    parts.append(text(cx, cy + 4, say(total), anchor="middle", size=30, weight="600"))
    parts.append(text(cx, cy + 26, unit or _("in all"), anchor="middle", size=13, css="soft"))
    table = []
    for place, (label, value, code) in enumerate(rows):
        y = 222 + place * 28
        share = f"{100 * value / total:.1f}%" if total else "–"
        parts.append(
            format_html(
                '<rect x="20" y="{}" width="16" height="16" rx="2" fill="{}" />', point(y - 13), colour_of(place, code)
            )
        )
        if overlay := overlay_of(place, key):
            parts.append(
                format_html('<rect x="20" y="{}" width="16" height="16" rx="2" fill="{}" />', point(y - 13), overlay)
            )
        parts.append(text(46, y, cut(label, 200)))
        parts.append(text(310, y, say(value), anchor="end", weight="600"))
        parts.append(text(384, y, share, anchor="end", css="soft"))
        table.append([label, say(value), share])
    height = 212 + len(rows) * 28
    pairs = [(label, value) for label, value, _c in rows]
    return Chart(
        title, frame(title, describe(pairs, unit), height, parts), head or [_("What"), _("Count"), _("Share")], table
    )


def _ring(cx, cy, radius, hole, turn, sweep):
    """Return the outline of one share of a ring; a whole ring is two circles."""
    if sweep >= 2 * math.pi - 1e-6:
        circle = "M{0} {1}a{2} {2} 0 1 0 {3} 0a{2} {2} 0 1 0 -{3} 0z"
        return "".join(circle.format(point(cx - r), point(cy), point(r), point(2 * r)) for r in (radius, hole))
    ends = [
        (cx + r * math.cos(a), cy + r * math.sin(a))
        for r, a in ((radius, turn), (radius, turn + sweep), (hole, turn + sweep), (hole, turn))
    ]
    large = 1 if sweep > math.pi else 0
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = ends
    return (
        f"M{point(x1)} {point(y1)}A{radius} {radius} 0 {large} 1 {point(x2)} {point(y2)}"
        f"L{point(x3)} {point(y3)}A{hole} {hole} 0 {large} 0 {point(x4)} {point(y4)}z"
    )


def radar_chart(title, axes, series, *, maximum=100, unit=""):
    """Draw values on axes from one centre, for comparing the shapes of few series; at least three axes."""
    axes, series = [str(axis) for axis in axes], read_series(series)
    cx, cy, radius = WIDTH / 2, 150, 108
    turns = [-math.pi / 2 + 2 * math.pi * place / len(axes) for place in range(len(axes))]
    parts = []
    for ring in (0.25, 0.5, 0.75, 1):
        points = " ".join(
            f"{point(cx + radius * ring * math.cos(t))},{point(cy + radius * ring * math.sin(t))}" for t in turns
        )
        parts.append(format_html('<polygon points="{}" fill="none" class="rule" />', points))
        parts.append(
            text(
                cx + 4,
                cy - radius * ring + 12,
                say(maximum * ring if maximum * ring % 1 else int(maximum * ring)),
                size=11,
                css="soft",
            )
        )
    for axis, t in zip(axes, turns, strict=True):
        parts.append(line(cx, cy, cx + radius * math.cos(t), cy + radius * math.sin(t)))
        x, y = cx + (radius + 14) * math.cos(t), cy + (radius + 14) * math.sin(t)
        anchor = "middle" if abs(math.cos(t)) < 0.2 else "start" if math.cos(t) > 0 else "end"
        parts.append(
            text(
                x, y + (10 if math.sin(t) > 0.2 else 0 if math.sin(t) < -0.2 else 5), axis, anchor=anchor, weight="600"
            )
        )
    for order, (_label, values, code) in enumerate(series):
        colour = colour_of(order, code)
        spots = [
            (cx + radius * (value or 0) / maximum * math.cos(t), cy + radius * (value or 0) / maximum * math.sin(t))
            for value, t in zip(values, turns, strict=True)
        ]
        points = " ".join(f"{point(x)},{point(y)}" for x, y in spots)
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
        parts.extend(mark(MARKS[order % 4], x, y, colour) for x, y in spots)
    foot = line_legend(parts, series, y=cy + radius + 58, width=WIDTH)
    rows = [[axis, *[say(values[place], unit) for _l, values, _c in series]] for place, axis in enumerate(axes)]
    pairs = [(f"{label} {axis}", values[place]) for label, values, _c in series for place, axis in enumerate(axes)]
    return Chart(
        title, frame(title, describe(pairs, unit), foot, parts), [_("Dimension"), *[s[0] for s in series]], rows
    )
