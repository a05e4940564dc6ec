"""A confidential card: sealed until an officer opens it with the passphrase, and the author reads who did and why."""

from portal.home.demo.seeding import PASSPHRASE

from .conftest import DESKTOP
from .pages.cards import CardPages, OwnPage
from .pages.desk import Desk

REASON = "需当面核实工伤经过，已约在工会办公室。"


def test_the_author_reads_who_opened_the_identity_and_why(portal, visit, size):
    person = portal.person("worker", "尿素车间")
    worker = visit(size).sign_in(person)
    card = CardPages(worker.page)
    card.write(mode="confidential", topic="safety")
    slip = card.send()

    asked = portal.person("union_officer", "启明石化公司")
    officer = visit(DESKTOP, allowed=["422", "403"]).sign_in(asked)
    desk = Desk(officer.page)
    desk.register(slip.number, "AH")
    desk.open(slip.number)
    assert person["name"] not in officer.page.content() and person["job_no"] not in officer.page.content()

    desk.act(slip.number, "reveal", reason=REASON, passphrase="不是这句口令二〇二六")
    assert person["name"] not in officer.page.content()
    desk.act(slip.number, "reveal", reason=REASON, passphrase=PASSPHRASE)
    assert person["name"] in desk.words and person["job_no"] in desk.words
    desk.open(slip.number)
    assert person["name"] not in officer.page.content()

    own = OwnPage(worker.page)
    own.open(slip.number)
    assert asked["name"] in own.words and REASON in own.words
