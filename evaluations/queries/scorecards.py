"""Reads of scorecards: who sees which, the scheme of a month, a sheet with all that belongs to it."""

from django.db.models import Prefetch, Q

from feedback.queries import under
from portal.accounts.authority import authority_of

from ..enums.scorecards import PUBLISHED, ObjectionState
from ..models import Correction, Objection, Scheme, Scorecard, Snapshot
from ..months import last_months
from ..rules.scorecards import READERS

TREND = 12


def scorecards_visible_to(user):
    """
    Return the sheets that somebody may know of: of units they hold an office for, and of their own once published.

    What the people of a unit read is confirmed, or only figures; a proposal is for those in office.
    """
    path = user.unit.path
    own = [path[:end] for end in range(4, len(path) + 1, 4)]
    return Scorecard.objects.filter(
        under(authority_of(user).units(*READERS)) | Q(unit__path__in=own, state__in=PUBLISHED)
    )


def scheme_for(month):
    """Return the version of the scheme that holds for a month, or None before there is one."""
    return Scheme.objects.filter(since__lte=month).order_by("-since", "-number").first()


def lines_of(scheme):
    """Return {indicator: line} of a scheme."""
    return {line.indicator: line for line in scheme.lines.all()}


def sheet_of(rows):
    """Return sheets with their figures, what was set and corrected, and the objections, by a fixed number of reads."""
    snapshots = Snapshot.objects.select_related("award__by").prefetch_related(
        Prefetch("corrections", Correction.objects.select_related("by", "objection").order_by("at")),
        Prefetch("objections", Objection.objects.select_related("inquiry__promise", "raised_by", "decided_by")),
    )
    return rows.select_related("unit__parent", "scheme", "confirmed_by").prefetch_related(
        Prefetch("snapshots", snapshots), "scheme__lines"
    )


def open_objections(unit_ids, month):
    """Return how many objections are open against each sheet of a month: {scorecard key: n}."""
    rows = Objection.objects.filter(
        state=ObjectionState.OPEN, snapshot__scorecard__month=month, snapshot__scorecard__unit__in=unit_ids
    )
    found = {}
    for key in rows.order_by().values_list("snapshot__scorecard_id", flat=True):
        found[key] = found.get(key, 0) + 1
    return found


def trend_of(user, unit, month, *, count=TREND):
    """
    Return (months, {indicator: [(numerator, denominator) or None]}, [total or None]) of a unit up to a month.

    Only of sheets that the reader may know of.

    What is withheld is a gap. One statement for the totals, one for the figures.
    """
    months = last_months(month, count)
    place = {one: number for number, one in enumerate(months)}
    totals, figures = [None] * count, {}
    sheets = scorecards_visible_to(user).filter(unit=unit, month__in=months).order_by()
    for own, total, proposed in sheets.values_list("month", "total", "proposed"):
        totals[place[own]] = proposed if total is None else total
    rows = Snapshot.objects.filter(scorecard__in=sheets.values("pk"), is_withheld=False).order_by()
    for code, own, numerator, denominator in rows.values_list(
        "indicator", "scorecard__month", "numerator", "denominator"
    ):
        figures.setdefault(code, [None] * count)[place[own]] = (numerator, denominator)
    return months, figures, totals


def objections_visible_to(user):
    """Return the objections to sheets that somebody may know of."""
    return Objection.objects.filter(snapshot__scorecard__in=scorecards_visible_to(user).values("pk"))
