"""A scorecard in the hands of the unit: from a number to its rows, computed anew, and an objection with its clock."""

from .conftest import PHONE
from .looks import faults_of
from .pages.disclosing import send

UNIT = "乙烯厂"


def test_from_a_number_to_its_rows_and_to_an_objection(portal, visit):
    page = visit(PHONE).sign_in(portal.person("dept_head", UNIT)).page

    def go(place):
        with page.expect_navigation():
            place.tap()
        assert faults_of(page) == []
        return page.locator("main").inner_text()

    page.goto("/scorecards/")
    words = go(page.locator("main").get_by_role("link", name=UNIT, exact=True))
    sheet = page.url
    figures = page.locator("main tbody tr")
    row = figures.filter(has=page.locator("a[href$='/contest/']")).first
    name = row.locator("th a").inner_text()
    assert UNIT in words and figures.count() > 5
    words = go(row.locator("th a"))
    assert name in words and "数据明细" in words
    page.goto(sheet)
    words = go(page.locator("main a[href$='/recompute/']"))
    assert "台账" in words and page.locator("main tbody tr").count() >= figures.count()
    page.goto(sheet)
    go(row.locator("a[href$='/contest/']"))
    page.fill("#id_reason", "有一项在停机当日已张贴公开栏，次日补录，应计为按期。")
    send(page)
    assert page.url == sheet and faults_of(page) == []
    objection = page.locator("main .row-item", has_text="停机当日")
    assert "还剩" in objection.inner_text() and "异议" in page.locator("main").inner_text()
    assert name not in figures.filter(has=page.locator("a[href$='/contest/']")).locator("th").all_inner_texts()
    with page.expect_navigation():
        objection.locator("a").first.tap()
    assert faults_of(page) == []
