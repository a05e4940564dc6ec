"""Filters and tags that show rich text: the one place where markup that people wrote is marked as safe."""

import re

from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from portal.kernel import richtext

from .parts import component

register = template.Library()


def _shown(markup):
    # Wide tables scroll in a box of their own, which a keyboard must be able to reach; made here, from clean markup.
    label = _("Table: swipe sideways to see all of it")
    opening = f'<div class="rich-table" role="group" tabindex="0" aria-label="{label}"><table'
    return re.sub(r"<table\b", opening, markup).replace("</table>", "</table></div>")


@register.filter
def rich(value):
    """Return rich text for a page, cleaned again whatever the database holds; plain text becomes paragraphs."""
    text = str(value or "")
    return mark_safe(_shown(richtext.purify(text if richtext.is_markup(text) else richtext.from_plain(text))))


@register.filter
def anchored(value, prefix=""):
    """Return rich text in which every clause has its anchor as id; ``prefix`` keeps two texts of a page apart."""
    return mark_safe(_shown(richtext.with_anchors(str(value or ""), prefix)))


@register.filter
def plain(value):
    """Return rich text as plain text with signs for headings, items and cells."""
    return richtext.to_plain(str(value or ""))


@register.filter
def excerpted(value, length=120):
    """Return the first words of rich text on one line."""
    return richtext.excerpt(str(value or ""), int(length))


@register.simple_tag
def text_compare(before, after, before_label="", after_label=""):
    """Draw two versions of rich text: side by side on wide screens, in one column on phones."""
    found = richtext.compare(str(before or ""), str(after or ""))
    return component(
        "text_compare",
        found=found,
        before_label=before_label or _("Before"),
        after_label=after_label or _("After"),
    )
