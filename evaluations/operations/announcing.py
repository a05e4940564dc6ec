"""Announcing a round, which draws up its poll in the sealed box, and cancelling one."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.ballots.models import Poll
from portal.ballots.operations import discard_poll, draft_poll
from portal.kernel.verdicts import OperationRefused, require

from ..enums import RoundState
from ..layout import definition_for
from ..queries.rounds import blocks_of_round, facts_of
from ..rules.rounds import is_rated, may_announce, may_cancel, may_plead
from .core import OWNER, locked, move, note


@transaction.atomic
def announce_round(*, round_id, scrutineers, actor, at):
    """
    Announce a round: subjects, groups, sheet and rules stand from here on; three scrutineers take up their shares.

    :raises OperationRefused: with the reason a person may read.
    """
    round_ = locked(round_id)
    require(may_announce(actor, round_, facts_of(round_, at), at))
    if rated := next((person for person in scrutineers if is_rated(person, round_)), None):
        raise OperationRefused(
            _("%(name)s is rated in this appraisal and cannot be one of its scrutineers.") % {"name": rated.name}
        )
    blocks = blocks_of_round(round_)
    poll = draft_poll(
        owner_kind=OWNER,
        owner_id=str(round_.pk),
        title=round_.title,
        grade=round_.grade,
        definition=definition_for(blocks, edition=round_.edition, remark_limit=round_.remark_limit),
        scrutineers=scrutineers,
        closes_at=round_.closes_at,
        actor=actor,
        at=at,
    )
    round_.poll, round_.announced_at = poll, at
    move(round_, RoundState.ANNOUNCED, fields=["poll", "announced_at"])
    note("announced", round_, actor=actor, at=at, subjects=len(blocks), definition=poll.definition_sha256)
    return round_


@transaction.atomic
def plead_near(*, round_id, reason="", actor, at):
    """
    Record why a round may follow so soon on a nearly identical one; or agree to the reason, when there is one.

    :raises OperationRefused: with the reason a person may read.
    """
    round_ = locked(round_id)
    facts = facts_of(round_, at)
    require(may_plead(actor, round_, facts))
    if round_.near_by_id is not None:
        round_.near_granted_by = actor
        round_.save(update_fields=["near_granted_by"])
        note("near_granted", round_, actor=actor, at=at)
        return round_
    if not reason:
        raise OperationRefused(_("Give the reason."))
    round_.near_reason, round_.near_by = reason, actor
    round_.save(update_fields=["near_reason", "near_by"])
    note("near_pleaded", round_, actor=actor, at=at, earlier=[earlier.pk.hex for earlier, _day in facts.near])
    return round_


@transaction.atomic
def cancel_round(*, round_id, reason, actor, at):
    """
    Cancel a round before its list is frozen; the reason stays.

    :raises OperationRefused: with the reason a person may read.
    """
    round_ = locked(round_id)
    require(may_cancel(actor, round_))
    round_.reason, round_.cancelled_at = reason, at
    move(round_, RoundState.CANCELLED, fields=["reason", "cancelled_at"])
    note("cancelled", round_, actor=actor, at=at)
    if round_.poll_id and Poll.objects.filter(pk=round_.poll_id, state="draft").exists():
        discard_poll(poll_id=round_.poll_id, actor=actor, at=at)
    return round_
