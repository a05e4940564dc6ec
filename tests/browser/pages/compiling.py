"""The desk of the union's bulletin: the head of an issue, what is ticked for it, handing over, issuing."""

from .cards import path_of
from .disclosing import send, write_rich


class BulletinDesk:
    """Compiling an issue, and issuing it as the chair."""

    def __init__(self, page):
        self.page = page

    def begin(self, *, unit, lead, **texts):
        """Fill in the head of an issue; return the path of the page after it."""
        self.page.goto("/desk/open/bulletin/new/")
        self.page.select_option("#id_unit", unit)
        write_rich(self.page, lead, "#id_lead")
        return self.head(**texts)

    def head(self, **texts):
        """Fill in parts of the open head and send it."""
        for name, words in texts.items():
            self.page.fill(f"#id_{name}", words)
        send(self.page)
        return path_of(self.page)

    def tick(self, place):
        """Tick the first thing offered in a part of the open page; return its number."""
        row = self.page.locator(f"{place} .row-item").first
        row.locator("label").click()
        return row.locator(".row-number").first.inner_text()

    def write(self, work, *, heading, text):
        """Write a text of the union's own."""
        self.page.goto(f"{work}text/")
        self.page.fill("#id_heading", heading)
        write_rich(self.page, text, "#id_text")
        send(self.page)

    def do(self, work, act):
        """Open an act of an issue and do it."""
        self.page.goto(f"{work}{act}/")
        send(self.page)
