"""Commitments from the plan to the last signature, and a major decision from the meeting to what became of it."""

import datetime as dt
import re

from tests.files import zoo

from . import looks
from .conftest import PHONE
from .pages.committing import CommitmentDesk, MajorDesk
from .pages.disclosing import KEY, Reader

WORKS = "乙烯厂"
PLEDGE = "本年度不收受礼品礼金，不插手招标采购，主动公开个人有关事项。"


def test_a_commitment_is_signed_on_the_phone_and_on_paper(portal, visit, size, tmp_path):
    title = f"廉洁从业承诺（{size[0]}）"
    kind = "pledge" if size == PHONE else "letter"
    scan = tmp_path / "签字页.jpg"
    scan.write_bytes(zoo.photo_with_traces())
    leader, head = portal.person("leader", WORKS), portal.person("dept_head", WORKS)
    officer, faults = visit(size, allowed=["422"]).sign_in(portal.person("union_officer", WORKS)), []
    page, desk = officer.page, CommitmentDesk(officer.page)
    # A day that no month has: said beside the field, and what was typed stays.
    desk.plan(kind=kind, unit="YX", title=f"【年份】年{title}", body=PLEDGE, month="11", day="31")
    assert page.locator("#id_day_error").is_visible()
    assert page.input_value("#id_title").endswith(title) and PLEDGE in page.inner_text("#id_body")
    faults += looks.faults_of(page)
    desk.send(month="12", day="31")
    faults += looks.faults_of(page)
    desk.begin("/open/")
    faults += looks.faults_of(page)
    desk.send()

    # The leader signs in person; without the tick it is no signature.
    signer = visit(size, allowed=["422"]).sign_in(leader)
    signing = CommitmentDesk(signer.page)
    signer.goto("/desk/open/commitments/")
    faults += looks.faults_of(signer.page)
    signing.begin("/sign/", of=title)
    signing.send()
    assert "请勾选" in signer.page.locator("#id_is_read_error").inner_text()
    faults += looks.faults_of(signer.page)
    signing.sign()

    # Everybody reads who has signed and who has not.
    reader = Reader(visit(size).page)
    reader.page.goto("/open/commitments/")
    reader.follow(title)
    rows = reader.page.locator("main .row-item")
    assert "已签" in rows.filter(has_text=leader["name"]).inner_text()
    assert "已签" not in rows.filter(has_text=head["name"]).inner_text()
    address = reader.page.url

    # The head has signed on paper: one enters the sheet, another compares it.
    page.goto(address)
    desk.begin("/paper/", of=head["name"])
    page.set_input_files("input[type=file]", str(scan))
    desk.send(signed_on=looks.today().isoformat())
    second = visit(size).sign_in(portal.person("discipline"))
    second.goto("/desk/open/commitments/?tab=papers")
    CommitmentDesk(second.page).begin("/check/", of=head["name"])
    faults += looks.faults_of(second.page)
    CommitmentDesk(second.page).decide("yes")
    reader.page.reload()
    assert "纸质签字" in rows.filter(has_text=head["name"]).inner_text()
    faults += looks.faults_of(reader.page)
    assert faults == []


def test_a_major_decision_goes_from_the_meeting_to_what_became_of_it(portal, visit, size):
    subject = f"裂解炉余热回收改造（{size[0]}）"
    content, done = "同意实施余热回收改造，投资八百六十万元。", "十月底完成安装，试运行合格。"
    today = looks.today()
    days = {"decided_on": (today - dt.timedelta(days=30)).isoformat(), "planned_end": today.isoformat()}
    handler, faults = visit(size, allowed=["422"]).sign_in(portal.person("handler", WORKS)), []
    page, desk = handler.page, MajorDesk(handler.page)
    # An end before the beginning: said beside the field, and what was typed stays.
    wrong = {"decided_on": days["planned_end"], "planned_end": days["decided_on"]}
    desk.register(unit="YX", kind="project", content=content, subject=subject, vote="应到九人，一致同意", **wrong)
    assert page.locator("#id_planned_end_error").is_visible()
    assert page.input_value("#id_subject") == subject and content in page.inner_text("#id_content")
    faults += looks.faults_of(page)
    work = desk.send(**days, responsible=portal.person("dept_head", WORKS)["job_no"])
    assert re.fullmatch(f"/desk/open/majors/{KEY}/", work)
    faults += looks.faults_of(page)

    reader = Reader(visit(size).page)
    reader.page.goto("/open/majors/")
    assert subject not in reader.words
    leader = visit(size).sign_in(portal.person("leader", WORKS))
    leader.goto("/desk/open/commitments/?tab=decide")
    Reader(leader.page).follow(subject)
    deciding = MajorDesk(leader.page)
    deciding.begin("/decide/")
    faults += looks.faults_of(leader.page)
    deciding.decide("yes")

    # It was disclosed as well; what is carried out stands at a hundred per cent, and nothing less.
    reader.page.goto("/open/?unit=YX")
    number = reader.links(r"/open/\d{4}-\d+/")[0].split("/")[2]
    page.goto(f"{work}link/")
    desk.send(number=number)
    desk.report(work, status="done", percent="80", text=done)
    assert "100" in page.locator("#id_percent_error").inner_text() and page.input_value("#id_text") == done
    faults += looks.faults_of(page)
    desk.report(work, status="done", percent="100")
    faults += looks.faults_of(page)

    reader.page.goto("/open/majors/")
    reader.follow(subject)
    for words in (content, done, "100%", number, "应到九人，一致同意"):
        assert words in reader.words
    faults += looks.faults_of(reader.page)
    assert faults == []
