"""A motion on its way: written, seconded by those who sign themselves, handed in, taken back, withdrawn."""

import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from portal.accounts.desks import desk_of, nearest_desk
from portal.accounts.enums import Role
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import check_transition
from portal.kernel.verdicts import OperationRefused, require
from portal.notices.outbox import post

from ..enums import (
    MOTION_TRANSITIONS,
    SIGNATURE_TRANSITIONS,
    MandateState,
    MotionOutcome,
    MotionState,
    SignatureState,
)
from ..models import Mandate, Motion, MotionCall, MotionDecision, Signature
from ..queries.motions import motion_in_full, open_call, signers_of
from ..rules import motions as rules
from .core import insert_once, note, own_of_key

S = MotionState
PROPOSER = "proposer.person_id"  # the path to whose form it was
WORDS = ("category", "title", "cause", "grounds", "proposal", "is_open")


@dataclass(frozen=True)
class MotionWords:
    """What a form has cleaned of a motion; ``is_open``: the names of its proposers are public."""

    category: str
    title: str
    cause: str
    grounds: str
    proposal: str
    is_open: bool
    idempotency_key: uuid.UUID


def locked_motion(motion_id):
    """Return a motion locked for this transaction, with what its rules read."""
    Motion.objects.select_for_update(of=("self",)).only("pk").get(pk=motion_id)
    return motion_in_full(motion_id)


def move_motion(motion, target, *, fields=()):
    """
    Take a motion to another state and save it with the named fields.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(MOTION_TRANSITIONS, source=motion.state, target=target)
    motion.state = target
    motion.save(update_fields=["state", *fields])


def move_signature(signature, target, *, at):
    """
    Take a signature to another state.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(SIGNATURE_TRANSITIONS, source=signature.state, target=target)
    signature.state = target
    if target == SignatureState.SIGNED:
        signature.signed_at = at
    elif target == SignatureState.INVITED:
        signature.invited_at, signature.signed_at = at, None
    signature.save(update_fields=["state", "invited_at", "signed_at"])


def tell(kind, motion, people, *, at, step="", urgent=False, union=False, **facts):
    """Put a notice of a motion on people's own desks, and on that of the union which keeps the congress."""
    office = [nearest_desk(Role.UNION_OFFICER, motion.term.unit, at)] if union else []
    post(
        kind=f"motion.{kind}",
        subject=motion,
        desks=[*(desk_of(person) for person in people), *office],
        at=at,
        key=f"motion.{kind}:{motion.pk.hex}:{step}",
        urgent=urgent,
        **facts,
    )


@transaction.atomic
def write_motion(*, mandate_id, words, actor, at, brought_by=""):
    """
    Begin a motion; the draft is its proposer's alone.

    :raises OperationRefused: with the reason a person may read.
    """
    if (found := own_of_key(Motion, words.idempotency_key, actor, by=PROPOSER)) is not None:
        return found
    mandate = Mandate.objects.select_related("term__unit").get(pk=mandate_id)
    require(rules.may_write_motion(actor, mandate, at))
    motion = Motion(
        term=mandate.term,
        proposer=mandate,
        written_at=at,
        brought_by=brought_by,
        idempotency_key=words.idempotency_key,
        **{name: getattr(words, name) for name in WORDS},
    )
    if (found := insert_once(motion, actor, by=PROPOSER)) is not None:
        return found
    note("motion.drafted", motion, actor=actor, at=at)
    return motion


@transaction.atomic
def edit_motion(*, motion_id, words, actor, at):
    """
    Change the words of a draft.

    :raises OperationRefused: with the reason a person may read.
    """
    motion = locked_motion(motion_id)
    require(rules.may_edit_motion(actor, motion))
    for name in WORDS:
        setattr(motion, name, getattr(words, name))
    motion.save(update_fields=WORDS)
    note("motion.edited", motion, actor=actor, at=at)
    return motion


@transaction.atomic
def discard_motion(*, motion_id, actor, at):
    """
    Throw a draft away; only that there was one stays in the ledger.

    :raises OperationRefused: with the reason a person may read.
    """
    motion = locked_motion(motion_id)
    require(rules.may_discard_motion(actor, motion))
    note("motion.discarded", motion, actor=actor, at=at)
    motion.delete()


@transaction.atomic
def invite_seconders(*, motion_id, mandates, actor, at):
    """
    Ask delegates to second; whoever has declined or taken a signature back may be asked again.

    :raises OperationRefused: with the reason a person may read.
    """
    motion = locked_motion(motion_id)
    require(rules.may_invite(actor, motion, at))
    for mandate in mandates:
        if (
            mandate.term_id != motion.term_id
            or mandate.state != MandateState.ACTIVE
            or mandate.pk == motion.proposer_id
        ):
            raise OperationRefused(_("%(name)s is no delegate who may second this.") % {"name": mandate.name})
    known = {one.mandate_id: one for one in motion.signatures.all()}
    fresh = [mandate for mandate in mandates if mandate.pk not in known]
    for mandate in mandates:
        one = known.get(mandate.pk)
        if one is not None and one.state in (SignatureState.DECLINED, SignatureState.WITHDRAWN):
            move_signature(one, SignatureState.INVITED, at=at)
            fresh.append(mandate)
    Signature.objects.bulk_create(
        Signature(motion=motion, mandate=mandate, invited_at=at) for mandate in mandates if mandate.pk not in known
    )
    if motion.state == S.DRAFT:
        # Asked before it was rewritten: they are told that the words are new.
        fresh += [
            one.mandate for one in known.values() if one.state == SignatureState.INVITED and one.mandate not in fresh
        ]
        if not fresh:
            raise OperationRefused(_("Choose at least one delegate."))
        move_motion(motion, S.SECONDING)
    note("motion.invited", motion, actor=actor, at=at, count=len(fresh))
    people = [mandate.person for mandate in fresh]
    tell("invited", motion, people, at=at, step=f"{at.timestamp()}", name=motion.proposer.name, title=motion.title)
    return fresh


def _own_signature(motion, actor):
    found = next((one for one in motion.signatures.all() if one.mandate.person_id == actor.pk), None)
    if found is not None:
        found.motion = motion
    return found


@transaction.atomic
def sign_motion(*, motion_id, actor, at):
    """
    Second a motion, by the delegate who is signed in; pressing twice signs once.

    :raises OperationRefused: with the reason a person may read.
    """
    motion = locked_motion(motion_id)
    signature = _own_signature(motion, actor)
    if signature is not None and signature.state == SignatureState.SIGNED:
        return signature
    require(rules.may_sign(actor, signature, at))
    move_signature(signature, SignatureState.SIGNED, at=at)
    note("motion.seconded", motion, actor=actor, at=at, count=len(rules.signed(motion)))
    tell("seconded", motion, [motion.proposer.person], at=at, step=str(signature.pk), name=signature.mandate.name)
    return signature


@transaction.atomic
def decline_motion(*, motion_id, actor, at):
    """
    Decline to second a motion.

    :raises OperationRefused: with the reason a person may read.
    """
    motion = locked_motion(motion_id)
    signature = _own_signature(motion, actor)
    require(rules.may_decline(actor, signature, at))
    move_signature(signature, SignatureState.DECLINED, at=at)
    note("motion.declined", motion, actor=actor, at=at)
    return signature


@transaction.atomic
def unsign_motion(*, motion_id, actor, at):
    """
    Take a signature back, until the motion is decided on.

    :raises OperationRefused: with the reason a person may read.
    """
    motion = locked_motion(motion_id)
    signature = _own_signature(motion, actor)
    require(rules.may_unsign(actor, signature))
    move_signature(signature, SignatureState.WITHDRAWN, at=at)
    note("motion.unsigned", motion, actor=actor, at=at, count=len(rules.signed(motion)))
    tell("unsigned", motion, [motion.proposer.person], at=at, step=f"{at.timestamp()}", name=signature.mandate.name)
    return signature


@transaction.atomic
def hand_in_motion(*, motion_id, actor, at):
    """
    Hand a motion in while motions are called for; it gets its number, and goes to the delegation or the committee.

    :raises OperationRefused: with the reason a person may read.
    """
    motion = locked_motion(motion_id)
    call = open_call(motion.term, local_day(at))
    require(rules.may_hand_in(actor, motion, call, at))
    if motion.call_id != call.pk:
        MotionCall.objects.select_for_update(of=("self",)).only("pk").get(pk=call.pk)
        last = Motion.objects.filter(call=call).aggregate(n=Max("serial"))["n"] or 0
        motion.call, motion.serial = call, last + 1
    motion.handed_in_at = at
    delegation = motion.proposer.electing_unit.delegation
    head = delegation.head if delegation is not None else None
    goes_to_group = call.has_group_review and head is not None and head.pk != motion.proposer_id
    target = S.GROUP_REVIEW if goes_to_group else S.SUBMITTED
    move_motion(motion, target, fields=["call", "serial", "handed_in_at"])
    count = len(rules.signed(motion))
    note("motion.handed_in", motion, actor=actor, at=at, serial=motion.number_code, seconders=count)
    if goes_to_group:
        tell("group_asked", motion, [head.person], at=at, step=f"{at.timestamp()}", title=motion.title)
    return motion


@transaction.atomic
def take_back_motion(*, motion_id, actor, at):
    """
    Take a motion back to rewrite it; whoever has signed is asked anew.

    :raises OperationRefused: with the reason a person may read.
    """
    motion = locked_motion(motion_id)
    require(rules.may_take_back(actor, motion))
    back_to_draft(motion, at=at)
    note("motion.taken_back", motion, actor=actor, at=at)
    return motion


def back_to_draft(motion, *, at):
    """Let a motion be a draft again: signatures were for the old words."""
    for one in rules.signed(motion):
        move_signature(one, SignatureState.INVITED, at=at)
    move_motion(motion, S.DRAFT)


@transaction.atomic
def withdraw_motion(*, motion_id, reason, actor, at):
    """
    Withdraw a motion before the committee has decided.

    :raises OperationRefused: with the reason a person may read.
    :raises Conflict: when the committee decided at this very moment.
    """
    motion = locked_motion(motion_id)
    require(rules.may_withdraw_motion(actor, motion))
    put_decision(motion, outcome=MotionOutcome.WITHDRAWN, reason=reason, actor=actor, at=at)
    move_motion(motion, S.WITHDRAWN)
    note("motion.withdrawn", motion, actor=actor, at=at)
    others = [one.person for one in signers_of(motion) if one.person_id != actor.pk]
    tell("withdrawn", motion, others, at=at, name=motion.proposer.name, title=motion.title)
    return motion


def put_decision(motion, *, outcome, reason, actor, at, rejection=""):
    """
    End the examination of a motion; the insert is the check that nobody else has.

    :raises Conflict: when somebody has.
    """
    try:
        with transaction.atomic():
            return MotionDecision.objects.create(
                motion=motion, outcome=outcome, rejection=rejection, reason=reason, decided_by=actor, decided_at=at
            )
    except IntegrityError as error:
        raise Conflict(_("This motion has been decided on at this very moment. Please look at it again.")) from error
