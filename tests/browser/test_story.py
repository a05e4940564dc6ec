"""The story of the portal: a card from the slip in a new worker's hand to the rating that closes it."""

import io

from PIL import Image

from tests.files import zoo

from .conftest import DESKTOP
from .pages.cards import CardPages, LedgerPage, OwnPage, path_of
from .pages.desk import Desk, Keyboard
from .pages.people import FirstSecretPage, RosterPage, WelcomePage

NEW_SECRET = "自己选的 horse 2026"
OFFICE = "HQ"
ANSWER = "经现场核查，夜班确无热饭。自本周起二十三点至凌晨一点供应热汤面，责任人后勤服务部易嘉，电话 4021。"
AGAIN = "已再次核查：热汤面改为每晚供应，并增设保温柜一台，由夜班值班长签字确认，电话 4021。"


def test_a_card_goes_from_the_slip_to_the_rating(portal, visit, size, tmp_path):
    photo = tmp_path / "照片.jpg"
    photo.write_bytes(zoo.photo_with_traces())
    desk_of_the_works = visit(DESKTOP).sign_in(portal.person("union_officer", "乙烯厂"))
    roster = RosterPage(desk_of_the_works.page)
    taken = {row["job_no"] for row in portal.people}
    free = [job_no for job_no in roster.job_numbers("YX-1") if job_no not in taken]
    job_no = free[0 if size == DESKTOP else 1]
    slip_secret = roster.print_slip(job_no)

    # The worker comes with the slip, chooses a password of their own and is welcomed, once.
    worker = visit(size)
    worker.sign_in({"job_no": job_no, "secret": slip_secret})
    FirstSecretPage(worker.page).choose(NEW_SECRET)
    assert path_of(worker.page) == "/people/me/welcome/"
    WelcomePage(worker.page).go_on()
    assert path_of(worker.page) == "/home/"

    # A card with a photo that would tell where it was taken.
    card = CardPages(worker.page)
    card.write(mode="named", files=[photo])
    slip = card.send()
    assert len(slip.code) == 16
    own = OwnPage(worker.page)
    own.open(slip.number)
    file_url = worker.page.locator("main .files a").first.get_attribute("href")
    image = Image.open(io.BytesIO(worker.context.request.get(f"{portal.address}{file_url}").body()))
    assert dict(image.getexif()) == {}

    # The union officer registers and assigns it with the keyboard alone.
    officer = visit(DESKTOP).sign_in(portal.person("union_officer", "启明石化公司"))
    officer.goto("/desk/triage/?stage=submitted")
    keys = Keyboard(officer.page)
    keys.press("/")
    officer.page.keyboard.type(slip.number)
    keys.press_and_go("Enter")
    keys.press("j")
    assert keys.focused["words"] == "夜班食堂没有热饭"
    keys.press_and_go("r")
    assert path_of(officer.page) == f"/desk/{slip.number}/register/"
    assert keys.tab_to("#id_lead_unit") is not None
    keys.choose_entry("#id_lead_unit", OFFICE)
    assert keys.tab_to("button.btn-primary[type=submit]") is not None
    assert keys.focused["ring"] != "none"
    keys.press_and_go("Enter")
    assert path_of(officer.page) == "/desk/triage/"

    # The handler answers from a template; with its blanks open it is refused.
    handler = visit(size, allowed=["422"]).sign_in(portal.person("handler", "后勤服务部"))
    work = Desk(handler.page)
    work.use_template(slip.number, title="现场整改类")
    assert "【核查情况】" in handler.page.input_value("#id_text")
    work.choose_outcome("A")
    work.send("button[name=act][value=send]")
    assert handler.page.title().startswith("错误")
    work.reply(slip.number, ANSWER)
    assert path_of(handler.page) == f"/desk/{slip.number}/"

    # The head approves, the union records where the workers can read it.
    head = visit(size).sign_in(portal.person("dept_head", "后勤服务部"))
    Desk(head.page).approve(slip.number)
    bulletin = Desk(officer.page)
    bulletin.deliver(slip.number, channel="union_bulletin", bulletin_no="2026年第11期")
    assert path_of(officer.page) == f"/desk/{slip.number}/"

    # The worker is not satisfied, so it goes round again, and then is.
    own.open(slip.number)
    assert ANSWER in own.words and "2026年第11期" in own.words
    own.rate(2, "夜班还是没有热饭。")
    assert not own.can_rate
    work.reply(slip.number, AGAIN)
    Desk(head.page).approve(slip.number)
    bulletin.deliver(slip.number, channel="staff_meeting", place="裂解车间会议室")
    own.open(slip.number)
    own.rate(4)
    assert not own.can_rate
    assert "已办结" in own.words

    # Everything stands in the history, in its order, and the ledger knows the fingerprint.
    told = [line.splitlines()[-1] for line in own.history()]
    wanted = ["收到信息卡", "工会登记", "后勤服务部", "审核通过", "工会工作信息", "不满意", "二次办理"]
    wanted += ["审核通过", "职工大会", "评价：满意", "已办结"]
    place = -1
    for words in wanted:
        place = next((at for at in range(place + 1, len(told)) if words in told[at]), None)
        assert place is not None, f"{words} is missing in {told}"
    assert "收到信息卡" in LedgerPage(worker.page).look_up(slip.fingerprint)


def test_a_reader_sees_the_clock_and_the_answer_of_the_same_card(portal, visit, size):
    reader = visit(size)
    reader.goto("/inquiries/")
    row = reader.page.locator("main .row-item").first
    number, lamp = row.locator(".row-number").inner_text(), row.locator(".lamp").inner_text().strip()
    reader.goto(f"/inquiries/{number}/")
    assert lamp in reader.page.locator("main .clock").inner_text()
