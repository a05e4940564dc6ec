"""Items in session: called up, taken through their procedure, voted on in the sealed box, concluded."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.ballots.definition import Definition, Option, Question, Share
from portal.ballots.enums import Comparator, PollState, QuestionKind
from portal.ballots.operations import draft_poll
from portal.ballots.operations import repeat_poll as repeat_in_the_box
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused, require

from ..enums import BY_POLL, JOINT_TRANSITIONS, ItemKind, ItemState, JointState, Stage
from ..models import AgendaItem, ItemStage, PollItem, SessionPoll, Speech
from ..phrases import SCALE
from ..queries.hall import (
    attendance_of,
    half_passes,
    has_live_polls,
    in_the_hall,
    items_to_vote,
    next_stage,
    unanswered,
)
from ..rules import hall as rules
from .agenda import move_item
from .core import check_transition, locked_session, note
from .implementation import conclude_reports

OWNER = "congress"


def _locked_item(item_id):
    session = locked_session(AgendaItem.objects.values_list("session_id", flat=True).get(pk=item_id))
    item = AgendaItem.objects.select_related("joint").prefetch_related("stages").get(pk=item_id)
    item.session = session
    return session, item


@transaction.atomic
def call_item(*, item_id, actor, at):
    """
    Take up an item of the agenda; one is under discussion at a time.

    :raises OperationRefused: with the reason.
    :raises Conflict: when another operator has taken up an item.
    """
    session, item = _locked_item(item_id)
    require(rules.may_call_item(actor, item, attendance_of(session), has_polls=has_live_polls(session)))
    try:
        with transaction.atomic():
            move_item(item, ItemState.RUNNING, at=at)
    except IntegrityError as error:
        raise Conflict(_("Another item is under discussion.")) from error
    note("congress_session.item_called", session, actor=actor, at=at, item=item.pk, position=item.position)
    return _move_on(item, actor, at)


@transaction.atomic
def pass_stage(*, item_id, stage, words="", actor, at):
    """
    Record that the next stage of the running item is done.

    After the last word an item is concluded, or waits for its secret ballot.

    :raises OperationRefused: with the reason.
    """
    session, item = _locked_item(item_id)
    verdict = rules.may_pass_stage(
        actor, item, stage, attendance_of(session), wanted=next_stage(item), unanswered=unanswered(item)
    )
    require(verdict)
    _stage(item, stage, words, actor, at)
    note("congress_session.stage_passed", session, actor=actor, at=at, item=item.pk, stage=stage)
    item = AgendaItem.objects.prefetch_related("stages").get(pk=item_id)
    return _move_on(item, actor, at)


def _stage(item, stage, words, actor, at):
    try:
        with transaction.atomic():
            ItemStage.objects.create(item=item, stage=stage, words=words, done_at=at, done_by=actor)
    except IntegrityError as error:
        raise Conflict(_("Somebody has recorded this stage already.")) from error


def _move_on(item, actor, at):
    """Let an item wait for its ballot, or conclude it, when its procedure has come so far."""
    wanted = next_stage(item)
    if wanted in BY_POLL:
        move_item(item, ItemState.TO_VOTE)
        end_speeches(item, at)
    elif wanted is None:
        move_item(item, ItemState.NOTED, at=at)
        end_speeches(item, at)
        conclude_reports(item, actor=actor, at=at)
    return item


def end_speeches(item, at):
    """Let nobody speak, or wait to speak, on an item that is under discussion no more."""
    Speech.objects.filter(item=item, ended_at__isnull=True).update(ended_at=at)


@transaction.atomic
def defer_item(*, item_id, reason, actor, at):
    """
    Send an item back to be revised by employer and union and put to the congress again (Shanghai art. 30).

    :raises OperationRefused: with the reason, or while a vote on it runs.
    """
    session, item = _locked_item(item_id)
    require(rules.may_defer_item(actor, item))
    _leave(session, item, ItemState.DEFERRED, at, outcome=reason)
    note("congress_session.item_deferred", session, actor=actor, at=at, item=item.pk, position=item.position)
    return item


@transaction.atomic
def put_off_item(*, item_id, actor, at):
    """
    Put an item off because the quorum is missed; how many were there then is kept with it.

    :raises OperationRefused: with the reason, while there is a quorum or a vote on it runs.
    """
    session, item = _locked_item(item_id)
    found = attendance_of(session)
    require(rules.may_put_off_item(actor, item, found))
    _leave(session, item, ItemState.PUT_OFF, at, there=found.present)
    facts = {"position": item.position, "present": found.present, "whole": found.whole}
    note("congress_session.item_put_off", session, actor=actor, at=at, item=item.pk, **facts)
    return item


def _leave(session, item, target, at, **fields):
    if item.state == ItemState.TO_VOTE and item.pk not in {one.pk for one in items_to_vote(session)}:
        raise OperationRefused(_("A vote on this item runs."))
    for name, value in fields.items():
        setattr(item, name, value)
    move_item(item, target, at=at, fields=list(fields))
    end_speeches(item, at)


# Votes ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def draw_up_poll(*, session_id, items, title, grade, scrutineers, closes_at, key, has_paper=False, actor, at):
    """
    Draw up one secret ballot on items that wait for a vote, each with its own question (分项表决).

    The share is taken of all delegates, vacant seats included where the
    credential report counts them. Candidates count no votes.

    :raises OperationRefused: with the reason.
    """
    session = locked_session(session_id)
    if (done := SessionPoll.objects.filter(poll_id=key, session=session).first()) is not None:
        return done
    waiting = {one.pk: one for one in items_to_vote(session)}
    require(rules.may_draw_up_poll(actor, session, attendance_of(session), items))
    if any(item.pk not in waiting for item in items):
        raise OperationRefused(_("One of these items does not wait for a vote any more."))
    items = [waiting[item.pk] for item in items]  # as they stand under the lock: who was elected stands no more
    standing = {name for item in items for name in item.names}
    if found := [person.name for person in scrutineers if person.name in standing]:
        raise OperationRefused(
            _("%(name)s stands for election or is appraised and counts no votes.") % {"name": found[0]}
        )
    share = Share(comparator=str((Comparator.AT_LEAST if half_passes(session, at) else Comparator.MORE).value))
    questions, owned = [], []
    for item in sorted(items, key=lambda one: one.position):
        asked = _questions(item, share, len(questions))
        questions += asked
        owned.append((item, [question.code for question in asked]))
    poll = draft_poll(
        owner_kind=OWNER,
        owner_id=session.pk.hex,
        title=title,
        grade=grade,
        definition=Definition(questions=tuple(questions), whole=session.whole, has_paper=has_paper),
        scrutineers=scrutineers,
        closes_at=closes_at,
        key=key,
        actor=actor,
        at=at,
    )
    row = SessionPoll.objects.create(session=session, poll=poll)
    PollItem.objects.bulk_create(PollItem(session_poll=row, item=item, questions=codes) for item, codes in owned)
    note("congress_session.poll_drawn_up", session, actor=actor, at=at, poll=poll.pk, items=len(owned))
    return row


def _questions(item, share, asked):
    """Return the questions of an item; an election that left seats open is run off between those tied."""
    if item.kind == ItemKind.ELECT:
        names, seats = _still_standing(item)
        options = tuple(Option(f"c{place}", name) for place, name in enumerate(names, 1))
        code, kind = f"q{asked + 1}", QuestionKind.ELECTION.value
        return [Question(code, kind, item.title, share, options, seats, bool(item.can_write_in))]
    if item.kind == ItemKind.APPRAISE:
        options = tuple(Option(code, str(label)) for code, label in SCALE.items())
        return [
            Question(f"q{asked + place}", QuestionKind.RATING.value, f"{item.title}：{name}", share, options)
            for place, name in enumerate(item.names, 1)
        ]
    return [Question(f"q{asked + 1}", QuestionKind.VOTE.value, item.title, share)]


def _still_standing(item):
    """Return (names, seats): all candidates at first, later those who were not elected, for the seats left."""
    names = [name for name in item.names if name not in item.elected]
    return names, min(item.seats - len(item.elected), len(names))


@transaction.atomic
def repeat_poll(*, session_poll_id, closes_at, key, actor, at):
    """
    Vote again where a poll was void as a whole: a new poll with the same questions, linked to the void one.

    :raises OperationRefused: with the reason.
    :raises Conflict: when it has been repeated already.
    """
    session = locked_session(SessionPoll.objects.values_list("session_id", flat=True).get(pk=session_poll_id))
    old = SessionPoll.objects.select_related("poll__result").prefetch_related("items").get(pk=session_poll_id)
    old.session = session
    if (done := SessionPoll.objects.filter(poll_id=key, repeats=old).first()) is not None:
        return done
    require(rules.may_repeat_poll(actor, old))
    poll = repeat_in_the_box(poll_id=old.poll_id, closes_at=closes_at, actor=actor, at=at, key=key)
    try:
        with transaction.atomic():
            row = SessionPoll.objects.create(session=session, poll=poll, repeats=old)
    except IntegrityError as error:
        raise Conflict(_("This vote has been repeated already.")) from error
    PollItem.objects.bulk_create(
        PollItem(session_poll=row, item_id=one.item_id, questions=one.questions) for one in old.items.all()
    )
    note("congress_session.poll_repeated", session, actor=actor, at=at, poll=poll.pk, repeats=old.poll_id)
    return row


def hear_poll(poll, event, *, actor, at):
    """Let a session hear that its poll was opened or its result published; within the act's transaction."""
    row = SessionPoll.objects.select_related("session__term__unit").filter(poll=poll).first()
    if row is None:
        return
    if event == "opened":
        row.present = in_the_hall(row.session).count()
        row.save(update_fields=["present"])
    elif poll.state == PollState.PUBLISHED and not poll.result.is_void:
        _conclude(row, poll, actor, at)


def _conclude(row, poll, actor, at):
    session = locked_session(row.session_id)
    for one in row.items.select_related("item__joint").order_by("item__position"):
        item = one.item
        results = [poll.result.questions[code] for code in one.questions]
        if item.kind == ItemKind.ELECT:
            if not _seat(item, poll, one.questions[0], results[0], at):
                continue
        elif item.kind == ItemKind.APPRAISE:
            move_item(item, ItemState.NOTED, at=at)
        else:
            move_item(item, ItemState.ADOPTED if results[0]["is_passed"] else ItemState.REJECTED, at=at)
        conclude_reports(item, actor=actor, at=at)
        stage = Stage.RATING if item.kind == ItemKind.APPRAISE else Stage.BALLOT
        _stage(item, stage, "", actor, at)
        if item.joint is not None:
            _confirm(item.joint, is_confirmed=item.state == ItemState.ADOPTED)
        note(
            "congress_session.item_decided",
            session,
            actor=actor,
            at=at,
            item=item.pk,
            position=item.position,
            state=item.state,
            poll=poll.pk,
        )


def _seat(item, poll, code, result, at):
    """Seat who was elected; True when the election is over: all seats filled, or nobody left with enough votes."""
    question = next(one for one in poll.definition.questions if one.code == code)
    labels = {option.code: option.label for option in question.options}
    item.elected = item.elected + [labels.get(key, key) for _kind, key in result["elected"]]
    if result["tied"]:
        # Among those who stand, whoever was written in with as many votes included, and nobody else.
        item.names = item.names + [key for kind, key in result["tied"] if kind == "name" and key not in item.names]
        item.can_write_in = False
        item.save(update_fields=["elected", "names", "can_write_in"])
        return False
    move_item(item, ItemState.ADOPTED if item.elected else ItemState.REJECTED, at=at, fields=["elected"])
    return True


def _confirm(joint, *, is_confirmed):
    target = JointState.CONFIRMED if is_confirmed else JointState.REFUSED
    check_transition(JOINT_TRANSITIONS, source=joint.state, target=target)
    joint.state = target
    joint.save(update_fields=["state"])
