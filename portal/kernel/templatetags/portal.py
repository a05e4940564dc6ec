"""
Template tags of the design system; builtins, so that no template loads them.

Each component has one template in templates/components and one tag here that
gives it every variable it needs, so that a page can leave out what it lacks.
docs/design-system.md shows each with an example, /styleguide/ shows it drawn.
"""

import datetime as dt
import functools
import re

import lucide
from django import forms, template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.kernel.days import local_day
from portal.kernel.enums import Lamp
from portal.kernel.texts import masked_name

register = template.Library()

WEEKDAYS_ZH = "一二三四五六日"
LAMP_CODES = frozenset(Lamp.values)


# Icons -----------------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=512)
def _icon(name, size):
    # The markup comes from the installed icon package, never from a reader: safe to mark as such.
    svg = lucide._render_icon(name, size, stroke_width="1.75", aria_hidden="true", focusable="false")
    return mark_safe(svg.replace("<svg ", '<svg class="icon" ', 1) if 'class="' not in svg.split(">", 1)[0] else svg)


@register.simple_tag
def icon(name, size=20):
    """Draw an icon of the lucide set inline, hidden from screen readers; an unknown name draws a dot."""
    try:
        return _icon(str(name) + "", int(size))
    except lucide.IconDoesNotExist:
        return _icon("dot", int(size))


# Days ------------------------------------------------------------------------------------------------------


def _as_day(value):
    if isinstance(value, str):
        value = parse_datetime(value) if "T" in value or " " in value else parse_date(value)
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


# Text ------------------------------------------------------------------------------------------------------


@register.filter
def masked(value):
    """Return a name with all but the first character hidden."""
    return masked_name(str(value)) if value else ""


@register.filter
def paragraphs(value):
    """Return typed text as escaped paragraphs; single line ends stay line ends."""
    blocks = [block for block in re.split(r"\n\s*\n", str(value or "").strip()) if block.strip()]
    return format_html_join(
        "\n", "<p>{}</p>", ((format_html_join(mark_safe("<br>"), "{}", ((line,) for line in block.split("\n"))),) for block in blocks)
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
def lookup(mapping, key):
    """Return mapping[key], or nothing."""
    try:
        return mapping[key]
    except (KeyError, IndexError, TypeError):
        return ""


# Addresses -------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def querystring(context, **changes):
    """Return this page's query string with changes; None or "" drops a key, and ``after`` is dropped unless given."""
    query = context["request"].GET.copy() if "request" in context else {}
    changes.setdefault("after", None)
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = value
    text = query.urlencode() if query else ""
    return f"?{text}" if text else "?"


@register.simple_tag(takes_context=True)
def url_active(context, *url_names):
    """Return aria-current="page" when this page is one of the named ones."""
    match = getattr(context.get("request"), "resolver_match", None)
    return mark_safe('aria-current="page"') if match and match.view_name in url_names else ""


# Components ------------------------------------------------------------------------------------------------


def _component(name, /, **values):
    return render_to_string(f"components/{name}.html", values)


def lamp_of(value):
    """Return (lamp code, sentence) of a clock, a Lamp or its code; grey for anything else."""
    code = getattr(value, "lamp", value)
    code = str(getattr(code, "value", code) or "")
    return (code if code in LAMP_CODES else "grey"), getattr(value, "sentence", "")


@register.simple_tag(name="lamp")
def lamp_tag(value, text="", is_short=False):
    """Draw a lamp: shape, word and colour. ``value`` is a Clock or a Lamp code; a Clock's sentence is its word."""
    code, sentence = lamp_of(value)
    word = text or (Lamp(code).label if is_short or not sentence else sentence)
    return _component("lamp", code=code, text=word)


@register.simple_tag
def lamp_shape(code):
    """Draw only a lamp's shape, for a place where the word stands beside it."""
    return _component("lamp_shape", code=lamp_of(code)[0])


@register.simple_tag
def badge(text, tone="grey", icon=""):
    """Draw a state badge; tones: grey, ink, blue, yellow, red, green, orange, seal."""
    return _component("badge", text=text, tone=tone, icon=icon)


@register.simple_tag
def clock_sentence(clock, explain_url=""):
    """Draw a clock as a panel: shape, sentence, due day, and the way to how the date was computed."""
    code, sentence = lamp_of(clock)
    return _component(
        "clock_sentence",
        code=code,
        sentence=sentence or Lamp(code).label,
        due_on=getattr(clock, "due_on", None),
        is_provisional=getattr(clock, "is_provisional", False),
        explain_url=explain_url,
    )


@register.simple_tag
def stage_chain(stages, label=""):
    """
    Draw the chain of stages (提交→受理→转办→答复→评价→办结).

    ``stages`` are mappings or objects with label, state (done, current, ahead, skipped, late), on (day) and note.
    """

    def read(stage, key):
        return stage.get(key, "") if isinstance(stage, dict) else getattr(stage, key, "")

    rows = [{key: read(stage, key) for key in ("label", "state", "on", "note")} for stage in stages]
    return _component("stage_chain", stages=rows, label=label or _("Progress"))


@register.simple_tag
def timeline(events, label=""):
    """Draw events, newest or oldest first as given: mappings with on or at, text, actor, note, tone, icon, url."""
    keys = ("on", "at", "text", "actor", "note", "tone", "icon", "url", "has_time")
    rows = [{key: (event.get(key, "") if isinstance(event, dict) else getattr(event, key, "")) for key in keys} for event in events]
    return _component("timeline", events=rows, label=label or _("History"))


@register.simple_tag
def empty_state(title, text="", url="", link="", icon="inbox"):
    """Say what will appear here, why it is empty, and the first thing to do."""
    return _component("empty_state", title=title, text=text, url=url, link=link, icon=icon)


@register.simple_block_tag
def notice(content, tone="info", title="", icon=""):
    """Frame an important note: {% notice tone="warning" title=… %}…{% endnotice %}; tones info, warning, danger, success."""
    icons = {"info": "info", "warning": "triangle-alert", "danger": "octagon-alert", "success": "circle-check"}
    return _component("notice", content=content, tone=tone, title=title, icon=icon or icons.get(tone, "info"))


@register.simple_block_tag
def panel(content, title="", icon="", tone="", level=2, id="", link="", url=""):
    """Frame a part of a page with its heading: {% panel title=… %}…{% endpanel %}; tones plain, quiet, seal, flush."""
    return _component("panel", content=content, title=title, icon=icon, tone=tone, level=level, id=id, link=link, url=url)


@register.simple_block_tag
def disclosure(content, title, is_open=False):
    """Fold away what few readers need; works without JavaScript."""
    return _component("disclosure", content=content, title=title, is_open=is_open)


@register.simple_block_tag
def page_head(content, title, lead="", eyebrow="", back_url="", back_label="", tone=""):
    """Head a page: back link, eyebrow, the one h1, lead; the block holds the actions at its right."""
    return _component(
        "page_head",
        actions=content.strip() and content,
        title=title,
        lead=lead,
        eyebrow=eyebrow,
        back_url=back_url,
        back_label=back_label or _("Back"),
        tone=tone,
    )


@register.simple_tag
def back_link(url, label=""):
    """Draw the way back at the top of a page."""
    return _component("back_link", url=url, label=label or _("Back"))


@register.simple_tag
def breadcrumbs(*pairs):
    """Draw the path to this page from label and address pairs; the last label has no address."""
    crumbs = [{"label": pairs[at], "url": pairs[at + 1] if at + 1 < len(pairs) else ""} for at in range(0, len(pairs), 2)]
    return _component("breadcrumbs", crumbs=crumbs)


@register.simple_tag
def stat_tile(label, value, unit="", note="", tone="", url="", icon=""):
    """Draw one number with what it counts; tones as of lamps."""
    return _component("stat_tile", label=label, value=value, unit=unit, note=note, tone=tone, url=url, icon=icon)


@register.simple_tag
def progress(value, maximum=100, label=""):
    """Draw a progress bar with its numbers in words."""
    value, maximum = int(value or 0), max(int(maximum or 0), 1)
    return _component("progress", value=min(value, maximum), maximum=maximum, label=label, share=round(100 * min(value, maximum) / maximum))


@register.simple_tag
def person_chip(name, detail="", role="", is_masked=False):
    """Draw a person: name, what they are, and the unit."""
    name = masked_name(str(name)) if is_masked else str(name)
    return _component("person_chip", name=name, initial=name[:1], detail=detail, role=role)


@register.simple_tag
def attachment_list(files):
    """Draw attachments: mappings or objects with name, url, size (bytes) and kind."""
    keys = ("name", "url", "size", "kind")
    rows = [{key: (file.get(key, "") if isinstance(file, dict) else getattr(file, key, "")) for key in keys} for file in files]
    for row in rows:
        row["is_image"] = str(row["kind"]).startswith("image") or bool(re.search(r"\.(jpe?g|png|webp)$", str(row["name"]), re.I))
    return _component("attachment_list", files=rows)


@register.simple_tag
def definition_list(pairs, is_dense=False):
    """Draw terms and their values side by side: pairs of (term, value); an empty value shows a dash."""
    return _component("definition_list", pairs=list(pairs), is_dense=is_dense)


@register.simple_tag(takes_context=True)
def tabs(context, items, label=""):
    """Draw tabs as links: mappings with label, url, is_current and count."""
    keys = ("label", "url", "is_current", "count", "tone")
    rows = [{key: item.get(key, "") for key in keys} for item in items]
    return _component("tabs", items=rows, label=label or _("Sections"))


@register.simple_tag(takes_context=True)
def pager(context, page, label=""):
    """Draw the way to more rows of a KeysetPage: further, and back to the beginning."""
    return _component(
        "pager",
        more_url=querystring(context, after=page.next_token) if page.next_token else "",
        first_url="" if page.is_first else querystring(context),
        label=label or _("More"),
    )


@register.simple_block_tag
def data_table(content, caption="", is_dense=False, show_caption=False):
    """Frame <thead> and <tbody> as a table that becomes cards on phones; give each <td> a data-label."""
    return _component("data_table", content=content, caption=caption, is_dense=is_dense, show_caption=show_caption)


@register.simple_block_tag
def filters_bar(content, action="", count="", clear_url=""):
    """Frame GET form fields as a bar that folds on phones."""
    return _component("filters_bar", content=content, action=action, count=count, clear_url=clear_url)


@register.simple_block_tag
def receipt(content, title, number="", code="", due_on=None, fingerprint="", qr="", qr_label=""):
    """Draw a receipt like a slip of paper; ``qr`` is ready SVG, the block says what happens next."""
    return _component(
        "receipt", content=content, title=title, number=number, code=code, due_on=due_on, fingerprint=fingerprint, qr=qr, qr_label=qr_label
    )


@register.simple_block_tag
def button_row(content, tone=""):
    """Set buttons in a row that stacks on phones; the main one first."""
    return _component("button_row", content=content, tone=tone)


@register.simple_tag
def button(label, url="", tone="", icon="", name="", value="", kind="submit", busy="", key="", extra=""):
    """
    Draw a button, or a link that looks like one when ``url`` is given.

    Tones: (none) primary, secondary, quiet, danger, seal. ``busy`` is its word
    while the form is being sent, ``key`` its keyboard shortcut.
    """
    return _component(
        "button", label=label, url=url, tone=tone or "primary", icon=icon, name=name, value=value, kind=kind, busy=busy, key=key, extra=extra
    )


@register.simple_tag(takes_context=True)
def chart_with_table(context, chart, is_open=False):
    """Draw a chart of portal.kernel.charts with its numbers as a table, which is open in elder mode."""
    is_elder = getattr(context.get("request"), "is_elder_mode", False)
    return _component("chart_with_table", chart=chart, is_open=is_open or is_elder)


# Forms -----------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def render_field(context, field, template_name="bootstrap5/field.html"):
    """Draw one bound field with label, hint, error and counter."""
    return render_to_string(template_name, {"field": field})


@register.simple_tag
def error_summary(*forms):
    """Say at the top what has to be changed, each with a link to its field."""
    faults, general = [], []
    for form in forms:
        if not (form and getattr(form, "is_bound", False) and form.errors):
            continue
        general.extend(str(error) for error in form.non_field_errors())
        for field in form:
            if field.is_hidden:
                general.extend(str(error) for error in field.errors)
            else:
                target = field.id_for_label or f"{field.auto_id}_0"
                faults.extend({"id": target, "label": field.label, "text": str(error)} for error in field.errors)
    if not faults and not general:
        return ""
    return _component("error_summary", faults=faults, general=general, count=len(faults) + len(general))


@register.simple_tag(takes_context=True)
def form_fields(context, form):
    """Draw a form's error summary and all its fields, in the layout of its helper; the page writes form tag and buttons."""
    from crispy_forms.utils import render_crispy_form

    return format_html("{}{}", error_summary(form), mark_safe(render_crispy_form(form, context=_csrf_only(context))))


def _csrf_only(context):
    return {"csrf_token": context.get("csrf_token", ""), "request": context.get("request")}


@register.simple_tag
def draft_status(key):
    """Draw the line that says what of this form is kept on this device; goes inside a <form data-draft=key>."""
    return _component("draft_status", key=key)


@register.filter
def field_kind(field):
    """Return how a bound field is drawn: hidden, checkbox, file, choices, cards, rating, select or line."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if style := getattr(widget, "portal_style", ""):
        return style
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "choices"
    if isinstance(widget, forms.FileInput):
        return "file"
    if isinstance(widget, forms.Select):
        return "select"
    return "line"


@register.simple_tag
def field_widget(field, css_class):
    """Draw a bound field's widget with a class, and is-invalid when it has errors."""
    own = field.field.widget.attrs.get("class", "")
    classes = " ".join(filter(None, [own, css_class, "is-invalid" if field.errors else ""]))
    return field.as_widget(attrs={"class": classes})


@register.filter
def counter_max(field):
    """Return how many characters a field takes, when that is worth counting for the writer."""
    return field.field.widget.attrs.get("data-count-max", "")


@register.filter
def optional_mark(field):
    """Whether a field says that it may be left empty; a box to tick always may."""
    return not field.field.required and field_kind(field) != "checkbox"


@register.filter
def options_of(field):
    """Return a choice field's options as flat rows: id, value, label, checked, description, icon, group."""
    rows = []
    for group, options, _index in field.field.widget.optgroups(
        field.html_name, field.field.widget.format_value(field.value()), attrs=field.build_widget_attrs({"id": field.auto_id})
    ):
        for option in options:
            rows.append(
                {
                    "id": option["attrs"].get("id", ""),
                    "value": option["value"],
                    "label": option["label"],
                    "checked": option["selected"],
                    "type": option["type"],
                    "description": option.get("description", ""),
                    "icon": option.get("icon", ""),
                    "group": group or "",
                    "attrs": {k: v for k, v in option["attrs"].items() if k not in {"id", "checked", "class", "aria-describedby"}},
                }
            )
    return rows
