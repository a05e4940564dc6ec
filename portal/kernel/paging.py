"""Pages of a list by key: the first and the thousandth cost the same, and no row is counted."""

import base64
import binascii
import datetime as dt
import json
import uuid
from dataclasses import dataclass

from django.core.exceptions import FieldError, ValidationError
from django.db.models import Q


@dataclass(frozen=True)
class KeysetPage:
    """The rows of one page, and the token of the next one ("" on the last)."""

    items: list
    next_token: str
    is_first: bool

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)


def keyset_page(queryset, *, order, token="", size=25):
    """
    Return one page of a query by the values of its order, never by offset.

    ``order`` is a tuple of field names, each with "-" for descending; together
    they must be unique and not null (end with the primary key). A token that
    does not fit is taken as none: a stale or forged link shows the first page.
    """
    names = [name.lstrip("-") for name in order]
    rows = queryset.order_by(*order)
    after = _decode(token, len(names))
    if after is not None:
        try:
            rows = rows.filter(beyond(order, after))
            items = list(rows[: size + 1])
        except (ValueError, TypeError, ValidationError, OverflowError, FieldError):
            after, items = None, list(queryset.order_by(*order)[: size + 1])
    else:
        items = list(rows[: size + 1])
    has_more = len(items) > size
    items = items[:size]
    next_token = token_of(items[-1], order) if has_more else ""
    return KeysetPage(items, next_token, after is None)


def token_of(item, order):
    """Return the token of the page that begins behind an item."""
    return _encode([_value(item, name.lstrip("-")) for name in order])


def read_token(token, count):
    """Return the values of a token that has so many, or None; for lists that are put together from several queries."""
    return _decode(token, count)


def write_token(values):
    """Return the token of these values."""
    return _encode(values)


def beyond(order, after):
    """Return a Q for the rows behind a place: (a > x) or (a = x and b > y) …, each in its own direction."""
    beyond, same = Q(), Q()
    for name, value in zip(order, after, strict=True):
        field, step = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        beyond |= same & Q(**{f"{field}__{step}": value})
        same &= Q(**{field: value})
    # A plain range on the first key lets the index start at the right place on both engines.
    first, value = order[0], after[0]
    bound = Q(**{f"{first[1:]}__lte": value}) if first.startswith("-") else Q(**{f"{first}__gte": value})
    return bound & beyond


def _value(item, name):
    for part in name.split("__"):
        item = item[part] if isinstance(item, dict) else getattr(item, part)
    return item


def _encode(values):
    def plain(value):
        if isinstance(value, dt.datetime):
            return {"t": value.isoformat()}
        if isinstance(value, dt.date):
            return {"d": value.isoformat()}
        if isinstance(value, uuid.UUID):
            return {"u": str(value)}
        return value

    return base64.urlsafe_b64encode(json.dumps([plain(v) for v in values]).encode()).decode().rstrip("=")


def _decode(token, count):
    if not token or len(token) > 400:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if not isinstance(values, list) or len(values) != count:
            return None
        return [_read(value) for value in values]
    except (ValueError, TypeError, KeyError, binascii.Error, UnicodeDecodeError, RecursionError):
        return None


def _read(value):
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        if not isinstance(text, str):
            raise ValueError("not a key")
        readers = {"t": dt.datetime.fromisoformat, "d": dt.date.fromisoformat, "u": uuid.UUID}
        read = readers[kind](text)
        if kind == "t" and read.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return read
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("not a key")
    if isinstance(value, int) and abs(value) > 2**62 or isinstance(value, str) and "\x00" in value:
        raise ValueError("not a key")
    return value
