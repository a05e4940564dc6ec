"""Appointing to roles, deputising, ending; proposals that need a second person."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.kernel.transitions import check_transition
from portal.kernel.verdicts import OperationRefused, require

from .. import acts
from ..enums import REQUEST_TRANSITIONS, RequestState, Role
from ..models import Appointment, AppointmentRequest, Person, Unit
from ..rules import may_decide_request, may_deputise, may_end_appointment, may_grant, may_hold, may_withdraw_request
from .signing import bump_epochs

# Granted only with the word of a second person.
TWO_PERSON_ROLES = frozenset({Role.AUDITOR})


def _locked(person_id):
    # Grants to one person go one by one: two at once could join two of the three administrators (三员).
    return Person.objects.select_for_update().select_related("unit").get(pk=person_id)


def _check_period(since, until):
    if until is not None and until <= since:
        raise OperationRefused(_("The end must be after the beginning."))


def _grant(*, person, role, unit, granted_by, since, until, deputy_for=None):
    running = Appointment.objects.filter(
        Q(until__isnull=True) | Q(until__gt=since), person=person, role=role, unit=unit
    )
    if running.exists():
        raise OperationRefused(_("This person holds the role already."))
    return Appointment.objects.create(
        person=person, role=role, unit=unit, since=since, until=until, deputy_for=deputy_for, granted_by=granted_by
    )


@transaction.atomic
def grant_role(*, person_id, role, unit_id, actor, at, until=None):
    """
    Appoint somebody to a role for a unit; it holds from the next request.

    :raises OperationRefused: with the reason; the auditor is proposed by :func:`ask_role` instead.
    """
    person, unit = _locked(person_id), Unit.objects.get(pk=unit_id)
    require(may_grant(actor, person, role, unit))
    if role in TWO_PERSON_ROLES:
        raise OperationRefused(_("This role needs the word of a second person."))
    _check_period(at, until)
    row = _grant(person=person, role=role, unit=unit, granted_by=actor, since=at, until=until)
    acts.record(
        verb="appointment.granted",
        subject=person,
        actor=actor,
        at=at,
        role=role,
        unit=unit.code,
        until=until,
        appointment=row.pk,
    )
    return row


@transaction.atomic
def ask_role(*, person_id, role, unit_id, actor, at, until=None):
    """Propose somebody for a role that a second person must confirm."""
    person, unit = _locked(person_id), Unit.objects.get(pk=unit_id)
    require(may_grant(actor, person, role, unit))
    _check_period(at, until)
    if AppointmentRequest.objects.filter(person=person, role=role, unit=unit, state=RequestState.WAITING).exists():
        raise OperationRefused(_("This has been proposed already."))
    request = AppointmentRequest.objects.create(
        person=person, role=role, unit=unit, until=until, asked_by=actor, asked_at=at
    )
    acts.record(
        verb="appointment.asked", subject=person, actor=actor, at=at, role=role, unit=unit.code, request=request.pk
    )
    return request


@transaction.atomic
def decide_request(*, request_id, is_confirmed, actor, at):
    """
    Confirm or decline a proposed appointment, as another person than the one who proposed it.

    :raises OperationRefused: unless the actor may, and the proposed person still can hold the role.
    """
    request = AppointmentRequest.objects.select_for_update().select_related("unit").get(pk=request_id)
    require(may_decide_request(actor, request))
    state = RequestState.CONFIRMED if is_confirmed else RequestState.DECLINED
    check_transition(REQUEST_TRANSITIONS, source=request.state, target=state)
    person = _locked(request.person_id)
    if is_confirmed:
        require(may_hold(person, request.role, request.unit))
        _check_period(at, request.until)
        _grant(
            person=person,
            role=request.role,
            unit=request.unit,
            granted_by=request.asked_by,
            since=at,
            until=request.until,
        )
    request.state, request.decided_by, request.decided_at = state, actor, at
    request.save(update_fields=["state", "decided_by", "decided_at"])
    verb = "appointment.confirmed" if is_confirmed else "appointment.declined"
    acts.record(
        verb=verb, subject=person, actor=actor, at=at, role=request.role, unit=request.unit.code, request=request.pk
    )
    return request


@transaction.atomic
def withdraw_request(*, request_id, actor, at):
    """Take back a proposal."""
    request = AppointmentRequest.objects.select_for_update().select_related("unit").get(pk=request_id)
    require(may_withdraw_request(actor, request))
    check_transition(REQUEST_TRANSITIONS, source=request.state, target=RequestState.WITHDRAWN)
    request.state, request.decided_by, request.decided_at = RequestState.WITHDRAWN, actor, at
    request.save(update_fields=["state", "decided_by", "decided_at"])
    subject = f"accounts.person:{request.person_id}"
    acts.record(
        verb="appointment.withdrawn",
        subject=subject,
        actor=actor,
        at=at,
        role=request.role,
        unit=request.unit.code,
        request=request.pk,
    )
    return request


@transaction.atomic
def appoint_deputy(*, appointment_id, deputy_id, until, actor, at):
    """Let somebody stand in for the holder of a role (代理), until a day; the holder keeps the role."""
    appointment = Appointment.objects.select_for_update().select_related("unit", "person").get(pk=appointment_id)
    deputy = _locked(deputy_id)
    require(may_deputise(actor, appointment, deputy, at))
    _check_period(at, until)
    if appointment.until is not None:
        until = min(until, appointment.until)
    row = _grant(
        person=deputy,
        role=appointment.role,
        unit=appointment.unit,
        granted_by=actor,
        since=at,
        until=until,
        deputy_for=appointment,
    )
    acts.record(
        verb="appointment.deputised",
        subject=deputy,
        actor=actor,
        at=at,
        role=appointment.role,
        unit=appointment.unit.code,
        until=until,
        deputy_for=appointment.person_id,
        appointment=row.pk,
    )
    return row


@transaction.atomic
def end_appointment(*, appointment_id, actor, at):
    """End an appointment and those of its deputies; the people are signed out at their next request."""
    role = Appointment.objects.values_list("role", flat=True).get(pk=appointment_id)
    # The last two administrators cannot end each other at the same moment.
    list(Appointment.objects.select_for_update().filter(role=role).order_by("pk").values_list("pk", flat=True))
    row = Appointment.objects.select_related("unit", "person").get(pk=appointment_id)
    require(may_end_appointment(actor, row, at))
    deputies = Appointment.objects.filter(deputy_for=row).filter(until__gt=at).select_related("unit")
    rows = [row, *deputies]
    end_rows(rows, actor=actor, at=at)
    bump_epochs(Person.objects.filter(pk__in=[one.person_id for one in rows]))
    row.refresh_from_db()
    return row


def end_rows(rows, *, actor, at):
    """End appointments that run or have yet to begin, and record each; for operations that have asked the rules."""
    if not rows:
        return
    keys = [row.pk for row in rows]
    # One that has not begun ends where it would have begun: an end before the beginning is no period.
    Appointment.objects.filter(pk__in=keys, since__lte=at).update(until=at)
    for row in rows:
        if row.since > at:
            Appointment.objects.filter(pk=row.pk).update(until=row.since)
    acts.record_many(
        [
            {
                "verb": "appointment.ended",
                "subject": f"accounts.person:{row.person_id}",
                "actor": actor,
                "at": at,
                "role": row.role,
                "unit": row.unit.code,
                "appointment": row.pk,
            }
            for row in rows
        ]
    )
