"""Drawing up a poll, asking the same again, giving one up."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.verdicts import OperationRefused, require

from ..definition import Unfit
from ..enums import Grade, PollState
from ..models import Poll, Scrutineer
from ..owners import owner_of
from ..rules import may_discard, may_manage, may_repeat
from .core import locked, move, note

SCRUTINEERS = 3


@transaction.atomic
def draft_poll(
    *,
    owner_kind,
    owner_id,
    title,
    grade,
    definition,
    scrutineers,
    closes_at,
    actor,
    at,
    is_test=False,
    repeat_of=None,
    key=None,
):
    """
    Draw up a poll; its owner says who may. ``scrutineers`` are exactly three people, none of them the actor.

    ``key`` is the form's key: sending the form again returns the same poll.

    :raises OperationRefused: with the reason a person may read.
    """
    if key is not None and (found := Poll.objects.filter(pk=key, drafted_by=actor).first()):
        return found
    poll = Poll(
        owner_kind=owner_kind,
        owner_id=owner_id,
        title=title,
        grade=grade,
        is_test=is_test,
        definition_json=definition.check().as_json(),
        definition_sha256=definition.sha256,
        closes_at=closes_at,
        repeat_of=repeat_of,
        drafted_by=actor,
        drafted_at=at,
        **({"id": key} if key else {}),
    )
    require(may_manage(actor, poll))
    if definition.is_counted_apart and owner_of(poll).count is None:
        raise Unfit("questions that only their owner can count")
    if closes_at <= at:
        raise OperationRefused(_("The vote has to close after now."))
    people = {person.pk for person in scrutineers}
    if len(people) != SCRUTINEERS or not all(person.is_active for person in scrutineers):
        raise OperationRefused(_("A vote has exactly three scrutineers, three different people."))
    if definition.has_paper and grade != Grade.SIGNED_IN:
        raise OperationRefused(_("Paper is for votes by sign-in; with codes from a box everybody has a slip anyway."))
    if actor.pk in people:
        raise OperationRefused(_("Whoever makes the vote cannot be one of its scrutineers."))
    poll.save(force_insert=True)
    for seat, person in enumerate(scrutineers, 1):
        Scrutineer(poll=poll, person=person, seat=seat).save()
    note(
        "drafted",
        poll,
        actor=actor,
        at=at,
        grade=grade,
        is_test=is_test,
        scrutineers=[person.pk for person in scrutineers],
        repeat_of=repeat_of.pk if repeat_of else None,
    )
    return poll


@transaction.atomic
def repeat_poll(*, poll_id, closes_at, actor, at, key=None):
    """
    Ask the same questions again in a NEW poll with the same scrutineers; the old one stays, with its result.

    :raises OperationRefused: with the reason a person may read.
    """
    old = locked(poll_id)
    require(may_repeat(actor, old))
    return draft_poll(
        owner_kind=old.owner_kind,
        owner_id=old.owner_id,
        title=old.title,
        grade=old.grade,
        definition=old.definition,
        scrutineers=[row.person for row in old.scrutineers.all()],
        closes_at=closes_at,
        actor=actor,
        at=at,
        is_test=old.is_test,
        repeat_of=old,
        key=key,
    )


@transaction.atomic
def discard_poll(*, poll_id, actor, at):
    """
    Give up a poll that has not opened.

    :raises OperationRefused: with the reason a person may read.
    """
    poll = locked(poll_id)
    require(may_discard(actor, poll))
    move(poll, PollState.DISCARDED)
    note("discarded", poll, actor=actor, at=at)
    owner_of(poll).heard(poll, "discarded", actor=actor, at=at)
    return poll
