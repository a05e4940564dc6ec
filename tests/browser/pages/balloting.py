"""The desk of votes and the ballot paper."""

from .cards import path_of
from .disclosing import send


class VoteDesk:
    """Making, opening, closing, counting and publishing a vote."""

    def __init__(self, page):
        self.page = page

    def draft(self, *, unit, matters, **texts):
        """Draw up a test vote by sign-in; return the path of its working page."""
        self.page.goto("/votes/new/")
        for name, words in {"matters": matters, **texts}.items():
            self.page.fill(f"#id_{name}", words)
        self.page.select_option("#id_unit", unit)
        self.page.check("input[name=grade][value=signed_in]", force=True)
        send(self.page)
        return path_of(self.page)

    def _act(self, work, name):
        self.page.goto(work)
        with self.page.expect_navigation():
            self.page.click(f"main a[href='{work.removesuffix('desk/')}{name}/']")

    def press(self, work, name):
        """Do an act that asks for nothing."""
        self._act(work, name)
        send(self.page)

    def take_share(self, work):
        """Take up the share and return its code."""
        self._act(work, "share")
        send(self.page)
        return self.page.locator(".share-code").inner_text().strip()

    def count(self, work, one, two):
        self._act(work, "count")
        self.page.fill("#id_code_one", one)
        self.page.fill("#id_code_two", two)
        send(self.page)

    def words_of(self, work):
        self.page.goto(work)
        return self.page.locator("main").inner_text()


class BallotPaper:
    """Voting on a phone."""

    def __init__(self, page):
        self.page = page

    def find(self, title):
        self.page.goto("/vote/")
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=title).click()
        self.path = path_of(self.page)

    def find_again(self, title):
        self.page.goto(self.path)

    def button_heights(self):
        boxes = [one.bounding_box() for one in self.page.locator("main .option, main .btn-seal").all()]
        return [box["height"] for box in boxes]

    def vote(self, said):
        """Two taps; returns the tracker of the receipt."""
        self.page.locator(f"label[for=id_q1_{('for', 'against', 'abstain').index(said)}]").tap()
        with self.page.expect_navigation():
            self.page.locator("main .btn-seal").tap()
        return self.page.locator(".slip-code").inner_text().replace(" ", "").strip()

    @property
    def words(self):
        return self.page.locator("main").inner_text()
