"""Terms: prepared, counted, seats set and shared, fixed by a second person, extended once."""

import datetime as dt
import hashlib

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.queries import rule_value
from portal.kernel.days import local_day, months_after
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused, require

from .. import numbers
from ..enums import Region, TermState
from ..models import ElectingUnit, Term, TermExtension
from ..queries.terms import staff_by_path, staff_of_units, women_on_roster
from ..rules.terms import (
    may_allocate,
    may_ask_extension,
    may_change_seats,
    may_decide_extension,
    may_fix_term,
    may_prepare_term,
)
from ..seats import FLOOR, allocate, seat_rule
from .core import locked_term, move_term, note


@transaction.atomic
def prepare_term(*, unit, number, noun, begins_on, years, region, actor, at):
    """
    Begin a term: its days, whose text fixes its seats, and the head-count of today with what the text asks for.

    :raises OperationRefused: with the reason.
    :raises Conflict: when the unit has a term of this number, or one that runs on these days.
    """
    require(may_prepare_term(actor, unit))
    ends_on = months_after(begins_on, 12 * years) - dt.timedelta(days=1)
    # The unit's own row is the lock: two terms prepared at once see one another.
    type(unit).objects.select_for_update(of=("self",)).only("pk").get(pk=unit.pk)
    if Term.objects.filter(unit=unit, begins_on__lte=ends_on, ends_on__gte=begins_on).exists():
        raise Conflict(_("Another term of this unit runs on some of these days."))
    term = Term(
        unit=unit,
        number=number,
        noun=noun,
        begins_on=begins_on,
        first_ends_on=ends_on,
        ends_on=ends_on,
        region=region,
        half_is_enough=region == Region.SHANGHAI,
        leader_percent=rule_value(numbers.MANAGER_SHARE, unit=unit, at=at),
        prepared_by=actor,
        prepared_at=at,
    )
    _count(term, at)
    try:
        with transaction.atomic():
            term.save()
    except IntegrityError as error:
        raise Conflict(_("This unit has a term of this number already.")) from error
    note(
        "congress_term.prepared",
        term,
        actor=actor,
        at=at,
        unit=unit.code,
        number=number,
        since=begins_on,
        until=ends_on,
        region=term.region,
        staff=term.staff,
        least=term.least,
    )
    return term


def _count(term, at):
    """Take the head-count of today, with the share of women where the roster knows it, and apply the text."""
    term.staff, term.counted_on = sum(staff_by_path(term.unit).values()), local_day(at)
    rule = seat_rule(term.region, term.staff)
    term.least, term.strict, term.most = rule.least, rule.strict, rule.most
    women, staff, unknown = women_on_roster(term.unit)
    if not unknown and staff:
        term.women, term.women_of, term.women_source, term.women_on = women, staff, "", term.counted_on


@transaction.atomic
def set_seats(
    *, term_id, seats, decision, leader_percent, half_is_enough, women=None, women_of=None, women_source="",
    women_on=None, actor, at,
):  # fmt: skip
    """
    Count the staff anew and set how many seats the term has; what the text leaves open is decided with a reason.

    :raises OperationRefused: with the figure and the rule.
    """
    term = locked_term(term_id)
    require(may_change_seats(actor, term))
    _count(term, at)
    if term.staff < FLOOR:
        raise OperationRefused(
            _("%(staff)d staff are fewer than the %(least)d delegates of a congress: hold a general meeting.")
            % {"staff": term.staff, "least": FLOOR}
        )
    if seats < term.least:
        raise OperationRefused(
            _("%(short)d short: the text asks for %(least)d delegates at least with %(staff)d staff.")
            % {"short": term.least - seats, "least": term.least, "staff": term.staff}
        )
    most = min(term.staff, term.most or term.staff)
    if seats > most:
        raise OperationRefused(
            _("%(over)d too many: %(most)d delegates at most with %(staff)d staff.")
            % {"over": seats - most, "most": most, "staff": term.staff}
        )
    if seat_rule(term.region, term.staff).questions and not decision:
        raise OperationRefused(_("The text leaves this open. Please write what was decided, and by whom."))
    if not term.women_source and term.women_on == term.counted_on:
        pass  # the roster knows
    elif women_of:
        term.women, term.women_of, term.women_source, term.women_on = women, women_of, women_source, women_on
    elif term.women_of is None:
        raise OperationRefused(_("The roster does not know everybody's gender: enter the women among the staff."))
    if term.seats != seats:
        term.allocated_by = None
    term.seats, term.decision = seats, decision
    term.leader_percent, term.half_is_enough = leader_percent, half_is_enough
    term.save()
    _recount_units(term)
    note(
        "congress_term.seats_set",
        term,
        actor=actor,
        at=at,
        seats=seats,
        staff=term.staff,
        least=term.least,
        percent=leader_percent,
        half=half_is_enough,
    )
    return term


@transaction.atomic
def choose_units(*, term_id, units, actor, at):
    """
    Choose which units elect delegates; everybody belongs to the nearest of them. The allocation begins anew.

    :raises OperationRefused: for a unit outside, or one without staff of its own.
    """
    term = locked_term(term_id)
    require(may_change_seats(actor, term))
    staff = staff_of_units(term.unit, {unit.path for unit in units})
    for unit in units:
        if not term.unit.covers(unit):
            raise OperationRefused(_("This unit does not belong to the congress."))
        if not staff[unit.path]:
            raise OperationRefused(
                _("Nobody would belong to %(unit)s: all its people have an electing unit below it.")
                % {"unit": unit.name}
            )
    kept = {one.unit_id for one in term.electing_units.all()}
    term.electing_units.exclude(unit__in=units).delete()
    ElectingUnit.objects.bulk_create(
        ElectingUnit(term=term, unit=unit, staff=0) for unit in units if unit.pk not in kept
    )
    _recount_units(term)
    term.electing_units.update(seats=0)
    term.allocated_by = None
    term.save(update_fields=["allocated_by"])
    note("congress_term.units_chosen", term, actor=actor, at=at, units=sorted(unit.code for unit in units))
    return term


def _recount_units(term):
    rows = list(ElectingUnit.objects.filter(term=term).select_related("unit"))
    staff = staff_of_units(term.unit, {row.unit.path for row in rows})
    for row in rows:
        row.staff = staff[row.unit.path]
    ElectingUnit.objects.bulk_update(rows, ["staff"])


def proposed_seats(term, units):
    """Return {key of an electing unit: seats} in proportion to the staff."""
    if not units or any(unit.staff <= 0 for unit in units) or term.seats < len(units):
        return {}
    return allocate(term.seats, {unit.pk: unit.staff for unit in units})


@transaction.atomic
def allocate_seats(*, term_id, seats, contacts, actor, at):
    """
    Give each electing unit its seats; all together are those of the term.

    ``seats`` and ``contacts`` are by the key of the electing unit.

    :raises OperationRefused: with the figure.
    """
    term = locked_term(term_id)
    require(may_allocate(actor, term))
    rows = list(term.electing_units.all())
    if set(seats) != {row.pk for row in rows} or any(n < 1 for n in seats.values()):
        raise OperationRefused(_("Each electing unit needs one seat at least."))
    if (given := sum(seats.values())) != term.seats:
        raise OperationRefused(
            _("The seats add up to %(given)d; the term has %(seats)d.") % {"given": given, "seats": term.seats}
        )
    for row in rows:
        row.seats, row.contact = seats[row.pk], contacts.get(row.pk, "")
    ElectingUnit.objects.bulk_update(rows, ["seats", "contact"])
    term.allocated_by = actor
    term.save(update_fields=["allocated_by"])
    note("congress_term.allocated", term, actor=actor, at=at, sha256=print_of(term, rows))
    return term


def print_of(term, units):
    """Return the fingerprint of seats and allocation: what a second person reads before fixing them."""
    lines = [f"{term.pk}:{term.staff}:{term.seats}:{term.leader_percent}:{term.half_is_enough}:{term.decision}"]
    lines += [f"{unit.unit_id}:{unit.staff}:{unit.seats}" for unit in sorted(units, key=lambda one: one.unit_id)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@transaction.atomic
def fix_term(*, term_id, read=None, actor, at):
    """
    Fix seats and allocation for the whole term; ``read`` is the fingerprint of what the second person has read.

    :raises OperationRefused: with the reason.
    :raises Conflict: when they were changed since the page was opened.
    """
    term = locked_term(term_id)
    require(may_fix_term(actor, term))
    units = list(term.electing_units.all())
    if read is not None and read != print_of(term, units):
        raise Conflict(_("The allocation has been changed since you opened this page. Please read it again."))
    term.fixed_by, term.fixed_at = actor, at
    move_term(term, TermState.FIXED, fields=["fixed_by", "fixed_at"])
    note(
        "congress_term.fixed",
        term,
        actor=actor,
        at=at,
        seats=term.seats,
        units=len(units),
        sha256=print_of(term, units),
    )
    return term


# More time ----------------------------------------------------------------------------------------------------


def latest_extension(term, at):
    """Return the last day to which a term may be extended."""
    return months_after(term.first_ends_on, rule_value(numbers.EXTENSION_MONTHS, unit=term.unit, at=at))


@transaction.atomic
def ask_extension(*, term_id, until, reason, actor, at):
    """
    Ask for more time for a term.

    :raises OperationRefused: with the reason, or when it would be longer than allowed.
    """
    term = locked_term(term_id)
    require(may_ask_extension(actor, term, at))
    if not term.ends_on < until <= latest_extension(term, at):
        raise OperationRefused(_("A term is extended by a year at most."))
    extension = TermExtension.objects.create(term=term, until=until, reason=reason, asked_by=actor, asked_at=at)
    note("congress_term.extension_asked", term, actor=actor, at=at, until=until)
    return extension


@transaction.atomic
def decide_extension(*, extension_id, is_granted, answer, actor, at):
    """
    Grant more time for a term, or refuse it; by somebody else than who asked.

    :raises OperationRefused: with the reason.
    """
    key = TermExtension.objects.values_list("term_id", flat=True).get(pk=extension_id)
    term = locked_term(key)
    extension = TermExtension.objects.select_related("term__unit").get(pk=extension_id)
    require(may_decide_extension(actor, extension))
    extension.is_granted, extension.answer = is_granted, answer
    extension.decided_by, extension.decided_at = actor, at
    extension.save(update_fields=["is_granted", "answer", "decided_by", "decided_at"])
    if is_granted:
        term.ends_on = extension.until
        term.save(update_fields=["ends_on"])
    verb = "congress_term.extended" if is_granted else "congress_term.extension_refused"
    note(verb, term, actor=actor, at=at, until=extension.until)
    return extension
