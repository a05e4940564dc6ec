"""Reads of briefings: who may see which, what is owed, what comes next."""

import datetime as dt

from django.db.models import Count, F, Prefetch, Q

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.models import Unit
from portal.deadlines.models import Promise
from portal.kernel.days import local_day

from ..enums import Audience, BriefingState
from ..models import Briefing, BriefingDuty, BriefingFile, BriefingMinutes, BriefingPlan, BriefingQuestion
from ..periods import period_of
from ..rules.briefings import BRIEFING_DESK_ROLES
from ..rules.sight import OVERSEERS, PREPARERS
from .publications import inside


def with_briefing_relations(rows):
    """Fetch with briefings what rules and pages read, one query a relation."""
    return rows.select_related("unit", "chair", "planned_by", "promise", "duty__promise").prefetch_related(
        "agenda",
        "attendance",
        "figures",
        "moves",
        Prefetch("files", BriefingFile.objects.filter(removed_at__isnull=True).select_related("file")),
        Prefetch("questions", BriefingQuestion.objects.select_related("inquiry", "asker")),
        Prefetch("minutes", BriefingMinutes.objects.select_related("written_by", "published_by").order_by("number")),
    )


def briefings_readable_by(user):
    """Return a Q for briefings whose audience includes the reader; the same answer as may_read_public."""
    found = Q(audience=Audience.EVERYBODY)
    if not getattr(user, "is_authenticated", False):
        return found
    own = [user.unit.path[:end] for end in range(4, len(user.unit.path) + 1, 4)]
    return (
        found
        | Q(audience=Audience.STAFF)
        | Q(audience=Audience.UNIT, unit__path__in=own)
        | inside(authority_of(user).units(*PREPARERS, *OVERSEERS))
    )


def desk_briefings(user):
    """Return the briefings whose working page exists for this person; everything else is a 404."""
    units = authority_of(user).units(*PREPARERS, Role.LEADER_IN_CHARGE, *OVERSEERS)
    return Briefing.objects.filter(inside(units) | Q(chair=user))


def next_briefing(unit, at):
    """Return the next announced briefing that concerns a unit, its own or one of a unit above, or None."""
    return (
        Briefing.objects.filter(
            state=BriefingState.PLANNED,
            starts_at__gte=at,
            audience=Audience.EVERYBODY,
            unit__in=Unit.objects.above(unit),
        )
        .select_related("unit", "chair")
        .order_by("starts_at", "pk")
        .first()
    )


def running_plans(day, *, unit=None):
    """Return the plans by which a briefing is owed on a day."""
    rows = BriefingPlan.objects.filter(Q(until__isnull=True) | Q(until__gte=day))
    if unit is not None:
        rows = rows.filter(unit=unit)
    return rows.select_related("unit").order_by("unit__path", "since")


def briefing_duties_of_year(year, *, unit=None):
    """Return the duties of months of a year with their promise and the briefing that met them, by unit and month."""
    rows = BriefingDuty.objects.filter(starts_on__gte=dt.date(year, 1, 1), starts_on__lte=dt.date(year, 12, 31))
    if unit is not None:
        rows = rows.filter(unit=unit)
    return rows.select_related("unit", "promise", "briefing").order_by("unit__path", "starts_on")


def briefing_shares(year, at, *, unit=None):
    """Return how many duties of a year were kept in time, kept late, are missing and are open, by one query."""
    is_open = Q(promise__met_at__isnull=True, promise__ended_at__isnull=True)
    kept = Q(promise__met_at__isnull=False)
    late = Q(promise__met_at__gte=F("promise__due_at")) | Q(promise__missed_at__isnull=False)
    rows = BriefingDuty.objects.filter(starts_on__year=year)
    if unit is not None:
        rows = rows.filter(unit=unit)
    return rows.aggregate(
        done=Count("pk", filter=kept & ~late),
        late=Count("pk", filter=kept & late),
        missing=Count("pk", filter=is_open & Q(promise__due_at__lte=at)),
        due=Count("pk", filter=is_open & Q(promise__due_at__gt=at)),
    )


def briefings_owed(user, at):
    """Return what this person's offices owe: (duties not met, those of last year at most; minutes not published)."""
    units = authority_of(user).units(*BRIEFING_DESK_ROLES)
    since = period_of("month", local_day(at) - dt.timedelta(days=366)).start
    open_promise = Promise.objects.open()
    duties = (
        BriefingDuty.objects.filter(inside(units), starts_on__gte=since, promise__in=open_promise)
        .select_related("unit", "promise")
        .order_by("promise__due_at", "pk")[:100]
    )
    minutes = (
        Briefing.objects.filter(inside(units), state=BriefingState.HELD)
        .select_related("unit", "promise")
        .order_by("promise__due_at", "pk")[:100]
    )
    return list(duties), list(minutes)
