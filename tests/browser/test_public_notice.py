"""A public notice from the desk to its outcome: shown, objected to, answered, decided, and its name masked."""

import contextlib
import datetime as dt
import sqlite3

from portal.kernel.days import months_after

from . import looks
from .conftest import DESKTOP, PHONE
from .pages.cards import OwnPage, path_of
from .pages.desk import Desk
from .pages.disclosing import Reader, TextDesk, send

WORKS, NAME, MASKED = "乙烯厂", "杨大海", "杨某某"
TITLE, BODY = "年度先进个人推荐名单公示（裂解车间）", f"经班组推荐、车间评议，拟推荐裂解车间{NAME}为年度先进个人。"
ABOUT = f"拟推荐先进个人：{NAME}"
OBJECTION = "推荐前没有在班组投票"
PROCESS = {
    "basis": "《评先选优管理办法》第八条",
    "method": "班组推荐，车间评议，工会复核",
    "objections_heard": "无",
    "about": ABOUT,
    "notice_basis": "《评先选优管理办法》第十二条",
    "workdays": "5",
    "contact": "综合办公室103室，电话6610",
}
FINDING = "经核查，班组于十一月三日投票，签到表和票数已向异议人出示。"
SIGNERS = {
    "head": ("dept_head", WORKS),
    "secrecy": ("secrecy", None),
    "union": ("union_chair", None),
    "group": ("leader", WORKS),
}


def test_a_notice_is_objected_to_answered_decided_and_masked(portal, visit):
    handler = visit(DESKTOP).sign_in(portal.person("handler", WORKS))
    desk = TextDesk(handler.page)
    desk.begin("C08")
    handler.page.select_option("#id_accepted_by", label=WORKS)
    work = desk.write(title=TITLE, body=BODY, **PROCESS)
    desk.hand_on(work)
    signers = {}
    for step, (role, unit) in SIGNERS.items():
        signers[step] = visit(DESKTOP).sign_in(portal.person(role, unit))
        assert TextDesk(signers[step].page).sign(work, step), step
    chief = signers["head"]

    worker = visit(PHONE).sign_in(portal.person("worker", "裂解车间"))
    reader, own = Reader(worker.page), OwnPage(worker.page)
    worker.goto("/open/")
    reader.follow(TITLE)
    notice = path_of(worker.page)
    assert reader.words.count(NAME) == 2 and PROCESS["contact"] in reader.words
    number = _object(worker.page, f"{notice}opinion/")
    own.open(number)
    today = looks.today()  # a month or thirty days, whichever ends first: February has fewer
    days = (min(months_after(today, 1), today + dt.timedelta(days=30)) - today).days
    assert f"还剩 {days} 天" in own.words, "the clock of thirty days runs"

    union = visit(DESKTOP).sign_in(portal.person("union_officer", WORKS))
    Desk(union.page).register(number, "YX")
    Desk(handler.page).reply(number, FINDING, outcome="D")
    Desk(chief.page).approve(number)
    Desk(union.page).deliver(number, channel="portal")
    own.open(number)
    assert FINDING in own.words and "答复：已完成" in own.words, "within its clock"

    handler.goto(f"{work}outcome/")
    assert handler.page.locator("input[name=outcome][value=unfounded]").count() == 0, "the period runs"
    _days_pass(portal, notice, days=20)  # five of them are worked in any holiday
    desk.decide(work, "unfounded", FINDING)
    desk.mask(work, title=TITLE, body=BODY.replace(NAME, MASKED), about=ABOUT.replace(NAME, MASKED))
    worker.goto(notice)
    assert "异议不成立" in reader.words and FINDING in reader.words and number in reader.words
    assert (reader.words.count(MASKED), NAME in reader.words) == (2, False)
    handler.goto(f"{notice}v1/")
    assert BODY in handler.page.locator("main").inner_text(), "who wrote it still reads what stood there"


def _object(page, address):
    """Object to a notice by one's name; return the number of the matter."""
    page.goto(address)
    page.select_option("#id_kind", "objection")
    page.fill("#id_subject", OBJECTION)
    page.fill("#id_body", "裂解甲班十一月没有开过推荐会，请公布各班组的得票。")
    page.check("input[name=mode][value=named]", force=True)
    send(page)
    return page.locator(".slip-number").inner_text().strip()


def _days_pass(portal, notice, *, days):
    """Let the days of a notice pass, which no browser can wait for: it was published that much earlier."""
    year, serial = notice.strip("/").rpartition("/")[2].split("-")
    place = (int(year), int(serial))
    with contextlib.closing(sqlite3.connect(portal.folder / "portal.sqlite3", timeout=60)) as database, database:
        found = "SELECT publish_at FROM disclosures_publication WHERE year = ? AND serial = ?"
        at = dt.datetime.fromisoformat(database.execute(found, place).fetchone()[0]) - dt.timedelta(days=days)
        earlier = "UPDATE disclosures_publication SET publish_at = ? WHERE year = ? AND serial = ?"
        database.execute(earlier, (str(at), *place))
