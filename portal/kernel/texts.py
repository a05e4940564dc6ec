"""Text as people type it, cleaned of what breaks databases, pages and trust."""

import re
import unicodedata

from django.utils.translation import pgettext

# Marks that reorder or hide what follows: a name could be made to read backwards.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_FULLWIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def without_unseen(value):
    """Return text without control, surrogate, invisible and reordering characters; nothing else changes."""
    return _INVISIBLE.sub("", _CONTROL.sub("", value))


def clean_text(value):
    """Return text in composed form without control, surrogate or reordering characters; line ends are LF."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", without_unseen(value)).strip()


def clean_line(value):
    """Return clean text on one line with single spaces."""
    return " ".join(clean_text(value).split())


def to_halfwidth(value):
    """Return the text with full-width letters, digits and spaces (１２Ａ　) in their ASCII form."""
    return value.translate(_FULLWIDTH)


def clean_code(value):
    """Return a typed code (job number, receipt code) in upper case without spaces or dashes."""
    return re.sub(r"[\s\-–—·.]", "", to_halfwidth(clean_text(value))).upper()


def masked_name(name):
    """Return a person's name with all but the first character hidden (张三丰 becomes 张**)."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""


def colon():
    """Return what stands between a label and its words: "：" in Chinese, ": " in English."""
    return pgettext("between a label and its words", ": ")


def comma():
    """Return what stands between two parts of a line: "，" in Chinese, ", " in English."""
    return pgettext("between two parts of a line", ", ")


def listing():
    """Return what stands between two of a list of names: "、" in Chinese, ", " in English."""
    return pgettext("between two of a list", ", ")


def semicolon():
    """Return what stands between two clauses: "；" in Chinese, "; " in English."""
    return pgettext("between two clauses", "; ")


def stop():
    """Return what stands between two sentences: "。" in Chinese, ". " in English."""
    return pgettext("between two sentences", ". ")


def followed(first, second):
    """Return two whole sentences, one after the other; only English has a space between them."""
    pattern = pgettext("one sentence after another", "%(first)s %(second)s")
    return pattern % {"first": first, "second": second}


def bracketed(words):
    """Return words in brackets as they follow other words: "（…）" in Chinese, " (…)" in English."""
    return pgettext("in brackets, after other words", " (%(words)s)") % {"words": words}
