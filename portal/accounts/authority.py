"""What a person may speak for: the appointments in force, read once per person and moment."""

import json
from dataclasses import dataclass, field

from django.db.models import DateTimeField, UUIDField
from django.utils import timezone

from portal.kernel.prepared import Prepared, Row, Slot, instance_of

from .enums import Role
from .models import Appointment, Unit


@dataclass(frozen=True)
class Authority:
    """The roles a person holds now, each with the units it covers."""

    grants: tuple[tuple[str, Unit], ...] = field(default=())

    @property
    def roles(self):
        """The set of roles held anywhere."""
        return {role for role, _unit in self.grants}

    @property
    def is_staff(self):
        """Whether the person holds any role at all."""
        return bool(self.grants)

    def units(self, *roles):
        """Return the units for which one of the roles is held, each covering all below it."""
        return [unit for role, unit in self.grants if role in roles]

    def holds(self, *roles, unit=None):
        """Whether one of the roles is held: anywhere, or for a unit by an appointment that covers it."""
        return any(role in roles and (unit is None or own.covers(unit)) for role, own in self.grants)

    @property
    def is_union(self):
        """Whether the person works for the union."""
        return bool(self.roles & {Role.UNION_OFFICER, Role.UNION_CHAIR})


NOBODY = Authority()
UNIT = tuple(field.name for field in Unit._meta.concrete_fields)


# All that is read of an appointment.
GRANT = ("role", *(f"unit__{name}" for name in UNIT))


def _grants():
    rows = Appointment.objects.current(Slot("at", DateTimeField())).filter(person=Slot("person", UUIDField()))
    return rows.values_list(Row(*GRANT))


GRANTS = Prepared(_grants, by_key=True)


def authority_of(person, at=None):
    """
    Return the person's authority at a moment (default: now).

    The answer for now is kept on the person object, which lives for one
    request: losing a role takes effect on the next one.
    """
    if not getattr(person, "is_authenticated", False) or not person.is_active:
        return NOBODY
    if at is None and (kept := getattr(person, "_authority", None)) is not None:
        return kept
    rows = GRANTS.rows(at=at or timezone.now(), person=person.pk)  # noqa: TID251 -- a request's now
    authority = _authority(line for (line,) in rows)
    if at is None:
        person._authority = authority
    return authority


def keep_authority(person, lines):
    """Give a person, just read for a request, the authority that was read together with it: ``Rows`` of ``GRANT``."""
    person._authority = _authority(json.loads(lines or "[]"))


def _authority(lines):
    return Authority(tuple((role, instance_of(Unit, UNIT, unit)) for role, *unit in map(json.loads, lines)))
