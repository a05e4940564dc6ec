"""
Who must sign which commitment: pure functions of the offices held, no database and no clock.

A round is of a unit and speaks for that unit and all below it, down to the
next unit that has a round of its own. A pledge is personal: who holds offices
in several rounds gives it once, in that of the highest unit. A responsibility
letter binds two levels: the leader of the unit signs it as the upper side, the
heads below as the lower, and that leader in turn signs the letter of the unit
above. Who only stands in for somebody signs nothing; the holder does.
"""

from dataclasses import dataclass

from portal.accounts.enums import Role

from .enums import CommitmentKind, Party

SIGNING = (Role.LEADER_IN_CHARGE, Role.DEPARTMENT_HEAD)


@dataclass(frozen=True)
class Office:
    """An office that somebody holds: the role, and the path of the unit."""

    person: object  # the key of the person
    role: str
    unit: int
    path: str

    @property
    def rank(self):
        """The order in which the offices of one person are named: the highest unit first, a leader before a head."""
        return len(self.path), SIGNING.index(self.role), self.path


@dataclass(frozen=True)
class Post:
    """What somebody signs as: on which side, by which office."""

    party: str
    role: str
    unit: int


def share_out(kind, paths, offices, *, named=None):
    """
    Return {path of a round's unit: {person: Post}} for all rounds of a kind.

    ``named`` maps paths to the person who signs for the upper side where no
    leader in charge of that unit, or of one above it, does.
    """
    offices = sorted(offices, key=lambda office: (*office.rank, str(office.person)))
    found = {path: {} for path in paths}
    if kind == CommitmentKind.PLEDGE:
        given = set()
        for office in sorted(offices, key=lambda one: (len(_round_of(one.path, found) or ""), *one.rank)):
            path = _round_of(office.path, found)
            if path is not None and office.person not in given:
                given.add(office.person)
                found[path][office.person] = Post(Party.OWN, office.role, office.unit)
        return found
    upper = {path: _upper_of(path, offices, named or {}) for path in found}
    for path, post in upper.items():
        if post is not None:
            found[path][post[0]] = post[1]
    for office in offices:
        path = _round_of(office.path, found)
        if path is not None and office.path == path and upper[path] and upper[path][0] == office.person:
            # The upper side of its own unit's letter is the lower side of the next one above.
            path = _round_of(path[:-4], found)
        if path is not None:
            found[path].setdefault(office.person, Post(Party.LOWER, office.role, office.unit))
    return found


def _round_of(path, paths):
    """Return the nearest unit, this one or above it, that has a round; None when there is none."""
    return next((path[:end] for end in range(len(path), 0, -4) if path[:end] in paths), None)


def _upper_of(path, offices, named):
    """Return (person, Post) of who signs for the upper side: the nearest leader in charge, or whoever was named."""
    leaders = [one for one in offices if one.role == Role.LEADER_IN_CHARGE and path.startswith(one.path)]
    if leaders:
        nearest = max(len(one.path) for one in leaders)
        first = next(one for one in leaders if len(one.path) == nearest)
        return first.person, Post(Party.UPPER, first.role, first.unit)
    if path in named:
        person, unit = named[path]
        return person, Post(Party.UPPER, Role.LEADER_IN_CHARGE, unit)
    return None
