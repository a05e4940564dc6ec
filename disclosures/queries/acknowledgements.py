"""How many have acknowledged what must be read, in all and by unit; never who."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.models import Person, Unit
from portal.kernel.days import local_day
from portal.kernel.keeping import remembered

from ..enums import Audience
from ..models import Acknowledgement
from ..rules.sight import DESK_ROLES

# What was so last night changes with the roster only; to count a group's 300,000 people at every reading would take
# longer than the page. Total and units come out of one count, so that nothing is told by what lies between two.
RATES_SECONDS = 60
LEAST_PEOPLE = 5  # of fewer, a number tells who
# All or nobody tells of each. A band wide enough that one person less, or more, lies in it too: (of so many, percent).
BANDS = ((100, 1), (10, 10), (0, 20))


@dataclass(frozen=True)
class UnitRate:
    """
    How many of a group of people have acknowledged.

    ``acknowledged`` is None where the number would tell who: with a ``band``
    in its place where it is all or nobody, or nearly; without one where
    another's could be told by subtraction. ``people`` is None of fewer than five.
    """

    name: str
    acknowledged: int | None
    people: int | None
    band: str = ""

    @property
    def share(self):
        """The share from 0 to 1, or None where it is not shown."""
        return None if self.acknowledged is None else self.acknowledged / self.people


@dataclass(frozen=True)
class _Group:
    """A row before anything is hidden: its name, the unit a reader must cover to see it, and the true numbers."""

    name: str
    place: object
    done: int
    size: int

    @property
    def percent(self):
        return next(percent for least, percent in BANDS if self.size >= least)

    @property
    def span(self):
        """What the number may be for a reader who sees the band, or sees that there is neither band nor number."""
        width = self.size * self.percent // 100
        if self.done >= self.size - width:
            return self.size - width, self.size
        if self.done <= width:
            return 0, width
        return width + 1, self.size - width - 1

    @property
    def is_banded(self):
        return 0 in self.span or self.size in self.span

    def words(self):
        """Return the band in words."""
        if 0 in self.span:
            return _("at most %(percent)d%%") % {"percent": self.percent}
        return _("at least %(percent)d%%") % {"percent": 100 - self.percent}


def suppressed(sizes, parent=None):
    """
    Return the places of the groups that are not broken out but counted together, as a set.

    Those with fewer than five people, with the ``parent``'s own people; and,
    because the total is shown, the next smallest as well until at least two
    are together that have five people: otherwise the rest would tell the
    hidden one.
    """
    order = sorted(range(len(sizes)), key=lambda place: (sizes[place], place))
    hidden = {place for place in order if sizes[place] < LEAST_PEOPLE}
    if hidden and parent is not None:
        hidden.add(parent)
    for place in order:
        if not hidden or (len(hidden) > 1 and sum(sizes[one] for one in hidden) >= LEAST_PEOPLE):
            break
        hidden.add(place)
    return hidden


def withheld(groups):
    """
    Return (the places of the groups whose number is not shown, whether the total's is not either).

    Banded ones, and the smallest of the others whenever there is one: the
    banded number would be what the others leave of the total. Where a reader
    who subtracts would still find only one answer, the total is not shown. And
    None in the place of places: nothing is broken out of a total that lies in
    a band itself. What is withheld depends on what a reader sees, and where
    not, on both answers alike; the test walks through all small tables.
    """
    total = _Group("", None, sum(group.done for group in groups), sum(group.size for group in groups))
    if total.is_banded:
        return None, True
    hidden = {place for place, group in enumerate(groups) if group.is_banded}
    others = sorted(set(range(len(groups))) - hidden, key=lambda place: (groups[place].size, place))
    hidden.update(others[: bool(hidden)])
    return hidden, not _is_open([groups[place] for place in hidden])


def _is_open(groups):
    """Whether of groups whose sum is known each banded one may be all, or nobody, and may be not."""
    for group in groups:
        rest = [other for other in groups if other is not group]
        low = max(group.span[0], group.done - sum(other.span[1] - other.done for other in rest))
        high = min(group.span[1], group.done + sum(other.done - other.span[0] for other in rest))
        if group.is_banded and (low == high or not {0, group.size} & {low, high}):
            return False
    return True


def acknowledged_total(publication, at):
    """Return how many of those who are asked had acknowledged by last night: a UnitRate without a name."""
    return _rates_of_last_night(publication, at)[0]


def acknowledged_by_unit(publication, user, at):
    """
    Return (the total, the rates of the units right below the publication's that this reader may see).

    Acknowledged means before today: numbers that move at once would tell those
    beside a worker what was just pressed. Counted are the people who are on
    the roster now, each in their unit of now, so that the rates and the total
    fit together. Units of fewer than five are counted with the people right in
    the unit. Which numbers are hidden does not depend on the reader.
    """
    own = authority_of(user).units(*DESK_ROLES)
    total, rates = _rates_of_last_night(publication, at)
    return total, [rate for rate, place in rates if any(held.covers(place) for held in own)]


def _rates_of_last_night(publication, at):
    key = ("acknowledged", publication.pk, local_day(at), get_language())
    return remembered(key, lambda: _rates(publication, at), seconds=RATES_SECONDS)


def _rates(publication, at):
    """Return (the total, [(rate, the unit it is about)])."""
    groups = _groups(publication, at)
    size = sum(group.size for group in groups)
    total = _Group("", None, sum(group.done for group in groups), size)
    if size < LEAST_PEOPLE:
        return UnitRate("", None, None), []
    hidden, is_total_hidden = withheld(groups)
    if hidden is None or len(groups) == 1:
        groups = []
    return _rate(total, is_hidden=is_total_hidden), [
        (_rate(group, is_hidden=place in hidden), group.place) for place, group in enumerate(groups)
    ]


def _groups(publication, at):
    """Return the units right below the publication's, what is right in it, and the others; small ones together."""
    read, people = _counts(publication, at)
    unit = publication.unit
    children = list(Unit.objects.filter(parent=unit).order_by("path"))
    places = [(child.name, child, lambda path, child=child: path.startswith(child.path)) for child in children]
    places.append((_("directly in the unit"), unit, lambda path: path == unit.path))
    places.append((_("other units"), unit, lambda path: not path.startswith(unit.path)))
    groups, parent = [], None
    for name, place, is_in in places:
        size = sum(count for path, count in people.items() if is_in(path))
        if not size:
            continue
        if place is unit and parent is None:
            parent = len(groups)
        groups.append(_Group(name, place, sum(count for path, count in read.items() if is_in(path)), size))
    together = suppressed([group.size for group in groups], parent)
    if not together:
        return groups
    joined = [groups[place] for place in sorted(together)]
    name = _("%(names)s, counted together") % {
        "names": pgettext("between names", ", ").join(one.name for one in joined)
    }
    left = [group for place, group in enumerate(groups) if place not in together]
    return [*left, _Group(name, unit, sum(one.done for one in joined), sum(one.size for one in joined))]


def _rate(group, *, is_hidden):
    if not is_hidden:
        return UnitRate(group.name, group.done, group.size)
    return UnitRate(group.name, None, group.size, group.words() if group.is_banded else "")


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
