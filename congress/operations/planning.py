"""Steps of a session as promises: made from its day backwards, remade when the day moves, met by acts."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.queries import rule_value
from portal.deadlines.models import Promise
from portal.deadlines.operations import end_promise, make_promise, meet_promise
from portal.files.operations import store_file
from portal.kernel.days import local_day
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import subject_key

from .. import numbers
from ..enums import AFTER, MandateState, StepCode
from ..models import Mandate, SessionStep
from ..rules.agenda import may_do_step, may_fix_credentials
from .core import locked_session, note

# Days before the opening by the rule book, or a number that is a matter of course.
BEFORE = {
    StepCode.MOTIONS: numbers.PLAN_MOTIONS,
    StepCode.CREDENTIALS: numbers.PLAN_CREDENTIALS,
    StepCode.TOPICS: numbers.PLAN_TOPICS,
    StepCode.PAPERS: numbers.PAPERS_DAYS,
    StepCode.AGENDA: numbers.PAPERS_DAYS,
    StepCode.DISCUSSION: 1,
    StepCode.PREPARATORY: 0,
}
DAY_MOVED, PUT_OFF = "day_moved", "put_off"


def planned_days(session, at):
    """Return {step: day by which it is done} of what comes before the opening."""
    days = {}
    for code, key in BEFORE.items():
        before = rule_value(key, unit=session.unit, at=at) if isinstance(key, str) else key
        days[code] = session.opens_on - dt.timedelta(days=before)
    return days


def open_steps(session, *, at):
    """Promise every step of a session that has just been planned."""
    SessionStep.objects.bulk_create(SessionStep(session=session, code=code) for code in StepCode.values)
    hang_steps(session, at=at)


def hang_steps(session, *, at):
    """
    Promise what is not done yet by the session's day.

    A day that lies behind is promised for today: nobody is late by planning.
    """
    today, days = local_day(at), planned_days(session, at)
    rows = list(session.steps.filter(done_at__isnull=True).exclude(code__in=AFTER).select_related("promise"))
    for step in rows:
        step.promise = _promised(session, step.code, today, max(today, days[step.code]), at)
    SessionStep.objects.bulk_update(rows, ["promise"])


def rehang_steps(session, *, actor, at):
    """
    Let the steps follow a session to another day.

    A promise is never altered: the open one ends, late if it was late, and one
    of the next round is made for the new day.
    """
    drop_steps(session, code=DAY_MOVED, actor=actor, at=at)
    hang_steps(session, at=at)


def drop_steps(session, *, code, actor, at):
    """End what was promised for a day on which the session will not meet."""
    open_ones = session.steps.filter(promise__isnull=False, promise__met_at=None, promise__ended_at=None)
    for step in open_ones.select_related("promise"):
        end_promise(promise=step.promise, code=code, actor=actor, at=at)


def promise_after(session, *, at):
    """Promise what follows the closing: results public, report to the upper union."""
    for step in session.steps.filter(code__in=AFTER):
        step.promise = _promised(session, step.code, local_day(at), None, at)
        step.save(update_fields=["promise"])


def _promised(session, code, today, due_on, at):
    kind, subject = f"session.{code}", subject_key(session)
    rounds = Promise.objects.filter(kind=kind, subject=subject).count()
    return make_promise(
        kind=kind, subject=subject, unit=session.unit, started_on=today, due_on=due_on, round=rounds + 1, at=at
    )


def pass_step(session, code, *, actor, at, evidence="", upload=None):
    """Meet the promise of a step by the act that does it; doing it again leaves the first as it was."""
    step = SessionStep.objects.select_related("promise").get(session=session, code=code)
    if step.done_at is not None:
        return step
    step.done_at, step.done_by, step.evidence = at, actor, evidence
    if upload is not None:
        step.file = store_file(clean=upload, at=at)
    step.save(update_fields=["done_at", "done_by", "evidence", "file"])
    if step.promise is not None:
        meet_promise(promise=step.promise, actor=actor, at=at)
    note("congress_session.step_done", session, actor=actor, at=at, step=code)
    return step


@transaction.atomic
def do_step(*, step_id, evidence, upload=None, actor, at):
    """
    Record that a step is done: what was done, and a scan beside it.

    :raises OperationRefused: with the reason.
    """
    key = SessionStep.objects.values_list("session_id", flat=True).get(pk=step_id)
    session = locked_session(key)
    step = SessionStep.objects.select_related("session__term__unit").get(pk=step_id)
    require(may_do_step(actor, step))
    return pass_step(session, step.code, actor=actor, at=at, evidence=evidence, upload=upload)


@transaction.atomic
def fix_credentials(*, session_id, counts_vacant, evidence, actor, at):
    """
    Record the credential report: from now on the session has so many delegates in all.

    Vacant seats are left out only when the report says so (domain.md §3.5).
    Who was elected and not reviewed is no delegate yet. Before the opening it may
    be recorded anew, as after a by-election.

    :raises OperationRefused: with the reason, or while nobody's credentials have been confirmed.
    """
    session = locked_session(session_id)
    require(may_fix_credentials(actor, session))
    held = Mandate.objects.filter(term=session.term_id, state=MandateState.ACTIVE).count()
    if not held:
        raise OperationRefused(_("Nobody's credentials have been confirmed yet."))
    session.whole = session.term.seats if counts_vacant else held
    session.counts_vacant, session.credentials_at = counts_vacant, at
    session.save(update_fields=["whole", "counts_vacant", "credentials_at"])
    note(
        "congress_session.credentials_fixed",
        session,
        actor=actor,
        at=at,
        whole=session.whole,
        seats=session.term.seats,
        held=held,
    )
    pass_step(session, StepCode.CREDENTIALS, actor=actor, at=at, evidence=evidence)
    return session
