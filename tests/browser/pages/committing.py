"""The desk of commitments and the register of major decisions."""

from .cards import path_of
from .disclosing import send, write_rich

BODY = "#id_body"


class CommitmentDesk:
    """Renewing a commitment, opening its round, signing, paper."""

    def __init__(self, page):
        self.page = page

    def plan(self, *, kind, unit, title, body, **texts):
        """Fill in what a unit renews each year and send it; return the path of the page after it."""
        self.page.goto("/desk/open/commitments/plans/add/")
        self.page.check(f"input[name=kind][value={kind}]", force=True)
        self.page.select_option("#id_unit", unit)
        self.page.fill("#id_title", title)
        write_rich(self.page, body, BODY)
        return self.send(**texts)

    def send(self, **texts):
        """Fill in parts of the open form and send it; return the path of the page after it."""
        for name, words in texts.items():
            self.page.fill(f"#id_{name}", words)
        send(self.page)
        return path_of(self.page)

    def begin(self, act, *, of=""):
        """Press the button of an act, in the row of somebody where ``of`` names one."""
        row = self.page.locator("main .row-item", has_text=of) if of else self.page.locator("main")
        with self.page.expect_navigation():
            row.locator(f"a[href^='/desk/'][href*='{act}']").first.click()

    def sign(self):
        self.page.check("#id_is_read")
        send(self.page, "main form .btn-seal[type=submit]")

    def decide(self, verdict, answer=""):
        """Say yes or no to what somebody else has entered."""
        if answer:
            self.page.fill("#id_answer", answer)
        send(self.page, f"button[name=verdict][value={verdict}]")


class MajorDesk(CommitmentDesk):
    """Entering a major decision and reporting on it."""

    def register(self, *, unit, kind, content, **texts):
        """Fill in a decision and send it; return the path of the page after it."""
        self.page.goto("/desk/open/majors/new/")
        self.page.select_option("#id_unit", unit)
        self.page.check(f"input[name=kind][value={kind}]", force=True)
        write_rich(self.page, content, "#id_content")
        return self.send(**texts)

    def report(self, work, *, status, **texts):
        """Report how far a decision is; return the path of the page after it."""
        if not self.page.url.endswith(f"{work}progress/"):
            self.page.goto(f"{work}progress/")
        self.page.check(f"input[name=status][value={status}]", force=True)
        return self.send(**texts)
