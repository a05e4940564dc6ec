"""Writing a card, its receipt, its author's page, tracking it by number and code."""

from dataclasses import dataclass
from urllib.parse import urlsplit

SUBJECT = "夜班食堂没有热饭"
BODY = "本月以来，夜班十一点后只有冷面包，三个班组都有反映。"


@dataclass(frozen=True)
class Slip:
    """What a receipt tells: number, sixteen digits, fingerprint."""

    number: str
    code: str
    fingerprint: str


class CardPages:
    """The screens of a card, one question each; works without script."""

    def __init__(self, page, *, is_anonymous=False):
        self.page = page
        self.is_anonymous = is_anonymous

    def open(self):
        self.page.goto("/a/card/" if self.is_anonymous else "/cards/new/")

    def press(self, selector):
        """Press a button of the form and wait for the page behind it."""
        with self.page.expect_navigation():
            self.page.click(f"main {selector}")

    def choose(self, name, value):
        self.press(f"button[name={name}][value='{value}']")

    def go_on(self):
        self.press("form .acts button:not([name=to])")

    def tell(self, *, subject=SUBJECT, body=BODY, suggestion="", files=()):
        """Fill in the words and the files, without going on."""
        self.page.fill("#id_subject", subject)
        self.page.fill("#id_body", body)
        if suggestion:
            self.page.fill("#id_suggestion", suggestion)
        if files:
            self.page.set_input_files("input[type=file]", [str(file) for file in files])

    def to_words(self, *, kind="complaint", topic="living", unit=None):
        """Answer what comes before the words."""
        self.open()
        self.choose("kind", kind)
        self.choose("topic", topic)
        if unit:
            self.page.select_option("#id_unit", unit)
        self.go_on()

    def write(self, *, mode="named", kind="complaint", topic="living", unit=None, **words):
        """Write a whole card up to its overview."""
        self.to_words(kind=kind, topic=topic, unit=unit)
        self.tell(**words)
        self.go_on()
        if not self.is_anonymous:
            self.choose("mode", mode)

    def send(self):
        """Send from the overview and return the slip of the receipt."""
        self.press("form .acts button.btn-seal, form .acts button:not([name=to])")
        return self.slip()

    def slip(self):
        """Read the receipt."""
        read = self.page.locator
        return Slip(
            number=read(".slip-number").inner_text().strip(),
            code="".join(read("#receipt-code").inner_text().split()),
            fingerprint="".join(read(".slip-print").inner_text().split()),
        )


class OwnPage:
    """One card as its author sees it, signed in or by number and code."""

    def __init__(self, page):
        self.page = page

    def open(self, number):
        self.page.goto(f"/cards/{number}/")

    def track(self, slip):
        """Open the card without signing in."""
        self.page.goto("/a/track/")
        self.page.fill("#id_number", slip.number)
        self.page.fill("#id_code", slip.code)
        with self.page.expect_navigation():
            self.page.click("main form button[type=submit]")

    def rate(self, level, comment=""):
        """Rate the answer, five for very satisfied down to one."""
        self.page.check(f"input[name=level][value='{level}']", force=True)
        if comment:
            self.page.fill("#id_comment", comment)
        with self.page.expect_navigation():
            self.page.click("form:has(input[name=level]) button[type=submit]")

    def say(self, text):
        """Add a word to the card."""
        self.page.fill("form:has(input[name=act][value=message]) textarea", text)
        with self.page.expect_navigation():
            self.page.click("form:has(input[name=act][value=message]) button[type=submit]")

    @property
    def words(self):
        return self.page.locator("main").inner_text()

    @property
    def can_rate(self):
        return self.page.locator("input[name=level]").count() > 0

    def history(self):
        """Return the sentences of everything that was done."""
        return self.page.locator("main .timeline li").all_inner_texts()


class LedgerPage:
    """The public page on which a fingerprint is looked up."""

    def __init__(self, page):
        self.page = page

    def look_up(self, fingerprint):
        """Look for a fingerprint and return what the page says of it."""
        self.page.goto("/ledger/")
        self.page.fill("input[name=q]", fingerprint)
        with self.page.expect_navigation():
            self.page.click("form:has(input[name=q]) button[type=submit]")
        return " ".join(self.page.locator("#check .ledger-place").all_inner_texts())


def path_of(page):
    """Return the path of the open page."""
    return urlsplit(page.url).path
