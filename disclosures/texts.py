"""What texts are made of when they are written and shown: cleaned markup, and the fingerprint that is published."""

import hashlib
import json

from portal.kernel.richtext import clean, text_of

# The words of a publication: what a version keeps and its fingerprint covers.
TEXTS = ("title", "body", "basis", "method", "objections_heard")


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
