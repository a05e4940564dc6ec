"""Reads of what is owed: a unit's calendar, what is missing, what somebody has to prepare."""

import datetime as dt
from functools import lru_cache
from types import SimpleNamespace

from django.db.models import CharField, Count, DateTimeField, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from portal.accounts.authority import authority_of
from portal.deadlines.models import Promise
from portal.kernel.prepared import Prepared, Row, Slot, instance_of

from ..models import Assignment, CatalogueItem, Duty, Publication
from ..rules.sight import PREPARERS
from .publications import inside


def duties_of_year(unit, year):
    """Return the duties of a unit for periods and events that end in a year, with their promise, by item."""
    return (
        Duty.objects.filter(unit=unit, ends_on__gte=dt.date(year, 1, 1), ends_on__lte=dt.date(year, 12, 31))
        .select_related("item", "promise", "unit", "department")
        .order_by("item__code", "starts_on", "id")
    )


def published_for(duties):
    """Return {duty id: publication} of duties, a list or a queryset, that have one, by one query; the first."""
    rows = (
        Publication.objects.numbered()
        .filter(duty__in=duties)
        .order_by("-publish_at", "-pk")
        .only("pk", "duty_id", "year", "serial", "state", "publish_at", "shown_until", "audience", "title")
    )
    return {row.duty_id: row for row in rows}


def duties_missing(at, *, units=None):
    """
    Return what is due but missing at a moment, the longest missing first.

    Read through the promises' own index: late is "open and due at or before now".
    """
    rows = Duty.objects.filter(
        promise__in=Promise.objects.passed(at).filter(kind__in=("disclosure.publish", "disclosure.event"))
    )
    if units is not None:
        rows = rows.filter(inside(units))
    return rows.select_related("item", "promise", "unit", "department").order_by("promise__due_at", "pk")


# All that is told of a missing one on a board.
MISSING = (
    *("id", "event", "frequency", "starts_on", "item__id", "item__code", "item__title"),
    *("unit__id", "unit__name", "promise__id", "promise__due_on"),
)


@lru_cache(maxsize=16)
def _missing(most):
    place = SimpleNamespace(path=Slot("path", CharField()), path_end=Slot("path_end", CharField()))
    rows = duties_missing(Slot("at", DateTimeField()), units=[place])
    return Prepared(lambda: rows.select_related(None).values_list(Row(*MISSING))[:most])


def missing_of(unit, at, *, most):
    """Return at most so many duties that are due but missing of a unit and all below it, the longest missing first."""
    rows = _missing(most).rows(at=at, path=unit.path, path_end=unit.path_end)
    return [instance_of(Duty, MISSING, line) for (line,) in rows]


def missing_counts(at):
    """Return {unit id: how many are missing now}, by one query."""
    rows = (
        Promise.objects.passed(at)
        .filter(kind__in=("disclosure.publish", "disclosure.event"))
        .values("duty__unit")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return {row["duty__unit"]: row["n"] for row in rows}


def duties_to_prepare(user, at):
    """Return the open duties that this person's offices prepare, the soonest due first, without a text on its way."""
    units = authority_of(user).units(*PREPARERS)
    on_its_way = Publication.objects.filter(duty=OuterRef("pk"), serial__isnull=True).exclude(state="discarded")
    return (
        Duty.objects.filter(promise__met_at__isnull=True, promise__ended_at__isnull=True)
        .filter(inside(units) | inside(units, field="department"))
        .annotate(has_text=Exists(on_its_way))
        .select_related("item", "promise", "unit", "department")
        .order_by("promise__due_at", "pk")
    )


def units_owing():
    """Return the ids of units that owe anything now."""
    return Assignment.objects.filter(until__isnull=True).values_list("unit", flat=True).distinct()


def assignments_of(unit):
    """Return what a unit owes, by item."""
    return (
        Assignment.objects.filter(unit=unit, until__isnull=True)
        .select_related("item", "unit", "department")
        .order_by("item__code")
    )


def event_assignments(user):
    """Return the running assignments of event items that this person may report an event for."""
    units = authority_of(user).units(*PREPARERS)
    return (
        Assignment.objects.filter(Q(item__frequency="event") | Q(item__second_frequency="event"))
        .filter(inside(units) | inside(units, field="department"), until__isnull=True, item__is_active=True)
        .select_related("item", "unit", "department")
        .order_by("unit__path", "item__code")
    )


def catalogue(*, with_retired=False):
    """Return the catalogue in order, with how many units owe each item."""
    rows = CatalogueItem.objects.annotate(
        owing=Count("assignments", filter=Q(assignments__until__isnull=True))
    ).order_by("code")
    return rows if with_retired else rows.filter(is_active=True)


def kept_shares(unit, year, at):
    """
    Return how many of a unit's duties of a year were kept in time, kept late, are missing and open, by one query.

    ``forced`` is how many of its texts of the year were published out of turn, whether or not they meet a duty.
    """
    forced = Publication.objects.filter(unit=unit, year=year, is_forced=True)
    by_unit = forced.order_by().values("unit").annotate(n=Count("pk")).values("n")
    counts = Duty.objects.filter(unit=unit, ends_on__year=year).aggregate(
        done=Count("pk", filter=Q(promise__met_at__isnull=False, promise__met_at__lt=F("promise__due_at"))),
        late=Count("pk", filter=Q(promise__met_at__isnull=False, promise__met_at__gte=F("promise__due_at"))),
        missing=Count(
            "pk",
            filter=Q(promise__met_at__isnull=True, promise__ended_at__isnull=True, promise__due_at__lte=at),
        ),
        due=Count("pk", filter=Q(promise__met_at__isnull=True, promise__ended_at__isnull=True, promise__due_at__gt=at)),
        forced=Max(Coalesce(Subquery(by_unit), 0)),
    )
    if counts["forced"] is None:  # no duties, no row to hang it on
        counts["forced"] = forced.count()
    return counts
