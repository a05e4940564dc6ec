"""What texts are made of when they are written and shown: cleaned markup, and the fingerprint that is published."""

import hashlib
import json

from portal.kernel.richtext import clean, text_of

# The words of a publication: what a version keeps and its fingerprint covers.
TEXTS = ("title", "body", "basis", "method", "objections_heard")
# What a public notice says of itself beside its text, by the name in forms and that of the column: names stand there.
NOTICE_WORDS = {"about": "about", "notice_basis": "basis", "outcome_note": "outcome_note"}


def notice_words(notice):
    """Return the words of a public notice as they are shown now, by their names in forms."""
    return {name: getattr(notice, column) for name, column in NOTICE_WORDS.items()}


def notice_words_unmasked(notice):
    """Return the words of a public notice as they were before anybody masked them."""
    return {**notice_words(notice), **(notice.unmasked or {})}


def cleaned(markup):
    """Return a text as it is stored: clean markup, whatever it came from."""
    return clean(markup)


def fingerprint_of(number, texts):
    """
    Return the SHA-256 over number and texts, as hexadecimal digits.

    Printed beside the text and kept in the ledger, so that a text changed
    behind everybody's back no longer fits what was published.
    """
    canonical = json.dumps({"number": number, **texts}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def plain(markup):
    """Return a text without its markup, for feeds, search and excerpts."""
    return text_of(markup)
