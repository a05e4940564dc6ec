"""The agenda, its papers and their delivery, opinions and answers, decisions of the joint meeting."""

import hashlib
import secrets

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.files.operations import store_file
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.richtext import clean
from portal.kernel.transitions import check_transition
from portal.kernel.verdicts import OperationRefused, require

from ..enums import (
    ITEM_TRANSITIONS,
    DeliveryWay,
    ItemKind,
    ItemState,
    JointState,
    MandateState,
    SessionState,
    StepCode,
)
from ..models import AgendaItem, Delivery, ItemOpinion, JointDecision, Mandate, Paper, PaperRead
from ..queries.agenda import delegate_of, head_of
from ..queries.resolutions import reports_missing
from ..rules import agenda as rules
from ..rules.resolutions import has_all_reports
from .core import locked_session, locked_term, move_session_to, note, own_of_key, tell_delegate, tell_delegates
from .planning import pass_step


def move_item(item, target, *, at=None, fields=()):
    """
    Take an item of the agenda to another state and save it with the named fields; ``at`` begins or ends it.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(ITEM_TRANSITIONS, source=item.state, target=target)
    item.state = target
    if target == ItemState.RUNNING:
        item.started_at = at
    elif not ITEM_TRANSITIONS[target]:
        item.ended_at = at
    item.save(update_fields=["state", "started_at", "ended_at", *fields])


@transaction.atomic
def set_item(
    *, session_id, kind, title, position=None, speaker="", minutes=None, report="", names=(), seats=0, joint=None,
    revises=None, bill=None, can_write_in=False, item=None, idempotency_key=None, actor, at,
):  # fmt: skip
    """
    Put an item on the agenda, or change one, until the agenda goes out.

    :raises OperationRefused: with the reason.
    :raises Conflict: when a decision of the joint meeting is on this agenda already.
    """
    session = locked_session(session_id)
    if item is None and (done := AgendaItem.objects.filter(idempotency_key=idempotency_key).first()) is not None:
        return done
    require(rules.may_draft_agenda(actor, session))
    if kind == ItemKind.ELECT and not 1 <= seats <= len(names):
        raise OperationRefused(_("An election has candidates, and no more seats than candidates."))
    if kind == ItemKind.APPRAISE and not names:
        raise OperationRefused(_("Say who is appraised, one name a line."))
    if joint is not None and (kind != ItemKind.APPROVE or joint.state != JointState.WAITING):
        raise OperationRefused(_("The congress confirms a decision of the joint meeting once, by a vote."))
    row = item or AgendaItem(session=session, idempotency_key=idempotency_key)
    row.kind, row.title, row.speaker, row.minutes = kind, title, speaker, minutes
    row.report, row.joint, row.revises, row.bill = report, joint, revises, bill
    row.names, row.seats = list(names), seats if kind == ItemKind.ELECT else 0
    row.can_write_in = can_write_in and kind == ItemKind.ELECT
    row.position = position or row.position or session.items.count() + 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(_("This is on the agenda already.")) from error
    note("congress_session.item_set", session, actor=actor, at=at, item=row.pk, kind=kind, position=row.position)
    return row


@transaction.atomic
def withdraw_item(*, item_id, reason, actor, at):
    """Take an item off the agenda, with the reason; it stays in the minutes as such."""
    session = locked_session(AgendaItem.objects.values_list("session_id", flat=True).get(pk=item_id))
    item = AgendaItem.objects.select_related("session__term__unit").get(pk=item_id)
    require(rules.may_withdraw_item(actor, item))
    item.outcome = reason
    move_item(item, ItemState.WITHDRAWN, at=at, fields=["outcome"])
    note("congress_session.item_withdrawn", session, actor=actor, at=at, item=item.pk, position=item.position)
    return item


@transaction.atomic
def add_paper(*, session_id, title, item=None, text="", upload=None, idempotency_key, actor, at):
    """
    Add a paper; delegates who have been convened are told of it, and its day counts for “in time”.

    :raises OperationRefused: with the reason.
    """
    session = locked_session(session_id)
    if (done := own_of_key(Paper, idempotency_key, actor, by="added_by_id")) is not None:
        return done
    require(rules.may_add_paper(actor, session))
    text = clean(text) if text else ""
    if not text and upload is None:
        raise OperationRefused(_("A paper has a text, a file, or both."))
    paper = Paper.objects.create(
        session=session,
        item=item,
        title=title,
        text=text,
        file=store_file(clean=upload, at=at) if upload is not None else None,
        added_by=actor,
        added_at=at,
        idempotency_key=idempotency_key,
    )
    sha256 = paper.file.sha256 if paper.file else hashlib.sha256(text.encode()).hexdigest()
    note("congress_session.paper_added", session, actor=actor, at=at, paper=paper.pk, sha256=sha256)
    if session.state != SessionState.PLANNED:
        tell_delegates("congress_session.paper_added", session, at=at, step=paper.pk.hex, on=session.opens_on)
    return paper


@transaction.atomic
def convene_session(*, session_id, actor, at):
    """
    Convene the delegates: agenda and papers go to all of them, with proof, and the agenda to all staff.

    :raises OperationRefused: with the reason.
    """
    session = locked_session(session_id)
    require(rules.may_convene(actor, session, has_all_reports(reports_missing(session))))
    session.convened_at = at
    move_session_to(session, SessionState.CONVENED, fields=["convened_at"])
    count = _deliver(session, DeliveryWay.PORTAL, at)
    note("congress_session.convened", session, actor=actor, at=at, on=session.opens_on, delegates=count)
    tell_delegates("congress_session.convened", session, at=at, step=f"{at:%Y%m%d%H%M%S}", on=session.opens_on)
    pass_step(session, StepCode.PAPERS, actor=actor, at=at)
    pass_step(session, StepCode.AGENDA, actor=actor, at=at)
    return session


@transaction.atomic
def deliver_rest(*, session_id, way, actor, at):
    """Give agenda and papers to delegates who have none yet, as after a by-election; return how many."""
    session = locked_session(session_id)
    require(rules.may_deliver(actor, session))
    count = _deliver(session, way, at)
    if count:
        note("congress_session.delivered", session, actor=actor, at=at, delegates=count, way=way)
    return count


def _deliver(session, way, at):
    """Write the proof of delivery of those who have none, each with a code for the door."""
    taken = dict(Delivery.objects.filter(session=session).values_list("mandate_id", "code"))
    codes, rows = set(taken.values()), []
    delegates = Mandate.objects.filter(term=session.term_id, state=MandateState.ACTIVE).exclude(pk__in=taken)
    for mandate in delegates.order_by("pk"):
        code = next(code for code in iter(lambda: f"{secrets.randbelow(10**6):06d}", "") if code not in codes)
        codes.add(code)
        rows.append(Delivery(session=session, mandate=mandate, way=way, delivered_at=at, code=code))
    Delivery.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
def confirm_receipt(*, session_id, actor, at):
    """
    Say that agenda and papers have come: the delegate's own word.

    :raises OperationRefused: with the reason.
    """
    delivery = (
        Delivery.objects.select_for_update(of=("self",))
        .filter(session=session_id, mandate__person=actor)
        .order_by("-pk")
        .first()
    )
    require(rules.may_confirm_receipt(delivery))
    delivery.seen_at = at
    delivery.save(update_fields=["seen_at"])
    return delivery


@transaction.atomic
def read_paper(*, paper_id, actor, at):
    """
    Say that one has read a paper; saying it again changes nothing.

    :raises OperationRefused: with the reason.
    """
    paper = Paper.objects.select_related("session__term__unit").get(pk=paper_id)
    mandate = delegate_of(paper.session.term_id, actor)
    require(rules.may_mark_read(mandate, paper.session))
    row, _is_new = PaperRead.objects.get_or_create(paper=paper, mandate=mandate, defaults={"read_at": at})
    return row


@transaction.atomic
def give_opinion(*, item_id, text, is_collective, idempotency_key, actor, at):
    """
    Say something about an item, for oneself or, as its head, for a delegation.

    :raises OperationRefused: with the reason.
    """
    session = locked_session(AgendaItem.objects.values_list("session_id", flat=True).get(pk=item_id))
    if (done := own_of_key(ItemOpinion, idempotency_key, actor, by="mandate.person_id")) is not None:
        return done
    item = AgendaItem.objects.select_related("session__term__unit").get(pk=item_id)
    mandate = delegate_of(session.term_id, actor)
    delegation = mandate.electing_unit.delegation if mandate else None
    is_head = mandate is not None and head_of(mandate) is not None
    require(rules.may_give_opinion(mandate, item, is_collective=is_collective, is_head=is_head))
    opinion = ItemOpinion.objects.create(
        item=item,
        delegation=delegation,
        mandate=mandate,
        is_collective=is_collective,
        text=text,
        given_at=at,
        idempotency_key=idempotency_key,
    )
    note("congress_session.opinion_given", session, actor=actor, at=at, item=item.pk, opinion=opinion.pk)
    return opinion


@transaction.atomic
def answer_opinion(*, opinion_id, answer, actor, at):
    """
    Answer an opinion on an item; who gave it is told.

    :raises OperationRefused: with the reason.
    """
    key = ItemOpinion.objects.values_list("item__session_id", flat=True).get(pk=opinion_id)
    session = locked_session(key)
    opinion = ItemOpinion.objects.select_related("item__session__term__unit", "mandate__person").get(pk=opinion_id)
    require(rules.may_answer_opinion(actor, opinion))
    opinion.answer, opinion.answered_by, opinion.answered_at = answer, actor, at
    opinion.save(update_fields=["answer", "answered_by", "answered_at"])
    note("congress_session.opinion_answered", session, actor=actor, at=at, opinion=opinion.pk)
    tell_delegate("item_opinion.answered", opinion.mandate, at=at, step=opinion.pk.hex, session=session.pk.hex)
    return opinion


@transaction.atomic
def record_joint(*, term_id, held_on, kind, title, text, took_part, idempotency_key, actor, at):
    """
    Record what the joint meeting decided between sessions; the next session confirms it or does not.

    What the congress itself must approve the joint meeting cannot decide
    (Shanghai 职工代表大会条例 art. 25).

    :raises OperationRefused: with the reason.
    """
    term = locked_term(term_id)
    if (done := own_of_key(JointDecision, idempotency_key, actor, by="recorded_by_id")) is not None:
        return done
    require(rules.may_record_joint(actor, term, at))
    if kind == ItemKind.APPROVE:
        raise OperationRefused(_("What the congress must approve the joint meeting cannot decide."))
    if not term.begins_on <= held_on <= local_day(at):
        raise OperationRefused(_("The meeting lies outside the term or in the future."))
    decision = JointDecision.objects.create(
        term=term,
        held_on=held_on,
        kind=kind,
        title=title,
        text=text,
        took_part=took_part,
        recorded_by=actor,
        recorded_at=at,
        idempotency_key=idempotency_key,
    )
    note("joint_decision.recorded", term, actor=actor, at=at, decision=decision.pk, on=held_on, kind=kind)
    return decision
