"""What can be found: one row for each thing that an app has offered."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from portal.accounts.models import Unit

from .enums import Audience
from .fields import GramsField
from .folding import grams_for

TITLE_MAX = 300
# Longer texts are found by their beginning: the grams of 100,000 characters still fit into a tsvector (1 MiB).
TEXT_MAX = 100_000


def stands_in(field, terms):
    """Return the condition that a folded text holds each of the words, character for character."""
    condition = Q()
    for term in terms:
        condition &= Q(GreaterThan(StrIndex(F(field), Value(term)), 0))
    return condition


class EntryQuerySet(models.QuerySet):
    def holding(self, terms):
        """Those whose title or text holds all the words; found by grams, then looked at where grams do not prove it."""
        return self.filter(grams__holds=grams_for(terms)).filter(stands_in("folded", _longer(terms)))

    def titled(self, terms):
        """Those whose title holds all the words."""
        return self.filter(title_grams__holds=grams_for(terms)).filter(stands_in("folded_title", _longer(terms)))


def _longer(terms):
    # One gram is the word itself; several may stand in another order.
    return [term for term in terms if len(term) > 2]


class SearchEntry(models.Model):
    """
    One thing as it may be found.

    ``folded`` is title and text, folded, with one space between; a place in it
    is a place in them. Grams are filled by the operations, on SQLite an FTS5
    table follows by triggers (migration 0002).
    """

    kind = models.CharField(max_length=40)
    object_key = models.CharField(max_length=64)
    title = models.CharField(max_length=TITLE_MAX)
    text = models.TextField(blank=True)
    folded_title = models.TextField()
    folded = models.TextField()
    title_grams = GramsField()
    grams = GramsField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    audience = models.CharField(max_length=10, choices=Audience.choices)

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_key"], name="search_entry_is_unique"),
            models.CheckConstraint(
                name="search_entry_of_unit_has_unit", condition=~Q(audience=Audience.UNIT) | Q(unit__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["-on", "-id"], name="search_entry_newest")]
