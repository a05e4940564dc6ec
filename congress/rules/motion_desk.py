"""Who examines motions, checks replies, rates them, archives and names the best; who may read a motion."""

from django.utils.translation import gettext as _

from feedback.enums import RATEABLE_STATES, InquiryState, ReplyState
from feedback.rules import assists, is_text_public, leads, oversees, works_on
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import FILED_STATES, PRIVATE_STATES, PUBLIC_STATES, MandateState, MotionState, SignatureState
from .motions import heads_group
from .terms import keeps_term

S = MotionState


def examines(user, call):
    """Whether the person sits in the committee that examines the motions of a call."""
    return any(
        member.mandate.person_id == user.pk and member.mandate.state == MandateState.ACTIVE
        for member in call.committee.members.all()
    )


def may_see_board(user, call):
    """Whether the committee's board exists for this person: its members, and the union as their office."""
    return keeps_term(user, call.session.term) or examines(user, call)


def has_signed(user, motion):
    """Whether the person is the lead proposer of a motion or has seconded it."""
    return motion.proposer.person_id == user.pk or any(
        one.mandate.person_id == user.pk and one.state == SignatureState.SIGNED for one in motion.signatures.all()
    )


def _on_committee(user, motion):
    if motion.call is None or not may_see_board(user, motion.call):
        return denied(_("The motion committee decides; the union keeps its records."))
    if has_signed(user, motion):
        return denied(_("You signed this motion yourself; others decide on it."))
    return ALLOWED


def may_decide_motion(user, motion):
    """Record what the committee decided on a motion; nobody decides on their own."""
    if not (verdict := _on_committee(user, motion)):
        return verdict
    if motion.state != S.SUBMITTED:
        return denied(_("This motion does not wait to be examined."))
    return ALLOWED


def may_check_reply(user, motion, reply, *, is_passed=False):
    """Check a reply before the head of the department signs it (督办审核): nobody who works on it, and once."""
    if not (verdict := _on_committee(user, motion)):
        return verdict
    inquiry = motion.inquiry
    if motion.state != S.FILED or inquiry.state != InquiryState.DRAFTED or reply is None:
        return denied(_("No reply waits to be checked."))
    if reply.drafted_by_id == user.pk or works_on(user, inquiry):
        return denied(_("You work on this reply yourself; somebody else checks it."))
    if reply.state != ReplyState.SUBMITTED:
        return denied(_("No reply waits to be checked."))
    if is_passed:
        return denied(_("This reply has been passed already."))
    return ALLOWED


def may_rate_motion(user, motion, mandate):
    """Rate the reply of this round: each signer, once; ``mandate`` is the one with which this person signed."""
    if mandate is None:
        return denied(_("Those who signed the motion rate its reply."))
    inquiry = motion.inquiry
    if inquiry is not None and inquiry.redo_count and inquiry.state not in (*RATEABLE_STATES, InquiryState.CLOSED):
        return denied(_("This motion is handled a second time. You rate the new reply when it comes."))
    if motion.state != S.FILED or inquiry is None or inquiry.state not in RATEABLE_STATES:
        return denied(_("A reply is rated once it has been delivered, until the motion is archived."))
    if any(one.mandate_id == mandate.pk and one.round == inquiry.round for one in motion.ratings.all()):
        return denied(_("You have rated this reply already."))
    if any(one.round == inquiry.round for one in inquiry.ratings.all()):
        return denied(_("The rating of this reply is over."))
    return ALLOWED


def may_archive_motion(user, motion):
    """Archive a motion that is done; B and C stay until what was promised is done."""
    if not keeps_term(user, motion.term):
        return denied(_("Only the union of this unit keeps its congress."))
    if motion.state != S.FILED:
        return denied(_("Only a filed motion is archived."))
    if motion.inquiry.state != InquiryState.CLOSED:
        return denied(_("A motion is archived when it is done; this one is still being handled or tracked."))
    return ALLOWED


def may_name_best(user, motion):
    """Choose a motion as one of the best of its session."""
    if not (verdict := _on_committee(user, motion)):
        return verdict
    if motion.state not in FILED_STATES or motion.inquiry.answered_on is None:
        return denied(_("Chosen among the filed motions that have been replied to."))
    if motion.best_reason:
        return denied(_("This motion has been chosen already."))
    return ALLOWED


def is_motion_public(motion):
    """Whether everybody may read a motion; a merged one shows when the motion it went into does."""
    if motion.state not in PUBLIC_STATES:
        return False
    main = motion.merged_into or motion
    if main.inquiry is not None:
        return is_text_public(main.inquiry)
    return main.state == S.ESCALATED


def may_read_motion(user, motion):
    """Whether a motion exists for this reader; else it is a 404."""
    if is_motion_public(motion):
        return True
    if not user.is_authenticated:
        return False
    return sees_inside(user, motion)


def knew_motion(user, motion):
    """Whether the person read a motion before it became a draft again: asked to second it, or sent it back."""
    if not user.is_authenticated or motion.state not in PRIVATE_STATES:
        return False
    if any(one.mandate.person_id == user.pk for one in motion.signatures.all()):
        return True
    return motion.group_passed is False and motion.group_by.person_id == user.pk


def sees_inside(user, motion):
    """Whether the person reads a motion as it was written, with its names: signers, committee, union, those at work."""
    if motion.proposer.person_id == user.pk:
        return True
    if motion.state == S.DRAFT:
        return False
    if any(one.mandate.person_id == user.pk for one in motion.signatures.all()):
        return True
    if motion.state in PRIVATE_STATES:
        return False
    if motion.call is not None and (may_see_board(user, motion.call) or heads_group(user, motion)):
        return True
    inquiry = motion.inquiry
    return inquiry is not None and any(stands(user, inquiry) for stands in (works_on, assists, leads, oversees))
