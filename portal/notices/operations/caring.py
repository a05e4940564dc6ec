"""What a system administrator does about messages that did not get out."""

from django.db import transaction

from portal.kernel.verdicts import require
from portal.ledger.recording import record

from ..models import Dispatch, DispatchState
from ..outbox import ring
from ..rules import may_drop_dispatch, may_retry_dispatch


@transaction.atomic
def retry_dispatch(*, dispatch_id, actor, at):
    """
    Let a message be tried again from the beginning of its back-off.

    :raises OperationRefused: unless the actor may and it has not been sent.
    """
    dispatch = Dispatch.objects.select_for_update().get(pk=dispatch_id)
    require(may_retry_dispatch(actor, dispatch))
    _revive([dispatch.pk], at)
    record(verb="dispatch.retried", subject=dispatch, actor=actor, at=at, channel=dispatch.channel)
    ring()


@transaction.atomic
def drop_dispatch(*, dispatch_id, actor, at):
    """
    Give a message up.

    :raises OperationRefused: unless the actor may and it has not been sent.
    """
    dispatch = Dispatch.objects.select_for_update().get(pk=dispatch_id)
    require(may_drop_dispatch(actor, dispatch))
    Dispatch.objects.filter(pk=dispatch.pk).update(state=DispatchState.DROPPED, lease_until=None)
    record(verb="dispatch.dropped", subject=dispatch, actor=actor, at=at, channel=dispatch.channel)


@transaction.atomic
def retry_failed(*, at):
    """Let every failed message be tried again, from the console; return how many."""
    failed = list(Dispatch.objects.select_for_update().filter(state=DispatchState.FAILED).values_list("pk", "channel"))
    _revive([key for key, _channel in failed], at)
    for key, channel in failed:
        record(verb="dispatch.retried", subject=f"notices.dispatch:{key}", actor="system", at=at, channel=channel)
    if failed:
        ring()
    return len(failed)


def _revive(ids, at):
    Dispatch.objects.filter(pk__in=ids).update(
        state=DispatchState.WAITING, attempts=0, next_at=at, lease_until=None, last_error=""
    )
