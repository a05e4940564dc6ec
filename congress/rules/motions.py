"""Who calls for motions, writes, seconds, hands in and withdraws them."""

from django.utils.translation import gettext as _

from portal.kernel.days import local_day
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import (
    AHEAD,
    PRIVATE_STATES,
    MandateState,
    MotionState,
    OfferState,
    SignatureState,
)
from .terms import may_keep_running_term

S = MotionState
# Handed in and not decided: signatures may still come and go, the proposer may still withdraw.
UNDECIDED = (S.SECONDING, S.GROUP_REVIEW, S.SUBMITTED)


def may_call_motions(user, session, at):
    """Call for the motions of a session: the union, once, before the delegates meet."""
    if not (verdict := may_keep_running_term(user, session.term, at)):
        return verdict
    if session.state not in AHEAD or at >= session.opens_at:
        return denied(_("Motions are called for before the session opens."))
    if hasattr(session, "motion_call"):
        return denied(_("Motions have been called for already."))
    return ALLOWED


def sits(mandate, at):
    """Whether a mandate runs at this moment."""
    return mandate.state == MandateState.ACTIVE and local_day(at) <= mandate.term.ends_on


def may_write_motion(user, mandate, at):
    """Write a motion: a delegate whose mandate runs, at any time."""
    if mandate is None or mandate.person_id != user.pk or not sits(mandate, at):
        return denied(_("Only delegates write motions. Bring your matter to a delegate of your unit."))
    return ALLOWED


def _own_draft(user, motion):
    if motion.proposer.person_id != user.pk:
        return denied(_("Only the lead proposer may do this."))
    if motion.state != S.DRAFT:
        return denied(_("Take the motion back first: whoever has seconded it signed these words."))
    return ALLOWED


def may_edit_motion(user, motion):
    """Change the words of a draft."""
    return _own_draft(user, motion)


def may_discard_motion(user, motion):
    """Throw a draft away."""
    if not (verdict := _own_draft(user, motion)):
        return verdict
    if motion.call_id is not None:
        return denied(_("This motion has a number; hand it in again, or withdraw it."))
    return ALLOWED


def may_invite(user, motion, at):
    """Ask other delegates to second: the lead proposer, until the motion is handed in."""
    if motion.proposer.person_id != user.pk:
        return denied(_("Only the lead proposer may do this."))
    if motion.state not in PRIVATE_STATES:
        return denied(_("Seconders are asked before the motion is handed in."))
    if not (motion.cause and motion.grounds and motion.proposal):
        return denied(_("Complete the motion first: subject, grounds and proposal."))
    if not sits(motion.proposer, at):
        return denied(_("Your mandate has ended."))
    return ALLOWED


def may_sign(user, signature, at):
    """Second a motion: who was asked, with their own sign-in, until it is decided."""
    if signature is None or signature.mandate.person_id != user.pk:
        return denied(_("Only delegates who were asked second this motion."))
    if signature.state == SignatureState.SIGNED:
        return denied(_("You have seconded this motion already."))
    if signature.state == SignatureState.WITHDRAWN:
        return denied(_("You have taken your signature back. The lead proposer may ask you again."))
    if signature.state != SignatureState.INVITED:
        return denied(_("You have declined. The lead proposer may ask you again."))
    if signature.motion.state not in UNDECIDED:
        return denied(_("This motion can no longer be seconded."))
    if not sits(signature.mandate, at):
        return denied(_("Your mandate has ended."))
    return ALLOWED


def may_decline(user, signature, at):
    """Decline to second."""
    return may_sign(user, signature, at)


def may_unsign(user, signature):
    """Take a signature back, until the motion is decided."""
    if signature is None or signature.mandate.person_id != user.pk or signature.state != SignatureState.SIGNED:
        return denied(_("You have not seconded this motion."))
    if signature.motion.state not in UNDECIDED:
        return denied(_("The motion has been decided on; signatures stay."))
    return ALLOWED


def signed(motion):
    """Return the signatures of those who have seconded."""
    return [one for one in motion.signatures.all() if one.state == SignatureState.SIGNED]


def may_hand_in(user, motion, call, at):
    """Hand a motion in: enough seconders, while motions are called for."""
    if motion.proposer.person_id != user.pk:
        return denied(_("Only the lead proposer may do this."))
    if motion.state != S.SECONDING:
        return denied(_("A motion is handed in once others have been asked to second it."))
    if call is None:
        return denied(_("No motions are called for now. Your motion waits for the next call."))
    if not call.is_open(local_day(at)):
        return denied(
            _("Motions were taken from %(since)s to %(until)s. Yours waits for the next call, or goes as a card.")
            % {"since": call.opens_on.isoformat(), "until": call.closes_on.isoformat()}
        )
    if not sits(motion.proposer, at):
        return denied(_("Your mandate has ended."))
    if missing := max(0, call.least - len(signed(motion))):
        return denied(
            _("%(missing)d more must second: %(least)d are needed, %(count)d have signed.")
            % {"missing": missing, "least": call.least, "count": len(signed(motion))}
        )
    return ALLOWED


def may_take_back(user, motion):
    """Take a motion back to rewrite it; whoever has signed signs anew."""
    if motion.proposer.person_id != user.pk:
        return denied(_("Only the lead proposer may do this."))
    if motion.state not in (S.SECONDING, S.GROUP_REVIEW):
        return denied(_("A motion is rewritten before the committee has it."))
    return ALLOWED


def may_withdraw_motion(user, motion):
    """Withdraw a motion, until it is decided."""
    if motion.proposer.person_id != user.pk:
        return denied(_("Only the lead proposer may do this."))
    if motion.state not in UNDECIDED:
        return denied(_("A motion is withdrawn before the committee has decided."))
    if any(one.state == S.MERGED for one in motion.merged.all()):
        return denied(_("Others are merged into this motion; it is theirs as well."))
    return ALLOWED


def heads_group(user, motion):
    """Whether the person heads the delegation of the lead proposer."""
    delegation = motion.proposer.electing_unit.delegation
    return delegation is not None and delegation.head is not None and delegation.head.person_id == user.pk


def may_review_group(user, motion):
    """Say what the delegation thinks of a motion: its head, never of their own."""
    if not heads_group(user, motion):
        return denied(_("The head of the delegation says what it thinks of a motion."))
    if motion.state != S.GROUP_REVIEW:
        return denied(_("This motion does not wait for the delegation."))
    if motion.proposer.person_id == user.pk:
        return denied(_("This is your own motion."))
    return ALLOWED


def may_offer(user, mandate, at):
    """Bring a matter to a delegate of the own electing unit."""
    if mandate is None or not sits(mandate, at):
        return denied(_("Choose a delegate whose mandate runs."))
    if mandate.person_id == user.pk:
        return denied(_("You are a delegate yourself: write the motion."))
    if not mandate.electing_unit.unit.covers(user.unit):
        return denied(_("Choose a delegate of your own electing unit."))
    return ALLOWED


def may_answer_offer(user, offer, at):
    """Take up a matter that was brought to oneself, or not."""
    if offer.mandate.person_id != user.pk:
        return denied(_("Only the delegate it was brought to answers."))
    if offer.state != OfferState.WAITING:
        return denied(_("This has been answered already."))
    if not sits(offer.mandate, at):
        return denied(_("Your mandate has ended."))
    return ALLOWED


def may_take_back_offer(user, offer):
    """Take a matter back before the delegate has answered."""
    if offer.author_id != user.pk:
        return denied(_("Only who brought it takes it back."))
    if offer.state != OfferState.WAITING:
        return denied(_("This has been answered already."))
    return ALLOWED
