"""
Desks: where a notice is put, a person's own or that of whoever holds a role for a unit.

Addressing the role instead of the person makes a change of office take effect
by itself: the next head of a workshop finds the reminders, the last one no
longer does.
"""

from .enums import Role
from .models import Appointment, Unit

# Where a post is vacant all the way up, who is next on the climb: a reminder on a desk at which nobody sits
# is none. Discipline inspection has nobody behind it, because what is told there is for nobody else.
_CLIMB = (
    Role.HANDLER,
    Role.DEPARTMENT_HEAD,
    Role.LEADER_IN_CHARGE,
    Role.UNION_CHAIR,
    Role.DISCIPLINE_INSPECTOR,
)
BEHIND = {role: _CLIMB[place + 1 :] for place, role in enumerate(_CLIMB)} | {
    Role.UNION_OFFICER: (Role.UNION_CHAIR, Role.DISCIPLINE_INSPECTOR)
}


def desk_of(person):
    """Return the person's own desk."""
    return own_desk(person.pk)


def own_desk(key):
    """Return the own desk of the person with this key."""
    return f"person:{key}"


def role_desk(role, unit):
    """Return the desk of whoever holds the role for exactly this unit."""
    return f"{role}:{unit.pk}"


def nearest_desk(role, unit, at):
    """
    Return the desk of the nearest holder of the role, from the unit upwards.

    Where nobody holds it there, the next role of the climb takes its place.
    Where nobody holds any, the unit's own desk is returned, so that a later
    appointee finds what was waiting.
    """
    roles = (role, *BEHIND.get(role, ()))
    holders = (
        Appointment.objects.current(at)
        .filter(role__in=roles, unit__in=Unit.objects.above(unit), person__is_active=True)
        .order_by("-unit__path")
        .values_list("role", "unit_id")
    )
    nearest = {}
    for held, unit_id in holders:
        nearest.setdefault(held, unit_id)
    held = next((one for one in roles if one in nearest), None)
    return f"{role}:{unit.pk}" if held is None else f"{held}:{nearest[held]}"


def desks_held(person, at):
    """Return every desk the person may read at a moment: the own one, and one for each current appointment."""
    held = Appointment.objects.current(at).filter(person=person).values_list("role", "unit_id")
    return [desk_of(person), *sorted({f"{role}:{unit}" for role, unit in held})]
