"""Somebody with a browser of their own, and everything that browser complained about."""

import datetime as dt

from playwright.sync_api import Error as PlaywrightError

from .pages.people import SignInPage

PATIENCE_MS = 60_000


class Visitor:
    """A browser context with one page; ``complaints`` collects console errors, broken pages and policy violations."""

    def __init__(self, portal, browser, *, size, allowed=(), **options):
        """``allowed``: parts of complaints that the test expects, such as the 422 of a form with faults."""
        self.portal = portal
        self.allowed = tuple(allowed)
        self.complaints = []
        options = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options}
        if size[0] < 768:
            options = {"has_touch": True, "is_mobile": True, **options}
        self.context = browser.new_context(
            base_url=portal.address, viewport={"width": size[0], "height": size[1]}, **options
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.page = self.context.new_page()
        self.watch(self.page)

    def watch(self, page):
        """Note what goes wrong on a page."""
        page.on("console", lambda message: message.type in ("error", "warning") and self._note(page, message.text))
        page.on("pageerror", lambda error: self._note(page, str(error)))

    def _note(self, page, text):
        if not any(part in text for part in self.allowed):
            self.complaints.append(f"{page.url}: {text}")

    def hold_clock(self):
        """Stop the time of this visitor's pages before the first opens; it goes on by ``page.clock.run_for`` only."""
        now = dt.datetime.now(dt.UTC)
        self.page.clock.install(time=now)
        self.page.clock.pause_at(now + dt.timedelta(minutes=1))

    def goto(self, path):
        """Open a path and return the answer."""
        return self.page.goto(path, wait_until="load")

    def back(self):
        """Press Back; a page that may not be kept and was the answer to a form is not shown, which is no error here."""
        try:
            self.page.go_back()
        except PlaywrightError as error:
            if "ERR_CACHE_MISS" not in error.message:
                raise

    def shown(self):
        """Return all that can be read on the page, in texts and in fields, once it has come to rest."""
        for _try in range(5):
            try:
                self.page.wait_for_load_state()
                return self.page.evaluate(
                    "() => [document.body.innerText, ...[...document.querySelectorAll('input, textarea')]"
                    ".map(field => field.value)].join(' ')"
                )
            except PlaywrightError as error:  # the page went on to another while it was being read
                if "context was destroyed" not in error.message:
                    raise
        return self.page.evaluate("() => document.body.innerText")

    def sign_in(self, person, *, secret=None, is_shared=False):
        """Sign in as one of the demo's people."""
        page = SignInPage(self.page)
        page.open()
        page.sign_in(person["job_no"], secret or person["secret"], is_shared=is_shared)
        return self

    def leave(self):
        """Close the browser context."""
        self.context.close()
