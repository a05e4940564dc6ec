"""Reads of commitments: who must sign now, the rounds of a year with their counts, what somebody has to sign."""

from django.db.models import Count, F, Q

from portal.accounts.authority import authority_of
from portal.accounts.models import Appointment, Unit
from portal.kernel.days import local_day

from ..enums import CommitmentKind, RoundState
from ..models import CommitmentPlan, CommitmentRound, CommitmentSignature, PaperSignature
from ..rules.commitments import KEEPERS
from ..signatories import SIGNING, Office, share_out
from .publications import inside

LONGEST = 200


def offices_held(at):
    """Return every office at a moment for which commitments are signed; deputies stand in and do not sign."""
    rows = (
        Appointment.objects.current(at)
        .filter(role__in=SIGNING, deputy_for__isnull=True, person__is_active=True, unit__is_active=True)
        .order_by("since", "person__job_no")
        .values_list("person_id", "role", "unit_id", "unit__path")
    )
    return [Office(*row) for row in rows]


def posts_of(rounds, at):
    """
    Return {round key: {person key: Post}} of who must sign these rounds by the offices held at a moment.

    Rounds of one year. Whoever has given the year's pledge elsewhere owes no second one.
    """
    if not rounds:
        return {}
    year, offices = rounds[0].year, offices_held(at)
    # All rounds of the year divide the enterprise between them, those that are not open as well.
    paths, named = {}, {}
    for one in CommitmentRound.objects.filter(year=year).select_related("unit", "upper"):
        paths.setdefault(one.kind, {})[one.unit.path] = one.pk
        if one.upper_id is not None and one.upper.is_active:
            named.setdefault(one.kind, {})[one.unit.path] = (one.upper_id, one.unit_id)
    found = {}
    for kind, by_path in paths.items():
        shares = share_out(kind, by_path, offices, named=named.get(kind))
        found |= {by_path[path]: posts for path, posts in shares.items()}
    given = dict(
        CommitmentSignature.objects.filter(
            round__year=year, round__kind=CommitmentKind.PLEDGE, signed_at__isnull=False
        ).values_list("person_id", "round_id")
    )
    return {
        one.pk: {
            person: post
            for person, post in found[one.pk].items()
            if one.kind != CommitmentKind.PLEDGE or given.get(person, one.pk) == one.pk
        }
        for one in rounds
    }


def with_signature_counts(rows, at):
    """Add to rounds how many must sign, have signed, signed late and are missing."""
    kept = Q(signatures__released_at__isnull=True)
    signed = Q(signatures__signed_at__isnull=False)
    return rows.annotate(
        wanted=Count("signatures", filter=kept),
        signed=Count("signatures", filter=kept & signed),
        late=Count(
            "signatures",
            filter=kept & signed & Q(signatures__promise__met_at__gte=F("signatures__promise__due_at")),
        ),
        missing=Count("signatures", filter=kept & ~signed & Q(signatures__promise__due_at__lte=at)),
    )


def rounds_of_year(year, at):
    """Return the rounds of a year with their counts, by one query."""
    rows = with_signature_counts(CommitmentRound.objects.filter(year=year), at)
    return rows.select_related("unit", "promise").order_by("unit__path", "kind")


def years_with_rounds():
    """Return the years that have rounds, latest first."""
    return list(CommitmentRound.objects.order_by("-year").values_list("year", flat=True).distinct())


def signatures_of(one):
    """Return who must sign a round: the upper side first, then by unit; released ones last."""
    rows = (
        CommitmentSignature.objects.filter(round=one)
        .select_related("person", "unit", "promise")
        .prefetch_related("papers")
    )
    order = {"upper": 0, "lower": 1, "own": 1}
    return sorted(
        rows,
        key=lambda row: (row.released_at is not None, order[row.party], row.unit.path, row.role != "leader", row.name),
    )


def round_before(one):
    """Return the same unit's latest earlier round of this sort that was ever open, or None."""
    return (
        CommitmentRound.objects.filter(kind=one.kind, unit=one.unit_id, year__lt=one.year, opened_at__isnull=False)
        .order_by("-year")
        .first()
    )


def signatures_owed(user, at):
    """Return what this person has to sign now, the soonest due first."""
    return (
        CommitmentSignature.objects.filter(
            person=user,
            signed_at__isnull=True,
            released_at__isnull=True,
            round__state=RoundState.OPEN,
            round__year=local_day(at).year,
        )
        .select_related("round__unit", "unit", "promise")
        .order_by("promise__due_at", "pk")
    )


def rounds_kept(user, at):
    """Return the rounds of the units whose commitments this person keeps, with their counts."""
    rows = CommitmentRound.objects.filter(inside(authority_of(user).units(*KEEPERS)))
    return with_signature_counts(rows, at).select_related("unit", "promise")


def papers_waiting(user):
    """Return the scans that wait to be compared in the units this person keeps, but those entered or signed by them."""
    units = authority_of(user).units(*KEEPERS)
    return (
        PaperSignature.objects.filter(inside(units, field="signature__round__unit"), is_accepted__isnull=True)
        .exclude(entered_by=user)
        .exclude(signature__person=user)
        .select_related("signature__round__unit", "signature__unit", "entered_by")
        .order_by("entered_at", "pk")[:LONGEST]
    )


def plans_kept(user):
    """Return the plans of the units whose commitments this person keeps, running ones first."""
    return (
        CommitmentPlan.objects.filter(inside(authority_of(user).units(*KEEPERS)))
        .select_related("unit")
        .order_by(F("until").desc(nulls_first=True), "unit__path", "kind", "pk")[:LONGEST]
    )


def units_kept(user):
    """Return the units whose commitments this person may plan."""
    found = Q(pk__in=[])
    for unit in authority_of(user).units(*KEEPERS):
        found |= Q(path__gte=unit.path, path__lt=unit.path_end)
    return Unit.objects.active().filter(found).select_related("parent").order_by("path")
