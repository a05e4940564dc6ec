"""A works that is assessed by the union of the enterprise, brought to any state by the real operations."""

import datetime as dt
import uuid
from decimal import Decimal
from types import SimpleNamespace

from congress.enums import TermState
from congress.models import Term
from congress.operations.sessions import plan_session
from evaluations.models import AssessmentLine, SchemeVersion
from evaluations.operations import assessing, assessments, rectifying
from evaluations.operations import assessment_schemes as schemes
from portal.accounts.enums import Role, UnitKind
from portal.deadlines.operations import make_promise, meet_promise, seed_editions
from portal.kernel.days import day_start, local_day
from tests.factories.people import make_person, make_unit, same_person, same_unit

# Friday 20 November 2026, ten in the morning at the plant.
AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
STATES = ("planned", "prepared", "self", "group", "scored", "draft", "final", "rectifying", "recheck", "closed")


def make_house(*, code="ZL", works=None):
    """Make, or find again, the enterprise with its union, a works with its own, and two people who may assess it."""
    seed_editions(at=AT)
    company = make_unit()
    works = works or same_unit(code, "质量厂", company)
    if works.kind != UnitKind.SECONDARY:
        works.kind = UnitKind.SECONDARY
        works.save()
    office = same_unit("ZLJG", "公司机关", company)
    return SimpleNamespace(
        company=company,
        works=works,
        office=office,
        keeper=same_person("730001", "公司主席", office, (Role.UNION_CHAIR, company)),
        chair=same_person(f"73{code}1", "厂主席", works, (Role.UNION_CHAIR, works)),
        leader=same_person(f"73{code}2", "厂长", works, (Role.LEADER_IN_CHARGE, works)),
        head=same_person("730002", "组长", office),
        member=same_person("730003", "组员", office),
        worker=same_person(f"73{code}4", "厂职工", works),
    )


def make_version(house, *, unit=None, in_force=True, at=AT, title="质量评估表"):
    """Make a scheme with the portal's sheet, in force unless said otherwise."""
    version = schemes.start_scheme(
        unit=unit or house.company, title=title, from_sheet=True, key=uuid.uuid4(), actor=house.keeper, at=at
    )
    if in_force:
        schemes.enforce_version(version_id=version.pk, note="", actor=house.keeper, at=at)
    return SchemeVersion.objects.select_related("scheme__unit").get(pk=version.pk)


def full(assessment, share=Decimal(1)):
    """Return ({line id: points}, {line id: words}) that give every item a share of its points, with a reason."""
    lines = AssessmentLine.objects.filter(assessment=assessment).select_related("item")
    points = {line.pk: (line.item.points * share).quantize(Decimal("0.1")) for line in lines}
    return points, {line.pk: f"依据台账核实{place}" for place, line in enumerate(lines, 1)}


def make_assessment(house, state="planned", *, version=None, year=2026, at=AT, unit=None, share=Decimal("0.9")):
    """Make an assessment of the works and bring it to a state; everything happens at one moment."""
    version = version or make_version(house, at=at)
    today = local_day(at)
    act = {"at": at}
    one = assessments.plan_assessments(
        version_id=version.pk,
        year=year,
        units=[unit or house.works],
        self_by=today + 10 * DAY,
        group_by=today + 20 * DAY,
        actor=house.keeper,
        **act,
    )[0]
    act["assessment_id"] = one.pk
    steps = STATES.index(state)
    if steps >= 1:
        assessments.prepare_assessment(
            people=[house.head, house.member],
            self_by=today + 10 * DAY,
            group_by=today + 20 * DAY,
            actor=house.keeper,
            **act,
        )
    if steps >= 2:
        assessments.open_self(actor=house.keeper, **act)
    if steps >= 3:
        points, notes = full(one)
        assessing.save_self(points=points, notes=notes, is_sent=True, actor=house.chair, **act)
    if steps >= 4:
        points, reasons = full(one, share)
        assessing.score_assessment(points=points, reasons=reasons, actor=house.head, **act)
    if steps >= 5:
        assessing.confirm_assessment(read=None, actor=house.member, **act)
    if steps >= 6:
        assessing.accept_assessment(actor=house.chair, **act)
        assessing.finalise_assessment(actor=house.keeper, **act)
    if steps >= 7:
        lines = list(AssessmentLine.objects.filter(assessment=one).order_by("pk")[:2])
        demands = {line.pk: f"补齐第{place}项台账" for place, line in enumerate(lines, 1)}
        rectifying.issue_opinion(demands=demands, actor=house.keeper, **act)
    if steps >= 8:
        for point in one.points.all():
            rectifying.report_point(point_id=point.pk, done="台账已补齐", actor=house.chair, at=at)
    if steps >= 9:
        for point in one.points.all():
            rectifying.check_point(point_id=point.pk, is_accepted=True, check_note="", actor=house.head, at=at)
    one.refresh_from_db()
    return one


def object_to(house, assessment, *, at=AT, key=None):
    """Object to a draft for the works."""
    return assessing.object_to_assessment(
        assessment_id=assessment.pk,
        subject="第二项分值有异议",
        body="会议材料系提前九日送达，有签收单。",
        key=key or uuid.uuid4(),
        actor=house.chair,
        at=at,
    )


def make_staff(unit, count):
    """Put people on the roster of a unit."""
    return [make_person(unit=unit) for _n in range(count)]


def owe(unit, kind, due_on, *, met=None, subject=None):
    """Make a promise of a unit that is due on a day, kept at a moment if one is given."""
    promise = make_promise(
        kind=kind,
        subject=subject or f"test.thing:{uuid.uuid4()}",
        unit=unit,
        started_on=due_on - 10 * DAY,
        due_on=due_on,
        at=day_start(due_on - 10 * DAY),
    )
    if met:
        meet_promise(promise=promise, actor="system", at=met)
    return promise


def make_assembly(house, *, at=AT):
    """Plan a session of the congress of the enterprise; its term is written as if its seats had been fixed."""
    day = local_day(at)
    term, _is_new = Term.objects.get_or_create(
        unit=house.company,
        number=9,
        defaults={
            "begins_on": day - 400 * DAY,
            "first_ends_on": day + 900 * DAY,
            "ends_on": day + 900 * DAY,
            "region": "national",
            "staff": 100,
            "counted_on": day,
            "least": 30,
            "strict": 30,
            "seats": 30,
            "state": TermState.FIXED,
            "prepared_by": house.keeper,
            "prepared_at": at,
            "fixed_at": at,
            "fixed_by": house.keeper,
            "allocated_by": house.head,
        },
    )
    later = (60 + 10 * term.sessions.count()) * DAY
    return plan_session(
        term_id=term.pk,
        kind="regular",
        place="职工俱乐部",
        mode="onsite",
        opens_at=at + later,
        closes_on=day + later,
        idempotency_key=uuid.uuid4(),
        actor=house.keeper,
        at=at,
    )
