"""Tags and filters for icons, days, text and addresses."""

import datetime as dt
import functools
import io
import re
from importlib import resources
from xml.etree import ElementTree
from zipfile import ZipFile

import lucide
from django import template
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from portal.kernel.days import local_day
from portal.kernel.texts import bracketed, colon, comma, listing, masked_name, semicolon, stop

register = template.Library()

WEEKDAYS_ZH = "一二三四五六日"


@functools.cache
def _drawings():
    # Once in a process: lucide reads the directory of its archive, some 1,700 names, for each icon anew, which was
    # most of a worker's first page. In memory, because processes that share an open file disturb each other's reading.
    return ZipFile(io.BytesIO(resources.files(lucide).joinpath("lucide.zip").read_bytes()))


@functools.lru_cache(maxsize=512)
def _icon(name, size):
    svg = ElementTree.fromstring(_drawings().read(f"{name}.svg"))  # noqa: S314 -- the installed package's own
    for node in svg.iter():
        node.tag = node.tag.removeprefix("{http://www.w3.org/2000/svg}")
        node.tail = None
    # How all of them are drawn the stylesheet says once (.icon), which is a tenth of a page with forty of them.
    for name in ("fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin"):
        del svg.attrib[name]
    svg.attrib |= {"width": str(size), "height": str(size), "aria-hidden": "true"}
    svg.text = None
    drawn = ElementTree.tostring(svg, encoding="unicode")
    # The markup comes from the installed icon package, never from a reader: safe to mark as such.
    return mark_safe(drawn if "class" in svg.attrib else drawn.replace("<svg ", '<svg class="icon" ', 1))


@register.simple_tag
def icon(name, size=20):
    """Draw an icon of the lucide set inline, hidden from screen readers; an unknown name draws a dot."""
    try:
        return _icon(str(name) + "", int(size))
    except KeyError:
        return _icon("dot", int(size))


def _as_day(value):
    if isinstance(value, str):
        try:
            value = parse_datetime(value) if "T" in value or " " in value else parse_date(value)
        except ValueError:
            return None
    if isinstance(value, dt.datetime):
        return local_day(value if timezone.is_aware(value) else timezone.make_aware(value, dt.UTC))
    return value if isinstance(value, dt.date) else None


def _speaks_chinese():
    return (get_language() or "zh").startswith("zh")


def say_day(value):
    """Return a day in full with its weekday: 2026年12月22日(周二) or Tue 22 Dec 2026; nothing for nothing."""
    on = _as_day(value)
    if on is None:
        return ""
    if _speaks_chinese():
        return f"{on.year}年{on.month}月{on.day}日(周{WEEKDAYS_ZH[on.weekday()]})"
    return f"{on:%a} {on.day} {on:%b %Y}"


def say_short_day(value):
    """Return a day without year: 12月22日 or 22 Dec."""
    on = _as_day(value)
    if on is None:
        return ""
    return f"{on.month}月{on.day}日" if _speaks_chinese() else f"{on.day} {on:%b}"


@register.filter
def day(value):
    return say_day(value)


@register.filter
def short_day(value):
    return say_short_day(value)


@register.filter
def iso_day(value):
    """Return 2026-12-22, for datetime attributes and dense tables."""
    on = _as_day(value)
    return on.isoformat() if on else ""


@register.simple_tag
def time_tag(value, form="day"):
    """Wrap a day in <time>; ``form`` is day, short or iso."""
    on = _as_day(value)
    if on is None:
        return ""
    text = {"day": say_day, "short": say_short_day, "iso": lambda on: on.isoformat()}[form](on)
    return format_html('<time datetime="{}" class="nowrap">{}</time>', on.isoformat(), text)


for mark in (colon, comma, listing, semicolon, stop):
    register.simple_tag(mark)


@register.simple_block_tag
def bracket(content):
    """Put what is in the block into the brackets of the reader's language: （…） or (…)."""
    # A rendered block is safe already; the brackets around it are the catalogue's.
    return mark_safe(bracketed(content))


@register.filter
def listed(values):
    """Join names as the reader's language does: 王建国、李秀英 or 王建国, 李秀英."""
    return listing().join(map(str, values))


@register.filter
def masked(value):
    """Return a name with all but the first character hidden."""
    return masked_name(str(value)) if value else ""


@register.filter
def paragraphs(value):
    """Return typed text as escaped paragraphs; single line ends stay line ends."""
    blocks = [block for block in re.split(r"\n\s*\n", str(value or "").strip()) if block.strip()]
    return format_html_join(
        "\n",
        "<p>{}</p>",
        ((format_html_join(mark_safe("<br>"), "{}", ((line,) for line in block.split("\n"))),) for block in blocks),
    )


@register.filter
def grouped(value, size=4):
    """Return a long code in groups of four, for reading aloud and copying by hand."""
    text = str(value or "")
    return " ".join(text[start : start + int(size)] for start in range(0, len(text), int(size)))


@register.filter
def short_hash(value):
    """Return the first and last eight characters of a fingerprint."""
    text = str(value or "")
    return f"{text[:8]}…{text[-8:]}" if len(text) > 20 else text


@register.filter
def percent(value, digits=1):
    """Return a share of 1 as a percentage (0.914 becomes 91.4%); a dash when there is none."""
    return "–" if value is None or value == "" else f"{float(value) * 100:.{int(digits)}f}%"


@register.filter
def exact_percent(value):
    """Return a share of 1, a Decimal, as the percentage that it is: 0.3 becomes 30%, 0.3333 becomes 33.33%."""
    return f"{(value * 100).normalize():f}%"


@register.filter
def lookup(mapping, key):
    """Return mapping[key], or nothing."""
    try:
        return mapping[key]
    except (KeyError, IndexError, TypeError):
        return ""


@register.simple_tag(takes_context=True)
def querystring(context, **changes):
    """Return this page's query string with changes; None or "" drops a key, and ``after`` is dropped unless given."""
    query = context["request"].GET.copy() if "request" in context else QueryDict(mutable=True)
    changes.setdefault("after", None)
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def url_active(context, *url_names):
    """Return aria-current="page" when this page is one of the named ones."""
    match = getattr(context.get("request"), "resolver_match", None)
    return mark_safe('aria-current="page"') if match and match.view_name in url_names else ""
