"""
The lives of the demo's cards, played forward day by day until today.

A life is a chain of acts with plausible delays; it simply stops where its next
act would lie in the future. So every state occurs in the share it would have
after a year and a half of use, some cards are late, some exemplary. The same
seed and last day give the same rows.
"""

import datetime as dt
import random
import uuid

from feedback import sealing
from feedback.enums import DeliveryChannel, IdentityMode, InquiryState, Outcome, ReplyState, Route
from feedback.models import (
    Assignment,
    Delivery,
    Hiding,
    IdentityKey,
    Inquiry,
    Message,
    Plan,
    Rating,
    Redaction,
    Reply,
    ReturnRequest,
)
from portal.deadlines.calendar import due_day
from portal.deadlines.kinds import kind_of
from portal.deadlines.models import Extension, Pause, Promise
from portal.deadlines.queries import read_calendar
from portal.kernel.days import day_end, day_start
from portal.ledger.models import Entry
from portal.notices.models import Notice

from . import stories
from .writing import Table

S = InquiryState
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
CHANNELS = (
    DeliveryChannel.PORTAL,
    DeliveryChannel.PORTAL,
    DeliveryChannel.PORTAL,
    DeliveryChannel.DISPATCH_MEETING,
    DeliveryChannel.UNION_CHAIR_MEETING,
    DeliveryChannel.UNION_BULLETIN,
    DeliveryChannel.STAFF_MEETING,
    DeliveryChannel.PERSONAL,
)
MEETING_PLACES = {
    DeliveryChannel.STAFF_MEETING: "职工俱乐部",
    DeliveryChannel.DISPATCH_MEETING: "调度会议室",
    DeliveryChannel.UNION_CHAIR_MEETING: "工会会议室",
    DeliveryChannel.PERSONAL: "班组休息室",
}


class Future(Exception):
    """The next act lies after today: the life stops here."""


class Writer:
    """All tables a life writes to, and what lives share: the plant, the calendar, the numbers given."""

    def __init__(self, plant, *, seed, today, now, has_ledger=True):
        self.plant, self.seed, self.today, self.now, self.has_ledger = plant, seed, today, now, has_ledger
        self.calendar = read_calendar()
        self.serials = {}
        self.tags = {}
        self.key = IdentityKey.objects.filter(retired_at__isnull=True).first()
        self.tables = {
            model: Table(model)
            for model in (
                Promise, Inquiry, Assignment, ReturnRequest, Plan, Reply, Delivery, Message, Rating, Redaction, Hiding, Pause, Extension, Entry, Notice,
            )
        }  # fmt: skip
        self.hosts = {}  # matters that a later one of the same content may be merged into, by subject
        self._due = {}

    def add(self, model, **values):
        self.tables[model].add(**values)

    def flush(self):
        """Write what has been gathered, parents first."""
        for table in self.tables.values():
            table.flush()

    def due(self, rule, started_on):
        key = (rule, started_on)
        if key not in self._due:
            self._due[key] = due_day(rule, started_on, self.calendar)
        return self._due[key]

    def serial(self, year):
        self.serials[year] = self.serials.get(year, 0) + 1
        return self.serials[year]


class Life:
    """One card, from pen as far as today."""

    def __init__(self, writer, index, received_on):
        self.w, self.received_on = writer, received_on
        self.rng = random.Random(f"{writer.seed}:{index}")
        self.pk = self.uuid()
        self.subject = f"feedback.inquiry:{self.pk}"
        self.state, self.round, self.on = S.SUBMITTED, 1, received_on
        self.fields = {}
        self.promises, self.parts = [], []
        self.lead = None

    # Small tools ------------------------------------------------------------------------------------------

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
        self.at = day_start(on) + 8 * HOUR + dt.timedelta(seconds=self.rng.randint(0, 9 * 3600))
        if self.at > self.w.now:
            raise Future

    def entry(self, verb, actor, *, day_only=False, at=None, **facts):
        if self.w.has_ledger:
            facts = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in facts.items()}
            moment = day_start(self.on) if day_only else at or self.at
            who = actor if isinstance(actor, str) else f"person:{actor.pk}" if actor is not None else ""
            self.w.add(
                Entry, id=self.uuid(), verb=verb, subject=self.subject, actor=who, at=moment, is_day_only=day_only, facts=facts
            )

    def note(self, verb, actor, *, day_only=False, **facts):
        self.entry(f"inquiry.{verb}", actor, day_only=day_only, round=self.round, **facts)

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
        self.entry("promise.met", self.actor, promise=str(promise["id"]), kind=promise["kind"], round=promise["round"], due_on=promise["due_on"], days_late=late)

    def miss(self, promise):
        if promise.get("missed_at") is None:
            promise["missed_at"] = promise["due_at"]
            self.entry(
                "promise.missed", "system", at=promise["due_at"], promise=str(promise["id"]), kind=promise["kind"], round=promise["round"], due_on=promise["due_on"]
            )  # fmt: skip

    # The acts ---------------------------------------------------------------------------------------------

    def live(self):
        """Play the life and write its rows."""
        self.write()
        # What nobody has moved for weeks: the lamps are there to show it.
        self.is_neglected = self.received_on > self.w.today - dt.timedelta(days=70) and self.chance(0.16)
        try:
            self.register()
            if self.join_another():
                return
            if self.is_neglected:
                self.stall()
            while True:
                self.handle()
                self.answer()
                if not self.rate():
                    break
        except Future:
            pass
        finally:
            self.save()

    def stall(self):
        """Left lying: talks that do not end, a draft that nobody finishes."""
        if self.chance(0.4):
            self.go(2, 6)
            self.state = S.NEGOTIATING
            self.w.add(Plan, inquiry_id=self.pk, text=stories.PLAN, parties=stories.PARTIES, recorded_by_id=self.handler.pk, recorded_on=self.on)
            self.note("planned", self.handler, agreed_on=None)
        elif self.chance(0.5):
            self.go(2, 9)
            self.w.add(Reply, id=self.uuid(), inquiry_id=self.pk, round=1, text=self.story.plan.format(**self.words), drafted_by_id=self.handler.pk, saved_at=self.at)
        raise Future

    def join_another(self):
        """Merge into an unanswered matter of the same content, if there is one; its sender is answered with it."""
        hosts = self.w.hosts.setdefault(self.fields["subject"], [])
        host = next((h for h in reversed(hosts) if h["since"] <= self.on and (h["answered_at"] is None or h["answered_at"] > self.at)), None)
        if host is None or self.is_discipline or not self.chance(0.5):
            if not self.is_discipline:
                hosts.append({"pk": self.pk, "since": self.on, "answered_at": None, "life": self})
                del hosts[:-20]
            return False
        for part in self.parts:
            part.setdefault("ended_on", self.on)
        self.answering["unit_id"] = self.unit.pk
        self.fields["merged_into_id"] = host["pk"]
        self.note("merged", self.keeper, into=host["life"].number)
        self.lead, self.state = None, S.MERGED
        if host["answered_at"] is not None:
            life = host["life"]
            self.at, self.on, self.actor, self.lead, self.state = host["answered_at"], host["answered_on"], self.keeper, host["lead"], S.ANSWERED
            self.fields |= {
                "was_in_time": self.at < self.answering["due_at"],
                "answered_on": self.on,
                "outcome": host["outcome"],
                "promised_on": host["promised_on"],
            }
            self.meet(self.answering)
            self.note("delivered", self.keeper, channel=host["channel"], delivered_on=self.on, outcome=str(host["outcome"]))
            if self.on + dt.timedelta(days=15) < self.w.today and life.fields["outcome"] in (Outcome.SOLVED, Outcome.REFERENCE):
                self.on = self.w.due("workdays:10", self.on).on + DAY
                self.fields["closed_on"] = self.on
                self.state = S.CLOSED
                self.note("closed_unrated", "system", day_only=True)
        return True

    @property
    def number(self):
        """The public number."""
        return f"{self.fields['year']}-{self.fields['serial']:04d}"

    def write(self):
        rng, plant = self.rng, self.w.plant
        self.story = stories.STORIES[rng.randrange(len(stories.STORIES))]
        odd = rng.random()
        if odd < 0.006:
            self.story = stories.RETALIATION
        elif odd < 0.02:
            self.story = stories.CONDUCT
        self.is_discipline = self.story.lead == "JW"
        place = rng.choice(stories.PLACES)
        self.words = {"place": place, "why": rng.choice(stories.WHYS)}
        self.author = rng.choice(plant.workers)
        self.unit = self.author.unit
        mode = rng.choices((IdentityMode.NAMED, IdentityMode.CONFIDENTIAL, IdentityMode.ANONYMOUS), (55, 25, 20))[0]
        if mode == IdentityMode.CONFIDENTIAL and self.w.key is None:
            mode = IdentityMode.NAMED
        if self.is_discipline and mode == IdentityMode.NAMED and rng.random() < 0.7:
            mode = IdentityMode.ANONYMOUS
        self.mode = mode
        code = f"{rng.randrange(10**16):016d}"
        year = self.received_on.year
        serial = self.w.serial(year)
        text = {name: getattr(self.story, name).format(**self.words) for name in ("subject", "body", "suggestion")}
        self.fields = {
            "year": year,
            "serial": serial,
            "route": Route.DISCIPLINE if self.is_discipline else Route.ORDINARY,
            "kind": self.story.kind,
            "topic": self.story.topic,
            "unit_id": self.unit.pk,
            **text,
            "may_publish": not self.chance(0.08),
            "identity_mode": mode,
            "code_hash": sealing.code_hash(code),
            "idempotency_key": self.uuid(),
            "received_on": self.received_on,
            "fingerprint": sealing.fingerprint(
                number=f"{year}-{serial:04d}", code=code, fields={**text, "kind": self.story.kind, "received_on": self.received_on}
            ),
        }
        if mode == IdentityMode.NAMED:
            self.fields["author_id"] = self.author.pk
        elif mode == IdentityMode.CONFIDENTIAL:
            place = self.w.tags.get(self.author.pk, 0)
            self.w.tags[self.author.pk] = place + 1
            self.fields["owner_tag"] = sealing.owner_tags(self.author, place, 1)[0]
            self.fields["identity_key_id"] = self.w.key.pk
            self.fields["sealed_identity"] = sealing.seal_identity(
                self.w.key.public_key,
                {"id": str(self.author.pk), "job_no": self.author.job_no, "name": self.author.name, "unit": self.unit.name},
            )
        owner = self.unit
        if self.is_discipline:
            self.fields["about_unit_id"] = self.unit.pk
            owner = self.unit.parent or self.unit
        suffix = "_discipline" if self.is_discipline else ""
        self.registering = self.promise(f"inquiry.register{suffix}", owner, rule="workdays:1")
        self.answering = self.promise(f"inquiry.reply{suffix}", owner, rule="month_or_days:30")
        self.entry(
            "inquiry.submitted", None, day_only=True, round=1, number=f"{year}-{serial:04d}", channel="card", mode=str(mode),
            received_on=self.received_on, due_on=self.answering["due_on"], sha256=self.fields["fingerprint"],
        )  # fmt: skip

    def register(self):
        plant = self.w.plant
        self.go(0, 1) if not self.chance(0.05) else self.go(3, 5)
        works = self.unit.code.split("-")[0]
        keepers = plant.inspectors if self.is_discipline else plant.officers.get(works) or plant.officers["QM"]
        self.actor = self.keeper = self.rng.choice(keepers)
        self.meet(self.registering)
        self.state = S.REGISTERED
        texts = {f"public_{name}": self.fields[name] for name in ("subject", "body", "suggestion")}
        published = self.fields["may_publish"] and not self.is_discipline
        self.fields |= texts | {"is_published": published}
        self.note("registered", self.keeper, edited=False, published=published)
        if self.chance(0.12):
            self.go(1, 2)
        self.assign(self.story.lead)
        if not self.is_discipline and self.chance(0.07):
            self.bounce()

    def assign(self, code):
        plant = self.w.plant
        self.lead = plant.units[code]
        self.state = S.ASSIGNED
        by = self.w.due("workdays:7", self.on).on
        assists = [plant.units[self.unit.code.split("-")[0]]] if self.chance(0.3) and not self.is_discipline and "-" in self.unit.code else []
        for unit, role in [(self.lead, "lead"), *((unit, "assist") for unit in assists)]:
            self.parts.append(
                {"inquiry_id": self.pk, "unit_id": unit.pk, "role": role, "assigned_by_id": self.keeper.pk, "assigned_on": self.on, "return_by": by,
                 "instruction": "请按期办理,答复前与职工沟通。" if self.chance(0.4) else ""}
            )  # fmt: skip
        self.answering["unit_id"] = self.lead.pk
        again = len([part for part in self.parts if part["role"] == "lead"]) > 1
        self.note("reassigned" if again else "assigned", self.keeper, lead_unit=self.lead.code, assists=[unit.code for unit in assists])
        self.handler = self.rng.choice(plant.inspectors) if self.is_discipline else plant.handlers.get(code) or self.rng.choice(plant.officers["QM"])
        self.head = next((p for p in plant.inspectors if p is not self.handler), self.handler) if self.is_discipline else plant.heads.get(code) or plant.chair

    def bounce(self):
        """Returned as not ours; the union agrees in two cases of three."""
        self.go(1, 4)
        asked_at, granted = self.at, self.chance(0.66)
        row = {"id": self.uuid(), "inquiry_id": self.pk, "unit_id": self.lead.pk, "reason": stories.RETURNS, "asked_by_id": self.handler.pk, "asked_at": asked_at}
        self.note("return_asked", self.handler, unit=self.lead.code)
        try:
            self.go(0, 2)
        except Future:
            self.w.add(ReturnRequest, **row)
            raise
        self.w.add(ReturnRequest, **row, decided_by_id=self.keeper.pk, decided_at=max(self.at, asked_at), is_granted=granted)
        self.note("return_granted" if granted else "return_refused", self.keeper, unit=self.lead.code)
        if granted:
            for part in self.parts:
                part.setdefault("ended_on", self.on)
            self.fields["return_count"] = 1
            self.state, self.lead = S.REGISTERED, None
            self.answering["unit_id"] = self.unit.pk
            self.go(0, 1)
            self.assign(self.rng.choice([c for c in ("AH", "SB", "HQ", "SC", "RS") if c != self.story.lead]))

    def handle(self):
        rng = self.rng
        if self.round == 1 and self.chance(0.06) and self.mode != IdentityMode.ANONYMOUS:
            self.wait_for_author()
        if self.chance(0.07):
            self.go(1, 4)
            self.state = S.NEGOTIATING
            agreed = self.on + dt.timedelta(days=rng.randint(2, 5))
            agreed_on = agreed if agreed <= self.w.today else None
            self.w.add(
                Plan, inquiry_id=self.pk, text=stories.PLAN, parties=stories.PARTIES, agreed_on=agreed_on, recorded_by_id=self.handler.pk, recorded_on=self.on
            )  # fmt: skip
            self.note("planned", self.handler, agreed_on=agreed_on)
            if agreed_on:
                self.state = S.ASSIGNED
        if self.round == 1 and self.chance(0.04):
            self.extend()
        # Most answer well within the month; some let it run out.
        slow = rng.random()
        self.go(*((12, 20) if slow < 0.25 else (24, 36) if slow < 0.33 else (3, 12)) if self.round == 1 else (3, 14))
        self.state = S.DRAFTED

    def wait_for_author(self):
        self.go(1, 3)
        since = self.on
        self.w.add(Message, id=self.uuid(), inquiry_id=self.pk, is_from_author=False, text=stories.MORE, on=since, place=1, sent_by_id=self.handler.pk, asks_for_more=True)
        self.note("asked_author", self.handler)
        self.entry("promise.paused", self.handler, promise=str(self.answering["id"]), kind=self.answering["kind"], round=1, due_on=self.answering["due_on"], paused_days=0)  # fmt: skip
        try:
            self.go(1, 6)
        except Future:
            remaining = dt.timedelta(days=10)
            self.answering |= {"paused_on": since, "due_at": day_end(self.answering["due_on"] + remaining)}
            self.w.add(Pause, promise_id=self.answering["id"], since=since, reason=stories.MORE, paused_by_id=self.handler.pk)
            raise
        days = (self.on - since).days
        self.w.add(Pause, promise_id=self.answering["id"], since=since, until=self.on, reason=stories.MORE, paused_by_id=self.handler.pk)
        self.w.add(Message, id=self.uuid(), inquiry_id=self.pk, is_from_author=True, text=stories.ADDED.format(**self.words), on=self.on, place=2)
        before = self.answering["due_on"]
        self.answering |= {"paused_days": days, "due_on": before + dt.timedelta(days=days)}
        self.answering["due_at"] = day_end(self.answering["due_on"])
        self.entry("promise.resumed", None, day_only=True, promise=str(self.answering["id"]), kind=self.answering["kind"], round=1, days=days, paused_days=days, before=before, due_on=self.answering["due_on"])  # fmt: skip
        self.note("author_added", None, day_only=True)

    def extend(self):
        self.go(4, 8)
        asked_at, leader = self.at, self.w.plant.leaders.get(self.lead.code) or self.w.plant.chair
        days = self.rng.choice((7, 10, 15))
        row = {"id": self.uuid(), "promise_id": self.answering["id"], "days": days, "reason": stories.EXTENSION, "requested_by_id": self.handler.pk, "requested_at": asked_at}  # fmt: skip
        try:
            self.go(0, 2)
        except Future:
            self.w.add(Extension, **row)
            raise
        before = self.answering["due_on"]
        after = before + dt.timedelta(days=days)
        self.answering |= {"due_on": after, "due_at": day_end(after), "extended_days": days, "extension_reason": stories.EXTENSION}
        self.w.add(Extension, **row, decided_by_id=leader.pk, decided_at=max(self.at, asked_at), is_granted=True, due_before=before, due_after=after)
        self.entry("promise.extended", leader, promise=str(self.answering["id"]), kind=self.answering["kind"], round=1, extension=str(row["id"]), days=days, before=before, due_on=after)  # fmt: skip

    def answer(self):
        rng = self.rng
        outcome = rng.choices((Outcome.SOLVED, Outcome.PLANNED, Outcome.LATER, Outcome.REFERENCE), (64, 16, 8, 12) if self.round == 1 else (85, 8, 2, 5))[0]
        if self.is_discipline:
            outcome = Outcome.SOLVED
        text = {
            Outcome.SOLVED: self.story.answer,
            Outcome.PLANNED: self.story.plan,
            Outcome.LATER: stories.FORWARD,
            Outcome.REFERENCE: stories.REFERENCE,
        }[outcome].format(**self.words | ({"why": rng.choice(stories.REFERENCE_WHYS)} if outcome == Outcome.REFERENCE else {}))
        promised_on = self.on + dt.timedelta(days=rng.randint(25, 120)) if outcome in (Outcome.PLANNED, Outcome.LATER) else None
        reply = {"id": self.uuid(), "inquiry_id": self.pk, "round": self.round, "state": ReplyState.SUBMITTED, "text": text, "outcome": outcome, "promised_on": promised_on, "drafted_by_id": self.handler.pk, "saved_at": self.at}  # fmt: skip
        delivery = {}
        try:
            self.note("drafted", self.handler, outcome=str(outcome), promised_on=promised_on)
            if self.chance(0.05):
                self.go(0, 1)
                reply |= {"state": ReplyState.DRAFT, "sent_back_note": stories.SENT_BACK}
                self.state = S.ASSIGNED
                self.note("sent_back", self.head)
                self.go(1, 2)
                reply |= {"state": ReplyState.SUBMITTED, "sent_back_note": ""}
                self.state = S.DRAFTED
                self.note("drafted", self.handler, outcome=str(outcome), promised_on=promised_on)
            self.go(0, 2)
            sha = sealing.fingerprint(number="", code="", fields={"text": text})
            reply |= {"state": ReplyState.APPROVED, "approved_by_id": self.head.pk, "approved_on": self.on, "fingerprint": sha}
            self.state = S.APPROVED
            self.note("approved", self.head, sha256=sha)
            self.go(0, 3)
            reply["state"] = ReplyState.DELIVERED
            channel = DeliveryChannel.PERSONAL if self.is_discipline else rng.choice(CHANNELS)
            delivery = {"reply_id": reply["id"], "channel": channel, "delivered_on": self.on, "place": MEETING_PLACES.get(channel, ""), "recorded_by_id": self.keeper.pk, "recorded_at": self.at}  # fmt: skip
            if channel == DeliveryChannel.UNION_BULLETIN:
                delivery["bulletin_no"] = f"{self.on.year}年第{(self.on.month - 1) * 2 + 1 + self.on.day // 16}期"
        finally:
            # Written whatever comes next: a draft that waits for its approval is a row as well.
            self.w.add(Reply, **reply)
            if delivery:
                self.w.add(Delivery, **delivery)
        self.state, self.actor = S.ANSWERED, self.keeper
        for host in self.w.hosts.get(self.fields["subject"], ()):
            if host["pk"] == self.pk and host["answered_at"] is None:
                host |= {"answered_at": self.at, "answered_on": self.on, "lead": self.lead, "outcome": outcome, "promised_on": promised_on, "channel": str(channel)}
        if "answered_on" not in self.fields:
            self.fields["was_in_time"] = self.at < self.answering["due_at"]
        self.fields |= {"answered_on": self.on, "outcome": outcome, "promised_on": promised_on}
        self.meet(self.answering)
        self.note("delivered", self.keeper, channel=str(channel), delivered_on=self.on, outcome=str(outcome))
        self.outcome, self.promised_on = outcome, promised_on

    def rate(self):
        """Rate, or let the window pass; return whether the matter goes round again."""
        rng = self.rng
        answered_on, rated = self.on, self.chance(0.72)
        if not rated:
            self.on = self.w.due("workdays:10", answered_on).on + DAY
            if self.on > self.w.today:
                raise Future
            return self.finish("closed_unrated")
        self.on = answered_on + dt.timedelta(days=rng.randint(0, 7))
        if self.on > self.w.today:
            raise Future
        late = self.fields["was_in_time"] is False
        weights = (3, 5, 17, 40, 35) if self.outcome == Outcome.SOLVED and not late else (8, 14, 34, 30, 14)
        level = rng.choices((1, 2, 3, 4, 5), weights)[0]
        comment = rng.choice(stories.COMMENTS if level > 2 else stories.COMPLAINTS)
        self.w.add(Rating, inquiry_id=self.pk, round=self.round, level=level, comment=comment, on=self.on)
        self.fields["rating"] = level
        self.note("rated", None, day_only=True, level=level)
        if level > 2:
            return self.finish("closed")
        self.round += 1
        redos = self.fields["redo_count"] = self.fields.get("redo_count", 0) + 1
        self.state = S.ASSIGNED
        suffix = "_discipline" if self.is_discipline else ""
        self.answering = self.promise(f"inquiry.redo{suffix}", self.lead, rule="workdays:15", round=self.round)
        if redos >= 3:
            self.fields["is_escalated"] = True
        self.note("redone", None, day_only=True, redos=redos)
        return True

    def finish(self, verb):
        if self.outcome in (Outcome.PLANNED, Outcome.LATER):
            self.state = S.TRACKED
            suffix = "_discipline" if self.is_discipline else ""
            due_on = max(self.promised_on, self.on)
            self.answering = self.promise(f"inquiry.follow_up{suffix}", self.lead, rule=f"on:{due_on}", round=self.round + 1)
            self.note("tracked", "system", day_only=True, promised_on=self.promised_on)
            # The promise is reported on around its day.
            self.on = due_on - dt.timedelta(days=self.rng.randint(-2, 6))
            if self.on >= self.w.today:
                raise Future
            self.go(0, 1)
            self.round += 1
            self.state = S.DRAFTED
            self.answer()
            return self.rate()
        self.fields["closed_on"] = self.on
        self.state = S.CLOSED
        self.note(verb, "system", day_only=True)
        return False

    def save(self):
        """Write the card, its promises with what is next on their ladder, and its departments."""
        for promise in self.promises:
            is_open = promise.get("met_at") is None
            if is_open and promise["due_at"] <= self.w.now:
                self.miss(promise)
            if is_open:
                ladder = kind_of(promise["kind"]).ladder
                place = ladder.place(started_on=promise["started_on"], due_on=promise["due_on"], today=self.w.today)
                if promise.get("paused_on"):
                    promise["next_at"] = day_start(promise["paused_on"] + dt.timedelta(days=10))
                elif place >= 0:
                    promise |= {"next_step": place, "next_at": self.w.now}
                else:
                    step, moment = ladder.next_after(started_on=promise["started_on"], due_on=promise["due_on"], today=self.w.today)
                    promise |= {"next_step": step, "next_at": moment}
            self.w.add(Promise, **promise)
        if self.mode == IdentityMode.NAMED and self.state in (S.ANSWERED, S.CLOSED) and self.chance(0.01) and not self.is_discipline:
            self.hide()
        self.w.add(
            Inquiry,
            id=self.pk,
            state=self.state,
            round=self.round,
            lead_unit_id=self.lead.pk if self.lead else None,
            promise_id=self.answering["id"],
            **self.fields,
        )
        for part in self.parts:
            self.w.add(Assignment, **part)

    def hide(self):
        self.fields["hidden_class"] = "privacy"
        chair = self.w.plant.chair
        self.w.add(
            Hiding, id=self.uuid(), inquiry_id=self.pk, reason_class="privacy", reason="正文写了同事的病情。", asked_by_id=self.keeper.pk, asked_at=self.at,
            decided_by_id=chair.pk, decided_at=self.at, is_granted=True,
        )  # fmt: skip
        self.note("hidden", chair, reason="privacy")
