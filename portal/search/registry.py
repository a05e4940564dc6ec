"""
The kinds of things that can be found, each offered by its app from ``apps.ready()``.

    register_kind(
        "feedback.inquiry",
        _("public card"),
        icon="message-square-text",
        url=lambda key: reverse("feedback:public", args=[key]),
        documents=public_documents,   # keys -> the Documents of those that may be found now
        keys=public_keys,             # all keys that may be found now
    )

``documents`` is called inside the transaction that files what it returns and
must lock the rows it reads: what an operation hides at the same moment is
then either seen as hidden, or hidden after it was filed.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .enums import Audience


@dataclass(frozen=True)
class Document:
    """One thing as it may be found: its text holds what its audience may read, and nothing else."""

    key: str
    title: str
    text: str
    on: dt.date
    unit_id: int | None = None
    audience: str = Audience.PUBLIC


@dataclass(frozen=True)
class Kind:
    """A kind of thing; ``audience`` is the widest that any of its documents has."""

    code: str
    label: object
    icon: str
    url: Callable[[str], str]
    documents: Callable[[list[str]], Iterable[Document]]
    all_keys: Callable[[], Iterable[str]]
    audience: str = Audience.PUBLIC
    order: int = 100


_KINDS: dict[str, Kind] = {}
# What is asked for at every search: put together once for each edition of the kinds.
_SHOWN: dict[bool, tuple[Kind, ...]] = {}
_edition = {"is": 0}


def register_kind(code, label, *, icon, url, documents, keys, audience=Audience.PUBLIC, order=100):
    """Offer a kind of thing to the search; a second call with the same code replaces the first."""
    _KINDS[code] = Kind(code, label, icon, url, documents, keys, audience, order)
    _change()


def forget_kind(code):
    """Take a kind out again, as a benchmark or a test does that made one up."""
    _KINDS.pop(code, None)
    _change()


def kind_of(code):
    """
    Return the registered kind.

    :raises KeyError: when no app has registered it.
    """
    return _KINDS[code]


def known_kinds():
    """Return all kinds in the order of the filter."""
    return sorted(_KINDS.values(), key=lambda kind: (kind.order, kind.code))


def kinds_for(person):
    """Return the kinds of which a person may find anything at all."""
    is_signed_in = person.is_authenticated
    if is_signed_in not in _SHOWN:
        _SHOWN[is_signed_in] = tuple(kind for kind in known_kinds() if is_signed_in or kind.audience == Audience.PUBLIC)
    return _SHOWN[is_signed_in]


def edition():
    """Return a number that becomes another one when the kinds do."""
    return _edition["is"]


def _change():
    _SHOWN.clear()
    _edition["is"] += 1
