"""From the union's desk to the department's, and back when it is not theirs."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.queries import rule_value
from portal.deadlines.models import Promise
from portal.deadlines.operations import meet_promise, move_promise, workday_limit
from portal.kernel.days import local_day
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import subject_key

from .. import numbers
from ..clocks import kind_for, kinds_of, verb_of
from ..enums import AssignmentRole, IdentityMode, InquiryState, Route
from ..models import Assignment, Plan, Redaction, ReturnRequest
from ..rules import (
    may_ask_return,
    may_assign,
    may_contribute,
    may_decide_return,
    may_plan,
    may_register,
    may_transfer,
)
from ..rules.handling import pending_return
from .core import inspection_of, locked, move, note, settle, tell

S = InquiryState


@transaction.atomic
def register_inquiry(
    *, inquiry_id, texts, is_published, actor, at, lead_unit=None, assist_units=(), instruction="", edit_reason=""
):
    """
    Enter a card in the register, set the text that others read, and, if a department is named, assign it at once.

    ``texts`` is a dict of public_subject, public_body and public_suggestion;
    where they are not the author's own words, ``edit_reason`` says why, as for
    any later redaction.

    :raises OperationRefused: with the reason a person may read.
    """
    inquiry = locked(inquiry_id)
    require(may_register(actor, inquiry))
    before = {f"public_{name}": getattr(inquiry, name) for name in ("subject", "body", "suggestion")}
    is_edited = texts != before
    if is_edited and not edit_reason:
        raise OperationRefused(_("Say why the author's words are changed; everybody reads the reason."))
    for name in ("public_subject", "public_body", "public_suggestion"):
        setattr(inquiry, name, texts[name])
    inquiry.is_published = is_published and inquiry.may_publish and inquiry.route == Route.ORDINARY
    move(inquiry, S.REGISTERED, fields=("public_subject", "public_body", "public_suggestion", "is_published"))
    for promise in Promise.objects.open().filter(subject=subject_key(inquiry), kind__in=kinds_of("register")):
        meet_promise(promise=promise, actor=actor, at=at)
    note("registered", inquiry, actor=actor, at=at, edited=is_edited, published=inquiry.is_published)
    if is_edited:
        Redaction.objects.create(
            inquiry=inquiry, reason=edit_reason, before=before, redacted_by=actor, redacted_on=local_day(at)
        )
        note("redacted", inquiry, actor=actor, at=at, reason=edit_reason)
    tell("registered", inquiry, author=True, at=at)
    if lead_unit is not None:
        _assign(inquiry, lead_unit=lead_unit, assist_units=assist_units, instruction=instruction, actor=actor, at=at)
    return inquiry


@transaction.atomic
def assign_inquiry(*, inquiry_id, lead_unit, assist_units, instruction, actor, at):
    """
    Give the matter to a lead department with assisting ones, and report it to the leader in charge.

    Assigning anew ends the earlier assignment; the day the answer is due never moves.

    :raises OperationRefused: with the reason a person may read.
    """
    inquiry = locked(inquiry_id)
    require(may_assign(actor, inquiry))
    _assign(inquiry, lead_unit=lead_unit, assist_units=assist_units, instruction=instruction, actor=actor, at=at)
    return inquiry


def _assign(inquiry, *, lead_unit, assist_units, instruction, actor, at):
    today = local_day(at)
    if inquiry.about_unit is not None and inquiry.about_unit.covers(lead_unit):
        raise OperationRefused(_("A matter is not given to the unit it is about."))
    was_lead = inquiry.lead_unit_id
    inquiry.assignments.filter(ended_on__isnull=True).update(ended_on=today)
    return_by = workday_limit(started_on=today, count=rule_value(numbers.RETURN_WORKDAYS, unit=lead_unit, at=at))
    parts = [(lead_unit, AssignmentRole.LEAD)] + [
        (unit, AssignmentRole.ASSIST) for unit in dict.fromkeys(assist_units) if unit.pk != lead_unit.pk
    ]
    Assignment.objects.bulk_create(
        Assignment(
            inquiry=inquiry,
            unit=unit,
            role=role,
            instruction=instruction,
            assigned_by=actor,
            assigned_on=today,
            return_by=return_by,
        )
        for unit, role in parts
    )
    inquiry.lead_unit = lead_unit
    if inquiry.state == S.ASSIGNED:
        inquiry.save(update_fields=["lead_unit"])
    else:
        move(inquiry, S.ASSIGNED, fields=("lead_unit",))
    hand_clock(inquiry, unit=lead_unit, actor=actor, at=at)
    _hand_merged(inquiry, actor=actor, at=at)
    # The prefetched parts are stale now; rules asked later in this transaction read them again.
    inquiry._prefetched_objects_cache.pop("assignments", None)
    note(
        "assigned" if was_lead is None else "reassigned",
        inquiry,
        actor=actor,
        at=at,
        lead_unit=lead_unit.code,
        assists=[unit.code for unit, role in parts if role == AssignmentRole.ASSIST],
    )
    step = f"{lead_unit.pk}:{inquiry.return_count}"
    tell(
        "assigned",
        inquiry,
        Role.HANDLER,
        Role.DEPARTMENT_HEAD,
        Role.DISCIPLINE_INSPECTOR,
        unit=lead_unit,
        at=at,
        step=step,
    )
    tell("reported", inquiry, Role.LEADER_IN_CHARGE, unit=lead_unit, at=at, step=step)
    for unit, role in parts:
        if role == AssignmentRole.ASSIST:
            tell("assisting", inquiry, Role.HANDLER, Role.DEPARTMENT_HEAD, unit=unit, at=at, step=str(unit.pk))


def hand_clock(inquiry, *, unit, actor, at):
    """Let the matter's clock run on the desks of those who have it now: a department's, or the union's own."""
    kind = kind_for(verb_of(inquiry.promise.kind), inquiry)
    inquiry.promise = move_promise(promise=inquiry.promise, unit=unit, actor=actor, at=at, kind=kind)


def _hand_merged(target, *, actor, at):
    """Let the matters merged into one go where it goes: each has a clock of its own, and its reminders must arrive."""
    rows = target.merged.filter(state=S.MERGED).order_by("pk").values_list("pk", flat=True)
    for child in map(locked, list(rows)):
        follow(child, target, actor=actor, at=at)
        settle(child)


def follow(child, target, *, actor, at):
    child.lead_unit = target.lead_unit
    child.save(update_fields=["lead_unit"])
    hand_clock(child, unit=target.lead_unit or target.unit, actor=actor, at=at)


@transaction.atomic
def ask_return(*, inquiry_id, reason, proposed_unit, actor, at):
    """
    Say "not ours", with the reason and, if known, whose it is; the union decides, and nobody forwards by himself.

    :raises OperationRefused: with the reason a person may read.
    """
    inquiry = locked(inquiry_id)
    climb_after = rule_value(numbers.CLIMB_AFTER, unit=inquiry.lead_unit, at=at)
    require(may_ask_return(actor, inquiry, today=local_day(at), climb_after=climb_after))
    request = ReturnRequest.objects.create(
        inquiry=inquiry, unit=inquiry.lead_unit, proposed_unit=proposed_unit, reason=reason, asked_by=actor, asked_at=at
    )
    note("return_asked", inquiry, actor=actor, at=at, unit=inquiry.lead_unit.code)
    tell("return_asked", inquiry, Role.UNION_OFFICER, unit=inquiry.unit, at=at, step=str(request.pk))
    return request


@transaction.atomic
def decide_return(*, inquiry_id, is_granted, note_text, actor, at):
    """
    Take a matter back from a department, or leave it bound; the third return climbs to the leader in charge.

    :raises OperationRefused: with the reason a person may read.
    """
    inquiry = locked(inquiry_id)
    require(may_decide_return(actor, inquiry))
    request = pending_return(inquiry)
    request.decided_by, request.decided_at, request.is_granted, request.note = actor, at, is_granted, note_text
    request.save(update_fields=["decided_by", "decided_at", "is_granted", "note"])
    inquiry._prefetched_objects_cache.pop("returns", None)
    tell("return_decided", inquiry, Role.DEPARTMENT_HEAD, Role.HANDLER, unit=request.unit, at=at, step=str(request.pk))
    if not is_granted:
        note("return_refused", inquiry, actor=actor, at=at, unit=request.unit.code)
        return inquiry
    inquiry.assignments.filter(ended_on__isnull=True).update(ended_on=local_day(at))
    inquiry._prefetched_objects_cache.pop("assignments", None)
    inquiry.return_count += 1
    inquiry.lead_unit = None
    fields = ["return_count", "lead_unit"]
    if inquiry.return_count >= rule_value(numbers.CLIMB_AFTER, unit=inquiry.unit, at=at):
        fields += climb(inquiry, actor=actor, at=at)
    if inquiry.state == S.NEGOTIATING:
        inquiry.state = S.ASSIGNED  # talks over a plan end with the assignment
    move(inquiry, S.REGISTERED, fields=fields)
    # Without a lead the clock is the union's again; who led stays in the ledger and in the ended assignment.
    hand_clock(inquiry, unit=inquiry.unit, actor=actor, at=at)
    _hand_merged(inquiry, actor=actor, at=at)
    note("return_granted", inquiry, actor=actor, at=at, unit=request.unit.code)
    return inquiry


def climb(inquiry, *, actor, at, day_only=False):
    """Lift a matter that went in circles to the leader in charge and the union chair; return the changed fields."""
    inquiry.is_escalated = True
    note(
        "climbed",
        inquiry,
        actor=actor,
        at=at,
        day_only=day_only,
        returns=inquiry.return_count,
        redos=inquiry.redo_count,
    )
    if not day_only or inquiry.identity_mode == IdentityMode.NAMED:
        tell_climbed(inquiry, at=at)
    return ["is_escalated"]


def tell_climbed(inquiry, *, at):
    """Tell those it has climbed to; what an unnamed author's rating lifted is told the next morning."""
    tell(
        "climbed",
        inquiry,
        Role.LEADER_IN_CHARGE,
        Role.UNION_CHAIR,
        Role.DISCIPLINE_INSPECTOR,
        at=at,
        urgent=True,
        step=f"{inquiry.return_count}:{inquiry.redo_count}",
    )


@transaction.atomic
def contribute(*, inquiry_id, text, actor, at):
    """
    Give an assisting department's part of the answer.

    :raises OperationRefused: with the reason a person may read.
    """
    inquiry = locked(inquiry_id)
    require(may_contribute(actor, inquiry))
    authority = authority_of(actor)
    part = next(
        p
        for p in inquiry.assignments.all()
        if p.ended_on is None
        and p.role == AssignmentRole.ASSIST
        and authority.holds(Role.DEPARTMENT_HEAD, Role.HANDLER, unit=p.unit)
    )
    part.contribution, part.contributed_by = text, actor
    part.save(update_fields=["contribution", "contributed_by"])
    note("contributed", inquiry, actor=actor, at=at, unit=part.unit.code)
    tell("contributed", inquiry, Role.HANDLER, Role.DEPARTMENT_HEAD, at=at, step=f"{part.pk}:{local_day(at)}")
    return part


@transaction.atomic
def record_plan(*, inquiry_id, text, parties, agreed_on, actor, at):
    """
    Record a negotiated plan (协商方案), while it is being talked over or once agreed.

    :raises OperationRefused: with the reason a person may read.
    """
    inquiry = locked(inquiry_id)
    require(may_plan(actor, inquiry))
    plan = Plan.objects.create(
        inquiry=inquiry, text=text, parties=parties, agreed_on=agreed_on, recorded_by=actor, recorded_on=local_day(at)
    )
    target = S.ASSIGNED if agreed_on else S.NEGOTIATING
    if inquiry.state != target:
        move(inquiry, target)
    note("planned", inquiry, actor=actor, at=at, agreed_on=agreed_on)
    return plan


@transaction.atomic
def transfer_inquiry(*, inquiry_id, about_person, about_unit, actor, at):
    """
    Hand a matter about a cadre to discipline inspection; from here on it does not exist for that cadre's unit.

    :raises OperationRefused: with the reason a person may read.
    """
    inquiry = locked(inquiry_id)
    require(may_transfer(actor, inquiry))
    if inquiry.merged.exists():
        raise OperationRefused(_("Others are merged into this matter. Take them out first."))
    today = local_day(at)
    inquiry.assignments.filter(ended_on__isnull=True).update(ended_on=today)
    inquiry.lead_unit = None
    inquiry.route, inquiry.is_published = Route.DISCIPLINE, False
    inquiry.about_person = about_person
    unit = about_unit or (about_person.unit if about_person else None)
    inquiry.about_unit = unit if unit is not None and unit.parent_id else None
    fields = ["route", "is_published", "about_person", "about_unit", "lead_unit"]
    if inquiry.state == S.NEGOTIATING:
        inquiry.state = S.ASSIGNED
    if inquiry.state == S.ASSIGNED:
        move(inquiry, S.REGISTERED, fields=fields)
    else:
        inquiry.save(update_fields=fields)
    keeper = inspection_of(inquiry)
    for promise in Promise.objects.select_for_update().open().filter(subject=subject_key(inquiry)):
        # The same due day, another ladder: nobody in the unit concerned is reminded of it.
        move_promise(
            promise=promise,
            unit=keeper,
            actor=actor,
            at=at,
            kind=kind_for(verb_of(promise.kind), inquiry),
        )
    inquiry.promise.refresh_from_db()
    inquiry._prefetched_objects_cache.pop("assignments", None)
    note("transferred", inquiry, actor=actor, at=at)
    tell("transferred", inquiry, Role.DISCIPLINE_INSPECTOR, at=at, urgent=True)
    return inquiry
