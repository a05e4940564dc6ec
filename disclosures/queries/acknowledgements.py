"""How many have acknowledged what must be read, in all and by unit; never who."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.models import Person, Unit
from portal.kernel.days import local_day

from ..enums import Audience
from ..models import Acknowledgement
from ..rules.sight import DESK_ROLES

LEAST_PEOPLE = 5  # of fewer, a number tells who


@dataclass(frozen=True)
class UnitRate:
    """How many of a unit's people have acknowledged; both numbers are None where they would tell who."""

    name: str
    acknowledged: int | None
    people: int | None

    @property
    def share(self):
        """The share from 0 to 1, or None where it is not shown."""
        return None if self.people is None else self.acknowledged / self.people


def suppressed(sizes):
    """
    Return the places of the groups whose numbers are not shown, as a set.

    Those with fewer than five people; and, because the total is shown, the
    next smallest as well until at least two are hidden that have five people
    together: otherwise the rest would tell the hidden one.
    """
    order = sorted(range(len(sizes)), key=lambda place: (sizes[place], place))
    hidden = {place for place in order if sizes[place] < LEAST_PEOPLE}
    for place in order:
        if not hidden or (len(hidden) > 1 and sum(sizes[one] for one in hidden) >= LEAST_PEOPLE):
            break
        hidden.add(place)
    return hidden


def acknowledged_total(publication, at):
    """Return how many of those who are asked had acknowledged by last night: a UnitRate without a name, two queries."""
    read, people = _counts(publication, at)
    return _rate("", sum(read.values()), sum(people.values()), is_hidden=sum(people.values()) < LEAST_PEOPLE)


def acknowledged_by_unit(publication, user, at):
    """
    Return (the total, the rates of the units right below the publication's that this reader may see).

    Acknowledged means before today: numbers that move at once would tell those
    beside a worker what was just pressed. Counted are the people who are on
    the roster now, each in their unit of now, so that the rates and the total
    fit together. Which numbers are hidden does not depend on the reader.
    """
    read, people = _counts(publication, at)
    unit = publication.unit
    own = authority_of(user).units(*DESK_ROLES)
    children = list(Unit.objects.filter(parent=unit).order_by("path"))
    groups = [(child.name, child, lambda path, child=child: path.startswith(child.path)) for child in children]
    groups.append((_("directly in the unit"), unit, lambda path: path == unit.path))
    groups.append((_("other units"), unit, lambda path: not path.startswith(unit.path)))
    rows = []
    for name, place, is_in in groups:
        size = sum(count for path, count in people.items() if is_in(path))
        if size:
            rows.append((name, place, sum(count for path, count in read.items() if is_in(path)), size))
    hidden = suppressed([size for *_rest, size in rows])
    total = sum(people.values())
    return (
        _rate("", sum(read.values()), total, is_hidden=total < LEAST_PEOPLE),
        [
            _rate(name, done, size, is_hidden=place in hidden)
            for place, (name, covered, done, size) in enumerate(rows)
            if any(held.covers(covered) for held in own)
        ],
    )


def _rate(name, done, size, *, is_hidden):
    return UnitRate(name, None, None) if is_hidden else UnitRate(name, done, size)


def _counts(publication, at):
    """Return ({path: acknowledged}, {path: people}) of the units whose people are asked."""
    people = Person.objects.filter(is_active=True)
    read = Acknowledgement.objects.filter(publication=publication, person__is_active=True, on__lt=local_day(at))
    if publication.audience == Audience.UNIT:
        unit = publication.unit
        people = people.filter(unit__path__gte=unit.path, unit__path__lt=unit.path_end)
        read = read.filter(person__unit__path__gte=unit.path, person__unit__path__lt=unit.path_end)
    return (
        dict(read.order_by().values_list("person__unit__path").annotate(n=Count("pk"))),
        dict(people.order_by().values_list("unit__path").annotate(n=Count("pk"))),
    )
