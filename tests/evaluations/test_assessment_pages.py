"""The pages of assessments: schemes, planning, forms that keep what was typed, results, lists of one and three."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations.models import Assessment, AssessmentLine, AssessmentObjection, RectificationPoint, SchemeVersion
from portal.accounts.enums import Role
from portal.deadlines.operations import make_promise
from portal.kernel.days import day_start
from tests.factories.assessments import AT, make_assessment, make_house, make_version
from tests.factories.people import make_appointment, make_person, make_unit
from tests.signing import signed_in as sign_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(AT + dt.timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def house():
    return make_house()


def get(client, name, *args, expect=200, **query):
    answer = client.get(reverse(f"evaluations:{name}", args=args), query)
    assert answer.status_code == expect, answer.content.decode()[:2000]
    return answer.content.decode()


def post(client, name, *args, expect=302, **data):
    answer = client.post(reverse(f"evaluations:{name}", args=args), data)
    assert answer.status_code == expect, answer.content.decode()[:3000]
    return answer.content.decode()


def test_a_scheme_is_written_until_it_makes_a_hundred(client, house):
    sign_in(client, house.keeper)
    assert "尚无方案" in get(client, "schemes")
    assert "没有已启用的方案" in get(client, "assessments_plan")
    post(client, "scheme_start", unit=house.company.code, title="评估方案", begin="empty")
    version = SchemeVersion.objects.get()
    assert "尚无项目" in get(client, "scheme_version", version.pk)
    get(client, "scheme_enforce", version.pk, expect=403)
    item = {"title": "职代会", "criteria": "按期召开", "source": "条例第22条"}
    for points, said in (
        ("１０１", "分值不得超过100分"),
        ("0", "分值不得低于0.1分"),
        ("7.55", "最多一位小数"),
        ("十", "请用数字"),
    ):
        page = post(client, "scheme_item_add", version.pk, points=points, **item, expect=422)
        assert said in page and "按期召开" in page and points in page
    page = post(client, "scheme_item_add", version.pk, points="10", **item, **{"w_session-held": "101"}, expect=422)
    assert "101" in page
    post(client, "scheme_item_add", version.pk, points="６０．５", **item, **{"w_session-held": "３"})
    assert "合计60.5分" in get(client, "scheme_version", version.pk)
    assert "还差39.5分" in post(client, "scheme_enforce", version.pk, note="", expect=403)
    post(client, "scheme_item_add", version.pk, points="40", **{**item, "title": "公开"})
    added = version.items.get(title="公开")
    page = get(client, "scheme_item_edit", added.pk)
    assert 'value="40"' in page
    post(client, "scheme_item_edit", added.pk, points="39.5", **{**item, "title": "公开"})
    post(client, "scheme_enforce", version.pk, note="首版")
    get(client, "scheme_item_edit", added.pk, expect=403)
    post(client, "scheme_item_drop", added.pk, expect=403)
    post(client, "scheme_begin", version.scheme_id)
    second = SchemeVersion.objects.get(number=2)
    assert list(second.items.values_list("points", flat=True)) == [Decimal("60.5"), Decimal("39.5")]
    dropped = second.items.get(title="公开").pk
    post(client, "scheme_item_drop", dropped)
    post(client, "scheme_item_drop", dropped)  # pressed twice
    # A draft is for those who write it, a version in force for everybody.
    sign_in(client, house.worker)
    get(client, "scheme_version", second.pk, expect=404)
    assert "职代会" in get(client, "scheme_version", version.pk)


def test_an_assessment_from_the_plan_to_the_last_re_check(client, house):
    version = make_version(house)
    sign_in(client, house.keeper)
    plan = {"version": str(version.pk), "year": "２０２６", "self_by": "2026-11-30", "group_by": "2026-12-11"}
    for over, said in (
        ({"units": []}, "请至少选择一个单位"),
        ({"units": ["XX"]}, "请从列表中选择单位"),
        ({"units": ["ZL"], "self_by": "2026-11-19"}, "2026-11-20"),
        ({"units": ["ZL"], "group_by": "2026-11-30"}, "须晚于自评截止日"),
        ({"units": ["ZL"], "year": "2027"}, "2026"),
    ):
        page = post(client, "assessments_plan", **{**plan, **over}, expect=422)
        assert said in page and 'id="error-summary"' in page
    post(client, "assessments_plan", **plan, units=["ZL"])
    one = Assessment.objects.get()
    assert "质量厂" in get(client, "assessments_desk")
    group = {"member1": house.head.job_no, "self_by": "2026-11-30", "group_by": "2026-12-11"}
    page = post(client, "assessment_prepare", one.pk, **group, member2=house.worker.job_no, expect=422)
    assert "厂职工属于被评估单位" in page and house.head.job_no in page
    page = post(client, "assessment_prepare", one.pk, **group, member2=house.head.job_no, expect=422)
    assert "有人被重复填写" in page
    post(client, "assessment_prepare", one.pk, **group, member2=house.member.job_no)
    post(client, "assessment_open", one.pk)
    lines = list(AssessmentLine.objects.filter(assessment=one).order_by("item__order"))
    full = {f"points-{line.pk}": str(line.item.points) for line in lines}
    words = {f"words-{line.pk}": "有台账可查" for line in lines}

    sign_in(client, house.chair)
    assert "质量厂" in get(client, "assessments_desk")
    first = lines[0].pk
    assert "数据建议" in get(client, "assessment_self", one.pk) or "没有建议分" in get(
        client, "assessment_self", one.pk
    )
    page = post(client, "assessment_self", one.pk, **{**full, f"points-{first}": "１０．５"}, act="send", expect=422)
    assert f"{lines[0].item.title}：得分：" in page  # which of eight points is wrong stands in the summary
    assert "分值不得超过10分" in page and "１０．５" in page and "请说明理由" in page
    # Of an item of which the figures propose nothing, points cannot be "other than proposed".
    page = post(client, "assessment_self", one.pk, **full, act="send", expect=422)
    unproposed = list(one.lines.filter(proposed=None).values_list("item__title", flat=True))
    assert unproposed and all(f"“{title}”没有数据建议分，请说明打分理由。" in page for title in unproposed)
    assert not any(f"“{title}”：所填分值与数据建议分不同" in page for title in unproposed)
    post(client, "assessment_self", one.pk, **{f"points-{first}": "８．５", f"words-{first}": "先记着"}, act="keep")
    page = get(client, "assessment_self", one.pk)
    assert 'value="8.5"' in page and "先记着" in page
    post(client, "assessment_self", one.pk, **full, **words, act="send")
    get(client, "assessment_self", one.pk, expect=403)

    sign_in(client, house.head)
    assert "质量厂" in get(client, "assessments_desk")
    scores = {**full, f"points-{first}": "７"}
    post(client, "assessment_score", one.pk, **scores, **words)
    get(client, "assessment_confirm", one.pk, expect=403)
    # The unit sees none of the group's points before the draft.
    sign_in(client, house.chair)
    page = get(client, "assessment", one.pk)
    assert ">评估组</th>" not in page and "<strong>7</strong>" not in page
    get(client, "assessment_sheet", one.pk, expect=404)
    sign_in(client, house.member)
    page = get(client, "assessment_confirm", one.pk)
    assert "97" in page
    read = page.partition('name="words_read" value="')[2].partition('"')[0]
    post(client, "assessment_confirm", one.pk, words_read="other", expect=409)
    post(client, "assessment_confirm", one.pk, words_read=read)
    sign_in(client, house.worker)
    get(client, "assessment", one.pk, expect=404)

    sign_in(client, house.leader)
    assert "<strong>7</strong>" in get(client, "assessment", one.pk)
    assert "初步结果" in get(client, "assessment_sheet", one.pk)
    page = post(client, "assessment_object", one.pk, subject="", body="第一项应得十分", expect=422)
    assert "第一项应得十分" in page
    post(client, "assessment_object", one.pk, subject="第一项", body="第一项应得十分")
    number = AssessmentObjection.objects.get().inquiry.number
    assert number in get(client, "assessment", one.pk)
    sign_in(client, house.keeper)
    get(client, "assessment_final", one.pk, expect=403)
    AssessmentObjection.objects.update(answered_at=AT)
    post(client, "assessment_final", one.pk)
    sign_in(client, house.worker)
    assert "97分" in get(client, "assessments")
    page = get(client, "assessment", one.pk)
    assert "<strong>7</strong>" in page and number not in page
    get(client, "assessment_opinion", one.pk, expect=403)

    sign_in(client, house.keeper)
    assert "请至少写明一项" in post(client, "assessment_opinion", one.pk, expect=422)
    post(client, "assessment_opinion", one.pk, **{f"demand-{first}": "补签两份责任书"})
    point = RectificationPoint.objects.get()
    sign_in(client, house.chair)
    assert "补签两份责任书" in get(client, "assessments_desk", tab="points")
    get(client, "demand_check", point.pk, expect=403)
    post(client, "demand_report", point.pk, done="均已补签")
    sign_in(client, house.head)
    page = post(client, "demand_check", point.pk, verdict="no", note="", expect=422)
    assert "均已补签" in page
    assert "请在两个按钮中按一个" in post(client, "demand_check", point.pk, note="看过", expect=422)
    post(client, "demand_check", point.pk, verdict="yes", note="")
    assert "已办结" in get(client, "assessment", one.pk)


def test_what_was_planned_by_mistake_is_cancelled_and_what_is_right_is_closed(client, house):
    one = make_assessment(house)
    sign_in(client, house.keeper)
    assert "误排" in post(client, "assessment_cancel", one.pk, reason="误排", expect=422)
    post(client, "assessment_cancel", one.pk, reason="该厂年内并入他厂")
    assert "该厂年内并入他厂" in get(client, "assessment", one.pk)
    final = make_assessment(house, "final", version=one.version)
    post(client, "assessment_close", final.pk, reason="各项均达标")
    assert "各项均达标" in get(client, "assessment", final.pk)


def test_a_draft_is_accepted_or_goes_back_to_the_group(client, house):
    one = make_assessment(house, "draft")
    sign_in(client, house.chair)
    post(client, "assessment_accept", one.pk)
    get(client, "assessment_accept", one.pk, expect=403)
    sign_in(client, house.keeper)
    get(client, "assessment_again", one.pk, expect=403)
    Assessment.objects.update(accepted_at=None, accepted_by=None)
    sign_in(client, house.chair)
    post(client, "assessment_object", one.pk, subject="有异议", body="分值有异议")
    AssessmentObjection.objects.update(answered_at=AT)
    sign_in(client, house.keeper)
    post(client, "assessment_again", one.pk)
    one.refresh_from_db()
    assert (one.state, one.round) == ("group", 2)


def test_the_rows_behind_a_figure_are_those_of_the_unit(client, house):
    for unit in (house.works, make_unit(house.company)):
        make_promise(
            kind="commitment.sign",
            subject=f"disclosures.commitmentsignature:{uuid.uuid4()}",
            unit=unit,
            started_on=dt.date(2026, 5, 1),
            due_on=dt.date(2026, 5, 10),
            at=day_start(dt.date(2026, 5, 1)),
        )
    one = make_assessment(house, "self")
    figure = one.lines.get(item__order=1).figures.get(indicator="commitment.signed")
    sign_in(client, house.chair)
    page = get(client, "assessment_evidence", one.pk, figure.pk)
    assert "0%（0/1）" in page and page.count("未计入") == 1 and house.works.name in page
    get(client, "assessment_evidence", one.pk, figure.pk + 1000, expect=404)
    sign_in(client, house.worker)
    get(client, "assessment_evidence", one.pk, figure.pk, expect=404)


def test_lists_ask_as_often_for_three_as_for_one(client, house):
    version, counts = make_version(house), {}
    pages = (
        ("assessments_desk", {"tab": "all"}),
        ("assessments_desk", {"tab": "points"}),
        ("assessments_desk", {"tab": "todo"}),
        ("assessments", {}),
        ("schemes", {}),
    )
    sign_in(client, house.keeper)
    for size in (1, 3):
        while Assessment.objects.filter(state="rectifying").count() < size:
            works = make_unit(house.company)
            chair = make_person(unit=works)
            make_appointment(chair, Role.UNION_CHAIR, works)
            house.chair = chair
            make_assessment(house, "rectifying", unit=works, version=version)
            make_assessment(house, unit=works, version=version, year=2025)
            make_version(house, title=f"方案{works.code}")
        for name, query in pages:
            get(client, name, **query)
            with CaptureQueriesContext(connection) as queries:
                get(client, name, **query)
            counts.setdefault((name, *query.values()), []).append(len(queries))
    assert {page: found[0] == found[1] for page, found in counts.items()} == dict.fromkeys(counts, True), counts
