"""R9: whatever is done to a promise in whatever order, its due day moves only by pauses and the one extension."""

import datetime as dt
import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.accounts.enums import Role
from portal.deadlines import operations
from portal.deadlines.clock import EXTENSION_CAP, PAUSE_CAP, clock_of
from portal.deadlines.models import Extension, Pause, Promise
from portal.kernel.days import day_end, day_start, local_day
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from tests.factories.people import make_officer, make_unit
from tests.factories.promises import STARTED_ON, make_promise

DAY = dt.timedelta(days=1)
HOURS = st.integers(0, 60).map(lambda hours: dt.timedelta(hours=hours))
DAYS = st.integers(0, 12).map(lambda days: dt.timedelta(days=days))


class PromiseMachine(RuleBasedStateMachine):
    """A promise beside a model of five numbers; the model knows nothing of rows, locks or sweeps."""

    @initialize()
    def begin(self):
        self.promise = make_promise(started_on=STARTED_ON)
        self.units = [make_unit(), make_unit(make_unit())]
        self.handler, self.leader = make_officer(Role.HANDLER), make_officer(Role.LEADER_IN_CHARGE)
        self.at = day_start(STARTED_ON) + dt.timedelta(hours=9)
        self.base = self.promise.due_on
        self.paused_days = self.extended = 0
        self.paused_on = self.met_at = self.ended_at = self.asked = None
        self.is_missed = False

    # The model ------------------------------------------------------------------------------------------------

    def let_time_pass(self):
        """What the clock does by itself: a pause ends at its cap, a due day that is over is missed for good."""
        if self.paused_on is not None:
            cap_on = self.paused_on + (PAUSE_CAP - self.paused_days) * DAY
            if local_day(self.at) >= cap_on:
                self.paused_days, self.paused_on = PAUSE_CAP, None

    @property
    def due_on(self):
        return self.base + (self.paused_days + self.extended) * DAY

    @property
    def is_open(self):
        return self.met_at is None and self.ended_at is None

    @property
    def is_late(self):
        return self.paused_on is None and self.at >= day_end(self.due_on)

    def attempt(self, is_allowed, act):
        """Do it and expect it to be done, or to be refused with nothing written."""
        before = (Entry.objects.count(), Pause.objects.count(), Extension.objects.count())
        if is_allowed:
            return act()
        with pytest.raises(OperationRefused), transaction.atomic():
            act()
        assert (Entry.objects.count(), Pause.objects.count(), Extension.objects.count()) == before
        return None

    # What may happen ------------------------------------------------------------------------------------------

    @rule(days=DAYS, hours=HOURS)
    def wait(self, days, hours):
        self.at += days + hours
        self.let_time_pass()

    @rule()
    def sweep(self):
        operations.sweep(at=self.at)
        self.let_time_pass()

    @rule(place=st.integers(0, 1))
    def assign(self, place):
        operations.move_promise(promise=self.promise, unit=self.units[place], actor="system", at=self.at)

    @rule(kind=st.sampled_from(["test.answer", "test.secret"]))
    @precondition(lambda self: self.paused_on is None and self.asked is None)
    def retype(self, kind):
        unit = Promise.objects.get(pk=self.promise.pk).unit
        operations.move_promise(promise=self.promise, unit=unit, kind=kind, actor="system", at=self.at)

    @rule()
    def pause(self):
        is_plain = Promise.objects.get(pk=self.promise.pk).kind == "test.answer"
        is_settled = self.paused_on is None and Promise.objects.get(pk=self.promise.pk).paused_on is None
        allowed = is_plain and self.is_open and is_settled and not self.is_late and self.paused_days < PAUSE_CAP
        done = self.attempt(
            allowed, lambda: operations.pause_promise(promise=self.promise, reason="x", actor=self.handler, at=self.at)
        )
        if done:
            self.paused_on = local_day(self.at)

    @rule()
    def resume(self):
        was_stored = Promise.objects.get(pk=self.promise.pk).paused_on is not None
        done = self.attempt(
            was_stored and self.is_open, lambda: operations.resume_promise(promise=self.promise, actor=None, at=self.at)
        )
        if done and self.paused_on is not None:
            self.paused_days += (local_day(self.at) - self.paused_on).days
            self.paused_on = None

    @rule(days=st.integers(-1, 40))
    def ask(self, days):
        is_plain = Promise.objects.get(pk=self.promise.pk).kind == "test.answer"
        allowed = is_plain and self.is_open and not self.is_late and not self.extended and self.asked is None
        done = self.attempt(
            allowed and 1 <= days <= EXTENSION_CAP,
            lambda: operations.ask_extension(
                promise=self.promise, days=days, reason="x", actor=self.handler, at=self.at
            ),
        )
        if done:
            self.asked = (done.pk, days)

    @rule(is_granted=st.booleans(), is_own=st.booleans())
    @precondition(lambda self: self.asked is not None)
    def decide(self, is_granted, is_own):
        pk, days = self.asked
        allowed = not is_own and not (is_granted and (self.is_late or not self.is_open))
        actor = self.handler if is_own else self.leader
        done = self.attempt(
            allowed,
            lambda: operations.decide_extension(
                extension_id=pk, is_granted=is_granted, note="x", actor=actor, at=self.at
            ),
        )
        if done:
            self.asked = None
            self.extended = days if is_granted else self.extended

    @rule()
    def reply(self):
        self.close(lambda: operations.meet_promise(promise=self.promise, actor="system", at=self.at), "met_at")

    @rule(code=st.sampled_from(["merged", "transferred"]))
    def merge(self, code):
        self.close(
            lambda: operations.end_promise(promise=self.promise, code=code, actor="system", at=self.at), "ended_at"
        )

    def close(self, act, name):
        act()
        if self.is_open:
            if self.paused_on is not None:
                self.paused_days += (local_day(self.at) - self.paused_on).days
                self.paused_on = None
            self.is_missed = self.is_late
            setattr(self, name, self.at)

    @rule(days=st.integers(1, 400))
    def look_from_a_clock_set_back(self, days):
        """No reading of the clock makes a recorded miss look better."""
        promise = Promise.objects.get(pk=self.promise.pk)
        if promise.missed_at is not None:
            assert clock_of(promise, self.at - days * DAY).is_late

    # What always holds ----------------------------------------------------------------------------------------

    @invariant()
    def agrees_with_the_model(self):
        promise = Promise.objects.get(pk=self.promise.pk)
        clock = clock_of(promise, self.at)
        running = (local_day(self.at) - self.paused_on).days if self.paused_on is not None else 0
        assert clock.due_on == self.due_on + running * DAY
        assert promise.first_due_on == self.base
        assert clock.is_late == (self.is_late if self.is_open else self.is_missed)
        assert (promise.met_at, promise.ended_at) == (self.met_at, self.ended_at)
        assert (
            sum((pause.until or pause.since).toordinal() - pause.since.toordinal() for pause in promise.pauses.all())
            <= PAUSE_CAP
        )
        assert promise.extensions.filter(is_granted=True).count() <= 1
        # Late in the database means the same without any clock of Python.
        assert Promise.objects.passed(self.at).filter(pk=promise.pk).exists() == (self.is_open and self.is_late)

    def teardown(self):
        if not hasattr(self, "promise"):
            return
        self.replays_from_the_ledger()

    def replays_from_the_ledger(self):
        """The events alone give the same due day and the same end."""
        due_on, closed, misses = self.base, None, 0
        for entry in Entry.objects.filter(subject=self.promise.subject).order_by("at"):
            if entry.verb in {"promise.resumed", "promise.extended"}:
                due_on += entry.facts["days"] * DAY
            elif entry.verb in {"promise.met", "promise.ended"}:
                closed = entry.verb
            misses += entry.verb == "promise.missed"
        promise = Promise.objects.get(pk=self.promise.pk)
        assert due_on == promise.due_on
        assert closed == ("promise.met" if promise.met_at else "promise.ended" if promise.ended_at else None)
        assert misses == (promise.missed_at is not None)


class _InTransaction(PromiseMachine):
    """Each run in a transaction that is rolled back: thousands of runs on one database."""

    def __init__(self):
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()

    def teardown(self):
        try:
            super().teardown()
        finally:
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)


def _run(examples, steps):
    run_state_machine_as_test(
        _InTransaction,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


@pytest.mark.django_db
def test_r09_any_sequence_of_acts_keeps_the_promise():
    _run(int(os.environ.get("PORTAL_R9_RUNS", "15")), 20)


@pytest.mark.slow
@pytest.mark.django_db
def test_r09_two_thousand_sequences():
    _run(2000, 10)
