"""Ballots on paper: handed out once, read by two people each, a third look, papers back against papers out."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from portal.ballots import operations as does
from portal.ballots.definition import Definition, Option, Question, Share, definition_of
from portal.ballots.enums import Grade
from portal.ballots.forms.papers import PaperForm
from portal.ballots.models import Ballot, Frozen, PaperEntry, PaperIssue, PaperScan, Participation, Result
from portal.ballots.operations.counting import fingerprint_of
from portal.kernel.verdicts import OperationRefused
from tests.factories.ballots import AT, OPEN, make_definition, make_poll, vote
from tests.factories.commitments import clean_scan
from tests.signing import signed_in as sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
FOR, AGAINST = {"q1": "for"}, {"q1": "against"}


@pytest.fixture
def english():
    from django.utils import translation

    with translation.override("en"):
        yield


def paper_poll(voters=5, state=OPEN):
    questions = make_definition().questions
    return make_poll(state, voters=voters, definition=Definition(questions=questions, has_paper=True))


def enter(box, who, number, answers):
    return does.enter_paper(poll_id=box.poll.pk, number=number, answers=answers, actor=who, at=AT)


def close(box):
    for one in (box.officer, box.scrutineers[0]):
        does.close_poll(poll_id=box.poll.pk, actor=one, at=AT)


def count(box, **more):
    return does.count_poll(poll_id=box.poll.pk, codes=box.shares[:2], actor=box.officer, at=AT, **more)


def test_papers_are_read_twice_settled_and_counted_with_the_rest(client):
    box = paper_poll()
    one, two, three, four, five = box.voters
    assert definition_of(box.poll.definition_json).has_paper and "has_paper" not in make_definition().as_json()
    hand = {"poll_id": box.poll.pk, "actor": box.officer, "at": AT}
    vote(box, one)
    for person in (two, three, four):
        does.issue_paper(person=person, **hand)
    for person in (one, two):  # whoever has voted gets no paper, and one paper each
        with pytest.raises(does.AlreadyVoted):
            does.issue_paper(person=person, **hand)
    with pytest.raises(does.AlreadyVoted):
        vote(box, two)
    with pytest.raises(does.NoElector):
        does.issue_paper(person=box.officer, **hand)
    with pytest.raises(OperationRefused, match="voting"):
        enter(box, box.officer, 1, FOR)
    close(box)
    with pytest.raises(OperationRefused, match="closed"):
        does.issue_paper(person=five, **hand)
    first, second, third = box.scrutineers
    enter(box, box.officer, 1, FOR)
    with pytest.raises(OperationRefused, match="already"):
        enter(box, box.officer, 1, FOR)
    with pytest.raises(OperationRefused, match="not entered alike yet: 1"):
        count(box)
    enter(box, first, 1, FOR)
    with pytest.raises(OperationRefused, match="settled"):
        enter(box, second, 1, AGAINST)
    # Two readings that differ: both are shown, a scrutineer who read neither decides; here that it is void.
    enter(box, first, 2, FOR)
    enter(box, second, 2, AGAINST)
    with pytest.raises(OperationRefused, match="third look"):
        enter(box, box.officer, 2, FOR)
    with pytest.raises(ValueError, match="does not take"):
        enter(box, third, 2, {"q1": "perhaps"})
    with pytest.raises(OperationRefused, match="2"):
        count(box)
    enter(box, third, 2, {})
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperEntry.objects.create(poll=box.poll, number=3, turn=1, answers=FOR, by=first)
        PaperEntry.objects.create(poll=box.poll, number=3, turn=2, answers=FOR, by=first)
    for change in (lambda: PaperEntry.objects.update(answers=AGAINST), PaperEntry.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(Frozen):
        PaperIssue.objects.all().delete()
    with pytest.raises(OperationRefused, match="did not come back"):
        count(box)
    result = count(box, is_without_papers=True)
    # Three papers went out, two came back, one of them void: fewer may come back than went out.
    found = (result.issued, result.returned, result.valid, result.void, result.paper_issued, result.paper_returned)
    assert (found, result.is_void) == ((5, 3, 2, 1, 3, 2), False)
    assert result.questions["q1"]["counts"] == {"for": 2, "against": 0, "abstain": 0}
    assert fingerprint_of(box.poll, Result.objects.get()) == result.sha256
    assert not PaperEntry.objects.exists() and Ballot.objects.count() == 1
    assert Participation.objects.count() == 4 and len(result.trackers) == 1
    does.add_scan(poll_id=box.poll.pk, upload=clean_scan(), actor=box.officer, at=AT)
    sign_in(client, first)
    answer = client.get(reverse("ballots:scan", args=[box.poll.pk]))
    assert answer.status_code == 200 and answer.getvalue()
    sign_in(client, five)
    assert client.get(reverse("ballots:scan", args=[box.poll.pk])).status_code == 404
    assert PaperScan.objects.get().file.sha256


def test_more_papers_back_than_out_void_the_whole_poll():
    box = paper_poll(voters=3)
    vote(box, box.voters[0])
    does.issue_paper(poll_id=box.poll.pk, person=box.voters[1], actor=box.officer, at=AT)
    close(box)
    for number in (1, 2):
        enter(box, box.officer, number, FOR)
        enter(box, box.scrutineers[1], number, FOR)
    result = count(box)
    assert (result.is_void, result.questions, result.paper_issued, result.paper_returned) == (True, {}, 1, 2)


def test_paper_only_where_the_vote_was_drawn_up_with_it():
    box = make_poll(voters=1)
    with pytest.raises(OperationRefused, match="without it"):
        does.issue_paper(poll_id=box.poll.pk, person=box.voters[0], actor=box.officer, at=AT)
    assert not Participation.objects.exists()
    with pytest.raises(OperationRefused, match="by sign-in"):
        make_poll("draft", grade=Grade.PRINTED_CODE, definition=Definition(make_definition().questions, has_paper=True))


def test_the_page_hands_out_reads_and_shows_what_differs(client, time_machine):
    time_machine.move_to(AT, tick=False)
    box = paper_poll()
    url = reverse("ballots:papers", args=[box.poll.pk])
    sign_in(client, box.officer)
    assert 'value="issue"' in client.get(url).content.decode()
    assert client.post(url, {"do": "issue", "job_no": box.voters[0].job_no}).status_code == 302
    assert client.post(url, {"do": "issue", "job_no": box.voters[0].job_no}).status_code == 409
    assert client.post(url, {"do": "issue", "job_no": box.officer.job_no}).status_code == 403
    close(box)
    assert client.post(url, {"do": "enter", "number": "1"}).status_code == 422
    assert client.post(url, {"do": "enter", "number": "1", "q1": "for"}).status_code == 302
    assert client.post(url, {"do": "enter", "number": "1", "q1": "for"}).status_code == 403
    sign_in(client, box.scrutineers[0])
    assert client.post(url, {"do": "enter", "number": "1", "void-q1": "on"}).status_code == 302
    page = client.get(url).content.decode()
    assert box.officer.name in page and box.scrutineers[0].name in page
    sign_in(client, box.scrutineers[1])
    assert client.post(url, {"do": "enter", "number": "1", "is_void": "on"}).status_code == 302
    assert [one.answers for one in PaperEntry.objects.all()] == [{"q1": "for"}, {"q1": None}, {}]
    sign_in(client, box.voters[1])
    assert client.get(url).status_code == 404


def test_counting_without_papers_that_went_out_asks_first(client, time_machine):
    time_machine.move_to(AT, tick=False)
    box = paper_poll()
    for person in box.voters[:2]:
        does.issue_paper(poll_id=box.poll.pk, person=person, actor=box.officer, at=AT)
    close(box)
    url, codes = (
        reverse("ballots:count", args=[box.poll.pk]),
        dict(zip(("code_one", "code_two"), box.shares, strict=False)),
    )
    sign_in(client, box.officer)
    for number, is_short in ((1, True), (2, False)):
        for who in (box.officer, box.scrutineers[0]):
            enter(box, who, number, FOR)
        assert ("纸质选票尚未全部录入" in client.get(url).text) is is_short
        if is_short:
            refused = client.post(url, codes)
            assert (refused.status_code, "goes_on" in refused.context["form"].errors) == (422, True)
            assert not Result.objects.exists()
    assert client.post(url, codes).status_code == 302
    result = Result.objects.get()
    assert (result.paper_issued, result.paper_returned, result.valid) == (2, 2, 2)


def test_more_papers_than_went_out_are_told_before_the_box_is_opened(client, time_machine):
    time_machine.move_to(AT, tick=False)
    box = paper_poll()
    does.issue_paper(poll_id=box.poll.pk, person=box.voters[0], actor=box.officer, at=AT)
    close(box)
    url = reverse("ballots:count", args=[box.poll.pk])
    sign_in(client, box.officer)
    for number, is_over in ((1, False), (2, True)):
        enter(box, box.officer, number, FOR)
        page = client.get(url).text
        assert ("纸质选票录入多于发出" in page, "纸质选票尚未全部录入" in page) == (is_over, False)


def test_whoever_was_handed_a_paper_is_not_told_that_it_is_in_the_box(client, time_machine):
    time_machine.move_to(AT, tick=False)
    box = paper_poll()
    vote(box, box.voters[0])
    does.issue_paper(poll_id=box.poll.pk, person=box.voters[1], actor=box.officer, at=AT)
    for person, has_paper in zip(box.voters, (False, True), strict=False):
        sign_in(client, person)
        for url in (reverse("ballots:ballot", args=[box.poll.pk]), reverse("ballots:mine")):
            page = client.get(url).text
            assert ("您已领取纸质选票" in page, "您已投票" in page) == (has_paper, not has_paper), url
        page = client.get(reverse("ballots:ballot", args=[box.poll.pk])).text
        assert ("已在票箱中" in page) is not has_paper


def test_a_paper_with_too_many_names_is_void_not_trimmed():
    question = Question("q1", "election", "选举", Share(), (Option("a", "甲"), Option("b", "乙")), seats=1)
    definition = Definition((question,), has_paper=True)
    sent = {"number": "", "q1": ["a", "b"]}
    errors = PaperForm(definition, sent).errors
    assert list(errors) == ["number", "q1"]
    assert errors["number"] == ["Please fill in “Number on the paper”."]
    assert "void for this question" in errors["q1"][0] and "Take some away" not in errors["q1"][0]
    for ticked, said in (("void-q1", {"q1": None}), ("is_void", {})):
        void = PaperForm(definition, {"number": "1", "q1": ["a", "b"], ticked: "on"})
        assert void.is_valid() and void.answers() == said


def test_papers_that_never_came_back_are_counted_without(client, time_machine):
    time_machine.move_to(AT, tick=False)
    box = paper_poll()
    does.issue_paper(poll_id=box.poll.pk, person=box.voters[0], actor=box.officer, at=AT)
    vote(box, box.voters[1])
    close(box)
    sign_in(client, box.officer)
    codes = dict(zip(("code_one", "code_two"), box.shares, strict=False))
    url = reverse("ballots:count", args=[box.poll.pk])
    assert client.post(url, {**codes, "goes_on": "on"}).status_code == 302
    result = Result.objects.get()
    assert (result.paper_issued, result.paper_returned, result.valid, result.is_void) == (1, 0, 1, False)
