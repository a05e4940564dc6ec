"""The private address under which a person's due dates are read by a calendar program."""

import hashlib
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Person
from portal.kernel.verdicts import OperationRefused
from portal.ledger.recording import record


def token_hash(token):
    """Return what the database keeps of an address: its hash, so that a copy of it opens no calendar."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_calendar_address(*, person_id, actor, at):
    """
    Make a new private address and return its token, shown once; the one before stops working.

    :raises OperationRefused: for anybody's but one's own.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    if person.pk != actor.pk:
        raise OperationRefused(_("This is somebody else's calendar."))
    token = secrets.token_urlsafe(32)
    person.ics_token = token_hash(token)
    person.save(update_fields=["ics_token"])
    record(verb="calendar.address_made", subject=person, actor=actor, at=at)
    return token


@transaction.atomic
def end_calendar_address(*, person_id, actor, at):
    """
    Let a person's private address stop working.

    :raises OperationRefused: for anybody's but one's own.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    if person.pk != actor.pk:
        raise OperationRefused(_("This is somebody else's calendar."))
    if person.ics_token:
        person.ics_token = ""
        person.save(update_fields=["ics_token"])
        record(verb="calendar.address_ended", subject=person, actor=actor, at=at)
