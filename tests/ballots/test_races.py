"""R14, R16 and R17 for the box: many at once, and each thing happens once, whole or not at all."""

import re
import time
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.ballots import operations as does
from portal.ballots.enums import Grade, PollState
from portal.ballots.models import Ballot, Participation, Poll, PrintedCode, Result
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from tests.factories import ballots as made
from tests.factories.ballots import make_poll, vote
from tests.faults.people import session_of
from tests.faults.stage import in_parallel
from tests.services import both_engines

pytestmark = [pytest.mark.django_db(transaction=True), both_engines]
USERS, TIMES = 20, 25


def press(job):
    session, path, data = job
    browser = Client(raise_request_exception=False)
    if session:
        browser.cookies[settings.SESSION_COOKIE_NAME] = session
    for _again in range(6):
        response = browser.post(path, data)
        # SQLite lets writers wait without an order; who has waited too long is told so and presses again.
        if connection.vendor != "sqlite" or response.status_code != 503:
            return response
    return response


def pages(responses):
    """Count the answers by status and title; who rendered which template is not told apart between threads."""
    return Counter(
        (r.status_code, re.search("<title>([^<]*)<", r.content.decode())[1].split(" – ")[0]) for r in responses
    )


def test_r14_twenty_people_vote_twenty_five_times_each(engine, transactional_db):
    box = make_poll(voters=USERS, at=timezone.now())
    path = f"/vote/{box.poll.pk}/"
    jobs = [(session_of(one), path, {"q1": "for", "step": "cast"}) for one in box.voters] * TIMES
    found = pages(in_parallel(USERS, jobs, press))
    assert found == {(200, "选票已投入"): USERS, (200, "您已投票"): USERS * (TIMES - 1)}
    assert Ballot.objects.count() == Participation.objects.count() == USERS


def test_r14_a_code_is_good_once(engine, transactional_db):
    box = make_poll(grade=Grade.PRINTED_CODE, voters=1, codes=USERS, at=timezone.now())
    jobs = [(None, "/a/vote/", {"code": slip, "q1": "against", "step": "cast"}) for slip in box.slips] * TIMES
    found = pages(in_parallel(USERS, jobs, press))
    assert found == {(200, "选票已投入"): USERS, (200, "票码已使用"): USERS * (TIMES - 1)}
    assert Ballot.objects.count() == PrintedCode.objects.filter(is_used=True).count() == USERS


@pytest.mark.parametrize("turn", range(3))
def test_r16_closed_with_a_hundred_ballots_on_their_way(engine, transactional_db, turn):
    at = timezone.now()
    box = make_poll(voters=100, at=at)
    does.close_poll(poll_id=box.poll.pk, actor=box.scrutineers[0], at=at)  # the first signature

    def act(job):
        if job is None:
            return does.close_poll(poll_id=box.poll.pk, actor=box.officer, at=at).state
        try:
            return bool(vote(box, job, at=at))
        except OperationRefused as refusal:
            return refusal.reason

    jobs = list(box.voters)
    jobs.insert(15 + 25 * turn, None)
    said = in_parallel(16, jobs, act)
    taken = sum(one is True for one in said)
    assert not [one for one in said if isinstance(one, Exception)]
    assert Ballot.objects.count() == Participation.objects.count() == taken
    result = does.count_poll(poll_id=box.poll.pk, codes=box.shares[:2], actor=box.officer, at=at)
    assert (result.returned, result.taken_part, result.is_void) == (taken, taken, False)


def test_r17_many_starts_stops_counts_and_votes(engine, transactional_db):
    at = timezone.now()
    box = make_poll(made.SHARED, voters=30, at=at)

    def act(job):
        what, who = job
        key = {"poll_id": box.poll.pk, "actor": who, "at": at}
        try:
            if what == "vote":
                return vote(box, who, at=at)
            if what == "count":
                return does.count_poll(codes=box.shares[:2], **key).sha256
            return {"open": does.open_poll, "close": does.close_poll, "publish": does.publish_poll}[what](**key).state
        except (OperationRefused, IllegalTransition, does.AlreadyVoted, does.NoElector) as refused:
            return type(refused).__name__

    people = [box.officer, *box.scrutineers]
    jobs = [("open", box.officer)] * 6 + [("vote", one) for one in box.voters]
    jobs += [("close", one) for one in people] * 2 + [("vote", one) for one in box.voters]
    jobs += [("count", box.officer)] * 6 + [("publish", box.officer)] * 3
    said = in_parallel(8, jobs, act)
    assert not [one for one in said if isinstance(one, Exception)]
    # Whatever the storm left undone is done now; each step leads where it led before.
    for job in (
        ("open", box.officer),
        *(("close", one) for one in people),
        ("count", box.officer),
        ("publish", box.officer),
    ):
        act(job)
    # The ledger has each step once; what led back would have been refused and is none of them.
    verbs = Counter(Entry.objects.filter(subject=f"ballots.poll:{box.poll.pk}").values_list("verb", flat=True))
    assert all(verbs[f"poll.{step}"] == 1 for step in ("opened", "closed", "counted", "published")), verbs
    assert Poll.objects.get().state == PollState.PUBLISHED
    result = Result.objects.get()
    assert result.returned == result.taken_part == Participation.objects.count() == Ballot.objects.count()
    assert not result.is_void


@pytest.mark.parametrize("voters", [30, pytest.param(500, marks=pytest.mark.slow)])
def test_l01_everybody_opens_the_ballot_and_puts_it_in_at_once(engine, transactional_db, voters, record_property):
    """What is said within how long is measured by ``manage.py bench --job ballots``; here nothing may be lost."""
    box = make_poll(voters=voters, at=timezone.now())
    path = f"/vote/{box.poll.pk}/"
    waited = []

    def vote_once(job):
        number, session = job
        browser = Client(raise_request_exception=False)
        browser.cookies[settings.SESSION_COOKIE_NAME] = session
        began = time.monotonic()
        shown = browser.get(path).status_code
        said = "for" if number % 3 else "against"
        answer = press((session, path, {"q1": said, "step": "cast"}))
        waited.append(time.monotonic() - began)
        return shown, answer.status_code, "选票已投入" in answer.content.decode()

    jobs = list(enumerate([session_of(one) for one in box.voters]))
    assert Counter(in_parallel(16, jobs, vote_once)) == {(200, 200, True): voters}
    record_property("p95_s", round(sorted(waited)[int(voters * 0.95)], 2))
    at = timezone.now()
    does.close_poll(poll_id=box.poll.pk, actor=box.officer, at=at)
    result = does.count_poll(poll_id=box.poll.pk, codes=box.shares[:2], actor=box.officer, at=at)
    against = -(-voters // 3)
    assert result.questions["q1"]["counts"] == {"for": voters - against, "against": against, "abstain": 0}
