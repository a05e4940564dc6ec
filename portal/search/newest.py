"""
Looking through the newest entries for words that stand in many of them.

An index of grams has to name every text that holds a common word before the
newest can be told; whoever goes through the newest entries and looks at their
text meets enough after a few hundred. For rare words it is the other way
round, so the planner's own count of the grams decides which way is taken; what
is found does not depend on it.
"""

import datetime as dt

from django.db import connection

from portal.kernel.keeping import remembered
from portal.kernel.paging import beyond

from .folding import grams_for

# So many of the newest entries are looked through before the index is asked for all that fit.
WINDOW = 2000
# A word is common when at least one text in so many holds it.
COMMON_OF = 4
ORDER = ("-on", "-pk")
FREQUENCY_SECONDS = 600
_PLACE = {"postgresql": "strpos", "sqlite": "instr"}


def walk(shown, terms, count, behind, need):
    """
    Return whether ``count`` of the newest entries hold all the words, and keys (on, pk) that have them in the title.

    The keys are the newest ``need`` behind a key, fewer where the newest entries
    have no more. (False, []) for words too rare to walk.
    """
    if not _are_common(terms):
        return False, []
    text, params = _holding("folded", terms)
    titled, title_params = _holding("folded_title", terms)
    all_newest, all_params = _sliced(shown, WINDOW)
    newest, newest_params = _sliced(behind_key(shown, behind), WINDOW)
    with connection.cursor() as cursor:
        cursor.execute(
            f'WITH page AS MATERIALIZED (SELECT "on", pk FROM ({newest}) AS titles WHERE {titled} LIMIT {int(need)})'  # noqa: S608 -- built here
            f", found AS MATERIALIZED (SELECT 1 FROM ({all_newest}) AS texts WHERE {text} LIMIT {int(count)})"
            ' SELECT (SELECT COUNT(*) FROM found), page."on", page.pk FROM (SELECT 1) AS one LEFT JOIN page ON TRUE',
            [*newest_params, *title_params, *all_params, *params],
        )
        rows = cursor.fetchall()
    keys = [(_day(on), pk) for _count, on, pk in rows if pk is not None]
    return rows[0][0] == count, sorted(keys, reverse=True)


def behind_key(shown, key):
    """Return the entries that stand behind a key (on, pk) in the newest-first order; all for None."""
    return shown if key is None else shown.filter(beyond(ORDER, key))


def counted_first(sql, params, place, need):
    """
    Return how many rows a statement of (is_titled, on, pk) gives, and the first ``need`` of them behind a place.

    In order. The rest stays in the database: a thousand keys cost more to send than to find.
    """
    behind, at = "TRUE", []
    if place is not None:
        is_titled, on, pk = place
        same = f'is_titled = {"TRUE" if is_titled else "FALSE"} AND ("on" < %s OR "on" = %s AND pk < %s)'
        behind, at = f"({same}{' OR NOT is_titled' if is_titled else ''})", [on, on, pk]
    with connection.cursor() as cursor:
        cursor.execute(
            f'WITH found AS MATERIALIZED ({sql}), page AS (SELECT is_titled, "on", pk FROM found WHERE {behind}'  # noqa: S608 -- built here
            f' ORDER BY is_titled DESC, "on" DESC, pk DESC LIMIT {int(need)})'
            ' SELECT (SELECT COUNT(*) FROM found), is_titled, "on", pk FROM (SELECT 1) AS one LEFT JOIN page ON TRUE'
            ' ORDER BY is_titled DESC, "on" DESC, pk DESC',
            [*params, *at],
        )
        rows = cursor.fetchall()
    return rows[0][0], [(bool(is_titled), _day(on), pk) for _n, is_titled, on, pk in rows if pk is not None]


def among_newest(shown, terms, need, *, is_titled):
    """Return the newest ``need`` keys (on, pk) with the words in the title, or in the text only, within WINDOW."""
    titled, title_params = _holding("folded_title", terms)
    if is_titled:
        return _through(shown, WINDOW, titled, title_params, need)
    text, params = _holding("folded", terms)
    return _through(shown, WINDOW, f"{text} AND NOT ({titled})", [*params, *title_params], need)


def _holding(column, terms):
    """Return the condition that a folded text holds each of the words, character for character, and its values."""
    place = _PLACE[connection.vendor]
    return " AND ".join(f"{place}({column}, %s) > 0" for _term in terms), list(terms)


def _sliced(shown, window):
    # Sliced, then filtered: the ORM cannot say it. The inner statement stops as soon as the outer one has enough.
    newest = shown.order_by(*ORDER).values_list("folded_title", "folded", "on", "pk")[:window]
    return newest.query.sql_with_params()


def _day(value):
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def _through(shown, window, condition, params, most):
    inner, inner_params = _sliced(shown, window)
    sql = f'SELECT "on", pk FROM ({inner}) AS newest WHERE {condition} LIMIT {int(most)}'  # noqa: S608 -- built here
    with connection.cursor() as cursor:
        cursor.execute(sql, [*inner_params, *params])
        return [(_day(on), pk) for on, pk in cursor.fetchall()]


def _are_common(terms):
    known = remembered("search:frequency", _frequencies, seconds=FREQUENCY_SECONDS)
    shares = [_share(known, *gram) for gram in grams_for(terms)] if known else [0.0]
    return min(shares) * COMMON_OF >= 1


def _share(known, gram, is_beginning):
    if not is_beginning:
        return known.get(gram, 0.0)
    return max((share for other, share in known.items() if other.startswith(gram)), default=0.0)


def _frequencies():
    """Return which share of the entries holds a gram, for the most frequent ones, as PostgreSQL's planner knows it."""
    if connection.vendor != "postgresql":
        # FTS5 keeps its lists sorted by row and answers common words as fast.
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats"
            " WHERE schemaname = current_schema() AND tablename = 'search_searchentry' AND attname = 'grams'"
        )
        grams, shares = cursor.fetchone() or (None, None)
    # The least, the greatest and the share of nulls stand behind the shares of the grams.
    return dict(zip(grams or (), shares or (), strict=False))
