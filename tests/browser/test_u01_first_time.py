"""U1: a worker who has never seen the portal goes from the slip to a card of their own, by what stands on the pages."""

from PIL import Image

from tests.files import zoo

from .conftest import DESKTOP
from .pages.cards import BODY, CardPages, path_of
from .pages.people import FirstSecretPage, RosterPage, SignInPage, WelcomePage

OWN_SECRET = "自己记得住的 tractor 88"


class Newcomer:
    """Somebody who types no address but the first: follows links and buttons, and looks around on each page."""

    def __init__(self, visitor):
        self.page = visitor.page
        self.way, self.dead_ends, self.statuses = [], [], []
        # The answer to each page load, whatever led to it.
        self.page.on("response", lambda answer: answer.request.is_navigation_request() and self.statuses.append(answer))

    def look(self):
        """Note where the way has come to, and whether the page itself leads on."""
        path = path_of(self.page)
        ways_on = self.page.locator("main a[href]:visible, main button:visible, main summary:visible").count()
        heading = self.page.locator("h1:visible").count()
        # Help stands in the same place on every page; pages that keep no trace have the way out there.
        help_link = self.page.locator("header a[href='/help/']:visible, header a[data-exit]:visible").count()
        self.way.append(path)
        if not (ways_on and heading == 1 and help_link):
            self.dead_ends.append((path, ways_on, heading, help_link))

    def follow(self, selector):
        """Press a link or button that can be seen."""
        found = self.page.locator(selector).locator("visible=true").first
        with self.page.expect_navigation():
            found.click()
        self.look()


def test_u01_from_the_slip_to_a_card_found_by_its_code(portal, visit, size, tmp_path):
    photo = tmp_path / "饭盒.jpg"
    photo.write_bytes(zoo.photo_with_traces((400, 300)))
    roster = RosterPage(visit(DESKTOP).sign_in(portal.person("union_officer", "乙烯厂")).page)
    taken = {row["job_no"] for row in portal.people}
    free = [job_no for job_no in roster.job_numbers("YX-1") if job_no not in taken]
    job_no = free[2 if size == DESKTOP else 3]
    slip = roster.print_slip(job_no)

    visitor = visit(size, allowed=["422"])
    page, newcomer = visitor.page, Newcomer(visitor)
    visitor.goto("/")
    newcomer.look()

    # Wanting to write leads to a choice, the choice of a name to signing in, and signing in back to writing.
    newcomer.follow("main a[href='/cards/new/']")
    newcomer.follow("main a[href^='/people/sign-in/']")
    assert path_of(page) == "/people/sign-in/"
    SignInPage(page).sign_in(job_no, slip)
    newcomer.look()
    FirstSecretPage(page).choose("12345678")
    assert page.title().startswith("错误")
    newcomer.look()
    FirstSecretPage(page).choose(OWN_SECRET)
    newcomer.look()
    assert path_of(page) == "/people/me/welcome/"
    WelcomePage(page).go_on()
    newcomer.look()
    if path_of(page) != "/cards/new/":
        newcomer.follow("main a[href='/cards/new/']")

    # One question a screen; the photo goes with the words.
    card = CardPages(page)
    card.choose("kind", "complaint")
    newcomer.look()
    card.choose("topic", "living")
    newcomer.look()
    card.go_on()
    newcomer.look()
    card.tell(files=[photo])
    card.go_on()
    newcomer.look()
    card.choose("mode", "named")
    newcomer.look()
    receipt = card.send()
    newcomer.look()
    assert len(receipt.code) == 16

    # Signed out, with nothing but what the receipt says, by the box on the front page.
    page.locator("header details.menu summary").last.click()
    newcomer.follow("header form[action='/people/sign-out/'] button")
    with page.expect_navigation():
        page.locator("a.brand").click()
    newcomer.look()
    page.fill("#front-number", receipt.number)
    page.fill("#front-code", receipt.code)
    newcomer.follow("form.hero-box button[type=submit]")
    assert BODY in page.locator("main").inner_text()
    with page.expect_download() as download:
        page.click("main .files button[name=file]")
    with Image.open(download.value.path()) as image:
        assert image.size == (300, 400)  # as the telephone was held

    # The slip has done its service; the own password opens.
    SignInPage(page).open()
    SignInPage(page).sign_in(job_no, slip)
    assert path_of(page) == "/people/sign-in/" and page.title().startswith("错误")
    page.wait_for_timeout(1500)  # after a wrong secret the account waits for a second, and no page says when it is over
    SignInPage(page).sign_in(job_no, OWN_SECRET)
    assert path_of(page) == "/home/"
    newcomer.look()
    newcomer.follow(f"main a[href='/cards/{receipt.number}/']")

    assert newcomer.dead_ends == []
    refused = [(answer.status, path_of_url(answer.url)) for answer in newcomer.statuses if answer.status >= 400]
    # What was wrong on purpose, and nothing else: a password too common, a slip used up.
    assert refused == [(422, "/people/me/secret/"), (422, "/people/sign-in/")]
    assert len(newcomer.way) <= 20


def path_of_url(url):
    return "/" + url.split("/", 3)[3].partition("?")[0]
