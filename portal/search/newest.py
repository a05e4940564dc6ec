"""
Looking through the newest entries for words that stand in many of them.

An index of grams has to name every text that holds a common word before the
newest can be told; whoever goes through the newest entries and looks at their
text meets enough after a few hundred. For rare words it is the other way
round, so the planner's own count of the grams decides which way is taken; what
is found does not depend on it.
"""

from django.db import connection
from django.db.models import Max, Min

from portal.kernel.keeping import remembered
from portal.kernel.paging import beyond

from .folding import grams_for
from .models import SearchEntry
from .statements import ORDER, among, day_of, holding

# So many of the newest entries are looked through before the index is asked for all that fit.
WINDOW = 2000
# A word is common when at least one text in so many holds it.
COMMON_OF = 4
FREQUENCY_SECONDS = 600


def behind_key(shown, key):
    """Return the entries that stand behind a key (on, pk) in the newest-first order; all for None."""
    return shown if key is None else shown.filter(beyond(ORDER, key))


def among_newest(shown, terms, need, *, is_titled):
    """Return the newest ``need`` keys (on, pk) with the words in the title, or in the text only, within WINDOW."""
    held = titled, title_params = holding("folded_title", terms)
    if not is_titled:
        text, params = holding("folded", terms)
        held = f"{text} AND NOT ({titled})", [*params, *title_params]
    sql, params = among(shown.order_by(*ORDER), held, WINDOW, '"on", pk', need)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [(day_of(on), pk) for on, pk in cursor.fetchall()]


def are_common(terms):
    """Return whether the words stand in so many texts that the newest entries will yield enough of them."""
    known = remembered("search:frequency", _frequencies, seconds=FREQUENCY_SECONDS)
    shares = [_share(known, *gram) for gram in grams_for(terms)] if known else [0.0]
    return min(shares) * COMMON_OF >= 1


def middle_key():
    """Return a key in the midst of all entries by the order of their filing, as it was ten minutes ago at most."""
    return remembered("search:middle", _middle, seconds=FREQUENCY_SECONDS)


def _middle():
    ends = SearchEntry.objects.aggregate(first=Min("pk"), last=Max("pk"))
    return ((ends["first"] or 0) + (ends["last"] or 0)) // 2


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
