"""The congress: its desk, the door, the delegate's pages, motions."""

import functools
import re

from .cards import path_of
from .disclosing import send

KEY = r"[0-9a-f]{8}-[0-9a-f-]{27}"


def fill(page, path, **values):
    """Open a form, fill it in by the names of its fields and press its first button; radios and boxes by values."""
    page.goto(path)
    for name, value in values.items():
        if page.locator(f"main input[name={name}][type=radio], main input[name={name}][type=checkbox]").count():
            for one in [value] if isinstance(value, str) else value:
                page.check(f"main input[name={name}][value='{one}']", force=True)
        elif page.locator(f"main select[name={name}]").count():
            page.select_option(f"main select[name={name}]", value)
        else:
            page.fill(f"main [name={name}]:not([type=hidden])", value)
    send(page, "main form .btn[type=submit]")
    return path_of(page)


def words_of(page, path=None):
    """Return what the main part of a page says."""
    if path:
        page.goto(path)
    return page.locator("main").inner_text()


class SessionDesk:
    """The union's pages of one session."""

    def __init__(self, page):
        self.page = page

    @functools.cached_property
    def key(self):
        """The key of the next session."""
        return re.search(rf"/congress/sessions/({KEY})/", words_of_links(self.page, "/congress/sessions/"))[1]

    def call_for_motions(self, **days):
        """Call for motions straight to the first committee, as the form offers it."""
        self.act("call/", group="no", text="围绕职工生活提出提案，一事一案。", **days)

    def plan(self, *, day, place):
        """Move the next session to the end of a day and clear its agenda; the working page is open afterwards."""
        self.act("move/", opens_on=day, opens_time="23:59", closes_on=day, place=place, mode="onsite")
        for address in set(words_of_links(self.page, self.at("")).split()):
            if address.endswith("/withdraw/"):
                fill(self.page, address, reason="移至年度例会审议")

    def at(self, page, *, public=False):
        return f"{'' if public else '/desk'}/congress/sessions/{self.key}/{page}"

    def act(self, name, **values):
        return fill(self.page, self.at(name), **values)

    def words(self, name=""):
        return words_of(self.page, self.at(name))

    def do(self, name):
        """Press the console's button of an act."""
        self.page.goto(self.at("hall/"))
        with self.page.expect_navigation():
            self.page.locator(f"main button[name=do][value={name}]").click()

    def sign_in_by_code(self, code):
        """Type the code of a phone into the console's field, as a scanner does, and press Enter."""
        self.page.goto(self.at("hall/"))
        self.page.fill("#id_who", code)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def sign_in_from_list(self, count):
        """Send the forms of so many lines of the list at the door, as their buttons do."""
        self.page.goto(self.at("door/"))
        return self.page.evaluate(
            "async (count) => { const all = [...document.querySelectorAll('main li form:not([action])')];"
            " const forms = all.slice(0, count);"
            " for (const form of forms) await fetch(location.href, { method: 'POST', body: new FormData(form) });"
            " return forms.length; }",
            count,
        )


def words_of_links(page, path):
    """Return the addresses of all links of a page."""
    page.goto(path)
    return " ".join(page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))"))


class MotionPages:
    """A motion in the hands of delegates and of the committee."""

    def __init__(self, page):
        self.page = page

    def write(self, *, title, seconders, **words):
        """Write a motion and ask delegates by name to second it; return its path."""
        path = fill(self.page, "/congress/motions/new/", category="living", title=title, names="yes", **words)
        self.page.goto(f"{path}invite/")
        for name in seconders:
            self.page.locator("main label", has_text=name).click()
        send(self.page)
        return path

    def press(self, path, act, button="main form .btn[type=submit]"):
        self.page.goto(f"{path}{act}/")
        send(self.page, button)
