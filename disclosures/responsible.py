"""
On whom of the four responsibilities (四责) a thing falls: pure functions, no database.

What is owed is read from its promise. The ladder of its kind says whose desk
is reminded first; that office has one of the four responsibilities. Once it is
late, it falls on the first responsible person as well, as the ladder does.
"""

from portal.accounts.enums import Role
from portal.deadlines.kinds import known_kinds

from .enums import DutyRole, PublicationState

# Which of the four an office belongs to (domain.md §9).
OF_ROLE = {
    Role.LEADER_IN_CHARGE: DutyRole.FIRST,
    Role.DEPARTMENT_HEAD: DutyRole.EXECUTIVE,
    Role.HANDLER: DutyRole.EXECUTIVE,
    Role.SECRECY_REVIEWER: DutyRole.EXECUTIVE,
    Role.DISCIPLINE_INSPECTOR: DutyRole.SUPERVISOR,
    Role.UNION_CHAIR: DutyRole.SUPERVISOR,
    Role.UNION_OFFICER: DutyRole.SUPERVISOR,
}
# The offices by which somebody has a responsibility of a unit, unless its union chair has said otherwise.
OFFICES = {
    DutyRole.FIRST: (Role.LEADER_IN_CHARGE,),
    DutyRole.EXECUTIVE: (Role.DEPARTMENT_HEAD, Role.HANDLER),
    DutyRole.SUPERVISOR: (Role.DISCIPLINE_INSPECTOR, Role.UNION_CHAIR),
    DutyRole.EVALUATOR: (),
}
# A signature that is wanted on a text, by the state in which it waits.
OF_STATE = {
    PublicationState.HEAD: DutyRole.EXECUTIVE,
    PublicationState.SECRECY: DutyRole.EXECUTIVE,
    PublicationState.OPINION: DutyRole.SUPERVISOR,
    PublicationState.GROUP: DutyRole.FIRST,
}
# What the person owes who holds the office, and nobody else: counted by the office of the row.
PERSONAL = "commitment.sign"


def kinds_owed():
    """Return {code: kind} of the promises of disclosure that everybody may know of, without personal ones."""
    return {
        code: kind
        for code, kind in known_kinds().items()
        if kind.public and code != PERSONAL and OF_ROLE.get(kind.owing_role) is not None
    }


def falls_on(kind, *, is_late):
    """Return on which of the four a promise of a kind falls: on who owes it, and when late on the first as well."""
    owing = OF_ROLE[kind.owing_role]
    return (owing, DutyRole.FIRST) if is_late and owing != DutyRole.FIRST else (owing,)


def home_of(path, paths):
    """Return the nearest listed unit, this one or above it, to which what a unit owes is counted; None without one."""
    return next((path[:end] for end in range(len(path), 0, -4) if path[:end] in paths), None)
