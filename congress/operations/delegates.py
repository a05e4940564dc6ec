"""From candidate to delegate: nominated, elected by a recorded meeting, credentials reviewed by a second person."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.deadlines.operations import meet_promise
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused, require

from ..enums import LIVE, MandateState
from ..models import ElectingUnit, Mandate, Meeting
from ..queries.delegates import kind_of_election
from ..queries.terms import nearest_path, staff_of
from ..rules.delegates import may_confirm, may_nominate, may_record_election, may_withdraw, reviews
from ..seats import quorum_short, winners
from .core import locked_mandate, locked_unit, move_mandate, note, own_of_key, tell_delegate


@dataclass(frozen=True)
class MeetingRecord:
    """What a form has cleaned of a meeting: its day, who took part, who counted."""

    held_on: dt.date
    took_part: int
    counters: str
    idempotency_key: uuid.UUID


@transaction.atomic
def nominate(*, electing_unit_id, person, category, gender, actor, at):
    """
    Put somebody on the list of candidates of the electing unit they belong to.

    :raises OperationRefused: with the reason.
    :raises Conflict: when this person stands or sits already.
    """
    one = locked_unit(electing_unit_id)
    require(may_nominate(actor, one, at))
    require_belongs([person], one)
    try:
        with transaction.atomic():
            mandate = Mandate.objects.create(
                term=one.term,
                electing_unit=one,
                person=person,
                name=person.name,
                gender=person.gender or gender,
                category=category,
                nominated_at=at,
            )
    except IntegrityError as error:
        raise Conflict(_("This person is a candidate or delegate of this term already.")) from error
    note("mandate.nominated", mandate, actor=actor, at=at, unit=one.unit.code, category=category)
    return mandate


def paths_of(one):
    """Return the paths of all electing units of the same term."""
    return set(ElectingUnit.objects.filter(term=one.term_id).values_list("unit__path", flat=True))


def require_belongs(people, one):
    """
    Ask that people are on the roster of an electing unit.

    :raises OperationRefused: naming who is not.
    """
    paths = paths_of(one)
    for person in people:
        if not person.is_active or nearest_path(person.unit.path, paths) != one.unit.path:
            raise OperationRefused(
                _("%(name)s does not belong to %(unit)s: delegates are elected where they work.")
                % {"name": person.name, "unit": one.unit.name}
            )


@transaction.atomic
def withdraw_candidate(*, mandate_id, actor, at):
    """
    Take a candidate off the list.

    :raises OperationRefused: with the reason.
    """
    mandate = locked_mandate(mandate_id)
    require(may_withdraw(actor, mandate, at))
    move_mandate(mandate, MandateState.WITHDRAWN)
    note("mandate.withdrawn", mandate, actor=actor, at=at)
    return mandate


def open_meeting(one, record, *, kind, at, actor, **over):
    """
    Return a meeting that had its quorum, not saved yet; the staff is that of the roster now.

    :raises OperationRefused: with the figure and the rule.
    """
    if record.held_on > local_day(at):
        raise OperationRefused(_("The meeting lies in the future."))
    staff = staff_of(one)
    if record.took_part > staff:
        raise OperationRefused(
            _("%(count)d took part; the unit has %(staff)d staff.") % {"count": record.took_part, "staff": staff}
        )
    if short := quorum_short(record.took_part, staff):
        raise OperationRefused(
            _("%(short)d short: two thirds of the %(staff)d staff must take part, %(count)d did.")
            % {"short": short, "staff": staff, "count": record.took_part}
        )
    return Meeting(
        electing_unit=one,
        kind=kind,
        held_on=record.held_on,
        staff=staff,
        took_part=record.took_part,
        half_is_enough=one.term.half_is_enough,
        counters=record.counters,
        recorded_by=actor,
        recorded_at=at,
        idempotency_key=record.idempotency_key,
        **over,
    )


@transaction.atomic
def record_election(*, electing_unit_id, record, votes, actor, at):
    """
    Record an election by a meeting of the electing unit's staff; ``votes`` is {key of a candidate: votes}.

    Whoever has the majority of all staff takes a free seat, the most votes
    first; the others are not elected. A by-election meets the promise that the
    vacancy made.

    :raises OperationRefused: with the figure and the rule; a tie for the last seat is voted on again.
    :raises Conflict: when somebody else fills the seats at this moment.
    """
    one = locked_unit(electing_unit_id)
    if (found := own_of_key(Meeting, record.idempotency_key, actor, by="recorded_by_id")) is not None:
        return found
    require(may_record_election(actor, one, at))
    rows = list(one.mandates.all())
    candidates = {row.pk: row for row in rows if row.state == MandateState.CANDIDATE}
    if set(votes) != set(candidates):
        raise Conflict(_("The list of candidates has changed since you opened this page. Please look again."))
    require_belongs([row.person for row in candidates.values()], one)
    free = sorted(set(range(1, one.seats + 1)) - {row.seat for row in rows if row.state in LIVE})
    meeting = open_meeting(one, record, kind=kind_of_election(one), at=at, actor=actor, is_carried=True)
    _require_possible(votes, candidates, meeting, len(free))
    elected, tied = winners(votes, len(free), meeting.staff, half_is_enough=meeting.half_is_enough)
    if tied:
        raise OperationRefused(
            _("%(names)s have equal votes for the last seat. Vote again between them and record that vote.")
            % {"names": _(", ").join(candidates[key].name for key in tied)}
        )
    meeting.is_carried = bool(elected)
    meeting.save()
    _seat(candidates, elected, votes, free, meeting)
    note(
        "election.recorded",
        meeting,
        actor=actor,
        at=at,
        unit=one.unit.code,
        kind=meeting.kind,
        on=meeting.held_on,
        staff=meeting.staff,
        took_part=meeting.took_part,
        elected=len(elected),
    )
    for key in elected:
        mandate = candidates[key]
        note("mandate.elected", mandate, actor=actor, at=at, unit=one.unit.code, seat=mandate.seat, votes=mandate.votes)
        tell_delegate("mandate.elected", mandate, at=at)
    _fill_vacancies(one, [candidates[key].seat for key in elected], actor, at)
    return meeting


def _require_possible(votes, candidates, meeting, free):
    """No candidate has more votes than people took part, and all together no more than they could give."""
    for key, n in votes.items():
        if n > meeting.took_part:
            raise OperationRefused(
                _("%(name)s has %(votes)d votes; only %(count)d people took part.")
                % {"name": candidates[key].name, "votes": n, "count": meeting.took_part}
            )
    if sum(votes.values()) > meeting.took_part * free:
        raise OperationRefused(
            _("%(votes)d votes are too many: %(count)d people could give %(free)d each.")
            % {"votes": sum(votes.values()), "count": meeting.took_part, "free": free}
        )


def _seat(candidates, elected, votes, free, meeting):
    seats = iter(free)
    for key in [*elected, *(key for key in candidates if key not in elected)]:
        mandate = candidates[key]
        mandate.meeting, mandate.votes = meeting, votes[key]
        if key not in elected:
            move_mandate(mandate, MandateState.NOT_ELECTED, fields=["meeting", "votes"])
            continue
        mandate.seat = next(seats)
        try:
            with transaction.atomic():
                move_mandate(mandate, MandateState.ELECTED, fields=["meeting", "votes", "seat"])
        except IntegrityError as error:
            raise Conflict(_("Somebody else has filled this seat at this moment.")) from error


def _fill_vacancies(one, seats, actor, at):
    vacant = Mandate.objects.filter(electing_unit=one, seat__in=seats, vacancy__isnull=False).select_related("vacancy")
    for mandate in vacant.order_by("pk"):
        meet_promise(promise=mandate.vacancy, actor=actor, at=at)


@transaction.atomic
def confirm_credentials(*, electing_unit_id, actor, at):
    """
    Confirm the credentials of all whom an electing unit elected (资格审查); their mandates run from now.

    Those whom the reviewer recorded, or the reviewer's own, wait for another person.

    :raises OperationRefused: with the reason, or when somebody has left the electing unit meanwhile.
    """
    one = locked_unit(electing_unit_id)
    require(may_confirm(actor, one))
    rows = [row for row in one.mandates.select_related("meeting", "person__unit") if reviews(actor, row)]
    require_belongs([mandate.person for mandate in rows], one)
    for mandate in rows:
        mandate.confirmed_by, mandate.confirmed_at = actor, at
        move_mandate(mandate, MandateState.ACTIVE, fields=["confirmed_by", "confirmed_at"])
        note("mandate.confirmed", mandate, actor=actor, at=at)
    return rows


@transaction.atomic
def set_contact(*, electing_unit_id, contact, actor, at):
    """
    Say where the staff of an electing unit find their delegates.

    :raises OperationRefused: with the reason.
    """
    one = locked_unit(electing_unit_id)
    require(may_nominate(actor, one, at))
    one.contact = contact
    one.save(update_fields=["contact"])
    note("electing_unit.contact_set", one.term, actor=actor, at=at, unit=one.unit.code)
    return one
