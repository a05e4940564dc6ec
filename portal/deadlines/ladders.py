"""
Ladders: which reminder goes to which role, how many days before or after the due day, as data.

A rung is reached on a day, counted from the due day, so that a pause or an
extension moves all rungs with it. After the last one the same rung comes back
every week.
"""

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property

from portal.accounts.enums import Role
from portal.kernel.days import day_start

WEEK = 7


@dataclass(frozen=True)
class Rung:
    """One step: its code, days after (or, negative, before) the due day, whose desk, and whether it is urgent."""

    code: str
    offset: int | None  # None: the day after the clock has started
    role: str
    is_urgent: bool = False


@dataclass(frozen=True)
class Ladder:
    """The rungs of a kind in order, then ``weekly`` (role) every seven days after the last one."""

    code: str
    rungs: tuple[Rung, ...]
    weekly: str = ""
    yellow_days: int = 0  # the lamp is yellow from so many days before the due day

    @cached_property
    def last(self):
        """Days after the due day of the last rung that is listed."""
        return self.rungs[-1].offset

    def place(self, *, started_on, due_on, today):
        """Return the index of the rung reached by a day, or -1; weekly ones count on after the listed."""
        over = (today - due_on).days
        if self.weekly and over >= self.last + WEEK:
            return len(self.rungs) - 1 + (over - self.last) // WEEK
        for index in range(len(self.rungs) - 1, -1, -1):
            day = self._reached_on(index, started_on, due_on)
            if day is not None and day <= today:
                return index
        return -1

    def next_after(self, *, started_on, due_on, today):
        """Return (index, moment) of the first rung after a day; (index, None) when there is none."""
        index = self.place(started_on=started_on, due_on=due_on, today=today) + 1
        while index < len(self.rungs):
            day = self._reached_on(index, started_on, due_on)
            if day is not None and day > today:
                return index, day_start(day)
            index += 1
        if not self.weekly:
            return index, None
        return index, day_start(due_on + dt.timedelta(days=self.last + WEEK * (index - len(self.rungs) + 1)))

    def rung(self, index):
        """Return the rung at an index, the weekly ones made up as "weekly:1", "weekly:2" and so on."""
        if index < len(self.rungs):
            return self.rungs[index]
        week = index - len(self.rungs) + 1
        return Rung(f"weekly:{week}", self.last + WEEK * week, self.weekly, True)

    def without(self, *codes, code):
        """Return the same ladder under another code, without some rungs: those an app tells of by itself."""
        return replace(self, code=code, rungs=tuple(rung for rung in self.rungs if rung.code not in codes))

    def readdressed(self, role_of, *, weekly, code):
        """Return the same days under another code, each rung on the desk of ``role_of(rung)``."""
        rungs = tuple(replace(rung, role=role_of(rung)) for rung in self.rungs)
        return replace(self, code=code, rungs=rungs, weekly=weekly)

    def only_to(self, role, *, code):
        """Return the same ladder under another code, with every rung on one role's desk."""
        return self.readdressed(lambda _rung: role, weekly=role, code=code)

    def index_of(self, code):
        """Return the index of a listed rung, or one past all when there is none of that code."""
        return next((index for index, rung in enumerate(self.rungs) if rung.code == code), len(self.rungs))

    def _reached_on(self, index, started_on, due_on):
        offset = self.rungs[index].offset
        if offset is None:
            # The midnight after, never at once: the moment of a reminder must not tell the second of an anonymous card.
            return started_on + dt.timedelta(days=1)
        day = due_on + dt.timedelta(days=offset)
        # A short promise has no day fifteen: a rung that would come before the start is left out.
        return day if day > started_on or offset >= 0 else None


# Thirty days: received, day 15, day 25 (yellow), day 29, due, one day over (red, to the superior), a week over,
# then weekly.
CARD_LADDER = Ladder(
    "card",
    (
        Rung("received", None, Role.HANDLER),
        Rung("day15", -15, Role.HANDLER),
        Rung("yellow", -5, Role.DEPARTMENT_HEAD),
        Rung("day29", -1, Role.DEPARTMENT_HEAD),
        Rung("due", 0, Role.DEPARTMENT_HEAD, True),
        Rung("red", 1, Role.LEADER_IN_CHARGE, True),
        Rung("week1", 7, Role.UNION_CHAIR, True),
    ),
    weekly=Role.DISCIPLINE_INSPECTOR,
    yellow_days=5,
)

# Fifteen working days (a redo): no "day 15", the same climb.
REDO_LADDER = Ladder(
    "redo",
    (
        Rung("received", None, Role.HANDLER),
        Rung("yellow", -3, Role.DEPARTMENT_HEAD),
        Rung("due", 0, Role.DEPARTMENT_HEAD, True),
        Rung("red", 1, Role.LEADER_IN_CHARGE, True),
        Rung("week1", 7, Role.UNION_CHAIR, True),
    ),
    weekly=Role.DISCIPLINE_INSPECTOR,
    yellow_days=3,
)

# Seven working days (a return, a decision on it): told when a day is left, and when it is over.
SHORT_LADDER = Ladder(
    "short",
    (
        Rung("yellow", -1, Role.HANDLER),
        Rung("due", 0, Role.DEPARTMENT_HEAD),
        Rung("red", 1, Role.LEADER_IN_CHARGE, True),
    ),
    weekly=Role.UNION_CHAIR,
    yellow_days=2,
)

# One working day for the union to register: its own officers, then the chair, then the inspector.
UNION_LADDER = Ladder(
    "union",
    (
        Rung("due", 0, Role.UNION_OFFICER),
        Rung("red", 1, Role.UNION_CHAIR, True),
        Rung("week1", 7, Role.UNION_CHAIR, True),
    ),
    weekly=Role.DISCIPLINE_INSPECTOR,
    yellow_days=1,
)
