"""Disclosure in the hands of its users: a text from the desk to the display, an opinion on a draft, a briefing."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from .pages.disclosing import KEY, BriefingDesk, ConsultationDesk, Reader, TextDesk

WORKS = "乙烯厂"
BODY = "裂解车间十一月份奖金由班组核分，车间会议评议，按岗位系数发放，人均一千八百六十元。"
PROCESS = {
    "basis": "《月份经营业绩考核办法》第三章",
    "method": "班组核分，车间会议评议，工会小组复核",
    "objections_heard": "收到意见两条，均已在班前会答复",
}
# Who signs which step; a text that needs no opinion of the union or of discipline inspection passes them by.
SIGNERS = {
    "head": ("dept_head", WORKS),
    "secrecy": ("secrecy", None),
    "union": ("union_chair", None),
    "discipline": ("discipline", None),
    "group": ("leader", WORKS),
}


def test_a_text_goes_from_the_desk_to_the_display(portal, visit, size):
    title = f"裂解车间十一月份奖金分配结果（{size[0]}）"
    handler = TextDesk(visit(size).sign_in(portal.person("handler", WORKS)).page)
    handler.begin("C01")
    work = handler.write(title=title, body=BODY, **PROCESS)
    assert re.fullmatch(f"/desk/open/{KEY}/", work)
    handler.hand_on(work)
    reader = Reader(visit(size).page)
    signed = []
    for step, (role, unit) in SIGNERS.items():
        reader.page.goto("/open/")
        assert title not in reader.words  # not before the last signature
        signer = visit(size, allowed=["403 (Forbidden)"]).sign_in(portal.person(role, unit))
        signed += [step] * TextDesk(signer.page).sign(work, step)
    assert (signed[:2], signed[-1]) == (["head", "secrecy"], "group")
    reader.page.goto("/open/")
    reader.follow(title)
    assert BODY in reader.words
    for words in PROCESS.values():
        assert words in reader.words


def test_a_worker_says_what_to_change_and_is_nobody_to_others(portal, visit, size):
    title = f"乙烯厂夜班津贴发放办法（{size[0]}）"
    handler = ConsultationDesk(visit(size).sign_in(portal.person("handler", WORKS)).page)
    work = handler.draft(
        unit="YX", title=title, lead="夜班津贴由按月改为按班发放。", body="第一条 夜班津贴每班四十元，次月十日前发放。"
    )
    assert re.fullmatch(f"/desk/open/consultations/{KEY}/", work)
    ConsultationDesk(visit(size).sign_in(portal.person("leader", WORKS)).page).open(work)
    person = portal.person("worker")
    worker = Reader(visit(size).sign_in(person).page)
    clause = worker.open_clause(title)
    own, other = f"夜班津贴应随轮班调整（{size[0]}）", f"建议写明发放日期（{size[0]}）"
    nickname_url = worker.links("/a/consultations/.+")[0]
    worker.say(own)
    assert own in worker.words
    # From the same page anybody at the works may speak without an account.
    stranger = Reader(visit(size).page)
    stranger.page.goto(nickname_url)
    stranger.page.check("input[name=stance][value=change]", force=True)
    stranger.page.fill("#id_text", other)
    stranger.page.fill("#id_nickname", "老炉工")
    with stranger.page.expect_navigation():
        stranger.page.locator("main form .btn-seal").click()
    # Others read the first at once, of a worker; the second from tomorrow, when nobody knows any more who was there.
    reader = Reader(visit(size).sign_in(portal.person("handler", WORKS)).page)
    reader.page.goto(clause)
    assert own in reader.words
    assert person["name"] not in reader.words and other not in reader.words


def test_a_briefing_is_announced_and_asked_beforehand(portal, visit, size):
    title, question = f"十二月份厂情发布会（{size[0]}）", f"检修期间班车怎么安排（{size[0]}）"
    tomorrow = dt.datetime.now(ZoneInfo("Asia/Shanghai")).date() + dt.timedelta(days=1)
    handler = visit(size).sign_in(portal.person("handler", WORKS))
    work = BriefingDesk(handler.page).announce(
        unit="YX",
        title=title,
        starts_on=tomorrow.isoformat(),
        starts_time="14:00",
        place="一号会议室",
        chair=portal.person("leader", WORKS)["job_no"],
        agenda="十二月份产量；吴磊海；15\n检修安排；邱建山；20",
    )
    assert re.fullmatch(f"/desk/open/briefings/{KEY}/", work)
    person = portal.person("worker")
    worker = Reader(visit(size).sign_in(person).page)
    worker.page.goto("/open/briefings/")
    worker.follow(title)
    assert "一号会议室" in worker.words and "检修安排" in worker.words
    worker.ask_beforehand(question)
    handler.goto(work)
    assert question in handler.page.locator("main").inner_text()
    # Nobody else reads it before it has been asked.
    stranger = Reader(visit(size).page)
    stranger.page.goto(work.replace("/desk/open/", "/open/"))
    assert title in stranger.words and question not in stranger.words
