"""The editor of rich text in Chromium: typing, Word's pastes, undo, tables, sending; and the same without script."""

import pytest
from django.conf import settings

from portal.kernel.richtext import clean
from tests.kernel.richtext.zoo import ATTACKS, PASTES

from .conftest import DESKTOP, PHONE

SHOTS = settings.BASE_DIR / "build" / "screenshots"
SURFACE = "#rich_body"
PASTE = """([selector, html, text]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", text);
  document.querySelector(selector).dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
  );
}"""


class EditorPage:
    """The editor on the style page."""

    def __init__(self, visitor, path="/styleguide/"):
        self.visitor = visitor
        self.page = visitor.page
        self.page.clock.install()
        visitor.goto(path)

    def empty(self):
        self.page.click(SURFACE)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        return self

    def paste(self, html="", text=""):
        self.page.evaluate(PASTE, [SURFACE, html, text])

    def press(self, name, value=None):
        chosen = f'[data-act="{name}"]' + (f'[data-value="{value}"]' if value else "")
        self.page.click(f".rich-bar {chosen}")

    @property
    def sent(self):
        """What the form would send now."""
        self.page.clock.run_for(350)
        return self.page.input_value(f"{SURFACE}_source")


@pytest.fixture
def editor(portal, visit, size):
    return EditorPage(visit(size).sign_in(portal.person("union_officer")))


def test_typing_headings_lists_and_bold(editor):
    editor.empty()
    write = editor.page.keyboard
    editor.press("block", "h2")
    write.type("夜班津贴")
    write.press("Enter")
    write.type("自")
    editor.press("bold")
    write.type("2026年")
    editor.press("bold")
    write.type("起执行")
    write.press("Enter")
    editor.press("list", "ol")
    write.type("一线")
    write.press("Enter")
    write.type("管理")
    expected = "<h2>夜班津贴</h2>\n<p>自<strong>2026年</strong>起执行</p>\n<ol><li>一线</li><li>管理</li></ol>"
    assert editor.sent == expected
    assert clean(editor.sent) == expected


def test_undo_and_redo_take_back_pastes_and_tables(editor):
    editor.empty()
    editor.page.keyboard.type("甲")
    before = editor.sent
    editor.paste("<p class=MsoNormal>乙</p><table><tr><td>1</td><td>2</td></tr></table>")
    pasted = editor.sent
    assert "<table>" in pasted and "乙" in pasted
    editor.page.click(f"{SURFACE} td >> nth=0")
    editor.press("row-add")
    editor.press("column-add")
    editor.page.keyboard.type("新")
    assert editor.sent.count("<tr>") == 2 and editor.sent.count("<td>") == 6
    for _step in range(3):
        editor.press("undo")
    assert editor.sent == pasted
    editor.page.focus(SURFACE)
    editor.page.keyboard.press("Control+Z")
    assert editor.sent == before
    editor.page.keyboard.press("Control+Y")
    assert editor.sent == pasted


def test_pastes_come_out_as_the_server_would_have_them(portal, visit):
    editor = EditorPage(visit(DESKTOP).sign_in(portal.person("union_officer")))
    different = {}
    for name, pasted, expected in PASTES:
        if name in {"composed_form", "unseen_characters_go_in_every_writing"}:
            continue  # a clipboard holds neither NUL nor half a character
        editor.empty()
        editor.paste(pasted)
        if clean(editor.sent) != expected:
            different[name] = editor.sent
    assert different == {}


def test_no_attack_runs_in_the_editor(portal, visit):
    visitor = visit(DESKTOP).sign_in(portal.person("union_officer"))
    dialogs = []
    visitor.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    asked = []
    visitor.page.on("request", lambda request: request.url.endswith("/favicon.svg") or asked.append(request.url))
    editor = EditorPage(visitor)
    asked.clear()
    for attack in ATTACKS:
        editor.empty()
        editor.paste(attack.replace("\x00", ""))
        visitor.page.wait_for_timeout(60)
    assert (dialogs, asked) == ([], [])
    assert visitor.page.locator(f"{SURFACE} :is(script, img, svg, iframe, form, style, input, math)").count() == 0


def test_links_are_set_by_a_panel_and_refused_when_they_lead_astray(editor):
    editor.empty()
    editor.page.keyboard.type("制度")
    editor.page.keyboard.press("Control+A")
    editor.page.keyboard.press("Control+K")
    address = editor.page.locator("[data-rich-address]")
    address.fill("javascript:alert(1)")
    address.press("Enter")
    assert editor.page.locator("[data-rich-link-fault]").inner_text() != ""
    address.fill("/help/")
    address.press("Enter")
    assert editor.sent == '<p><a href="/help/">制度</a></p>'


def test_the_toolbar_is_walked_by_arrows_and_named(editor):
    editor.page.focus(SURFACE)
    editor.page.keyboard.press("Alt+F10")
    first = editor.page.evaluate("() => document.activeElement.dataset.value")
    editor.page.keyboard.press("ArrowRight")
    second = editor.page.evaluate("() => document.activeElement.dataset.value")
    editor.page.keyboard.press("Escape")
    back = editor.page.evaluate("() => document.activeElement.id")
    assert (first, second, back) == ("p", "h2", "rich_body")
    small = editor.page.evaluate(
        "() => [...document.querySelectorAll('.rich-tool')].filter((tool) => tool.offsetParent !== null)"
        ".filter((tool) => tool.offsetWidth < 44 || tool.offsetHeight < 44).map((tool) => tool.textContent)"
    )
    assert small == []


def test_the_counter_counts_words_and_not_markup(editor):
    editor.empty()
    editor.paste("<p><b>一二三</b></p><p>四</p>")
    assert editor.sent == "<p><strong>一二三</strong></p>\n<p>四</p>"
    assert "59995" in editor.page.locator("[data-counter-for=rich_body]").inner_text()


@pytest.mark.parametrize("mode", ["", "?mode=elder"], ids=["normal", "elder"])
def test_editor_and_readings_are_accessible_and_seen(portal, visit, size, mode):
    from axe_playwright_python.sync_playwright import Axe

    visitor = visit(size).sign_in(portal.person("union_officer"))
    editor = EditorPage(visitor, f"/styleguide/{mode}")
    page = editor.page
    found = Axe().run(page, context=[[".rich-field"], [".rich"], [".compare"]]).response["violations"]
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found] == []
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 1
    SHOTS.mkdir(parents=True, exist_ok=True)
    stem = f"richtext-{size[0]}{'-elder' if mode else ''}"
    page.locator(".rich-field").screenshot(path=SHOTS / f"{stem}-editor.png")
    page.locator(".rich >> nth=1").screenshot(path=SHOTS / f"{stem}-reading.png")
    page.locator(".rich-paper").screenshot(path=SHOTS / f"{stem}-paper.png")
    page.locator(".rich-board").screenshot(path=SHOTS / f"{stem}-board.png")
    page.locator(".compare").screenshot(path=SHOTS / f"{stem}-compare.png")


def test_without_script_there_is_plain_text_to_write(portal, visit):
    visitor = visit(PHONE, java_script_enabled=False).sign_in(portal.person("union_officer"))
    editor = EditorPage(visitor)
    box = editor.page.locator("textarea[name=body]")
    assert box.is_visible() and box.input_value().startswith("# 一、夜班津贴\n\n第一条")
    assert editor.page.locator(".rich-bar").count() == 0
