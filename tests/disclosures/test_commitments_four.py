"""The four responsibilities: who has them, and that what each owes equals a full recount, row by row."""

import datetime as dt
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from disclosures import operations as does
from disclosures.enums import DutyRole
from disclosures.models import (
    CommitmentSignature,
    Correction,
    MajorVersion,
    PaperSignature,
    Publication,
    Rectification,
    Responsibility,
    Withdrawal,
)
from disclosures.operations.commitments import set_plan
from disclosures.operations.majors import ask_major_correction
from disclosures.operations.responsibilities import end_responsible, set_responsible
from disclosures.queries.responsibilities import holders_of, owed_by, promises_owed, units_listed, unsigned_by
from disclosures.responsible import OF_ROLE, falls_on, kinds_owed
from portal.accounts.enums import Role
from portal.accounts.models import Appointment
from portal.deadlines.kinds import kind_of
from portal.deadlines.models import Promise
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from tests.factories.commitments import clean_scan, make_major, make_round
from tests.factories.disclosures import AT, make_assignment, make_publication
from tests.factories.people import make_appointment, make_officer, make_person, make_unit

pytestmark = pytest.mark.usefixtures("english")
D, DAY = dt.date, dt.timedelta(days=1)
FIRST, EXECUTIVE, SUPERVISOR, EVALUATOR = DutyRole


def names(unit, at=AT):
    return {
        str(role): [person.name if person else words for person, words, _deputy in rows]
        for role, rows in holders_of([unit], at)[unit.pk].items()
    }


def test_the_nearest_offices_have_the_responsibilities(offices):
    make_appointment(make_person(unit=offices.works), Role.HANDLER, offices.works, until=AT)
    assert names(offices.works) == {
        "first": [offices.leader.name],
        "executive": [offices.head.name, offices.handler.name],
        "supervisor": [offices.inspector.name, offices.union_chair.name],
        "evaluator": [],
    }
    # Nobody leads the chemical fertiliser works: the leader of the enterprise does.
    assert names(offices.other)["first"] == [offices.leader2.name]


def test_who_stands_in_is_shown_as_such(offices):
    deputy = make_person(unit=offices.works, name="代理厂长")
    post = Appointment.objects.get(person=offices.leader)
    make_appointment(deputy, Role.LEADER_IN_CHARGE, offices.works, deputy_for=post, until=AT + DAY)
    assert {(p.name, d) for p, _w, d in holders_of([offices.works], AT)[offices.works.pk][FIRST]} == {
        (offices.leader.name, False),
        ("代理厂长", True),
    }


def named(offices, role="first", *, actor=None, **over):
    plain = {
        "unit": offices.works,
        "person": offices.handler,
        "words": "",
        "reason": "书记空缺",
        "since": D(2026, 3, 9),
    }
    return set_responsible(role=role, actor=actor or offices.union_chair, at=AT, **{**plain, **over})


def test_what_the_union_chair_sets_wins_from_its_day_until_its_end(offices):
    for actor in (offices.leader, offices.inspector, offices.officer, offices.worker):
        with pytest.raises(OperationRefused, match="Only the union chair"):
            named(offices, actor=actor)
    row = named(offices)
    named(offices, "evaluator", person=None, words="职工代表团")
    with pytest.raises(Conflict):
        named(offices)
    with pytest.raises(Conflict):
        named(offices, "evaluator", person=None, words="职工代表团")
    assert names(offices.works, AT - DAY)["first"] == [offices.leader.name]
    assert names(offices.works)["first"] == [offices.handler.name]
    assert names(offices.works)["evaluator"] == ["职工代表团"]
    for _n in range(2):
        end_responsible(responsibility_id=row.pk, actor=offices.union_chair, at=AT)
    assert names(offices.works)["first"] == [offices.handler.name]  # until tonight
    assert names(offices.works, AT + DAY)["first"] == [offices.leader.name]
    assert Responsibility.objects.count() == 2
    assert Entry.objects.filter(verb="responsibility.ended").count() == 1


def test_every_kind_of_disclosure_falls_on_somebody():
    found = {code: falls_on(kind, is_late=False)[0] for code, kind in kinds_owed().items()}
    assert found["disclosure.publish"] == EXECUTIVE
    assert found["publication.ratify"] == FIRST
    assert found["commitment.renew"] == SUPERVISOR
    assert found["major.progress"] == found["major.finish"] == EXECUTIVE
    assert "commitment.sign" not in found
    assert falls_on(kind_of("disclosure.publish"), is_late=True) == (EXECUTIVE, FIRST)
    assert falls_on(kind_of("publication.ratify"), is_late=True) == (FIRST,)


def furnish(offices):
    """Leave something of everything open and late, in the works, its shop, another works and the enterprise."""
    for unit in (offices.works, offices.other, offices.shop):
        for code in ("C01", "B02"):
            make_assignment(offices, code, unit, since=D(2026, 1, 1))
    does.open_duties(at=AT)
    report = make_assignment(offices, "D02", since=D(2026, 1, 1))
    does.report_event(assignment_id=report.pk, event="报警", event_on=local_day(AT), actor=offices.handler, at=AT)
    for state in ("draft", "head", "secrecy", "group"):
        make_publication(offices, state)
    text = make_publication(offices)
    does.ask_correction(
        publication_id=text.pk, title="更正", body="更正", note_text="笔误", actor=offices.handler, at=AT
    )
    does.ask_withdrawal(publication_id=text.pk, reason_code="wrong", reason="有误", actor=offices.handler, at=AT)
    flag = does.flag_publication(publication_id=text.pk, reason="late", demand="说明", actor=offices.inspector, at=AT)
    does.report_rectified(rectification_id=flag.pk, done="已说明", actor=offices.handler, at=AT)
    make_officer(Role.DEPARTMENT_HEAD, offices.shop)
    one = make_round(offices)
    make_round(offices, offices.other, kind="letter", state="draft")
    make_round(offices, offices.company, at=AT, since=D(2026, 1, 1))
    does_enter(offices, one)
    decision = make_major(offices)
    make_major(offices, unit=offices.works, planned_end=D(2026, 3, 1))
    make_major(offices, "waiting", unit=offices.works)
    ask_major_correction(
        decision_id=decision.pk,
        texts={"subject": "改", "content": "改", "basis": "", "vote": ""},
        note_text="笔误一处",
        actor=offices.handler,
        at=AT,
    )


def does_enter(offices, one):
    from disclosures.operations.papers import enter_paper

    enter_paper(
        signature_id=one.signatures.get(person=offices.head).pk,
        scan=clean_scan(),
        signed_on=local_day(AT),
        actor=offices.inspector,
        at=AT,
    )


def recounted(at):
    """Count everything anew, a row at a time, in Python: {(unit code, responsibility, is late): how many}."""
    listed = {unit.path: unit for unit in units_listed()}
    found = Counter()

    def count(unit, role, is_late=False):
        path = unit.path
        while path not in listed:
            path = path[:-4]
        found[listed[path].code, str(role), is_late] += 1

    for promise in Promise.objects.select_related("unit"):
        if promise.met_at or promise.ended_at or promise.kind == "commitment.sign":
            continue
        late = promise.due_at <= at
        owing = OF_ROLE[kind_of(promise.kind).ladder.rungs[0].role]
        for role in {owing, FIRST} if late else {owing}:
            count(promise.unit, role, late)
    for row in CommitmentSignature.objects.select_related("unit", "promise"):
        if row.signed_at is None and row.released_at is None:
            count(row.unit, FIRST if row.role == "leader" else EXECUTIVE, row.promise.due_at <= at)
    for text in Publication.objects.select_related("unit", "department"):
        if text.state in ("head", "group"):
            count(text.owner, EXECUTIVE if text.state == "head" else FIRST)
        elif text.state in ("secrecy", "opinion"):
            count(text.unit, EXECUTIVE if text.state == "secrecy" else SUPERVISOR)
    for model in (Correction, Withdrawal):
        for row in model.objects.filter(is_granted=None):
            count(row.publication.unit, FIRST)
    for version in MajorVersion.objects.filter(is_granted=None):
        count(version.decision.unit, FIRST)
    for row in Rectification.objects.filter(done_at__isnull=False, checked_at=None):
        count(row.publication.unit, SUPERVISOR)
    for row in PaperSignature.objects.filter(is_accepted=None):
        count(row.signature.round.unit, SUPERVISOR)
    return found


def counted(at):
    units = units_listed()
    codes = {unit.pk: unit.code for unit in units}
    return Counter(
        {
            (codes[unit], str(role), is_late): n
            for unit, roles in owed_by(units, at).items()
            for role, owed in roles.items()
            for is_late, n in ((False, owed.open_count), (True, owed.late_count))
            if n
        }
    )


@pytest.mark.parametrize("days", [0, 1, 40, 400])
def test_what_each_owes_equals_a_full_recount(offices, days):
    furnish(offices)
    at = AT + days * DAY
    if days == 400:  # the rounds' year is over
        CommitmentSignature.objects.update(released_at=at)
    found = counted(at)
    assert found == recounted(at)
    assert sum(found.values()) > 15
    if not days:
        assert found["YX", "first", False] >= 4 and found["YX", "supervisor", False] >= 2
        assert found["HF", "supervisor", True] == 1  # its round was to be open by 31 January


def test_a_unit_lists_the_promises_that_are_counted_to_it(offices):
    furnish(offices)
    units = units_listed()
    by_unit = {unit.code: promises_owed(unit, units, AT) for unit in units}
    keys = [promise.pk for rows in by_unit.values() for promise in rows]
    assert len(keys) == len(set(keys)) == Promise.objects.open().exclude(kind="commitment.sign").count()
    assert {promise.unit.code for promise in by_unit["YX"]} == {"YX", "YX-LJ"}
    assert [promise.due_at for promise in by_unit["YX"]] == sorted(promise.due_at for promise in by_unit["YX"])


def test_unsigned_commitments_stand_beside_their_people(offices):
    make_round(offices)
    assert unsigned_by([offices.leader, offices.handler, None], AT) == {offices.leader.pk: 1}


def test_three_units_ask_as_often_as_one(offices):
    furnish(offices)
    counts = []
    for more in (0, 2):
        for _n in range(more):
            unit = make_unit(offices.company)
            make_officer(Role.DEPARTMENT_HEAD, unit)
            set_plan(
                kind="pledge",
                unit=unit,
                title="诺",
                body="文",
                month=1,
                day=31,
                since=D(2025, 1, 1),
                actor=offices.inspector,
                at=AT,
            )
        units = units_listed()
        with CaptureQueriesContext(connection) as queries:
            holders_of(units, AT)
            owed_by(units, AT)
        counts.append(len(queries))
    assert counts == [10, 10]
