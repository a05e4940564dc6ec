"""The anonymous card: no mark on the browser, a dialogue by code, nothing left behind on the way back."""

from .conftest import DESKTOP
from .pages.cards import CardPages, OwnPage, path_of
from .pages.desk import Desk


def kept_by(visitor):
    """Return everything the browser keeps of the portal: cookies and what scripts stored."""
    stored = visitor.page.evaluate("() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    return [cookie["name"] for cookie in visitor.context.cookies()] + stored


def test_an_anonymous_card_leaves_no_mark_and_is_talked_about_by_its_code(portal, visit, size, tmp_path):
    writer = visit(size)
    card = CardPages(writer.page, is_anonymous=True)
    card.write(unit="YX-1", kind="complaint", topic="safety")
    slip = card.send()
    assert kept_by(writer) == []
    assert "只显示这一次" in writer.page.locator("main").inner_text()

    officer = visit(DESKTOP).sign_in(portal.person("union_officer", "启明石化公司"))
    desk = Desk(officer.page)
    desk.register(slip.number, "HQ")
    desk.act(slip.number, "ask-author", text="请说明是哪一个班组，以便现场核对。")
    assert path_of(officer.page) == f"/desk/{slip.number}/"

    own = OwnPage(writer.page)
    own.track(slip)
    assert "请说明是哪一个班组" in own.words
    own.say("甲班和乙班都是。")
    assert "甲班和乙班都是。" in own.words
    assert kept_by(writer) == []
    desk.open(slip.number)
    assert "甲班和乙班都是。" in desk.words


def test_leaving_an_anonymous_page_is_one_press_and_back_finds_nothing(portal, visit, size):
    writer = visit(size)
    writer.goto("/inquiries/")
    card = CardPages(writer.page, is_anonymous=True)
    card.to_words(unit="YX-1")
    card.tell(subject="只写在这一处的话", body="除了这台机器谁也没有看到过这一句。")
    with writer.page.expect_navigation():
        writer.page.click("[data-exit]")
    assert path_of(writer.page) == "/"
    for _step in range(5):
        writer.back()
        shown = writer.shown()
        assert "只写在这一处的话" not in shown and "谁也没有看到过" not in shown


def test_three_presses_of_shift_leave_at_once(portal, visit):
    writer = visit(DESKTOP)
    writer.hold_clock()  # two seconds between two presses would be no three presses
    CardPages(writer.page, is_anonymous=True).to_words(unit="YX-1")
    with writer.page.expect_navigation():
        for _press in range(3):
            writer.page.keyboard.press("Shift")
    assert path_of(writer.page) == "/"


def test_a_signed_in_worker_who_chooses_anonymity_goes_on_without_the_account(portal, visit):
    writer = visit().sign_in(portal.person("worker", "裂解车间"))
    card = CardPages(writer.page)
    card.to_words()
    card.tell()
    card.go_on()
    answers = []
    writer.page.on("response", lambda answer: answers.append(answer))
    card.press("form.picks-apart button")
    assert path_of(writer.page) == "/a/card/"
    while writer.page.locator(".slip-number").count() == 0:
        card.go_on()
    assert writer.page.locator("main .slip").count() == 1
    assert "任嘉琴" not in writer.page.content()
    pages = [one for one in answers if "/static/" not in one.url]
    # Nothing of what was written stands in an address, and no answer ties the browser to it.
    assert len(pages) >= 2 and {one.url for one in pages} == {f"{portal.address}/a/card/"}
    assert [one.url for one in pages if one.header_value("set-cookie")] == []
