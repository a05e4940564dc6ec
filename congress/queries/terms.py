"""Reads of terms: who works where on a day, the running term, what a working page shows, the composition."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q

from portal.accounts.authority import authority_of
from portal.accounts.enums import Gender, UnitKind
from portal.accounts.models import Person, Unit
from portal.accounts.queries import units_within
from portal.accounts.rules import UNION_DESK

from ..enums import LIVE, DelegateCategory, MandateState, TermState
from ..models import Body, BodyMember, Delegation, ElectingUnit, Mandate, Term, TermExtension
from ..models.delegates import holding
from ..seats import over_share, presidium_bounds, under_share, women_short


def staff_by_path(unit):
    """Return {path of a unit: people on the roster} of a unit and all below it."""
    rows = Person.objects.filter(is_active=True, unit__path__gte=unit.path, unit__path__lt=unit.path_end)
    return dict(rows.order_by().values_list("unit__path").annotate(n=Count("pk")))


def women_on_roster(unit):
    """Return (women, staff, people without a gender) of a unit and all below it."""
    rows = Person.objects.filter(is_active=True, unit__path__gte=unit.path, unit__path__lt=unit.path_end)
    found = rows.aggregate(
        women=Count("pk", filter=Q(gender=Gender.FEMALE)), staff=Count("pk"), unknown=Count("pk", filter=Q(gender=""))
    )
    return found["women"], found["staff"], found["unknown"]


def nearest_path(path, electing_paths):
    """Return the path of the electing unit that somebody of a unit belongs to, or None: the nearest one upwards."""
    return next((path[:end] for end in range(len(path), 0, -4) if path[:end] in electing_paths), None)


def staff_of_units(unit, paths):
    """Return {path of an electing unit: its staff}; people of no electing unit are under None."""
    found = dict.fromkeys(paths, 0)
    for path, n in staff_by_path(unit).items():
        home = nearest_path(path, paths)
        found[home] = found.get(home, 0) + n
    return found


def staff_of(electing_unit):
    """Return how many people on the roster belong to an electing unit now."""
    paths = set(ElectingUnit.objects.filter(term=electing_unit.term_id).values_list("unit__path", flat=True))
    return staff_of_units(electing_unit.unit, paths)[electing_unit.unit.path]


def terms_known(*, day=None):
    """Return all terms whose seats are fixed, those of the enterprise first, the latest first."""
    rows = Term.objects.filter(state=TermState.FIXED)
    return (rows if day is None else rows.running(day)).select_related("unit").order_by("unit__path", "-number")


def terms_on_desk(user):
    """Return the terms whose working page exists for this person."""
    units = authority_of(user).units(*UNION_DESK)
    kept, below = Q(pk__in=[]), Q(pk__in=[])
    for unit in units:
        kept |= Q(unit__path__gte=unit.path, unit__path__lt=unit.path_end)
        above = [unit.path[:end] for end in range(4, len(unit.path) + 1, 4)]
        below |= Q(unit__path__in=above, state=TermState.FIXED)
    return (
        Term.objects.filter(kept | below)
        .select_related("unit")
        .annotate(taken=Count("mandates", filter=Q(mandates__state__in=LIVE)))
    )


def units_with_congress(user):
    """Return the units for which this person may prepare a congress: enterprise and secondary units."""
    rows = units_within(authority_of(user).units(*UNION_DESK)).active()
    return rows.filter(kind__in=(UnitKind.COMPANY, UnitKind.SECONDARY)).select_related("parent").order_by("path")


def units_to_choose(term):
    """Return the units that may elect delegates of a term, with those chosen marked."""
    return list(Unit.objects.under(term.unit).active().select_related("parent").order_by("path"))


def electing_units_of(term):
    """Return the electing units of a term with their delegation and all mandates, by three queries."""
    mandates = Mandate.objects.select_related("person", "meeting").order_by("seat", "nominated_at", "pk")
    return list(
        ElectingUnit.objects.filter(term=term)
        .select_related("unit", "delegation", "term__unit")
        .prefetch_related(Prefetch("mandates", mandates))
        .order_by("unit__path")
    )


def delegations_of(term):
    """Return the delegations of a term with their electing units and head."""
    return list(
        Delegation.objects.filter(term=term)
        .select_related("head")
        .prefetch_related(Prefetch("electing_units", ElectingUnit.objects.select_related("unit")))
        .annotate(count=Count("electing_units__mandates", filter=Q(electing_units__mandates__state__in=LIVE)))
        .order_by("pk")
    )


def bodies_of(term):
    """Return presidium and committees of a term with their members; the presidium comes first."""
    members = BodyMember.objects.select_related("mandate__electing_unit__unit").order_by("-is_chair", "pk")
    return list(
        Body.objects.filter(term=term).prefetch_related(Prefetch("members", members)).order_by("-kind", "decided_on")
    )


def observers_of(term):
    """Return who attends without a vote now."""
    return list(term.observers.filter(until__isnull=True).select_related("person__unit").order_by("pk"))


def extension_waiting(term):
    """Return the extension that waits to be decided, or None."""
    rows = TermExtension.objects.filter(term=term, is_granted__isnull=True)
    return rows.select_related("asked_by").first()


@dataclass(frozen=True)
class Share:
    """One line of the composition: how many of how many, how many too many or missing against the limit in per cent."""

    code: str
    count: int
    whole: int
    limit: int | None = None
    wrong: int = 0

    @property
    def share(self):
        """The share among all delegates, or None without any."""
        return self.count / self.whole if self.whole else None


def composition_of(term, *, day=None):
    """Return the composition of those who hold a seat, or held one on a day, by one query."""
    found = Mandate.objects.filter(holding(day), term=term).aggregate(
        whole=Count("pk"),
        leaders=Count("pk", filter=Q(category=DelegateCategory.LEADER)),
        women=Count("pk", filter=Q(gender=Gender.FEMALE)),
        frontline=Count("pk", filter=Q(category=DelegateCategory.FRONTLINE)),
        technicians=Count("pk", filter=Q(category=DelegateCategory.TECHNICIAN)),
    )
    whole = found["whole"]
    missing = women_short(found["women"], whole, term.women, term.women_of) if term.women_of else 0
    return [
        Share(
            "leaders",
            found["leaders"],
            whole,
            term.leader_percent,
            over_share(found["leaders"], whole, term.leader_percent),
        ),
        Share("women", found["women"], whole, None, missing),
        Share("frontline", found["frontline"], whole),
        Share("technicians", found["technicians"], whole),
    ]


@dataclass(frozen=True)
class PresidiumCheck:
    """How a presidium stands against its rule: people too few or too many, front-line workers missing."""

    count: int
    least: int
    most: int | None
    front: int
    too_few: int
    too_many: int
    front_short: int

    @property
    def is_right(self):
        """Whether nothing is wrong."""
        return not (self.too_few or self.too_many or self.front_short)


def check_presidium(mandates, *, seats, small, large, front):
    """Return how a list of mandates stands as presidium of a congress of so many seats; ``front`` in per cent."""
    least, most = presidium_bounds(seats, small=small, large=large)
    count = len(mandates)
    workers = sum(one.category == DelegateCategory.FRONTLINE for one in mandates)
    return PresidiumCheck(
        count=count,
        least=least,
        most=most,
        front=workers,
        too_few=max(0, least - count),
        too_many=max(0, count - most) if most is not None else 0,
        front_short=under_share(workers, count, front),
    )


def delegates_to_choose(term):
    """Return the delegates whose credentials are confirmed, unit by unit."""
    return list(
        Mandate.objects.filter(term=term, state=MandateState.ACTIVE)
        .select_related("electing_unit__unit")
        .order_by("electing_unit__unit__path", "seat")
    )
