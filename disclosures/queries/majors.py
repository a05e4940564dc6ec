"""Reads of the register of major decisions: who may see which, how far each is, what is owed."""

from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery

from portal.accounts.authority import authority_of
from portal.kernel.rows import only_one

from ..enums import FINISHED, Execution, MajorState
from ..models import MajorDecision, MajorDisclosure, MajorProgress, MajorReport, MajorVersion
from ..rules.majors import DECIDERS
from ..rules.sight import OVERSEERS, PREPARERS
from .publications import inside, readable_by


def _latest(field):
    return Subquery(MajorProgress.objects.filter(decision=OuterRef("pk")).order_by("-pk").values(field)[:1])


def with_status(rows):
    """Annotate decisions with the latest status and share, and with whether a publication has disclosed them."""
    disclosed = MajorDisclosure.objects.filter(decision=OuterRef("pk")).exclude(publication__state="withdrawn")
    return rows.annotate(status=_latest("status"), percent=_latest("percent"), is_disclosed=Exists(disclosed))


def with_subject(rows):
    """Annotate decisions with the subject of the version that stands."""
    standing = MajorVersion.objects.filter(decision=OuterRef("pk"), is_granted=True).order_by("-number")
    return rows.annotate(subject=Subquery(standing.values("subject")[:1]))


def with_major_relations(rows):
    """Fetch with decisions what rules and pages read, one query a relation."""
    return rows.select_related(
        "unit", "department", "responsible__unit", "registered_by", "finish__unit"
    ).prefetch_related(
        Prefetch("versions", MajorVersion.objects.select_related("by", "decided_by").order_by("number")),
        Prefetch("progress", MajorProgress.objects.select_related("by").order_by("pk")),
        Prefetch(
            "disclosures", MajorDisclosure.objects.select_related("publication__unit").order_by("linked_at", "pk")
        ),
    )


def latest_status(decision):
    """Return how far a decision has been carried out by its latest entry."""
    rows = list(decision.progress.all())
    return Execution(rows[-1].status) if rows else Execution.PLANNED


def majors_public(user):
    """Return the public decisions that are for this reader."""
    return MajorDecision.objects.filter(readable_by(user), serial__isnull=False)


def majors_unfinished():
    """Return the public decisions whose latest entry does not end them."""
    return (
        MajorDecision.objects.filter(state=MajorState.PUBLIC)
        .annotate(status=_latest("status"))
        .filter(Q(status__isnull=True) | ~Q(status__in=FINISHED))
    )


def major_by_number(number, rows):
    """Return the decision of a public number such as "2026-0012", or None."""
    year, _dash, serial = number.partition("-")
    return only_one(rows.filter(year=int(year), serial=int(serial)))


def majors_on_desk(user):
    """Return the decisions whose working page exists for this person."""
    authority = authority_of(user)
    prepared = inside(authority.units(*PREPARERS)) | inside(authority.units(*PREPARERS), field="department")
    decided = inside(authority.units(*DECIDERS)) | inside(authority.units(DECIDERS[0]), field="department")
    seen = inside(authority.units(*OVERSEERS)) | Q(responsible=user)
    return MajorDecision.objects.filter(prepared | decided | (seen & Q(state=MajorState.PUBLIC)))


def majors_to_decide(user):
    """Return the decisions with a version that waits for a second person of this person's offices, oldest first."""
    authority = authority_of(user)
    place = inside(authority.units(*DECIDERS)) | inside(authority.units(DECIDERS[0]), field="department")
    waiting = MajorVersion.objects.filter(decision=OuterRef("pk"), is_granted__isnull=True)
    return (
        MajorDecision.objects.filter(place, Exists(waiting.exclude(by=user)))
        .exclude(registered_by=user)
        .annotate(
            subject=Subquery(waiting.values("subject")[:1]),
            asked_at=Subquery(waiting.values("at")[:1]),
        )
        .select_related("unit", "department")
        .order_by("asked_at", "pk")
    )


def majors_to_report(user):
    """Return the unfinished decisions on which this person's offices report, what is owed first."""
    units = authority_of(user).units(*PREPARERS)
    owed = MajorReport.objects.filter(
        decision=OuterRef("pk"), promise__met_at__isnull=True, promise__ended_at__isnull=True
    ).order_by("promise__due_at")
    return (
        with_subject(majors_unfinished())
        .filter(inside(units) | inside(units, field="department") | Q(responsible=user))
        .annotate(report_due=Subquery(owed.values("promise__due_on")[:1]))
        .select_related("unit", "department", "finish")
        .order_by(F("report_due").asc(nulls_last=True), F("planned_end").asc(nulls_last=True), "pk")
    )


__all__ = [
    "latest_status",
    "major_by_number",
    "majors_on_desk",
    "majors_public",
    "majors_to_decide",
    "majors_to_report",
    "majors_unfinished",
    "with_major_relations",
    "with_status",
    "with_subject",
]
