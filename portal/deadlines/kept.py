"""
How many of the promises that fell due in a month were kept in time: the figure of most indicators, and its rows.

By the moments of the promise alone: one that is kept later stays late, one
that was ended before its day was never owed, one ended after it was late
(ending never hides that).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Case, Count, F, Min, Q, Value, When
from django.utils.translation import gettext as _

from portal.accounts.models import Unit
from portal.kernel.indicators import Behind, Line
from portal.kernel.templatetags.words import say_day
from portal.ledger.models import Entry

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


_NAMED: dict[str, "KeptShare"] = {}


def with_names(promises):
    """Fetch beforehand what :func:`name_of` reads of promises of any kind."""
    return promises.select_related("unit", *sorted({way for one in _NAMED.values() for way in one.related}))


def name_of(promise):
    """Return what was promised in words that every reader of a scorecard may know; "" where nothing names it."""
    share = _NAMED.get(promise.kind)
    return "" if share is None else share.words(promise)


MOVED, MET = "promise.moved", "promise.met"


def changed_since(promises, unit, moment, *, place=None):
    """
    Return [(promise, words)] of promises of which the ledger knows why they count otherwise now than at a moment.

    ``promises`` are those due in some days, of all units. Told are those that
    came into a unit or left it, those that entered the ledger afterwards, and
    those of which it was recorded afterwards that they were kept in time.
    ``place(promise)`` is the path for which one counts now (that of its unit).
    """
    place = place or (lambda promise: promise.unit.path)
    since = Entry.objects.filter(subject__in=promises.order_by().values("subject"), at__gt=moment)
    moves, met = {}, set()
    for verb, facts in since.filter(verb__in=(MOVED, MET)).order_by("at").values_list("verb", "facts"):
        if verb == MET:
            met.add(facts["promise"])
        else:
            begun = moves.setdefault(facts["promise"], [facts["from_unit"], ""])
            begun[1] = facts["to_unit"]
    units = {one.code: one for one in Unit.objects.filter(code__in={code for pair in moves.values() for code in pair})}
    mine = within_unit(promises, unit)
    first = Entry.objects.filter(subject__in=mine.order_by().values("subject")).order_by().values("subject")
    new = set(first.annotate(first_at=Min("at")).filter(first_at__gt=moment).values_list("subject", flat=True))
    wanted = Q(pk__in=[*moves, *met]) | Q(subject__in=new)
    found = []
    for promise in promises.filter(wanted).order_by("due_on", "pk")[:LISTED]:
        path, key = place(promise), str(promise.pk)
        is_here = path.startswith(unit.path)
        if key in moves and all(code in units for code in moves[key]):
            before, after = (units[code] for code in moves[key])
            if before.path.startswith(unit.path) != is_here:
                about = {"before": before.name, "after": after.name}
                found.append((promise, _("handed from %(before)s to %(after)s after the freezing") % about))
        elif is_here and promise.subject in new:
            found.append((promise, _("entered after the freezing")))
        elif is_here and key in met and promise.met_at is not None and promise.met_at < promise.due_at:
            found.append((promise, _("recorded after the freezing as done in time")))
    return found


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

    def __post_init__(self):
        _NAMED.update(dict.fromkeys(self.kinds, self))

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

    def changed(self, unit, since, until, moment, reader):
        """Return the promises that count otherwise now than at a moment, each with what the ledger says of it."""
        rows = promises_due(self.kinds, since, until).select_related("unit", *self.related)
        rows = rows.annotate(is_kept=told(KEPT))
        lines = []
        for promise, words in changed_since(rows, unit, moment):
            line = self._line(promise)
            lines.append(Line(_("%(row)s: %(words)s") % {"row": line.text, "words": words}, line.url, line.on))
        return tuple(lines)

    def _line(self, promise):
        kind = kind_of(promise.kind)
        text = _("%(what)s, owed by %(unit)s, due on %(day)s") % {
            "what": self.words(promise) or kind.label,
            "unit": promise.unit.name,
            "day": say_day(promise.due_on),
        }
        url = kind.subject_url(promise.subject) if kind.subject_url else ""
        return Line(text, url, promise.due_on, bool(promise.is_kept))
