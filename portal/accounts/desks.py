"""
Desks: where a notice is put, a person's own or that of whoever holds a role for a unit.

Addressing the role instead of the person makes a change of office take effect
by itself: the next head of a workshop finds the reminders, the last one no
longer does.
"""

from .models import Appointment, Unit


def desk_of(person):
    """Return the person's own desk."""
    return f"person:{person.pk}"


def role_desk(role, unit):
    """Return the desk of whoever holds the role for exactly this unit."""
    return f"{role}:{unit.pk}"


def nearest_desk(role, unit, at):
    """
    Return the desk of the nearest holder of the role, from the unit upwards.

    Where nobody holds it, the unit's own desk is returned, so that a later
    appointee finds what was waiting.
    """
    holder = (
        Appointment.objects.current(at)
        .filter(role=role, unit__in=Unit.objects.above(unit), person__is_active=True)
        .order_by("-unit__path")
        .values_list("unit_id", flat=True)
        .first()
    )
    return f"{role}:{holder or unit.pk}"


def desks_held(person, at):
    """Return every desk the person may read at a moment: the own one, and one for each current appointment."""
    held = Appointment.objects.current(at).filter(person=person).values_list("role", "unit_id")
    return [desk_of(person), *sorted({f"{role}:{unit}" for role, unit in held})]
