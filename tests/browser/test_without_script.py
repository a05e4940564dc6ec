"""With script switched off everything still works (U2)."""

from tests.files import zoo

from .conftest import DESKTOP
from .pages.cards import CardPages, OwnPage
from .pages.desk import Desk

ANSWER = "经现场核查，浴室冷热水阀已于本周更换，水温恢复到四十二度，责任人后勤服务部，电话 4021。"


def test_u02_a_card_is_written_tracked_and_rated_without_script(portal, visit, size, tmp_path):
    photo = tmp_path / "浴室.png"
    photo.write_bytes(zoo.picture(format_="PNG"))
    worker = visit(size, java_script_enabled=False).sign_in(portal.person("worker", "裂解车间"))
    card = CardPages(worker.page)
    card.write(subject="浴室水温不稳", files=[photo])
    slip = card.send()

    # The desk, without script as well.
    officer = visit(DESKTOP, java_script_enabled=False).sign_in(portal.person("union_officer", "启明石化公司"))
    Desk(officer.page).register(slip.number, "HQ")
    handler = visit(DESKTOP, java_script_enabled=False).sign_in(portal.person("handler", "后勤服务部"))
    Desk(handler.page).reply(slip.number, ANSWER)
    head = visit(DESKTOP, java_script_enabled=False).sign_in(portal.person("dept_head", "后勤服务部"))
    Desk(head.page).approve(slip.number)
    Desk(handler.page).deliver(slip.number, channel="portal")

    reader = visit(size, java_script_enabled=False)
    own = OwnPage(reader.page)
    own.track(slip)
    assert ANSWER in own.words and own.can_rate
    own.rate(5)
    assert not own.can_rate and "非常满意" in own.words
