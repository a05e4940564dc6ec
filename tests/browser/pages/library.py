"""The desk of the library: a new version, and its approval."""

from .cards import path_of
from .disclosing import SURFACE, send


class LibraryDesk:
    """Writing a version of a regulation, handing it on, approving it."""

    def __init__(self, page):
        self.page = page

    def revise(self, address, *, more):
        """Open the form of a new version of a regulation and add a paragraph at its end."""
        self.page.goto(address)
        with self.page.expect_navigation():
            self.page.click("main a[href$='/revise/']")
        self.page.click(SURFACE)
        self.page.keyboard.press("Control+End")
        self.page.keyboard.press("Enter")
        self.page.keyboard.type(more)

    def keep(self, **texts):
        """Fill in the open form and send it; return the path of the page after it."""
        for name, words in texts.items():
            self.page.fill(f"#id_{name}", words)
        send(self.page)
        return path_of(self.page)

    def do(self, work, act, button="main form .btn-primary[type=submit]"):
        """Open an act of a version and do it."""
        self.page.goto(f"{work}{act}/")
        send(self.page, button)
