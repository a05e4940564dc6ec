"""Announcing a briefing, changing it, putting it off, cancelling it; questions handed in before it."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from feedback.enums import IdentityMode, InquiryKind, Topic
from feedback.models import IdentityKey
from feedback.operations import InquiryDraft, open_inquiry
from portal.accounts.desks import desk_of, nearest_desk
from portal.accounts.enums import Role
from portal.accounts.models import Person, Unit
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import check_transition
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import SYSTEM
from portal.notices.outbox import post

from ..channels import BRIEFING_QUESTION
from ..enums import BRIEFING_TRANSITIONS, Audience, BriefingState
from ..models import AgendaItem, Briefing, BriefingFile, BriefingMove, BriefingQuestion, Subscription
from ..queries.briefings import with_briefing_relations
from ..rules.briefings import (
    may_ask_beforehand,
    may_cancel_briefing,
    may_edit_briefing,
    may_move_briefing,
    may_plan_briefing,
)
from .attaching import attach_to_briefing, take_off
from .core import note, one_by_one, own_of_key

S = BriefingState
RECORDED_AFTER = dt.timedelta(days=7)
ANSWERED_WITHIN = dt.timedelta(days=30)
SUBJECT_MAX = 60
QUESTIONS_OF_ONE = 5


@dataclass(frozen=True)
class AgendaLine:
    """One point of the agenda as its form has cleaned it; ``person`` is told of it."""

    title: str
    speaker: str = ""
    person: object = None
    minutes: int | None = None


@dataclass(frozen=True)
class BriefingDraft:
    """What the form has cleaned of a briefing; day, place and unit count only when it is announced."""

    unit: object
    title: str
    chair: object
    idempotency_key: object
    starts_at: object = None
    place: str = ""
    online: str = ""
    audience: str = Audience.EVERYBODY
    agenda: tuple = field(default=())
    files: tuple = field(default=())  # portal.files.intake.CleanFile


def locked_briefing(briefing_id):
    """Return the briefing locked for this transaction, with what its rules read."""
    Briefing.objects.select_for_update(of=("self",)).only("pk").get(pk=briefing_id)
    return with_briefing_relations(Briefing.objects.all()).get(pk=briefing_id)


def move_state(briefing, target, *, fields=()):
    """
    Take the briefing to another state and save it with the named fields.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(BRIEFING_TRANSITIONS, source=briefing.state, target=target)
    briefing.state = target
    briefing.save(update_fields=["state", *fields])


def plan_briefing(*, draft, actor, at):
    """
    Announce a briefing, once for its form's key, and return it; from here on its readers see it.

    One that has been held already may be recorded within a week; the page says that it was not announced.

    :raises OperationRefused: with the reason a person may read.
    """
    require(may_plan_briefing(actor, draft.unit))
    if draft.starts_at < at - RECORDED_AFTER:
        raise OperationRefused(_("A briefing is announced beforehand, or recorded within a week after it was held."))
    found = own_of_key(Briefing, draft.idempotency_key, actor, by="planned_by")
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return _announce(draft, actor, at)
    except IntegrityError:
        found = own_of_key(Briefing, draft.idempotency_key, actor, by="planned_by")
        if found is None:
            raise
        return found


def _announce(draft, actor, at):
    briefing = Briefing(
        unit=draft.unit,
        title=draft.title,
        starts_at=draft.starts_at,
        place=draft.place,
        online=draft.online,
        audience=draft.audience,
        chair=draft.chair,
        planned_by=actor,
        planned_at=at,
        idempotency_key=draft.idempotency_key,
    )
    briefing.save(force_insert=True)
    _put_agenda(briefing, draft.agenda)
    attach_to_briefing(briefing, draft.files, at=at)
    note("briefing.announced", briefing, actor=actor, at=at, unit=draft.unit.code, on=local_day(draft.starts_at))
    if draft.starts_at > at:
        tell_briefing("announced", briefing, at=at, people=_concerned(briefing))
        _tell_subscribers(briefing, at)
    return briefing


@transaction.atomic
def edit_briefing(*, briefing_id, draft, removed_files=(), actor, at):
    """
    Change title, chair, agenda, readers and slides as the form says; day and place are put off instead.

    :raises OperationRefused: with the reason, as when its minutes have been published meanwhile.
    """
    briefing = locked_briefing(briefing_id)
    require(may_edit_briefing(actor, briefing))
    before = {person.pk for person in _concerned(briefing)}
    briefing.title, briefing.chair, briefing.online = draft.title, draft.chair, draft.online
    briefing.audience = draft.audience
    briefing.save(update_fields=["title", "chair", "online", "audience"])
    _put_agenda(briefing, draft.agenda)
    held = BriefingFile.objects.filter(briefing=briefing, file_id__in=removed_files, removed_at__isnull=True)
    take_off(held, briefing, at=at)
    attach_to_briefing(briefing, draft.files, at=at)
    note("briefing.edited", briefing, actor=actor, at=at)
    if briefing.state == S.PLANNED:
        new = [person for person in _concerned(briefing) if person.pk not in before]
        tell_briefing("announced", briefing, at=at, people=new)
    return briefing


@transaction.atomic
def move_briefing(*, briefing_id, starts_at, place, reason, actor, at):
    """
    Put a briefing off, for a reason that everybody reads; the day before stays on its page.

    :raises OperationRefused: with the reason.
    """
    briefing = locked_briefing(briefing_id)
    require(may_move_briefing(actor, briefing))
    if starts_at <= at:
        raise OperationRefused(_("This moment has passed. Choose a later one."))
    if (starts_at, place) == (briefing.starts_at, briefing.place):
        raise OperationRefused(_("Day, time and place are the same as before."))
    before = briefing.starts_at
    BriefingMove.objects.create(
        briefing=briefing, starts_at=before, place=briefing.place, reason=reason, by=actor, at=at
    )
    briefing.starts_at, briefing.place = starts_at, place
    briefing.save(update_fields=["starts_at", "place"])
    note("briefing.moved", briefing, actor=actor, at=at, before_on=local_day(before), on=local_day(starts_at))
    step = f"{at:%Y%m%d%H%M%S}"
    tell_briefing("moved", briefing, at=at, people=[*_concerned(briefing), *_askers(briefing)], step=step)
    return briefing


@transaction.atomic
def cancel_briefing(*, briefing_id, reason, actor, at):
    """
    Cancel a briefing for a reason that everybody reads; questions handed in before are left open, so that none is lost.

    :raises OperationRefused: with the reason.
    """
    briefing = locked_briefing(briefing_id)
    require(may_cancel_briefing(actor, briefing))
    briefing.cancel_reason, briefing.cancelled_at = reason, at
    move_state(briefing, S.CANCELLED, fields=("cancel_reason", "cancelled_at"))
    note("briefing.cancelled", briefing, actor=actor, at=at, on=local_day(briefing.starts_at))
    askers = _askers(briefing)
    for question in briefing.questions.all():
        if question.inquiry_id is None:
            make_inquiry(question, actor=actor, at=at)
    tell_briefing("cancelled", briefing, at=at, people=[*_concerned(briefing), *askers])
    return briefing


@transaction.atomic
def ask_beforehand(*, briefing_id, text, key, asker, at):
    """
    Hand in a question before a briefing, once for its form's key; the name is for the desk only.

    :raises OperationRefused: with the reason, as when the briefing has begun.
    :raises Conflict: when the key is that of somebody else's question.
    """
    briefing = locked_briefing(briefing_id)
    require(may_ask_beforehand(asker, briefing, at))
    if not _can_seal():
        raise OperationRefused(_("The union has not set up its identity key yet. Please ask without a name."))
    asked = [question for question in briefing.questions.all() if question.asker_id == asker.pk]
    if len(asked) >= QUESTIONS_OF_ONE and key not in {question.idempotency_key for question in asked}:
        raise OperationRefused(_("You have asked %(n)d questions for this briefing already.") % {"n": len(asked)})
    question, is_new = BriefingQuestion.objects.get_or_create(
        idempotency_key=key,
        defaults={
            "briefing": briefing,
            "text": text,
            "asker": asker,
            "is_beforehand": True,
            "asked_on": local_day(at),
        },
    )
    if question.asker_id != asker.pk or question.briefing_id != briefing.pk:
        raise Conflict(_("This form has been sent already. Begin a new one."))
    if is_new:
        # Who asked is no matter of the ledger: that somebody did is.
        note("briefing.asked", briefing, actor=None, at=at)
        tell_briefing("asked", briefing, at=at, roles=(Role.HANDLER,), step=question.pk.hex[:16])
    return question


@transaction.atomic
def ask_beforehand_unnamed(*, briefing_id, draft, at):
    """
    Hand in a question without a name: an inquiry at once, because only that has a receipt for nobody.

    Sending the same form again returns the same receipt.

    :raises OperationRefused: with the reason, as when the briefing has begun.
    """
    briefing = locked_briefing(briefing_id)
    require(may_ask_beforehand(None, briefing, at))
    receipt = open_inquiry(channel=BRIEFING_QUESTION, draft=draft, author=None, actor=None, at=at)
    if receipt.is_new:
        BriefingQuestion.objects.create(
            briefing=briefing,
            text=draft.body,
            is_beforehand=True,
            asked_on=receipt.inquiry.received_on,
            inquiry=receipt.inquiry,
            idempotency_key=draft.idempotency_key,
        )
    return receipt


def leave_forgotten_open(*, at):
    """
    Leave the questions open of briefings that nobody recorded a week after their hour, and return how many.

    A question handed in has an answer coming, whatever became of the briefing.
    """
    rows = (
        BriefingQuestion.objects.filter(
            inquiry__isnull=True, briefing__state=S.PLANNED, briefing__starts_at__lt=at - RECORDED_AFTER
        )
        .order_by("briefing", "pk")
        .values_list("briefing", flat=True)
    )
    failed = "the questions of briefing %s could not be left open"
    return one_by_one(dict.fromkeys(rows), lambda key: _leave_forgotten(key, at), failed)


@transaction.atomic
def _leave_forgotten(briefing_id, at):
    briefing = locked_briefing(briefing_id)
    if briefing.state != S.PLANNED or briefing.starts_at >= at - RECORDED_AFTER:
        return 0
    waiting = [question for question in briefing.questions.all() if question.inquiry_id is None]
    for question in waiting:
        make_inquiry(question, actor=SYSTEM, at=at)
    return len(waiting)


# Shared with the record of a briefing -------------------------------------------------------------------------


def make_inquiry(question, *, actor, at):
    """
    Leave a question open: it becomes an inquiry, answered within thirty days of the briefing.

    The question's own key is the inquiry's, so that there is one however often this is asked for. Whoever asked was
    promised that only those who prepare read the name: the inquiry is confidential, and the question forgets it.
    """
    asker = question.asker if question.asker_id and _can_seal() else None
    briefing = question.briefing
    # From the day it was announced for in the beginning: putting it off moves no answer.
    first = min([briefing.starts_at, *(move.starts_at for move in briefing.moves.all())])
    held_on = local_day(briefing.held_at or min(first, at))
    line = " ".join(question.text.split())
    draft = InquiryDraft(
        kind=InquiryKind.QUESTION,
        topic=Topic.OTHER,
        unit=briefing.unit,
        subject=line if len(line) <= SUBJECT_MAX else line[: SUBJECT_MAX - 1] + "…",
        body=question.text,
        identity_mode=IdentityMode.CONFIDENTIAL if asker else IdentityMode.ANONYMOUS,
        idempotency_key=question.pk,
    )
    receipt = open_inquiry(
        channel=BRIEFING_QUESTION,
        draft=draft,
        author=asker,
        actor=asker,
        at=at,
        due_on=max(local_day(at), held_on + ANSWERED_WITHIN),
    )
    question.inquiry, question.asker = receipt.inquiry, None
    question.save(update_fields=["inquiry", "asker"])
    note("briefing.left_open", briefing, actor=actor, at=at, number=receipt.inquiry.number)
    return receipt.inquiry


def tell_briefing(kind, briefing, *, at, people=(), roles=(), step=""):
    """Put a notice on people's own desks and on those of the nearest holders of the roles."""
    desks = [desk_of(person) for person in people]
    desks += sorted({nearest_desk(role, briefing.unit, at) for role in roles})
    if desks:
        post(
            kind=f"briefing.{kind}",
            subject=briefing,
            desks=desks,
            at=at,
            key=f"briefing.{kind}:{briefing.pk.hex}:{step}",
            title=briefing.title,
            on=local_day(briefing.starts_at),
        )


def _put_agenda(briefing, lines):
    """Write the agenda anew; what was said on a point that stays is kept."""
    old, titles = list(briefing.agenda.all()), {line.title for line in lines}
    said = {row.title: row.summary for row in old}
    # A point whose title was put right is the one that stood in its place.
    renamed = {row.order: row.summary for row in old if row.title not in titles}
    AgendaItem.objects.filter(briefing=briefing).delete()
    AgendaItem.objects.bulk_create(
        AgendaItem(
            briefing=briefing,
            order=place,
            title=line.title,
            speaker=line.speaker,
            speaker_person=line.person,
            minutes=line.minutes,
            summary=said.get(line.title, renamed.get(place, "")),
        )
        for place, line in enumerate(lines, start=1)
    )
    getattr(briefing, "_prefetched_objects_cache", {}).pop("agenda", None)


def _concerned(briefing):
    """Return who chairs or speaks, as people of the roster, each once."""
    speakers = Person.objects.filter(
        pk__in=[row.speaker_person_id for row in briefing.agenda.all() if row.speaker_person_id]
    )
    return list({person.pk: person for person in [briefing.chair, *speakers]}.values())


def _can_seal():
    return IdentityKey.objects.filter(retired_at__isnull=True).exists()


def _askers(briefing):
    return [row.asker for row in briefing.questions.all() if row.asker_id is not None]


def _tell_subscribers(briefing, at):
    """Tell everybody who asked to be told of this unit, and may read it."""
    asked = Subscription.objects.filter(unit__in=Unit.objects.above(briefing.unit))
    people = Person.objects.filter(Q(pk__in=asked.values("person")), is_active=True)
    if briefing.audience == Audience.UNIT:
        people = people.filter(unit__in=Unit.objects.under(briefing.unit))
    tell_briefing("subscribed", briefing, at=at, people=people.order_by("pk").only("pk"))
