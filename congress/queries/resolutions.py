"""Reads of resolutions: the register, one resolution with its tasks, what a session has still to be told."""

from dataclasses import dataclass

from django.db.models import Avg, Count, F, OuterRef, Prefetch, Q, Subquery

from ..enums import ItemState, MotionState, ReportState, ResolutionState, SessionState, TaskState
from ..models import (
    AgendaItem,
    ImplementationReport,
    Motion,
    Resolution,
    ResolutionTask,
    ResolutionVersion,
    TaskEntry,
    TaskEvidence,
)

OVER = (SessionState.CLOSED, SessionState.DISCLOSED)


def resolutions_known():
    """Return resolutions with what their rules and headings read."""
    latest = ResolutionVersion.objects.filter(resolution=OuterRef("pk"))
    issued = latest.filter(issued_at__isnull=False).order_by("-number")
    return Resolution.objects.select_related("unit", "session__term__unit", "item").annotate(
        heading=Subquery(issued.values("title")[:1]),
        draft_heading=Subquery(latest.order_by("-number").values("title")[:1]),
    )


def register_of(at):
    """Return the issued resolutions with how many tasks there are, done and late, and how far they are together."""
    owed = ~Q(tasks__state=TaskState.DROPPED)
    return (
        resolutions_known()
        .exclude(state=ResolutionState.DRAFT)
        .annotate(
            task_count=Count("tasks", filter=owed),
            tasks_done=Count("tasks", filter=Q(tasks__state=TaskState.DONE)),
            tasks_late=Count("tasks", filter=Q(tasks__state=TaskState.OPEN, tasks__promise__due_at__lte=at)),
            percent=Avg("tasks__percent", filter=owed),
        )
    )


def resolution_in_full(pk):
    """Return a resolution with wordings, tasks, entries, evidence and reports, by six queries; or None."""
    tasks = ResolutionTask.objects.select_related("unit", "person", "promise").prefetch_related(
        Prefetch(
            "entries",
            TaskEntry.objects.select_related("by")
            .prefetch_related(Prefetch("evidence", TaskEvidence.objects.select_related("file")))
            .order_by("-pk"),
        )
    )
    versions = ResolutionVersion.objects.select_related("written_by", "issued_by")
    reports = ImplementationReport.objects.select_related("session__term__unit", "item").order_by("-written_at")
    rows = resolutions_known().select_related("replaces", "replaced_by")
    return (
        rows.prefetch_related(Prefetch("versions", versions), Prefetch("tasks", tasks), Prefetch("reports", reports))
        .filter(pk=pk)
        .first()
    )


def resolutions_of(session):
    """Return the issued resolutions of a session in the order of their numbers."""
    rows = resolutions_known().filter(session=session).exclude(state=ResolutionState.DRAFT)
    return rows.order_by("year", "serial")


def items_to_resolve(units):
    """Return the adopted items of closed sessions that have no resolution yet, the latest session first."""
    rows = AgendaItem.objects.filter(state=ItemState.ADOPTED, session__state__in=OVER, resolution=None)
    return (
        rows.filter(session__term__unit__in=units)
        .select_related("session__term__unit")
        .order_by("-session__opens_at", "position")
    )


def drafts_of(units):
    """Return the resolutions of units that have a wording that waits to be issued."""
    rows = resolutions_known().filter(unit__in=units, versions__issued_at__isnull=True)
    return rows.annotate(writer=F("versions__written_by__name")).order_by("-session__opens_at", "item__position")


def open_resolutions(unit):
    """Return the resolutions of a unit that are being carried out."""
    return resolutions_known().filter(unit=unit, state=ResolutionState.ISSUED).order_by("year", "serial")


# What the next session is told -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Owed:
    """A resolution or a motion on which a session has to be told something; ``report`` is what it is told."""

    kind: str
    key: object
    number: str
    title: str
    report: object = None
    thing: object = None


def owed_to(session):
    """
    Return every open resolution and every filed motion of the sessions before this one, with its report, if any.

    Asked by the unit: what a term leaves open the next term is told of.
    """
    before = {"term__unit": session.term.unit_id, "opens_at__lt": session.opens_at, "state__in": OVER}
    # What was to be told under an item that was taken off the agenda is still to be told.
    told = ImplementationReport.objects.filter(session=session).exclude(item__state=ItemState.WITHDRAWN)
    reports = list(told.select_related("item"))
    on_resolutions = {one.resolution_id: one for one in reports if one.resolution_id}
    on_motions = {one.motion_id: one for one in reports if one.motion_id}
    about = {f"session__{name}": value for name, value in before.items()}
    open_ones = Q(state=ResolutionState.ISSUED) | Q(pk__in=on_resolutions)
    rows = resolutions_known().filter(open_ones, **about).exclude(state=ResolutionState.DRAFT)
    found = [
        Owed("resolution", one.pk, one.number, one.heading, on_resolutions.get(one.pk), one)
        for one in rows.order_by("year", "serial")
    ]
    about = {f"call__session__{name}": value for name, value in before.items()}
    filed = Motion.objects.filter(Q(state=MotionState.FILED) | Q(pk__in=on_motions), **about)
    motions = filed.select_related("call__session", "term", "inquiry__lead_unit", "inquiry__promise")
    for one in motions.order_by("call__opens_on", "serial"):
        found.append(Owed("motion", one.pk, one.number, public_title(one), on_motions.get(one.pk), one))
    return found


def public_title(motion):
    """Return the title of a filed motion that everybody reads."""
    return motion.inquiry.public_subject or motion.title


def reports_missing(session):
    """Return what a session has still to be told something of."""
    return [one for one in owed_to(session) if one.report is None]


def items_for_reports(session):
    """Return the items under which a session may examine implementation reports."""
    rows = AgendaItem.objects.filter(session=session, state=ItemState.LISTED, kind__in=("supervise", "approve"))
    return list(rows.order_by("position", "pk"))


def reports_on(item):
    """Return the reports that wait for what becomes of an item."""
    rows = ImplementationReport.objects.filter(item=item, state=ReportState.GIVEN)
    return rows.select_related("resolution__session__term__unit").order_by("pk")
