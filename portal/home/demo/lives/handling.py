"""The department works: it asks, plans, needs more time, or lets the card lie."""

import datetime as dt

from feedback.enums import IdentityMode, InquiryState
from feedback.models import (
    Message,
    Plan,
    Reply,
)
from portal.deadlines.models import Extension, Pause
from portal.kernel.days import day_end

from .. import stories
from .beginning import Beginning
from .writer import Future

S = InquiryState


class Handling(Beginning):
    """From department to draft."""

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
                Plan,
                inquiry_id=self.pk,
                text=stories.PLAN,
                parties=stories.PARTIES,
                agreed_on=agreed_on,
                recorded_by_id=self.handler.pk,
                recorded_on=self.on,
            )
            self.note("planned", self.handler, agreed_on=agreed_on)
            if agreed_on:
                self.state = S.ASSIGNED
        if self.round == 1 and self.chance(0.04):
            self.extend()
        # Most answer well within the month; some let it run out.
        slow = rng.random()
        self.go(*((12, 20) if slow < 0.25 else (24, 36) if slow < 0.33 else (3, 12)) if self.round == 1 else (3, 14))
        self.state = S.DRAFTED

    def stall(self):
        """Left lying: talks that do not end, a draft that nobody finishes."""
        if self.chance(0.4):
            self.go(2, 6)
            self.state = S.NEGOTIATING
            self.w.add(
                Plan,
                inquiry_id=self.pk,
                text=stories.PLAN,
                parties=stories.PARTIES,
                recorded_by_id=self.handler.pk,
                recorded_on=self.on,
            )
            self.note("planned", self.handler, agreed_on=None)
        elif self.chance(0.5):
            self.go(2, 9)
            self.w.add(
                Reply,
                id=self.uuid(),
                inquiry_id=self.pk,
                round=1,
                text=self.story.plan.format(**self.words),
                drafted_by_id=self.handler.pk,
                saved_at=self.at,
            )
        raise Future

    def wait_for_author(self):
        self.go(1, 3)
        since = self.on
        self.w.add(
            Message,
            id=self.uuid(),
            inquiry_id=self.pk,
            is_from_author=False,
            text=stories.MORE,
            on=since,
            place=1,
            sent_by_id=self.handler.pk,
            asks_for_more=True,
        )
        self.note("asked_author", self.handler)
        self.entry(
            "promise.paused",
            self.handler,
            promise=str(self.answering["id"]),
            kind=self.answering["kind"],
            round=1,
            due_on=self.answering["due_on"],
            paused_days=0,
        )
        try:
            self.go(1, 6)
        except Future:
            remaining = dt.timedelta(days=10)
            self.answering |= {"paused_on": since, "due_at": day_end(self.answering["due_on"] + remaining)}
            self.w.add(
                Pause, promise_id=self.answering["id"], since=since, reason=stories.MORE, paused_by_id=self.handler.pk
            )
            raise
        days = (self.on - since).days
        self.w.add(
            Pause,
            promise_id=self.answering["id"],
            since=since,
            until=self.on,
            reason=stories.MORE,
            paused_by_id=self.handler.pk,
        )
        self.w.add(
            Message,
            id=self.uuid(),
            inquiry_id=self.pk,
            is_from_author=True,
            text=stories.ADDED.format(**self.words),
            on=self.on,
            place=2,
        )
        before = self.answering["due_on"]
        self.answering |= {"paused_days": days, "due_on": before + dt.timedelta(days=days)}
        self.answering["due_at"] = day_end(self.answering["due_on"])
        self.entry(
            "promise.resumed",
            None,
            day_only=True,
            promise=str(self.answering["id"]),
            kind=self.answering["kind"],
            round=1,
            days=days,
            paused_days=days,
            before=before,
            due_on=self.answering["due_on"],
        )
        self.note("author_added", None, day_only=True)

    def extend(self):
        self.go(4, 8)
        asked_at, leader = self.at, self.w.plant.leaders.get(self.lead.code) or self.w.plant.chair
        days = self.rng.choice((7, 10, 15))
        row = {
            "id": self.uuid(),
            "promise_id": self.answering["id"],
            "days": days,
            "reason": stories.EXTENSION,
            "requested_by_id": self.handler.pk,
            "requested_at": asked_at,
        }
        try:
            self.go(0, 2)
        except Future:
            self.w.add(Extension, **row)
            raise
        before = self.answering["due_on"]
        after = before + dt.timedelta(days=days)
        self.answering |= {
            "due_on": after,
            "due_at": day_end(after),
            "extended_days": days,
            "extension_reason": stories.EXTENSION,
        }
        self.w.add(
            Extension,
            **row,
            decided_by_id=leader.pk,
            decided_at=max(self.at, asked_at),
            is_granted=True,
            due_before=before,
            due_after=after,
        )
        self.entry(
            "promise.extended",
            leader,
            promise=str(self.answering["id"]),
            kind=self.answering["kind"],
            round=1,
            extension=str(row["id"]),
            days=days,
            before=before,
            due_on=after,
        )
