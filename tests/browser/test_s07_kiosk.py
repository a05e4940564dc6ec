"""S7: a shared kiosk ends by itself, and shows nothing of the one before to the next."""

from .conftest import PHONE
from .pages.balloting import BallotPaper
from .pages.cards import BODY, SUBJECT, CardPages, path_of

IDLE_MS = 61_000


def test_s07_a_kiosk_ends_after_a_minute_and_forgets_its_user(portal, visit, size):
    person = portal.person("worker", "裂解车间")
    kiosk = visit(size)
    kiosk.hold_clock()
    kiosk.sign_in(person, is_shared=True)
    card = CardPages(kiosk.page)
    card.to_words()
    card.tell()
    assert path_of(kiosk.page) == "/cards/new/"
    kiosk.page.clock.run_for(2_000)  # what keeps a draft elsewhere waits for a pause
    assert [key for key in kiosk.page.evaluate("() => Object.keys(localStorage)") if "draft" in key] == []

    # A touch in between counts, an idle minute does not.
    kiosk.page.clock.run_for(40_000)
    with kiosk.page.expect_response(lambda answer: answer.request.method == "POST"):
        kiosk.page.keyboard.press("Shift")  # which the server is told of, and answers before anything ends
    kiosk.page.clock.run_for(40_000)
    assert path_of(kiosk.page) == "/cards/new/"
    with kiosk.page.expect_navigation(url="**/signed-out/**"):
        kiosk.page.clock.run_for(IDLE_MS)
    kiosk.page.wait_for_load_state()

    traces = (person["name"], person["job_no"], SUBJECT, BODY)

    assert kiosk.page.evaluate("() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]") == []
    assert [cookie["name"] for cookie in kiosk.context.cookies() if "session" in cookie["name"]] == []
    for _step in range(6):
        kiosk.back()
        assert [trace for trace in traces if trace in kiosk.shown()] == []
        kiosk.page.reload()
        assert [trace for trace in traces if trace in kiosk.shown()] == []
    for path in ("/home/", "/cards/mine/", "/people/sign-in/"):
        kiosk.goto(path)
        assert [trace for trace in traces if trace in kiosk.shown()] == []
    for name in ("job_no", "password"):
        assert kiosk.page.input_value(f"#id_{name}") == ""


def test_s07_a_ballot_at_a_kiosk_leaves_nothing_to_the_next_one(portal, visit):
    person, title = portal.person("worker", "裂解车间"), "试投票：请您试一试"
    kiosk = visit(PHONE).sign_in(person, is_shared=True)
    paper = BallotPaper(kiosk.page)
    paper.find(title)
    for question in {name.split("-")[0] for name in kiosk.page.locator("main input[type=radio]").evaluate_all(NAMES)}:
        kiosk.page.check(f"main input[type=radio][name^={question}] >> nth=1", force=True)
    while kiosk.page.locator(".slip-code").count() == 0:  # a paper with more than one question is looked over first
        with kiosk.page.expect_navigation():
            kiosk.page.locator("main button[name=step]").first.tap()
    tracker = kiosk.page.locator(".slip-code").inner_text().replace(" ", "").strip()
    assert kiosk.page.evaluate(STORED) == []
    kiosk.context.clear_cookies()  # what the end of an idle minute does, tried above
    for _step in range(5):
        kiosk.back()
        shown = kiosk.shown().replace(" ", "")
        assert [trace for trace in (tracker, person["name"]) if trace in shown] == []
        assert kiosk.page.locator("main input:checked").count() == 0
    kiosk.sign_in(portal.person("worker", "尿素车间"), is_shared=True)
    paper.find_again(title)
    assert kiosk.page.locator("main input:checked").count() == 0 and tracker not in kiosk.shown().replace(" ", "")


NAMES = "fields => fields.map(field => field.name)"
STORED = "() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]"
