"""
Rich text: what publications, briefings, regulations and the bulletin are written in.

    RichTextField                         in forms: editor, or plain text without JavaScript
    clean(markup)                         on save; operations call it again on what they are given
    {{ text|rich }} {{ text|anchored }}   on pages, cleaned again
    text_of(markup) excerpt(markup, 120)  for search, mail and lists
    blocks_of(markup)                     clauses with anchors for opinions and quotations
    compare(before, after)                two versions; {% text_compare before after %} draws them
    from_plain(text) to_plain(markup)     plain text with a few signs
"""

from portal.kernel.richtext.cleaning import LIMIT, clean, is_markup, purify
from portal.kernel.richtext.comparing import compare
from portal.kernel.richtext.plain import from_plain, to_plain
from portal.kernel.richtext.reading import blocks_of, count_of, excerpt, is_empty, text_of, with_anchors

__all__ = [
    "LIMIT",
    "blocks_of",
    "clean",
    "compare",
    "count_of",
    "excerpt",
    "from_plain",
    "is_empty",
    "is_markup",
    "purify",
    "text_of",
    "to_plain",
    "with_anchors",
]
