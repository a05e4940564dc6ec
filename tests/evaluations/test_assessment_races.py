"""Two people at once on one assessment: what is done once is done once, whoever was quicker."""

import uuid

import pytest

from evaluations.models import AssessmentObjection, AssessmentVote
from evaluations.operations import assessing
from evaluations.operations.assessment_votes import put_to_congress
from feedback.models import Inquiry
from portal.accounts.enums import Role
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from tests.factories.assessments import AT, make_assembly, make_assessment, make_house, make_version
from tests.factories.people import make_appointment, make_person
from tests.faults.stage import in_parallel
from tests.services import both_engines

pytestmark = [pytest.mark.django_db(transaction=True), both_engines]
TIMES = 6


def said(act):
    try:
        act()
    except OperationRefused:
        return "refused"
    return "done"


def test_two_officers_finalise_at_once(engine, transactional_db):
    house = make_house()
    second = make_person(unit=house.office)
    make_appointment(second, Role.UNION_OFFICER, house.company)
    one = make_assessment(house, "draft")
    assessing.accept_assessment(assessment_id=one.pk, actor=house.chair, at=AT)
    found = in_parallel(
        TIMES,
        [house.keeper, second] * 3,
        lambda actor: said(lambda: assessing.finalise_assessment(assessment_id=one.pk, actor=actor, at=AT)),
    )
    assert sorted(found) == ["done"] + ["refused"] * 5
    assert Entry.objects.filter(verb="assessment.final").count() == 1


def test_the_union_and_the_leader_object_at_once_and_another_unit_beside_them(engine, transactional_db):
    house, other = make_house(), make_house(code="ZM")
    version = make_version(house)
    drafts = {one.works.pk: make_assessment(one, "draft", version=version, unit=one.works) for one in (house, other)}

    def act(job):
        actor, works = job
        return said(
            lambda: assessing.object_to_assessment(
                assessment_id=drafts[works.pk].pk,
                subject="分值有异议",
                body="会议材料提前九日送达。",
                key=uuid.uuid4(),
                actor=actor,
                at=AT,
            )
        )

    jobs = [(actor, one.works) for one in (house, other) for actor in (one.chair, one.leader)]
    found = in_parallel(len(jobs), jobs, act)
    assert sorted(found) == ["done", "done", "refused", "refused"]
    assert AssessmentObjection.objects.count() == Inquiry.objects.count() == 2


def test_a_result_is_put_to_the_congress_once(engine, transactional_db):
    house = make_house()
    session = make_assembly(house)
    one = make_assessment(house, "final")
    keys = [uuid.uuid4(), uuid.uuid4()] * 3

    def act(key):
        plain = {"assessment_id": one.pk, "session_id": session.pk, "key": key}
        return said(lambda: put_to_congress(actor=house.keeper, at=AT, **plain))

    found = in_parallel(TIMES, keys, act)
    # The same form sent again finds its own item; the other form is refused.
    assert sorted(found) == ["done"] * 3 + ["refused"] * 3
    assert AssessmentVote.objects.count() == session.items.count() == 1
