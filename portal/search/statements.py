"""
The statements of a search: how many fit, the keys of a page, and what the page shows of them, all by one.

Each is put together once for a shape of what is asked (how far a reader reaches, which filters, how many words), and
what it is about comes in as values, so that neither Django nor the server has to think about it again.
"""

import datetime as dt
from functools import lru_cache
from typing import NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Case, DateField, F, Func, TextField, Value, When
from django.db.models.functions import StrIndex

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
_PIECE = f"SUBSTR(text, begins_at, {SNIPPET + 1})"
# PostgreSQL counts a text from its beginning to its end to cut a piece out; of a short one Python does so in less.
SHORT_BYTES = 2400
_SHORT = f"OCTET_LENGTH(text) <= {SHORT_BYTES}"


class _Engine(NamedTuple):
    """How an engine says what both understand; ``piece``: where it begins (below 0: in the whole text), and it."""

    find: str
    most: str
    place: str
    day: str
    piece: str
    # What keeps it from working out anew, outside a subquery, what was worked out inside.
    apart: str


_ENGINES = {
    "postgresql": _Engine(
        find="STRPOS",
        most="GREATEST",
        place="ctid",
        day="\"on\" - DATE '0001-01-01' + 1",
        piece=f"CASE WHEN {_SHORT} THEN -begins_at ELSE begins_at END, CASE WHEN {_SHORT} THEN text ELSE {_PIECE} END",
        apart="OFFSET 0",
    ),
    "sqlite": _Engine(
        find="INSTR",
        most="MAX",
        place="id",
        day='CAST(JULIANDAY("on") - 1721424.5 AS INTEGER)',
        piece=f"begins_at, {_PIECE}",
        apart="",
    ),
}


class FoundEntry(NamedTuple):
    """What a page shows of an entry, with the piece of its text around the first word, and one character more."""

    is_titled: bool
    day: int  # its ordinal: most days are drawn again and again
    pk: int
    kind: str
    object_key: str
    title: str
    unit_id: int | None
    begins_at: int
    piece: str

    @property
    def on(self):
        return dt.date.fromordinal(self.day)

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
    count, entries = _answer(_indexed, sight, terms, place, size, grams=grams_for(terms))
    if not entries and place is not None:
        # Nothing is left behind the place: no row says how many there are before it.
        count, _first = _answer(_indexed, sight, terms, None, size, grams=grams_for(terms))
    return count, entries


def walked(sight, terms, place, size, middle):
    """
    Return the same from the newest entries alone; the page has only those with all the words in the title.

    ``middle`` is a key in the midst of all entries: those behind it are counted if they are enough.
    """
    return _answer(_walked, sight, terms, place, size, middle=middle)


def told(sight, terms, keys):
    """Return the entries of the keys (is_titled, on, pk), in their order, as far as they may still be found."""
    found = sight.entries().filter(pk__in=[pk for *_, pk in keys]).annotate(place=_place()).values("on", "pk", "place")
    (found_sql, at), (sql, params) = found.query.sql_with_params(), _rows_of("found", terms)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH found AS ({found_sql}), told AS MATERIALIZED ({sql}) SELECT {_told()} FROM told",  # noqa: S608 -- built here
            [*at, *params],
        )
        rows = {pk: (day, pk, *more) for day, pk, *more in cursor.fetchall()}
    # One that has just been taken out is missing, and is simply not shown.
    return [_entry(is_titled, *rows[pk]) for is_titled, _on, pk in keys if pk in rows]


def _answer(statement, sight, terms, place, size, **more):
    longs = tuple(len(term) > 2 for term in terms)
    values = sight.values | {f"term{number}": term for number, term in enumerate(terms)} | more
    if place is not None:
        values |= {"last_on": place[1], "last_pk": place[2]}
    prepared = statement(sight.shape, longs, place and place[0], size)
    rows = prepared.rows(**values) or [(0, None)]
    return rows[0][0], [_entry(*row) for _n, *row in rows if row[0] is not None]


def _told():
    """Return the columns of an entry behind is_titled, as ``_entry`` takes them."""
    engine = _engine()
    return f"{engine.day}, pk, kind, object_key, title, unit_id, {engine.piece}"


def _entry(is_titled, day, pk, kind, object_key, title, unit_id, begins_at, piece):
    if begins_at < 0:
        begins_at, piece = -begins_at, piece[-begins_at - 1 : SNIPPET - begins_at]
    return FoundEntry(bool(is_titled), day, pk, kind, object_key, title, unit_id, begins_at, piece)


@lru_cache(maxsize=MOST_SHAPES)
def _indexed(shape, longs, behind_title, size):
    def build():
        terms = _terms(longs)
        rows = in_slots(shape).entries().filter(grams__holds=Slot("grams", QueryField()))
        # One gram is the word itself; several may stand in another order, so that the text has to be opened.
        first, *others = [term for term, is_long in zip(terms, longs, strict=True) if is_long] or [None]
        in_title = When(stands_in("folded_title", terms), then=Value(True))
        is_titled = Case(in_title, default=Value(False), output_field=BooleanField())
        rows = rows.filter(stands_in("folded", others)).annotate(is_titled=is_titled, place=_place())
        columns, condition = ["is_titled", "on", "pk", "place"], "TRUE"
        if first:
            rows = rows.annotate(stands_at=StrIndex(F("folded"), first))
            columns, condition = [*columns, "stands_at"], "stands_at > 0"
        found, params = rows.values_list(*columns).query.sql_with_params()
        # Without an order, so that the index alone says when there are enough.
        found = f"SELECT * FROM ({found} {_engine().apart}) AS opened WHERE {condition} LIMIT {size.count}"  # noqa: S608 -- built here
        behind, at = _behind(behind_title)
        # Counted as they are sorted: to keep them for a second look costs as much as the sorting.
        page = (
            f"SELECT * FROM (SELECT COUNT(*) OVER () AS n, found.* FROM ({found}) AS found) AS counted WHERE {behind}"  # noqa: S608 -- built here
            f' ORDER BY is_titled DESC, "on" DESC, pk DESC LIMIT {size.need}'
        )
        told, more = _rows_of("page", terms, "page.stands_at" if longs[0] else None)
        sql = (
            f"WITH page AS ({page}) SELECT n, is_titled, {_told()} FROM ({told} {_engine().apart}) AS told"  # noqa: S608 -- built here
            ' ORDER BY is_titled DESC, "on" DESC, pk DESC'
        )
        return sql, [*params, *at, *more]

    return Prepared(build, by_key=_is_usual(shape, longs))


@lru_cache(maxsize=MOST_SHAPES)
def _walked(shape, longs, behind_title, size):
    def build():
        terms, shown = _terms(longs), in_slots(shape).entries().annotate(place=_place())
        # That there are more than are counted, any of them prove: mostly those that were filed from the middle on, of
        # which few have to be opened; if they do not, because the words came up elsewhere, the newest.
        in_text = holding("folded", terms)
        middle = shown.filter(pk__gte=Slot("middle", BigIntegerField())).order_by("pk")
        amid, params = among(middle, in_text, size.window, "1", size.count)
        newest = shown.order_by(*ORDER)
        found, also = among(newest, in_text, size.window, "1", size.count)
        # Behind a text without the words in its title there is none with them.
        need = 0 if behind_title is False else size.need
        rest = newest.filter(beyond(ORDER, _last())) if behind_title else newest
        in_title = holding("folded_title", terms)
        page, at = among(rest, in_title, size.window, 'TRUE AS is_titled, "on", pk, place', need)
        told, more = _rows_of("page", terms)
        sql = (
            f"WITH amid AS MATERIALIZED ({amid}), found AS MATERIALIZED ({found}),"  # noqa: S608 -- built here
            f" page AS MATERIALIZED ({page}), told AS MATERIALIZED ({told})"
            f" SELECT CASE (SELECT COUNT(*) FROM amid) WHEN {size.count} THEN {size.count}"
            f" ELSE (SELECT COUNT(*) FROM found) END, is_titled, {_told()}"
            ' FROM (SELECT 1) AS one LEFT JOIN told ON TRUE ORDER BY is_titled DESC, "on" DESC, pk DESC'
        )
        return sql, [*params, *also, *at, *more]

    return Prepared(build, by_key=_is_usual(shape, longs))


def _is_usual(shape, longs):
    _kinds, _reach, filters = shape
    return not filters and len(longs) <= PREPARED_TERMS


def among(shown, held, window, columns, most):
    """Return the statement, and its values, that goes through the first entries until so many are ``holding``."""
    # Sliced, then filtered: the ORM cannot say it. The inner statement stops as soon as the outer one has enough.
    sliced = shown.values_list("folded_title", "folded", "on", "pk", *shown.query.annotations)[:window]
    inner, params = sliced.query.sql_with_params()
    condition, more = held
    sql = f"SELECT {columns} FROM ({inner}) AS among WHERE {condition} LIMIT {int(most)}"  # noqa: S608 -- built here
    return sql, [*params, *more]


def holding(column, terms):
    """Return the condition that a folded text holds each of the words, character for character, and its values."""
    return " AND ".join(f"{_engine().find}({column}, %s) > 0" for _term in terms), list(terms)


def _behind(behind_title):
    if behind_title is None:
        return "TRUE", []
    on, pk = _last()
    same = f'{"" if behind_title else "NOT "}is_titled AND ("on" < %s OR "on" = %s AND pk < %s)'
    return f"({same}{' OR NOT is_titled' if behind_title else ''})", [on, on, pk]


class _Place(Func):
    """
    Where the row of an entry lies in its table, for the rest of this one statement.

    PostgreSQL comes back to it without a look into an index, which costs less than to carry texts along.
    """

    output_field = TextField()

    def as_postgresql(self, compiler, connection):
        (key,) = self.source_expressions
        return f"{compiler.quote_name_unless_alias(key.alias)}.ctid", []

    def as_sqlite(self, compiler, connection):
        return compiler.compile(self.source_expressions[0])


def _place():
    return _Place("pk")


def _engine():
    return _ENGINES[connection.vendor]


def _rows_of(keys, terms, stands_at=None):
    """
    Return what is read of the entries with the places of a table, and the values in it; ``_told()`` is made of it.

    ``stands_at`` is where the first word stands in the folded text, when that is known.
    """
    find, most, place, *_others = _engine()
    at, known = (stands_at, []) if stands_at else (f"{find}(entry.folded, %s)", terms[:1])
    text = "SUBSTR(entry.folded, LENGTH(entry.title) + 2)"
    first = ", ".join(f"NULLIF({find}({text}, %s), 0)" for _term in terms)
    # Mostly the first word stands in the text only: then its place is known without cutting the title off.
    start = f"COALESCE(NULLIF({most}({at} - LENGTH(entry.title) - 1, 0), 0), {first}, 1)"
    sql = (
        f"SELECT {keys}.*, entry.kind, entry.object_key, entry.title, entry.text, entry.unit_id,"  # noqa: S608 -- built here
        f" {most}({start} - {LEAD}, 1) AS begins_at"
        f" FROM {keys} JOIN search_searchentry AS entry ON entry.{place} = {keys}.place"
    )
    return sql, [*known, *terms]


def _terms(longs):
    return [Slot(f"term{number}", TextField()) for number in range(len(longs))]


def _last():
    return Slot("last_on", DateField()), Slot("last_pk", BigIntegerField())


def day_of(value):
    """Return a day as the engine gives it: SQLite knows none."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value
