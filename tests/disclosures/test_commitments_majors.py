"""The register of major decisions: entered by one, made public by another, never edited, reported on each half-year."""

import datetime as dt
import uuid

import pytest

from disclosures.enums import EXECUTION_TRANSITIONS, MAJOR_TRANSITIONS, Execution, MajorState
from disclosures.models import MajorDecision, MajorDisclosure, MajorProgress, MajorReport, MajorVersion
from disclosures.operations.majors import (
    _move,
    ask_major_correction,
    decide_major,
    link_publication,
    locked_major,
    open_major_reports,
    register_major,
    report_progress,
)
from disclosures.queries.majors import majors_public, majors_to_decide, majors_to_report, with_status, with_subject
from disclosures.searching_majors import documents, keys
from portal.deadlines.models import Promise
from portal.kernel.days import day_end, day_start
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.search.models import SearchEntry as Found
from tests.factories.commitments import make_draft, make_major
from tests.factories.disclosures import AT, make_offices, make_publication
from tests.factories.people import make_appointment
from tests.faults.stage import in_parallel
from tests.services import both_engines

pytestmark = pytest.mark.usefixtures("english")
D, DAY, TICK = dt.date, dt.timedelta(days=1), dt.timedelta(microseconds=1)
TEXTS = {"subject": "裂解炉余热回收", "content": "<p>投资改为九百万元。</p>", "basis": "第九条", "vote": "一致同意"}


def report(decision, actor, status="under_way", percent=40, *, on=None, at=AT, **over):
    from portal.kernel.days import local_day

    plain = {
        "status": status,
        "percent": percent,
        "text": "基础施工完成",
        "on": on or local_day(at),
        "idempotency_key": uuid.uuid4(),
    }
    return report_progress(decision_id=decision.pk, actor=actor, at=at, **{**plain, **over})


def test_a_decision_is_public_once_somebody_else_says_so(offices):
    decision = make_major(offices, "waiting")
    assert (decision.number, list(majors_public(offices.worker))) == ("", [])
    make_appointment(offices.handler, "leader", offices.works)
    with pytest.raises(OperationRefused, match="wrote this yourself"):
        decide_major(decision_id=decision.pk, is_granted=True, answer="", actor=offices.handler, at=AT)
    with pytest.raises(OperationRefused, match="Only the leader"):
        decide_major(decision_id=decision.pk, is_granted=True, answer="", actor=offices.head, at=AT)
    decide_major(decision_id=decision.pk, is_granted=True, answer="", actor=offices.leader, at=AT)
    decision.refresh_from_db()
    assert (decision.number, decision.state, decision.published_at) == ("2026-0001", "public", AT)
    assert (decision.finish.kind, decision.finish.due_on) == ("major.finish", D(2026, 10, 31))
    version = decision.versions.get()
    entry = Entry.objects.get(verb="major.published")
    assert entry.facts == {"number": "2026-0001", "version": 1, "sha256": version.fingerprint}
    with pytest.raises(OperationRefused, match="Nothing is waiting"):
        decide_major(decision_id=decision.pk, is_granted=True, answer="", actor=offices.leader, at=AT)


def test_a_no_needs_a_reason_and_gives_no_number(offices):
    decision = make_major(offices, "waiting")
    with pytest.raises(OperationRefused, match="reason"):
        decide_major(decision_id=decision.pk, is_granted=False, answer="", actor=offices.leader, at=AT)
    decide_major(decision_id=decision.pk, is_granted=False, answer="无纪要", actor=offices.leader, at=AT)
    decision.refresh_from_db()
    assert (decision.number, decision.state, decision.finish) == ("", "declined", None)
    assert make_major(offices).number == "2026-0001"


def test_who_registers(offices):
    for actor in (offices.worker, offices.other_handler, offices.leader, offices.inspector):
        with pytest.raises(OperationRefused, match="register its major decisions"):
            register_major(draft=make_draft(offices), actor=actor, at=AT)
    with pytest.raises(OperationRefused, match="not been decided yet"):
        register_major(draft=make_draft(offices, decided_on=D(2026, 3, 10)), actor=offices.handler, at=AT)
    assert not MajorDecision.objects.exists()


def test_sending_the_form_twice_registers_once(offices):
    draft = make_draft(offices)
    first = register_major(draft=draft, actor=offices.handler, at=AT)
    assert register_major(draft=draft, actor=offices.handler, at=AT) == first
    assert Entry.objects.filter(verb="major.registered").count() == 1


@pytest.mark.parametrize("source", MajorState)
@pytest.mark.parametrize("target", MajorState)
def test_moves_are_those_of_the_table(source, target, monkeypatch):
    assert set(MAJOR_TRANSITIONS) == set(MajorState)
    decision, saved = MajorDecision(state=source), []
    monkeypatch.setattr(MajorDecision, "save", lambda self, **kwargs: saved.append(self.state))
    if target in MAJOR_TRANSITIONS[source]:
        _move(decision, target)
        assert saved == [target]
    else:
        with pytest.raises(IllegalTransition):
            _move(decision, target)
        assert (decision.state, saved) == (source, [])


@pytest.mark.parametrize("source", Execution)
@pytest.mark.parametrize("target", Execution)
def test_progress_goes_as_the_table_says(offices, source, target):
    assert set(EXECUTION_TRANSITIONS) == set(Execution)
    decision = make_major(offices)
    if source != Execution.PLANNED:
        report(decision, offices.handler, source, 100 if source == Execution.DONE else 50)
    before = MajorProgress.objects.count()
    percent = 100 if target == Execution.DONE else 60
    if target in EXECUTION_TRANSITIONS[source]:
        report(decision, offices.handler, target, percent)
        assert MajorProgress.objects.count() == before + 1
    else:
        with pytest.raises(IllegalTransition):
            report(decision, offices.handler, target, percent)
        assert MajorProgress.objects.count() == before


def test_a_correction_is_a_new_version_that_another_lets_stand(offices):
    decision = make_major(offices)
    before = decision.versions.values().get()
    ask = {"decision_id": decision.pk, "texts": TEXTS, "note_text": "金额笔误", "actor": offices.handler, "at": AT}
    ask_major_correction(**ask)
    with pytest.raises(OperationRefused, match="waiting"):
        ask_major_correction(**ask)
    assert with_subject(MajorDecision.objects.all()).get().subject == before["subject"]
    with pytest.raises(OperationRefused, match="yourself"):
        make_appointment(offices.handler, "union_chair", offices.works)
        decide_major(decision_id=decision.pk, is_granted=True, answer="", actor=offices.handler, at=AT)
    decide_major(decision_id=decision.pk, is_granted=True, answer="", actor=offices.union_chair, at=AT)
    assert with_subject(MajorDecision.objects.all()).get().subject == TEXTS["subject"]
    # What stood there has not been touched.
    assert decision.versions.values().get(number=1) == before
    assert [entry.facts["version"] for entry in Entry.objects.filter(verb="major.corrected")] == [2]
    assert documents([decision.number])[0].title == TEXTS["subject"]


def test_a_refused_correction_leaves_all_as_it_was(offices):
    decision = make_major(offices)
    ask_major_correction(decision_id=decision.pk, texts=TEXTS, note_text="金额笔误", actor=offices.handler, at=AT)
    decide_major(decision_id=decision.pk, is_granted=False, answer="无依据", actor=offices.leader, at=AT)
    decision.refresh_from_db()
    assert (decision.state, decision.number) == ("public", "2026-0001")
    assert with_subject(MajorDecision.objects.all()).get().subject == "裂解炉烟气余热回收改造"
    ask_major_correction(decision_id=decision.pk, texts=TEXTS, note_text="金额笔误", actor=offices.handler, at=AT)
    assert list(MajorVersion.objects.order_by("number").values_list("number", "is_granted")) == [
        (1, True),
        (2, False),
        (3, None),
    ]


def test_progress_is_only_added(offices):
    decision = make_major(offices)
    key = uuid.uuid4()
    report(decision, offices.handler, idempotency_key=key)
    report(decision, offices.handler, percent=90, idempotency_key=key)  # the same form once more
    assert list(MajorProgress.objects.values_list("percent", flat=True)) == [40]
    for on in (D(2026, 2, 1), D(2026, 3, 10)):  # before the decision; tomorrow
        with pytest.raises(OperationRefused, match="day lies between"):
            report(decision, offices.handler, on=on)
    with pytest.raises(OperationRefused, match="100"):
        report(decision, offices.handler, "done", 99)
    for actor in (offices.worker, offices.other_handler, offices.leader, offices.inspector):
        with pytest.raises(OperationRefused, match="Only the department"):
            report(decision, actor)
    assert MajorProgress.objects.count() == 1


def test_the_responsible_person_reports_too_and_nothing_waits_for_what_is_not_public(offices):
    decision = make_major(offices, "waiting", responsible=offices.leader2)
    with pytest.raises(OperationRefused, match="does not show"):
        report(decision, offices.leader2)
    decide_major(decision_id=decision.pk, is_granted=True, answer="", actor=offices.leader, at=AT)
    report(decision, offices.leader2)


def test_carried_out_too_early_is_taken_up_again_and_owed_again(offices):
    decision = make_major(offices)
    report(decision, offices.handler, "done", 100)
    assert Promise.objects.get(kind="major.finish").met_at == AT
    report(decision, offices.handler, "under_way", 80)
    again = Promise.objects.get(kind="major.finish", round=2)
    assert (again.met_at, again.due_on) == (None, D(2026, 10, 31))
    decision.refresh_from_db()
    assert decision.finish == again


@pytest.mark.parametrize(
    ("done_at", "is_late"),
    [
        (day_end(D(2026, 10, 31)) - TICK, False),
        (day_end(D(2026, 10, 31)), True),
        (day_end(D(2026, 10, 31)) + 3 * DAY, True),
    ],
)
def test_the_planned_end_is_a_promise(offices, done_at, is_late):
    decision = make_major(offices)
    report(decision, offices.handler, "done", 100, at=done_at)
    assert (Promise.objects.get(kind="major.finish").missed_at is not None) == is_late


# Half-years -------------------------------------------------------------------------------------------------

JULY = day_start(D(2026, 7, 1))


def test_an_unfinished_decision_owes_a_report_on_each_half_year(offices):
    decision = make_major(offices)
    done, _waiting = make_major(offices), make_major(offices, "waiting")
    report(done, offices.handler, "done", 100)
    assert open_major_reports(at=JULY - TICK) == 0  # decided after the half-year before
    assert open_major_reports(at=JULY) == 1
    assert open_major_reports(at=JULY) == 0
    row = MajorReport.objects.get()
    assert (row.decision, row.starts_on, row.ends_on) == (decision, D(2026, 1, 1), D(2026, 6, 30))
    assert (row.promise.started_on, row.promise.due_on) == (D(2026, 7, 1), D(2026, 7, 10))
    assert [one.report_due for one in majors_to_report(offices.handler)] == [D(2026, 7, 10)]


@pytest.mark.parametrize(
    ("on", "at", "is_kept"),
    [
        (D(2026, 6, 29), JULY, False),  # looked at before the half-year was over
        (D(2026, 6, 30), JULY, True),
        (D(2026, 7, 10), day_end(D(2026, 7, 10)) - TICK, True),
        (D(2026, 7, 13), day_end(D(2026, 7, 10)) + 3 * DAY, True),
    ],
)
def test_a_report_tells_how_it_stood_at_the_end(offices, on, at, is_kept):
    decision = make_major(offices)
    open_major_reports(at=JULY)
    report(decision, offices.handler, on=on, at=at)
    promise = MajorReport.objects.get().promise
    assert (promise.met_at == at) == is_kept
    assert (promise.missed_at is not None) == (at >= day_end(D(2026, 7, 10)))


@pytest.mark.django_db(transaction=True)
@both_engines
def test_r14_doubled_jobs_and_deciders_do_it_once(engine, transactional_db):
    offices = make_offices()
    make_major(offices)
    waiting = make_major(offices, "waiting")

    def do(number):
        if number % 2:
            return open_major_reports(at=JULY)
        try:
            actor = (offices.leader, offices.leader2)[number // 2 % 2]
            decide_major(decision_id=waiting.pk, is_granted=True, answer="", actor=actor, at=AT)
        except OperationRefused:
            return "refused"
        return "decided"

    found = in_parallel(4, range(8), do)
    assert sorted(map(str, found[0::2])) == ["decided", "refused", "refused", "refused"]
    # The one made public meanwhile may have been seen by a later job.
    assert MajorReport.objects.count() == sum(found[1::2]) <= 2
    assert Entry.objects.filter(verb="major.published").count() == 2
    assert sorted(MajorDecision.objects.values_list("serial", flat=True)) == [1, 2]


# Disclosed, and found ---------------------------------------------------------------------------------------


def test_what_has_not_been_disclosed_is_said_so(offices):
    decision = make_major(offices)
    text, scheduled = make_publication(offices), make_publication(offices, wanted_at=AT + DAY)

    def is_disclosed():
        return with_status(MajorDecision.objects.all()).get().is_disclosed

    assert not is_disclosed()
    with pytest.raises(OperationRefused, match="not been published"):
        link_publication(decision_id=decision.pk, publication=scheduled, actor=offices.handler, at=AT)
    with pytest.raises(OperationRefused, match="name its publications"):
        link_publication(decision_id=decision.pk, publication=text, actor=offices.other_handler, at=AT)
    for _n in range(2):
        link_publication(decision_id=decision.pk, publication=text, actor=offices.handler, at=AT)
    assert MajorDisclosure.objects.count() == Entry.objects.filter(verb="major.linked").count() == 1
    assert is_disclosed()
    type(text).objects.filter(pk=text.pk).update(state="withdrawn")
    assert not is_disclosed()


def test_readers_and_the_search_find_what_is_for_them(offices):
    found = {one: make_major(offices, audience=one) for one in ("everybody", "staff", "unit")}
    make_major(offices, "waiting")

    def readable(user):
        return {one for one, decision in found.items() if majors_public(user).filter(pk=decision.pk).exists()}

    from django.contrib.auth.models import AnonymousUser

    assert readable(AnonymousUser()) == {"everybody"}
    assert readable(offices.stranger) == {"everybody", "staff"}
    assert readable(offices.worker) == {"everybody", "staff", "unit"}
    assert sorted(keys()) == ["2026-0001", "2026-0002", "2026-0003"]
    assert sorted(Found.objects.filter(kind="disclosures.major").values_list("object_key", "audience")) == [
        ("2026-0001", "public"),
        ("2026-0002", "signed_in"),
        ("2026-0003", "unit"),
    ]


def test_the_desk_shows_what_others_wrote(offices):
    decision = make_major(offices, "waiting")
    assert list(majors_to_decide(offices.leader)) == [decision]
    assert list(majors_to_decide(offices.union_chair)) == [decision]
    assert list(majors_to_decide(offices.handler)) == []
    own = make_major(offices, "waiting", actor=offices.union_chair)
    assert set(majors_to_decide(offices.union_chair)) == {decision}
    assert set(majors_to_decide(offices.leader)) == {decision, own}


def test_a_locked_decision_has_what_its_rules_read(offices, django_assert_num_queries):
    from django.db import transaction

    decision = make_major(offices)
    with transaction.atomic(), django_assert_num_queries(5):
        locked = locked_major(decision.pk)
        assert len(locked.versions.all()) == 1 and locked.owner == offices.works
