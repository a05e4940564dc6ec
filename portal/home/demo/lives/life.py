"""A whole life, and its rows."""

import datetime as dt

from feedback.enums import IdentityMode, InquiryState
from feedback.models import (
    Assignment,
    Hiding,
    Inquiry,
)
from portal.deadlines.kinds import kind_of
from portal.deadlines.models import Promise
from portal.kernel.days import day_start

from .ending import Ending
from .writer import Future

S = InquiryState


class Life(Ending):
    """One card, from pen as far as today."""

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
                    step, moment = ladder.next_after(
                        started_on=promise["started_on"], due_on=promise["due_on"], today=self.w.today
                    )
                    promise |= {"next_step": step, "next_at": moment}
            self.w.add(Promise, **promise)
        if (
            self.mode == IdentityMode.NAMED
            and self.state in (S.ANSWERED, S.CLOSED)
            and self.chance(0.02)
            and not self.is_discipline
        ):
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
            Hiding,
            id=self.uuid(),
            inquiry_id=self.pk,
            reason_class="privacy",
            reason="正文写了同事的病情。",
            asked_by_id=self.keeper.pk,
            asked_at=self.at,
            decided_by_id=chair.pk,
            decided_at=self.at,
            is_granted=True,
        )
        self.note("hidden", chair, reason="privacy")
