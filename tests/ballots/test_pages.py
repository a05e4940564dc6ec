"""The pages: from a test vote to its published result, by sign-in and by code; faults beside their fields."""

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.ballots import operations as does
from portal.ballots.enums import Grade, PollState
from portal.ballots.models import Ballot, Poll, PrintedCode
from portal.deadlines.operations import seed_editions
from tests.factories import ballots as made
from tests.factories.ballots import make_definition, make_poll, vote
from tests.factories.people import make_person, make_unit
from tests.signing import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(db):
    seed_editions(at=timezone.now())
    return timezone.now()


def browser(person):
    return signed_in(Client(), person)


def trial(box_or_unit, scrutineers, **over):
    return {
        "title": "试投票：食堂夜班供餐",
        "unit": box_or_unit.code,
        "grade": "signed_in",
        "matters": "是否同意延长夜班供餐\n是否同意更换承包商",
        "candidates": "张三\n李四\n王五",
        "seats": "2",
        "can_write_in": "on",
        "comparator": ">",
        "tie_rule": "lot",
        "hours": "２",
        "scrutineer_one": scrutineers[0].job_no,
        "scrutineer_two": scrutineers[1].job_no,
        "scrutineer_three": scrutineers[2].job_no,
        **over,
    }


def test_a_test_vote_by_its_pages(now):
    box = make_poll(made.DRAFT, voters=3, at=now)
    desk = browser(box.officer)
    assert desk.get("/votes/desk/").status_code == 200
    response = desk.post("/votes/new/", trial(box.unit, box.scrutineers))
    poll = Poll.objects.get(title__contains="食堂")
    work = f"/votes/{poll.pk}/desk/"
    assert response.status_code == 302 and response.url == work
    shares = []
    for one in box.scrutineers:
        page = browser(one).post(f"/votes/{poll.pk}/share/", {}).content.decode()
        shares.append(re.search(r'class="share-code">([0-9A-Z-]+)<', page)[1])
        assert browser(one).post(f"/votes/{poll.pk}/share/", {}).status_code == 403
    assert desk.get(work).status_code == 200
    assert desk.post(f"/votes/{poll.pk}/open/", {}).status_code == 302
    path = f"/vote/{poll.pk}/"
    voter = browser(box.voters[0])
    listed = voter.get("/vote/").content.decode()
    assert path in listed
    paper = voter.get(path)
    assert paper.status_code == 200 and "no-store" in paper["Cache-Control"]
    assert "两名监票人" in paper.content.decode() and "<title>选票" in paper.content.decode()
    many = {"q1": "for", "q2": "abstain", "q3": ["c1", "c2"], "q3-names": "赵六"}
    refused = voter.post(path, {**many, "step": "check"})
    assert refused.status_code == 422 and "赵六" in refused.content.decode()
    for data, place in (
        ({"q1": "for", "step": "check"}, "q2"),
        ({**many, "q3-names": "张三", "q3": ["c2"], "step": "check"}, "q3-names"),
        ({**many, "q3": ["c9"], "q3-names": "", "step": "check"}, "q3"),
        ({**many, "q3": [], "q3-names": "赵六\n赵六", "step": "check"}, "q3-names"),
        ({**many, "q3": [], "q3-names": "赵" * 21, "step": "check"}, "q3-names"),
    ):
        response = voter.post(path, data)
        assert response.status_code == 422 and place in response.context["form"].errors
    good = {"q1": "for", "q2": "abstain", "q3": ["c1"], "q3-names": "赵六"}
    check = voter.post(path, {**good, "step": "check"})
    assert check.status_code == 200 and not Ballot.objects.exists()
    again = voter.post(path, {**good, "step": "change"})
    assert again.templates[0].name == "ballots/ballot.html" and "赵六" in again.content.decode()
    receipt = voter.post(path, {**good, "step": "cast"})
    tracker = Ballot.objects.get().tracker
    assert tracker[:5] in receipt.content.decode() and "no-store" in receipt["Cache-Control"]
    assert not receipt.cookies.get("messages")
    for response in (voter.get(path), voter.post(path, {**good, "step": "cast"})):
        assert (response.status_code, response.templates[0].name) == (200, "ballots/voted.html")
    vote_all = {"q1": "against", "q2": "for", "q3": {"marks": [], "names": []}}
    does.cast_ballot(poll_id=poll.pk, person=box.voters[1], answers=vote_all, at=now)
    # Nobody sees a number while it is open.
    assert desk.get(work).context["taken_part"] is None
    assert desk.post(f"/votes/{poll.pk}/count/", {"code_one": shares[0], "code_two": shares[1]}).status_code == 403
    desk.post(f"/votes/{poll.pk}/close/", {})
    browser(box.scrutineers[2]).post(f"/votes/{poll.pk}/close/", {})
    for codes, field in (((shares[0], shares[0]), "code_two"), ((shares[0][:-1], shares[1]), "code_one")):
        wrong = desk.post(f"/votes/{poll.pk}/count/", dict(zip(("code_one", "code_two"), codes, strict=True)))
        assert wrong.status_code == 422 and field in wrong.context["form"].errors
    counted = browser(box.scrutineers[0]).post(
        f"/votes/{poll.pk}/count/", {"code_one": shares[2].lower(), "code_two": shares[0]}
    )
    assert counted.status_code == 302
    assert desk.get(f"/votes/{poll.pk}/minutes/").status_code == 200
    result = f"/votes/{poll.pk}/"
    assert Client().get(result).status_code == 404
    assert desk.post(f"/votes/{poll.pk}/publish/", {}).status_code == 302
    page = Client().get(result)
    text = page.content.decode()
    assert page.status_code == 200 and tracker in text and poll.definition_sha256[:8] in text and "赵六" in text
    assert result in Client().get("/votes/").content.decode()
    assert desk.post(f"/votes/{poll.pk}/repeat/", {"hours": "1"}).status_code == 302
    fresh = Poll.objects.get(repeat_of=poll)
    assert desk.post(f"/votes/{fresh.pk}/discard/", {}).status_code == 302
    assert voter.get(path).templates[0].name == "ballots/voted.html"


def test_voting_with_a_code_leaves_no_mark_on_the_visitor(now):
    box = make_poll(
        made.DRAFT, grade=Grade.PRINTED_CODE, voters=1, at=now, definition=make_definition(matters=["甲", "乙"])
    )
    desk = browser(box.officer)
    page = desk.post(f"/votes/{box.poll.pk}/codes/", {"count": "12"})
    slips = re.findall(r'class="code-slip-code">([0-9A-Z-]+)<', page.content.decode())
    assert len(set(slips)) == 12 and PrintedCode.objects.count() == 12
    assert desk.post(f"/votes/{box.poll.pk}/codes/", {"count": "0"}).status_code == 422
    assert desk.post(f"/votes/{box.poll.pk}/void-sheet/", {"sheet": "2"}).status_code == 302
    assert desk.post(f"/votes/{box.poll.pk}/void-sheet/", {"sheet": "2"}).status_code == 403
    somebody = Client()
    assert somebody.get("/a/vote/").status_code == 200
    early = somebody.post("/a/vote/", {"code": slips[0]})
    assert early.status_code == 403
    made._share(box, now, 0)
    does.open_poll(poll_id=box.poll.pk, actor=box.officer, at=now)
    for typed, status in (("", 422), (slips[0][:-1], 422), (slips[11], 422), (slips[0].lower(), 200)):
        assert somebody.post("/a/vote/", {"code": typed}).status_code == status
    data = {"code": slips[0], "q1": "for", "q2": "against"}
    assert somebody.post("/a/vote/", {**data, "q1": "", "step": "check"}).status_code == 422
    check = somebody.post("/a/vote/", {**data, "step": "check"})
    assert check.templates[0].name == "ballots/check.html"
    assert somebody.post("/a/vote/", {**data, "step": "change"}).templates[0].name == "ballots/ballot.html"
    receipt = somebody.post("/a/vote/", {**data, "step": "cast"})
    assert receipt.status_code == 200 and receipt["Cache-Control"] == "no-store" and not receipt.cookies
    assert receipt["Referrer-Policy"] == "no-referrer" and not somebody.cookies
    assert somebody.post("/a/vote/", {**data, "step": "cast"}).templates[0].name == "ballots/code_used.html"
    assert Ballot.objects.count() == 1
    abroad = somebody.post("/a/vote/", {**data, "code": slips[1], "step": "cast"}, HTTP_SEC_FETCH_SITE="cross-site")
    assert abroad.status_code == 403 and Ballot.objects.count() == 1
    work = desk.get(f"/votes/{box.poll.pk}/desk/").content.decode()
    assert slips[0] not in work


def test_who_is_not_on_the_list_finds_nothing(now):
    box = make_poll(voters=1, at=now)
    stranger = browser(make_person())
    for path in (f"/vote/{box.poll.pk}/", f"/votes/{box.poll.pk}/desk/", f"/votes/{box.poll.pk}/minutes/"):
        assert stranger.get(path).status_code == 404
    assert stranger.get("/votes/desk/").status_code == 403
    assert stranger.get("/votes/new/").status_code == 403
    assert str(box.poll.pk) not in stranger.get("/vote/").content.decode()
    assert Client().get(f"/vote/{box.poll.pk}/").status_code == 302


def test_after_the_time_the_page_says_so_and_takes_nothing(now):
    box = make_poll(voters=1, at=now - dt.timedelta(hours=3))
    assert box.poll.state == PollState.OPEN
    response = browser(box.voters[0]).post(f"/vote/{box.poll.pk}/", {"q1": "for", "step": "cast"})
    assert response.status_code == 403 and "已经截止" in response.content.decode()
    assert not Ballot.objects.exists()
    response = browser(box.voters[0]).get(f"/vote/{box.poll.pk}/")
    page = response.content.decode()
    assert response.status_code == 200 and "投票已截止" in page and 'name="q1"' not in page
    assert 'href="/votes/"' in page and "您不能进行" not in page
    page = browser(box.officer).get(f"/votes/{box.poll.pk}/desk/")
    assert page.context["is_due"]


def test_faults_of_a_test_vote_stand_beside_their_fields(now):
    box = make_poll(made.DRAFT, at=now)
    desk = browser(box.officer)
    for over, field in (
        ({"title": ""}, "title"),
        ({"unit": "nowhere"}, "unit"),
        ({"matters": "", "candidates": ""}, "matters"),
        ({"matters": "甲\n甲"}, "matters"),
        ({"matters": "甲" * 61}, "matters"),
        ({"seats": ""}, "seats"),
        ({"seats": "4"}, "seats"),
        ({"hours": "0"}, "hours"),
        ({"scrutineer_one": "nobody"}, "scrutineer_one"),
        ({"scrutineer_two": box.scrutineers[0].job_no}, "scrutineer_two"),
        ({"grade": "blind"}, "grade"),
    ):
        response = desk.post("/votes/new/", trial(box.unit, box.scrutineers, **over))
        assert response.status_code == 422 and field in response.context["form"].errors, over
    own = desk.post("/votes/new/", trial(box.unit, [box.officer, *box.scrutineers[1:]]))
    assert own.status_code == 403
    assert Poll.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_same_for_one_and_three(now, count):
    unit = make_unit(make_unit())
    box = make_poll(made.PUBLISHED, voters=1, unit=unit, at=now)
    for _again in range(count - 1):
        make_poll(made.PUBLISHED, unit=unit, officer=box.officer, at=now)
    for _again in range(count):
        make_poll(unit=unit, officer=box.officer, at=now)
    queries = {}
    for name, who, path in (
        ("desk", box.officer, "/votes/desk/"),
        ("mine", box.voters[0], "/vote/"),
        ("results", box.voters[0], "/votes/"),
    ):
        with time_machine.travel(now, tick=False):  # the session notes every five minutes that it is in use
            client = browser(who)
            client.get(path)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
        queries[name] = len(captured)
    assert queries == {"desk": 7, "mine": 7, "results": 6}


def test_a_session_is_not_written_while_voting(now):
    box = make_poll(voters=1, at=now)
    client = signed_in(Client(), box.voters[0], at=now - dt.timedelta(minutes=7))
    before = Session.objects.values_list("session_data", flat=True).get()
    assert client.post(f"/vote/{box.poll.pk}/", {"q1": "for", "step": "cast"}).status_code == 200
    assert Session.objects.values_list("session_data", flat=True).get() == before
    client.get("/vote/")
    assert Session.objects.values_list("session_data", flat=True).get() != before


def test_a_void_vote_says_so(now):
    box = make_poll(voters=1, at=now)
    vote(box, box.voters[0], at=now)
    row = Ballot.objects.get()
    Ballot(poll=box.poll, ciphertext=row.ciphertext, tracker=row.tracker).save()
    made._close(box, now, 0)
    does.count_poll(poll_id=box.poll.pk, codes=box.shares[:2], actor=box.officer, at=now)
    does.publish_poll(poll_id=box.poll.pk, actor=box.officer, at=now)
    assert "本次投票无效" in Client().get(f"/votes/{box.poll.pk}/").content.decode()
