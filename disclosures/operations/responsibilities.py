"""Saying who has one of the four responsibilities (四责), where appointments do not say it rightly."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Unit
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import require

from ..models import Responsibility
from ..rules.commitments import may_set_responsible
from .core import note


@transaction.atomic
def set_responsible(*, unit, role, person, words, reason, since, actor, at):
    """
    Let a person, or a body in words, have a responsibility of a unit from a day on.

    :raises OperationRefused: with the reason.
    :raises Conflict: when this person has it already.
    """
    require(may_set_responsible(actor, unit))
    Unit.objects.select_for_update().only("pk").get(pk=unit.pk)
    if not person and Responsibility.objects.filter(unit=unit, role=role, words=words, until__isnull=True).exists():
        raise Conflict(_("This body has this responsibility already."))
    try:
        with transaction.atomic():
            row = Responsibility.objects.create(
                unit=unit,
                role=role,
                person=person,
                words="" if person else words,
                reason=reason,
                since=since,
                set_by=actor,
                set_at=at,
            )
    except IntegrityError as error:
        raise Conflict(_("This person has this responsibility already.")) from error
    facts = {"role": role, "unit": unit.code, "since": since}
    note("responsibility.set", row, actor=actor, at=at, **facts)
    return row


@transaction.atomic
def end_responsible(*, responsibility_id, actor, at):
    """Let what was set hold no longer, from tomorrow; the row stays. A second time changes nothing."""
    row = Responsibility.objects.select_for_update(of=("self",)).select_related("unit").get(pk=responsibility_id)
    require(may_set_responsible(actor, row.unit))
    if row.until is None:
        row.until = max(local_day(at), row.since)
        row.save(update_fields=["until"])
        note("responsibility.ended", row, actor=actor, at=at, role=row.role, unit=row.unit.code, until=row.until)
    return row
