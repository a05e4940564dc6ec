"""The library: who enters and approves, since when what holds, what changed since a day, what the search finds."""

import datetime as dt
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from disclosures import operations as does
from disclosures.enums import REGULATION_TRANSITIONS, RegulationState
from disclosures.models import Regulation, RegulationLook, RegulationVersion
from disclosures.operations.regulations import _move
from disclosures.queries import changed_since, looked_on, readable_versions_of_library, standing_rows
from portal.kernel.days import day_start, local_day
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.search.checking import drifts
from portal.search.queries import search
from tests.factories.disclosures import AT, make_offices, make_publication
from tests.factories.regulations import (
    BODY,
    approve,
    enter,
    fresh,
    make_place,
    make_regulation,
    make_text,
    repeal,
    revise,
)
from tests.faults.stage import in_parallel
from tests.services import both_engines

D = dt.date
DAY = dt.timedelta(days=1)
S = RegulationState
NOBODY = AnonymousUser()
pytestmark = pytest.mark.usefixtures("english")


def held(regulation, day):
    """Return what holds on a day: ("text", number), ("repeal", None) or nothing; exactly one row or none."""
    rows = list(RegulationVersion.objects.holding(day).filter(regulation=regulation))
    assert len(rows) <= 1
    return (rows[0].act, rows[0].number) if rows else None


def test_every_state_has_a_row_and_leads_to_states_only():
    assert set(REGULATION_TRANSITIONS) == set(S)
    assert {target for targets in REGULATION_TRANSITIONS.values() for target in targets} <= set(S)


@pytest.mark.parametrize("source", list(S))
@pytest.mark.parametrize("target", list(S))
def test_moves_are_those_of_the_table(source, target, monkeypatch):
    version, saved = RegulationVersion(state=source), []
    monkeypatch.setattr(RegulationVersion, "save", lambda self, **kwargs: saved.append(self.state))
    if target in REGULATION_TRANSITIONS[source]:
        _move(version, target)
        assert (version.state, saved) == (target, [target])
    else:
        with pytest.raises(IllegalTransition):
            _move(version, target)
        assert (version.state, saved) == (source, [])


def test_each_day_has_the_version_that_held_on_it(offices):
    rule = make_regulation(
        offices, texts=((D(2025, 1, 1), BODY), (D(2026, 1, 1), BODY + "二"), (D(2026, 6, 1), BODY + "三"))
    )
    repeal(offices, rule, D(2027, 1, 1))
    found = {
        day: held(rule, day)
        for day in (
            D(2024, 12, 31),
            D(2025, 1, 1),
            D(2025, 12, 31),
            D(2026, 1, 1),
            D(2026, 1, 4),
            D(2026, 5, 31),
            D(2026, 6, 1),
            D(2026, 12, 31),
            D(2027, 1, 1),
            D(2027, 1, 4),
        )
    }
    assert list(found.values()) == [
        None,
        ("text", 1),
        ("text", 1),
        ("text", 2),
        ("text", 2),
        ("text", 2),
        ("text", 3),
        ("text", 3),
        ("repeal", None),
        ("repeal", None),
    ]


def test_no_two_versions_ever_hold_on_one_day(offices):
    rule = make_regulation(offices, texts=((D(2026, 3, 1), BODY), (D(2026, 6, 1), BODY)))
    for day in (D(2026, 2, 1), D(2026, 3, 1), D(2026, 6, 1)):
        with pytest.raises(OperationRefused, match="must begin after"):
            revise(offices, rule, in_force_from=day)
    assert RegulationVersion.objects.count() == 2
    last = RegulationVersion.objects.order_by("-in_force_from").first()
    with pytest.raises(IntegrityError), transaction.atomic():
        RegulationVersion.objects.filter(pk=last.pk).update(in_force_to=D(2026, 6, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        RegulationVersion.objects.filter(number=1).update(in_force_to=None)


def test_a_draft_that_another_version_has_overtaken_cannot_be_handed_on(offices):
    rule = make_regulation(offices)
    draft = revise(offices, rule, in_force_from=D(2026, 4, 1))
    # Somebody else's row that was approved meanwhile; one draft waits at a time, so written behind its back.
    RegulationVersion.objects.filter(number=1).update(in_force_from=D(2026, 5, 1))
    with pytest.raises(OperationRefused, match="Meanwhile"):
        does.submit_regulation(version_id=draft.pk, actor=offices.handler, at=AT)
    assert fresh(draft).state == S.DRAFT


def test_approving_freezes_gives_a_number_and_ends_the_one_before(offices):
    first = approve(offices, enter(offices))
    second = approve(offices, revise(offices, first.regulation, in_force_from=D(2026, 4, 1)))
    first = fresh(first)
    assert (first.number, first.in_force_to, second.number, second.in_force_to) == (1, D(2026, 4, 1), 2, None)
    assert len(second.fingerprint) == 64 and second.fingerprint != first.fingerprint
    assert (second.approved_by, second.approved_at) == (offices.head, AT)
    verbs = list(
        Entry.objects.filter(verb__startswith="regulation.").order_by("at", "pk").values_list("verb", flat=True)
    )
    assert sorted(verbs) == sorted(["regulation.entered", "regulation.submitted", "regulation.approved"] * 2)
    for act in (does.submit_regulation, does.discard_regulation_draft, does.approve_regulation):
        with pytest.raises(OperationRefused):
            act(version_id=second.pk, actor=offices.handler, at=AT)
    with pytest.raises(OperationRefused, match="no longer a draft"):
        does.edit_regulation_draft(version_id=second.pk, text=make_text(), actor=offices.handler, at=AT)


def test_nobody_approves_what_they_entered(offices):
    version = enter(offices, actor=offices.head)
    does.submit_regulation(version_id=version.pk, actor=offices.head, at=AT)
    with pytest.raises(OperationRefused, match="yourself"):
        does.approve_regulation(version_id=version.pk, actor=offices.head, at=AT)
    for nobody in (offices.handler, offices.worker, offices.other_head, offices.officer):
        with pytest.raises(OperationRefused, match="Only the department head"):
            does.approve_regulation(version_id=version.pk, actor=nobody, at=AT)
    assert fresh(version).state == S.WAITING
    does.approve_regulation(version_id=version.pk, actor=offices.leader, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        RegulationVersion.objects.filter(pk=version.pk).update(approved_by=offices.head)


def test_sending_back_needs_a_reason_and_gives_the_draft_back(offices):
    version = enter(offices)
    does.submit_regulation(version_id=version.pk, actor=offices.handler, at=AT)
    with pytest.raises(OperationRefused, match="what must be changed"):
        does.send_back_regulation(version_id=version.pk, note_text="", actor=offices.head, at=AT)
    does.send_back_regulation(version_id=version.pk, note_text="请补充罚则", actor=offices.head, at=AT)
    assert (fresh(version).state, fresh(version).remark) == (S.DRAFT, "请补充罚则")
    does.edit_regulation_draft(version_id=version.pk, text=make_text(title="奖金办法"), actor=offices.handler, at=AT)
    assert approve(offices, fresh(version)).title == "奖金办法"


def test_entering_twice_makes_one_and_a_taken_code_is_said(offices):
    text = make_text()
    first, second = (
        does.enter_regulation(place=make_place(offices), text=text, actor=offices.handler, at=AT) for _n in range(2)
    )
    assert first == second and RegulationVersion.objects.count() == 1
    with pytest.raises(Conflict, match="sent already"):
        does.enter_regulation(place=make_place(offices, "X-1"), text=text, actor=offices.head, at=AT)
    with pytest.raises(Conflict, match="this code"):
        enter(offices)
    does.discard_regulation_draft(version_id=first.pk, actor=offices.head, at=AT)
    assert enter(offices, title="又一个").regulation == first.regulation
    assert Regulation.objects.count() == 1


def test_one_draft_waits_at_a_time(offices):
    rule = make_regulation(offices)
    revise(offices, rule, in_force_from=D(2026, 5, 1))
    with pytest.raises(Conflict, match="waits already"):
        revise(offices, rule, in_force_from=D(2026, 6, 1))


@pytest.mark.parametrize(
    ("over", "place", "reason"),
    [
        ({"body": "<p> </p>"}, {}, "needs its text"),
        ({"body": ""}, {"kind": "flow"}, "at least one step"),
    ],
)
def test_what_says_nothing_is_refused(offices, over, place, reason):
    with pytest.raises(OperationRefused, match=reason):
        enter(offices, place=place, **over)


def test_a_revision_says_what_it_changes_and_what_is_repealed_is_not_repealed_again(offices):
    rule = make_regulation(offices)
    with pytest.raises(OperationRefused, match="what was changed"):
        revise(offices, rule, in_force_from=D(2026, 5, 1), note="")
    repeal(offices, rule, D(2026, 5, 1))
    with pytest.raises(OperationRefused, match="Nothing of this"):
        repeal(offices, rule, D(2026, 6, 1))
    again = approve(offices, revise(offices, rule, in_force_from=D(2026, 7, 1)))
    assert (again.number, held(rule, D(2026, 6, 30)), held(rule, D(2026, 7, 1))) == (2, ("repeal", None), ("text", 2))


def test_changed_since_is_exactly_what_began_in_the_time(offices):
    old = make_regulation(offices, "A-1", texts=((D(2025, 1, 1), BODY),), at=day_start(D(2025, 1, 1)))
    new = make_regulation(offices, "A-2", texts=((D(2026, 2, 20), BODY),), at=day_start(D(2026, 2, 1)))
    late = make_regulation(offices, "A-3", texts=((D(2025, 6, 1), BODY),))  # entered on the day of AT
    changed = approve(offices, revise(offices, old, in_force_from=D(2026, 3, 1), at=AT), at=AT)
    gone = make_regulation(offices, "A-4", texts=((D(2025, 1, 1), BODY),), at=day_start(D(2025, 1, 1)))
    repeal(offices, gone, D(2026, 3, 5))
    make_regulation(offices, "A-5", texts=((D(2026, 3, 10), BODY),))  # comes into force the day after
    hidden = make_regulation(offices, "A-6", texts=((D(2026, 3, 1), BODY),), audience="staff")

    def since(day, user=NOBODY, today=None):
        return {(row.regulation.code, row.number) for row in changed_since(user, day, today or local_day(AT))}

    assert since(D(2026, 2, 20)) == {("A-2", 1), ("A-3", 1), ("A-1", 2), ("A-4", None)}
    assert since(D(2026, 2, 21)) == {("A-3", 1), ("A-1", 2), ("A-4", None)}
    assert since(D(2026, 3, 9)) == {("A-3", 1), ("A-1", 2), ("A-4", None)}  # known since AT's day, whatever they say
    assert since(D(2026, 3, 10)) == set()
    assert since(D(2026, 3, 10), today=D(2026, 3, 10)) == {("A-5", 1)}
    assert since(D(2026, 3, 9), offices.worker) == since(D(2026, 3, 9)) | {("A-6", 1)}
    assert [new.code, late.code, changed.number, hidden.code] == ["A-2", "A-3", 2, "A-6"]


def test_a_look_is_remembered_by_day_and_only_by_the_button(offices):
    assert looked_on(offices.worker) is None
    does.mark_looked(actor=offices.worker, at=AT)
    does.mark_looked(actor=offices.worker, at=AT + DAY)
    assert (looked_on(offices.worker), RegulationLook.objects.count()) == (D(2026, 3, 10), 1)


def found(words, person=NOBODY, **more):
    return [(one.kind, one.object_key) for one in search(words, person=person, **more).page.items]


def test_search_finds_by_clause_what_is_in_force_or_coming(offices):
    rule = make_regulation(
        offices, texts=((D(2025, 1, 1), BODY), (D(2026, 3, 1), BODY), (D(2026, 6, 1), "第一条 夜班津贴另行规定。"))
    )
    kind = "disclosures.regulation"
    assert found("班组考核得分核定") == [(kind, "ZD-2026-001")]
    assert found("夜班津贴") == [(kind, "ZD-2026-001@3")]
    assert found("启石人〔2026〕7号", kind=kind, unit=offices.works, since=D(2026, 5, 1)) == [(kind, "ZD-2026-001@3")]
    assert does.refile_regulations(at=AT) == 0
    day_before, on, after = (day_start(D(2026, 6, 1)) + n * DAY for n in (-1, 0, 3))
    assert does.refile_regulations(at=day_before) == 0
    assert does.refile_regulations(at=on) == 2
    assert (does.refile_regulations(at=on), does.refile_regulations(at=after)) == (0, 0)
    assert (found("班组考核得分核定"), found("夜班津贴")) == ([], [(kind, "ZD-2026-001")])
    assert drifts() == []
    repeal(offices, rule, D(2026, 7, 1), at=after)
    assert does.refile_regulations(at=day_start(D(2026, 7, 1))) == 1
    assert (found("夜班津贴"), drifts()) == ([], [])


@pytest.mark.parametrize(
    ("audience", "finders"),
    [
        ("everybody", ["visitor", "worker", "stranger", "handler", "inspector"]),
        ("staff", ["worker", "stranger", "handler", "inspector"]),
        ("unit", ["worker", "handler", "inspector"]),
    ],
)
def test_search_and_library_respect_the_audience(offices, audience, finders):
    make_regulation(offices, audience=audience)
    people = {"visitor": NOBODY} | {name: getattr(offices, name) for name in ("worker", "stranger", "handler")}
    people["inspector"] = offices.inspector
    assert [name for name, person in people.items() if found("奖金", person)] == finders
    rows = {name: readable_versions_of_library(person).count() for name, person in people.items()}
    assert [name for name, count in rows.items() if count] == finders


def test_visitors_find_publications_that_are_for_everybody(offices):
    text = make_publication(offices, body="向全体公开的奖金总额")
    make_publication(offices, body="只给本单位的奖金总额", audience="unit")
    assert found("奖金总额") == [("disclosures.publication", text.number)]


def test_drafts_are_nobodys_to_find(offices):
    does.submit_regulation(version_id=enter(offices).pk, actor=offices.handler, at=AT)
    assert found("奖金", offices.head) == []
    assert readable_versions_of_library(offices.head).count() == 0


def test_the_librarys_tabs_part_the_rows(offices):
    make_regulation(offices, "B-1", texts=((D(2025, 1, 1), BODY), (D(2026, 6, 1), BODY)))
    make_regulation(offices, "B-2", texts=((D(2026, 6, 1), BODY),))
    make_regulation(offices, "B-3", texts=((D(2025, 1, 1), BODY),), repealed_on=D(2026, 1, 1))
    rows, today = readable_versions_of_library(NOBODY), D(2026, 3, 9)

    def codes(standing, day=today):
        return sorted(
            (row.regulation.code, row.number) for row in standing_rows(rows, standing, day).order_by("regulation__code")
        )

    assert codes("in_force") == [("B-1", 1)]
    assert codes("coming") == [("B-1", 2), ("B-2", 1)]
    assert codes("repealed") == [("B-3", None)]
    assert codes("in_force", D(2026, 5, 31)) == [("B-1", 1)]
    assert codes("in_force", D(2026, 6, 1)) == [("B-1", 2), ("B-2", 1)]


def test_a_flow_keeps_its_steps_in_order(offices):
    steps = (("提出申请", "班组长", "", "申请单", "1个工作日", "RS-01"), ("审核", "人事处", "申请单", "", "", ""))
    draft = enter(offices, place={"kind": "flow"}, body="", steps=steps)
    version = approve(offices, draft)
    assert [(step.number, step.what, step.form) for step in version.steps.all()] == [
        (1, "提出申请", "RS-01"),
        (2, "审核", ""),
    ]
    assert found("人事处") == [("disclosures.regulation", "ZD-2026-001")]


def test_those_concerned_are_told(offices):
    from portal.notices.models import Notice

    version = enter(offices)
    does.submit_regulation(version_id=version.pk, actor=offices.handler, at=AT)
    does.approve_regulation(version_id=version.pk, actor=offices.head, at=AT + DAY)
    kinds = list(Notice.objects.order_by("at", "desk").values_list("kind", "desk"))
    assert kinds == [
        ("regulation.to_approve", f"dept_head:{offices.works.pk}"),
        ("regulation.to_approve", f"leader:{offices.works.pk}"),
        ("regulation.approved", f"person:{offices.handler.pk}"),
    ]


@pytest.mark.django_db(transaction=True)
@both_engines
def test_r14_two_approvers_at_once_make_one_approval(engine, transactional_db):
    offices = make_offices()
    rule = make_regulation(offices)
    draft = revise(offices, rule, in_force_from=D(2026, 5, 1))
    does.submit_regulation(version_id=draft.pk, actor=offices.handler, at=AT)

    def sign(actor):
        try:
            does.approve_regulation(version_id=draft.pk, actor=actor, at=AT)
        except OperationRefused:
            return "refused"
        return "approved"

    answers = in_parallel(2, [offices.head, offices.leader] * 3, sign)
    assert sorted(answers) == ["approved"] + ["refused"] * 5
    assert sorted(RegulationVersion.objects.values_list("number", "in_force_to")) == [(1, D(2026, 5, 1)), (2, None)]


@pytest.mark.django_db(transaction=True)
@both_engines
def test_r14_one_form_sent_many_times_enters_one(engine, transactional_db):
    offices = make_offices()
    text = make_text(idempotency_key=uuid.uuid4())

    def send(_number):
        return does.enter_regulation(place=make_place(offices), text=text, actor=offices.handler, at=AT).pk

    assert len(set(in_parallel(4, range(8), send))) == 1
    assert (Regulation.objects.count(), RegulationVersion.objects.count()) == (1, 1)
