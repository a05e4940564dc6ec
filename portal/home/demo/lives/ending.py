"""The answer is drafted, approved, delivered, rated; the card ends, is tracked or goes round again."""

import datetime as dt

from feedback import sealing
from feedback.enums import DeliveryChannel, InquiryState, Outcome, ReplyState
from feedback.models import (
    Delivery,
    Rating,
    Reply,
)

from .. import stories
from .handling import Handling
from .writer import DAY, Future

S = InquiryState

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


class Ending(Handling):
    """From draft to rating."""

    def answer(self):
        rng = self.rng
        outcome = rng.choices(
            (Outcome.SOLVED, Outcome.PLANNED, Outcome.LATER, Outcome.REFERENCE),
            (64, 16, 8, 12) if self.round == 1 else (85, 8, 2, 5),
        )[0]
        if self.is_discipline:
            outcome = Outcome.SOLVED
        text = {
            Outcome.SOLVED: self.story.answer,
            Outcome.PLANNED: self.story.plan,
            Outcome.LATER: stories.FORWARD,
            Outcome.REFERENCE: stories.REFERENCE,
        }[outcome].format(
            **self.words | ({"why": rng.choice(stories.REFERENCE_WHYS)} if outcome == Outcome.REFERENCE else {})
        )
        promised_on = (
            self.on + dt.timedelta(days=rng.randint(25, 120)) if outcome in (Outcome.PLANNED, Outcome.LATER) else None
        )
        reply = {
            "id": self.uuid(),
            "inquiry_id": self.pk,
            "round": self.round,
            "state": ReplyState.SUBMITTED,
            "text": text,
            "outcome": outcome,
            "promised_on": promised_on,
            "drafted_by_id": self.handler.pk,
            "saved_at": self.at,
        }
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
            reply |= {
                "state": ReplyState.APPROVED,
                "approved_by_id": self.head.pk,
                "approved_on": self.on,
                "fingerprint": sha,
            }
            self.state = S.APPROVED
            self.note("approved", self.head, sha256=sha)
            self.go(0, 3)
            reply["state"] = ReplyState.DELIVERED
            channel = DeliveryChannel.PERSONAL if self.is_discipline else rng.choice(CHANNELS)
            delivery = {
                "reply_id": reply["id"],
                "channel": channel,
                "delivered_on": self.on,
                "place": MEETING_PLACES.get(channel, ""),
                "recorded_by_id": self.keeper.pk,
                "recorded_at": self.at,
            }
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
                host |= {
                    "answered_at": self.at,
                    "answered_on": self.on,
                    "lead": self.lead,
                    "outcome": outcome,
                    "promised_on": promised_on,
                    "channel": str(channel),
                }
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
        self.answering = self.promise(self.kind("redo"), self.lead, rule="workdays:15", round=self.round)
        if redos >= 3:
            self.fields["is_escalated"] = True
        self.note("redone", None, day_only=True, redos=redos)
        return True

    def finish(self, verb):
        if self.outcome in (Outcome.PLANNED, Outcome.LATER):
            self.state = S.TRACKED
            due_on = max(self.promised_on, self.on)
            self.answering = self.promise(self.kind("follow_up"), self.lead, rule=f"on:{due_on}", round=self.round + 1)
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
