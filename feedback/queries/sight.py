"""Who sees which inquiries."""

from django.db.models import Exists, OuterRef, Q

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role

from ..enums import InquiryKind, InquiryState, Route
from ..models import Assignment, Inquiry

UNION = (Role.UNION_OFFICER, Role.UNION_CHAIR)


NONE = Q(pk__in=[])


def under(units, field="unit"):
    """Return the condition that a unit field lies within one of the units."""
    condition = NONE
    for unit in units:
        condition |= Q(**{f"{field}__path__gte": unit.path, f"{field}__path__lt": unit.path_end})
    return condition


def not_about(person):
    """Nothing about the person, nor about a unit the person belongs to."""
    own = [person.unit.path[:end] for end in range(4, len(person.unit.path) + 1, 4)]
    return ~Q(about_person=person) & (Q(about_unit__isnull=True) | ~Q(about_unit__path__in=own))


def kept_by(person):
    """Return the inquiries this person looks after as union officer or discipline inspector."""
    authority = authority_of(person)
    ordinary = Q(route=Route.ORDINARY) & under(authority.units(*UNION))
    upper = Q(kind=InquiryKind.RETALIATION) & (
        under(authority.units(Role.UNION_CHAIR), "unit__parent")
        | Q(unit__parent__isnull=True, unit__in=authority.units(Role.UNION_CHAIR))
    )
    discipline = (
        Q(route=Route.DISCIPLINE) & not_about(person) & (under(authority.units(Role.DISCIPLINE_INSPECTOR)) | upper)
    )
    return Inquiry.objects.filter(ordinary | discipline)


def worked_on_by(person):
    """Return the inquiries that the person's department leads or assists, or that the person is in charge of."""
    authority = authority_of(person)
    departments = authority.units(Role.DEPARTMENT_HEAD, Role.HANDLER)
    part = Assignment.objects.filter(inquiry=OuterRef("pk"), ended_on__isnull=True).filter(under(departments))
    ordinary = Q(route=Route.ORDINARY) & ~Q(state=InquiryState.SUBMITTED)
    mine = ordinary & (
        under(departments, "lead_unit")
        | under(authority.units(Role.LEADER_IN_CHARGE), "lead_unit")
        | (Q(lead_unit__isnull=True) & under(authority.units(Role.LEADER_IN_CHARGE)))
        | (Q(Exists(part)) if departments else NONE)
    )
    inspectors = authority.units(Role.DISCIPLINE_INSPECTOR)
    discipline = Q(route=Route.DISCIPLINE) & not_about(person) & under(inspectors, "lead_unit")
    return Inquiry.objects.filter(mine | discipline)


def inquiries_visible_to(person):
    """Return the inquiries whose working page exists for this person; everything else is a 404."""
    authority = authority_of(person)
    registered = ~Q(state=InquiryState.SUBMITTED)
    overseen = registered & (
        (Q(route=Route.ORDINARY) & under(authority.units(Role.DISCIPLINE_INSPECTOR, Role.AUDITOR)))
        | (Q(route=Route.DISCIPLINE) & not_about(person) & under(authority.units(Role.AUDITOR)))
    )
    return Inquiry.objects.filter(
        Q(pk__in=kept_by(person).values("pk")) | Q(pk__in=worked_on_by(person).values("pk")) | overseen
    )
