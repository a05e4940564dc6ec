"""The desk of disclosure and what readers open: texts, consultations, briefings."""

import re

from .cards import path_of

KEY = "[0-9a-f]{8}-[0-9a-f-]{27}"
SURFACE = "#id_body"


def send(page, button="main form .btn-primary[type=submit], main form .btn-seal[type=submit]"):
    """Press the button of the open form and wait for the page after it."""
    with page.expect_navigation():
        page.locator(button).first.click()


def write_rich(page, text, surface=SURFACE):
    """Replace what stands in the editor by typing."""
    page.click(surface)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


class TextDesk:
    """Writing and signing a text of the catalogue."""

    def __init__(self, page):
        self.page = page

    def begin(self, code):
        """Open the editor for an item that one's own units owe."""
        self.page.goto("/desk/open/new/")
        choice = self.page.locator("#id_assignment option", has_text=code).first.get_attribute("value")
        self.page.select_option("#id_assignment", choice)
        send(self.page)

    def write(self, *, title, body, **texts):
        """Fill in the editor, save, and return the path of the working page."""
        self.page.fill("#id_title", title)
        write_rich(self.page, body)
        for name, words in texts.items():
            self.page.fill(f"#id_{name}", words)
        self.page.select_option("#id_audience", "everybody")
        send(self.page)
        return path_of(self.page)

    def hand_on(self, work):
        with self.page.expect_navigation():
            self.page.click(f"main a[href='{work}submit/']")
        send(self.page)

    def sign(self, work, step):
        """Sign a step; return whether it was this person's to sign now."""
        if self.page.goto(f"{work}sign/{step}/").status != 200:
            return False
        send(self.page, "button[name=verdict][value=sign]")
        return True

    def decide(self, work, outcome, note):
        """Enter what came of a public notice."""
        self.page.goto(f"{work}outcome/")
        self.page.check(f"input[name=outcome][value={outcome}]", force=True)
        self.page.fill("#id_note", note)
        send(self.page)

    def mask(self, work, *, body, **texts):
        """Mask the names of a public notice."""
        self.page.goto(f"{work}mask/")
        for name, words in texts.items():
            self.page.fill(f"#id_{name}", words)
        write_rich(self.page, body)
        send(self.page)


class Reader:
    """What is read, said and asked on the public pages."""

    def __init__(self, page):
        self.page = page

    @property
    def words(self):
        return self.page.locator("main").inner_text()

    def follow(self, title):
        """Open the link with this title in a list."""
        with self.page.expect_navigation():
            self.page.locator("main a", has_text=title).first.click()

    def links(self, pattern):
        """Return the paths of the links on the page that fit a pattern, without those to a place within a page."""
        found = self.page.eval_on_selector_all("main a[href]", "all => all.map(one => one.getAttribute('href'))")
        return [path for path in dict.fromkeys(found) if re.fullmatch(pattern, path)]

    def open_clause(self, title):
        """Open the first clause of a consultation, from the list; return its path."""
        self.page.goto("/open/consultations/")
        self.follow(title)
        clause = self.links(rf"/open/consultations/{KEY}/on/[a-z0-9-]+/")[0]
        self.page.goto(clause)
        return clause

    def say(self, text, *, nickname=""):
        """Say what one thinks of the open clause, with the account or under a nickname."""
        where = r"/a/consultations/.+" if nickname else rf"/open/consultations/{KEY}/say/[a-z0-9-]+/"
        self.page.goto(self.links(where)[0])
        self.page.check("input[name=stance][value=change]", force=True)
        self.page.fill("#id_text", text)
        if nickname:
            self.page.fill("#id_nickname", nickname)
        send(self.page)

    def ask_beforehand(self, text):
        with self.page.expect_navigation():
            self.page.click("main a[href$='/ask/']")
        self.page.fill("#id_text", text)
        send(self.page)


class ConsultationDesk:
    """Putting a draft before the workers."""

    def __init__(self, page):
        self.page = page

    def draft(self, *, unit, title, lead, body):
        """Write a draft, ask for its opening, and return the path of the working page."""
        self.page.goto("/desk/open/consultations/new/")
        self.page.select_option("#id_department", index=1)
        self.page.select_option("#id_unit", unit)
        self.page.fill("#id_title", title)
        self.page.fill("#id_lead", lead)
        write_rich(self.page, body)
        self.page.select_option("#id_audience", "everybody")
        send(self.page)
        work = path_of(self.page)
        self.page.goto(f"{work}hand/")
        send(self.page)
        return work

    def open(self, work):
        self.page.goto(f"{work}open/")
        send(self.page)


class BriefingDesk:
    """Announcing a briefing."""

    def __init__(self, page):
        self.page = page

    def announce(self, *, unit, **texts):
        """Fill in the announcement, send it, and return the path of the working page."""
        self.page.goto("/desk/open/briefings/new/")
        self.page.select_option("#id_unit", unit)
        for name, words in texts.items():
            self.page.fill(f"#id_{name}", words)
        self.page.select_option("#id_audience", "everybody")
        send(self.page)
        return path_of(self.page)
