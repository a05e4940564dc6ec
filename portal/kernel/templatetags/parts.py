"""Tags of the design system's parts: each gives its template in templates/components every variable it needs."""

import itertools
import re

from django import template
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from portal.kernel.enums import Lamp
from portal.kernel.keeping import kept_part, open_places
from portal.kernel.texts import masked_name

from .words import querystring

register = template.Library()

LAMP_CODES = frozenset(Lamp.values)
PLACES_IN_A_LINE = 3  # more of them fold on a phone


def component(name, /, **values):
    return render_to_string(f"components/{name}.html", values)


@register.simple_tag(takes_context=True)
def frame_part(context, name):
    """Draw a part of the frame around every page: head, top or foot."""
    return context["frame"].part(name)


_places = itertools.count()  # a number of its own for each place in a template, read anew or not


class _KeptNode(template.Node):
    def __init__(self, key, nodelist):
        self.key, self.nodelist = key, nodelist
        self.place = next(_places)

    def render(self, context):
        return kept_part(("kept", self.place, self.key.resolve(context)), lambda: self.nodelist.render(context))


@register.tag
def kept(parser, token):
    """Keep what is drawn between {% kept key %} and {% endkept %}; the key holds all that it shows, as plain values."""
    _name, key = token.split_contents()
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return _KeptNode(parser.compile_filter(key), nodelist)


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
    return component("lamp", code=code, text=word)


@register.simple_tag
def lamp_shape(code):
    """Draw only a lamp's shape, for a place where the word stands beside it."""
    return component("lamp_shape", code=lamp_of(code)[0])


@register.simple_tag
def badge(text, tone="grey", icon=""):
    """Draw a state badge; tones: grey, ink, blue, yellow, red, green, orange, seal."""
    return component("badge", text=text, tone=tone, icon=icon)


@register.simple_tag
def clock_sentence(clock, explain_url=""):
    """Draw a clock as a panel: shape, sentence, due day, and the way to how the date was computed."""
    code, sentence = lamp_of(clock)
    return component(
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
    return component("stage_chain", stages=rows, label=label or _("Progress"))


@register.simple_tag
def timeline(events, label=""):
    """Draw events, newest or oldest first as given: mappings with on or at, text, actor, note, tone, icon, url."""
    keys = ("on", "at", "text", "actor", "note", "tone", "icon", "url", "has_time")
    rows = [
        {key: (event.get(key, "") if isinstance(event, dict) else getattr(event, key, "")) for key in keys}
        for event in events
    ]
    return component("timeline", events=rows, label=label or _("History"))


@register.simple_tag
def empty_state(title, text="", url="", link="", icon="inbox"):
    """Say what will appear here, why it is empty, and the first thing to do."""
    return component("empty_state", title=title, text=text, url=url, link=link, icon=icon)


@register.simple_block_tag
def notice(content, tone="info", title="", icon=""):
    """Frame an important note; tones info, warning, danger, success."""
    icons = {"info": "info", "warning": "triangle-alert", "danger": "octagon-alert", "success": "circle-check"}
    return component("notice", content=content, tone=tone, title=title, icon=icon or icons.get(tone, "info"))


@register.simple_block_tag
def panel(content, title="", icon="", tone="", level=2, id="", link="", url=""):
    """Frame a part of a page with its heading: {% panel title=… %}…{% endpanel %}; tones plain, quiet, seal, flush."""
    return component(
        "panel", content=content, title=title, icon=icon, tone=tone, level=level, id=id, link=link, url=url
    )


@register.simple_block_tag
def disclosure(content, title, is_open=False):
    """Fold away what few readers need; works without JavaScript."""
    return component("disclosure", content=content, title=title, is_open=is_open)


@register.simple_block_tag
def page_head(content, title, lead="", eyebrow="", back_url="", back_label="", tone=""):
    """Head a page: back link, eyebrow, the one h1, lead; the block holds the actions at its right."""
    return component(
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
    return component("back_link", url=url, label=label or _("Back"))


@register.simple_tag
def breadcrumbs(*pairs):
    """Draw the path to this page from label and address pairs; the last label has no address."""
    crumbs = [
        {"label": pairs[at], "url": pairs[at + 1] if at + 1 < len(pairs) else ""} for at in range(0, len(pairs), 2)
    ]
    return component("breadcrumbs", crumbs=crumbs)


@register.simple_tag
def stat_tile(label, value, unit="", note="", tone="", url="", icon=""):
    """Draw one number with what it counts; tones as of lamps."""
    return component("stat_tile", label=label, value=value, unit=unit, note=note, tone=tone, url=url, icon=icon)


@register.simple_tag
def progress(value, maximum=100, label=""):
    """Draw a progress bar with its numbers in words."""
    value, maximum = int(value or 0), max(int(maximum or 0), 1)
    return component(
        "progress",
        value=min(value, maximum),
        maximum=maximum,
        label=label,
        share=round(100 * min(value, maximum) / maximum),
    )


@register.simple_tag
def person_chip(name, detail="", role="", is_masked=False):
    """Draw a person: name, what they are, and the unit."""
    name = masked_name(str(name)) if is_masked else str(name)
    return component("person_chip", name=name, initial=name[:1], detail=detail, role=role)


@register.simple_tag
def attachment_list(files):
    """Draw attachments: mappings or objects with name, url, size (bytes) and kind."""
    keys = ("name", "url", "size", "kind")
    rows = [
        {key: (file.get(key, "") if isinstance(file, dict) else getattr(file, key, "")) for key in keys}
        for file in files
    ]
    for row in rows:
        row["is_image"] = str(row["kind"]).startswith("image") or bool(
            re.search(r"\.(jpe?g|png|webp)$", str(row["name"]), re.I)
        )
    return component("attachment_list", files=rows)


@register.simple_tag
def definition_list(pairs, is_dense=False):
    """Draw terms and their values side by side: pairs of (term, value); an empty value shows a dash."""
    return component("definition_list", pairs=list(pairs), is_dense=is_dense)


@register.simple_tag(takes_context=True)
def tabs(context, items, label=""):
    """Draw tabs as links: mappings with label, url, is_current and count."""
    keys = ("label", "url", "is_current", "count", "tone")
    rows = [{key: item.get(key, "") for key in keys} for item in items]
    return component("tabs", items=rows, label=label or _("Sections"))


@register.simple_tag(takes_context=True)
def places(context, group, label="", is_open=False):
    """
    Draw the places of a navigation group side by side, the current one marked; nothing when there is but one.

    On a phone many of them fold under a button that names the current one, but where ``is_open`` says that they are
    what the page is about; without JavaScript all of them stand there.
    """
    frame = context["frame"]
    if getattr(getattr(frame, "request", None), "leaves_frame_open", False):
        return open_places(group, str(label), is_open)
    return drawn_places(frame.places(group), group, label, is_open)


def drawn_places(links, group, label="", is_open=False):
    """Return the places of a group as one reader sees them, as markup."""
    if len(links) <= 1:
        return ""
    label = label or _("Places")
    here = next((link.label for link in links if link.is_current), label)
    return component(
        "places",
        items=links,
        label=label,
        here=here,
        is_folded=len(links) > PLACES_IN_A_LINE and not is_open,
        is_many=len(links) > PLACES_IN_A_LINE,
        list_id=f"places-{group}",
    )


@register.simple_tag(takes_context=True)
def pager(context, page, label=""):
    """Draw the way to more rows of a KeysetPage: further, and back to the beginning."""
    return component(
        "pager",
        more_url=querystring(context, after=page.next_token) if page.next_token else "",
        first_url="" if page.is_first else querystring(context),
        label=label or _("More"),
    )


@register.simple_block_tag
def data_table(content, caption="", is_dense=False, show_caption=False, shape=""):
    """
    Frame <thead> and <tbody> as a table that becomes cards on phones; give each <td> a data-label.

    ``shape`` says what the cards are like: "prose" where cells hold sentences, "figures" where they hold numbers only.
    """
    return component(
        "data_table", content=content, caption=caption, is_dense=is_dense, show_caption=show_caption, shape=shape
    )


@register.simple_block_tag
def filters_bar(content, action="", count="", clear_url=""):
    """Frame GET form fields as a bar that folds on phones."""
    return component("filters_bar", content=content, action=action, count=count, clear_url=clear_url)


@register.simple_block_tag
def receipt(content, title, number="", code="", due_on=None, fingerprint="", qr="", qr_label=""):
    """Draw a receipt like a slip of paper; ``qr`` is ready SVG, the block says what happens next."""
    return component(
        "receipt",
        content=content,
        title=title,
        number=number,
        code=code,
        due_on=due_on,
        fingerprint=fingerprint,
        qr=qr,
        qr_label=qr_label,
    )


@register.simple_block_tag
def button_row(content, tone=""):
    """Set buttons in a row that stacks on phones; the main one first."""
    return component("button_row", content=content, tone=tone)


@register.simple_tag
def button(label, url="", tone="", icon="", name="", value="", kind="submit", busy="", key="", extra=""):
    """
    Draw a button, or a link that looks like one when ``url`` is given.

    Tones: (none) primary, secondary, quiet, danger, seal. ``busy`` is its word
    while the form is being sent, ``key`` its keyboard shortcut.
    """
    return component(
        "button",
        label=label,
        url=url,
        tone=tone or "primary",
        icon=icon,
        name=name,
        value=value,
        kind=kind,
        busy=busy,
        key=key,
        extra=extra,
    )


@register.simple_tag(takes_context=True)
def chart_with_table(context, chart, is_open=False):
    """Draw a chart of portal.kernel.charts with its numbers as a table, which is open in elder mode."""
    is_elder = getattr(context.get("request"), "is_elder_mode", False)
    return component("chart_with_table", chart=chart, is_open=is_open or is_elder)
