"""Consultation before a decision: time edges, second persons, every opinion answered, the report."""

import datetime as dt
import uuid
from collections import Counter

import pytest

from disclosures import operations as does
from disclosures.clauses import clauses_of, is_kept, words_of
from disclosures.enums import CONSULTATION_TRANSITIONS, ConsultationState, GroupOutcome
from disclosures.models import Consultation, ConsultationGroup, ConsultationOpinion
from disclosures.operations.consultations import move_consultation
from disclosures.queries.consultations import counts_by_consultation, opinion_counts
from portal.deadlines.models import Promise
from portal.deadlines.operations import sweep
from portal.kernel.days import day_end, day_start, local_day
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.notices.models import Notice
from portal.search.models import SearchEntry
from tests.factories.consultations import (
    BODY,
    FINAL,
    answer_all,
    fresh_consultation,
    make_consultation,
    make_consultation_draft,
    make_opinion,
    make_report,
)
from tests.factories.disclosures import AT, make_offices
from tests.faults.stage import in_parallel
from tests.services import both_engines

pytestmark = pytest.mark.usefixtures("english")
S = ConsultationState
D = dt.date
MICRO = dt.timedelta(microseconds=1)
# Opened on Monday 9 March 2026: seven working days later is Wednesday the 18th.
LAST_DAY = D(2026, 3, 18)


def test_every_state_has_a_row_and_leads_to_states_only():
    assert set(CONSULTATION_TRANSITIONS) == set(S)
    assert {target for targets in CONSULTATION_TRANSITIONS.values() for target in targets} <= set(S)


@pytest.mark.parametrize("source", list(S))
@pytest.mark.parametrize("target", list(S))
def test_moves_are_those_of_the_table(source, target, monkeypatch):
    row, saved = Consultation(state=source), []
    monkeypatch.setattr(Consultation, "save", lambda self, **kwargs: saved.append(self.state))
    if target in CONSULTATION_TRANSITIONS[source]:
        move_consultation(row, target)
        assert (row.state, saved) == (target, [target])
    else:
        with pytest.raises(IllegalTransition):
            move_consultation(row, target)
        assert (row.state, saved) == (source, [])


def test_a_draft_is_cut_into_its_clauses():
    found = [(one.anchor, one.label, one.section) for one in clauses_of(BODY)]
    assert found == [("a1", "第一条", "第一章 总则"), ("a2", "第二条", "第一章 总则"), ("a3", "第三条", "第二章 扣分")]
    second = clauses_of(BODY)[1].body
    assert "复核结果" in second
    assert second.count("<ol>") == 1
    numbered = clauses_of("<p>各车间：</p><p>一、轮班改为四班两倒。</p><p>每班十二小时。</p><p>二、夜班津贴上调。</p>")
    assert [(one.label, "十二小时" in one.body) for one in numbered] == [("", False), ("一", True), ("二", False)]
    assert len(clauses_of("<p>甲段。</p><p>乙段。</p>")) == 2
    assert clauses_of("<h2>只有标题</h2>") == []


def test_a_clause_that_only_moved_is_kept():
    moved = "<p>第一条 新增。</p><p>第四条 迟到一次扣二十元。</p>"
    assert is_kept("<p>第三条 迟到一次扣二十元。</p>", words_of(moved))
    assert not is_kept("<p>第三条 迟到一次扣十元。</p>", words_of(moved))


@pytest.mark.parametrize(
    ("moment", "is_taken"),
    [
        (day_start(LAST_DAY + dt.timedelta(days=1)) - MICRO, True),
        (day_start(LAST_DAY + dt.timedelta(days=1)), False),
        (day_start(LAST_DAY + dt.timedelta(days=4)), False),
    ],
)
@pytest.mark.parametrize("is_named", [True, False])
def test_opinions_are_taken_to_the_end_of_the_last_day_whatever_was_recorded(offices, moment, is_taken, is_named):
    row = make_consultation(offices)
    assert row.closes_on == LAST_DAY
    author = offices.worker if is_named else None
    if is_taken:
        assert make_opinion(row, author=author, at=moment).is_new
        assert fresh_consultation(row).state == S.OPEN
    else:
        with pytest.raises(OperationRefused, match="time for opinions is over"):
            make_opinion(row, author=author, at=moment)
        assert ConsultationOpinion.objects.count() == 0


def test_holidays_do_not_count(offices):
    # Monday 27 April: the first of May is a holiday, the 9th a Saturday that is worked.
    opened = dt.datetime(2026, 4, 27, 1, 0, tzinfo=dt.UTC)
    row = make_consultation(offices, at=opened)
    assert row.closes_on == D(2026, 5, 9)


def test_closing_is_recorded_once_and_starts_the_clock_of_the_answers(offices):
    row = make_consultation(offices, opinions=1)
    before = day_end(LAST_DAY) - MICRO
    assert does.close_consultations(at=before) == 0
    late = day_end(LAST_DAY) + dt.timedelta(days=3)
    assert [does.run_daily(at=late)["consultations"] for _n in range(2)] == [1, 0]
    row = fresh_consultation(row)
    assert row.state == S.CLOSED
    # Ten working days from the last day of the period, however late the recording.
    assert row.answer_promise.due_on == D(2026, 4, 1)
    assert Entry.objects.filter(verb="consultation.closed").count() == 1


def test_a_missed_answer_is_told_like_others(offices):
    row = make_consultation(offices, S.CLOSED, opinions=1)
    sweep(at=row.answer_promise.due_at + dt.timedelta(days=3))
    assert Promise.objects.get(pk=row.answer_promise_id).missed_at == row.answer_promise.due_at
    assert Entry.objects.filter(verb="promise.missed", subject=f"disclosures.consultation:{row.pk}").count() == 1


@pytest.mark.parametrize("days", [6, 0])
def test_a_period_shorter_than_the_rule_is_refused(offices, days):
    with pytest.raises(OperationRefused, match="at least 7"):
        does.draft_consultation(draft=make_consultation_draft(offices, workdays=days), actor=offices.handler, at=AT)
    assert Consultation.objects.count() == 0


def test_a_draft_is_made_once_for_its_form(offices):
    draft = make_consultation_draft(offices)
    rows = [does.draft_consultation(draft=draft, actor=offices.handler, at=AT) for _n in range(2)]
    assert rows[0] == rows[1]
    assert Consultation.objects.count() == 1
    with pytest.raises(Conflict):
        does.draft_consultation(draft=draft, actor=offices.head, at=AT)


def test_nobody_opens_what_they_wrote_or_changed(offices):
    row = make_consultation(offices, S.DRAFT)
    with pytest.raises(OperationRefused, match="not handed it on"):
        does.open_consultation(consultation_id=row.pk, actor=offices.head, at=AT)
    draft = make_consultation_draft(offices, title="改过的标题")
    does.hand_consultation(consultation_id=row.pk, actor=offices.handler, at=AT)
    does.edit_consultation(consultation_id=row.pk, draft=draft, actor=offices.head, at=AT)
    assert fresh_consultation(row).handed_at is None  # changed texts are handed on anew
    does.hand_consultation(consultation_id=row.pk, actor=offices.handler, at=AT)
    with pytest.raises(OperationRefused, match="wrote this draft"):
        does.open_consultation(consultation_id=row.pk, actor=offices.head, at=AT)
    with pytest.raises(OperationRefused, match="Only the head"):
        does.open_consultation(consultation_id=row.pk, actor=offices.handler, at=AT)
    assert Entry.objects.filter(verb="consultation.opened").count() == 0
    does.open_consultation(consultation_id=row.pk, actor=offices.union_chair, at=AT)
    assert fresh_consultation(row).state == S.OPEN
    with pytest.raises(OperationRefused, match="not changed any more"):
        does.edit_consultation(consultation_id=row.pk, draft=draft, actor=offices.handler, at=AT)


def test_a_period_is_only_made_longer_and_only_while_it_runs(offices):
    row = make_consultation(offices)
    longer = {"consultation_id": row.pk, "reason": "春检停工", "actor": offices.head}
    with pytest.raises(OperationRefused, match="Only the head"):
        does.extend_consultation(closes_on=D(2026, 3, 25), at=AT, **longer | {"actor": offices.handler})
    with pytest.raises(OperationRefused, match="only made longer"):
        does.extend_consultation(closes_on=LAST_DAY, at=AT, **longer)
    with pytest.raises(OperationRefused, match="At most 90"):
        does.extend_consultation(closes_on=LAST_DAY + dt.timedelta(days=91), at=AT, **longer)
    does.extend_consultation(closes_on=D(2026, 3, 25), at=day_end(LAST_DAY) - MICRO, **longer)
    assert make_opinion(row, author=offices.worker, at=day_end(D(2026, 3, 25)) - MICRO).is_new
    with pytest.raises(OperationRefused, match="still running"):
        does.extend_consultation(closes_on=D(2026, 4, 30), at=day_end(D(2026, 3, 25)), **longer)
    assert [(one.before, one.after) for one in row.extensions.all()] == [(LAST_DAY, D(2026, 3, 25))]


def test_abandoning_keeps_draft_and_opinions_and_ends_the_clocks(offices):
    row = make_consultation(offices, S.CLOSED, opinions=2)
    with pytest.raises(OperationRefused, match="may abandon"):
        does.abandon_consultation(consultation_id=row.pk, reason="不再制定", actor=offices.handler, at=AT)
    does.abandon_consultation(consultation_id=row.pk, reason="不再制定", actor=offices.head, at=AT)
    row = fresh_consultation(row)
    assert (row.state, row.opinions.count()) == (S.ABANDONED, 2)
    assert row.answer_promise.ended_at is not None
    with pytest.raises(OperationRefused, match="come to its end"):
        does.abandon_consultation(consultation_id=row.pk, reason="再次", actor=offices.head, at=AT)


def test_an_opinion_is_taken_once_for_its_form_and_only_for_its_author(offices):
    row = make_consultation(offices)
    key = uuid.uuid4()
    given = [make_opinion(row, author=offices.worker, idempotency_key=key) for _n in range(2)]
    assert [one.is_new for one in given] == [True, False]
    assert ConsultationOpinion.objects.count() == 1
    with pytest.raises(Conflict):
        make_opinion(row, author=offices.handler, idempotency_key=key)
    with pytest.raises(Conflict):
        make_opinion(row, idempotency_key=key)
    # Sent once more when the period is over: it had been taken.
    assert not make_opinion(row, author=offices.worker, idempotency_key=key, at=day_end(LAST_DAY)).is_new


def test_who_may_not_read_says_nothing(offices):
    row = make_consultation(offices)
    with pytest.raises(OperationRefused, match="not for you"):
        make_opinion(row, author=offices.stranger)
    assert ConsultationOpinion.objects.count() == 0


def test_answers_are_published_when_every_opinion_has_one(offices):
    row = make_consultation(offices, S.CLOSED, opinions=3)
    later = day_end(row.closes_on)
    act = {"consultation_id": row.pk, "actor": offices.handler, "at": later}
    first, *others = ConsultationOpinion.objects.order_by("pk").values_list("pk", flat=True)
    with pytest.raises(OperationRefused, match="Every opinion"):
        does.complete_answers(**act)
    group = does.group_opinions(opinion_ids=[first], heading="甲", **act)
    does.answer_group(
        group_id=group.pk, heading="甲", summary="", outcome="adopted", answer="已改。", actor=offices.handler, at=later
    )
    with pytest.raises(OperationRefused, match="Every opinion"):
        does.complete_answers(**act)
    second = does.group_opinions(opinion_ids=others, heading="乙", **act)
    with pytest.raises(OperationRefused, match="Every opinion"):
        does.complete_answers(**act)
    # Moved into the answered group: the empty one is no obstacle and is dropped.
    does.group_opinions(opinion_ids=others, group_id=group.pk, **act)
    does.complete_answers(**act)
    row = fresh_consultation(row)
    assert (row.state, row.answer_promise.met_at) == (S.ANSWERED, later)
    assert list(ConsultationGroup.objects.values_list("pk", flat=True)) == [group.pk]
    assert second.pk != group.pk
    # Named authors are told, once each; nobody can be told of a nickname's.
    told = Notice.objects.filter(kind="consultation.answered").values_list("desk", flat=True)
    assert list(told) == [f"person:{offices.worker.pk}"]
    with pytest.raises(OperationRefused):
        does.group_opinions(opinion_ids=[first], heading="丙", **act)


def test_groups_are_made_only_when_the_period_is_over(offices):
    row = make_consultation(offices, opinions=1)
    key = ConsultationOpinion.objects.get().pk
    act = {"consultation_id": row.pk, "opinion_ids": [key], "heading": "甲", "actor": offices.handler}
    with pytest.raises(OperationRefused, match="when the period is over"):
        does.group_opinions(at=day_end(LAST_DAY) - MICRO, **act)
    # No job has run: the act itself records the closing.
    does.group_opinions(at=day_end(LAST_DAY), **act)
    assert fresh_consultation(row).state == S.CLOSED


def test_a_nickname_is_shown_and_counted_from_the_next_day(offices):
    row = make_consultation(offices)
    make_opinion(row, at=AT)
    make_opinion(row, author=offices.worker, at=AT)
    midnight = day_end(local_day(AT))
    counted = [
        sum(sum(opinion_counts(row, at).values(), Counter()).values()) for at in (AT, midnight - MICRO, midnight)
    ]
    assert counted == [1, 1, 2]
    assert [counts_by_consultation([row], at)[row.pk] for at in (midnight - MICRO, midnight)] == [1, 2]


def test_the_ledger_knows_only_who_shows_the_name(offices):
    row = make_consultation(offices)
    make_opinion(row, author=offices.worker, at=AT)
    make_opinion(row, author=offices.worker, at=AT, clause=None, shows_name=True)
    actors = Entry.objects.filter(verb="consultation.opinion_given").values_list("actor", flat=True)
    assert sorted(actors) == ["", f"person:{offices.worker.pk}"]


def test_a_hidden_opinion_counts_and_has_to_be_answered(offices):
    row = make_consultation(offices, S.CLOSED, opinions=1)
    opinion = ConsultationOpinion.objects.get()
    hide = {"opinion_id": opinion.pk, "reason": "privacy", "at": day_end(LAST_DAY)}
    with pytest.raises(OperationRefused, match="Only the union"):
        does.hide_opinion(actor=offices.handler, **hide)
    does.hide_opinion(actor=offices.officer, **hide)
    with pytest.raises(Conflict):
        does.hide_opinion(actor=offices.officer, **hide)
    with pytest.raises(OperationRefused, match="Every opinion"):
        does.complete_answers(consultation_id=row.pk, actor=offices.handler, at=day_end(LAST_DAY))
    show = {"opinion_id": opinion.pk, "at": day_end(LAST_DAY)}
    for actor, words in ((offices.handler, "Only the union"), (offices.officer, "yourself")):
        with pytest.raises(OperationRefused, match=words):
            does.show_opinion(actor=actor, **show)
    does.show_opinion(actor=offices.union_chair, **show)
    with pytest.raises(Conflict):
        does.show_opinion(actor=offices.union_chair, **show)
    # The union's chair is told, once a day however much is hidden.
    told = Notice.objects.filter(kind="consultation.opinion_hidden")
    assert told.count() == 1
    for later, count in ((dt.timedelta(hours=1), 1), (dt.timedelta(days=1), 2)):
        does.hide_opinion(actor=offices.officer, **{**hide, "at": hide["at"] + later})
        does.show_opinion(actor=offices.union_chair, **{**show, "at": hide["at"] + later})
        assert told.count() == count
    opinion.refresh_from_db()
    assert (opinion.hidden_reason, opinion.hidden_by) == ("", None)
    verbs = Entry.objects.filter(verb__startswith="consultation.opinion_").values_list("verb", flat=True)
    assert set(verbs) == {f"consultation.opinion_{what}" for what in ("given", "hidden", "shown")}
    answer_all(offices, row, at=day_end(LAST_DAY))
    does.complete_answers(consultation_id=row.pk, actor=offices.handler, at=day_end(LAST_DAY))
    entry = Entry.objects.get(verb="consultation.answered")
    assert (entry.facts["opinions"], entry.facts["groups"]) == (1, 1)


def test_a_consultation_without_opinions_comes_to_its_report(offices):
    row = make_consultation(offices, S.DECIDED)
    assert (row.state, row.groups.count(), row.opinions.count()) == (S.DECIDED, 0, 0)


def test_nobody_decides_on_their_own_report(offices):
    row = make_consultation(offices, S.ANSWERED, opinions=1)
    later = day_end(row.closes_on)
    act = {"consultation_id": row.pk, "at": later}
    with pytest.raises(OperationRefused, match="No report"):
        does.decide_consultation(is_granted=True, note_text="", actor=offices.leader, **act)
    with pytest.raises(OperationRefused, match="lies in the past"):
        does.prepare_report(draft=make_report(decided_on=D(2027, 1, 1)), actor=offices.handler, **act)
    with pytest.raises(OperationRefused, match="after the last day"):
        does.prepare_report(draft=make_report(decided_on=row.closes_on), actor=offices.handler, **act)
    does.prepare_report(draft=make_report(later), actor=offices.union_chair, **act)
    with pytest.raises(OperationRefused, match="wrote this report"):
        does.decide_consultation(is_granted=True, note_text="", actor=offices.union_chair, **act)
    with pytest.raises(OperationRefused, match="Only the leader"):
        does.decide_consultation(is_granted=True, note_text="", actor=offices.handler, **act)
    with pytest.raises(OperationRefused, match="say what must be changed"):
        does.decide_consultation(is_granted=False, note_text="", actor=offices.leader, **act)
    does.decide_consultation(is_granted=False, note_text="请补充理由", actor=offices.leader, **act)
    assert (fresh_consultation(row).prepared_at, fresh_consultation(row).return_note) == (None, "请补充理由")
    does.prepare_report(draft=make_report(later), actor=offices.union_chair, **act)
    does.decide_consultation(is_granted=True, note_text="", actor=offices.leader, **act)
    row = fresh_consultation(row)
    assert (row.state, row.report_promise.met_at) == (S.DECIDED, later)
    assert [(one.anchor, one.is_changed) for one in row.clauses.all()] == [("a1", False), ("a2", False), ("a3", True)]


def test_subscribers_are_told_of_opening_and_report_once_and_only_readers(offices):
    does.set_subscriptions(actor=offices.worker, sections=[], units=[offices.works])
    does.set_subscriptions(actor=offices.stranger, sections=["C"], units=[])
    make_consultation(offices, S.DECIDED)
    kinds = ("consultation.opened", "consultation.reported")
    told = Notice.objects.filter(kind__in=kinds).order_by("kind").values_list("kind", "desk")
    assert list(told) == [(kind, f"person:{offices.worker.pk}") for kind in kinds]


def test_what_readers_may_know_is_found_and_no_more(offices):
    def found():
        return {one.object_key: one for one in SearchEntry.objects.filter(kind="disclosures.consultation")}

    make_consultation(offices, S.DRAFT)
    assert found() == {}
    row = make_consultation(offices, S.ANSWERED, opinions=1, audience="unit")
    later = day_end(row.closes_on)
    entry = found()[str(row.pk)]
    assert entry.audience == "unit"
    assert "扣罚过重" in entry.text
    does.prepare_report(consultation_id=row.pk, draft=make_report(later), actor=offices.handler, at=later)
    assert "当月首次不扣" not in found()[str(row.pk)].text
    does.decide_consultation(consultation_id=row.pk, is_granted=True, note_text="", actor=offices.leader, at=later)
    assert "当月首次不扣" in found()[str(row.pk)].text
    assert "当月首次不扣" in FINAL


@pytest.mark.django_db(transaction=True)
@both_engines
def test_r14_a_storm_of_the_same_forms_makes_one_opinion_and_one_closing(engine, transactional_db):
    offices = make_offices()
    row = make_consultation(offices)
    keys = [uuid.uuid4() for _n in range(3)]

    def say(key):
        return make_opinion(row, author=offices.worker, idempotency_key=key).is_new

    assert sorted(in_parallel(4, keys * 4, say)) == [False] * 9 + [True] * 3
    assert ConsultationOpinion.objects.count() == 3
    in_parallel(4, range(4), lambda _n: does.close_consultations(at=day_end(LAST_DAY)))
    assert Entry.objects.filter(verb="consultation.closed").count() == Promise.objects.count() == 1


def test_outcomes_are_answered_by_somebody(offices):
    row = make_consultation(offices, S.DECIDED, opinions=2)
    group = ConsultationGroup.objects.get(consultation=row)
    assert (group.outcome, group.answered_by) == (GroupOutcome.PARTLY, offices.handler)
