"""Reads of the dashboards: frozen figures, and open promises counted once for a unit and all below it."""

from django.db.models import Count, Q

from feedback import clocks
from portal.accounts.authority import authority_of
from portal.accounts.models import Unit
from portal.accounts.queries import units_within
from portal.deadlines.kept import with_names
from portal.deadlines.kinds import known_kinds
from portal.deadlines.models import Promise
from portal.kernel.days import day_end

from ..models import Snapshot
from ..rules.scorecards import READERS
from .scorecards import scorecards_visible_to

SOON = 7  # days that "this week" reaches ahead
LISTED = 20


def units_watched_by(user):
    """Return the units whose dashboard somebody may open: of their offices, and their own with all above."""
    path = user.unit.path
    own = [path[:end] for end in range(4, len(path) + 1, 4)]
    offices = units_within(authority_of(user).units(*READERS)).values("pk")
    return Unit.objects.active().filter(Q(pk__in=offices) | Q(path__in=own))


def _open_promises(unit):
    """Return the open promises of a unit and below, of kinds that everybody may know of."""
    # What is with discipline inspection is owed by others, and nobody's to count.
    kinds = [code for code, kind in known_kinds().items() if kind.public and kind.has_public_reasons]
    # What has just come in and is not registered yet is the union's to do: the day would point at who wrote it.
    kinds = [code for code in kinds if code not in clocks.kinds_of("register")]
    return Promise.objects.open().filter(kind__in=kinds, unit__path__gte=unit.path, unit__path__lt=unit.path_end)


def owed_below(unit, at, today):
    """Return {path: (open, overdue, due this week)} of the units at and below one, by one statement."""
    until = day_end(today.fromordinal(today.toordinal() + SOON))
    rows = (
        _open_promises(unit)
        .order_by()
        .values_list("unit__path")
        .annotate(
            n=Count("pk"),
            late=Count("pk", filter=Q(due_at__lte=at)),
            soon=Count("pk", filter=Q(due_at__gt=at, due_at__lte=until)),
        )
    )
    return {path: (n, late, soon) for path, n, late, soon in rows}


def sum_below(owed, path):
    """Return (open, overdue, due this week) of a unit and all below it."""
    rows = [row for one, row in owed.items() if one.startswith(path)]
    return tuple(sum(row[place] for row in rows) for place in range(3))


def due_soonest(unit, at, today):
    """Return the promises that fall due this week, the soonest first; at most so many."""
    until = day_end(today.fromordinal(today.toordinal() + SOON))
    rows = with_names(_open_promises(unit).filter(due_at__gt=at, due_at__lte=until))
    return list(rows.order_by("due_at", "pk")[:LISTED])


def overdue_longest(unit, at):
    """Return the open promises that are late, the oldest first; at most so many."""
    rows = with_names(_open_promises(unit).filter(due_at__lte=at))
    return list(rows.order_by("due_at", "pk")[:LISTED])


def sheets_below(user, unit, month, *, after="", size=50):
    """
    Return (sheets of the units right below one, {sheet key: [(indicator, numerator, denominator, is_withheld)]}, more).

    Two statements for a page of them, in the order of the units; ``more`` is the path to go on from, or "".
    """
    rows = scorecards_visible_to(user).filter(month=month, unit__parent=unit, unit__path__gt=after)
    cards = list(rows.select_related("unit", "scheme").order_by("unit__path")[: size + 1])
    more = cards[size - 1].unit.path if len(cards) > size else ""
    cards = cards[:size]
    figures = {}
    for key, *rest in Snapshot.objects.filter(scorecard__in=[card.pk for card in cards]).values_list(
        "scorecard_id", "indicator", "numerator", "denominator", "is_withheld"
    ):
        figures.setdefault(key, []).append(tuple(rest))
    return cards, figures, more
