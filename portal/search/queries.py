"""
Finding: what holds all the words, among what this person may see, in one order.

The order: those with all the words in the title before those with a word only
in the text; within both the newest day first, and of one day the one filed
last. It needs no statistics of the whole collection, so it is the same on both
engines, and nobody can shift it by repeating a word.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import DateField, Func

from portal.kernel.paging import KeysetPage, read_token, write_token

from .folding import terms_of
from .models import stands_in
from .newest import WINDOW, among_newest, are_common, behind_key, middle_key
from .sight import sight_of
from .statements import Size, indexed, told, walked

PAGE_SIZE = 20
# So many are counted exactly, and so many keys sorted as a whole; of more only the first ones are looked for.
COUNTED, SORTED = 100, 1000


@dataclass(frozen=True)
class Found:
    """One page of what was found, and how much there is: exactly up to COUNTED."""

    terms: list
    page: KeysetPage
    count: int

    @property
    def is_more_than_counted(self):
        return self.count > COUNTED


def search(words, *, person, after="", size=PAGE_SIZE, **chosen):
    """
    Return what this person finds for the words, behind the place that the token ``after`` names.

    ``chosen`` are the filters: kind (a code), unit, since and until (days); those that say nothing are none.
    """
    terms = terms_of(words)
    if not terms:
        return Found([], KeysetPage([], "", True), 0)
    sight = sight_of(person, {name: value for name, value in chosen.items() if value})
    place = _place_of(after)
    count, entries, is_walked = 0, [], are_common(terms)
    if is_walked:
        count, entries = walked(sight, terms, place, Size(size + 1, COUNTED + 1, WINDOW), middle_key())
        is_walked = count > COUNTED
    if not is_walked:
        count, entries = indexed(sight, terms, place, Size(size + 1, SORTED + 1))
    if is_walked and len(entries) <= size or count > SORTED:
        keys = _first_of_many(sight.entries(), terms, place, size + 1)
        entries = told(sight, terms, keys)
    token = write_token([int(entries[size - 1].is_titled), *entries[size - 1].place[1:]]) if len(entries) > size else ""
    return Found(terms, KeysetPage(entries[:size], token, place is None), min(count, COUNTED + 1))


def _place_of(token):
    place = read_token(token, 3)
    if place is None:
        return None
    is_titled, on, pk = place
    if is_titled not in (0, 1) or type(on) is not dt.date or not isinstance(pk, int):
        return None
    return bool(is_titled), on, pk


def _first_of_many(shown, terms, place, need):
    """Return the first keys behind a place where too many fit to sort them all."""
    keys = []
    if place is None or place[0]:
        found = _newest(shown, terms, shown.titled(terms), place and place[1:], need, is_titled=True)
        keys = [(True, *key) for key in found]
    if len(keys) < need:
        behind = place[1:] if place is not None and not place[0] else None
        indexed = shown.holding(terms).exclude(stands_in("folded_title", terms))
        found = _newest(shown, terms, indexed, behind, need - len(keys), is_titled=False)
        keys += [(False, *key) for key in found]
    return keys


class _Unindexed(Func):
    """
    A day by which is sorted, but never read in order of.

    The planner takes several grams for independent and underrates how many
    texts hold all of them; left to choose, it may walk through every entry.
    """

    output_field = DateField()

    def as_postgresql(self, compiler, connection):
        return self.as_sql(compiler, connection, template="(%(expressions)s + 0)")

    def as_sqlite(self, compiler, connection):
        return self.as_sql(compiler, connection, template="+%(expressions)s")


def _newest(shown, terms, indexed, behind, need, *, is_titled):
    """Return the newest keys: from the newest entries where that yields enough, else from all that the index names."""
    shown, indexed = behind_key(shown, behind), behind_key(indexed, behind)
    keys = among_newest(shown, terms, need, is_titled=is_titled)
    if len(keys) == need:
        return keys
    return list(indexed.order_by(_Unindexed("on").desc(), "-pk").values_list("on", "pk")[:need])
