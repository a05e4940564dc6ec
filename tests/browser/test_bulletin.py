"""The union's bulletin: compiled at the desk, issued by the chair, read, printed and taken along by everybody."""

import datetime as dt
import io
import re
import zipfile

import pytest

from . import looks
from .conftest import DESKTOP, PHONE
from .pages.cards import CardPages
from .pages.compiling import BulletinDesk
from .pages.desk import Desk
from .pages.disclosing import KEY, Reader
from .visitor import Visitor

UNION = "启明石化公司"
LEAD = "本期汇总近期答复与公开事项，请各分会在班前会上宣读。"
ANSWER = "自本周起夜间照明已全部恢复，责任人后勤服务部易嘉。"


@pytest.fixture(scope="module")
def waiting(portal, browser):
    """Numbers of two cards whose answers are approved and wait to reach the workers, by size."""
    come = {}

    def desk_of(role, unit):
        come[role] = Visitor(portal, browser, size=DESKTOP).sign_in(portal.person(role, unit))
        return Desk(come[role].page)

    worker = desk_of("worker", "裂解车间")
    numbers = {}
    for size in (PHONE, DESKTOP):
        card = CardPages(worker.page)
        card.write(subject=f"装置区夜间照明（{size[0]}）", body="装置区东侧路灯十盏不亮，夜班巡检看不清。")
        numbers[size] = card.send().number
    officer, handler = desk_of("union_officer", UNION), desk_of("handler", "后勤服务部")
    head = desk_of("dept_head", "后勤服务部")
    for number in numbers.values():
        officer.register(number, "HQ")
        handler.reply(number, ANSWER)
        head.approve(number)
    yield numbers
    for visitor in come.values():
        visitor.leave()


def test_an_issue_goes_from_the_desk_to_every_reader(portal, visit, size, waiting):
    today, answer = looks.today(), waiting[size]
    days = (today - dt.timedelta(days=60)).isoformat(), today.isoformat()
    title = f"十一月份答复汇编（{size[0]}）"
    officer = visit(size, allowed=["422"]).sign_in(portal.person("union_officer", UNION))
    page, desk, faults = officer.page, BulletinDesk(officer.page), []
    # Days the wrong way round: said beside the field, and what was typed stays.
    desk.begin(unit="QM", title=title, lead=LEAD, since=days[1], until=days[0])
    assert "早于" in page.inner_text("#id_until_error")
    assert (page.input_value("#id_title"), page.inner_text("#id_lead").strip()) == (title, LEAD)
    faults += looks.faults_of(page)
    work = desk.head(since=days[0], until=days[1], report_to="公司党委", send_to="各分会")
    assert re.fullmatch(f"/desk/open/bulletin/{KEY}/", work)

    # Nothing ticked is asked about; then an answer that waits, one given already, a disclosure and the figures.
    page.goto(f"{work}choose/")
    desk.head()
    assert "请勾选" in page.inner_text("#error-summary")
    faults += looks.faults_of(page)
    page.locator("#id_replies .row-item", has_text=answer).locator("label").click()
    given = desk.tick("#id_replies .panel:nth-child(2)")
    shown = desk.tick("#id_publications .panel:last-child")
    page.check("#id_figures")
    desk.head()
    desk.write(work, heading="评选“安康杯”先进班组", text="各分会十二月五日前推荐一个班组。")
    for number in (answer, given, shown):
        assert number in page.locator("#parts").inner_text()
    faults += looks.faults_of(page)
    desk.do(work, "submit")

    reader = Reader(visit(size).page)
    reader.page.goto("/open/bulletin/")
    assert title not in reader.words
    chair = visit(size).sign_in(portal.person("union_chair", UNION))
    chair.goto(f"{work}issue/")
    assert answer in chair.page.locator("main").inner_text()
    faults += looks.faults_of(chair.page)
    BulletinDesk(chair.page).do(work, "issue")

    # Anybody reads it, on paper and in Word's form too; the answer counts as given there.
    reader.page.goto("/open/bulletin/")
    reader.follow(title)
    for words in (LEAD, answer, ANSWER, given, shown, "安康杯"):
        assert words in reader.words
    faults += looks.faults_of(reader.page)
    with reader.page.expect_download() as download:
        reader.page.click("main a[href$='/docx/']")
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as word:
        assert title in word.read("word/document.xml").decode()
    assert re.fullmatch(r"工会工作信息.+\.docx", download.value.suggested_filename)
    with reader.page.expect_navigation():
        reader.page.click("main a[href$='/print/']")
    assert LEAD in reader.page.locator("body").inner_text()
    faults += looks.faults_of(reader.page)
    reader.page.goto(f"/inquiries/{answer}/")
    assert "工会工作信息" in reader.words
    assert faults == []
