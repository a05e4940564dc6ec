"""A test vote in the hands of its users: drawn up, three shares, a ballot in two taps, two codes, the result."""

import re

from .conftest import PHONE
from .pages.balloting import BallotPaper, VoteDesk

WORKS = "乙烯厂"


def test_a_test_vote_from_the_first_page_to_the_published_result(portal, visit, size):
    title = f"试投票：夜班加餐（{size[0]}）"
    scrutineers = [portal.person("discipline"), portal.person("dept_head", WORKS), portal.person("handler", WORKS)]
    chair = VoteDesk(visit(size).sign_in(portal.person("union_chair")).page)
    work = chair.draft(
        title=title,
        unit="YX-1",
        matters="是否同意为夜班增设加餐",
        scrutineer_one=scrutineers[0]["job_no"],
        scrutineer_two=scrutineers[1]["job_no"],
        scrutineer_three=scrutineers[2]["job_no"],
    )
    desks = [VoteDesk(visit(size).sign_in(person).page) for person in scrutineers]
    shares = [desk.take_share(work) for desk in desks]
    assert len(set(shares)) == 3 and all(re.fullmatch("([0-9A-Z]{4}-){8}[0-9A-Z]", share) for share in shares)
    chair.press(work, "open")
    worker = BallotPaper(visit(PHONE).sign_in(portal.person("worker")).page)
    worker.find(title)
    assert min(worker.button_heights()) >= 60
    tracker = worker.vote("against")
    assert re.fullmatch("[0-9a-f]{10}", tracker)
    worker.find_again(title)
    assert "您已投票" in worker.words
    assert "参加投票" not in chair.words_of(work)  # no number before the end
    chair.press(work, "close")
    desks[0].press(work, "close")
    desks[1].count(work, shares[2], shares[0].lower().replace("-", " "))
    chair.press(work, "publish")
    reader = visit(size).page
    reader.goto("/votes/")
    with reader.expect_navigation():
        reader.get_by_role("link", name=title).click()
    reader.locator("summary", has_text="全部回执号").click()
    words = reader.locator("main").inner_text()
    assert tracker in words and "未通过" in words and "不了解" not in words
