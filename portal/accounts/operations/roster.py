"""Taking in a roster file: receive, read, write, discard; nothing is written by halves."""

import hashlib
import logging
from functools import partial

from celery import signature
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from portal.kernel.days import local_day
from portal.kernel.texts import clean_line
from portal.kernel.transitions import check_transition
from portal.kernel.verdicts import OperationRefused, require

from .. import acts
from ..enums import IMPORT_TRANSITIONS, SEPARATED_ROLES, Category, ImportState
from ..models import Appointment, Person, RosterImport, Unit
from ..names import name_key
from ..roster.check import Checker, Units
from ..roster.diff import FIELDS, compare, fingerprint_of, listed, roster_now
from ..roster.faults import Fault, Unreadable
from ..roster.guards import ask_guards
from ..roster.reader import open_roster
from ..rules import may_import_roster
from .appointments import end_rows
from .people import appointments_lost_by_move
from .signing import bump_epochs

logger = logging.getLogger(__name__)
MOST_BYTES = 20 * 1024 * 1024
CHUNK = 2000
READ_TASK, WRITE_TASK = "portal.accounts.read_roster", "portal.accounts.write_roster"


class RosterRefused(Exception):
    """The file cannot be written as it is; carries the fault that says why."""

    def __init__(self, fault):
        super().__init__(fault.code)
        self.fault = fault


def progress_of(import_id):
    """Return how many rows have been dealt with in the step that runs now."""
    return cache.get(f"roster:{import_id}", 0)


def _progress(import_id, done):
    # Beside the transaction, which nobody else can look into while it runs.
    cache.set(f"roster:{import_id}", done, 3600)


def _ring(task, roster_import):
    transaction.on_commit(partial(_send, task, str(roster_import.pk)))


def _send(task, key):
    try:
        signature(task, kwargs={"import_id": key}, immutable=True).apply_async(retry=False)
    except (OperationalError, OSError) as error:
        # The broker is a doorbell: the page offers to do the step itself, and the daily tidy finds what was left lying.
        logger.warning("The broker did not take %s: %s", task, type(error).__name__)


@transaction.atomic
def receive_roster(*, file, file_name, scope_id, actor, at, ring=True):
    """
    Keep an uploaded file and have it read; nothing of the roster changes.

    :raises OperationRefused: when the actor may not, or the file is empty or far too large.
    """
    scope = Unit.objects.get(pk=scope_id) if scope_id else None
    if actor != "system":
        require(may_import_roster(actor, scope))
    if file.size > MOST_BYTES:
        raise OperationRefused(_("The file is larger than 20 MB."))
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    name = clean_line(file_name.replace("\\", "/").rpartition("/")[2])[-120:] or "roster"
    roster_import = RosterImport(
        file_name=name,
        file_sha256=digest.hexdigest(),
        scope=scope,
        uploaded_by=None if actor == "system" else actor,
        uploaded_at=at,
    )
    suffix = ".csv" if name.lower().endswith((".csv", ".txt")) else ".xlsx"
    # The name on disk is our own: what people call their files is no path.
    roster_import.file.save(f"{roster_import.pk}{suffix}", file, save=False)
    roster_import.save()
    if ring:
        _ring(READ_TASK, roster_import)
    return roster_import


def read_roster(*, import_id, at):
    """
    Read a received file: its faults, or what it would change; nothing of the roster changes.

    Safe to run again: a file that has been read already is left as it is.
    """
    if not _advance(import_id, ImportState.READING):
        return RosterImport.objects.get(pk=import_id)
    roster_import = RosterImport.objects.select_related("scope").get(pk=import_id)
    try:
        reading, plan, roster = _understand(roster_import, at=at)
    except Unreadable as error:
        return _finish(roster_import, ImportState.FAULTY, faults=[error.fault])
    faults = reading.faults or _admins_missing(plan, at=at)
    codes = dict(Unit.objects.values_list("pk", "code"))
    return _finish(
        roster_import,
        ImportState.FAULTY if faults else ImportState.READY,
        faults=faults,
        fixes=reading.fixes,
        rows_total=len(reading.rows),
        summary=plan.summary | {"fixed": len(reading.fixes)},
        changes=[] if faults else listed(plan, codes),
        roster_print=fingerprint_of(roster),
    )


def _advance(import_id, state):
    """Move an import on under its lock, in a transaction of its own; return whether it could be."""
    with transaction.atomic():
        row = RosterImport.objects.select_for_update().defer("changes", "faults", "fixes").get(pk=import_id)
        if state not in IMPORT_TRANSITIONS.get(row.state, ()):
            return False
        row.state, row.rows_done = state, 0
        row.save(update_fields=["state", "rows_done"])
        _progress(import_id, 0)
        return True


@transaction.atomic
def _finish(roster_import, state, *, faults=(), fixes=(), **fields):
    row = RosterImport.objects.select_for_update().get(pk=roster_import.pk)
    check_transition(IMPORT_TRANSITIONS, source=row.state, target=state)
    row.state, row.faults, row.fixes = state, [fault.as_row() for fault in faults], [fix.as_row() for fix in fixes]
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def _understand(roster_import, *, at):
    """Return (reading, plan, roster) of a stored file against the roster as it is."""
    roster = roster_now()
    with roster_import.file.open("rb") as file:
        checker = Checker(
            units=Units.of(Unit.objects.all()),
            known=frozenset(roster),
            scope=roster_import.scope,
            today=local_day(at),
            on_progress=partial(_progress, roster_import.pk),
        )
        reading = checker.read(open_roster(file, roster_import.file_name))
    return reading, compare(reading.rows, roster, scope=roster_import.scope), roster


def _admins_missing(plan, *, at):
    """Return a fault when a file would take an administrator off the roster, and so nobody could undo it."""
    leaving = {entry.pk: entry.job_no for entry in plan.left}
    held = Appointment.objects.current(at).filter(role__in=SEPARATED_ROLES).values_list("person_id", flat=True)
    missing = sorted({leaving[pk] for pk in held if pk in leaving})
    return [Fault("", "admin_missing", "、".join(missing))] if missing else []


@transaction.atomic
def ask_to_write(*, import_id, actor, at, ring=True):
    """
    Have a roster that was read without faults written to the roster, all of it or nothing.

    :raises OperationRefused: with the reason of whoever objects; the file stays as it was read, to be written later.
    """
    row = RosterImport.objects.select_for_update().select_related("scope").get(pk=import_id)
    if actor != "system":
        require(may_import_roster(actor, row.scope))
    check_transition(IMPORT_TRANSITIONS, source=row.state, target=ImportState.COMMITTING)
    if row.state == ImportState.COMMITTING:
        return row
    # Asked again when it is written: who objects only then takes the file away, and it has to be read anew.
    require(ask_guards(plan=None, actor=actor, at=at))
    row.state, row.committed_by = ImportState.COMMITTING, None if actor == "system" else actor
    row.save(update_fields=["state", "committed_by"])
    _progress(row.pk, 0)
    if ring:
        _ring(WRITE_TASK, row)
    return row


def write_roster(*, import_id, at):
    """
    Write a roster that was asked for, in one transaction.

    Whatever goes wrong, nothing is written, and the import says why. Running
    twice writes once: the second finds the import committed.
    """
    row = RosterImport.objects.get(pk=import_id)
    if row.state != ImportState.COMMITTING:
        return row
    try:
        return _write(import_id, at=at)
    except RosterRefused as refusal:
        return _finish(row, ImportState.FAILED, faults=[refusal.fault], summary=row.summary)
    except Unreadable as error:
        return _finish(row, ImportState.FAILED, faults=[error.fault], summary=row.summary)
    except Exception:
        _finish(row, ImportState.FAILED, faults=[Fault("", "broke_off")], summary=row.summary)
        raise


@transaction.atomic
def _write(import_id, *, at):
    row = RosterImport.objects.select_for_update(of=("self",)).select_related("scope", "committed_by").get(pk=import_id)
    if row.state != ImportState.COMMITTING:
        return row
    # Everybody's row, so that nobody is moved or corrected between the comparison and the writing.
    for _person in Person.objects.select_for_update().order_by("pk").values_list("pk").iterator(chunk_size=5000):
        pass
    actor = row.committed_by or "system"
    if actor != "system":
        require_or_refuse(may_import_roster(actor, row.scope))
    reading, plan, roster = _understand(row, at=at)
    if fingerprint_of(roster) != row.roster_print or reading.faults:
        raise RosterRefused(Fault("", "roster_changed"))
    if faults := _admins_missing(plan, at=at):
        raise RosterRefused(faults[0])
    require_or_refuse(ask_guards(plan=plan, actor=actor, at=at))
    _write_plan(plan, actor=actor, at=at, on_progress=partial(_progress, row.pk))
    if not plan.is_empty:
        facts = {name: count for name, count in plan.summary.items() if name != "same"}
        acts.record(
            verb="roster.committed",
            subject=f"accounts.rosterimport:{row.pk}",
            actor=actor,
            at=at,
            file=row.file_sha256,
            **facts,
        )
    row.state, row.committed_at, row.rows_done = ImportState.COMMITTED, at, row.rows_total
    row.save(update_fields=["state", "committed_at", "rows_done"])
    return row


def require_or_refuse(verdict):
    """Turn a rule's no into the import's own refusal, which is kept with its reason."""
    if not verdict:
        raise RosterRefused(Fault("", "guarded", str(verdict.reason)[:200]))


def _chunks(items, size=CHUNK):
    return (items[start : start + size] for start in range(0, len(items), size))


def _write_plan(plan, *, actor, at, on_progress):
    codes = dict(Unit.objects.values_list("pk", "code"))
    done = 0
    for rows in _chunks(plan.new):
        people = [_new_person(row.values) for row in rows]
        Person.objects.bulk_create(people, batch_size=500)
        acts.record_many([_act("person.joined", person.pk, actor, at, unit=codes[person.unit_id]) for person in people])
        on_progress(done := done + len(rows))
    for triples in _chunks([*plan.returned, *plan.changed]):
        _write_changes(triples, codes, actor=actor, at=at)
        on_progress(done := done + len(triples))
    for entries in _chunks(plan.left):
        _write_left(entries, actor=actor, at=at)
        on_progress(done := done + len(entries))


def _act(verb, pk, actor, at, **facts):
    return {"verb": verb, "subject": f"accounts.person:{pk}", "actor": actor, "at": at, **facts}


def _new_person(values):
    # No secret yet: a slip is printed by the union desk.
    return Person(
        job_no=values["job_no"],
        name=values["name"],
        name_key=name_key(values["name"]),
        unit_id=values["unit"].pk,
        password=make_password(None),
        category=values.get("category", Category.FRONTLINE),
        joined_on=values.get("joined_on"),
        **{name: values.get(name, "") for name in ("post", "gender", "phone", "email")},
    )


def _write_changes(triples, codes, *, actor, at):
    """Write changed and returned people of a chunk by one statement, and what follows from moving."""
    people = Person.objects.in_bulk([entry.pk for entry, _row, _differences in triples])
    units = Unit.objects.in_bulk(
        {unit for entry, row, _differences in triples for unit in (entry.unit_id, row.values["unit"].pk)}
    )
    records, moves = [], []
    for entry, row, differences in triples:
        person = people[entry.pk]
        for name in FIELDS:
            if name in differences:
                setattr(person, name, differences[name][1])
        person.name_key = name_key(person.name)
        person.unit_id = row.values["unit"].pk
        if not entry.is_active:
            person.is_active, person.left_on = True, None
            records.append(_act("person.returned", entry.pk, actor, at, unit=codes[person.unit_id]))
        elif "unit" in differences:
            moves.append((entry.pk, units[entry.unit_id], units[person.unit_id]))
            records.append(
                _act("person.moved", entry.pk, actor, at, from_unit=codes[entry.unit_id], to_unit=codes[person.unit_id])
            )
        if corrected := sorted(set(differences) - {"unit"}):
            records.append(_act("person.changed", entry.pk, actor, at, fields=corrected))
    Person.objects.bulk_create(
        people.values(),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*FIELDS, "name_key", "unit", "is_active", "left_on"],
    )
    if moves:
        end_rows(appointments_lost_by_move(moves, at=at), actor=actor, at=at)
        bump_epochs(Person.objects.filter(pk__in=[pk for pk, _before, _after in moves]))
    acts.record_many(records)


def _write_left(entries, *, actor, at):
    """Take people of a chunk off the roster: secrets, roles and sessions end with it."""
    keys = [entry.pk for entry in entries]
    day = local_day(at)
    Person.objects.filter(pk__in=keys).update(
        is_active=False, left_on=day, password=make_password(None), has_to_change_secret=True
    )
    running = Appointment.objects.filter(Q(until__isnull=True) | Q(until__gt=at), person__in=keys).select_related(
        "unit"
    )
    end_rows(list(running), actor=actor, at=at)
    bump_epochs(Person.objects.filter(pk__in=keys))
    acts.record_many([_act("person.left", pk, actor, at, left_on=day) for pk in keys])


@transaction.atomic
def discard_roster(*, import_id, actor, at):
    """Put a file aside that shall not be written, and delete it."""
    row = RosterImport.objects.select_for_update().select_related("scope").get(pk=import_id)
    require(may_import_roster(actor, row.scope))
    check_transition(IMPORT_TRANSITIONS, source=row.state, target=ImportState.DISCARDED)
    row.state = ImportState.DISCARDED
    row.save(update_fields=["state"])
    _forget_file(row)
    return row


def _forget_file(row):
    if row.file:
        name, storage = row.file.name, row.file.storage
        RosterImport.objects.filter(pk=row.pk).update(file="", changes=[], fixes=[])
        transaction.on_commit(partial(storage.delete, name))


def forget_old_files(*, before):
    """Delete files and personal data of imports that were dealt with before a moment; the counts stay."""
    done = (ImportState.COMMITTED, ImportState.FAILED, ImportState.FAULTY, ImportState.READY, ImportState.RECEIVED)
    rows = RosterImport.objects.filter(uploaded_at__lt=before, state__in=done).exclude(file="").defer("changes")
    count = 0
    for row in rows:
        with transaction.atomic():
            _forget_file(row)
        count += 1
    return count
