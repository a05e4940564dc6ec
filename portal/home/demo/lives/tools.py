"""What every act of a life uses: chance, days, ledger entries, promises."""

import datetime as dt
import random
import uuid
from types import SimpleNamespace

from feedback.clocks import kind_for
from feedback.enums import InquiryState
from portal.kernel.days import day_end, day_start
from portal.ledger.models import Entry

from .writer import DAY, HOUR, Future

S = InquiryState
PAUSE = dt.timedelta(minutes=10)


class Tools:
    """A card with its own dice, its day, and the writer it reports to."""

    def __init__(self, writer, index, received_on):
        self.w, self.received_on = writer, received_on
        self.rng = random.Random(f"{writer.seed}:{index}")  # noqa: S311 -- made-up people, alike at every run
        self.pk = self.uuid()
        self.subject = f"feedback.inquiry:{self.pk}"
        self.state, self.round, self.on = S.SUBMITTED, 1, received_on
        self.fields = {}
        self.promises, self.parts = [], []
        self.lead = self.at = None

    def uuid(self):
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def chance(self, share):
        return self.rng.random() < share

    def go(self, least, most):
        """Let days pass; an act never falls on a Sunday, and never into the future."""
        on = self.on + dt.timedelta(days=self.rng.randint(least, most))
        while on.weekday() == 6:
            on += DAY
        if on > self.w.today:
            raise Future
        self.on = on
        at = day_start(on) + 8 * HOUR + dt.timedelta(seconds=self.rng.randint(0, 9 * 3600))
        # Two acts of one day follow each other: nobody approves what is not drafted yet.
        self.at = at if self.at is None or at > self.at else self.at + PAUSE
        if self.at > self.w.now:
            raise Future

    def entry(self, verb, actor, *, day_only=False, at=None, **facts):
        if self.w.has_ledger:
            facts = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in facts.items()}
            moment = day_start(self.on) if day_only else at or self.at
            who = actor if isinstance(actor, str) else f"person:{actor.pk}" if actor is not None else ""
            self.w.add(
                Entry,
                id=self.uuid(),
                verb=verb,
                subject=self.subject,
                actor=who,
                at=moment,
                is_day_only=day_only,
                facts=facts,
            )

    def note(self, verb, actor, *, day_only=False, **facts):
        self.entry(f"inquiry.{verb}", actor, day_only=day_only, round=self.round, **facts)

    def kind(self, verb):
        """The kind of promise of a matter as it now stands."""
        lead_id = self.lead.pk if self.lead is not None else None
        return kind_for(
            verb, SimpleNamespace(route=self.fields["route"], kind=self.fields["kind"], lead_unit_id=lead_id)
        )

    def promise(self, kind, unit, *, rule, round=1):
        due = self.w.due(rule, self.on)
        row = {
            "id": self.uuid(),
            "kind": kind,
            "subject": self.subject,
            "round": round,
            "unit_id": unit.pk,
            "started_on": self.on,
            "rule": rule,
            "calendar": due.calendar,
            "is_provisional": due.is_provisional,
            "first_due_on": due.on,
            "due_on": due.on,
            "due_at": day_end(due.on),
        }
        self.promises.append(row)
        return row

    def meet(self, promise):
        if promise["due_at"] <= self.at:
            self.miss(promise)
        promise["met_at"] = self.at
        late = max(0, (self.on - promise["due_on"]).days)
        self.entry(
            "promise.met",
            self.actor,
            promise=str(promise["id"]),
            kind=promise["kind"],
            round=promise["round"],
            due_on=promise["due_on"],
            days_late=late,
        )

    def miss(self, promise):
        if promise.get("missed_at") is None:
            promise["missed_at"] = promise["due_at"]
            self.entry(
                "promise.missed",
                "system",
                at=promise["due_at"],
                promise=str(promise["id"]),
                kind=promise["kind"],
                round=promise["round"],
                due_on=promise["due_on"],
            )

    @property
    def number(self):
        """The public number."""
        return f"{self.fields['year']}-{self.fields['serial']:04d}"
