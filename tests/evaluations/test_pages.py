"""The pages: from a sheet to the count; faults beside their fields, typing kept, fixed numbers of queries."""

import datetime as dt
import io
import re

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from evaluations.enums import RoundState, ScaleKind, VoidKind
from evaluations.forms.weights import DimensionsField, read_weight
from evaluations.models import Count, DutyReport, Questionnaire, Round
from evaluations.operations import running
from evaluations.tasks import watch
from portal.accounts.enums import Category, Role
from portal.ballots.enums import Grade
from portal.ballots.models import Participation
from portal.deadlines.operations import seed_editions
from tests.factories import appraisals as made
from tests.factories.appraisals import DAY, answers_of, make_round, make_sheet, refreshed
from tests.factories.people import make_officer, make_person, make_unit
from tests.signing import signed_in

pytestmark = pytest.mark.django_db
DESK = "/desk/appraisals/"


@pytest.fixture
def now(db):
    seed_editions(at=timezone.now())
    return timezone.now()


def browser(person):
    return signed_in(Client(), person)


def picture(name):
    """Return an upload: a page of a report, photographed."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8)).save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/png")


def plan(unit, edition, **over):
    today = timezone.localdate()
    return {
        "unit": unit.code,
        "title": "2026年度中层干部民主测评",
        "year": "２０２６",
        "direction": "single",
        "counterpart": "",
        "edition": edition,
        "opens_on": today.isoformat(),
        "opens_time": "００：００",
        "closes_on": (today + dt.timedelta(days=5)).isoformat(),
        "closes_time": "18:00",
        "grade": "signed_in",
        "visibility": "subjects",
        "has_remarks": "on",
        **over,
    }


def test_from_the_sheet_to_the_count_by_the_pages(now):
    company = make_unit()
    unit = make_unit(company)
    officer = make_officer(Role.UNION_OFFICER, company)
    leaders = [make_officer(Role.LEADER_IN_CHARGE, unit, category=Category.MANAGER) for _n in range(2)]
    workers = [make_person(unit=unit, category=Category.FRONTLINE) for _n in range(6)]
    three = [make_person(unit=company, category=Category.MANAGER) for _n in range(3)]
    desk = browser(officer)
    assert desk.get(DESK).status_code == 200
    assert "sheets/new/" in desk.get(f"{DESK}new/").content.decode()  # no sheet yet: the way to one
    sheet = {"unit": unit.code, "name": "中层测评表", "scale": "grade", "step": "5", "source": "公司办法第八条"}
    rows = "工作业绩 0.6：完成任务、质量\n勤政廉洁 ４０％"
    response = desk.post(f"{DESK}sheets/new/", {**sheet, "dimensions": rows})
    edition = Questionnaire.objects.get().editions.get()
    assert response.url == f"{DESK}sheets/{edition.questionnaire_id}/"
    assert "<strong>60%</strong>" in desk.get(response.url).content.decode()
    response = desk.post(f"{DESK}new/", plan(unit, edition.pk))
    round_ = Round.objects.get()
    home = f"{DESK}{round_.pk}/"
    assert response.url == home
    assert "还没有测评对象" in desk.get(home).content.decode()
    people = f"{leaders[0].job_no}\n {leaders[1].job_no}\n"
    assert desk.post(f"{home}subjects/", {"people": people, "teams": [unit.code]}).url == home
    group = {"name": "职工", "weight": "１", "unit": unit.code, "with_units_below": "on"}
    assert desk.post(f"{home}groups/", {**group, "sources": ["frontline", "leader"]}).url == home
    assert desk.post(f"{home}rules/", {"kinds": ["same"]}).url == home
    assert workers[0].name in desk.get(f"{home}list/?group=A").content.decode()
    named = dict(zip(("scrutineer_one", "scrutineer_two", "scrutineer_three"), (p.job_no for p in three), strict=True))
    assert desk.post(f"{home}announce/", named).url == home
    round_.refresh_from_db()
    poll = round_.poll_id
    subjects = list(round_.subjects.all())
    assert [one.kind for one in subjects] == ["leader", "leader", "team"]
    text = SimpleUploadedFile("述职报告.txt", "一年来".encode(), content_type="text/plain")
    upload, waive = (f"{DESK}subjects/{{}}/{act}/".format for act in ("report", "waive"))
    refused = desk.post(upload(subjects[0].pk), {"files": text})
    assert refused.status_code == 422 and "不支持这种文件" in refused.text and "替换" not in refused.text
    assert "请至少选择一个文件" in desk.post(upload(subjects[0].pk), {}).text
    assert desk.post(upload(subjects[0].pk), {"files": picture("述职述廉报告.png")}).url == home
    # Whoever discloses a second one is told of the first, and readers find the second only.
    page = desk.get(upload(subjects[0].pk)).text
    assert "更换述职述廉报告" in page and "已公开过一份报告" in page
    assert desk.post(upload(subjects[0].pk), {"files": picture("定稿.png")}).url == home
    assert DutyReport.objects.get().file.name == "定稿.png"
    for one in subjects[1:]:
        assert desk.post(waive(one.pk), {"reason": "外派学习。"}).url == home
    page = desk.get(upload(subjects[1].pk)).text
    assert "外派学习。" in page and "上传的文件将替换这一记录" in page
    shares = []
    for one in three:
        page = browser(one).post(f"/votes/{poll}/share/", {}).content.decode()
        shares.append(re.search(r'class="share-code">([0-9A-Z-]+)<', page)[1])
    assert f"/votes/{poll}/open/" in desk.get(home).content.decode()
    assert desk.post(f"/votes/{poll}/open/", {}).status_code == 302
    round_.refresh_from_db()
    assert round_.state == RoundState.OPEN
    paths = [f"/vote/{poll}/", f"/appraisals/{round_.pk}/"]
    for place, one in enumerate([*workers, *leaders]):
        rater = browser(one)
        mine = rater.get("/appraisals/").content.decode()
        assert paths[1] in mine and "等待您填写" in mine
        assert paths[0] in rater.get(paths[1]).content.decode()
        assert f"/appraisals/{round_.pk}/" in rater.get("/home/").content.decode()
        paper = rater.get(paths[0]).content.decode()
        codes = set(re.findall(r'name="(s\d\di\d\d)"', paper))
        assert len(codes) == (9 if one in workers else 3)  # a leader rates neither himself nor his team
        filled = dict.fromkeys(codes, "excellent" if place % 2 else "competent")
        check = rater.post(paths[0], {**filled, "step": "check"}).content.decode()
        assert ("将作废票处理" in check) == (one in workers)  # who rates one only has nobody beside
        assert 'value="cast"' in check
        filled[min(codes)] = "basic"
        check = rater.post(paths[0], {**filled, "step": "check"}).content.decode()
        assert "将作废票处理" not in check
        done = rater.post(paths[0], {**filled, "step": "cast"}).content.decode()
        assert f'data-draft-sent="appraisal-{round_.pk}-{one.pk}"' in done and "回执" in done
        assert "您的测评表已投入" in rater.get(paths[1]).content.decode()
    assert Participation.objects.count() == 8
    with time_machine.travel(round_.closes_at, tick=False):
        signed_in(desk, officer)
        page = desk.get(home).content.decode()
        assert f"/votes/{poll}/count/" in page
        codes = dict(zip(("code_one", "code_two"), shares, strict=False))
        assert desk.post(f"/votes/{poll}/count/", codes).status_code == 302
        round_.refresh_from_db()
        assert round_.state == RoundState.COUNTED
        assert Count.objects.filter(subject=subjects[2]).exists()
        assert desk.get(home).status_code == 200
        minutes = desk.get(f"/votes/{poll}/minutes/").content.decode()
        assert "优秀" not in minutes  # the box's minutes know how many forms came, and no answer


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        *(("0.25", "0.2500"), (".25", "0.2500"), ("０．２５", "0.2500"), ("0。25", "0.2500"), ("25%", "0.2500")),
        *(("２５％", "0.2500"), (" 1 ", "1.0000"), ("33.33%", "0.3333")),
        *((bad, None) for bad in ("", "0", "1.01", "-0.2", "0.33333", "三成", "nan", "inf", "1e400", "0,25", "%")),
    ],
)
def test_weights_as_people_write_them(text, weight):
    if weight is None:
        with pytest.raises(ValueError):
            read_weight(text)
    else:
        assert str(read_weight(text)) == weight


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        ("工作业绩 0.5\n勤政廉洁 0.4", "0.9"),
        ("工作业绩", "第 1 行"),
        ("工作业绩 0.5\n0.5", "第 2 行"),
        ("工作业绩 0.5\n工作业绩 0.5", "两次"),
        ("\n".join(f"维度{n} 0.05" for n in range(20)), "10"),
        ("业绩 1：" + "、".join(f"项{n}" for n in range(11)), "第 1 行"),
    ],
)
def test_dimensions_that_cannot_be(lines, word):
    with pytest.raises(ValidationError) as caught:
        DimensionsField(max_length=3000).clean(lines)
    assert word in caught.value.messages[0]


def test_faults_stand_beside_the_field_and_what_was_typed_is_kept(now):
    rated = make_round(made.DRAFT, at=now)
    desk, home = browser(rated.officer), f"{DESK}{rated.round.pk}/"
    edition = rated.round.edition_id
    yesterday = (timezone.localdate() - dt.timedelta(days=1)).isoformat()
    group = {"name": "第三组", "unit": rated.unit.code, "sources": ["staff"]}
    for path, data, kept, word in (
        (
            f"{DESK}new/",
            plan(rated.unit, edition, opens_on="2020-01-01", closes_on=yesterday),
            "年度中层",
            "截止时间已过",
        ),
        (f"{DESK}new/", plan(rated.unit, edition, closes_on="2020-01-01"), "年度中层", "早于开始时间"),
        (f"{DESK}new/", plan(rated.unit, edition, year="二〇二六"), "二〇二六", "数字"),
        (f"{DESK}new/", plan(rated.unit, "999999"), "年度中层", "有效"),
        (f"{home}groups/", {**group, "weight": "三成"}, "三成", "0.25"),
        (f"{home}groups/", {**group, "weight": "0.2", "sources": []}, "第三组", "请"),
        (f"{home}subjects/", {"people": "没有这个人"}, "没有这个人", "花名册"),
        (f"{home}subjects/", {"people": ""}, "", "至少"),
        (f"{DESK}sheets/new/", {"name": "表", "dimensions": "工作业绩 0.9"}, "工作业绩 0.9", "0.9"),
        (f"{home}cancel/", {"reason": ""}, "", "理由"),
    ):
        response = desk.post(path, data)
        page = response.content.decode()
        assert response.status_code == 422, path
        assert kept in page and word in page, (path, word)
        assert 'id="error-summary"' in page
    assert Round.objects.count() == 1
    refused = desk.post(
        f"{home}announce/", dict.fromkeys(("scrutineer_one", "scrutineer_two"), rated.workers[0].job_no)
    )
    assert refused.status_code == 422 and "重复" in refused.content.decode() or "两次" in refused.content.decode()


def test_the_form_leads_to_the_first_answer_that_is_missing(now):
    rated = make_round(at=now, subjects=3)
    rater = browser(rated.workers[0])
    path = f"/vote/{rated.poll.pk}/"
    filled = answers_of(rated, rated.workers[0], "competent")
    del filled["s02i03"]
    response = rater.post(path, {**filled, "s03w": "会后沟通可以多一些", "step": "check"})
    page = response.content.decode()
    assert response.status_code == 422
    summary = page[page.index('id="error-summary"') :]
    assert re.search(r'href="#([^"]+)"', summary)[1].startswith("id_s02i03")
    assert "会后沟通可以多一些" in page
    assert re.search(r'name="s02i02" value="competent"[^>]*checked', page)
    assert not Participation.objects.exists()


def test_scores_are_typed_and_full_width_digits_are_read(now):
    first = make_round(made.DRAFT, at=now)
    sheet = make_sheet(first.unit, first.officer, scale=ScaleKind.SCORE, step=5, name="量化评分表", at=now)
    rated = make_round(at=now, works=first.unit, officer=first.officer, sheet=sheet, has_remarks=False)
    rater, path = browser(rated.workers[0]), f"/vote/{rated.poll.pk}/"
    filled = dict.fromkeys(answers_of(rated, rated.workers[0]), "９５")
    del filled["s01i01"]
    filled["s01i01-dk"] = "on"
    assert rater.post(path, {**filled, "s01i02": "93", "step": "check"}).status_code == 422
    said = rater.post(path, {**filled, "step": "check"}).content.decode()
    assert "不了解" in said and ">95<" in said
    assert "回执" in rater.post(path, {**filled, "step": "cast"}).content.decode()


def test_sending_writes_no_session_and_no_other_row(now):
    rated = make_round(at=now)
    rater, path = browser(rated.workers[0]), f"/vote/{rated.poll.pk}/"
    rater.get(path)
    before = list(Session.objects.values_list("session_key", "expire_date", "session_data"))
    with CaptureQueriesContext(connection) as asked:
        rater.post(path, {**answers_of(rated, rated.workers[0]), "step": "cast"})
    writes = [q["sql"].split()[2] for q in asked if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert writes == ['"ballots_participation"', '"ballots_ballot"']
    assert list(Session.objects.values_list("session_key", "expire_date", "session_data")) == before
    assert "您已提交" in rater.post(path, {"step": "cast"}).content.decode()


def test_what_is_promised_is_made_of_what_is_enforced(now):
    rated = make_round(at=now, visibility="scores", has_remarks=False, void_rules=[VoidKind.TOP_AT_MOST])
    Round.objects.filter(pk=rated.round.pk).update(k_scores=7, k_breakdown=12)
    page = browser(rated.workers[0]).get(f"/vote/{rated.poll.pk}/").content.decode()
    for words in ("满 7 张", "满 12 票", "总分", "90 分及以上的不得超过 3 人"):
        assert words in page
    assert "行文习惯" not in page  # no remarks, no promise about them


def test_codes_from_the_box_fill_in_the_same_form(now):
    rated = make_round(at=now, grade=Grade.PRINTED_CODE)
    code = rated.slips[0]
    visitor = Client()
    page = visitor.post("/a/vote/", {"code": code}).content.decode()
    assert rated.round.subjects.first().name in page
    assert "data-draft" not in page  # nothing is kept on a device that others use
    filled = answers_of(rated, None, "competent", s02="basic")
    check = visitor.post("/a/vote/", {"code": code, **filled, "step": "check"}).content.decode()
    assert 'name="code"' in check
    done = visitor.post("/a/vote/", {"code": code, **filled, "step": "cast"}).content.decode()
    assert "回执" in done and "data-draft-sent" not in done
    assert not visitor.cookies
    page = browser(rated.workers[0]).get(f"/appraisals/{rated.round.pk}/").content.decode()
    assert "/a/vote/" in page and f"/vote/{rated.poll.pk}/" not in page


def test_who_has_nothing_to_do_with_it_finds_nothing(now):
    rated = make_round(at=now)
    stranger = browser(make_person(unit=make_unit(make_unit())))
    report = rated.round.subjects.first()
    for path in (
        f"/appraisals/{rated.round.pk}/",
        f"/appraisals/reports/{report.pk}/file/",
        f"{DESK}{rated.round.pk}/",
        f"/vote/{rated.poll.pk}/",
    ):
        assert stranger.get(path).status_code == 404
    assert rated.round.title not in stranger.get("/appraisals/").content.decode()
    for reader in (rated.workers[0], rated.subjects[0], rated.officer):
        response = browser(reader).get(f"/appraisals/reports/{report.pk}/file/")
        assert response.status_code == 200 and response.getvalue()
    draft = make_round(made.DRAFT, at=now)
    assert browser(draft.workers[0]).get(f"/appraisals/{draft.round.pk}/").status_code == 404


def test_reminding_and_cancelling_by_the_pages(now):
    rated = make_round(at=now)
    desk = browser(rated.officer)
    assert desk.post(f"{DESK}{rated.round.pk}/remind/", {}).status_code == 302
    assert desk.get(f"{DESK}{rated.round.pk}/cancel/").status_code == 403
    ahead = make_round(made.ANNOUNCED, at=now, opens_at=now + DAY)
    desk = browser(ahead.officer)
    assert desk.post(f"{DESK}{ahead.round.pk}/cancel/", {"reason": "机构调整。"}).status_code == 302
    assert "机构调整" in desk.get(f"{DESK}{ahead.round.pk}/").content.decode()


def test_the_task_writes_down_and_tells(now):
    rated = make_round(made.OPEN, at=now - DAY, opens_at=now - dt.timedelta(hours=1), closes_at=now + DAY)
    assert rated.round.state == RoundState.ANNOUNCED
    watch()
    assert refreshed(rated).round.state == RoundState.OPEN
    assert running.run_due(at=now) == 0


def test_pages_ask_as_much_for_three_as_for_one(now):
    counts = []
    company = make_unit()
    officer = make_officer(Role.UNION_OFFICER, company)
    unit = make_unit(company)
    sheet = make_sheet(unit, officer, at=now)
    for n in (1, 3):
        rated = None
        for _turn in range(n if n == 1 else 2):
            rated = make_round(at=now, works=unit, officer=officer, sheet=sheet, subjects=n)
        desk, rater = browser(officer), browser(rated.workers[0])
        found = []
        for who, path in (
            (desk, DESK),
            (desk, f"{DESK}{rated.round.pk}/"),
            (desk, f"{DESK}{rated.round.pk}/list/"),
            (desk, f"{DESK}sheets/"),
            (desk, f"{DESK}sheets/{sheet.questionnaire_id}/"),
            (rater, "/appraisals/"),
            (rater, f"/appraisals/{rated.round.pk}/"),
            (rater, f"/vote/{rated.poll.pk}/"),
        ):
            who.get(path)
            with CaptureQueriesContext(connection) as asked:
                assert who.get(path).status_code == 200
            found.append((path.replace(str(rated.round.pk), "…").replace(str(rated.poll.pk), "…"), len(asked)))
        counts.append(found)
    assert counts[0] == counts[1]
