"""Resolutions: worded from an adopted item, issued by somebody else, corrected by versions; their tasks."""

import hashlib
import json

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from portal.accounts.desks import desk_of, nearest_desk
from portal.accounts.enums import Role
from portal.deadlines.operations import end_promise, make_promise, meet_promise
from portal.files.operations import store_file
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.richtext import clean
from portal.kernel.transitions import check_transition
from portal.kernel.verdicts import OperationRefused, require
from portal.notices.outbox import post

from ..enums import RESOLUTION_TRANSITIONS, TASK_TRANSITIONS, ResolutionState, TaskState
from ..models import AgendaItem, Resolution, ResolutionTask, ResolutionVersion, TaskEntry, TaskEvidence
from ..queries.resolutions import open_resolutions, resolution_in_full
from ..rules import resolutions as rules
from .core import note, own_of_key, tell_delegates


def move_resolution(resolution, target, *, fields=()):
    """
    Take a resolution to another state and save it with the named fields.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(RESOLUTION_TRANSITIONS, source=resolution.state, target=target)
    resolution.state = target
    resolution.save(update_fields=["state", *fields])


def move_task(task, target, *, fields=()):
    """
    Take a task to another state and save it with the named fields.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(TASK_TRANSITIONS, source=task.state, target=target)
    task.state = target
    task.save(update_fields=["state", *fields])


def locked_resolution(resolution_id):
    """Return a resolution locked for this transaction, with wordings and tasks."""
    Resolution.objects.select_for_update(of=("self",)).only("pk").get(pk=resolution_id)
    return resolution_in_full(resolution_id)


def locked_task(task_id):
    """Return a task locked for this transaction, after its resolution: one order everywhere."""
    key = ResolutionTask.objects.values_list("resolution_id", flat=True).get(pk=task_id)
    Resolution.objects.select_for_update(of=("self",)).only("pk").get(pk=key)
    rows = ResolutionTask.objects.select_related("resolution__session__term__unit", "unit", "person", "promise")
    return rows.get(pk=task_id)


@transaction.atomic
def draft_resolution(*, item_id, title, text, replaces=None, actor, at):
    """
    Word the resolution on an adopted item; one item has one resolution, its insert is the check.

    :raises OperationRefused: with the reason.
    :raises Conflict: when somebody has begun it already.
    """
    item = AgendaItem.objects.select_related("session__term__unit").get(pk=item_id)
    require(rules.may_draft_resolution(actor, item))
    unit = item.session.term.unit
    if replaces is not None and not open_resolutions(unit).filter(pk=replaces.pk).exists():
        raise OperationRefused(_("Only a resolution of this congress that is being carried out can be replaced."))
    try:
        with transaction.atomic():
            made = Resolution.objects.create(unit=unit, session=item.session, item=item, replaces=replaces)
    except IntegrityError as error:
        raise Conflict(_("Somebody has begun this resolution already.")) from error
    _write(made, 1, title, text, "", actor, at)
    note("resolution.drafted", made, actor=actor, at=at, item=item.pk)
    return made


@transaction.atomic
def write_resolution(*, resolution_id, title, text, reason="", actor, at):
    """
    Change the wording that waits, or begin a correction of what was issued, with its reason.

    What was issued is frozen: a correction is another version, linked to the one before.

    :raises OperationRefused: with the reason.
    """
    resolution = locked_resolution(resolution_id)
    require(rules.may_write_resolution(actor, resolution))
    waiting = rules.waiting_version(resolution)
    count = len(resolution.versions.all())
    if resolution.state != ResolutionState.DRAFT and not reason:
        raise OperationRefused(_("A correction says what was wrong and why."))
    if waiting is None:
        waiting = _write(resolution, count + 1, title, text, reason, actor, at)
    else:
        waiting.title, waiting.text, waiting.reason = title, clean(text), reason
        waiting.written_by, waiting.written_at = actor, at
        waiting.save(update_fields=["title", "text", "reason", "written_by", "written_at"])
    note("resolution.worded", resolution, actor=actor, at=at, version=waiting.number)
    return resolution


def _write(resolution, number, title, text, reason, actor, at):
    return ResolutionVersion.objects.create(
        resolution=resolution,
        number=number,
        title=title,
        text=clean(text),
        reason=reason,
        written_by=actor,
        written_at=at,
    )


def fingerprint_of(number, version):
    """Return the SHA-256 over number and words of a version, as it is printed beside them."""
    words = {"number": number, "version": version.number, "title": version.title, "text": version.text}
    canonical = json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@transaction.atomic
def issue_resolution(*, resolution_id, actor, at):
    """
    Issue the wording that waits: it gets its number in the register and is frozen; the delegates are told.

    What it replaces is out of force from now on, and its open tasks are no longer owed.

    :raises OperationRefused: with the reason; nobody issues what they wrote.
    """
    resolution = locked_resolution(resolution_id)
    require(rules.may_issue_resolution(actor, resolution))
    version = rules.waiting_version(resolution)
    is_first = resolution.state == ResolutionState.DRAFT
    if is_first:
        resolution.year = local_day(at).year
        resolution.serial = _next_serial(resolution.unit_id, resolution.year)
        resolution.issued_at = at
        move_resolution(resolution, ResolutionState.ISSUED, fields=["year", "serial", "issued_at"])
    version.issued_by, version.issued_at = actor, at
    version.sha256 = fingerprint_of(resolution.number, version)
    version.save(update_fields=["issued_by", "issued_at", "sha256"])
    note(
        "resolution.issued" if is_first else "resolution.corrected",
        resolution,
        actor=actor,
        at=at,
        year=resolution.year,
        serial=resolution.serial,
        version=version.number,
        sha256=version.sha256,
    )
    if is_first and resolution.replaces_id is not None:
        _replace(resolution.replaces_id, resolution, actor, at)
    step = f"{resolution.pk.hex}:{version.number}"
    words = {"number": resolution.number, "title": version.title, "resolution": resolution.pk.hex}
    kind = "resolution.issued" if is_first else "resolution.corrected"
    tell_delegates(kind, resolution.session, at=at, step=step, **words)
    return resolution


def _next_serial(unit_id, year):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO congress_resolutionseries (unit_id, year, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (unit_id, year) DO UPDATE SET last = congress_resolutionseries.last + 1 RETURNING last",
            [unit_id, year],
        )
        return cursor.fetchone()[0]


def _replace(key, later, actor, at):
    old = locked_resolution(key)
    move_resolution(old, ResolutionState.REPLACED)
    note("resolution.replaced", old, actor=actor, at=at, year=later.year, serial=later.serial)
    for task in old.tasks.all():
        if task.state == TaskState.OPEN:
            _drop(task, old, _("Replaced by %(number)s.") % {"number": later.number}, actor, at)


# Tasks ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def set_task(*, resolution_id, title, unit, person=None, due_on, idempotency_key, actor, at):
    """
    Say what has to be done for a resolution, by whom and by when; the day is promised, the owner is told.

    :raises OperationRefused: with the reason.
    """
    resolution = locked_resolution(resolution_id)
    if (done := own_of_key(ResolutionTask, idempotency_key, actor, by="set_by_id")) is not None:
        return done
    require(rules.may_set_task(actor, resolution))
    if due_on < local_day(at):
        raise OperationRefused(_("The day lies in the past."))
    if not resolution.unit.covers(unit):
        raise OperationRefused(_("This unit does not belong to the congress."))
    task = ResolutionTask(
        resolution=resolution,
        title=title,
        unit=unit,
        person=person,
        due_on=due_on,
        set_by=actor,
        set_at=at,
        idempotency_key=idempotency_key,
    )
    task.promise = make_promise(
        kind="resolution.task",
        subject=f"congress.resolutiontask:{task.pk}",
        unit=unit,
        started_on=local_day(at),
        due_on=due_on,
        at=at,
    )
    task.save(force_insert=True)
    note("resolution_task.set", resolution, actor=actor, at=at, task=task.pk, unit=unit.code, on=due_on)
    desks = [nearest_desk(Role.HANDLER, unit, at)] + ([desk_of(person)] if person is not None else [])
    key = f"resolution_task.set:{task.pk.hex}"
    post(kind="resolution_task.set", subject=task, desks=desks, at=at, key=key, title=title, due_on=due_on)
    return task


@transaction.atomic
def report_task(*, task_id, percent, text, on, files=(), idempotency_key, actor, at):
    """
    Add how far a task is, with evidence; entries are only added. At 100 per cent it is done and its promise kept.

    :raises OperationRefused: with the reason.
    """
    task = locked_task(task_id)
    if (sent := own_of_key(TaskEntry, idempotency_key, actor, by="by_id")) is not None:
        return sent
    require(rules.may_report_task(actor, task))
    if not local_day(task.resolution.issued_at) <= on <= local_day(at):
        raise OperationRefused(_("The day lies between the resolution and today."))
    entry = TaskEntry.objects.create(
        task=task, percent=percent, text=text, on=on, by=actor, at=at, idempotency_key=idempotency_key
    )
    for upload in files:
        TaskEvidence.objects.create(entry=entry, file=store_file(clean=upload, at=at))
    task.percent = percent
    facts = {"task": task.pk, "percent": percent, "on": on, "unit": task.unit.code}
    if percent == 100:
        move_task(task, TaskState.DONE, fields=["percent"])
        meet_promise(promise=task.promise, actor=actor, at=at)
        note("resolution_task.done", task.resolution, actor=actor, at=at, **facts)
    else:
        task.save(update_fields=["percent"])
        note("resolution_task.reported", task.resolution, actor=actor, at=at, **facts)
    return entry


@transaction.atomic
def drop_task(*, task_id, reason, actor, at):
    """
    End a task that is no longer owed, with the reason, which everybody reads.

    :raises OperationRefused: with the reason.
    """
    task = locked_task(task_id)
    require(rules.may_drop_task(actor, task))
    _drop(task, task.resolution, reason, actor, at)
    return task


def _drop(task, resolution, reason, actor, at):
    task.reason = reason
    move_task(task, TaskState.DROPPED, fields=["reason"])
    end_promise(promise=task.promise, code="waived", actor=actor, at=at)
    note("resolution_task.dropped", resolution, actor=actor, at=at, task=task.pk, unit=task.unit.code)
