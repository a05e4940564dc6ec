"""The list of published texts, newest first: rows as plain text, which is the key of whatever is kept of them."""

import datetime as dt
import json
import uuid
from functools import lru_cache
from types import SimpleNamespace

from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, DateField, DateTimeField, Q, UUIDField

from portal.accounts.readers import read_for
from portal.kernel.paging import KeysetPage, beyond, keyset_page, read_token, write_token
from portal.kernel.prepared import Prepared, Row, Slot, instance_of, moment_of

from ..enums import PublicationState
from ..models import Publication
from .publications import inside, publications_appeared, reach_of, readable_by, readable_from

PAGE_SIZE = 25
ORDER = ("-publish_at", "-id")
# All that a row of the list is made of.
FIELDS = (
    *("id", "year", "serial", "kind", "state", "title", "publish_at", "shown_until", "is_forced", "is_must_read"),
    *("audience", "item__id", "item__code", "unit__id", "unit__name"),
)


def filtered(rows, chosen, today):
    """Return published texts that fit the filters; without a wish for the past, only those on show."""
    if not chosen.get("past") and not chosen.get("year") and not chosen.get("q"):
        rows = rows.filter(shown_until__gte=today).exclude(state=PublicationState.WITHDRAWN)
    if words := chosen.get("q"):
        rows = rows.filter(_fits(words))
    if section := chosen.get("section"):
        rows = rows.filter(item__section=section)
    if unit := chosen.get("unit"):
        rows = rows.filter(inside([unit]))
    if kind := chosen.get("kind"):
        rows = rows.filter(kind=kind)
    if year := chosen.get("year"):
        rows = rows.filter(year=int(year))
    return rows


def _fits(words):
    year, dash, serial = words.partition("-")
    if dash and year.isascii() and year.isdigit() and len(year) == 4 and serial.isascii() and serial.isdigit():
        return Q(year=int(year), serial=int(serial[:9]))
    return Q(title__contains=words) & ~Q(state=PublicationState.WITHDRAWN)


def texts_page(user, chosen, *, token, at, today):
    """Return a page of the texts that this reader may read and that fit the filters, as lines: see ``text_of``."""
    if not chosen.keys() - {"past"}:
        return _plain_page(user, "past" in chosen, token, at, today)
    rows = filtered(publications_appeared(user, at), chosen, today).annotate(line=Row(*FIELDS))
    page = keyset_page(
        rows.values_list("publish_at", "id", "line", named=True), order=ORDER, token=token, size=PAGE_SIZE
    )
    return KeysetPage([row.line for row in page], page.next_token, page.is_first)


def text_of(line):
    """Return the text of a line, with its item and unit, as far as a list shows them."""
    return instance_of(Publication, FIELDS, line)


def _plain_page(user, is_past, token, at, today):
    after = read_token(token, len(ORDER))
    if after is not None and not (isinstance(after[0], dt.datetime) and isinstance(after[1], uuid.UUID)):
        after = None
    values = {"at": at, "today": today} | (dict(zip(("last_at", "last_id"), after, strict=True)) if after else {})
    reach = reach_of(user) if user.is_authenticated else None

    def read():
        counts = None if reach is None else tuple(map(len, reach))
        told = {} if reach is None else _reach_values(reach)
        lines = [line for (line,) in _statement(counts, is_past, after is not None).rows(**values, **told)]
        next_token = _token_behind(lines[PAGE_SIZE - 1]) if len(lines) > PAGE_SIZE else ""
        return KeysetPage(lines[:PAGE_SIZE], next_token, after is None)

    if after is not None:
        return read()
    own = None if reach is None else tuple(reach[0])
    return read_for(user, ("newest texts", is_past, today, own), read)


def _token_behind(line):
    told = dict(zip(FIELDS, json.loads(line), strict=True))
    return write_token((moment_of(told["publish_at"]), uuid.UUID(told["id"])))


def _reach_values(reach):
    own, *units = reach
    values = {f"own{number}": path for number, path in enumerate(own)}
    for kind, some in zip(("read", "prepared"), units, strict=True):
        for number, unit in enumerate(some):
            values |= {f"{kind}{number}": unit.path, f"{kind}{number}_end": unit.path_end}
    return values


def _reach_slots(counts):
    own, *units = counts
    yield [Slot(f"own{number}", CharField()) for number in range(own)]
    for kind, count in zip(("read", "prepared"), units, strict=True):
        yield [
            SimpleNamespace(
                path=Slot(f"{kind}{number}", CharField()), path_end=Slot(f"{kind}{number}_end", CharField())
            )
            for number in range(count)
        ]


@lru_cache(maxsize=64)
def _statement(counts, is_past, is_after):
    """Return what nearly all ask for: the newest texts of a visitor, or of somebody with a reach of so many units."""

    def build():
        rows = Publication.objects.appeared(Slot("at", DateTimeField()))
        rows = rows.filter(readable_by(AnonymousUser()) if counts is None else readable_from(*_reach_slots(counts)))
        rows = filtered(rows, {"past": True} if is_past else {}, Slot("today", DateField(), is_constant=True))
        if is_after:
            rows = rows.filter(beyond(ORDER, (Slot("last_at", DateTimeField()), Slot("last_id", UUIDField()))))
        # Which they are is found first, so that nothing is joined to, and told of, what is not on the page.
        found = rows.order_by(*ORDER).values("pk")[: PAGE_SIZE + 1]
        return Publication.objects.filter(pk__in=found).order_by(*ORDER).values_list(Row(*FIELDS))

    return Prepared(build, by_now=True)
