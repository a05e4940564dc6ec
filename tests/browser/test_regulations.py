"""The library: a version is written, approved and in force; readers find its article, what changed, and its words."""

import re

from . import looks
from .conftest import PHONE
from .pages.disclosing import KEY, SURFACE, Reader
from .pages.library import LibraryDesk

UNIT = "安全环保处"


def test_a_version_is_written_approved_and_found_by_its_readers(portal, visit, size):
    article = f"夜间动火作业须由值班长到场监护并在作业票上签字{size[0]}"
    note = f"补充夜间动火的监护要求（{size[0]}）"
    reader, faults = Reader(visit(size).page), []
    reader.page.goto("/open/regulations/?unit=AH&kind=rule")
    address = reader.links(r"/open/regulations/[A-Z]+-\d+-\d+/")[0 if size == PHONE else 1]
    reader.page.goto(address)
    title = reader.page.inner_text("h1")

    handler = visit(size, allowed=["422"]).sign_in(portal.person("handler", UNIT))
    page, desk = handler.page, LibraryDesk(handler.page)
    desk.revise(address, more=f"第九十条 {article}。")
    # A day on which the version before is not in force yet: said beside the field, and what was typed stays.
    desk.keep(in_force_from="2001-01-01", note=note)
    assert page.locator("#id_in_force_from_error").is_visible()
    assert page.input_value("#id_note") == note and article in page.inner_text(SURFACE)
    faults += looks.faults_of(page)
    work = desk.keep(in_force_from=looks.today().isoformat(), consulted="安委会审议，工会参加。")
    assert re.fullmatch(f"/desk/open/regulations/versions/{KEY}/", work)
    faults += looks.faults_of(page)
    desk.do(work, "submit")
    reader.page.goto(address)
    assert article not in reader.words

    head = visit(size).sign_in(portal.person("dept_head", UNIT))
    head.goto("/desk/open/regulations/")
    Reader(head.page).follow(title)
    assert article in head.page.locator("main").inner_text()
    head.goto(f"{work}approve/")
    faults += looks.faults_of(head.page)
    LibraryDesk(head.page).do(work, "approve", "button[name=verdict][value=yes]")

    # What changed leads to it; the contents lead to the article; the library finds it by its words.
    reader.page.goto("/open/regulations/changes/")
    assert note in reader.words
    faults += looks.faults_of(reader.page)
    reader.follow(title)
    line = reader.page.locator(".reg-contents a", has_text="第九十条")
    anchor = line.get_attribute("href")
    line.click()
    assert reader.page.url.endswith(anchor)
    assert article in reader.page.inner_text(anchor)
    faults += looks.faults_of(reader.page)
    with reader.page.expect_navigation():
        reader.page.locator("main a[href$='/compare/']").first.click()
    assert article in reader.words
    faults += looks.faults_of(reader.page)
    reader.page.goto(f"/open/regulations/?q={article}")
    assert title in reader.words
    assert faults == []
