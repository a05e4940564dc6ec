"""Reads of preparing a session: steps with clocks, agenda, what is missing this year, papers, deliveries."""

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from portal.deadlines.clock import clock_of

from ..enums import AHEAD, HELD, LIVE, ItemState, JointState, MandateState, MotionState
from ..models import (
    AgendaItem,
    Delegation,
    Delivery,
    ItemOpinion,
    ItemStage,
    JointDecision,
    Mandate,
    Motion,
    Paper,
    SessionStep,
)
from ..yearly import YEARLY


def delegate_of(term_id, person):
    """Return somebody's running mandate of a term, or None."""
    rows = Mandate.objects.filter(term=term_id, person=person, state=MandateState.ACTIVE)
    return rows.select_related("electing_unit__delegation", "electing_unit__unit", "term__unit", "person").first()


def head_of(mandate):
    """Return the delegation that a delegate heads, or None."""
    return Delegation.objects.filter(head=mandate).first()


def steps_of(session, at):
    """Return the steps of a session as the timeline draws them: done, late, due, still to come."""
    rows = SessionStep.objects.filter(session=session).select_related("promise", "done_by", "file")
    return [{"one": one, "clock": clock_of(one.promise, at) if one.promise else None} for one in rows]


def agenda_of(session):
    """Return the items of a session in order, with stages and papers, by three queries."""
    return list(
        AgendaItem.objects.filter(session=session)
        .select_related("joint", "revises")
        .prefetch_related(
            Prefetch("stages", ItemStage.objects.select_related("done_by")),
            Prefetch("papers", Paper.objects.select_related("file")),
        )
        .annotate(
            opinion_count=Count("opinions", distinct=True),
            unanswered=Count("opinions", filter=Q(opinions__answered_at__isnull=True), distinct=True),
        )
        .order_by("position", "pk")
    )


def papers_of(session):
    """Return the papers of a session that belong to no item."""
    return list(Paper.objects.filter(session=session, item=None).select_related("file"))


def missing_reports(session):
    """Return the yearly reports that stand on no agenda of the session's year yet."""
    year = session.opens_on.year
    there = set(
        AgendaItem.objects.filter(
            session__term=session.term_id, session__opens_at__year=year, session__state__in=[*AHEAD, *HELD]
        )
        .exclude(report="")
        .exclude(state=ItemState.WITHDRAWN)
        .values_list("report", flat=True)
    )
    return [report for report in YEARLY if report.code not in there]


def joint_waiting(term):
    """Return the decisions of the joint meeting that the congress has not confirmed, and stand on no agenda."""
    listed = AgendaItem.objects.filter(
        joint__isnull=False, session__state__in=[*AHEAD, *HELD], state__in=[ItemState.LISTED, ItemState.RUNNING]
    )
    rows = JointDecision.objects.filter(term=term, state=JointState.WAITING)
    return list(rows.exclude(pk__in=listed.values("joint_id")))


def bills_waiting(session):
    """Return the motions of this congress that were raised to a bill and stand on no agenda, the oldest first."""
    listed = AgendaItem.objects.filter(bill=OuterRef("pk"), session__state__in=[*AHEAD, *HELD])
    listed = listed.exclude(state=ItemState.WITHDRAWN)
    rows = Motion.objects.filter(~Exists(listed), term__unit=session.term.unit_id, state=MotionState.ESCALATED)
    return list(rows.select_related("call__session", "term").order_by("call__opens_on", "serial"))


def joint_decisions(term):
    """Return all decisions of the joint meeting of a term, the latest first."""
    return JointDecision.objects.filter(term=term).order_by("-held_on", "pk")


def deliveries_of(session):
    """Return the delegates of a session with the proof of delivery, delegation by delegation; None without one."""
    proof = Prefetch("deliveries", Delivery.objects.filter(session=session), to_attr="proof")
    return (
        Mandate.objects.filter(term=session.term_id, state__in=LIVE)
        .select_related("electing_unit__unit", "electing_unit__delegation")
        .prefetch_related(proof)
        .order_by("electing_unit__unit__path", "seat", "pk")
    )


def delivery_counts(session):
    """Return how many delegates there are, how many were given the papers, how many say they have seen them."""
    return Mandate.objects.filter(term=session.term_id, state=MandateState.ACTIVE).aggregate(
        whole=Count("pk", distinct=True),
        delivered=Count("deliveries", filter=Q(deliveries__session=session), distinct=True),
        seen=Count(
            "deliveries", filter=Q(deliveries__session=session, deliveries__seen_at__isnull=False), distinct=True
        ),
    )


def opinions_of(session):
    """Return what delegations and delegates said of the items of a session."""
    return (
        ItemOpinion.objects.filter(item__session=session)
        .select_related("item", "delegation", "mandate", "answered_by")
        .order_by("item__position", "given_at", "pk")
    )
