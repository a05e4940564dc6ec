"""Putting people on the roster, correcting, moving and taking them off."""

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.kernel.days import local_day
from portal.kernel.verdicts import OperationRefused, require

from .. import acts
from ..models import Appointment, Person, Unit
from ..names import name_key
from ..rules import may_end_employment, may_manage_roster, may_move_person
from .appointments import end_rows
from .signing import bump_epochs

CORRECTABLE = ("name", "post", "category", "gender", "phone", "email", "joined_on")


@transaction.atomic
def add_person(*, unit_id, job_no, name, actor, at, **fields):
    """
    Put somebody on the roster, without a secret: a slip has to be printed.

    :raises OperationRefused: when the job number is taken or the actor may not.
    """
    unit = Unit.objects.get(pk=unit_id)
    require(may_manage_roster(actor, unit))
    if not unit.is_active:
        raise OperationRefused(_("This unit is closed already."))
    if Person.objects.filter(job_no=job_no).exists():
        raise OperationRefused(_("Somebody else has this job number already."))
    person = Person.objects.create(
        job_no=job_no,
        name=name,
        name_key=name_key(name),
        unit=unit,
        password=make_password(None),
        **{key: fields[key] for key in CORRECTABLE if key in fields},
    )
    acts.record(verb="person.joined", subject=person, actor=actor, at=at, unit=unit.code)
    return person


@transaction.atomic
def correct_person(*, person_id, actor, at, **fields):
    """Correct what the roster says about somebody; the ledger notes which entries changed, not their words."""
    person = Person.objects.select_for_update().select_related("unit").get(pk=person_id)
    require(may_manage_roster(actor, person.unit))
    changed = sorted(key for key in CORRECTABLE if key in fields and getattr(person, key) != fields[key])
    if not changed:
        return person
    for key in changed:
        setattr(person, key, fields[key])
    person.name_key = name_key(person.name)
    person.save(update_fields=[*changed, "name_key"])
    acts.record(verb="person.changed", subject=person, actor=actor, at=at, fields=changed)
    return person


@transaction.atomic
def move_person(*, person_id, unit_id, actor, at):
    """
    Move somebody to another unit: sessions end, and so do roles held for where they came from.

    A role for a unit that also covers the new place stays, and so does one
    that had nothing to do with the old place.
    """
    person = Person.objects.select_for_update().select_related("unit").get(pk=person_id)
    unit = Unit.objects.get(pk=unit_id)
    require(may_move_person(actor, person, unit))
    before = person.unit
    if before == unit:
        return person
    person.unit = unit
    person.save(update_fields=["unit"])
    end_rows(appointments_lost_by_move([(person.pk, before, unit)], at=at), actor=actor, at=at)
    bump_epochs(Person.objects.filter(pk=person.pk))
    acts.record(verb="person.moved", subject=person, actor=actor, at=at, from_unit=before.code, to_unit=unit.code)
    person.refresh_from_db(fields=["session_epoch"])
    return person


def appointments_lost_by_move(moves, *, at):
    """Return the running appointments that people lose by moving; ``moves`` are (person id, unit before, after)."""
    by_person = {pk: (before, after) for pk, before, after in moves}
    rows = Appointment.objects.filter(Q(until__isnull=True) | Q(until__gt=at)).select_related("unit")
    rows = rows.filter(person__in=list(by_person)) if len(by_person) < 500 else rows
    return [
        row
        for row in rows
        if row.person_id in by_person
        and row.unit.covers(by_person[row.person_id][0])
        and not row.unit.covers(by_person[row.person_id][1])
    ]


@transaction.atomic
def end_employment(*, person_id, actor, at, left_on=None):
    """Note that somebody has left: signed out at the next request, all roles ended, the entry kept."""
    person = Person.objects.select_for_update().select_related("unit").get(pk=person_id)
    require(may_end_employment(actor, person))
    person.is_active = False
    person.left_on = left_on or local_day(at)
    # The secret dies too: coming back starts with a new slip.
    person.password = make_password(None)
    person.has_to_change_secret = True
    person.save(update_fields=["is_active", "left_on", "password", "has_to_change_secret"])
    rows = Appointment.objects.filter(Q(until__isnull=True) | Q(until__gt=at), person=person).select_related("unit")
    end_rows(list(rows), actor=actor, at=at)
    bump_epochs(Person.objects.filter(pk=person.pk))
    acts.record(verb="person.left", subject=person, actor=actor, at=at, left_on=person.left_on)
    return person


@transaction.atomic
def return_person(*, person_id, unit_id, actor, at):
    """Put somebody who had left back on the roster; without roles, and without a secret until a slip is printed."""
    person = Person.objects.select_for_update().get(pk=person_id)
    unit = Unit.objects.get(pk=unit_id)
    require(may_manage_roster(actor, unit))
    if person.is_active:
        raise OperationRefused(_("This person is on the roster."))
    if not unit.is_active:
        raise OperationRefused(_("This unit is closed already."))
    person.is_active, person.left_on, person.unit = True, None, unit
    person.save(update_fields=["is_active", "left_on", "unit"])
    acts.record(verb="person.returned", subject=person, actor=actor, at=at, unit=unit.code)
    return person
