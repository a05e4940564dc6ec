"""The credential report of a session: quota, composition, electing unit by electing unit, who was there."""

from dataclasses import dataclass

from django.db.models import Count, Q

from portal.accounts.enums import Gender
from portal.kernel.days import day_end, local_day

from ..enums import DelegateCategory, MandateState
from ..models import ElectingUnit, Presence, Session
from ..models.delegates import holding
from .delegates import vacancies_of
from .hall import attendance_of
from .terms import composition_of, observers_of


@dataclass(frozen=True)
class UnitLine:
    """One electing unit: its seats, who holds them, of what sort, how many came."""

    name: str
    seats: int
    held: int
    confirmed: int
    women: int
    frontline: int
    leaders: int
    came: int

    @property
    def vacant(self):
        """Seats that nobody holds."""
        return self.seats - self.held


@dataclass(frozen=True)
class Credentials:
    """All that the credential report of a session says."""

    session: Session
    composition: list
    units: list
    totals: UnitLine
    vacancies: list
    observers: list
    attendance: object = None  # from the opening on

    @property
    def term(self):
        """The term whose delegates are reviewed."""
        return self.session.term


def credentials_of(session):
    """
    Return the credential report of a session, by a number of queries that does not grow with the delegates.

    That of a session which is over says who sat on its last day: whoever leaves afterwards was a delegate there.
    """
    term = session.term
    day = local_day(session.closed_at) if session.closed_at is not None else None
    came = dict(
        Presence.objects.filter(session=session)
        .order_by()
        .values_list("mandate__electing_unit")
        .annotate(n=Count("mandate", distinct=True))
    )
    live = holding(day, prefix="mandates__")
    confirmed = Q(mandates__state=MandateState.ACTIVE)
    if day is not None:
        confirmed = live & Q(mandates__confirmed_at__lt=day_end(day))
    rows = (
        ElectingUnit.objects.filter(term=term)
        .select_related("unit")
        .annotate(
            held=Count("mandates", filter=live),
            confirmed=Count("mandates", filter=confirmed),
            women=Count("mandates", filter=live & Q(mandates__gender=Gender.FEMALE)),
            frontline=Count("mandates", filter=live & Q(mandates__category=DelegateCategory.FRONTLINE)),
            leaders=Count("mandates", filter=live & Q(mandates__category=DelegateCategory.LEADER)),
        )
        .order_by("unit__path")
    )
    names = ("seats", "held", "confirmed", "women", "frontline", "leaders")
    units = [UnitLine(row.unit.name, *(getattr(row, name) for name in names), came.get(row.pk, 0)) for row in rows]
    return Credentials(
        session=session,
        composition=composition_of(term, day=day),
        units=units,
        totals=UnitLine("", *(sum(getattr(one, name) for one in units) for name in (*names, "came"))),
        vacancies=vacancies_of(term, day=day),
        observers=observers_of(term),
        attendance=attendance_of(session) if session.opened_at is not None else None,
    )
