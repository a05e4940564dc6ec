"""Who stands where to an inquiry: keeps it, works on it, reads it, or must not know of it."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import AssignmentRole, InquiryKind, InquiryState, Route

UNION = (Role.UNION_OFFICER, Role.UNION_CHAIR)


def is_about(user, inquiry):
    """Whether the matter is about this person, or about the unit the person belongs to."""
    if inquiry.about_person_id is None and inquiry.about_unit_id is None:
        return False
    return inquiry.about_person_id == user.pk or (
        inquiry.about_unit is not None and inquiry.about_unit.covers(user.unit)
    )


def keeps(user, inquiry):
    """
    Whether the person looks after the matter: the union, or discipline inspection on its route.

    A report of retaliation is also kept by the union one level up, never by
    the unit's own (domain.md §11).
    """
    authority = authority_of(user)
    if inquiry.route == Route.ORDINARY:
        return authority.holds(*UNION, unit=inquiry.unit)
    if is_about(user, inquiry):
        return False
    if authority.holds(Role.DISCIPLINE_INSPECTOR, unit=inquiry.unit):
        return True
    upper = inquiry.unit.parent or inquiry.unit
    return inquiry.kind == InquiryKind.RETALIATION and authority.holds(Role.UNION_CHAIR, unit=upper)


def is_text_public(inquiry):
    """Whether everybody may read the text now; the same answer as InquiryQuerySet.published."""
    return inquiry.is_published and inquiry.route == Route.ORDINARY and not inquiry.hidden_class


def works_on(user, inquiry):
    """Whether the person belongs to the department that leads the matter."""
    if inquiry.lead_unit is None or is_about(user, inquiry):
        return False
    roles = (Role.DEPARTMENT_HEAD, Role.HANDLER)
    if inquiry.route == Route.DISCIPLINE:
        roles = (Role.DISCIPLINE_INSPECTOR,)
    return authority_of(user).holds(*roles, unit=inquiry.lead_unit)


def assists(user, inquiry):
    """Whether the person belongs to a department that assists."""
    if inquiry.route == Route.DISCIPLINE:
        return False
    authority = authority_of(user)
    return any(
        authority.holds(Role.DEPARTMENT_HEAD, Role.HANDLER, unit=part.unit)
        for part in inquiry.assignments.all()
        if part.ended_on is None and part.role == AssignmentRole.ASSIST
    )


def leads(user, inquiry):
    """Whether the person is the leader in charge of the department or unit concerned."""
    if is_about(user, inquiry) or inquiry.route == Route.DISCIPLINE:
        return False
    authority = authority_of(user)
    return authority.holds(Role.LEADER_IN_CHARGE, unit=inquiry.lead_unit or inquiry.unit)


def oversees(user, inquiry):
    """Whether the person looks on: discipline inspection on ordinary matters, the auditor on all."""
    authority = authority_of(user)
    if inquiry.route == Route.DISCIPLINE:
        return authority.holds(Role.AUDITOR, unit=inquiry.unit) and not is_about(user, inquiry)
    return authority.holds(Role.DISCIPLINE_INSPECTOR, Role.AUDITOR, unit=inquiry.unit)


def may_see_page(user, inquiry):
    """Whether the working page of a matter exists for this person (else it is a 404)."""
    if keeps(user, inquiry):
        return True
    if inquiry.state == InquiryState.SUBMITTED:
        return False
    return works_on(user, inquiry) or leads(user, inquiry) or assists(user, inquiry) or oversees(user, inquiry)


def may_read_original(user, inquiry):
    """Whether the person reads the text as written, before the union's edit."""
    return keeps(user, inquiry)


def may_read(user, inquiry):
    """Whether the person may read the working page, with the reason when not."""
    return ALLOWED if may_see_page(user, inquiry) else denied(_("This matter is not in your hands."))


def may_see_promise(user, promise):
    """Whether anyone may read how the due day of a matter was computed: the clock of every matter is public."""
    return True
