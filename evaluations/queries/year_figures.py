"""
Figures of a year made of what single people said, beside those of the months that everybody was shown.

A month of which few spoke is withheld on the sheet; a figure of the year that
holds it would give it away by subtraction. So such a figure adds up frozen
months, each as it was frozen: a row of today would be one person's. And it is
shown only where elimination over the shown months and years proves that no
sum or difference of them is about fewer people than the threshold.
"""

from collections import Counter, defaultdict
from fractions import Fraction

from portal.kernel.days import day_start, local_day
from portal.ledger.models import Entry

from ..models import Figure, FrozenMonth, Snapshot
from ..months import end_of, month_before
from ..standing import figure_now
from ..suppression import Figure as Printed
from ..suppression import leak
from .figures import DEEPEST, STEP

MOVED = "unit.moved"


def frozen_months(since, until, at):
    """Return the months within days that were frozen at a moment, by one statement."""
    rows = FrozenMonth.objects.filter(month__gte=since, month__lt=until, frozen_at__lte=at).order_by("month")
    return [month for month in rows.values_list("month", flat=True) if end_of(month) <= until]


def days_counted(indicator, since, until, at):
    """
    Return (since, until, months) of what a figure of these days holds, read at a moment.

    ``months`` are the frozen ones of which a figure of what people said is
    made, None for all others, which hold all days; and where no month of it
    was frozen, no days that a sheet may still show.
    """
    if not (indicator.counts_people and indicator.withheld is None and indicator.is_monthly):
        return since, until, None
    if months := frozen_months(since, until, at):
        return months[0], end_of(months[-1]), months
    newest = FrozenMonth.objects.filter(frozen_at__lte=at).order_by("-month").values_list("month", flat=True).first()
    return since, min(until, month_before(local_day(at)) if newest is None else end_of(newest)), None


def lock_months():
    """Lock what stands for all frozen months, so that of two figures of a year one sees the other."""
    FrozenMonth.objects.select_for_update().order_by("-month").first()


def counts_of_months(code, months):
    """
    Return ({month: {path: (numerator, denominator)}}, {month: paths that are shown}) of frozen months, as they stand.

    Two statements.
    """
    rows = Snapshot.objects.filter(indicator=code, scorecard__month__in=months, denominator__gt=0)
    found, shown = {month: {} for month in months}, {month: set() for month in months}
    for snapshot in rows.select_related("scorecard__unit").prefetch_related("corrections"):
        month, path = snapshot.scorecard.month, snapshot.scorecard.unit.path
        found[month][path] = figure_now(snapshot)
        if not snapshot.is_withheld:
            shown[month].add(path)
    return found, shown


def shown_years(code, since, until):
    """Return [(path, months)] of the figures of years that assessments show already, by two statements."""
    rows = Figure.objects.filter(
        indicator=code,
        is_withheld=False,
        denominator__gt=0,
        line__assessment__since__lt=until,
        line__assessment__frozen_on__gt=since,
    )
    rows = rows.order_by().values_list(
        "line__assessment__unit__path",
        "line__assessment__since",
        "line__assessment__frozen_on",
        "line__assessment__opened_at",
    )
    known = dict(FrozenMonth.objects.filter(month__lt=until).values_list("month", "frozen_at"))
    return sorted(
        {
            (path, tuple(sorted(m for m, at in known.items() if begun <= m and end_of(m) <= ended and at <= opened)))
            for path, begun, ended, opened in rows
        }
    )


def tells_of_few(path, months, others, counts, shown, *, k):
    """
    Whether a figure of some months, beside those shown already, could say what fewer than ``k`` people said.

    ``others`` are (path, months) of shown figures of years, ``counts`` {month: {path: people, with all below}},
    ``shown`` {month: paths that are shown}. Plain values, no database.
    """
    years = [*others, (path, tuple(months))]
    own = {month: _apart(rows) for month, rows in counts.items()}
    if any(people < 0 for rows in own.values() for people in rows.values()):
        return True  # the tree of that month was another one: nothing can be proved
    sizes, parts, blocks = Counter(), defaultdict(dict), defaultdict(dict)
    for month, rows in own.items():
        for one, people in rows.items():
            if not people:
                continue
            block = _nearest(one, shown[month])
            # The parts of a year in which the unit's month is shown say nothing new.
            holders = frozenset(
                place
                for place, (above, own_months) in enumerate(years)
                if month in own_months and one.startswith(above) and above not in shown[month]
            )
            if block is None and not holders:
                continue
            group = (month, block or "", holders)
            sizes[group] += people
            if block is not None:
                blocks[month, block][group, "q"] = Fraction(1)
            for place in holders:
                parts[place][group, "q"] = Fraction(1)
    last = len(years) - 1
    hidden = parts[last]
    if not hidden:
        return False  # all its months are shown: their sum is no news
    if sum(sizes[group] for group, _question in hidden) < k:
        return True
    touched = {cell for one in parts.values() for cell in one}
    figures = [Printed(("year", place), one, k) for place, one in sorted(parts.items()) if one]
    figures += [Printed(key, one, k) for key, one in sorted(blocks.items()) if touched & set(one)]
    return leak(figures, sizes) is not None


def _apart(rows):
    """Return {path: people of the unit that are of none listed below it}."""
    found = dict(rows)
    for path, people in rows.items():
        above = next((path[:end] for end in range(len(path) - STEP, 0, -STEP) if path[:end] in rows), None)
        if above is not None:
            found[above] -= people
    return found


def _nearest(path, shown):
    """Return the nearest shown unit at or above a path: whose rest it is part of."""
    return next((path[:end] for end in range(len(path), 0, -STEP) if path[:end] in shown), None)


def figure_of_year(indicator, unit, months, *, since, until, k):
    """
    Return (numerator, denominator, is withheld) of frozen months of a unit, by a fixed number of statements.

    Call it under :func:`lock_months`, in the transaction that keeps the figure.
    """
    found, shown = counts_of_months(indicator.code, months)
    numerator = sum(rows[unit.path][0] for rows in found.values() if unit.path in rows)
    denominator = sum(rows[unit.path][1] for rows in found.values() if unit.path in rows)
    is_counted = any(rows.get(unit.path[:DEEPEST], (0, 0))[1] for rows in found.values())
    others = shown_years(indicator.code, since, until)
    has_moved = Entry.objects.filter(verb=MOVED, at__gte=day_start(since)).exists()
    if not denominator:  # what lies deeper has no sheet: it is in that of its workshop
        return 0, 0, is_counted and len(unit.path) > DEEPEST
    counts = {month: {path: pair[1] for path, pair in rows.items()} for month, rows in found.items()}
    if has_moved or tells_of_few(unit.path, months, others, counts, shown, k=k):
        return 0, 0, True
    return numerator, denominator, False
