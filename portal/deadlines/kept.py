"""
How many of the promises that fell due in a month were kept in time: the figure of most indicators, and its rows.

By the moments of the promise alone: one that is kept later stays late, one
that was ended before its day was never owed, one ended after it was late
(ending never hides that).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Case, Count, F, Q, Value, When
from django.utils.translation import gettext as _

from portal.kernel.indicators import Behind, Line
from portal.kernel.templatetags.words import say_day

from .kinds import kind_of
from .models import Promise

KEPT = Q(met_at__lt=F("due_at"))
LISTED = 200


def promises_due(kinds, since, until):
    """Return the promises of some kinds that fell due from a day up to, without, another, late or not."""
    return Promise.objects.filter(kind__in=kinds, due_on__gte=since, due_on__lt=until).filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=F("due_at"))
    )


def told(condition):
    """Return a condition as a column: 1 where it holds, else 0."""
    return Case(When(condition, then=Value(1)), default=Value(0))


def within_unit(rows, unit, field="unit__path"):
    """Narrow rows to those whose path lies within a unit; None leaves all."""
    if unit is None:
        return rows
    return rows.filter(**{f"{field}__gte": unit.path, f"{field}__lt": unit.path_end})


@dataclass(frozen=True)
class KeptShare:
    """
    The share of promises kept in time, as an indicator's ``figures`` and ``behind``.

    ``words(promise)`` names what was promised, with ``related`` fetched
    beforehand; what is listed must be public to every reader of a scorecard.
    """

    kinds: tuple[str, ...]
    words: Callable
    related: tuple[str, ...] = ()

    def figures(self, since, until, within=None):
        """Return (path of the unit that owed, kept, due) by one statement."""
        rows = within_unit(promises_due(self.kinds, since, until), within).order_by()
        return rows.values_list("unit__path").annotate(kept=Count("pk", filter=KEPT), due=Count("pk"))

    def behind(self, unit, since, until, reader):
        """Return the promises, the late ones first, each with the way to its page."""
        rows = within_unit(promises_due(self.kinds, since, until), unit)
        total = rows.count()
        rows = rows.select_related("unit", *self.related).annotate(is_kept=told(KEPT))
        return Behind(
            lines=tuple(self._line(promise) for promise in rows.order_by("is_kept", "due_on", "pk")[:LISTED]),
            more=max(0, total - LISTED),
        )

    def _line(self, promise):
        kind = kind_of(promise.kind)
        text = _("%(what)s, owed by %(unit)s, due on %(day)s") % {
            "what": self.words(promise) or kind.label,
            "unit": promise.unit.name,
            "day": say_day(promise.due_on),
        }
        url = kind.subject_url(promise.subject) if kind.subject_url else ""
        return Line(text, url, promise.due_on, bool(promise.is_kept))
