"""Delegations with their heads, presidium, special committees, observers."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.queries import rule_value
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused, require

from .. import numbers
from ..enums import LIVE, BodyKind, MandateState
from ..models import Body, BodyMember, Delegation, ElectingUnit, Mandate, Observer
from ..queries.terms import check_presidium
from ..rules.terms import may_keep_running_term
from .core import locked_term, note


@transaction.atomic
def set_delegation(*, term_id, name, electing_units, head=None, delegation=None, actor, at):
    """
    Form a delegation of some electing units, or change one; its head is a delegate of theirs.

    :raises OperationRefused: with the reason.
    :raises Conflict: when another delegation has this name.
    """
    term = locked_term(term_id)
    require(may_keep_running_term(actor, term, at))
    keys = {one.pk for one in electing_units}
    if not keys or any(one.term_id != term.pk for one in electing_units):
        raise OperationRefused(_("Choose the electing units of the delegation."))
    if head is not None and (head.electing_unit_id not in keys or head.state != MandateState.ACTIVE):
        raise OperationRefused(_("The head is a delegate of one of these electing units."))
    taken = ElectingUnit.objects.filter(pk__in=keys, delegation__isnull=False).exclude(delegation=delegation)
    if (one := taken.select_related("unit", "delegation").first()) is not None:
        raise OperationRefused(
            _("%(unit)s belongs to %(delegation)s already.")
            % {"unit": one.unit.name, "delegation": one.delegation.name}
        )
    row = delegation or Delegation(term=term)
    row.name, row.head = name, head
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(_("Another delegation has this name already.")) from error
    row.electing_units.exclude(pk__in=keys).update(delegation=None)
    ElectingUnit.objects.filter(pk__in=keys).update(delegation=row)
    units = sorted(one.unit.code for one in electing_units)
    note("delegation.formed", term, actor=actor, at=at, delegation=row.pk, units=units)
    return row


@transaction.atomic
def set_body(*, term_id, kind, name, remit, decided_on, members, chair=None, body=None, actor, at):
    """
    Form the presidium or a special committee, or change it: its delegates and who chairs them.

    :raises OperationRefused: with the figure and the rule where a presidium is none.
    :raises Conflict: when another body has this name, or there is a presidium already.
    """
    term = locked_term(term_id)
    require(may_keep_running_term(actor, term, at))
    if not members or any(one.term_id != term.pk or one.state != MandateState.ACTIVE for one in members):
        raise OperationRefused(_("Only delegates whose mandate runs belong to a body of the congress."))
    if chair is not None and chair not in members:
        raise OperationRefused(_("Whoever chairs it belongs to it."))
    if kind == BodyKind.PRESIDIUM:
        _require_presidium(term, members, at)
    row = body or Body(term=term, kind=kind)
    row.name, row.remit, row.decided_on = name, remit, decided_on
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(_("There is such a body already.")) from error
    row.members.all().delete()
    BodyMember.objects.bulk_create(BodyMember(body=row, mandate=one, is_chair=one == chair) for one in members)
    note("congress_body.formed", term, actor=actor, at=at, kind=row.kind, body=row.pk, members=len(members))
    return row


def _require_presidium(term, members, at):
    small, large, front = presidium_numbers(term.unit, at)
    found = check_presidium(members, seats=term.seats, small=small, large=large, front=front)
    if found.too_few:
        raise OperationRefused(
            _("%(short)d short: a congress of %(seats)d delegates has a presidium of %(least)d at least.")
            % {"short": found.too_few, "seats": term.seats, "least": found.least}
        )
    if found.too_many:
        raise OperationRefused(
            _("%(over)d too many: a congress of %(seats)d delegates has a presidium of %(most)d at most.")
            % {"over": found.too_many, "seats": term.seats, "most": found.most}
        )
    if found.front_short:
        raise OperationRefused(
            _("%(short)d short: %(percent)d per cent of the presidium at least are front-line workers.")
            % {"short": found.front_short, "percent": front}
        )


def presidium_numbers(unit, at):
    """Return (small, large, front line in per cent) of a unit's presidium by the rule book."""
    keys = (numbers.PRESIDIUM_SMALL, numbers.PRESIDIUM_LARGE, numbers.PRESIDIUM_FRONT)
    return tuple(rule_value(key, unit=unit, at=at) for key in keys)


@transaction.atomic
def invite_observer(*, term_id, person, reason, actor, at):
    """
    Invite somebody who attends without a vote.

    :raises OperationRefused: for a delegate, or somebody who has left.
    :raises Conflict: when this person observes already.
    """
    term = locked_term(term_id)
    require(may_keep_running_term(actor, term, at))
    if not person.is_active:
        raise OperationRefused(_("This person has left."))
    if Mandate.objects.filter(term=term, person=person, state__in=LIVE).exists():
        raise OperationRefused(_("A delegate has a vote and cannot be an observer."))
    try:
        with transaction.atomic():
            row = Observer.objects.create(term=term, person=person, reason=reason, since=local_day(at))
    except IntegrityError as error:
        raise Conflict(_("This person is an observer already.")) from error
    note("congress_observer.invited", term, actor=actor, at=at, person=person.pk)
    return row


@transaction.atomic
def end_observer(*, observer_id, actor, at):
    """Let an observer attend no longer; a second call changes nothing."""
    key = Observer.objects.values_list("term_id", flat=True).get(pk=observer_id)
    term = locked_term(key)
    require(may_keep_running_term(actor, term, at))
    row = Observer.objects.get(pk=observer_id)
    if row.until is None:
        row.until = local_day(at)
        row.save(update_fields=["until"])
        note("congress_observer.ended", term, actor=actor, at=at, person=row.person_id)
    return row
