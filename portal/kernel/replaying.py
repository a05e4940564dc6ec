"""
Pages of many statements, kept for visitors by what these statements say.

What a page shows a visitor follows from its address, the day, and the rows that were read for it. So the statements
of a page that was drawn are noted, and asked again, as they stand, when somebody wants the page: if they say
what they said, the page would be drawn to the same letters, because the first of them was asked whatever the
database said, and each later one because of what the earlier ones had said. That saves building statements,
instances and markup, which is nine tenths of such a page. They are asked once a second at most (ADR 0033).

A page is kept only when its statements say the same before and after it was drawn: whatever is written in between
makes another page. A moment among the values that lies within the request is "now", and is asked as the later
request's own; a page that counts from now in hours, or takes something out of a cache, has no place here.
"""

import datetime as dt
import hashlib
import re

from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from .days import local_day
from .keeping import AROUND_SECONDS, Shelf, fingerprint, is_kept_for, kept_page, remembered
from .planned import Planned

MOST_NOTED, MOST_NOTED_BYTES = 500, 2 * 2**20
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")
NOW = object()

_noted = Shelf(most_bytes=MOST_NOTED_BYTES, most=MOST_NOTED)
_planned = {}
MOST_PLANNED, MOST_TOGETHER = 200, 30


def page_as_read(request, draw):
    """
    Return the page that ``draw()`` draws, or the one that was kept, or 304; for others than visitors always drawn.

    :raises Http404: as ``draw`` does.
    """
    if not is_kept_for(request):
        return draw()
    at = timezone.now()  # noqa: TID251 -- a request's now
    place = fingerprint(request, local_day(at))
    statements = _noted.find(place)
    if statements is None:
        response, statements = _noting(draw)
        _note(place, statements, response)
        return response
    said = remembered(("said", place), lambda: _said(statements, at), seconds=AROUND_SECONDS)
    drawn = []

    def render():
        response, again = _noting(draw)
        drawn.append(response)
        if again != statements:
            _note(place, again, response)
            return None
        return response.content if response.status_code == 200 and _said(statements, at) == said else None

    response = kept_page(request, hashlib.sha256(f"{place} {said}".encode()).hexdigest(), render)
    return drawn[0] if response is None else response


def _note(place, statements, response):
    # Whatever is not plainly a reading is never said again.
    if response.status_code == 200 and all(sql.startswith("SELECT ") for sql, _params in statements):
        _noted.put(place, statements, sum(len(sql) + 100 * len(params) for sql, params in statements))


def _noting(draw):
    """Return what ``draw()`` returns and the statements it asked, [(sql, values)]."""
    statements, began = [], timezone.now()  # noqa: TID251 -- a request's now

    def note(execute, sql, params, many, context):
        ended = timezone.now()  # noqa: TID251 -- a request's now
        statements.append((sql, tuple(NOW if _is_between(one, began, ended) else one for one in params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        return draw(), statements


def _is_between(value, began, ended):
    if connection.vendor == "sqlite" and isinstance(value, str) and MOMENT.fullmatch(value):
        value = parse_datetime(value).replace(tzinfo=dt.UTC)
    return isinstance(value, dt.datetime) and value.tzinfo is not None and began <= value <= ended


def _said(statements, at):
    """Return a digest of what the statements say now."""
    digest = hashlib.sha256()
    for sql, params in _together(statements):
        # PostgreSQL gives binary columns as views, whose representation is an address.
        rows = [[bytes(one) if isinstance(one, memoryview) else one for one in row] for row in _ask(sql, params, at)]
        digest.update(repr(rows).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _together(statements):
    """Return the statements that go by key as a single one, where the engine can say a whole row, and the others."""
    if connection.vendor != "postgresql":
        return statements
    by_key = [one for one in statements if NOW not in one[1]]
    others = [one for one in statements if NOW in one[1]]
    for start in range(0, len(by_key), MOST_TOGETHER):
        some = by_key[start : start + MOST_TOGETHER]
        # Each was said by the ORM a moment ago, with its values apart from it.
        rows = ["(SELECT STRING_AGG(said::text, '\n') FROM (" + sql + ") said)" for sql, _params in some]  # noqa: S608 -- values apart
        others.append(("SELECT " + ", ".join(rows), tuple(value for _sql, params in some for value in params)))
    return others


def _ask(sql, params, at):
    if NOW in params:
        # Not planned once: what goes by key is, but for other moments one plan may be the wrong one.
        now = connection.ops.adapt_datetimefield_value(at)
        with connection.cursor() as cursor:
            cursor.execute(sql, [now if one is NOW else one for one in params])
            return cursor.fetchall()
    if sql not in _planned:
        if len(_planned) >= MOST_PLANNED:
            _planned.clear()
        _planned[sql] = Planned(sql, params, lambda one: "unknown")
    return _planned[sql].ask(params)
