"""U9: what is printed is the thing itself, whole and without the portal around it."""

from pathlib import Path

import pytest
from django.conf import settings

from .conftest import DESKTOP
from .looks import measure
from .pages.cards import CardPages
from .pages.people import RosterPage

PAPER = Path(settings.BASE_DIR) / "build" / "screenshots" / "paper"
A4_TEXT = (700, 990)  # CSS pixels of an A4 sheet within its margins
AROUND = ".strip, .top-acts, .main-nav, .foot-row, .filters, .pager, .acts .btn, [data-print]"


def print_page(visitor, name):
    """Print the open page to build/screenshots/paper and return what of the portal's frame came along."""
    PAPER.mkdir(parents=True, exist_ok=True)
    visitor.page.emulate_media(media="print")
    visitor.page.set_viewport_size({"width": A4_TEXT[0], "height": A4_TEXT[1]})
    visitor.page.screenshot(path=PAPER / f"{name}.png", full_page=True)
    visitor.page.pdf(path=PAPER / f"{name}.pdf", format="A4", print_background=True)
    around = visitor.page.locator(AROUND).evaluate_all(
        "all => all.filter(one => one.checkVisibility()).map(one => one.className)"
    )
    return around + measure(visitor.page)["wide"]


@pytest.fixture
def number(portal, visit):
    """The number of the newest published card."""
    reader = visit(DESKTOP)
    reader.goto("/inquiries/?state=closed")
    return reader.page.locator("main .row-number").first.inner_text()


def test_u09_public_pages_print_without_navigation(portal, visit, number):
    reader = visit(DESKTOP)
    for name, path in {
        "card": f"/inquiries/{number}/",
        "list": "/inquiries/",
        "statistics": "/inquiries/statistics/",
        "ledger": "/ledger/",
        "privacy": "/privacy/",
    }.items():
        reader.page.emulate_media(media="screen")
        reader.goto(path)
        assert print_page(reader, name) == [], path


def test_u09_a_receipt_a_slip_and_the_statistics_print_whole(portal, visit):
    worker = visit(DESKTOP).sign_in(portal.person("worker", "裂解车间"))
    card = CardPages(worker.page)
    card.write(subject="打印回执试验")
    card.send()
    assert print_page(worker, "receipt") == []
    officer = visit(DESKTOP).sign_in(portal.person("union_officer", "乙烯厂"))
    roster = RosterPage(officer.page)
    roster.print_slip(roster.job_numbers("YX-2")[-1])
    assert print_page(officer, "slip") == []
    officer.page.emulate_media(media="screen")
    officer.goto("/desk/statistics/")
    assert print_page(officer, "desk-statistics") == []
