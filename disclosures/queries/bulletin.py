"""What may stand in the union's bulletin, the figures of its period, and its issues with what is in them."""

from django.db.models import Count, F, Prefetch, Q

from feedback.models import Inquiry
from feedback.queries import UNION, replies_printed_again, replies_to_print, under
from portal.accounts.authority import authority_of
from portal.deadlines.models import Promise
from portal.kernel.days import day_end, day_start
from portal.kernel.rows import only_one

from ..enums import Audience, BulletinState, PublicationState
from ..models import BulletinEntry, BulletinIssue, Duty, Publication, Version
from .publications import inside

OFFERED = 60


def with_entries(rows):
    """Fetch with issues what their pages show, three queries whatever the number of entries."""
    texts = Publication.objects.select_related("item", "unit")
    return rows.select_related("unit", "compiled_by", "submitted_by", "issued_by").prefetch_related(
        Prefetch(
            "entries",
            BulletinEntry.objects.select_related("reply__inquiry__unit", "reply__inquiry__lead_unit").order_by(
                "place", "pk"
            ),
        ),
        Prefetch("entries__publication", texts),
        Prefetch("entries__publication__versions", Version.objects.order_by("number")),
    )


def issues_public():
    """Return what has been issued: everybody reads it."""
    return BulletinIssue.objects.filter(serial__isnull=False)


def issue_by_number(unit_code, number):
    """Return the issued one of a unit's code and a number such as "2026-3", or None."""
    year, _dash, serial = number.partition("-")
    return only_one(with_entries(issues_public()).filter(unit__code=unit_code, year=int(year), serial=int(serial)))


def issues_of_desk(user):
    """Return the issues whose working page exists for this person: those of the units whose union they serve."""
    return BulletinIssue.objects.filter(inside(authority_of(user).units(*UNION))).exclude(state=BulletinState.DISCARDED)


def issues_to_issue(user):
    """Return how many issues wait for this chair; those they compiled themselves are another's."""
    return (
        BulletinIssue.objects.filter(inside(authority_of(user).units("union_chair")), state=BulletinState.SUBMITTED)
        .exclude(compiled_by=user)
        .exclude(submitted_by=user)
    )


def replies_offered(issue):
    """Return (those that wait for delivery, those answered in the period): none that stands in an issue already."""
    taken = BulletinEntry.objects.filter(Q(issue=issue) | Q(issue__state=BulletinState.ISSUED), reply__isnull=False)
    waiting = replies_to_print([issue.unit]).exclude(pk__in=taken.values("reply"))
    answered = replies_printed_again([issue.unit], issue.since, issue.until).exclude(pk__in=taken.values("reply"))
    return waiting, answered


def publications_offered(issue, at):
    """Return the texts of the period that everybody may read, newest first; withdrawn ones are not among them."""
    taken = BulletinEntry.objects.filter(issue=issue, publication__isnull=False)
    return (
        Publication.objects.appeared(at)
        .filter(
            inside([issue.unit]),
            audience=Audience.EVERYBODY,
            publish_at__gte=day_start(issue.since),
            publish_at__lt=day_end(issue.until),
        )
        .exclude(state=PublicationState.WITHDRAWN)
        .exclude(pk__in=taken.values("publication"))
        .select_related("item", "unit")
        .order_by("-publish_at", "-pk")
    )


def figures_of(unit, since, until, at):
    """
    Return the figures of a unit and all below it for some days: {code: number}; five counts.

    Matters of discipline inspection are not among them: one more would tell that somebody has reported a unit.
    """
    cards = Inquiry.objects.filter(under([unit]), route="ordinary")
    answered = cards.filter(answered_on__gte=since, answered_on__lte=until).aggregate(
        answered=Count("pk"), on_time=Count("pk", filter=Q(was_in_time=True))
    )
    moment = min(at, day_end(until))
    duties = Duty.objects.filter(
        inside([unit]), promise__due_on__gte=since, promise__due_on__lte=until, promise__ended_at__isnull=True
    ).aggregate(
        duties=Count("pk"),
        kept=Count("pk", filter=Q(promise__met_at__lt=F("promise__due_at"))),
        late=Count("pk", filter=Q(promise__met_at__gte=F("promise__due_at"))),
        missing=Count("pk", filter=Q(promise__met_at__isnull=True, promise__due_at__lte=moment)),
    )
    texts = (
        Publication.objects.appeared(at)
        .filter(inside([unit]), publish_at__gte=day_start(since), publish_at__lt=day_end(until))
        .exclude(state=PublicationState.WITHDRAWN)
        .aggregate(published=Count("pk"), notices=Count("pk", filter=Q(kind="notice")))
    )
    return {
        "received": cards.filter(received_on__gte=since, received_on__lte=until).count(),
        **answered,
        "overdue": Promise.objects.passed(at)
        .filter(under([unit], "inquiry__unit"), inquiry__route="ordinary", inquiry__answered_on__isnull=True)
        .count(),
        **duties,
        **texts,
    }
