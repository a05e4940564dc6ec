"""What of the index a reader may find, narrowed by what was chosen: as values, or as slots of a prepared statement."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import NamedTuple

from django.db.models import CharField, DateField, Q

from portal.accounts.authority import authority_of
from portal.accounts.models import Unit
from portal.kernel.prepared import Slot

from .enums import Audience
from .models import SearchEntry
from .registry import kinds_for

FILTERS = ("kind", "unit", "since", "until")


class Reach(NamedTuple):
    """Of somebody signed in: the paths of the own unit and of those above it, the units of their offices."""

    own: tuple
    offices: tuple


@dataclass(frozen=True)
class Sight:
    """The kinds of which a reader may find anything, how far they reach (None: a visitor), and the filters chosen."""

    kinds: tuple
    reach: Reach | None
    chosen: dict

    def entries(self):
        """Return the entries that this reader may find; for all others they do not exist."""
        seen = Q(audience=Audience.PUBLIC)
        if self.reach is not None:
            units = Q(path__in=self.reach.own)
            for unit in self.reach.offices:
                units |= _inside(unit)
            theirs = Unit.objects.filter(units).order_by().values("pk")
            seen |= Q(audience=Audience.SIGNED_IN) | Q(audience=Audience.UNIT, unit__in=theirs)
        rows = SearchEntry.objects.filter(seen, kind__in=self.kinds)
        return rows.filter(*(_fits(name, self.chosen[name]) for name in FILTERS if name in self.chosen))

    @property
    def shape(self):
        """All in which the statement of one sight differs from another's but for values."""
        return self.kinds, self.reach and tuple(map(len, self.reach)), frozenset(self.chosen)

    @property
    def values(self):
        """The values of the slots of ``in_slots(shape)``."""
        values = {name: value for name, value in self.chosen.items() if name != "unit"}
        units = [("unit", self.chosen["unit"])] if "unit" in self.chosen else []
        if self.reach is not None:
            values |= {f"own{number}": path for number, path in enumerate(self.reach.own)}
            units += [(f"office{number}", unit) for number, unit in enumerate(self.reach.offices)]
        for name, unit in units:
            values |= {name: unit.path, f"{name}_end": unit.path_end}
        return values


def sight_of(person, chosen):
    """Return what a person may find, narrowed by the filters that are chosen (a dict of ``FILTERS``)."""
    return Sight(tuple(kind.code for kind in kinds_for(person)), _reach_of(person), chosen)


def in_slots(shape):
    """Return the sight of a shape with a slot for each of its values."""
    kinds, counts, names = shape
    chosen = {name: _unit(name) if name == "unit" else Slot(name, _field(name)) for name in names}
    if counts is None:
        return Sight(kinds, None, chosen)
    own, offices = counts
    paths = tuple(Slot(f"own{number}", CharField()) for number in range(own))
    return Sight(kinds, Reach(paths, tuple(_unit(f"office{number}") for number in range(offices))), chosen)


def _reach_of(person):
    if not person.is_authenticated:
        return None
    path = person.unit.path
    offices = {unit.path: unit for _role, unit in authority_of(person).grants}
    return Reach(tuple(path[:end] for end in range(4, len(path) + 1, 4)), tuple(offices.values()))


def _inside(unit):
    return Q(path__gte=unit.path, path__lt=unit.path_end)


def _fits(name, value):
    if name == "unit":
        return Q(unit__in=Unit.objects.filter(_inside(value)).order_by().values("pk"))
    return Q(**{{"kind": "kind", "since": "on__gte", "until": "on__lte"}[name]: value})


def _field(name):
    return CharField() if name == "kind" else DateField()


def _unit(name):
    return SimpleNamespace(path=Slot(name, CharField()), path_end=Slot(f"{name}_end", CharField()))
