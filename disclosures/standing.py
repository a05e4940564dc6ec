"""How publications and duties stand at a moment, in words and lamps: one source for lists, pages, boards and feeds."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.deadlines.clock import clock_of
from portal.kernel.days import local_day
from portal.kernel.enums import Lamp
from portal.kernel.templatetags.words import say_day

from .display import days_left
from .enums import DutyStatus, Frequency, NoticeOutcome, PublicationState
from .periods import Period, due_day_of, period_label

S = PublicationState


@dataclass(frozen=True)
class Standing:
    """A state as a reader sees it: code, tone of its badge, word, and a sentence."""

    code: str
    tone: str
    word: str
    sentence: str = ""


def publication_standing(publication, at):
    """Return how a text stands by the clock, whether or not a job has recorded it."""
    today = local_day(at)
    state = publication.state
    if state == S.WITHDRAWN:
        return Standing("withdrawn", "grey", _("withdrawn"))
    if publication.publish_at is None:
        return Standing(state, "blue" if state != S.DRAFT else "grey", publication.get_state_display())
    if publication.publish_at > at:
        return Standing("scheduled", "blue", _("approved, to appear"))
    left = days_left(publication.shown_until, today)
    if left:
        words = ngettext("on show, %(days)d more day", "on show, %(days)d more days", left) % {"days": left}
        return Standing("shown", "green", _("on show"), words)
    return Standing("over", "grey", _("display over"), _("display over; readable in the archive"))


def notice_standing(publication, period):
    """Return how a public notice stands: running, over, decided."""
    notice = publication.notice
    if publication.state == S.WITHDRAWN:
        when = (
            _("The notice was withdrawn after its period.")
            if notice.closed_on
            else _("The notice was withdrawn before its end.")
        )
        return Standing("withdrawn", "grey", _("withdrawn"), when)
    if notice.outcome:
        tone = {NoticeOutcome.NO_OBJECTION: "green", NoticeOutcome.UNFOUNDED: "green"}.get(notice.outcome, "red")
        return Standing("decided", tone, notice.get_outcome_display(), notice.outcome_note)
    if period.is_over:
        return Standing("over", "yellow", _("outcome due"), _("The period is over; the outcome has to be entered."))
    left = period.days_left
    sentence = ngettext(
        "%(days)d working day left, objections are taken until %(day)s",
        "%(days)d working days left, objections are taken until %(day)s",
        left,
    ) % {"days": left, "day": say_day(period.ends_on)}
    return Standing("running", "blue", _("open to objections"), sentence)


LAMPS = {
    DutyStatus.COMING: Lamp.GREY,
    DutyStatus.DUE: Lamp.BLUE,
    DutyStatus.DONE: Lamp.GREEN,
    DutyStatus.LATE: Lamp.ORANGE,
    DutyStatus.MISSING: Lamp.RED,
    DutyStatus.NEVER: Lamp.RED,
    DutyStatus.WAIVED: Lamp.GREY,
}


def duty_status(duty, at):
    """
    Return how a duty stands at a moment: due, done, late, missing, never.

    "Never" is a period that was still missing when the following one fell due:
    nobody will make up for it any more. A comparison, never a column.
    """
    promise = duty.promise
    if promise.met_at is not None:
        return DutyStatus.LATE if clock_of(promise, at).is_late else DutyStatus.DONE
    if promise.ended_at is not None:
        return DutyStatus.WAIVED
    if promise.due_at > at:
        return DutyStatus.DUE
    if duty.frequency != Frequency.EVENT:
        following = Period(duty.starts_on, duty.ends_on, duty.frequency).following()
        grace = (promise.first_due_on - duty.ends_on).days
        if due_day_of(following, grace) < local_day(at):
            return DutyStatus.NEVER
    return DutyStatus.MISSING


def duty_lamp(duty, at):
    """Return (lamp, word) of a duty, with how many days it is over or ahead."""
    status = duty_status(duty, at)
    clock = clock_of(duty.promise, at)
    if status == DutyStatus.DUE:
        left = clock.days_left
        word = _("due today") if left <= 0 else ngettext("%(n)d day left", "%(n)d days left", left) % {"n": left}
        return clock.lamp, word
    if status in (DutyStatus.MISSING, DutyStatus.NEVER):
        over = clock.days_late
        word = ngettext("missing for %(n)d day", "missing for %(n)d days", over) % {"n": over}
        return Lamp.RED, word if status == DutyStatus.MISSING else _("never disclosed")
    if status == DutyStatus.LATE:
        over = clock.days_late
        return Lamp.ORANGE, ngettext("done %(n)d day late", "done %(n)d days late", over) % {"n": over}
    return LAMPS[status], status.label


def duty_title(duty):
    """Return for what a duty is: its period in words, or what happened."""
    return duty.event or period_label(duty.frequency, duty.starts_on)
