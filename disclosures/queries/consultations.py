"""Reads of consultations: who may see which, how much was said about what, what still waits for an answer."""

from collections import Counter

from django.db.models import Count, F, Q

from portal.accounts.authority import authority_of
from portal.kernel.days import local_day

from ..enums import ConsultationState, OpinionMode
from ..models import Consultation, ConsultationOpinion
from ..rules.consultations import HEADS
from ..rules.sight import OVERSEERS, PREPARERS
from .publications import inside, readable_by

S = ConsultationState
# What is about the whole draft stands before its clauses, on both engines.
BY_CLAUSE = F("clause__ordinal").asc(nulls_first=True)


def with_consultation_relations(rows):
    """Fetch with consultations what rules and pages read of them."""
    return rows.select_related(
        "item",
        "unit",
        "department",
        "drafted_by",
        "written_by",
        "opened_by",
        "prepared_by",
        "published_by",
        "abandoned_by",
        "answer_promise",
        "report_promise",
    )


def consultations_readable_by(user):
    """Return what the workers have seen and is for this reader; the same answer as may_read_consultation."""
    return Consultation.objects.opened().filter(readable_by(user))


def consultations_on_desk(user):
    """Return the consultations whose working page exists for this person; everything else is a 404."""
    authority = authority_of(user)

    def held(*roles):
        units = authority.units(*roles)
        return inside(units) | inside(units, field="department")

    seen = held(*PREPARERS)
    seen |= held(*HEADS) & (Q(handed_at__isnull=False) | Q(opened_at__isnull=False))
    seen |= inside(authority.units(*OVERSEERS)) & Q(opened_at__isnull=False)
    return Consultation.objects.filter(seen)


def consultations_waiting(user):
    """Return what waits for this person's yes: drafts to open and reports to decide, never their own."""
    to_open = Q(state=S.DRAFT, handed_at__isnull=False) & ~Q(drafted_by=user) & ~Q(written_by=user)
    to_decide = Q(state=S.ANSWERED, prepared_at__isnull=False) & ~Q(prepared_by=user)
    return consultations_on_desk(user).filter(to_open | to_decide)


def opinions_told(rows, at):
    """
    Return the opinions that pages may show: those under a nickname from the day after they came.

    Whoever watched a page on the day could tell the minute, and with it who sat
    at the only computer (trust-and-experience.md A6: nothing live).
    """
    return rows.exclude(mode=OpinionMode.NICKNAME, given_on__gte=local_day(at))


def opinion_counts(consultation, at):
    """Return {clause id or None: Counter of stances} of what may be shown, hidden ones included, by one query."""
    rows = (
        opinions_told(ConsultationOpinion.objects.filter(consultation=consultation), at)
        .values_list("clause", "stance")
        .annotate(n=Count("pk"))
        .order_by()
    )
    found = {}
    for clause, stance, n in rows:
        found.setdefault(clause, Counter())[stance] += n
    return found


def counts_by_consultation(consultations, at):
    """Return {consultation id: how many opinions may be shown} for the rows of a list, by one query."""
    keys = [row.pk for row in consultations]
    rows = opinions_told(ConsultationOpinion.objects.filter(consultation__in=keys), at).values_list("consultation")
    return dict(rows.annotate(n=Count("pk")).order_by())


def waiting_answers(consultation):
    """Return how many opinions have no group, and how many groups that hold opinions have no answer."""
    ungrouped = ConsultationOpinion.objects.filter(consultation=consultation, group__isnull=True).count()
    unanswered = consultation.groups.filter(outcome="", opinions__isnull=False).distinct().count()
    return ungrouped + unanswered


def groups_of(consultation):
    """Return the groups that hold opinions, in order, with ``n`` opinions each, by one query."""
    rows = consultation.groups.annotate(n=Count("opinions")).filter(n__gt=0)
    return list(rows.order_by("ordinal"))
