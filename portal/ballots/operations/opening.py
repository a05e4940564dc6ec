"""Opening a poll: the list of electors is frozen, the poll's key made and shut away."""

from collections import Counter

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Person
from portal.kernel.verdicts import OperationRefused, require

from ..enums import PollState
from ..models import Elector, KeyBlob
from ..owners import owner_of
from ..rules import SMALLEST_GROUP, may_open
from ..sealing import fingerprint, new_poll_key
from .core import locked, move, note


@transaction.atomic
def open_poll(*, poll_id, actor, at):
    """
    Open a poll: from here on nothing of it can change but its progress.

    :raises OperationRefused: with the reason a person may read.
    """
    poll = locked(poll_id)
    require(may_open(actor, poll, at))
    listed = list(owner_of(poll).electorate(poll, at))
    if not listed:
        raise OperationRefused(_("Nobody is on the list of those who may vote."))
    groups = Counter(group for _person, group in listed if group)
    if any(size < SMALLEST_GROUP for size in groups.values()):
        raise OperationRefused(
            _("A group of fewer than %(least)d people may vote only together with another one.")
            % {"least": SMALLEST_GROUP}
        )
    Elector.objects.bulk_create(
        (Elector(poll=poll, person_id=person, group=group) for person, group in listed), batch_size=1000
    )
    numbers = dict(Person.objects.filter(pk__in=[person for person, _group in listed]).values_list("pk", "job_no"))
    shares = {row.seat: bytes(row.share_key) for row in poll.scrutineers.all()}
    poll.public_key, blobs = new_poll_key(shares)
    for (outer, inner), blob in blobs.items():
        KeyBlob(poll=poll, outer=outer, inner=inner, blob=blob).save()
    poll.electorate_size = len(listed)
    poll.electorate_sha256 = fingerprint(sorted(f"{numbers[person]} {group}".strip() for person, group in listed))
    poll.opened_at = at
    move(poll, PollState.OPEN, fields=["public_key", "electorate_size", "electorate_sha256", "opened_at"])
    note(
        "opened",
        poll,
        actor=actor,
        at=at,
        electors=poll.electorate_size,
        electorate=poll.electorate_sha256,
        definition=poll.definition_sha256,
        closes_at=poll.closes_at,
    )
    owner_of(poll).heard(poll, "opened", actor=actor, at=at)
    return poll
