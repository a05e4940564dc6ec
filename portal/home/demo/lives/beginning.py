"""A card is written, registered, given to a department, perhaps returned or joined to another."""

import datetime as dt

from feedback import sealing
from feedback.enums import IdentityMode, InquiryState, Outcome, Route
from feedback.models import (
    ReturnRequest,
)

from .. import stories
from .tools import Tools
from .writer import DAY, Future

S = InquiryState


class Beginning(Tools):
    """From pen to department."""

    channel = "card"

    def choose(self):
        """Choose the story, the author and the unit it is about."""
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
        # The workers one can sign in as have something to look at.
        self.author = rng.choice(plant.shown if plant.shown and self.chance(0.03) else plant.workers)
        self.unit = self.author.unit

    def write(self):
        rng = self.rng
        self.choose()
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
            "channel": self.channel,
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
                number=f"{year}-{serial:04d}",
                code=code,
                fields={**text, "kind": self.story.kind, "received_on": self.received_on},
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
                {
                    "id": str(self.author.pk),
                    "job_no": self.author.job_no,
                    "name": self.author.name,
                    "unit": self.unit.name,
                },
            )
        owner = self.unit
        if self.is_discipline:
            self.fields["about_unit_id"] = self.unit.pk
            owner = self.unit.parent or self.unit
        self.registering = self.promise(self.kind("register"), owner, rule="workdays:1")
        self.answering = self.promise(self.kind("reply"), owner, rule="month_or_days:30")
        self.entry(
            "inquiry.submitted",
            None,
            day_only=True,
            round=1,
            number=f"{year}-{serial:04d}",
            channel=self.channel,
            mode=str(mode),
            received_on=self.received_on,
            due_on=self.answering["due_on"],
            sha256=self.fields["fingerprint"],
        )

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
        assists = (
            [plant.units[self.unit.code.split("-")[0]]]
            if self.chance(0.3) and not self.is_discipline and "-" in self.unit.code
            else []
        )
        for unit, role in [(self.lead, "lead"), *((unit, "assist") for unit in assists)]:
            self.parts.append(
                {
                    "inquiry_id": self.pk,
                    "unit_id": unit.pk,
                    "role": role,
                    "assigned_by_id": self.keeper.pk,
                    "assigned_on": self.on,
                    "return_by": by,
                    "instruction": "请按期办理，答复前与职工沟通。" if self.chance(0.4) else "",
                }
            )
        self.answering |= {"unit_id": self.lead.pk, "kind": self.kind("reply")}
        again = len([part for part in self.parts if part["role"] == "lead"]) > 1
        self.note(
            "reassigned" if again else "assigned",
            self.keeper,
            lead_unit=self.lead.code,
            assists=[unit.code for unit in assists],
        )
        self.handler = (
            self.rng.choice(plant.inspectors)
            if self.is_discipline
            else plant.handlers.get(code) or self.rng.choice(plant.officers["QM"])
        )
        self.head = (
            next((p for p in plant.inspectors if p is not self.handler), self.handler)
            if self.is_discipline
            else plant.heads.get(code) or plant.chair
        )

    def bounce(self):
        """Returned as not ours; the union agrees in two cases of three."""
        if self.handler is self.keeper:
            return  # the union's own office does not return to itself
        self.go(1, 4)
        asked_at, granted = self.at, self.chance(0.66)
        row = {
            "id": self.uuid(),
            "inquiry_id": self.pk,
            "unit_id": self.lead.pk,
            "reason": stories.RETURNS,
            "asked_by_id": self.handler.pk,
            "asked_at": asked_at,
        }
        self.note("return_asked", self.handler, unit=self.lead.code)
        try:
            self.go(0, 2)
        except Future:
            self.w.add(ReturnRequest, **row)
            raise
        self.w.add(
            ReturnRequest, **row, decided_by_id=self.keeper.pk, decided_at=max(self.at, asked_at), is_granted=granted
        )
        self.note("return_granted" if granted else "return_refused", self.keeper, unit=self.lead.code)
        if granted:
            for part in self.parts:
                part.setdefault("ended_on", self.on)
            self.fields["return_count"] = 1
            self.state, self.lead = S.REGISTERED, None
            self.answering |= {"unit_id": self.unit.pk, "kind": self.kind("reply")}
            self.go(0, 1)
            self.assign(self.rng.choice([c for c in ("AH", "SB", "HQ", "SC", "RS") if c != self.story.lead]))

    def join_another(self):
        """Merge into an unanswered matter of the same content, if there is one; its sender is answered with it."""
        hosts = self.w.hosts.setdefault(self.fields["subject"], [])
        host = next(
            (
                h
                for h in reversed(hosts)
                if h["since"] <= self.on and (h["answered_at"] is None or h["answered_at"] > self.at)
            ),
            None,
        )
        if host is None or self.is_discipline or not self.chance(0.5):
            if not self.is_discipline:
                hosts.append({"pk": self.pk, "since": self.on, "answered_at": None, "life": self})
                del hosts[:-20]
            return False
        for part in self.parts:
            part.setdefault("ended_on", self.on)
        self.fields["merged_into_id"] = host["pk"]
        self.note("merged", self.keeper, into=host["life"].number)
        self.lead, self.state = host["life"].lead, S.MERGED
        self.answering |= {"unit_id": (self.lead or host["life"].unit).pk, "kind": self.kind("reply")}
        if host["answered_at"] is not None:
            life = host["life"]
            self.at, self.on, self.actor, self.lead, self.state = (
                host["answered_at"],
                host["answered_on"],
                self.keeper,
                host["lead"],
                S.ANSWERED,
            )
            self.fields |= {
                "was_in_time": self.at < self.answering["due_at"],
                "answered_on": self.on,
                "outcome": host["outcome"],
                "promised_on": host["promised_on"],
            }
            self.meet(self.answering)
            self.note(
                "delivered", self.keeper, channel=host["channel"], delivered_on=self.on, outcome=str(host["outcome"])
            )
            if self.on + dt.timedelta(days=15) < self.w.today and life.fields["outcome"] in (
                Outcome.SOLVED,
                Outcome.REFERENCE,
            ):
                self.on = self.w.due("workdays:10", self.on).on + DAY
                self.fields["closed_on"] = self.on
                self.state = S.CLOSED
                self.note("closed_unrated", "system", day_only=True)
        return True
