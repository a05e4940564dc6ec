"""
The statements of a search: how many fit, the keys of a page, and what the page shows of them, all by one.

Each is put together once for a shape of what is asked (how far a reader reaches, which filters, how many words), and
what it is about comes in as values, so that neither Django nor the server has to think about it again.
"""

import datetime as dt
from functools import lru_cache
from typing import NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Case, DateField, TextField, Value, When

from portal.kernel.paging import beyond
from portal.kernel.prepared import Prepared, Slot

from .fields import QueryField
from .folding import grams_for
from .models import stands_in
from .sight import in_slots

ORDER = ("-on", "-pk")
LEAD, SNIPPET = 36, 160
# Of more words, and with filters, each other search is another statement: those no server should keep.
PREPARED_TERMS = 3
MOST_SHAPES = 256
# Of a piece one character more, which says whether the text goes on; to count a text means to read it to its end.
TOLD = f"kind, object_key, title, name, begins_at, SUBSTR(text, begins_at, {SNIPPET + 1})"
_ENGINES = {"postgresql": ("STRPOS", "GREATEST"), "sqlite": ("INSTR", "MAX")}


class FoundEntry(NamedTuple):
    """What a page shows of an entry, with the piece of its text around the first word, and one character more."""

    is_titled: bool
    on: dt.date
    pk: int
    kind: str
    object_key: str
    title: str
    unit_name: str | None
    begins_at: int
    piece: str

    @property
    def snippet(self):
        return self.piece[:SNIPPET]

    @property
    def goes_on(self):
        """Whether there is more of the text behind the piece."""
        return len(self.piece) > SNIPPET

    @property
    def place(self):
        """Where it stands in the order of all that was found."""
        return self.is_titled, self.on, self.pk


class Size(NamedTuple):
    """How many rows of a page are wanted, how many are counted, and through how many of the newest is looked."""

    need: int
    count: int
    window: int = 0


def indexed(sight, terms, place, size):
    """Return how many of the entries that hold all the words there are, and those of the page behind a place."""
    return _answer(_indexed, sight, terms, place, size, grams=grams_for(terms))


def walked(sight, terms, place, size):
    """Return the same from the newest entries alone; the page has only those with all the words in the title."""
    return _answer(_walked, sight, terms, place, size)


def told(sight, terms, keys):
    """Return the entries of the keys (is_titled, on, pk), in their order, as far as they may still be found."""
    found = sight.entries().filter(pk__in=[pk for *_, pk in keys]).values("on", "pk").query.sql_with_params()
    sql, params = _rows_of("found", terms)
    with connection.cursor() as cursor:
        cursor.execute(
            f'WITH found AS ({found[0]}), told AS MATERIALIZED ({sql}) SELECT "on", pk, {TOLD} FROM told',  # noqa: S608 -- built here
            [*found[1], *params],
        )
        rows = {pk: (day_of(on), pk, *more) for on, pk, *more in cursor.fetchall()}
    # One that has just been taken out is missing, and is simply not shown.
    return [FoundEntry(is_titled, *rows[pk]) for is_titled, _on, pk in keys if pk in rows]


def _answer(statement, sight, terms, place, size, **more):
    longs = tuple(len(term) > 2 for term in terms)
    values = sight.values | {f"term{number}": term for number, term in enumerate(terms)} | more
    if place is not None:
        values |= {"last_on": place[1], "last_pk": place[2]}
    prepared = statement(sight.shape, longs, place and place[0], size)
    rows = prepared.rows(**values)
    return rows[0][0], [FoundEntry(bool(is_titled), day_of(on), *rest) for _n, is_titled, on, *rest in rows if rest[0]]


@lru_cache(maxsize=MOST_SHAPES)
def _indexed(shape, longs, behind_title, size):
    def build():
        terms = _terms(longs)
        rows = in_slots(shape).entries().filter(grams__holds=Slot("grams", QueryField()))
        rows = rows.filter(stands_in("folded", [term for term, is_long in zip(terms, longs, strict=True) if is_long]))
        in_title = When(stands_in("folded_title", terms), then=Value(True))
        is_titled = Case(in_title, default=Value(False), output_field=BooleanField())
        # Without an order, so that the index alone says when there are enough.
        keys = rows.annotate(is_titled=is_titled).values_list("is_titled", "on", "pk")[: size.count]
        behind, at = _behind(behind_title)
        page = (
            f'SELECT is_titled, "on", pk FROM found WHERE {behind}'  # noqa: S608 -- built here
            f' ORDER BY is_titled DESC, "on" DESC, pk DESC LIMIT {size.need}'
        )
        return _whole(keys.query.sql_with_params(), (page, at), terms)

    return Prepared(build, by_key=_is_usual(shape, longs))


@lru_cache(maxsize=MOST_SHAPES)
def _walked(shape, longs, behind_title, size):
    def build():
        terms, shown = _terms(longs), in_slots(shape).entries()
        found = _newest(shown, "folded", terms, size.window, "1", size.count)
        # Behind a text without the words in its title there is none with them.
        need = 0 if behind_title is False else size.need
        rest = shown.filter(beyond(ORDER, _last())) if behind_title else shown
        page = _newest(rest, "folded_title", terms, size.window, 'TRUE AS is_titled, "on", pk', need)
        return _whole(found, page, terms)

    return Prepared(build, by_key=_is_usual(shape, longs))


def _is_usual(shape, longs):
    _kinds, _reach, filters = shape
    return not filters and len(longs) <= PREPARED_TERMS


def _whole(found, page, terms):
    """Return the statement, and its values, that counts one and shows the other."""
    rows, params = _rows_of("page", terms)
    sql = (
        f"WITH found AS MATERIALIZED ({found[0]}), page AS MATERIALIZED ({page[0]}), told AS MATERIALIZED ({rows})"  # noqa: S608 -- built here
        f' SELECT (SELECT COUNT(*) FROM found), is_titled, "on", pk, {TOLD}'
        ' FROM (SELECT 1) AS one LEFT JOIN told ON TRUE ORDER BY is_titled DESC, "on" DESC, pk DESC'
    )
    return sql, [*found[1], *page[1], *params]


def _newest(shown, column, terms, window, columns, most):
    # Sliced, then filtered: the ORM cannot say it. The inner statement stops as soon as the outer one has enough.
    sliced = shown.order_by(*ORDER).values_list("folded_title", "folded", "on", "pk")[:window]
    inner, params = sliced.query.sql_with_params()
    condition, more = holding(column, terms)
    sql = f"SELECT {columns} FROM ({inner}) AS newest WHERE {condition} LIMIT {most}"  # noqa: S608 -- built here
    return sql, [*params, *more]


def holding(column, terms):
    """Return the condition that a folded text holds each of the words, character for character, and its values."""
    find, _most = _ENGINES[connection.vendor]
    return " AND ".join(f"{find}({column}, %s) > 0" for _term in terms), list(terms)


def _behind(behind_title):
    if behind_title is None:
        return "TRUE", []
    on, pk = _last()
    same = f'{"" if behind_title else "NOT "}is_titled AND ("on" < %s OR "on" = %s AND pk < %s)'
    return f"({same}{' OR NOT is_titled' if behind_title else ''})", [on, on, pk]


def _rows_of(keys, terms):
    """Return what is read of the entries with the keys of a table, and the values in it; ``TOLD`` is made of it."""
    find, most = _ENGINES[connection.vendor]
    text = "SUBSTR(entry.folded, LENGTH(entry.title) + 2)"
    first = ", ".join(f"NULLIF({find}({text}, %s), 0)" for _term in terms)
    # Mostly the first word stands in the text only: then its place is known without cutting the title off.
    place = f"{find}(entry.folded, %s) - LENGTH(entry.title) - 1"
    start = f"CASE WHEN {place} > 0 THEN {place} ELSE COALESCE({first}, 1) END"
    sql = (
        f"SELECT {keys}.*, entry.kind, entry.object_key, entry.title, unit.name, entry.text,"  # noqa: S608 -- built here
        f" {most}({start} - {LEAD}, 1) AS begins_at"
        f" FROM {keys} JOIN search_searchentry AS entry ON entry.id = {keys}.pk"
        " LEFT JOIN accounts_unit AS unit ON unit.id = entry.unit_id"
    )
    return sql, [terms[0], terms[0], *terms]


def _terms(longs):
    return [Slot(f"term{number}", TextField()) for number in range(len(longs))]


def _last():
    return Slot("last_on", DateField()), Slot("last_pk", BigIntegerField())


def day_of(value):
    """Return a day as the engine gives it: SQLite knows none."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value
