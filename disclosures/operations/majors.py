"""The register of major decisions: entered by one, made public by another, followed until it is carried out."""

import uuid
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from portal.accounts.desks import desk_of, nearest_desk
from portal.accounts.enums import Role
from portal.accounts.queries import rule_values
from portal.deadlines.operations import make_promise, make_promises, meet_promise
from portal.deadlines.queries import promises_of
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import check_transition
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import SYSTEM, record_many
from portal.notices.outbox import post
from portal.search.operations import refresh_entry

from .. import numbers
from ..enums import EXECUTION_TRANSITIONS, FINISHED, MAJOR_TRANSITIONS, Audience, Execution, Frequency, MajorState
from ..models import (
    MajorDecision,
    MajorDisclosure,
    MajorProgress,
    MajorReport,
    MajorVersion,
    Publication,
)
from ..periods import due_day_of, last_ended
from ..queries.majors import latest_status, majors_unfinished, with_major_relations
from ..rules.majors import (
    may_correct_major,
    may_decide_major,
    may_link_publication,
    may_register_major,
    may_report_progress,
    waiting_version,
)
from ..searching_majors import KIND
from ..texts import cleaned, fingerprint_of
from .core import note, own_of_key

TEXTS = ("subject", "content", "basis", "vote")
BATCH = 500


@dataclass(frozen=True)
class MajorDraft:
    """What the form has cleaned of a decision."""

    unit: object
    kind: str
    subject: str
    content: str
    decided_on: object
    meeting: str
    idempotency_key: object
    department: object = None
    basis: str = ""
    vote: str = ""
    responsible: object = None
    planned_end: object = None
    audience: str = Audience.EVERYBODY


def register_major(*, draft, actor, at):
    """
    Enter a decision, once for its form's key; somebody else makes it public.

    :raises OperationRefused: with the reason.
    """
    require(may_register_major(actor, draft.department or draft.unit))
    if draft.decided_on > local_day(at):
        raise OperationRefused(_("This has not been decided yet."))
    found = own_of_key(MajorDecision, draft.idempotency_key, actor, by="registered_by")
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return _register(draft, actor, at)
    except IntegrityError:
        found = own_of_key(MajorDecision, draft.idempotency_key, actor, by="registered_by")
        if found is None:
            raise
        return found


def _register(draft, actor, at):
    decision = MajorDecision.objects.create(
        unit=draft.unit,
        department=draft.department if draft.department != draft.unit else None,
        kind=draft.kind,
        decided_on=draft.decided_on,
        meeting=draft.meeting,
        responsible=draft.responsible,
        planned_end=draft.planned_end,
        audience=draft.audience,
        registered_by=actor,
        registered_at=at,
        idempotency_key=draft.idempotency_key,
    )
    _write_version(decision, {name: getattr(draft, name) for name in TEXTS}, number=1, actor=actor, at=at)
    note("major.registered", decision, actor=actor, at=at, kind=draft.kind, unit=draft.unit.code)
    _ask(decision, 1, at)
    return decision


def _write_version(decision, texts, *, number, actor, at, note_text=""):
    texts = {**texts, "content": cleaned(texts["content"])}
    return MajorVersion.objects.create(decision=decision, number=number, note=note_text, by=actor, at=at, **texts)


def _ask(decision, number, at):
    desks = [
        nearest_desk(Role.LEADER_IN_CHARGE, decision.owner, at),
        nearest_desk(Role.UNION_CHAIR, decision.unit, at),
    ]
    key = f"major.to_decide:{decision.pk.hex}:{number}"
    post(kind="major.to_decide", subject=decision, desks=sorted(set(desks)), at=at, key=key, unit=decision.unit.code)


@transaction.atomic
def ask_major_correction(*, decision_id, texts, note_text, actor, at):
    """
    Ask for another wording of a public decision; somebody else lets it stand.

    :raises OperationRefused: with the reason.
    """
    decision = locked_major(decision_id)
    require(may_correct_major(actor, decision))
    number = len(decision.versions.all()) + 1
    _write_version(decision, texts, number=number, actor=actor, at=at, note_text=note_text)
    note("major.correction_asked", decision, actor=actor, at=at, version=number)
    _ask(decision, number, at)
    return decision


@transaction.atomic
def decide_major(*, decision_id, is_granted, answer, actor, at):
    """
    Let a registration or a correction stand, or not; the first yes gives the number and starts the clocks.

    :raises OperationRefused: with the reason; nobody decides on what they wrote.
    """
    decision = locked_major(decision_id)
    require(may_decide_major(actor, decision))
    if not is_granted and not answer:
        raise OperationRefused(_("Please give the reason."))
    version = waiting_version(decision)
    is_first = decision.state == MajorState.WAITING
    if is_granted and is_first:
        year = local_day(at).year
        decision.year, decision.serial, decision.published_at = year, _next_serial(year), at
        _move(decision, MajorState.PUBLIC, "year", "serial", "published_at")
    elif is_first:
        _move(decision, MajorState.DECLINED)
    version.is_granted, version.decided_by, version.decided_at, version.answer = is_granted, actor, at, answer
    if is_granted:
        texts = {name: getattr(version, name) for name in TEXTS}
        version.fingerprint = fingerprint_of(decision.number, {**texts, "version": version.number})
    version.save(update_fields=["is_granted", "decided_by", "decided_at", "answer", "fingerprint"])
    _note_decision(decision, version, is_first=is_first, actor=actor, at=at)
    if is_granted:
        if is_first:
            _promise_finish(decision, at)
        refresh_entry(kind=KIND, key=decision.number)
    key = f"major.decided:{version.pk.hex}"
    post(kind="major.decided", subject=decision, desks=[desk_of(version.by)], at=at, key=key, unit=decision.unit.code)
    return decision


def _note_decision(decision, version, *, is_first, actor, at):
    facts = {"version": version.number}
    if version.is_granted:
        verb = "major.published" if is_first else "major.corrected"
        facts |= {"number": decision.number, "sha256": version.fingerprint}
    else:
        verb = "major.declined" if is_first else "major.correction_refused"
    note(verb, decision, actor=actor, at=at, **facts)


@transaction.atomic
def report_progress(*, decision_id, status, percent, text, on, idempotency_key, actor, at):
    """
    Add how far a decision has been carried out; keeps what is owed of it. Entries are only added.

    :raises OperationRefused: with the reason.
    :raises IllegalTransition: when what is finished would go on without being taken up again.
    """
    decision = locked_major(decision_id)
    if sent := own_of_key(MajorProgress, idempotency_key, actor, by="by"):
        if sent.decision_id != decision.pk:
            raise Conflict(_("This form has been sent already. Begin a new one."))
        return decision
    require(may_report_progress(actor, decision))
    if not decision.decided_on <= on <= local_day(at):
        raise OperationRefused(_("The day lies between the decision and today."))
    if status == Execution.DONE and percent != 100:
        raise OperationRefused(_("What has been carried out is at 100 per cent."))
    before = latest_status(decision)
    check_transition(EXECUTION_TRANSITIONS, source=before, target=status)
    MajorProgress.objects.create(
        decision=decision,
        status=status,
        percent=percent,
        text=text,
        on=on,
        by=actor,
        at=at,
        idempotency_key=idempotency_key,
    )
    note("major.progressed", decision, actor=actor, at=at, status=status, percent=percent, on=on)
    for report in decision.reports.select_related("promise"):
        # Only what was looked at after the end of the half-year tells how it stood then.
        if on >= report.ends_on or status in FINISHED:
            meet_promise(promise=report.promise, actor=actor, at=at)
    if status in FINISHED and decision.finish is not None:
        meet_promise(promise=decision.finish, actor=actor, at=at)
    elif before in FINISHED:
        _promise_finish(decision, at)
    return decision


@transaction.atomic
def link_publication(*, decision_id, publication, actor, at):
    """
    Say which publication disclosed a decision; saying it twice changes nothing.

    :raises OperationRefused: with the reason.
    """
    decision = locked_major(decision_id)
    require(may_link_publication(actor, decision))
    if not Publication.objects.appeared(at).filter(pk=publication.pk).exists():
        raise OperationRefused(_("This text has not been published."))
    try:
        with transaction.atomic():
            MajorDisclosure.objects.create(decision=decision, publication=publication, linked_by=actor, linked_at=at)
    except IntegrityError:  # said already
        return decision
    note("major.linked", decision, actor=actor, at=at, number=publication.number)
    return decision


def open_major_reports(*, at):
    """
    Let every unfinished decision owe a report on the half-year that has ended; return how many.

    Asks "ended, unfinished, not opened yet"; safe to run doubled.
    """
    period, opened = last_ended(Frequency.HALF_YEAR, local_day(at)), 0
    while count := _open_reports(period, at):
        opened += count
    return opened


@transaction.atomic
def _open_reports(period, at):
    rows = majors_unfinished().filter(decided_on__lte=period.end).exclude(reports__starts_on=period.start)
    rows = rows.select_related("unit", "department").select_for_update(of=("self",)).order_by("pk")
    rows = list(rows[:BATCH])
    known = set(
        MajorReport.objects.filter(decision__in=rows, starts_on=period.start).values_list("decision", flat=True)
    )
    rows = [row for row in rows if row.pk not in known]
    if not rows:
        return 0
    days = rule_values(numbers.PERIODIC_DUE_DAY, units=[row.unit for row in rows], at=at)
    keys = [uuid.uuid4() for _row in rows]
    promises = make_promises(
        [
            {
                "kind": "major.progress",
                "subject": f"disclosures.majorreport:{key}",
                "unit": row.owner,
                "started_on": period.following().start,
                "due_on": due_day_of(period, days[row.unit_id]),
            }
            for key, row in zip(keys, rows, strict=True)
        ],
        at=at,
    )
    MajorReport.objects.bulk_create(
        MajorReport(id=key, decision=row, starts_on=period.start, ends_on=period.end, promise=promise)
        for key, row, promise in zip(keys, rows, promises, strict=True)
    )
    record_many(
        [
            {
                "verb": "major.report_opened",
                "subject": f"disclosures.majordecision:{row.pk}",
                "actor": SYSTEM,
                "at": at,
                "period": period.code,
                "due_on": promise.due_on,
            }
            for row, promise in zip(rows, promises, strict=True)
        ]
    )
    return len(rows)


def _promise_finish(decision, at):
    """Promise that it will be carried out by its planned end; taken up again, it is owed again."""
    if decision.planned_end is None:
        return
    subject = f"disclosures.majordecision:{decision.pk}"
    turn = promises_of(subject).filter(kind="major.finish").count() + 1
    today = local_day(at)
    decision.finish = make_promise(
        kind="major.finish",
        subject=subject,
        unit=decision.owner,
        started_on=min(today, decision.planned_end),
        due_on=decision.planned_end,
        round=turn,
        at=at,
    )
    decision.save(update_fields=["finish"])


def _move(decision, target, *fields):
    check_transition(MAJOR_TRANSITIONS, source=decision.state, target=target)
    decision.state = target
    decision.save(update_fields=["state", *fields])


def _next_serial(year):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO disclosures_majorseries (year, last) VALUES (%s, 1)"
            " ON CONFLICT (year) DO UPDATE SET last = disclosures_majorseries.last + 1 RETURNING last",
            [year],
        )
        return cursor.fetchone()[0]


def locked_major(decision_id):
    """Return the decision locked for this transaction, with what its rules read."""
    MajorDecision.objects.select_for_update(of=("self",)).only("pk").get(pk=decision_id)
    return with_major_relations(MajorDecision.objects.all()).get(pk=decision_id)
