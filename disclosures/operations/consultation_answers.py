"""What workers say of a draft, what it is answered, and the report: what we heard, what we changed."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.deadlines.operations import make_promise, meet_promise
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.rows import only_one
from portal.kernel.verdicts import OperationRefused, require

from ..clauses import is_kept, words_of
from ..consulting import report_print
from ..enums import ConsultationState, OpinionMode
from ..models import ConsultationClause, ConsultationGroup, ConsultationOpinion
from ..queries.consultations import waiting_answers
from ..rules.consultations import (
    may_complete_answers,
    may_decide_consultation,
    may_group_opinions,
    may_hide_opinion,
    may_prepare_report,
    may_show_opinion,
    may_speak,
)
from ..texts import cleaned, fingerprint_of
from .consultations import (
    authors_of,
    locked_consultation,
    move_consultation,
    refile_consultation,
    tell_of,
    tell_subscribers,
)
from .core import note, require_read

S = ConsultationState


@dataclass(frozen=True)
class OpinionDraft:
    """What the form has cleaned of an opinion; ``nickname`` empty: named."""

    clause: object  # None: the whole
    stance: str
    text: str
    idempotency_key: object
    nickname: str = ""
    shows_name: bool = False


class Given(NamedTuple):
    """An opinion, and whether it is new or was there already."""

    opinion: ConsultationOpinion
    is_new: bool


@dataclass(frozen=True)
class ReportDraft:
    """What the form has cleaned of the report and the final text."""

    summary: str
    final_body: str
    method: str
    decided_on: object
    document: str = ""


def say_opinion(*, consultation_id, draft, author, at, is_vouched=False):
    """
    Say something about a draft, once for its form's key; ``author`` None for somebody under a nickname.

    Of a nickname's author nothing is stored, and of anybody's time no more than
    the day. ``is_vouched`` as in :func:`may_speak`.

    :raises OperationRefused: with the reason.
    :raises Conflict: when the key belongs to somebody else's form.
    """
    found = _said(draft, consultation_id, author)
    if found is not None:
        return Given(found, False)
    try:
        with transaction.atomic():
            consultation = locked_consultation(consultation_id, at)
            require(may_speak(author, consultation, is_open=consultation.is_open(at), is_vouched=is_vouched))
            if draft.clause is not None and draft.clause.consultation_id != consultation.pk:
                raise OperationRefused(_("This clause belongs to another draft."))
            mode = OpinionMode.NICKNAME if author is None else OpinionMode.NAMED
            opinion = ConsultationOpinion(
                consultation=consultation,
                clause=draft.clause,
                stance=draft.stance,
                text=draft.text,
                mode=mode,
                nickname=draft.nickname if author is None else "",
                person=author,
                shows_name=draft.shows_name and author is not None,
                given_on=local_day(at),
                idempotency_key=draft.idempotency_key,
            )
            opinion.save(force_insert=True)
            note(
                "consultation.opinion_given",
                opinion,
                # Whom readers know as a worker the ledger does not know by name either.
                actor=author if opinion.shows_name else None,
                at=at,
                day_only=True,
                clause=draft.clause.anchor if draft.clause else "whole",
                sha256=fingerprint_of(str(opinion.pk), {"stance": opinion.stance, "text": opinion.text}),
            )
            return Given(opinion, True)
    except IntegrityError:
        found = _said(draft, consultation_id, author)
        if found is None:
            raise
        return Given(found, False)


def _said(draft, consultation_id, author):
    """Return the opinion that the form's key has made already, if it is this author's."""
    found = only_one(ConsultationOpinion.objects.filter(idempotency_key=draft.idempotency_key))
    if found is None:
        return None
    if found.consultation_id != consultation_id or found.person_id != (author.pk if author else None):
        raise Conflict(_("This form has been sent already. Begin a new one."))
    return found


@transaction.atomic
def hide_opinion(*, opinion_id, reason, actor, at):
    """
    Hide the words of an opinion for a coded reason that everybody reads; it still counts and is answered.

    :raises OperationRefused: with the reason.
    """
    opinion = ConsultationOpinion.objects.get(pk=opinion_id)
    consultation = locked_consultation(opinion.consultation_id, at)
    require(may_hide_opinion(actor, consultation))
    opinion = ConsultationOpinion.objects.select_for_update(of=("self",)).get(pk=opinion_id)
    if opinion.hidden_reason:
        raise Conflict(_("Somebody has hidden this meanwhile."))
    opinion.hidden_reason, opinion.hidden_by = reason, actor
    opinion.save(update_fields=["hidden_reason", "hidden_by"])
    note("consultation.opinion_hidden", consultation, actor=actor, at=at, reason=reason, opinion=opinion.pk)
    # The union's chair watches over what is hidden; once a day, however much it was.
    tell_of("opinion_hidden", consultation, Role.UNION_CHAIR, at=at, step=f"{local_day(at):%Y%m%d}")
    return opinion


@transaction.atomic
def show_opinion(*, opinion_id, actor, at):
    """
    Show hidden words again; that they were hidden stays in the ledger.

    :raises OperationRefused: with the reason, as when the same person has hidden them.
    """
    opinion = ConsultationOpinion.objects.get(pk=opinion_id)
    consultation = locked_consultation(opinion.consultation_id, at)
    opinion = ConsultationOpinion.objects.select_for_update(of=("self",)).get(pk=opinion_id)
    require(may_show_opinion(actor, consultation, opinion))
    if not opinion.hidden_reason:
        raise Conflict(_("These words are not hidden."))
    opinion.hidden_reason, opinion.hidden_by = "", None
    opinion.save(update_fields=["hidden_reason", "hidden_by"])
    note("consultation.opinion_shown", consultation, actor=actor, at=at, opinion=opinion.pk)
    return opinion


@transaction.atomic
def group_opinions(*, consultation_id, opinion_ids, group_id=None, heading="", actor, at):
    """
    Put opinions into one group, a new one by its heading or one that is there; out of whatever group they were in.

    :raises OperationRefused: with the reason.
    """
    consultation = _to_answer(consultation_id, actor, at)
    opinions = list(
        ConsultationOpinion.objects.filter(consultation=consultation, pk__in=opinion_ids).select_for_update(
            of=("self",)
        )
    )
    if not opinions:
        raise OperationRefused(_("Choose at least one opinion."))
    group = consultation.groups.filter(pk=group_id).first() if group_id else None
    if group is None:
        if not heading:
            raise OperationRefused(_("Choose a group, or give a new one its heading."))
        # The consultation is locked: nobody else is numbering or naming groups.
        group = consultation.groups.filter(heading=heading).first()
    if group is None:
        last = consultation.groups.aggregate(last=Max("ordinal"))["last"] or 0
        group = ConsultationGroup.objects.create(consultation=consultation, ordinal=last + 1, heading=heading)
    ConsultationOpinion.objects.filter(pk__in=[one.pk for one in opinions]).update(group=group)
    note("consultation.grouped", consultation, actor=actor, at=at, group=group.pk, count=len(opinions))
    return group


@transaction.atomic
def answer_group(*, group_id, heading, summary, outcome, answer, actor, at):
    """
    Answer a group of opinions; may be changed until the answers are published.

    :raises OperationRefused: with the reason.
    """
    group = ConsultationGroup.objects.get(pk=group_id)
    consultation = _to_answer(group.consultation_id, actor, at)
    group = ConsultationGroup.objects.select_for_update(of=("self",)).get(pk=group_id)
    if consultation.groups.filter(heading=heading).exclude(pk=group_id).exists():
        raise OperationRefused(_("Another group has this heading already."))
    group.heading, group.summary, group.outcome, group.answer = heading, summary, outcome, answer
    group.answered_by, group.answered_at = actor, at
    group.save()
    note("consultation.group_answered", consultation, actor=actor, at=at, group=group.pk, outcome=outcome)
    return group


@transaction.atomic
def complete_answers(*, consultation_id, actor, at):
    """
    Publish the answers: every opinion has a group and every group its answer.

    :raises OperationRefused: when one has not.
    :raises IllegalTransition: when they have been published already.
    """
    consultation = locked_consultation(consultation_id, at)
    waiting = waiting_answers(consultation)
    require(may_complete_answers(actor, consultation, is_over=consultation.is_over(at), waiting=waiting))
    # Groups that have lost all their opinions to others were working material only.
    consultation.groups.filter(opinions__isnull=True).delete()
    consultation.answered_by, consultation.answered_at = actor, at
    consultation.report_promise = make_promise(
        kind="consultation.report", subject=consultation, unit=consultation.owner, started_on=local_day(at), at=at
    )
    move_consultation(consultation, S.ANSWERED, fields=("answered_by", "answered_at", "report_promise"))
    meet_promise(promise=consultation.answer_promise, actor=actor, at=at)
    note(
        "consultation.answered",
        consultation,
        actor=actor,
        at=at,
        opinions=consultation.opinions.count(),
        groups=consultation.groups.count(),
    )
    refile_consultation(consultation)
    tell_of("answered", consultation, at=at, people=authors_of(consultation))
    return consultation


@transaction.atomic
def prepare_report(*, consultation_id, draft, actor, at):
    """
    Write report and final text; another person decides on them.

    :raises OperationRefused: with the reason.
    """
    consultation = locked_consultation(consultation_id, at)
    require(may_prepare_report(actor, consultation))
    if draft.decided_on > local_day(at):
        raise OperationRefused(_("A decision lies in the past, or is of today."))
    if draft.decided_on <= consultation.closes_on:
        # What is decided while the workers are asked was not put before them (劳动合同法 art. 4).
        raise OperationRefused(_("A decision comes after the last day for opinions."))
    consultation.summary, consultation.method, consultation.document = draft.summary, draft.method, draft.document
    consultation.final_body, consultation.decided_on = cleaned(draft.final_body), draft.decided_on
    consultation.prepared_by, consultation.prepared_at, consultation.return_note = actor, at, ""
    consultation.save(
        update_fields=[
            "summary",
            "method",
            "document",
            "final_body",
            "decided_on",
            "prepared_by",
            "prepared_at",
            "return_note",
        ]
    )
    note("consultation.report_prepared", consultation, actor=actor, at=at)
    step = at.strftime("%Y%m%d%H%M%S")
    tell_of("to_decide", consultation, Role.LEADER_IN_CHARGE, Role.UNION_CHAIR, at=at, step=step)
    return consultation


@transaction.atomic
def decide_consultation(*, consultation_id, is_granted, note_text, read=None, actor, at):
    """
    Publish report and final text, or send them back with a remark.

    :raises OperationRefused: with the reason, or when a no has no remark.
    :raises Conflict: when the report is not what the second person has read (``read``).
    """
    consultation = locked_consultation(consultation_id, at)
    require(may_decide_consultation(actor, consultation))
    if not is_granted:
        return _send_back(consultation, note_text, actor, at)
    require_read(read, report_print(consultation))
    consultation.published_by, consultation.published_at = actor, at
    move_consultation(consultation, S.DECIDED, fields=("published_by", "published_at"))
    clauses, final = list(consultation.clauses.all()), words_of(consultation.final_body)
    for clause in clauses:
        clause.is_changed = not is_kept(clause.body, final)
    ConsultationClause.objects.bulk_update(clauses, ["is_changed"], batch_size=200)
    meet_promise(promise=consultation.report_promise, actor=actor, at=at)
    note(
        "consultation.decided",
        consultation,
        actor=actor,
        at=at,
        decided_on=consultation.decided_on,
        changed=sum(clause.is_changed for clause in clauses),
        sha256=report_print(consultation),
    )
    refile_consultation(consultation)
    tell_subscribers("reported", consultation, at)
    return consultation


def _send_back(consultation, note_text, actor, at):
    if not note_text:
        raise OperationRefused(_("Please say what must be changed."))
    consultation.prepared_at, consultation.return_note = None, note_text
    consultation.save(update_fields=["prepared_at", "return_note"])
    note("consultation.report_returned", consultation, actor=actor, at=at)
    step = at.strftime("%Y%m%d%H%M%S")
    tell_of("sent_back", consultation, at=at, people=[consultation.prepared_by], step=step)
    return consultation


def _to_answer(consultation_id, actor, at):
    consultation = locked_consultation(consultation_id, at)
    require(may_group_opinions(actor, consultation, is_over=consultation.is_over(at)))
    return consultation
