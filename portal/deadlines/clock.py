"""
The clock of a promise: one pure function of the promise and the moment.

Every page, feed, mail and board shows what :func:`clock_of` says, so that a
reader meets the same number everywhere, and a stopped worker process changes
nothing: it reads what was promised and compares it with the time.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.kernel.days import day_end, local_day
from portal.kernel.enums import Lamp

from .kinds import kind_of
from .phrases import day_words

PAUSE_CAP = 10  # days in all, however many pauses (trust-and-experience.md T6)
EXTENSION_CAP = 30


@dataclass(frozen=True)
class Clock:
    """What a reader sees of a promise at a moment; ``sentence`` is in the reader's language."""

    code: str  # running, today, late, paused, met, met_late, ended, ended_late
    lamp: Lamp
    kind: str
    today: dt.date
    due_on: dt.date
    first_due_on: dt.date
    days_left: int  # negative when it is over
    is_late: bool
    is_provisional: bool = False
    pause_day: int = 0
    extended_days: int = 0
    extension_reason: str = ""
    told_role: str = ""  # the role that was reminded last, once it is late
    end_code: str = ""

    @property
    def is_open(self):
        """Whether somebody still owes something."""
        return self.code in {"running", "today", "late", "paused"}

    @property
    def days_late(self):
        """How many days it is, or was, over."""
        return max(0, -self.days_left)

    @property
    def sentence(self):
        """The one status sentence, in the language that is active now."""
        return self._say(_SENTENCES[self.code])

    @property
    def sender_sentence(self):
        """The same for the page of the sender, who is asked to add something while the clock stands."""
        return self._say(_say_paused_to_sender if self.code == "paused" else _SENTENCES[self.code])

    def _say(self, say):
        text = say(self)
        if self.is_provisional and self.is_open:
            text = _("%(sentence)s (provisional: next year's work calendar is not out yet)") % {"sentence": text}
        return text

    def __str__(self):
        return self.sentence


def clock_of(promise, at):
    """Return the clock of a promise at a moment. Reads no database and no time of its own."""
    kind = kind_of(promise.kind)
    today = local_day(at)
    due_on, is_paused, pause_day = _running_due(promise, today)
    common = {
        "kind": promise.kind,
        "today": today,
        "due_on": due_on,
        "first_due_on": promise.first_due_on,
        "is_provisional": promise.is_provisional,
        "extended_days": promise.extended_days,
        "extension_reason": promise.extension_reason if kind.has_public_reasons else "",
        "end_code": promise.end_code,
    }
    closed_at = promise.met_at or promise.ended_at
    if closed_at is not None:
        # A miss that was told stays a miss, whatever the clock of the machine says later.
        late = closed_at >= day_end(due_on) or promise.missed_at is not None
        over = (local_day(closed_at) - due_on).days
        days_left = min(-over, -1) if late else -over
        if promise.met_at is not None:
            return Clock(
                "met_late" if late else "met",
                Lamp.ORANGE if late else Lamp.GREEN,
                days_left=days_left,
                is_late=late,
                **common,
            )
        return Clock(
            "ended_late" if late else "ended",
            Lamp.ORANGE if late else Lamp.GREY,
            days_left=days_left,
            is_late=late,
            **common,
        )
    if promise.missed_at is not None or (not is_paused and at >= day_end(due_on)):
        days_left = min((due_on - today).days, -1)
        return Clock("late", Lamp.RED, days_left=days_left, is_late=True, told_role=_told_role(kind, promise), **common)
    days_left = (due_on - today).days
    if is_paused:
        return Clock("paused", Lamp.GREY, days_left=days_left, is_late=False, pause_day=pause_day, **common)
    lamp = Lamp.YELLOW if days_left <= kind.ladder.yellow_days else Lamp.BLUE
    return Clock("today" if days_left <= 0 else "running", lamp, days_left=days_left, is_late=False, **common)


def _running_due(promise, today):
    """Return (due day, whether the clock stands, which day of pausing it is), ending a pause at its cap by itself."""
    if promise.paused_on is None:
        return promise.due_on, False, 0
    elapsed = max(0, (today - promise.paused_on).days)
    remaining = PAUSE_CAP - promise.paused_days
    if elapsed >= remaining:
        return promise.due_on + dt.timedelta(days=remaining), False, 0
    return promise.due_on + dt.timedelta(days=elapsed), True, promise.paused_days + elapsed + 1


def _told_role(kind, promise):
    taken = promise.next_step - 1
    if taken < kind.ladder.index_of("red"):
        return ""
    return kind.ladder.rung(taken).role


def _say_due(clock):
    """The sentence of a running clock up to what is left."""
    words = {"label": kind_of(clock.kind).label, "day": day_words(clock.due_on, today=clock.today)}
    if clock.extended_days:
        if not clock.extension_reason:
            return _("extended with approval to %(day)s") % words
        return _("extended with approval to %(day)s, reason: %(reason)s") % {**words, "reason": clock.extension_reason}
    opening = kind_of(clock.kind).opening
    if opening:
        return _("%(opening)s, %(label)s due by %(day)s") % {**words, "opening": opening}
    return _("%(label)s due by %(day)s") % words


def _say_running(clock):
    left = ngettext("%(days)d day left", "%(days)d days left", clock.days_left) % {"days": clock.days_left}
    return _("%(due)s, %(left)s") % {"due": _say_due(clock), "left": left}


def _say_today(clock):
    if clock.extended_days:
        return _("%(due)s, due today") % {"due": _say_due(clock)}
    return _("due today")


def _say_late(clock):
    over = ngettext("%(days)d day overdue", "%(days)d days overdue", clock.days_late) % {"days": clock.days_late}
    told = {
        "leader": _("the superior of the unit has been told"),
        "union_chair": _("the union chair has been told"),
        "discipline": _("the discipline inspector has been told"),
    }.get(clock.told_role)
    return _("%(over)s, %(told)s") % {"over": over, "told": told} if told else over


def _say_paused(clock):
    return _(
        "waiting for the sender to add something, day %(day)d of the clock standing still (at most %(cap)d days)"
    ) % {
        "day": clock.pause_day,
        "cap": PAUSE_CAP,
    }


def _say_paused_to_sender(clock):
    return _("waiting for you to add something, day %(day)d of the clock standing still (at most %(cap)d days)") % {
        "day": clock.pause_day,
        "cap": PAUSE_CAP,
    }


def _say_met(clock):
    return _("%(label)s: done in time") % {"label": kind_of(clock.kind).label}


def _say_met_late(clock):
    return ngettext("%(label)s: done %(days)d day late", "%(label)s: done %(days)d days late", clock.days_late) % {
        "label": kind_of(clock.kind).label,
        "days": clock.days_late,
    }


END_WORDS = {
    "transferred": lambda: _("handed over to another procedure"),
    "merged": lambda: _("merged into another matter"),
    "withdrawn": lambda: _("withdrawn by the sender"),
    "taken_down": lambda: _("what it was about has been withdrawn"),
    "day_moved": lambda: _("the day that it hangs on has been moved"),
    "put_off": lambda: _("what it was for has been put off"),
    "redone": lambda: _("taken up again with a new clock"),
    "objected": lambda: _("an objection was raised, whose answer has a clock of its own"),
}


def end_words(code):
    """Return why a promise ended without being kept, in words."""
    return END_WORDS.get(code, lambda: pgettext("promise", "closed"))()


def _say_ended(clock):
    return _("clock ended: %(reason)s") % {"reason": end_words(clock.end_code)}


def _say_ended_late(clock):
    return ngettext(
        "clock ended %(days)d day overdue: %(reason)s", "clock ended %(days)d days overdue: %(reason)s", clock.days_late
    ) % {"days": clock.days_late, "reason": end_words(clock.end_code)}


_SENTENCES = {
    "running": _say_running,
    "today": _say_today,
    "late": _say_late,
    "paused": _say_paused,
    "met": _say_met,
    "met_late": _say_met_late,
    "ended": _say_ended,
    "ended_late": _say_ended_late,
}
