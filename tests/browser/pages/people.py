"""Signing in and out, the first password, the welcome, slips."""


class SignInPage:
    """The sign-in form."""

    def __init__(self, page):
        self.page = page

    def open(self, query=""):
        self.page.goto(f"/people/sign-in/{query}")

    def sign_in(self, job_no, secret, *, is_shared=False):
        """Fill in the form, send it and wait for the page behind it."""
        self.page.fill("#id_job_no", job_no)
        self.page.fill("#id_password", secret)
        if is_shared:
            self.page.check("#id_is_shared")
        with self.page.expect_navigation():
            self.page.click("main form button[type=submit]")


class FirstSecretPage:
    """Choosing a secret of one's own after the slip."""

    def __init__(self, page):
        self.page = page

    def choose(self, secret):
        self.page.fill("#id_new", secret)
        self.page.fill("#id_again", secret)
        with self.page.expect_navigation():
            self.page.click("main form button[type=submit]")


class WelcomePage:
    """The three cards of the first visit."""

    def __init__(self, page):
        self.page = page

    def go_on(self, size="normal"):
        with self.page.expect_navigation():
            self.page.click(f"main button[name=size][value={size}]")


class RosterPage:
    """The people of a unit, as the union officer sees them."""

    def __init__(self, page):
        self.page = page

    def job_numbers(self, unit):
        """Return the job numbers of a unit's people."""
        self.page.goto(f"/people/roster/?unit={unit}")
        return self.page.locator("main tbody td.figures").all_inner_texts()

    def print_slip(self, job_no):
        """Make a new slip for a person and return its password."""
        self.page.goto(f"/people/roster/?q={job_no}")
        for way in ("main tbody a", "main a[href$='/slip/']"):
            with self.page.expect_navigation():
                self.page.locator(way).first.click()
        with self.page.expect_navigation():
            self.page.locator("main form button[type=submit]").first.click()
        return "".join(self.page.locator(".first-slip-secret span").all_inner_texts())
