"""Reads of the four responsibilities: who has them, and what each owes, by the same few queries for any units."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Case, CharField, Count, F, Q, Value, When

from portal.accounts.models import Appointment, Person, Unit
from portal.deadlines.models import Promise
from portal.kernel.days import local_day

from ..enums import CHAIN, DutyRole, RoundState
from ..models import (
    CommitmentSignature,
    Correction,
    MajorVersion,
    PaperSignature,
    Publication,
    Rectification,
    Responsibility,
    Withdrawal,
)
from ..responsible import OF_ROLE, OF_STATE, OFFICES, falls_on, home_of, kinds_owed

LISTED = 200
DEEPEST = 8  # the company and what lies directly below it; a workshop is counted to its works
# What waits for somebody without a promise: signatures, decisions, checks.
SIGN, DECIDE, CHECK, COMMIT = "sign", "decide", "check", "commit"


@dataclass
class Owed:
    """What falls on one responsibility of a unit now: {line: how many}, open and late ones apart."""

    open: dict = field(default_factory=lambda: defaultdict(int))
    late: dict = field(default_factory=lambda: defaultdict(int))

    @property
    def open_count(self):
        """How many are still in time."""
        return sum(self.open.values())

    @property
    def late_count(self):
        """How many are overdue."""
        return sum(self.late.values())

    def add(self, line, n, *, is_late):
        """Count so many of a line."""
        (self.late if is_late else self.open)[line] += n


def units_listed():
    """Return the units that have the four responsibilities: the enterprise, its works and offices."""
    return [unit for unit in Unit.objects.active().order_by("path") if len(unit.path) <= DEEPEST]


def holders_of(units, at):
    """
    Return {unit id: {responsibility: [(person or None, words, is_deputy)]}} by two queries.

    What the union chair has set wins; otherwise the nearest holders of the
    offices, at the unit or above it. The evaluator is the workers' congress.
    """
    today = local_day(at)
    rows = (
        Appointment.objects.current(at)
        .filter(role__in=[role for roles in OFFICES.values() for role in roles], person__is_active=True)
        .select_related("person", "unit")
        .order_by("role", "person__job_no")
    )
    held = defaultdict(list)
    for row in rows:
        held[row.role, row.unit.path].append((row.person, "", row.deputy_for_id is not None))
    set_rows = defaultdict(list)
    for row in (
        Responsibility.objects.filter(Q(until__isnull=True) | Q(until__gte=today), unit__in=units, since__lte=today)
        .select_related("person")
        .order_by("since", "pk")
    ):
        set_rows[row.unit_id, row.role].append((row.person, row.words, False))
    return {
        unit.pk: {
            role: set_rows.get((unit.pk, role))
            or [one for office in OFFICES[role] for one in _nearest(held, office, unit)]
            for role in DutyRole
        }
        for unit in units
    }


def _nearest(held, office, unit):
    for end in range(len(unit.path), 0, -4):
        if found := held.get((office, unit.path[:end])):
            return found
    return []


def owed_by(units, at):
    """
    Return {unit id: {responsibility: Owed}} of what is open and overdue now, each thing counted to the nearest unit.

    A fixed number of queries, whatever the number of units. ``units`` must be
    all that are listed, else what belongs to a missing one counts above it.
    """
    homes = {unit.path: unit.pk for unit in units}
    found = {unit.pk: {role: Owed() for role in DutyRole} for unit in units}

    def count(path, role, line, n, *, is_late=False):
        home = home_of(path, homes)
        if home is not None:
            found[homes[home]][role].add(line, n, is_late=is_late)

    kinds = kinds_owed()
    lateness = Case(When(due_at__lte=at, then=Value("late")), default=Value("open"), output_field=CharField())
    for row in (
        _ours(kinds).annotate(how=lateness).values("unit__path", "kind", "how").annotate(n=Count("pk")).order_by()
    ):
        is_late = row["how"] == "late"
        for role in falls_on(kinds[row["kind"]], is_late=is_late):
            count(row["unit__path"], role, row["kind"], row["n"], is_late=is_late)
    for path, office, n, late in _unsigned(at):
        count(path, OF_ROLE[office], COMMIT, n - late)
        count(path, OF_ROLE[office], COMMIT, late, is_late=True)
    for line, role, rows in _waiting():
        for path, state, n in rows:
            count(path, OF_STATE[state] if state else role, line, n)
    return found


def _ours(kinds):
    return Promise.objects.open().filter(subject__startswith="disclosures.", kind__in=kinds)


def _unsigned(at):
    """Yield (path, office, how many, how many late) of commitments that are to be signed."""
    return (
        _unsigned_rows(at)
        .values_list("unit__path", "role")
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(promise__due_at__lte=at)))
        .order_by()
    )


def _unsigned_rows(at):
    return CommitmentSignature.objects.filter(
        signed_at__isnull=True,
        released_at__isnull=True,
        round__state=RoundState.OPEN,
        round__year=local_day(at).year,
    )


def _waiting():
    """Yield (line, responsibility, [(path, state, how many)]) of what waits for a decision and has no promise."""
    texts = (
        Publication.objects.filter(state__in=CHAIN)
        .annotate(
            place=Case(
                When(
                    Q(department__isnull=False) & ~Q(state="opinion") & ~Q(state="secrecy"), then=F("department__path")
                ),
                default=F("unit__path"),
            )
        )
        .values_list("place", "state")
        .annotate(n=Count("pk"))
        .order_by()
    )
    yield SIGN, None, texts
    for model in (Correction, Withdrawal):
        yield DECIDE, DutyRole.FIRST, _by_unit(model.objects.filter(is_granted__isnull=True), "publication__unit")
    majors = MajorVersion.objects.filter(is_granted__isnull=True)
    yield DECIDE, DutyRole.FIRST, _by_unit(majors, "decision__unit")
    checks = Rectification.objects.filter(done_at__isnull=False, checked_at__isnull=True)
    yield CHECK, DutyRole.SUPERVISOR, _by_unit(checks, "publication__unit")
    papers = PaperSignature.objects.filter(is_accepted__isnull=True)
    yield CHECK, DutyRole.SUPERVISOR, _by_unit(papers, "signature__round__unit")


def _by_unit(rows, unit):
    found = rows.values_list(f"{unit}__path").annotate(n=Count("pk")).order_by()
    return [(path, "", n) for path, n in found]


def promises_owed(unit, units, at):
    """Return the open promises counted to a unit with its own page, overdue first; at most so many."""
    others = Q(pk__in=[])
    for one in units:
        if one.pk != unit.pk and unit.covers(one):
            others |= Q(unit__path__gte=one.path, unit__path__lt=one.path_end)
    return list(
        _ours(kinds_owed())
        .filter(unit__path__gte=unit.path, unit__path__lt=unit.path_end)
        .exclude(others)
        .select_related("unit")
        .order_by("due_at", "pk")[:LISTED]
    )


def unsigned_by(people, at):
    """Return {person key: how many commitments they have to sign}, by one query."""
    keys = [person.pk for person in people if isinstance(person, Person)]
    return dict(_unsigned_rows(at).filter(person__in=keys).values_list("person").annotate(n=Count("pk")).order_by())


def responsibilities_of(unit, today):
    """Return what the union chair has set for a unit and still holds, with people."""
    return (
        Responsibility.objects.filter(Q(until__isnull=True) | Q(until__gte=today), unit=unit)
        .select_related("person", "set_by")
        .order_by("role", "since", "pk")
    )
