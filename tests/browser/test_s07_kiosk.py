"""S7: a shared kiosk ends by itself, and shows nothing of the one before to the next."""

from .pages.cards import BODY, SUBJECT, CardPages, path_of

IDLE_MS = 61_000


def test_s07_a_kiosk_ends_after_a_minute_and_forgets_its_user(portal, visit, size):
    person = portal.person("worker", "裂解车间")
    kiosk = visit(size)
    kiosk.page.clock.install()
    kiosk.sign_in(person, is_shared=True)
    card = CardPages(kiosk.page)
    card.to_words()
    card.tell()
    assert path_of(kiosk.page) == "/cards/new/"
    assert [key for key in kiosk.page.evaluate("() => Object.keys(localStorage)") if "draft" in key] == []

    # A touch in between counts, an idle minute does not.
    kiosk.page.clock.run_for(40_000)
    kiosk.page.keyboard.press("Shift")
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
