"""The first people of a fresh installation."""

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.verdicts import OperationRefused

from .. import acts
from ..enums import Category
from ..models import Appointment, Person
from ..names import name_key
from .units import found_company


@transaction.atomic
def found_portal(*, company, code, people, at):
    """
    Open the enterprise and appoint its first administrators, which nobody could do from inside.

    ``people`` maps a role to (job number, name). From then on the security
    administrator appoints everybody else.

    :raises OperationRefused: when the enterprise exists already, or one person would be two administrators.
    """
    if len({job_no for job_no, _name in people.values()}) < len(people):
        raise OperationRefused(_("System, security and audit administration must stay with three different people."))
    unit = found_company(code=code, name=company, actor="system", at=at)
    made = []
    for role, (job_no, name) in people.items():
        person = Person.objects.create(
            job_no=job_no,
            name=name,
            name_key=name_key(name),
            unit=unit,
            password=make_password(None),
            category=Category.MANAGER,
        )
        acts.record(verb="person.joined", subject=person, actor="system", at=at, unit=unit.code)
        row = Appointment.objects.create(person=person, role=role, unit=unit, since=at)
        acts.record(
            verb="appointment.granted",
            subject=person,
            actor="system",
            at=at,
            role=role,
            unit=unit.code,
            appointment=row.pk,
        )
        made.append(person)
    return made
