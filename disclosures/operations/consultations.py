"""The life of a consultation: drafted, opened by a second person, made longer, closed by the clock, given up."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.desks import desk_of, nearest_desk
from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.accounts.queries import rule_value
from portal.deadlines.operations import end_promise, make_promise, workday_limit
from portal.kernel.days import local_day
from portal.kernel.transitions import check_transition
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import SYSTEM
from portal.notices.outbox import post
from portal.search.operations import refresh_entry

from .. import numbers
from ..clauses import clauses_of
from ..consulting import draft_print
from ..enums import CONSULTATION_TRANSITIONS, Audience, ConsultationState
from ..models import Consultation, ConsultationClause, ConsultationExtension, ConsultationOpinion
from ..queries.consultations import with_consultation_relations
from ..rules.consultations import (
    may_abandon_consultation,
    may_edit_consultation,
    may_extend_consultation,
    may_hand_consultation,
    may_open_consultation,
    may_prepare_consultation,
)
from ..searching_consultations import KIND
from ..texts import cleaned
from .core import note, one_by_one, own_of_key, require_read
from .showing import subscriber_desks

S = ConsultationState
CLAUSES_MAX = 400
PROLONGED_DAYS_MAX = 90


@dataclass(frozen=True)
class ConsultationDraft:
    """What the form has cleaned of a draft rule."""

    unit: object
    title: str
    lead: str
    body: str
    workdays: int
    idempotency_key: object
    department: object = None
    item: object = None
    audience: str = Audience.UNIT


def least_consultation_days(unit, at):
    """Return the shortest period of a consultation of a unit, in working days."""
    return rule_value(numbers.CONSULTATION_WORKDAYS, unit=unit, at=at)


def locked_consultation(consultation_id, at):
    """
    Return the consultation locked for this transaction, closed when its last day is over.

    Whatever comes first after the end, the daily job or somebody's act, records
    the closing; nobody has to wait for Celery.
    """
    Consultation.objects.select_for_update(of=("self",)).only("pk").get(pk=consultation_id)
    consultation = with_consultation_relations(Consultation.objects.all()).get(pk=consultation_id)
    if consultation.state == S.OPEN and not consultation.is_open(at) and at > consultation.opened_at:
        _close(consultation, at)
    return consultation


def move_consultation(consultation, target, *, fields=()):
    """
    Take the consultation to another state and save it with the named fields.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(CONSULTATION_TRANSITIONS, source=consultation.state, target=target)
    consultation.state = target
    consultation.save(update_fields=["state", *fields])


def refile_consultation(consultation):
    """Bring what the search finds in line with what may be read now."""
    if consultation.opened_at is not None:
        refresh_entry(kind=KIND, key=str(consultation.pk))


def tell_of(kind, consultation, *roles, at, people=(), desks=(), step=""):
    """Put a notice on the desks of the nearest holders of the roles, on people's own, and on further desks."""
    found = sorted({nearest_desk(role, consultation.owner, at) for role in roles})
    found += [desk_of(person) for person in people] + list(desks)
    if found:
        is_open = kind in ("opened", "reported")
        post(
            kind=f"consultation.{kind}",
            subject=consultation,
            desks=found,
            at=at,
            key=f"consultation.{kind}:{consultation.pk.hex}:{step}",
            **({"title": consultation.title} if is_open else {}),
        )


def authors_of(consultation):
    """Return who has spoken with their account; they were promised to be told."""
    spoke = ConsultationOpinion.objects.filter(consultation=consultation, person__isnull=False)
    return Person.objects.filter(pk__in=spoke.values("person"), is_active=True).order_by("pk")


def tell_subscribers(kind, consultation, at):
    """Tell everybody who asked to be told of the unit or the section, and may read it."""
    section = consultation.item.section if consultation.item else ""
    desks = subscriber_desks(section=section, unit=consultation.unit, audience=consultation.audience)
    tell_of(kind, consultation, at=at, desks=desks, step="subscribed")


def draft_consultation(*, draft, actor, at):
    """
    Begin a draft, once for its form's key, and return it.

    :raises OperationRefused: with the reason a person may read.
    """
    require(may_prepare_consultation(actor, draft.department or draft.unit))
    _check(draft, at)
    found = own_of_key(Consultation, draft.idempotency_key, actor, by="drafted_by")
    if found is not None:
        return found
    try:
        with transaction.atomic():
            consultation = Consultation(
                drafted_by=actor,
                drafted_at=at,
                written_by=actor,
                idempotency_key=draft.idempotency_key,
                **_values(draft),
            )
            consultation.save(force_insert=True)
            note("consultation.drafted", consultation, actor=actor, at=at, unit=draft.unit.code)
            return consultation
    except IntegrityError:
        found = own_of_key(Consultation, draft.idempotency_key, actor, by="drafted_by")
        if found is None:
            raise
        return found


@transaction.atomic
def edit_consultation(*, consultation_id, draft, actor, at):
    """
    Change a draft; one that was handed on has to be handed on again.

    :raises OperationRefused: when the workers have it before them meanwhile, or it may not be changed.
    """
    consultation = locked_consultation(consultation_id, at)
    require(may_edit_consultation(actor, consultation))
    _check(draft, at)
    for name, value in _values(draft).items():
        setattr(consultation, name, value)
    consultation.written_by, consultation.handed_at = actor, None
    consultation.save()
    note("consultation.edited", consultation, actor=actor, at=at)
    return consultation


@transaction.atomic
def hand_consultation(*, consultation_id, actor, at):
    """
    Ask the head of the department and the union chair to open a draft.

    :raises OperationRefused: with the reason.
    """
    consultation = locked_consultation(consultation_id, at)
    require(may_hand_consultation(actor, consultation))
    consultation.handed_at = at
    consultation.save(update_fields=["handed_at"])
    note("consultation.handed", consultation, actor=actor, at=at)
    tell_of("to_open", consultation, Role.DEPARTMENT_HEAD, Role.UNION_CHAIR, at=at, step=at.strftime("%Y%m%d%H%M%S"))
    return consultation


@transaction.atomic
def open_consultation(*, consultation_id, read=None, actor, at):
    """
    Put a draft before the workers: its text is frozen and cut into clauses, its last day is set.

    :raises OperationRefused: with the reason.
    :raises Conflict: when the draft is not what the second person has read (``read``).
    :raises IllegalTransition: when it has been opened already.
    """
    consultation = locked_consultation(consultation_id, at)
    require(may_open_consultation(actor, consultation))
    require_read(read, draft_print(consultation))
    day = local_day(at)
    consultation.opened_by, consultation.opened_at = actor, at
    consultation.closes_on = workday_limit(started_on=day, count=consultation.workdays)
    consultation.fingerprint = draft_print(consultation)
    move_consultation(consultation, S.OPEN, fields=("opened_by", "opened_at", "closes_on", "fingerprint"))
    ConsultationClause.objects.bulk_create(
        ConsultationClause(
            consultation=consultation,
            ordinal=ordinal,
            anchor=clause.anchor,
            label=clause.label,
            section=clause.section,
            body=clause.body,
        )
        for ordinal, clause in enumerate(clauses_of(consultation.body), start=1)
    )
    note(
        "consultation.opened",
        consultation,
        actor=actor,
        at=at,
        closes_on=consultation.closes_on,
        sha256=consultation.fingerprint,
    )
    refile_consultation(consultation)
    tell_subscribers("opened", consultation, at)
    return consultation


@transaction.atomic
def extend_consultation(*, consultation_id, closes_on, reason, actor, at):
    """
    Give the workers more time, for a reason that everybody reads.

    :raises OperationRefused: when the period is over, or the new day is not a later one.
    """
    consultation = locked_consultation(consultation_id, at)
    require(may_extend_consultation(actor, consultation, is_open=consultation.is_open(at)))
    before = consultation.closes_on
    first = min([before, *consultation.extensions.values_list("before", flat=True)])
    if closes_on <= before:
        raise OperationRefused(_("A period is only made longer: choose a day after the last one."))
    if (closes_on - first).days > PROLONGED_DAYS_MAX:
        raise OperationRefused(_("At most %(days)d days more in all.") % {"days": PROLONGED_DAYS_MAX})
    ConsultationExtension.objects.create(
        consultation=consultation, before=before, after=closes_on, reason=reason, by=actor, at=at
    )
    consultation.closes_on = closes_on
    consultation.save(update_fields=["closes_on"])
    note("consultation.extended", consultation, actor=actor, at=at, before=before, closes_on=closes_on)
    tell_of("extended", consultation, at=at, people=authors_of(consultation), step=closes_on.isoformat())
    return consultation


@transaction.atomic
def abandon_consultation(*, consultation_id, reason, actor, at):
    """
    Give a consultation up; what is public stays public with the reason, and its promises end.

    :raises OperationRefused: with the reason.
    """
    consultation = locked_consultation(consultation_id, at)
    require(may_abandon_consultation(actor, consultation))
    if not reason:
        raise OperationRefused(_("Please give the reason."))
    consultation.abandon_reason, consultation.abandoned_by, consultation.abandoned_at = reason, actor, at
    was_public = consultation.opened_at is not None
    move_consultation(consultation, S.ABANDONED, fields=("abandon_reason", "abandoned_by", "abandoned_at"))
    for promise in (consultation.answer_promise, consultation.report_promise):
        if promise is not None and promise.met_at is None:
            end_promise(promise=promise, code="abandoned", actor=actor, at=at)
    note("consultation.abandoned" if was_public else "consultation.dropped", consultation, actor=actor, at=at)
    tell_of("abandoned", consultation, at=at, people=authors_of(consultation))
    refile_consultation(consultation)
    return consultation


def close_consultations(*, at):
    """Record what has closed by the clock and start the clocks of its answers. Return how many."""

    @transaction.atomic
    def close(pk):
        return locked_consultation(pk, at).state == S.CLOSED

    over = Consultation.objects.filter(state=S.OPEN, closes_on__lt=local_day(at)).order_by("closes_on", "pk")
    return one_by_one(over.values_list("pk", flat=True), close, "consultation %s could not be closed")


def _close(consultation, at):
    consultation.answer_promise = make_promise(
        kind="consultation.answer",
        subject=consultation,
        unit=consultation.owner,
        started_on=consultation.closes_on,
        at=at,
    )
    move_consultation(consultation, S.CLOSED, fields=("answer_promise",))
    note("consultation.closed", consultation, actor=SYSTEM, at=at, closes_on=consultation.closes_on)
    tell_of("closed", consultation, Role.HANDLER, at=at, people=[consultation.drafted_by])


def _check(draft, at):
    if draft.department and not (draft.unit.covers(draft.department) or draft.department.covers(draft.unit)):
        raise OperationRefused(
            _("The department that prepares and the unit that is asked have nothing to do with each other.")
        )
    least = least_consultation_days(draft.unit, at)
    if draft.workdays < least:
        raise OperationRefused(_("A consultation lasts at least %(days)d working days.") % {"days": least})
    if len(clauses_of(cleaned(draft.body))) > CLAUSES_MAX:
        raise OperationRefused(_("A draft has at most %(count)d clauses. Please divide it.") % {"count": CLAUSES_MAX})


def _values(draft):
    return {
        "unit": draft.unit,
        "department": draft.department if draft.department != draft.unit else None,
        "item": draft.item,
        "title": draft.title,
        "lead": draft.lead,
        "body": cleaned(draft.body),
        "audience": draft.audience,
        "workdays": draft.workdays,
    }
