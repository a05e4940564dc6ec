"""What is being written survives bad signal, and leaves nothing behind where it must not."""

from playwright.sync_api import expect

from .conftest import DESKTOP
from .pages.cards import BODY, SUBJECT, CardPages, OwnPage
from .pages.desk import Desk


def stored(visitor):
    return visitor.page.evaluate("() => Object.keys(localStorage)")


def test_a_named_draft_survives_going_offline_and_coming_back(portal, visit):
    worker = visit(allowed=["ERR_INTERNET_DISCONNECTED"]).sign_in(portal.person("worker", "裂解车间"))
    card = CardPages(worker.page)
    card.to_words()
    card.tell()
    worker.page.wait_for_function("body => Object.values(localStorage).some((kept) => kept.includes(body))", arg=BODY)
    worker.context.set_offline(True)
    worker.page.click("form[data-draft] .acts button:not([name=to])")
    worker.page.wait_for_url("chrome-error://**")
    worker.context.set_offline(False)
    card.to_words()
    expect(worker.page.locator("#id_body")).not_to_have_value("")
    assert worker.page.input_value("#id_subject") == SUBJECT
    assert worker.page.input_value("#id_body") == BODY
    expect(worker.page.locator("[data-draft-status]")).to_be_visible()
    # Nothing was sent by itself, and sending drops what was kept.
    card.go_on()
    card.choose("mode", "named")
    slip = card.send()
    assert [key for key in stored(worker) if key.startswith("portal-draft")] == []
    own = OwnPage(worker.page)
    own.open(slip.number)
    assert BODY in own.words


def test_the_first_press_sends_however_soon_after_the_last_word_it_comes(portal, visit):
    """What is said about the kept text moves the button below it: not between pressing it and letting it go."""
    worker = visit(DESKTOP).sign_in(portal.person("worker", "裂解车间"))
    card = CardPages(worker.page)
    card.to_words()
    before = worker.page.url
    # As if there before: only the last field tells the script that something was typed.
    worker.page.evaluate(
        "words => Object.entries(words).forEach(([id, said]) => { document.getElementById(id).value = said; })",
        {"id_subject": SUBJECT, "id_body": BODY},
    )
    worker.page.fill("#id_suggestion", "请在控制室旁增设加热柜。")
    card.go_on()
    assert worker.page.locator("#id_body").count() == 0, before


def test_nothing_is_kept_of_an_anonymous_draft(portal, visit):
    writer = visit()
    writer.hold_clock()
    card = CardPages(writer.page, is_anonymous=True)
    card.to_words(unit="YX-1")
    card.tell()
    writer.page.clock.run_for(5_000)
    assert stored(writer) == []
    card.to_words(unit="YX-1")
    assert writer.page.input_value("#id_body") == ""


def test_a_reply_being_written_is_kept_on_the_server(portal, visit):
    worker = visit().sign_in(portal.person("worker", "裂解车间"))
    card = CardPages(worker.page)
    card.write(subject="更衣柜门锁坏了")
    slip = card.send()
    officer = visit(DESKTOP).sign_in(portal.person("union_officer", "启明石化公司"))
    Desk(officer.page).register(slip.number, "HQ")
    handler = visit(DESKTOP)
    handler.hold_clock()  # a pause between two keys would save half of the words first
    desk = Desk(handler.sign_in(portal.person("handler", "后勤服务部")).page)
    desk.begin(slip.number, "reply")
    handler.page.locator("#id_text").press_sequentially("已安排更换门锁，")
    with handler.page.expect_response(lambda answer: answer.url.endswith("/reply/draft/") and answer.ok):
        handler.page.clock.run_for(5_000)
    desk.begin(slip.number, "reply")
    assert handler.page.input_value("#id_text") == "已安排更换门锁，"
