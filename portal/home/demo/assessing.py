"""
Assessments of units in the demo enterprise: one finished last year, put right and re-checked; one contested draft.

By the real operations in the order of days, like all else that two or three people do.
"""

import datetime as dt
import uuid
from decimal import Decimal

from django.db import transaction

from evaluations.models import Assessment, AssessmentLine
from evaluations.operations import assessing, assessment_schemes, assessments, rectifying
from evaluations.operations.assessment_votes import put_to_congress
from evaluations.queries.assessment_votes import sessions_to_ask
from evaluations.rules.assessments import SPEAKERS
from evaluations.sheet import TITLE
from portal.accounts.models import Appointment
from portal.kernel.days import LOCAL, local_day

DAY = dt.timedelta(days=1)
SEED = uuid.uuid5(uuid.NAMESPACE_URL, "demo:assessments")
FINISHED, CONTESTED, PLANNED = "YX", "YJ", "HF"
GROUP = ("RS", "CW")  # the heads of these offices assess
# By the place of the item: the share that the group gives, and why.
GIVEN = {
    2: (Decimal("0.92"), "材料送达登记不全，扣减后核定"),
    5: (Decimal("0.85"), "两项公开逾期，台账缺一册"),
    6: (Decimal("0.9"), "抽查信息卡十张，一张答复未送达本人"),
}
OTHERS = (Decimal("0.95"), "查阅台账并走访职工后核定")
DEMANDS = {2: "补齐会议材料送达签收单，并建立送达登记簿", 5: "补公开逾期两项，补建公开台账"}
DONE = {2: "送达登记簿已建立，上年签收单已补齐归档", 5: "两项已补公开，台账已补建并经监督小组查验"}


@transaction.atomic
def add_assessments(plant, *, at, say=lambda text: None):
    """Write what happened up to a moment; returns how many assessments there are."""
    say("assessments of units")
    keeper, today = plant.chair, local_day(at)
    begun = _moment(today - 320 * DAY)
    version = assessment_schemes.start_scheme(
        unit=plant.company,
        title=TITLE,
        from_sheet=True,
        key=uuid.uuid5(SEED, "scheme"),
        actor=keeper,
        at=begun,
    )
    assessment_schemes.enforce_version(version_id=version.pk, note="首次启用", actor=keeper, at=begun)
    group = [plant.heads[code] for code in GROUP]
    done = _to_draft(plant, version, FINISHED, today - 310 * DAY, group, year=today.year - 1)
    _finish(plant, done, group, today - 280 * DAY)
    contested = _to_draft(plant, version, CONTESTED, today - 24 * DAY, group, year=today.year)
    assessing.object_to_assessment(
        assessment_id=contested.pk,
        subject="对第二项、第五项分值有异议",
        body="会议材料系提前九日送达，签收单现存工会办公室；第五项所指两项公开因系统停机先行张贴公开栏，请复核。",
        key=uuid.uuid5(SEED, "objection"),
        actor=_speaker(plant, CONTESTED),
        at=_moment(today - 2 * DAY),
    )
    _plan(plant, version, PLANNED, today - 3 * DAY, year=today.year)
    _put(done, plant.chair, today - 5 * DAY)
    return Assessment.objects.count()


def _moment(day):
    return dt.datetime.combine(day, dt.time(10, 30), tzinfo=LOCAL).astimezone(dt.UTC)


def _speaker(plant, code):
    rows = Appointment.objects.filter(unit=plant.units[code], role__in=SPEAKERS, until__isnull=True)
    return rows.select_related("person").order_by("-role", "person__job_no").first().person


def _plan(plant, version, code, day, *, year):
    return assessments.plan_assessments(
        version_id=version.pk,
        year=year,
        units=[plant.units[code]],
        self_by=day + 8 * DAY,
        group_by=day + 20 * DAY,
        actor=plant.chair,
        at=_moment(day),
    )[0]


def _to_draft(plant, version, code, day, group, *, year):
    one = _plan(plant, version, code, day, year=year)
    act, speaker = {"assessment_id": one.pk}, _speaker(plant, code)
    assessments.prepare_assessment(
        people=group,
        self_by=day + 8 * DAY,
        group_by=day + 20 * DAY,
        actor=plant.chair,
        at=_moment(day + DAY),
        **act,
    )
    assessments.open_self(actor=plant.chair, at=_moment(day + DAY), **act)
    lines = list(AssessmentLine.objects.filter(assessment=one).select_related("item"))
    assessing.save_self(
        points={line.pk: line.item.points for line in lines},
        notes={line.pk: "对照标准逐项自查，材料齐全，附台账目录" for line in lines},
        is_sent=True,
        actor=speaker,
        at=_moment(day + 7 * DAY),
        **act,
    )
    given = {line.pk: GIVEN.get(line.item.order, OTHERS) for line in lines}
    assessing.score_assessment(
        points={line.pk: (line.item.points * given[line.pk][0]).quantize(Decimal("0.1")) for line in lines},
        reasons={line.pk: given[line.pk][1] for line in lines},
        actor=group[0],
        at=_moment(day + 18 * DAY),
        **act,
    )
    assessing.confirm_assessment(read=None, actor=group[1], at=_moment(day + 19 * DAY), **act)
    return one


def _put(one, keeper, day):
    """Put a result to the congress, where a session is planned whose agenda has not gone out."""
    at = _moment(day)
    session = sessions_to_ask(one, at).first()
    if session is not None:
        put_to_congress(assessment_id=one.pk, session_id=session.pk, key=uuid.uuid5(SEED, "vote"), actor=keeper, at=at)


def _finish(plant, one, group, day):
    act, speaker = {"assessment_id": one.pk}, _speaker(plant, one.unit.code)
    assessing.accept_assessment(actor=speaker, at=_moment(day), **act)
    assessing.finalise_assessment(actor=plant.chair, at=_moment(day + DAY), **act)
    lines = AssessmentLine.objects.filter(assessment=one, item__order__in=DEMANDS).select_related("item")
    demands = {line.pk: DEMANDS[line.item.order] for line in lines}
    rectifying.issue_opinion(demands=demands, actor=plant.chair, at=_moment(day + 2 * DAY), **act)
    points = list(one.points.select_related("line__item").order_by("place"))
    for point in points:
        done = DONE[point.line.item.order]
        rectifying.report_point(point_id=point.pk, done=done, actor=speaker, at=_moment(day + 60 * DAY))
    for point in points:
        rectifying.check_point(
            point_id=point.pk,
            is_accepted=True,
            check_note="现场查验属实",
            actor=group[0],
            at=_moment(day + 65 * DAY),
        )
