"""Resolutions: wording and issuing, corrections, tasks with their clocks, the next session's gate and verdicts."""

import datetime as dt
import hashlib
import uuid

import pytest
from django.db import IntegrityError, transaction

from congress.enums import (
    REPORT_TRANSITIONS,
    RESOLUTION_TRANSITIONS,
    TASK_TRANSITIONS,
    ReportState,
    ResolutionState,
    TaskState,
)
from congress.models import AgendaItem, ImplementationReport, Motion, Resolution, ResolutionTask, Session, TaskEntry
from congress.operations import agenda
from congress.operations import implementation as tells
from congress.operations import resolutions as does
from congress.queries.resolutions import owed_to, reports_missing
from portal.accounts.enums import Role
from portal.deadlines.models import Promise
from portal.deadlines.operations import sweep
from portal.kernel.days import day_end, local_day
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.factories import motions as motioned
from tests.factories.cards import AT
from tests.factories.commitments import clean_scan
from tests.factories.congress import make_item, make_paper, make_session, make_term
from tests.factories.people import same_person
from tests.factories.resolutions import make_past, make_resolution, make_task

pytestmark = pytest.mark.usefixtures("english")
DAY = dt.timedelta(days=1)
YEAR = local_day(AT).year


@pytest.mark.parametrize(
    ("states", "table", "model", "move"),
    [
        (ResolutionState, RESOLUTION_TRANSITIONS, Resolution, lambda row, target: does.move_resolution(row, target)),
        (TaskState, TASK_TRANSITIONS, ResolutionTask, lambda row, target: does.move_task(row, target)),
        (
            ReportState,
            REPORT_TRANSITIONS,
            ImplementationReport,
            lambda row, target: tells.move_report(row, target, at=AT),
        ),
    ],
)
def test_every_state_against_every_state(states, table, model, move, monkeypatch):
    assert set(table) == set(states)
    saved = []
    monkeypatch.setattr(model, "save", lambda self, **kwargs: saved.append(self.state))
    for source in states:
        for target in states:
            row = model(state=source)
            saved.clear()
            if target in table[source]:
                move(row, target)
                assert (row.state, saved) == (target, [target])
            else:
                with pytest.raises(IllegalTransition):
                    move(row, target)
                assert (row.state, saved) == (source, [])


def test_a_resolution_is_worded_by_one_and_issued_by_another_and_then_frozen(hall):
    past = make_past(make_term(hall), hall)
    first, second, _third = past.items
    act = {"title": "关于通过办法的决议", "text": "<p>同意<script>x</script>。</p>", "actor": hall.officer, "at": AT}
    AgendaItem.objects.filter(pk=second.pk).update(state="rejected")
    with pytest.raises(OperationRefused, match="adopted by a vote"):
        does.draft_resolution(item_id=second.pk, **act)
    with pytest.raises(OperationRefused, match="Only the union"):
        does.draft_resolution(item_id=first.pk, **{**act, "actor": hall.branch})
    one = does.draft_resolution(item_id=first.pk, **act)
    with pytest.raises(Conflict, match="begun this resolution"):
        does.draft_resolution(item_id=first.pk, **act)
    with pytest.raises(OperationRefused, match="wrote this yourself"):
        does.issue_resolution(resolution_id=one.pk, actor=hall.officer, at=AT)
    assert (one.number, list(one.versions.values_list("text", flat=True))) == ("", ["<p>同意。</p>"])
    does.write_resolution(resolution_id=one.pk, title="决议", text="<p>通过。</p>", actor=hall.officer, at=AT)
    does.issue_resolution(resolution_id=one.pk, actor=hall.chair, at=AT)
    with pytest.raises(OperationRefused, match="No wording waits"):
        does.issue_resolution(resolution_id=one.pk, actor=hall.chair, at=AT)
    one.refresh_from_db()
    version = one.versions.get()
    assert (one.number, one.state, version.title) == (f"职代会决〔{YEAR}〕1号", "issued", "决议")
    canonical = f'{{"number":"{one.number}","text":"<p>通过。</p>","title":"决议","version":1}}'
    assert version.sha256 == hashlib.sha256(canonical.encode()).hexdigest()
    assert Entry.objects.get(verb="resolution.issued").facts["sha256"] == version.sha256
    assert set(Notice.objects.filter(kind="resolution.issued").values_list("subject", flat=True)) == {
        f"congress.session:{past.session.pk}"
    }
    # A correction is another version with its reason; the first stays as it was.
    fix = {"resolution_id": one.pk, "title": "决议", "text": "<p>予以通过。</p>", "actor": hall.chair, "at": AT}
    with pytest.raises(OperationRefused, match="what was wrong"):
        does.write_resolution(**fix)
    does.write_resolution(**fix, reason="漏字")
    with pytest.raises(OperationRefused, match="wrote this yourself"):
        does.issue_resolution(resolution_id=one.pk, actor=hall.chair, at=AT)
    does.issue_resolution(resolution_id=one.pk, actor=hall.officer, at=AT)
    assert list(one.versions.values_list("number", "text", "reason")) == [
        (1, "<p>通过。</p>", ""),
        (2, "<p>予以通过。</p>", "漏字"),
    ]
    # Constraints say the same to the database.
    for broken in ({"issued_by": version.written_by}, {"sha256": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            one.versions.filter(number=1).update(**broken)
    assert Entry.objects.filter(verb="resolution.corrected").count() == 1


def test_numbers_run_by_year_and_a_later_resolution_replaces_an_earlier_one(hall):
    past = make_past(make_term(hall), hall)
    old = make_resolution(past.items[0], hall, "tasked")
    done = make_task(old, hall)
    does.report_task(
        task_id=done.pk,
        percent=100,
        text="完",
        on=local_day(AT),
        idempotency_key=uuid.uuid4(),
        actor=hall.branch,
        at=AT,
    )
    with pytest.raises(OperationRefused, match="can be replaced"):
        make_resolution(past.items[1], hall, replaces=Resolution(pk=uuid.uuid4()))
    later = make_resolution(past.items[1], hall, replaces=old)
    other = make_resolution(past.items[2], hall, at=AT + 400 * DAY)
    old.refresh_from_db()
    assert [one.number for one in (old, later, other)] == [
        f"职代会决〔{YEAR}〕1号",
        f"职代会决〔{YEAR}〕2号",
        f"职代会决〔{local_day(AT + 400 * DAY).year}〕1号",
    ]
    assert (old.state, sorted(old.tasks.values_list("state", flat=True))) == ("replaced", ["done", "dropped"])
    dropped = old.tasks.get(state="dropped")
    assert dropped.reason == f"Replaced by {later.number}." and dropped.promise.ended_at == AT
    with pytest.raises(OperationRefused, match="replaced this one"):
        does.write_resolution(resolution_id=old.pk, title="x", text="y", reason="z", actor=hall.officer, at=AT)


def test_a_task_is_promised_reported_on_and_told_when_it_is_late(hall):
    one = make_resolution(make_past(make_term(hall), hall).items[0], hall)
    worker = same_person("720009", "执行人", hall.shops[1])
    head = same_person("720010", "主任", hall.shops[0], (Role.DEPARTMENT_HEAD, hall.shops[0]))
    with pytest.raises(OperationRefused, match="lies in the past"):
        make_task(one, hall, days=-1)
    with pytest.raises(OperationRefused, match="does not belong"):
        make_task(one, hall, unit=hall.company)
    key = uuid.uuid4()
    task = make_task(one, hall, person=worker, idempotency_key=key)
    assert make_task(one, hall, idempotency_key=key) == task
    told = set(Notice.objects.filter(kind="resolution_task.set").values_list("desk", flat=True))
    assert f"person:{worker.pk}" in told
    say = {"text": "已培训两期", "on": local_day(AT), "at": AT}
    with pytest.raises(OperationRefused, match="Only the office"):
        does.report_task(task_id=task.pk, percent=10, idempotency_key=uuid.uuid4(), actor=hall.stranger, **say)
    with pytest.raises(OperationRefused, match="between the resolution and today"):
        does.report_task(
            task_id=task.pk, percent=10, idempotency_key=key, actor=head, **{**say, "on": local_day(AT) + DAY}
        )
    for actor, percent in ((head, 40), (worker, 30)):
        does.report_task(task_id=task.pk, percent=percent, idempotency_key=uuid.uuid4(), actor=actor, **say)
    does.report_task(task_id=task.pk, percent=60, files=[clean_scan()], idempotency_key=key, actor=head, **say)
    does.report_task(task_id=task.pk, percent=99, idempotency_key=key, actor=head, **say)
    task.refresh_from_db()
    assert (task.percent, list(TaskEntry.objects.order_by("pk").values_list("percent", flat=True))) == (
        60,
        [40, 30, 60],
    )
    assert task.entries.last().evidence.count() == 1
    # One microsecond before, at, three days after: the sweep tells the head, then leader and union.
    late = day_end(task.due_on)
    sweep(at=late - dt.timedelta(microseconds=1))
    task.promise.refresh_from_db()
    assert task.promise.missed_at is None
    sweep(at=late)
    sweep(at=late + 3 * DAY)
    task.promise.refresh_from_db()
    assert task.promise.missed_at == late
    desks = Notice.objects.filter(subject=task.promise.subject, is_urgent=True).values_list("desk", flat=True)
    assert f"dept_head:{hall.shops[0].pk}" in desks and len(desks) > 1
    after = late + 4 * DAY
    does.report_task(
        task_id=task.pk,
        percent=100,
        text="完成",
        on=local_day(after),
        idempotency_key=uuid.uuid4(),
        actor=head,
        at=after,
    )
    task.refresh_from_db()
    assert (task.state, task.promise.met_at) == ("done", after)
    with pytest.raises(OperationRefused, match="has ended"):
        does.report_task(
            task_id=task.pk,
            percent=50,
            text="x",
            on=local_day(after),
            idempotency_key=uuid.uuid4(),
            actor=head,
            at=after,
        )
    with pytest.raises(OperationRefused, match="has ended"):
        does.drop_task(task_id=task.pk, reason="x", actor=hall.officer, at=after)
    assert Promise.objects.filter(kind="resolution.task").count() == 1


def test_the_agenda_goes_out_only_when_every_resolution_and_motion_is_reported_on(hall):
    floor = motioned.make_floor(hall=hall)
    answered = motioned.make_motion(floor, "answered")
    filed = motioned.make_motion(floor, "filed")
    before = floor.session
    Session.objects.filter(pk=before.pk).update(
        state="disclosed", opens_at=AT - 9 * DAY, opened_at=AT - 9 * DAY, closed_at=AT - 9 * DAY, whole=30
    )
    items = [make_item_of(before, hall, f"办法{n}") for n in range(2)]
    open_one, draft = make_resolution(items[0], hall, "tasked"), make_resolution(items[1], hall, "draft")
    session = make_session(floor.term, hall, opens_at=AT + 60 * DAY)
    item = make_item(session, hall, "supervise", title="听取提案落实情况的报告")
    make_paper(session, hall, item=item)
    act = {"session_id": session.pk, "actor": hall.officer, "at": AT}
    assert [(one.kind, one.key) for one in owed_to(session)] == [
        ("resolution", open_one.pk),
        *(("motion", one.pk) for one in Motion.objects.filter(pk__in=[answered.pk, filed.pk]).order_by("serial")),
    ]
    with pytest.raises(OperationRefused, match=f"recorded reason: {open_one.number} 关于通过办法0的决议"):
        agenda.convene_session(**act)
    with pytest.raises(OperationRefused, match="Nothing is owed"):
        tells.report_implementation(**act, key=draft.pk, kind="report", text="x")
    # The replies are taken in together; the one without a reply needs a recorded reason.
    with pytest.raises(OperationRefused, match="not on the agenda"):
        tells.take_in_replies(**act, item=items[0])
    assert tells.take_in_replies(**act, item=item) == 1
    assert tells.take_in_replies(**act, item=item) == 0
    assert "class A" in ImplementationReport.objects.get(motion=answered).text
    tells.report_implementation(**act, key=filed.pk, kind="reason", text="部门正在核算费用", item=item)
    say = {**act, "key": open_one.pk, "kind": "report", "text": "已完成宣贯。\n下一步检查。"}
    with pytest.raises(OperationRefused, match="still open: 1"):
        tells.report_implementation(**say, is_final=True)
    task = open_one.tasks.get()
    done = {"percent": 100, "text": "完成", "on": local_day(AT), "idempotency_key": uuid.uuid4()}
    does.report_task(task_id=task.pk, **done, actor=hall.branch, at=AT)
    with pytest.raises(OperationRefused, match="approved by a vote"):
        tells.report_implementation(**say, is_final=True, item=item)
    first = tells.report_implementation(**say, is_final=True)
    assert (first.item.kind, first.item.papers.get().text) == ("approve", "<p>已完成宣贯。</p>\n<p>下一步检查。</p>")
    # Taken off the agenda with its report on it: missing again, until it is told anew.
    agenda.withdraw_item(item_id=first.item_id, reason="合并", actor=hall.officer, at=AT)
    assert [one.key for one in reports_missing(session)] == [open_one.pk]
    again = tells.report_implementation(**say, is_final=True)
    assert (again.pk, again.item_id) == (first.pk, again.item.pk) and again.item_id != first.item_id
    assert ImplementationReport.objects.count() == 3
    agenda.convene_session(**act)
    with pytest.raises(OperationRefused, match="has gone out"):
        tells.report_implementation(**say)
    # What becomes of the item becomes of the report; only an approved final report ends a resolution.
    for state, report, wanted in (("noted", item, "examined"), ("rejected", again.item, "rejected")):
        report.state = state
        tells.conclude_reports(report, actor=hall.officer, at=AT)
        assert set(report.implementation.values_list("state", flat=True)) == {wanted}
    open_one.refresh_from_db()
    assert open_one.state == "issued" and Notice.objects.filter(kind="implementation.rejected").count() == 1
    ImplementationReport.objects.filter(pk=again.pk).update(state="given", decided_at=None)
    again.item.state = "adopted"
    tells.conclude_reports(again.item, actor=hall.officer, at=AT)
    open_one.refresh_from_db()
    assert open_one.state == "done"
    assert Entry.objects.filter(verb="resolution.done").count() == 1


def make_item_of(session, hall, title):
    """Return an adopted item of a session that is over."""
    return AgendaItem.objects.create(
        session=session, position=1, kind="approve", title=title, state="adopted", idempotency_key=uuid.uuid4()
    )
