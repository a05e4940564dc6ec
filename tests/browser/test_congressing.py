"""A session from its plan to the minutes, with a vote on a phone; a motion from its draft to three ratings."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from tests.factories.cards import REPLY_TEXT

from .conftest import DESKTOP, PHONE
from .pages.balloting import BallotPaper, VoteDesk
from .pages.congressing import MotionPages, SessionDesk, fill, words_of
from .pages.desk import Desk

HALL, LOGISTICS = (1920, 1080), "后勤服务部"
ITEM, BALLOT, TITLE = "食堂外包服务方案", "食堂外包方案表决", "关于控制室夜间供应热水的提案"


def test_a_session_and_a_motion_from_the_first_page_to_the_last(portal, visit):
    chair = visit(HALL).sign_in(portal.person("union_chair"))
    delegate = visit(PHONE).sign_in(portal.person("worker", "裂解车间"))
    desk = SessionDesk(chair.page)
    signers = [visit(PHONE).sign_in(one) for one in (portal.person("worker", "尿素车间"), portal.person("leader"))]
    staff = [visit(DESKTOP).sign_in(portal.person(role, LOGISTICS)) for role in ("handler", "dept_head")]
    desk.call_for_motions(opens_on=_day(), closes_on=_day(days=10))
    motion = _a_motion_is_rated(portal, chair.page, delegate.page, signers, staff)
    reader = visit(PHONE).page
    assert "满意 3" in words_of(reader, motion)
    _figures_of_the_report_stand_beside_their_names(delegate.page)

    desk.plan(day=_day(), place="职工俱乐部")
    assert "差1人" not in desk.words("hall/"), "nobody of nobody is not one short"
    desk.act("credentials/", counts_vacant="1", evidence="资格审查小组：代表二十九名，缺额一名。")
    desk.act("items/", kind="approve", title=ITEM, speaker="后勤处处长")
    chair.page.goto(desk.at("papers/"))
    chair.page.fill("#id_title", "方案全文")
    chair.page.select_option("#id_item", label=ITEM)
    chair.page.click("#id_text")
    chair.page.keyboard.type("一、服务范围：职工食堂三个窗口。")
    chair.page.locator("main form .btn-primary[type=submit]").first.click()
    chair.page.wait_for_url(f"**{desk.at('')}")
    desk.act("convene/")
    desk.act("waive/", gate="notice", reason="临时会议，材料当日送达", basis="主席团当日决定")

    mine = words_of(delegate.page, desk.at("mine/", public=True))
    assert ITEM in mine
    desk.sign_in_by_code(delegate.page.locator(".door-number").inner_text().strip())
    assert desk.sign_in_from_list(18) == 18
    assert "差1人" in desk.words("hall/")
    desk.sign_in_from_list(1)
    desk.do("open")
    screen = chair.page
    screen.goto(desk.at("screen/"))
    heights = screen.locator(".hall-figures dd").evaluate_all(
        "figures => figures.map(one => parseFloat(getComputedStyle(one).fontSize) / innerHeight)"
    )
    assert min(heights) >= 0.12 and screen.locator(".hall-figures dd").all_inner_texts() == ["30", "20", "20"]
    for step in ("call", "stage", "stage"):
        desk.do(step)
    numbers = {
        "scrutineer_one": portal.person("handler", LOGISTICS)["job_no"],
        "scrutineer_two": portal.person("dept_head", LOGISTICS)["job_no"],
        "scrutineer_three": portal.person("leader")["job_no"],
    }
    chair.page.goto(desk.at("vote/"))
    item = chair.page.locator("input[name=items]").get_attribute("value")
    desk.act("vote/", items=item, title=BALLOT, grade="signed_in", **numbers)
    chair.page.goto(desk.at("hall/"))
    with chair.page.expect_navigation():
        chair.page.get_by_role("link", name=BALLOT).click()
    work = chair.page.url.removeprefix(portal.address)
    votes = [VoteDesk(one.page) for one in (*staff, signers[1])]
    shares = [one.take_share(work) for one in votes]
    desk.do("poll_open")
    paper = BallotPaper(delegate.page)
    paper.find(BALLOT)
    tracker = paper.vote("for")
    screen.goto(desk.at("screen/"))
    shown = screen.locator(".hall").inner_text()
    assert "1/2" in shown and screen.locator(".hall-counts").count() == 0, "no part of a result"
    desk.do("poll_close")
    votes[0].press(work, "close")
    votes[1].count(work, shares[0], shares[2])
    desk.do("poll_publish")
    screen.goto(desk.at("screen/"))
    assert screen.locator(".hall-counts strong").all_inner_texts() == ["1", "0", "0"]
    assert screen.locator(".hall-rejected").count() == 1
    desk.do("close")
    desk.act("disclose/")
    minutes = words_of(reader, desk.at("minutes/", public=True))
    assert ITEM in minutes and "赞成1" in minutes and "须16票" in minutes and tracker not in minutes
    assert "主席团当日决定" in minutes, "what was waived stands in the minutes"


def _figures_of_the_report_stand_beside_their_names(page):
    """On a phone too: a name above its one number would make the report three times as long."""
    page.goto("/congress/motions/")
    call = page.locator("main a[href*='/motions/calls/']").first.get_attribute("href")
    page.goto(f"{call}report/")
    rows = page.locator(".grid-figures tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.getBoundingClientRect().top))"
    )
    assert rows and all(top == beside for top, beside in rows)


def _day(*, days=0):
    return f"{dt.datetime.now(ZoneInfo('Asia/Shanghai')) + dt.timedelta(days=days):%Y-%m-%d}"


def _a_motion_is_rated(portal, chair, delegate, signers, staff):
    """Written by a head of delegation, seconded by two, filed, answered, rated by all three; returns its path."""
    proposer = MotionPages(delegate)
    path = proposer.write(
        title=TITLE,
        seconders=[portal.person("worker", "尿素车间")["name"], portal.person("leader")["name"]],
        cause="夜班控制室没有热水，职工自带水瓶。",
        grounds="三个控制室均无开水器，上月七人反映。",
        proposal="由后勤服务部在三个控制室各装一台开水器。",
    )
    assert "还差2人附议" in words_of(delegate, path)
    for one in signers:
        MotionPages(one.page).press(path, "sign", "main button[name=answer][value=yes]")
    proposer.press(path, "hand-in")
    chair.goto(f"/desk{path}decide/")
    lead = chair.locator("#id_lead_unit option", has_text=LOGISTICS).first.get_attribute("value")
    fill(chair, f"/desk{path}decide/", outcome="filed", reason="一事一案，同意立案。", lead_unit=lead)
    number = re.search(r"20\d\d-\d{4}", words_of(chair, path))[0]
    handler, head = (Desk(one.page) for one in staff)
    handler.reply(number, REPLY_TEXT)
    chair.goto(f"/desk{path}check/")
    with chair.expect_navigation():
        chair.click("main button[name=verdict][value=yes]")
    head.approve(number)
    Desk(chair).deliver(number, channel="portal")
    for page in (delegate, *(one.page for one in signers)):
        fill(page, f"{path}rate/", level="3")
    return path
