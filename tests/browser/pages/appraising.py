"""The appraisal form, by sign-in on a phone or by a code at a kiosk."""

import math
import time

from playwright.sync_api import expect

from .cards import path_of


class AppraisalPaper:
    """One form; ``taps``, ``screens`` and ``waits`` (seconds for each page) are what filling it in has cost so far."""

    def __init__(self, page):
        self.page = page
        self.taps = self.screens = 0
        self.waits = []

    def find(self, title):
        """Go to the form from the own home page, as somebody does who was told of it."""
        self.page.goto("/appraisals/")
        self.go(self.page.get_by_role("link", name=title))
        self.go(self.page.locator("main a[href^='/vote/']").first)
        self.path = path_of(self.page)
        self.taps, self.waits = 0, self.waits[-1:]

    def go(self, place):
        """Tap on what leads to another page, and wait until it is there."""
        began = time.monotonic()
        with self.page.expect_navigation():
            self.tap(place)
        self.waits.append(time.monotonic() - began)

    def tap(self, place):
        place.tap() if self.page.viewport_size["width"] < 768 else place.click()
        self.taps += 1

    def look(self):
        """Count the screens from the top of the open page to the button that leads on."""
        button = self.page.locator("main button[name=step]").first.bounding_box()
        foot = button["y"] + button["height"] + self.page.evaluate("() => window.scrollY")
        self.screens += math.ceil(foot / self.page.viewport_size["height"])

    @property
    def questions(self):
        """The names of the answers, in the order of the form."""
        names = self.page.locator("main input[type=radio]").evaluate_all("fields => fields.map(one => one.name)")
        return list(dict.fromkeys(names))

    def answer(self, questions, choices):
        """Tap one answer to each question; the choices take turns."""
        for number, name in enumerate(questions):
            self.tap(self.page.locator(f"label[for=id_{name}_{choices[number % len(choices)]}]"))

    def has_given(self, count):
        """Wait until the form says that it has so many answers; a tap arrives a moment after it was sent."""
        expect(self.page.locator("[data-given]")).to_have_text(str(count))

    def checked(self):
        """Return {name: value} of what is marked."""
        marked = self.page.locator("main input[type=radio]:checked")
        return dict(marked.evaluate_all("fields => fields.map(one => [one.name, one.value])"))

    def step(self, name):
        self.go(self.page.locator(f"main button[name=step][value={name}]"))

    @property
    def tracker(self):
        return self.page.locator(".slip-code").inner_text().replace(" ", "").strip()
