"""May this person do this? About units, people, appointments, secrets, rosters and rule numbers."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.verdicts import ALLOWED, denied

from .authority import authority_of
from .enums import SEPARATED_ROLES, RequestState, Role
from .models import Appointment

READERS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.UNION_OFFICER, Role.UNION_CHAIR)
UNION_DESK = (Role.UNION_OFFICER, Role.UNION_CHAIR)


def may_see_roster(user, unit=None):
    """Whether somebody may look at the roster of a unit (of any unit, without one)."""
    if authority_of(user).holds(*READERS, unit=unit):
        return ALLOWED
    return denied(_("Only the union and the administrators may look at the roster."))


def may_manage_roster(user, unit=None):
    """Whether somebody may change units and people of a unit."""
    if authority_of(user).holds(Role.SYSTEM_ADMIN, unit=unit):
        return ALLOWED
    return denied(_("Only a system administrator may change units and people."))


def may_import_roster(user, scope=None):
    """Whether somebody may import a roster file that lists all people of a unit."""
    return may_manage_roster(user, scope)


def may_close_unit(user, unit):
    """Whether a unit may be closed: nobody works there and nothing stands below it."""
    if not (verdict := may_manage_roster(user, unit)):
        return verdict
    if not unit.is_active:
        return denied(_("This unit is closed already."))
    if unit.parent_id is None:
        return denied(_("The enterprise itself cannot be closed."))
    if unit.children.filter(is_active=True).exists():
        return denied(_("Close or move the units below it first."))
    if unit.people.filter(is_active=True).exists():
        return denied(_("People still belong to this unit. Move them first."))
    return ALLOWED


def may_move_unit(user, unit, parent):
    """Whether a unit with everything below it may be put under another one."""
    for one in (unit, parent):
        if not (verdict := may_manage_roster(user, one)):
            return verdict
    if unit.parent_id is None:
        return denied(_("The enterprise itself cannot be moved."))
    if unit.covers(parent):
        return denied(_("A unit cannot be put under itself."))
    if not parent.is_active:
        return denied(_("This unit is closed already."))
    if unit.parent_id == parent.pk:
        return denied(_("The unit is there already."))
    return ALLOWED


def may_end_employment(user, person):
    """Whether somebody may note that a person has left."""
    if not (verdict := may_manage_roster(user, person.unit)):
        return verdict
    if not person.is_active:
        return denied(_("This person has left already."))
    if person.pk == user.pk:
        return denied(_("You cannot take yourself off the roster."))
    return ALLOWED


def may_move_person(user, person, unit):
    """Whether somebody may move a person to another unit."""
    for one in (person.unit, unit):
        if not (verdict := may_manage_roster(user, one)):
            return verdict
    if not person.is_active:
        return denied(_("This person has left already."))
    if not unit.is_active:
        return denied(_("This unit is closed already."))
    return ALLOWED


def may_print_slips(user, unit):
    """Whether somebody may make first secrets for the people of a unit who have none."""
    if authority_of(user).holds(Role.SYSTEM_ADMIN, *UNION_DESK, unit=unit):
        return ALLOWED
    return denied(_("Only the union desk and a system administrator may print slips."))


def may_reset_secret(user, person):
    """
    Whether somebody may give a person a new first secret.

    Whoever resets a secret could sign in with it. So people with a role are
    reset by a security administrator only, and nobody resets their own.
    """
    if not person.is_active:
        return denied(_("This person has left already."))
    if person.pk == user.pk:
        return denied(_("Change your own secret on your own page."))
    own = authority_of(user)
    if own.holds(Role.SECURITY_ADMIN, unit=person.unit):
        return ALLOWED
    if not (verdict := may_print_slips(user, person.unit)):
        return verdict
    if authority_of(person).is_staff:
        return denied(_("This person holds a role: only a security administrator may make a new secret."))
    return ALLOWED


def may_appoint(user, unit=None):
    """Whether somebody may appoint people to roles for a unit (for any unit, without one)."""
    if authority_of(user).holds(Role.SECURITY_ADMIN, unit=unit):
        return ALLOWED
    return denied(_("Only a security administrator may appoint to roles."))


def may_grant(user, person, role, unit):
    """
    Whether somebody may appoint a person to a role for a unit.

    Grants are the security administrator's alone; nobody grants to themselves,
    and the three administrators (三员) stay three people.
    """
    if not (verdict := may_appoint(user, unit)):
        return verdict
    if person.pk == user.pk:
        return denied(_("Nobody may appoint themselves."))
    return may_hold(person, role, unit)


def may_hold(person, role, unit):
    """Whether a person can hold a role at all."""
    if not person.is_active:
        return denied(_("This person has left already."))
    if not unit.is_active:
        return denied(_("This unit is closed already."))
    if role in SEPARATED_ROLES:
        if authority_of(person).roles & (SEPARATED_ROLES - {role}):
            return denied(_("System, security and audit administration must stay with three different people."))
        if unit.parent_id is not None:
            return denied(_("This role is held for the whole enterprise."))
    return ALLOWED


def may_decide_request(user, request):
    """Whether somebody may confirm or decline a proposed appointment: another person than the one who asked."""
    if request.state != RequestState.WAITING:
        return denied(_("This proposal has been decided already."))
    if request.asked_by_id == user.pk:
        return denied(_("Somebody else must confirm what you proposed."))
    if request.person_id == user.pk:
        return denied(_("Nobody may appoint themselves."))
    if authority_of(user).holds(Role.SECURITY_ADMIN, Role.UNION_CHAIR, unit=request.unit):
        return ALLOWED
    return denied(_("Only another security administrator or the union chair may confirm."))


def may_withdraw_request(user, request):
    """Whether somebody may take back a proposed appointment."""
    if request.state != RequestState.WAITING:
        return denied(_("This proposal has been decided already."))
    if request.asked_by_id != user.pk:
        return denied(_("Only the person who proposed it may withdraw it."))
    return ALLOWED


def may_end_appointment(user, appointment, at):
    """Whether somebody may end an appointment; the enterprise never loses its last administrators."""
    if not authority_of(user).holds(Role.SECURITY_ADMIN, unit=appointment.unit):
        return denied(_("Only a security administrator may end appointments."))
    if appointment.until is not None and appointment.until <= at:
        return denied(_("This appointment has ended already."))
    if appointment.role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN) and appointment.since <= at:
        others = Appointment.objects.current(at).filter(
            role=appointment.role, unit=appointment.unit, person__is_active=True, until__isnull=True
        )
        if not others.exclude(person=appointment.person_id).exists():
            return denied(_("Appoint a successor first: this is the last one."))
    return ALLOWED


def may_deputise(user, appointment, deputy, at):
    """Whether a person may stand in for a holder of a role."""
    if appointment.role in SEPARATED_ROLES:
        return denied(_("An administrator has no deputy. Appoint a second one."))
    if appointment.deputy_for_id is not None:
        return denied(_("A deputy cannot have a deputy."))
    if appointment.until is not None and appointment.until <= at:
        return denied(_("This appointment has ended already."))
    if appointment.person_id == deputy.pk:
        return denied(_("Nobody can be their own deputy."))
    return may_grant(user, deputy, appointment.role, appointment.unit)


def may_see_appointments(user):
    """Whether somebody may look at who holds which role."""
    if authority_of(user).holds(Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN, Role.AUDITOR, Role.UNION_CHAIR):
        return ALLOWED
    return denied(_("Only administrators and the union chair may look at all appointments."))


def may_see_security(user):
    """Whether somebody may look at the sign-in defence."""
    if authority_of(user).holds(Role.SECURITY_ADMIN, Role.AUDITOR):
        return ALLOWED
    return denied(_("Only a security administrator or an auditor may look at this."))


def may_end_sessions(user, person):
    """Whether somebody may sign a person out everywhere."""
    if person.pk == user.pk or authority_of(user).holds(Role.SECURITY_ADMIN, unit=person.unit):
        return ALLOWED
    return denied(_("Only a security administrator may sign others out."))


def may_lift_blocks(user, person):
    """Whether somebody may end a person's waiting time after wrong secrets."""
    if authority_of(user).holds(Role.SECURITY_ADMIN, *UNION_DESK, unit=person.unit):
        return ALLOWED
    return denied(_("Only a security administrator or the union desk may lift a wait."))


def may_set_rule(user, unit=None):
    """Whether somebody may set a rule's number for a unit or, without one, for the enterprise."""
    if authority_of(user).holds(Role.SYSTEM_ADMIN, unit=unit):
        return ALLOWED
    return denied(_("Only a system administrator may set the numbers of rules."))
