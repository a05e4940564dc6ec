"""Every page that anybody can reach: fits the screen, speaks Chinese, keeps its policy, has one heading, passes axe."""

import os
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from .conftest import DESKTOP, PHONE
from .crawling import Walk
from .looks import ALL_CONTROLS, axe, measure

PICTURES = Path(settings.BASE_DIR) / "build" / "screenshots"
NARROW = (320, 640)
# Somebody of each role, and how many pages each of them reaches at the least.
LEAST = {
    "visitor": 12,
    "worker": 18,
    "handler": 18,
    "dept_head": 20,
    "leader": 20,
    "union_officer": 30,
    "union_chair": 30,
    "discipline": 22,
    "secrecy": 22,
    "system_admin": 30,
    "security_admin": 25,
    "auditor": 22,
}
# Refused with its reason, which is a page as good as any: a unit with people cannot be closed.
REFUSED = {"accounts:unit_close"}
# The styleguide names parts as templates write them; auditors read entries as they are chained.
SPEAKS_CODE = {"home:styleguide", "ledger:audit"}
# A board and the screen of the hall are drawn as they hang, and measured by tests of their own.
HANGING = {"congress:hall_screen"} | {
    f"disclosures:{name}" for name in ("public_board", "preview_board", "board_preview")
}
# Pages of a route looked at so far: the first one closely, the second in all sizes, two more on a phone. What
# differs for the roles after that is the answer and where it leads; it is asked for without drawing it.
looked_at = Counter()
ENOUGH = 4
# In large type and in English two roles look at a page of a route; what the third sees differs by a link or two.
looked_at_large, looked_at_english = Counter(), Counter()
TWICE = 2


def arrive(portal, visit, role, size, **cookies):
    visitor = visit(size, allowed=["403 (Forbidden)"])
    if role != "visitor":
        visitor.sign_in(portal.person(role))
    if cookies:
        visitor.context.add_cookies(
            [{"name": name, "value": value, "url": portal.address} for name, value in cookies.items()]
        )
    return visitor


def resize(visitor, size):
    visitor.page.set_viewport_size({"width": size[0], "height": size[1]})


def picture(visitor, name):
    """Keep a picture for people to look at, named by mode, role, page and width; nobody looks at those of CI."""
    if os.environ.get("CI"):
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    width = visitor.page.viewport_size["width"]
    visitor.page.screenshot(path=PICTURES / f"{name.replace(':', '.')}-{width}.png", full_page=True)


def starts(role):
    return ["/"] if role == "visitor" else ["/home/", "/"]


@pytest.mark.parametrize("role", LEAST)
def test_u03_every_page_of_a_role_keeps_the_rules_of_all_pages(portal, visit, role):
    visitor = arrive(portal, visit, role, PHONE)
    walk, count, faults = Walk(visitor, starts(role), is_known=lambda route: looked_at[route] >= ENOUGH), 0, []
    for path, route, answer in walk:
        count += 1
        if answer.status != (403 if route in REFUSED else 200):
            faults.append(f"{path}: status {answer.status}")
        if looked_at[route] >= ENOUGH:
            continue
        found = measure(visitor.page, language=route not in SPEAKS_CODE, target_px=44)
        if found["h1"] != 1:
            faults.append(f"{path}: {found['h1']} headings of the first rank")
        faults += [f"{path}: not Chinese: {words}" for words in found["latin"][:5]]
        faults += [f"{path}: too small: {words}" for words in found["small"][:5]]
        is_new = looked_at[route] == 0
        looked_at[route] += 1
        if is_new:
            faults += [f"{path}: {line}" for line in axe(visitor.page)]
            picture(visitor, f"{role}-{route}")
        if looked_at[route] <= 2:
            for size in (NARROW, DESKTOP):
                resize(visitor, size)
                faults += [f"{path} at {size[0]}: {words}" for words in measure(visitor.page)["wide"]]
            if is_new:
                picture(visitor, f"{role}-{route}")
            resize(visitor, PHONE)
    for path in walk.files:
        answer = visitor.context.request.get(f"{portal.address}{path}")
        if answer.status != 200:
            faults.append(f"{path}: status {answer.status}")
    assert not faults, "\n" + "\n".join(faults)
    assert walk.lost == []
    assert count >= LEAST[role]


@pytest.mark.parametrize("role", ["visitor", "worker", "handler"])
def test_u03_elder_mode_has_large_type_and_large_targets_on_every_page(portal, visit, role):
    visitor = arrive(portal, visit, role, PHONE, portal_elder="1")
    faults, count = [], 0
    for path, route, _answer in Walk(visitor, starts(role), is_known=lambda route: looked_at_large[route] >= TWICE):
        if route in SPEAKS_CODE | HANGING:
            continue
        count += 1
        if looked_at_large[route] >= TWICE:
            continue
        looked_at_large[route] += 1
        found = measure(visitor.page, type_px=24, target_px=60, controls=ALL_CONTROLS)
        faults += [f"{path}: {words}" for words in (*found["wide"], *found["tiny"][:4], *found["small"][:4])]
        if count <= 12:
            picture(visitor, f"elder-{role}-{route}")
        resize(visitor, NARROW)
        faults += [f"{path} at 320: {words}" for words in measure(visitor.page)["wide"]]
        resize(visitor, PHONE)
    assert not faults, "\n" + "\n".join(faults)
    assert count >= LEAST[role] - 2


@pytest.fixture
def english(portal, visit):
    """Return a function that lets somebody come and choose English, which their profile forgets after the test."""
    come = []

    def switch(visitor):
        visitor.goto("/")
        with visitor.page.expect_navigation():
            visitor.page.locator("header button[name=language]").click()

    def arriving(role):
        come.append(arrive(portal, visit, role, PHONE))
        switch(come[-1])
        return come[-1]

    yield arriving
    for visitor in come:
        switch(visitor)


@pytest.mark.parametrize("role", ["visitor", "worker", "union_officer"])
def test_every_page_speaks_english_when_asked(english, role):
    visitor = english(role)
    faults, count = [], 0
    for path, route, answer in Walk(visitor, starts(role), is_known=lambda route: looked_at_english[route] >= TWICE):
        count += 1
        if looked_at_english[route] >= TWICE:
            if answer.status != (403 if route in REFUSED else 200):
                faults.append(f"{path}: status {answer.status}")
            continue
        looked_at_english[route] += 1
        found = measure(visitor.page)
        if found["lang"] != "en":
            faults.append(f"{path}: lang {found['lang']}")
        faults += [f"{path}: {words}" for words in found["wide"]]
        heading = visitor.page.locator("h1").first.inner_text()
        if count <= 6:
            picture(visitor, f"english-{role}-{route}")
        if not heading.strip():
            faults.append(f"{path}: no heading")
    assert not faults, "\n" + "\n".join(faults)
    assert count >= LEAST[role] - 2
