"""Who prepares a session: steps, agenda, papers, opinions, decisions of the joint meeting."""

from django.utils.translation import gettext as _

from portal.kernel.verdicts import ALLOWED, denied

from ..enums import AFTER, AHEAD, BY_DEED, HELD, ItemKind, ItemState, MandateState, SessionState
from .sessions import may_keep_session
from .terms import keeps_term, may_keep_running_term


def may_do_step(user, step):
    """Record that a step of preparation is done, with its evidence; what the portal sees by itself nobody says."""
    session = step.session
    if not (verdict := may_keep_session(user, session)):
        return verdict
    if session.state in (SessionState.CANCELLED, SessionState.POSTPONED):
        return denied(_("This session has no day; its steps stand still."))
    if step.code in BY_DEED:
        return denied(_("This step is done by its own act, not by a word."))
    if step.done_at is not None:
        return denied(_("This step is done already."))
    if step.code in AFTER and session.state not in (SessionState.CLOSED, SessionState.DISCLOSED):
        return denied(_("This comes after the closing."))
    return ALLOWED


def may_fix_credentials(user, session):
    """Record the credential report: how many delegates there are in all."""
    if not (verdict := may_keep_session(user, session)):
        return verdict
    if session.state not in (SessionState.PLANNED, SessionState.CONVENED):
        return denied(_("The credential report is fixed before the opening."))
    return ALLOWED


def may_draft_agenda(user, session):
    """Change the agenda, until it goes out to the delegates."""
    if not (verdict := may_keep_session(user, session)):
        return verdict
    if session.state != SessionState.PLANNED:
        return denied(_("The agenda has gone out to the delegates. What is new belongs to the next session."))
    return ALLOWED


def may_withdraw_item(user, item):
    """Take an item off the agenda before it is called up."""
    if not (verdict := may_keep_session(user, item.session)):
        return verdict
    if item.state != ItemState.LISTED or item.session.state not in (*AHEAD, SessionState.OPEN):
        return denied(_("This item has been dealt with; it stays as it is."))
    return ALLOWED


def may_add_paper(user, session):
    """Add a paper for the delegates, up to the closing."""
    if not (verdict := may_keep_session(user, session)):
        return verdict
    if session.state not in (SessionState.PLANNED, SessionState.CONVENED, SessionState.OPEN):
        return denied(_("Papers are added until the session closes."))
    return ALLOWED


def may_convene(user, session, complete=ALLOWED):
    """
    Send agenda and papers to all delegates.

    ``complete`` is the verdict on the implementation reports: a session is told of everything earlier ones left open.
    """
    if not (verdict := may_keep_session(user, session)):
        return verdict
    if session.state != SessionState.PLANNED:
        return denied(_("Only a planned session is convened."))
    items = [item for item in session.items.all() if item.state == ItemState.LISTED]
    if not items:
        return denied(_("The agenda is empty."))
    bare = next((one for one in items if one.kind == ItemKind.APPROVE and not list(one.papers.all())), None)
    if bare is not None:
        return denied(_("“%(title)s” is to be approved and has no paper yet.") % {"title": bare.title})
    return complete


def may_deliver(user, session):
    """Send agenda and papers to delegates who have joined since."""
    if not (verdict := may_keep_session(user, session)):
        return verdict
    if session.state not in (SessionState.CONVENED, SessionState.OPEN):
        return denied(_("Convene the session first."))
    return ALLOWED


def may_read_papers(mandate, user, session):
    """Whether somebody reads papers and opinions: delegates of the term, once convened, and who keeps it."""
    if keeps_term(user, session.term):
        return True
    return mandate is not None and session.convened_at is not None


def may_mark_read(mandate, session):
    """Say that one has read a paper: delegates, once the session is convened."""
    if mandate is None or mandate.state != MandateState.ACTIVE:
        return denied(_("Only delegates keep what they have read."))
    if session.convened_at is None:
        return denied(_("Convene the session first."))
    return ALLOWED


def may_confirm_receipt(delivery):
    """Say that the papers have come: the delegate, once, before the session is over."""
    if delivery is None:
        return denied(_("No papers have been sent to you."))
    if delivery.seen_at is not None:
        return denied(_("You have confirmed this already."))
    if delivery.session.state not in (SessionState.CONVENED, SessionState.OPEN):
        return denied(_("Receipt is confirmed from the convening to the closing."))
    return ALLOWED


def may_give_opinion(mandate, item, *, is_collective, is_head):
    """
    Say something about an item: delegates, from the convening until it waits for its vote or has been dealt with,
    because all opinions are answered before the vote; for a delegation its head.
    """
    if mandate is None or mandate.state != MandateState.ACTIVE:
        return denied(_("Only delegates give opinions on the agenda."))
    if item.session.state not in (SessionState.CONVENED, SessionState.OPEN):
        return denied(_("Opinions are taken from the convening to the closing."))
    if item.state not in (ItemState.LISTED, ItemState.RUNNING):
        return denied(_("This item has been discussed; no more opinions are taken on it."))
    if is_collective and not is_head:
        return denied(_("Only the head enters what a delegation says."))
    return ALLOWED


def may_answer_opinion(user, opinion):
    """Answer an opinion on an item, once."""
    if not (verdict := may_keep_session(user, opinion.item.session)):
        return verdict
    if opinion.answered_at is not None:
        return denied(_("This opinion has been answered already."))
    return ALLOWED


def may_record_joint(user, term, at):
    """Record what the joint meeting decided between sessions."""
    return may_keep_running_term(user, term, at)


def is_public_agenda(session):
    """Whether everybody reads the agenda: from the day on which it went out."""
    return session.convened_at is not None or session.state in HELD
