"""Which addresses a link may have."""

import re

from portal.kernel.texts import without_unseen

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
_ALLOWED = re.compile(r"(https?://[^/\s]|mailto:[^@\s]+@)", re.I)
_UNWANTED = re.compile(r"[\x00-\x20\x7f-\xa0\u3000\\<>\"'`{}|^]")
MAX_LENGTH = 2000


def safe_address(value):
    """
    Return the address a link may lead to, or "".

    Allowed are http, https, mailto and places of this portal (a path, a query
    or the name of a clause). Programs read odd characters differently: an
    address with one leads nowhere. Word's own jumps (#_Toc…) have no target
    here.
    """
    address = without_unseen(value).strip(" \t\n\r\f\xa0\u3000")
    if not address or len(address) > MAX_LENGTH or _UNWANTED.search(address):
        return ""
    if _ALLOWED.match(address):
        return address
    if _SCHEME.match(address) or address.startswith(("//", "#_")) or ":" in address.split("/")[0].split("?")[0]:
        return ""
    return address
