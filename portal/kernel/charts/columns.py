"""Bars, stacked columns, lines and sparklines."""

from django.utils.html import format_html
from django.utils.translation import gettext as _

from .drawing import (
    COLOURS,
    MARKS,
    WIDTH,
    Chart,
    colour_of,
    cut,
    describe,
    frame,
    key_of,
    legend,
    line_legend,
    mark,
    overlay_of,
    point,
    read_series,
    round_top,
    say,
    scale,
    text,
    text_width,
    ticks,
)


def bar_chart(title, rows, *, unit="", maximum=None, head=None, width=WIDTH):
    """Draw bars side by side lengthwise: rows of (label, number) or (label, number, lamp code); None is "no data"."""
    rows = [(str(row[0]), row[1], row[2] if len(row) > 2 else "") for row in rows]
    left = min(max([text_width(label, 13) for label, *_rest in rows] or [0]) + 12, width * 0.38)
    room = width - left - 58
    top = maximum or round_top(max([value or 0 for _label, value, _code in rows] or [0]))
    parts, y = [], 4
    for label, value, code in rows:
        parts.append(text(left - 10, y + 17, cut(label, left - 12), anchor="end"))
        length = room * (value or 0) / top
        parts.append(
            format_html(
                '<rect x="{}" y="{}" width="{}" height="18" fill="#e0edef" />', point(left), point(y + 3), point(room)
            )
        )
        parts.append(
            format_html(
                '<rect x="{}" y="{}" width="{}" height="18" fill="{}" />',
                point(left),
                point(y + 3),
                point(length),
                colour_of(0, code),
            )
        )
        parts.append(text(left + room + 8, y + 17, say(value, unit), weight="600"))
        y += 30
    pairs = [(label, value) for label, value, _code in rows]
    return Chart(
        title,
        frame(title, describe(pairs, unit), y + 2, parts, width=width),
        head or [_("What"), _("Count")],
        [[label, say(value, unit)] for label, value in pairs],
    )


def stacked_bar_chart(title, labels, series, *, unit="", head=None, width=WIDTH):
    """Draw a column per label, stacked from the series (label, values[, lamp code])."""
    labels, series = [str(label) for label in labels], read_series(series)
    key = key_of(title)
    totals = [sum((values[place] or 0) for _l, values, _c in series) for place in range(len(labels))]
    limit = round_top(max(totals or [0]))
    left, top, wide, height = 38, 12, width - 42, 190
    parts = []
    scale(parts, left=left, top=top, width=wide, height=height, limit=limit, unit=unit)
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
            box = (point(x - bar / 2), point(foot), point(bar), point(tall))
            parts.append(
                format_html(
                    '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="#fff" stroke-width=".8" />',
                    *box,
                    colour_of(order, code),
                )
            )
            if overlay := overlay_of(order, key):
                parts.append(format_html('<rect x="{}" y="{}" width="{}" height="{}" fill="{}" />', *box, overlay))
    ticks(parts, labels, places, y=top + height + 20, room=room)
    keys, used = legend(
        [label for label, *_r in series], [code for *_r, code in series], key, y=top + height + 34, width=width
    )
    rows = [[label, *[say(values[place], unit) for _l, values, _c in series]] for place, label in enumerate(labels)]
    return Chart(
        title,
        frame(
            title,
            describe(list(zip(labels, totals, strict=True)), unit),
            top + height + 34 + used,
            parts + keys,
            width=width,
        ),
        head or [_("When"), *[label for label, *_r in series]],
        rows,
    )


def line_chart(title, labels, series, *, unit="", maximum=None, head=None, width=WIDTH):
    """Draw lines over labels; a None in the values is a gap, not a zero. Lines differ by mark and dash."""
    labels, series = [str(label) for label in labels], read_series(series)
    limit = maximum or round_top(
        max([value for _l, values, _c in series for value in values if value is not None] or [0])
    )
    left, top, wide, height = 42, 14, width - 62, 190
    parts = []
    scale(parts, left=left, top=top, width=wide, height=height, limit=limit, unit=unit)
    room = wide / max(len(labels) - 1, 1)
    places = [left + (room * place if len(labels) > 1 else wide / 2) for place in range(len(labels))]
    for order, (_label, values, code) in enumerate(series):
        colour, run, path = colour_of(order, code), False, []
        for x, value in zip(places, values, strict=True):
            if value is None:
                run = False
                continue
            y = top + height - height * value / limit
            path.append(f"{'L' if run else 'M'}{point(x)} {point(y)}")
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
                parts.append(mark(MARKS[order % 4], x, top + height - height * value / limit, colour))
    ticks(parts, labels, places, y=top + height + 20, room=room)
    foot = line_legend(parts, series, y=top + height + 46, width=width)
    rows = [[label, *[say(values[place], unit) for _l, values, _c in series]] for place, label in enumerate(labels)]
    last = [
        (label, next((value for value in reversed(values) if value is not None), None)) for label, values, _c in series
    ]
    return Chart(
        title,
        frame(title, describe(last, unit), foot, parts, width=width),
        head or [_("When"), *[s[0] for s in series]],
        rows,
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
        path.append(f"{'L' if run else 'M'}{point(x)} {point(y)}")
        run, last = True, (x, y)
    parts = [
        format_html(
            '<path d="{}" fill="none" stroke="{}" stroke-width="2" stroke-linejoin="round" />',
            "".join(path),
            COLOURS[0],
        )
    ]
    if last:
        parts.append(format_html('<circle cx="{}" cy="{}" r="3" fill="#b8341a" />', point(last[0]), point(last[1])))
    names = [str(label) for label in labels] or [str(place + 1) for place in range(len(values))]
    rows = [[name, say(value, unit)] for name, value in zip(names, values, strict=True)]
    words = describe([(name, value) for name, value in zip(names, values, strict=True)][-3:], unit)
    return Chart(
        title, frame(title, words, 34, parts, width=120, css="chart chart-spark"), [_("When"), _("Count")], rows
    )
