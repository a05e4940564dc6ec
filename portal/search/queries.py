"""
Finding: what holds all the words, among what this person may see, in one order.

The order: those with all the words in the title before those with a word only
in the text; within both the newest day first, and of one day the one filed
last. It needs no statistics of the whole collection, so it is the same on both
engines, and nobody can shift it by repeating a word.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Func, Q, Value, When
from django.db.models.fields import BooleanField, DateField
from django.db.models.functions import Coalesce, Greatest, Length, NullIf, StrIndex, Substr

from portal.accounts.authority import authority_of
from portal.accounts.models import Unit
from portal.kernel.paging import KeysetPage, read_token, write_token

from .enums import Audience
from .folding import terms_of
from .models import SearchEntry, stands_in
from .newest import among_newest, behind_key, counted_first, walk
from .registry import kinds_for

PAGE_SIZE = 20
# So many are counted exactly, and so many keys sorted as a whole; of more only the first ones are looked for.
COUNTED, SORTED = 100, 1000
LEAD, SNIPPET = 36, 160


@dataclass(frozen=True)
class Found:
    """One page of what was found, and how much there is: exactly up to COUNTED."""

    terms: list
    page: KeysetPage
    count: int

    @property
    def is_more_than_counted(self):
        return self.count > COUNTED


def entries_visible_to(person):
    """Return the entries that this person may find; for all others they do not exist."""
    seen = Q(audience=Audience.PUBLIC)
    if person.is_authenticated:
        path = person.unit.path
        units = Q(path__in=[path[:end] for end in range(4, len(path) + 1, 4)])
        for _role, unit in authority_of(person).grants:
            units |= Q(path__gte=unit.path, path__lt=unit.path_end)
        theirs = Unit.objects.filter(units).order_by().values("pk")
        seen |= Q(audience=Audience.SIGNED_IN) | Q(audience=Audience.UNIT, unit__in=theirs)
    return SearchEntry.objects.filter(seen, kind__in=[kind.code for kind in kinds_for(person)])


def search(words, *, person, kind="", unit=None, since=None, until=None, after="", size=PAGE_SIZE):
    """Return what this person finds for the words, behind the place that the token ``after`` names."""
    terms = terms_of(words)
    if not terms:
        return Found([], KeysetPage([], "", True), 0)
    shown = entries_visible_to(person)
    if kind:
        shown = shown.filter(kind=kind)
    if unit is not None:
        shown = shown.filter(unit__in=Unit.objects.under(unit).order_by().values("pk"))
    if since:
        shown = shown.filter(on__gte=since)
    if until:
        shown = shown.filter(on__lte=until)
    place = _place_of(after)
    is_text_only = place is not None and not place[0]
    behind = place[1:] if place is not None and place[0] else None
    are_many, titled = walk(shown, terms, COUNTED + 1, behind, 0 if is_text_only else size + 1)
    count, keys = (SORTED + 1, []) if are_many else counted_first(*_fitting(shown, terms), place, size + 1)
    if count > SORTED:
        keys = [(True, *key) for key in titled]
        if len(keys) <= size:
            keys = _first_of_many(shown, terms, place, size + 1)
    entries = _entries_of(shown, terms, keys[:size])
    token = write_token([int(keys[size - 1][0]), *keys[size - 1][1:]]) if len(keys) > size else ""
    return Found(terms, KeysetPage(entries, token, place is None), min(count, COUNTED + 1))


def _place_of(token):
    place = read_token(token, 3)
    if place is None:
        return None
    is_titled, on, pk = place
    if is_titled not in (0, 1) or type(on) is not dt.date or not isinstance(pk, int):
        return None
    return bool(is_titled), on, pk


def _fitting(shown, terms):
    """Return the statement, and its values, of the keys of all that fit, up to one more than are sorted."""
    in_title = When(stands_in("folded_title", terms), then=Value(True))
    is_titled = Case(in_title, default=Value(False), output_field=BooleanField())
    # Without an order, so that the index alone says when there are enough.
    keys = shown.holding(terms).annotate(is_titled=is_titled).values_list("is_titled", "on", "pk")[: SORTED + 1]
    return keys.query.sql_with_params()


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


def _entries_of(shown, terms, keys):
    """Return the entries of the keys in their order, each with the piece of its text around the first word."""
    folded_text = Substr("folded", Length("title") + 2)
    first = Coalesce(*(NullIf(StrIndex(folded_text, Value(term)), Value(0)) for term in terms), Value(1))
    start = Greatest(first - LEAD, Value(1))
    rows = (
        shown.filter(pk__in=[pk for _is_titled, _on, pk in keys])
        .annotate(snippet_at=start, snippet=Substr("text", start, Value(SNIPPET)), length=Length("text"))
        .select_related("unit")
        .only("kind", "object_key", "title", "on", "unit__name")
    )
    found = {entry.pk: entry for entry in rows}
    # One that has just been taken out is missing, and is simply not shown.
    return [found[pk] for _is_titled, _on, pk in keys if pk in found]
