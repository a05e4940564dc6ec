"""Reads of delegates: the directory, what waits for the union, somebody's own mandate."""

from django.db.models import Prefetch, Q, Sum

from portal.accounts.authority import authority_of
from portal.accounts.rules import UNION_DESK
from portal.kernel.days import day_end

from ..enums import LIVE, DutyState, MandateState, MeetingKind
from ..models import DutyEntry, DutyReport, Mandate, Meeting

LONGEST = 100


def directory_of(term, *, unit=None):
    """Return the delegates of a term who hold a seat, with what the directory says of them."""
    rows = Mandate.objects.filter(term=term, state__in=LIVE)
    if unit is not None:
        rows = rows.filter(electing_unit__unit=unit)
    return rows.select_related("electing_unit__unit", "electing_unit__delegation")


def meetings_of(term):
    """Return the recorded meetings of a term with whom they were about, the latest first."""
    elected = Mandate.objects.order_by("-votes", "seat", "pk")
    return (
        Meeting.objects.filter(electing_unit__term=term)
        .select_related("electing_unit__unit", "recalled", "about")
        .prefetch_related(Prefetch("mandates", elected))
    )


def vacancies_of(term, *, day=None):
    """Return the mandates that ended and whose seat is owed a by-election, or was on a day, the soonest due first."""
    owed = Q(vacancy__met_at__isnull=True, vacancy__ended_at__isnull=True)
    if day is not None:
        since = day_end(day)
        owed = owed | Q(vacancy__met_at__gte=since) | Q(vacancy__ended_at__gte=since)
        owed &= Q(ended_on__lte=day)
    return list(
        Mandate.objects.filter(owed, term=term)
        .exclude(vacancy=None)
        .select_related("electing_unit__unit", "vacancy")
        .order_by("vacancy__due_at", "pk")
    )


def ended_of(term):
    """Return the mandates of a term that have ended, the latest first."""
    ends = (
        MandateState.RECALLED,
        MandateState.ENDED_CONTRACT,
        MandateState.ENDED_TRANSFER,
        MandateState.RESIGNED,
    )
    return list(
        Mandate.objects.filter(term=term, state__in=ends)
        .select_related("electing_unit__unit", "vacancy")
        .order_by("-ended_on", "pk")[:LONGEST]
    )


def kind_of_election(electing_unit):
    """Return whether the next election is the first one or a by-election: once somebody's mandate there has ended."""
    vacant = Mandate.objects.filter(electing_unit=electing_unit, vacancy__isnull=False)
    is_by = vacant.filter(vacancy__met_at__isnull=True, vacancy__ended_at__isnull=True).exists()
    return MeetingKind.BY_ELECTION if is_by else MeetingKind.ELECTION


def _of_unions(user, prefix):
    found = Q(pk__in=[])
    for unit in authority_of(user).units(*UNION_DESK):
        name = f"{prefix}electing_unit__unit__path"
        found |= Q(**{f"{name}__gte": unit.path, f"{name}__lt": unit.path_end})
        # Who keeps the term answers for all its electing units.
        term = f"{prefix}term__unit__path"
        found |= Q(**{f"{term}__gte": unit.path, f"{term}__lt": unit.path_end})
    return found


def duties_waiting(user):
    """Return the entries of duty logs that this person may confirm, the oldest first."""
    return (
        DutyEntry.objects.filter(_of_unions(user, "mandate__"), state=DutyState.WRITTEN)
        .exclude(mandate__person=user)
        .select_related("mandate__electing_unit__unit")
    )


def reports_waiting(user):
    """Return the duty reports that were given and not rated yet, in the units of this person."""
    return (
        DutyReport.objects.filter(_of_unions(user, "mandate__"), given_at__isnull=False, rated_on__isnull=True)
        .exclude(mandate__person=user)
        .select_related("mandate__electing_unit__unit")
        .order_by("given_at", "pk")[:LONGEST]
    )


def own_mandates(user):
    """Return all mandates of a person that were more than a candidacy, the latest term first."""
    return list(
        Mandate.objects.filter(person=user)
        .exclude(state__in=(MandateState.CANDIDATE, MandateState.NOT_ELECTED, MandateState.WITHDRAWN))
        .select_related("term__unit", "electing_unit__unit", "electing_unit__delegation__head", "meeting")
        .prefetch_related("memberships__body")
        .order_by("-term__begins_on", "-nominated_at")
    )


def minutes_confirmed(mandate, year):
    """Return the confirmed paid time of a delegate in a year, in minutes."""
    rows = DutyEntry.objects.filter(mandate=mandate, on__year=year, state=DutyState.CONFIRMED)
    return rows.aggregate(n=Sum("minutes"))["n"] or 0


def reports_of(mandates):
    """Return the duty reports of mandates, the latest year first."""
    return list(
        DutyReport.objects.filter(mandate__in=mandates)
        .select_related("mandate__term__unit", "promise", "file")
        .order_by("-year")
    )


def share_of(person):
    """Return what the congress keeps under a person's name, for that person to take away."""
    rows = Mandate.objects.filter(person=person).select_related("term__unit", "electing_unit__unit")
    return [
        {
            "term": row.term.number,
            "unit": row.term.unit.name,
            "electing_unit": row.electing_unit.unit.name,
            "category": row.category,
            "gender": row.gender,
            "state": row.state,
            "votes": row.votes,
            "ended_on": row.ended_on,
            "duty_log": list(row.duties.values("on", "kind", "text", "minutes", "state", "answer")),
            "duty_reports": list(row.reports.values("year", "text", "given_at", "good", "fair", "poor")),
        }
        for row in rows.order_by("nominated_at", "pk")
    ]
