"""What the next session is told of earlier resolutions and motions, and what the delegates say of it."""

import uuid
from html import escape

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.desks import nearest_desk
from portal.accounts.enums import Role
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import check_transition
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import record_many, subject_key
from portal.notices.outbox import post

from ..enums import REPORT_TRANSITIONS, ItemKind, ItemState, ReportKind, ReportState, ResolutionState, TaskState
from ..models import ImplementationReport
from ..queries.resolutions import items_for_reports, owed_to, reports_on
from ..rules.resolutions import may_report_implementation
from .agenda import add_paper, set_item
from .core import locked_session, note
from .resolutions import move_resolution

OUTCOMES = {
    ItemState.ADOPTED: ReportState.APPROVED,
    ItemState.REJECTED: ReportState.REJECTED,
    ItemState.NOTED: ReportState.EXAMINED,
}
SHORTENED = 90


def move_report(report, target, *, at):
    """
    Take a report to another state and save it.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(REPORT_TRANSITIONS, source=report.state, target=target)
    report.state, report.decided_at = target, at
    report.save(update_fields=["state", "decided_at"])


@transaction.atomic
def report_implementation(*, session_id, key, kind, text, item=None, is_final=False, actor, at):
    """
    Tell a session how an earlier resolution or motion was carried out, or why there is no report yet.

    Without an ``item`` the report gets one of its own, to be approved by a vote, with
    the report as its paper. Until the agenda goes out it may be written anew.

    :raises OperationRefused: with the reason.
    :raises Conflict: when somebody has written it at this moment.
    """
    session = locked_session(session_id)
    require(may_report_implementation(actor, session))
    owed = next((one for one in owed_to(session) if one.key == key), None)
    if owed is None:
        raise OperationRefused(_("Nothing is owed to this session on this."))
    if item is not None and item.pk not in {one.pk for one in items_for_reports(session)}:
        raise OperationRefused(_("This item is not on the agenda any more."))
    if is_final:
        _require_final(owed, kind, item)
    values = {"kind": kind, "text": text, "is_final": is_final, "written_by": actor, "written_at": at}
    values["item"] = item or _own_item(session, owed, text, actor, at)
    row = ImplementationReport.objects.filter(session=session, **{owed.kind: key}).first()
    if row is None:
        try:
            with transaction.atomic():
                row = ImplementationReport.objects.create(session=session, **{f"{owed.kind}_id": key}, **values)
        except IntegrityError as error:
            raise Conflict(_("Somebody has written this report already.")) from error
    else:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
    note("implementation.reported", owed.thing, actor=actor, at=at, session=session.pk, kind=kind, item=row.item_id)
    return row


def _require_final(owed, kind, item):
    if owed.kind != "resolution" or kind != ReportKind.REPORT:
        raise OperationRefused(_("Only a report on a resolution can be the final one."))
    if item is not None and item.kind != ItemKind.APPROVE:
        raise OperationRefused(
            _("A final report is approved by a vote: choose an item to be approved, or one of its own.")
        )
    left = owed.thing.tasks.filter(state=TaskState.OPEN).count()
    if left:
        raise OperationRefused(_("Tasks still open: %(n)d. Report on them, or end them with the reason.") % {"n": left})


def _own_item(session, owed, text, actor, at):
    """Put the report on the agenda as an item to be approved, with the report as its paper."""
    title = _("Report on carrying out “%(title)s”") % {"title": owed.title[:SHORTENED]}
    # Written anew after its item was taken off the agenda, it gets another one.
    turn = session.items.filter(title=title).count()
    key = uuid.uuid5(session.pk, f"{owed.key}:{turn}")
    item = set_item(session_id=session.pk, kind=ItemKind.APPROVE, title=title, idempotency_key=key, actor=actor, at=at)
    paper = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
    add_paper(
        session_id=session.pk,
        title=title,
        item=item,
        text=paper,
        idempotency_key=uuid.uuid5(key, "paper"),
        actor=actor,
        at=at,
    )
    return item


@transaction.atomic
def take_in_replies(*, session_id, item, actor, at):
    """
    Report on every filed motion whose reply has been delivered by what the reply says; return how many.

    :raises OperationRefused: with the reason.
    """
    session = locked_session(session_id)
    require(may_report_implementation(actor, session))
    if item.pk not in {one.pk for one in items_for_reports(session)}:
        raise OperationRefused(_("This item is not on the agenda any more."))
    replied = [
        one
        for one in owed_to(session)
        if one.kind == "motion" and one.report is None and one.thing.inquiry.answered_on is not None
    ]
    made = ImplementationReport.objects.bulk_create(
        ImplementationReport(
            session=session,
            motion=one.thing,
            item=item,
            kind=ReportKind.REPORT,
            text=reply_in_a_line(one.thing),
            written_by=actor,
            written_at=at,
        )
        for one in replied
    )
    record_many(
        [
            {
                "verb": "implementation.reported",
                "subject": subject_key(one.thing),
                "actor": actor,
                "at": at,
                "session": session.pk,
                "kind": ReportKind.REPORT.value,
                "item": item.pk,
            }
            for one in replied
        ]
    )
    return len(made)


def reply_in_a_line(motion):
    """Return what became of a replied motion in one sentence."""
    inquiry = motion.inquiry
    words = _("Replied on %(day)s by %(unit)s, class %(outcome)s: %(words)s.") % {
        "day": inquiry.answered_on.isoformat(),
        "unit": inquiry.lead_unit.name,
        "outcome": inquiry.outcome,
        "words": inquiry.get_outcome_display(),
    }
    if inquiry.promised_on is not None:
        words += _(" Promised for %(day)s.") % {"day": inquiry.promised_on.isoformat()}
    return words


def conclude_reports(item, *, actor, at):
    """Let the reports under an item be what became of it; an approved final report ends its resolution."""
    target = OUTCOMES.get(item.state)
    if target is None:
        return
    for report in reports_on(item):
        move_report(report, target, at=at)
        about = report.resolution or report.motion
        note(f"implementation.{target}", about, actor=actor, at=at, session=item.session_id, item=item.pk)
        resolution = report.resolution
        if resolution is None:
            continue
        if target == ReportState.APPROVED and report.is_final and resolution.state == ResolutionState.ISSUED:
            move_resolution(resolution, ResolutionState.DONE)
            note("resolution.done", resolution, actor=actor, at=at, session=item.session_id)
        elif target == ReportState.REJECTED:
            unit = resolution.session.term.unit
            post(
                kind="implementation.rejected",
                subject=resolution,
                desks=[nearest_desk(Role.UNION_OFFICER, unit, at)],
                at=at,
                key=f"implementation.rejected:{report.pk.hex}",
                number=resolution.number,
            )
