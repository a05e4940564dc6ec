"""Making a promise and bringing it to its end."""

from django.db import transaction

from portal.accounts.models import Unit
from portal.kernel.days import day_end, day_start, local_day
from portal.ledger.recording import SYSTEM, record, subject_key

from ..calendar import due_day
from ..kinds import kind_of
from ..models import Promise
from ..queries import rule_for, rules_for, work_calendar


def make_promise(*, kind, subject, unit, started_on, at, rule=None, round=1, due_on=None):
    """
    Promise that something will be done, and compute once by when.

    The day of the start is day zero. ``rule`` is the kind's own, with the
    number that holds for the unit, unless given; ``due_on`` is for a promise
    with an agreed date. A year without a work calendar refuses nobody: the
    promise is provisional until the year is imported.

    :raises ValueError: for a rule that is none, or a due day before the start.
    """
    promise = {
        "kind": kind,
        "subject": subject,
        "unit": unit,
        "started_on": started_on,
        "rule": rule,
        "round": round,
        "due_on": due_on,
    }
    return make_promises([promise], at=at)[0]


def make_promises(promises, *, at=None):
    """Make promises by one INSERT, each a dict of :func:`make_promise`'s arguments; ``at`` is for those without."""
    promises = _with_rules([{"at": at, **promise} for promise in promises])
    return Promise.objects.bulk_create([_new_promise(**promise) for promise in promises])


def promise_for_many(*, kind, started_on, due_on, at):
    """
    Return an unsaved promise as many are made alike, whatever their subject and whoever owes them.

    For jobs that make thousands and insert them by SQL
    (portal.kernel.inserting), with a subject, a unit and an id of their own.

    :raises ValueError: for a due day before the start.
    """
    return _new_promise(
        kind=kind, subject="deadlines.promise:many", unit=None, started_on=started_on, at=at, due_on=due_on
    )


def _with_rules(promises):
    """Give promises the rule of their kind where they bring none, by one query a kind however many units owe them."""
    asking = {}
    for promise in promises:
        if not promise.get("rule") and not promise.get("due_on"):
            asking.setdefault((promise["kind"], promise["at"]), {})[promise["unit"].pk] = promise["unit"]
    found = {
        (kind, at): rules_for(kind_of(kind), units=list(units.values()), at=at) for (kind, at), units in asking.items()
    }
    return [
        {**promise, "rule": found[promise["kind"], promise["at"]][promise["unit"].pk]}
        if not promise.get("rule") and not promise.get("due_on")
        else promise
        for promise in promises
    ]


def due_day_for(*, kind, unit, started_on, at):
    """Return the day on which a promise of a kind would fall due, without making it."""
    return due_day(rule_for(kind_of(kind), unit=unit, at=at), started_on, work_calendar()).on


def workday_limit(*, started_on, count):
    """Return the day on which count working days are over, for a limit that is no promise; guesses like one."""
    return due_day(f"workdays:{count}", started_on, work_calendar()).on


def meet_promise(*, promise, actor, at, day_only=False):
    """
    Record that a promise was kept, in time or late; a second call changes nothing.

    A clock that stands still runs again first. A miss that no sweep has told
    yet is recorded here, dated when it fell due. ``day_only`` keeps no more of
    the time than the day, where the act is that of an author without a name.
    """
    return _close(promise, actor=actor, at=at, day_only=day_only)


def end_promise(*, promise, code, actor, at, day_only=False):
    """
    End a promise that will not be kept here: transferred, merged, withdrawn, redone.

    Ending never hides that it was late: a miss is recorded first.
    """
    return _close(promise, actor=actor, at=at, code=code, day_only=day_only)


@transaction.atomic
def move_promise(*, promise, unit, actor, at, kind=None):
    """
    Let another unit owe the same promise; the due day stays where it is.

    ``kind`` changes the ladder with it, as when a matter goes to discipline
    inspection and nobody in the unit concerned may be reminded of it.
    """
    promise = locked(promise)
    kind = kind or promise.kind
    if promise.unit_id == unit.pk and promise.kind == kind:
        return promise
    before = Unit.objects.get(pk=promise.unit_id)
    promise.unit = unit
    if promise.kind != kind:
        promise.kind = kind_of(kind).code
        if promise.paused_on is None and promise.met_at is None and promise.ended_at is None:
            set_next_step(promise, local_day(at))
    promise.save(update_fields=["unit", "kind", "next_step", "next_at"])
    about = {"actor": actor, "at": at, "to_unit": unit.code, "due_on": promise.due_on}
    if before.pk == unit.pk:
        # Only the hands change, as from a unit's union to its department: no move from a unit to itself.
        record_about(promise, "promise.passed_on", hands=promise.kind, **about)
    else:
        record_about(promise, "promise.moved", from_unit=before.code, **about)
    return promise


# Shared by the operations of this package -------------------------------------------------------------------


def locked(promise):
    """Return the promise as it is now, locked until the transaction ends."""
    return Promise.objects.select_for_update().get(pk=promise.pk)


def record_about(promise, verb, *, actor, at, day_only=False, **facts):
    """Put an act on a promise into the history of its subject."""
    about = {"promise": promise.pk, "kind": promise.kind, "round": promise.round}
    return record(verb=verb, subject=promise.subject, actor=actor, at=at, day_only=day_only, **about, **facts)


def set_due(promise, due_on):
    """Set the day and the first late moment of a promise whose clock runs."""
    promise.due_on = due_on
    promise.due_at = day_end(due_on)


def set_next_step(promise, today):
    """Let the ladder go on with the first rung after a day; rungs that lie behind are not told again."""
    ladder = kind_of(promise.kind).ladder
    promise.next_step, promise.next_at = ladder.next_after(
        started_on=promise.started_on, due_on=promise.due_on, today=today
    )


def record_missed(promise):
    """Record once that an open promise fell due, dated when it did."""
    promise.missed_at = promise.due_at
    record_about(promise, "promise.missed", actor=SYSTEM, at=promise.due_at, due_on=promise.due_on)


def _new_promise(*, kind, subject, unit, started_on, at, rule=None, round=1, due_on=None):
    kind = kind_of(kind)
    rule = f"on:{due_on.isoformat()}" if due_on else rule
    due = due_day(rule, started_on, work_calendar())
    if due.on < started_on:
        raise ValueError("a promise cannot fall due before it is made")
    promise = Promise(
        kind=kind.code,
        subject=subject_key(subject),
        round=round,
        unit=unit,
        started_on=started_on,
        rule=rule,
        calendar=due.calendar,
        is_provisional=due.is_provisional,
        first_due_on=due.on,
    )
    set_due(promise, due.on)
    place = kind.ladder.place(started_on=started_on, due_on=due.on, today=local_day(at))
    if place >= 0:
        # The next sweep tells where it stands. The day is enough: the second of an anonymous card is nobody's.
        promise.next_step, promise.next_at = place, day_start(local_day(at))
    else:
        set_next_step(promise, local_day(at))
    return promise


@transaction.atomic
def _close(promise, *, actor, at, code="", day_only=False):
    from .pauses import let_run  # the two modules need each other: a pause ends where its promise does

    promise = locked(promise)
    if promise.met_at or promise.ended_at:
        return promise
    if promise.paused_on is not None:
        let_run(promise, actor=actor, on=local_day(at), at=at, day_only=day_only)
    if promise.missed_at is None and promise.due_at <= at:
        record_missed(promise)
    facts = {
        "due_on": promise.due_on,
        "days_late": max(0, (local_day(at) - promise.due_on).days) if promise.missed_at else 0,
    }
    closed_at = day_start(local_day(at)) if day_only else at
    if code:
        promise.ended_at, promise.end_code = closed_at, code
        record_about(promise, "promise.ended", actor=actor, at=at, day_only=day_only, code=code, **facts)
    else:
        promise.met_at = closed_at
        record_about(promise, "promise.met", actor=actor, at=at, day_only=day_only, **facts)
    promise.next_at = None
    promise.save()
    return promise
