"""How mandates end: recalled by the electing unit, resigned, or by leaving it; each owes a by-election."""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length, Substr
from django.utils.translation import gettext as _

from portal.deadlines.operations import end_promise, make_promises
from portal.kernel.days import local_day
from portal.kernel.transitions import check_transition
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import SYSTEM, record_many, subject_key

from ..enums import LIVE, MANDATE_TRANSITIONS, MandateState, MeetingKind, TermState
from ..models import BodyMember, Delegation, DutyReport, ElectingUnit, Mandate, Meeting
from ..rules.delegates import may_end
from ..seats import votes_short
from .core import locked_mandate, locked_unit, move_mandate, note, own_of_key, tell_delegate
from .delegates import open_meeting


@transaction.atomic
def record_recall(*, mandate_id, record, votes, actor, at):
    """
    Record a vote on recalling a delegate; without the majority of all staff the mandate runs on.

    :raises OperationRefused: with the figure and the rule.
    """
    mandate = locked_mandate(mandate_id)
    if (found := own_of_key(Meeting, record.idempotency_key, actor, by="recorded_by_id")) is not None:
        return found
    require(may_end(actor, mandate, at))
    one = locked_unit(mandate.electing_unit_id)
    meeting = open_meeting(one, record, kind=MeetingKind.RECALL, at=at, actor=actor, is_carried=False, votes=votes)
    if votes > meeting.took_part:
        raise OperationRefused(
            _("%(votes)d votes for it are too many; only %(count)d people took part.")
            % {"votes": votes, "count": meeting.took_part}
        )
    meeting.about = mandate
    meeting.is_carried = not votes_short(votes, meeting.staff, half_is_enough=meeting.half_is_enough)
    meeting.save()
    if meeting.is_carried:
        mandate.recall, mandate.ended_on = meeting, local_day(at)
        move_mandate(mandate, MandateState.RECALLED, fields=["recall", "ended_on"])
    note(
        "mandate.recalled" if meeting.is_carried else "mandate.kept",
        mandate,
        actor=actor,
        at=at,
        unit=one.unit.code,
        on=meeting.held_on,
        staff=meeting.staff,
        votes=votes,
    )
    if meeting.is_carried:
        _after_the_end([mandate], actor=actor, at=at)
    return meeting


@transaction.atomic
def record_resignation(*, mandate_id, actor, at):
    """
    Record that a delegate has resigned.

    :raises OperationRefused: with the reason.
    """
    mandate = locked_mandate(mandate_id)
    require(may_end(actor, mandate, at))
    mandate.ended_on = local_day(at)
    move_mandate(mandate, MandateState.RESIGNED, fields=["ended_on"])
    note("mandate.resigned", mandate, actor=actor, at=at)
    _after_the_end([mandate], actor=actor, at=at)
    return mandate


@transaction.atomic
def end_mandates(*, at):
    """
    End the mandates of those who have left the enterprise or their electing unit; return how many.

    Set-based over all running terms, by the roster as it is: safe to run any
    number of times, and downtime loses nothing.
    """
    today = local_day(at)
    units = set(_leaving(today).order_by().values_list("electing_unit_id", flat=True))
    if not units:
        return 0
    # In the order in which elections lock: the electing unit, then its mandates.
    list(ElectingUnit.objects.select_for_update(of=("self",)).filter(pk__in=units).only("pk").order_by("pk"))
    ended = list(
        _leaving(today)
        .filter(electing_unit__in=units)
        .select_for_update(of=("self",))
        .select_related("person", "electing_unit__unit", "term")
        .order_by("pk")
    )
    for row in ended:
        target = MandateState.ENDED_TRANSFER if row.person.is_active else MandateState.ENDED_CONTRACT
        check_transition(MANDATE_TRANSITIONS, source=row.state, target=target)
        row.state, row.ended_on = target, today
    Mandate.objects.bulk_update(ended, ["state", "ended_on"])
    record_many(
        [
            {
                "verb": f"mandate.{row.state}",
                "subject": subject_key(row),
                "actor": SYSTEM,
                "at": at,
                "unit": row.electing_unit.unit.code,
            }
            for row in ended
        ]
    )
    _after_the_end(ended, actor=SYSTEM, at=at)
    return len(ended)


def _leaving(today):
    """
    Return the live mandates of running terms whose holder has left the enterprise or the electing unit.

    Everybody belongs to the nearest electing unit upwards (queries.terms.nearest_path): the own one no longer
    contains the holder's unit, or another of the term lies nearer to it.
    """
    home, own = "person__unit__path", "electing_unit__unit__path"
    nearer = ElectingUnit.objects.filter(term=OuterRef("term")).alias(
        longer=Length("unit__path") - Length(OuterRef(own)), begins=Substr(OuterRef(home), 1, Length("unit__path"))
    )
    return (
        Mandate.objects.filter(state__in=LIVE, term__state=TermState.FIXED, term__ends_on__gte=today)
        .alias(begins=Substr(home, 1, Length(own)))
        .filter(
            Q(person__is_active=False) | ~Q(begins=F(own)) | Exists(nearer.filter(longer__gt=0, begins=F("unit__path")))
        )
    )


def _after_the_end(ended, *, actor, at):
    """Owe a by-election for each seat, drop what they still owed, tell them; bodies and delegations lose them."""
    today = local_day(at)
    promises = make_promises(
        [
            {
                "kind": "delegate.by_election",
                "subject": subject_key(mandate),
                "unit": mandate.electing_unit.unit,
                "started_on": today,
            }
            for mandate in ended
        ],
        at=at,
    )
    for mandate, promise in zip(ended, promises, strict=True):
        mandate.vacancy = promise
    Mandate.objects.bulk_update(ended, ["vacancy"])
    owed = DutyReport.objects.filter(mandate__in=ended, given_at__isnull=True, promise__ended_at__isnull=True)
    for report in owed.select_related("promise"):
        end_promise(promise=report.promise, code="closed", actor=actor, at=at)
    BodyMember.objects.filter(mandate__in=ended).delete()
    Delegation.objects.filter(head__in=ended).update(head=None)
    for mandate in ended:
        tell_delegate("mandate.ended", mandate, at=at)


@transaction.atomic
def close_terms(*, at):
    """End what terms that are over still owed; return how many promises."""
    today = local_day(at)
    over = Q(term__ends_on__lt=today, vacancy__met_at__isnull=True, vacancy__ended_at__isnull=True)
    done = 0
    for mandate in Mandate.objects.filter(over, vacancy__isnull=False).select_related("vacancy").order_by("pk"):
        end_promise(promise=mandate.vacancy, code="closed", actor=SYSTEM, at=at)
        done += 1
    return done
