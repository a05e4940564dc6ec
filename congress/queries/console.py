"""
What the operator's console shows: every step of a session with its verdict, the speakers, a stamp of it all.

One step is lawful at a time. All others say why they are not; a session that
has lost its quorum has none but to bring a vote to its end or put the item off.
"""

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.ballots import rules as box_rules
from portal.ballots.enums import PollState
from portal.kernel.days import LOCAL
from portal.kernel.texts import clean_code
from portal.kernel.verdicts import denied

from ..enums import ItemState, MandateState, SessionState
from ..models import Delivery, Mandate, Speech
from ..rules import hall as rules
from .hall import NextStep, items_to_vote, next_item, next_step, running_item, unanswered

OPEN, CALL, STAGE, BALLOT, REPEAT, CLOSE = "open", "call", "stage", "ballot", "repeat", "close"
POLL_OPEN, POLL_CLOSE, POLL_COUNT, POLL_PUBLISH = "poll_open", "poll_close", "poll_count", "poll_publish"
DEFER, PUT_OFF = "defer", "put_off"

# In the order of a session: what the button says and the letter that presses it.
STEPS = {
    OPEN: (gettext_lazy("Open the session"), "o"),
    CALL: (gettext_lazy("Take up the next item"), "t"),
    STAGE: (gettext_lazy("Record the next stage"), "g"),
    BALLOT: (gettext_lazy("Draw up a secret ballot"), "b"),
    POLL_OPEN: (gettext_lazy("Open the vote"), "v"),
    POLL_CLOSE: (gettext_lazy("Close the vote"), "l"),
    POLL_COUNT: (gettext_lazy("Open the box and count"), "c"),
    POLL_PUBLISH: (gettext_lazy("Publish the result"), "p"),
    REPEAT: (gettext_lazy("Repeat the void vote"), "r"),
    CLOSE: (gettext_lazy("Close the session"), "x"),
}


@dataclass(frozen=True)
class Step:
    """One button of the console: enabled when its verdict is a yes, otherwise with the reason."""

    code: str
    label: object
    key: str
    verdict: object
    is_next: bool = False


@dataclass(frozen=True)
class Console:
    """Where a session stands for its operator."""

    next: NextStep
    code: str
    steps: tuple
    at_hand: object = None  # the item that could be sent back or put off
    defer: object = None
    put_off: object = None

    @property
    def step(self):
        """Return the step that is next, lawful or not yet, or None."""
        return next((one for one in self.steps if one.is_next), None)


def code_of(session, step, at):
    """Return the code of the step that comes next, "" when the session is over or not convened."""
    if session.state == SessionState.CONVENED:
        return OPEN
    if step is None:
        return ""
    if step.code != "poll":
        return step.code
    poll = step.poll.poll
    if poll.state == PollState.DRAFT:
        return POLL_OPEN
    if poll.state == PollState.OPEN and poll.is_open(at):
        return POLL_CLOSE
    return POLL_PUBLISH if poll.state == PollState.COUNTED else POLL_COUNT


def console_of(user, session, *, figures, lines, at):
    """Return the steps of a session with the verdict of each, and what else can be done with the item at hand."""
    step = next_step(session) if session.state == SessionState.OPEN else None
    code = code_of(session, step, at)
    verdict = _verdict(user, session, step, code, figures=figures, lines=lines, at=at)
    steps = tuple(
        Step(one, label, key, verdict if one == code else _not_now(session, code, one), one == code)
        for one, (label, key) in STEPS.items()
    )
    item = item_at_hand(session) if step is not None else None
    if item is not None:
        item.session = session
    return Console(
        next=step,
        code=code,
        steps=steps,
        at_hand=item,
        defer=item and rules.may_defer_item(user, item),
        put_off=item and rules.may_put_off_item(user, item, figures),
    )


def item_at_hand(session):
    """Return the item that is under discussion, or next to be taken up, or waits for its vote, or None."""
    return running_item(session) or next_item(session) or next(iter(items_to_vote(session)), None)


def _verdict(user, session, step, code, *, figures, lines, at):
    if code == OPEN:
        return rules.may_open_session(user, session, lines, at)
    if step is None:
        return _not_now(session, code)
    if step.item is not None:
        step.item.session = session
    if step.poll is not None:
        step.poll.session = session
    poll = step.poll and step.poll.poll
    asked = {
        CALL: lambda: rules.may_call_item(user, step.item, figures, has_polls=False),
        STAGE: lambda: rules.may_pass_stage(
            user, step.item, step.stage, figures, wanted=step.stage, unanswered=unanswered(step.item)
        ),
        BALLOT: lambda: rules.may_draw_up_poll(user, session, figures, [step.item]),
        POLL_OPEN: lambda: box_rules.may_open(user, poll, at),
        POLL_CLOSE: lambda: box_rules.may_close(user, poll, at),
        POLL_COUNT: lambda: box_rules.may_count(user, poll, at),
        POLL_PUBLISH: lambda: box_rules.may_publish(user, poll),
        REPEAT: lambda: rules.may_repeat_poll(user, step.poll),
        CLOSE: lambda: rules.may_close_session(user, session, left=[], has_polls=False),
    }
    return asked[code]()


def _not_now(session, code, asked=""):
    if asked == OPEN and session.opened_at is not None:
        return denied(_("The session was opened at %(at)s.") % {"at": f"{session.opened_at.astimezone(LOCAL):%H:%M}"})
    if code:
        return denied(_("First: %(step)s.") % {"step": STEPS[code][0]})
    if session.state in (SessionState.CLOSED, SessionState.DISCLOSED):
        return denied(_("The session is closed."))
    return denied(_("The session has not been convened."))


def _shares(row):
    return [one.has_share for one in row.poll.scrutineers.all()]


def stamp_of(session, figures, console, items, polls, speeches, at):
    """Return a short mark of all that the console shows: another one means that something has happened."""
    seen = [
        (session.state, figures.present, figures.left, console.code, bool(console.step and console.step.verdict)),
        [(one.pk.hex, one.state, len(one.stages.all()), one.unanswered) for one in items],
        [(row.pk, row.poll.state, row.poll.early_close_by_id, _shares(row)) for row in polls],
        [(one.pk, bool(one.called_at), bool(one.ended_at), one.is_over(at)) for one in speeches],
    ]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:12]


# Who ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """A delegate as the operator named one: by the code of the door, the job number or the name."""

    mandate: object = None
    code: str = ""
    is_ambiguous: bool = False


def find_delegate(session, text):
    """Return the delegate of a session by door code, job number or name."""
    typed = clean_code(text)
    proof = Delivery.objects.filter(session=session, code=typed).select_related("mandate").first()
    if proof is not None:
        return Found(proof.mandate, code=typed)
    rows = Mandate.objects.filter(term=session.term_id, state=MandateState.ACTIVE)
    by_number = rows.filter(person__job_no=typed).first()
    if by_number is not None:
        return Found(by_number)
    named = list(rows.filter(name=text.strip())[:2])
    return Found(named[0] if len(named) == 1 else None, is_ambiguous=len(named) > 1)


def delegates_to_name(session):
    """Return (job number, name, unit) of all delegates, for the list behind the field."""
    rows = Mandate.objects.filter(term=session.term_id, state=MandateState.ACTIVE).order_by("person__job_no")
    return list(rows.values_list("person__job_no", "name", "electing_unit__unit__name"))


def speakers_of(session):
    """Return the speeches on the item under discussion: who spoke, who speaks, who waits, in the order of asking."""
    rows = Speech.objects.filter(item__session=session, item__state=ItemState.RUNNING)
    rows = rows.exclude(called_at__isnull=True, ended_at__isnull=False)
    return list(rows.select_related("mandate__electing_unit__unit").order_by("asked_at", "pk"))
