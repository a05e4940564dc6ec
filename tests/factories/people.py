"""Units, people and appointments with plain defaults; a test states what it depends on."""

import datetime as dt
from itertools import count

from portal.accounts.enums import UnitKind
from portal.accounts.models import Appointment, Person, Unit

# Long ago, so that an appointment made "by default" is in force at any moment a test may choose.
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
SECRET = "Qiming-2026-dawn"
_numbers = count(1)
_KINDS = (UnitKind.COMPANY, UnitKind.SECONDARY, UnitKind.WORKSHOP, UnitKind.TEAM)


def make_unit(parent=None, **over):
    """Make a unit: the company without a parent (the same one each time), otherwise a unit below it."""
    if parent is None and not over:
        existing = Unit.objects.filter(parent__isnull=True).order_by("path").first()
        if existing is not None:
            return existing
    if "path" not in over:
        last = Unit.objects.filter(parent=parent).order_by("path").values_list("path", flat=True).last()
        head = parent.path if parent else ""
        over["path"] = head + f"{int(last[-4:]) + 1 if last else 1:04d}"
    number = next(_numbers)
    depth = len(over["path"]) // 4
    plain = {
        "code": f"U{number:04d}",
        "name": "启明石化公司" if depth == 1 else f"第{number}单位",
        "kind": _KINDS[min(depth, len(_KINDS)) - 1],
        "parent": parent,
    }
    return Unit.objects.create(**{**plain, **over})


def make_person(**over):
    """Make a worker who has changed the first secret; ``secret`` sets the password (SECRET when true)."""
    number = next(_numbers)
    secret = over.pop("secret", None)
    plain = {
        "job_no": f"{number:06d}",
        "name": f"职工{number}",
        "name_key": f"zhigong{number} zg{number}",
        "has_to_change_secret": False,
        "has_seen_welcome": True,
    }
    if "unit" not in over:
        plain["unit"] = make_unit()
    person = Person(**{**plain, **over})
    if secret:
        person.set_password(SECRET if secret is True else secret)
    else:
        person.set_unusable_password()
    person.save()
    return person


def make_appointment(person=None, role=None, unit=None, **over):
    """Make an appointment in force since long ago; the unit is the person's own by default."""
    person = person or make_person()
    plain = {"since": LONG_AGO, "unit": unit or person.unit, "role": role, "person": person}
    # An object that lives on in a test must not keep an answer from before.
    person.__dict__.pop("_authority", None)
    return Appointment.objects.create(**{**plain, **over})


def make_officer(role, unit=None, **over):
    """Make a person who holds a role: ``make_officer(Role.UNION_OFFICER)`` for the company, or for a unit."""
    unit = unit or make_unit()
    person = make_person(unit=unit, **over)
    make_appointment(person, role, unit)
    return person


def same_unit(code, name, parent):
    """Make the unit of this code below another one, or find it again."""
    return Unit.objects.filter(code=code).first() or make_unit(parent, code=code, name=name)


def same_person(job_no, name, unit, *grants):
    """Make the person of this number, who signs in with SECRET and holds the (role, unit) grants, or find it again."""
    person = Person.objects.filter(job_no=job_no).first()
    if person is None:
        person = make_person(job_no=job_no, name=name, unit=unit, secret=True)
        for role, place in grants:
            make_appointment(person, role, place)
    return person
