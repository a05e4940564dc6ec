"""What was said at a briefing: who came, questions and answers, figures, the minutes and their publication."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.deadlines.operations import make_promise, meet_promise
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused, require
from portal.search.operations import refresh_entry

from ..enums import BriefingState
from ..models import AgendaItem, BriefingAttendance, BriefingFigure, BriefingMinutes, BriefingQuestion
from ..rules.briefings import (
    draft_minutes,
    may_answer_question,
    may_hold_briefing,
    may_leave_question_open,
    may_note_briefing,
    may_publish_minutes,
    may_write_minutes,
)
from ..searching_briefings import KIND
from ..texts import cleaned, fingerprint_of
from .attaching import attach_to_briefing
from .briefing_duties import meet_briefing_duty
from .briefings import locked_briefing, make_inquiry, move_state, tell_briefing
from .core import note, require_read

S = BriefingState
FIGURES_MAX, QUESTIONS_MAX = 12, 200


def agenda_print(briefing):
    """Return the fingerprint of the agenda, by whose places what was said is recorded."""
    return fingerprint_of(str(briefing.pk), {str(point.order): point.title for point in briefing.agenda.all()})


@transaction.atomic
def hold_briefing(*, briefing_id, attendance, summaries=None, files=(), read=None, actor, at):
    """
    Record that a briefing was held, how many came of each group, and what was said on each point.

    The first time it meets the unit's duty of the month and starts the clock of
    the minutes; later calls change what was recorded, until the minutes are
    published. ``attendance`` maps a group to (invited, present), ``summaries``
    the place of a point on the agenda to what was said.

    :raises OperationRefused: with the reason.
    :raises Conflict: when the agenda is another than the one the form was filled in for (``read``).
    """
    briefing = locked_briefing(briefing_id)
    require(may_hold_briefing(actor, briefing, at))
    require_read(read, agenda_print(briefing))
    is_first = briefing.state == S.PLANNED
    BriefingAttendance.objects.filter(briefing=briefing).delete()
    BriefingAttendance.objects.bulk_create(
        BriefingAttendance(briefing=briefing, group=group, invited=invited, present=present)
        for group, (invited, present) in attendance.items()
        if invited or present
    )
    points = list(briefing.agenda.all())
    for point in points:
        point.summary = (summaries or {}).get(point.order, point.summary)
    AgendaItem.objects.bulk_update(points, ["summary"])
    attach_to_briefing(briefing, files, at=at)
    if is_first:
        briefing.held_at, briefing.held_by = briefing.starts_at, actor
        briefing.promise = make_promise(
            kind="briefing.minutes",
            subject=briefing,
            unit=briefing.unit,
            started_on=local_day(briefing.held_at),
            at=at,
        )
        move_state(briefing, S.HELD, fields=("held_at", "held_by", "promise"))
    note(
        "briefing.held" if is_first else "briefing.recorded",
        briefing,
        actor=actor,
        at=at,
        on=local_day(briefing.held_at),
        present=sum(present for _invited, present in attendance.values()),
    )
    if is_first:
        meet_briefing_duty(briefing, actor=actor, at=at)
    return briefing


@transaction.atomic
def note_question(*, briefing_id, text, asked_by, asker, answer, answered_by, key, actor, at):
    """
    Write down a question asked on the spot, with its answer if there was one; once for its form's key.

    :raises OperationRefused: with the reason.
    """
    briefing = locked_briefing(briefing_id)
    require(may_note_briefing(actor, briefing))
    if sum(not question.is_beforehand for question in briefing.questions.all()) >= QUESTIONS_MAX:
        raise OperationRefused(_("A briefing has at most %(n)d questions.") % {"n": QUESTIONS_MAX})
    question, is_new = BriefingQuestion.objects.get_or_create(
        idempotency_key=key,
        defaults={
            "briefing": briefing,
            "text": text,
            "asked_by": asked_by,
            "asker": asker,
            "asked_on": local_day(briefing.held_at),
            "answer": answer,
            "answered_by": answered_by,
        },
    )
    if question.briefing_id != briefing.pk:
        raise Conflict(_("This form has been sent already. Begin a new one."))
    if is_new:
        note("briefing.recorded", briefing, actor=actor, at=at, on=local_day(briefing.held_at))
    return question


@transaction.atomic
def answer_question(*, question_id, text, asked_by, answer, answered_by, actor, at):
    """
    Change a question's wording and answer, until the minutes are published.

    The words of a question that was handed in stay its author's own.

    :raises OperationRefused: with the reason.
    """
    question = _locked_question(question_id)
    require(may_answer_question(actor, question))
    if not question.is_beforehand:
        question.text = text
    question.asked_by, question.answer, question.answered_by = asked_by, answer, answered_by
    question.save(update_fields=["text", "asked_by", "answer", "answered_by"])
    note("briefing.recorded", question.briefing, actor=actor, at=at, on=local_day(question.briefing.held_at))
    return question


@transaction.atomic
def leave_question_open(*, question_id, actor, at):
    """
    Leave a question open that could not be answered on the spot: exactly one inquiry, however often it is pressed.

    :raises OperationRefused: with the reason.
    """
    question = _locked_question(question_id)
    if question.inquiry_id is not None:
        return question.inquiry
    require(may_leave_question_open(actor, question))
    return make_inquiry(question, actor=actor, at=at)


@transaction.atomic
def put_figure(*, briefing_id, title, measure, rows, key, figure_id=None, actor, at):
    """
    Add a table of figures, once for its form's key, or change the one with ``figure_id``.

    :raises OperationRefused: with the reason.
    """
    briefing = locked_briefing(briefing_id)
    require(may_note_briefing(actor, briefing))
    there = list(briefing.figures.all())
    values = {"title": title, "measure": measure, "rows": rows}
    if figure_id is not None:
        figure = next((one for one in there if one.pk == figure_id), None)
        if figure is None:
            raise Conflict(_("This table has been removed meanwhile."))
        for name, value in values.items():
            setattr(figure, name, value)
        figure.save(update_fields=list(values))
    else:
        if len(there) >= FIGURES_MAX:
            raise OperationRefused(_("A briefing has at most %(n)d tables of figures.") % {"n": FIGURES_MAX})
        order = max((one.order for one in there), default=0) + 1
        figure, is_new = BriefingFigure.objects.get_or_create(
            idempotency_key=key, defaults={"briefing": briefing, "order": order, **values}
        )
        if figure.briefing_id != briefing.pk:
            raise Conflict(_("This form has been sent already. Begin a new one."))
        if not is_new:
            return figure
    note("briefing.recorded", briefing, actor=actor, at=at, on=local_day(briefing.held_at))
    return figure


@transaction.atomic
def remove_figure(*, briefing_id, figure_id, actor, at):
    """Take a table of figures out before the minutes are published; a second call changes nothing."""
    briefing = locked_briefing(briefing_id)
    require(may_note_briefing(actor, briefing))
    removed, _by_model = BriefingFigure.objects.filter(briefing=briefing, pk=figure_id).delete()
    if removed:
        note("briefing.recorded", briefing, actor=actor, at=at, on=local_day(briefing.held_at))
    return briefing


@transaction.atomic
def write_minutes(*, briefing_id, text, note_text="", actor, at):
    """
    Write the minutes, or a correction of published ones; another person publishes them.

    :raises OperationRefused: with the reason, or when a correction does not say what it changes.
    """
    briefing = locked_briefing(briefing_id)
    require(may_write_minutes(actor, briefing))
    number = sum(1 for row in briefing.minutes.all() if row.published_at is not None) + 1
    if number > 1 and not note_text:
        raise OperationRefused(_("Please say what is changed and why."))
    minutes, _is_new = BriefingMinutes.objects.update_or_create(
        briefing=briefing,
        number=number,
        defaults={
            "text": cleaned(text),
            "note": note_text if number > 1 else "",
            "written_by": actor,
            "written_at": at,
        },
    )
    note("briefing.minutes_written", briefing, actor=actor, at=at, version=number)
    tell_briefing(
        "minutes_waiting",
        briefing,
        at=at,
        people=[briefing.chair] if briefing.chair_id != actor.pk else [],
        roles=(Role.DEPARTMENT_HEAD,),
        step=f"{number}",
    )
    return minutes


@transaction.atomic
def publish_minutes(*, briefing_id, read=None, actor, at):
    """
    Publish the minutes that wait, with all that belongs to them; from here on nothing of it changes.

    ``read`` is the fingerprint of all that the publisher has read.

    :raises OperationRefused: with the reason, as for one's own minutes.
    :raises Conflict: when any of it has been changed meanwhile.
    """
    briefing = locked_briefing(briefing_id)
    require(may_publish_minutes(actor, briefing))
    minutes = draft_minutes(briefing)
    require_read(read, minutes_print(briefing, minutes))
    minutes.published_by, minutes.published_at = actor, at
    minutes.fingerprint = minutes_print(briefing, minutes)
    minutes.save(update_fields=["published_by", "published_at", "fingerprint"])
    if briefing.state == S.HELD:
        move_state(briefing, S.MINUTED)
        meet_promise(promise=briefing.promise, actor=actor, at=at)
    note("briefing.minuted", briefing, actor=actor, at=at, version=minutes.number, sha256=minutes.fingerprint)
    refresh_entry(kind=KIND, key=str(briefing.pk))
    asked = [row.asker for row in briefing.questions.all() if row.asker_id is not None]
    tell_briefing("minuted", briefing, at=at, people=[minutes.written_by, *asked], step=f"{minutes.number}")
    return minutes


def minutes_print(briefing, minutes):
    """Return the fingerprint of minutes with all that is published with them."""
    return fingerprint_of(f"{briefing.pk}/{minutes.number}", texts_of(briefing, minutes))


def texts_of(briefing, minutes):
    """Return everything over which the fingerprint of published minutes is taken."""
    return {
        "title": briefing.title,
        "unit": briefing.unit.code,
        "held_at": briefing.held_at.isoformat(),
        "agenda": [
            [row.title, row.speaker, row.minutes, row.summary]
            for row in sorted(briefing.agenda.all(), key=lambda row: row.order)
        ],
        "attendance": sorted([row.group, row.invited, row.present] for row in briefing.attendance.all()),
        "figures": [[row.title, row.measure, row.rows] for row in briefing.figures.all()],
        "questions": sorted([str(row.pk), row.text, row.answer] for row in briefing.questions.all()),
        "files": sorted(row.file.sha256 for row in briefing.files.all()),
        "text": minutes.text,
        "note": minutes.note,
    }


def _locked_question(question_id):
    """Return the question with its briefing locked: whatever belongs to a briefing is changed under its lock."""
    found = BriefingQuestion.objects.only("briefing_id").get(pk=question_id)
    briefing = locked_briefing(found.briefing_id)
    question = BriefingQuestion.objects.select_related("inquiry", "asker").get(pk=question_id)
    question.briefing = briefing
    return question
