"""R14 and R16 for forms: many at once, each goes in once, and a closing loses none that was acknowledged."""

import re
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from evaluations.enums import Direction
from evaluations.models import Outcome, Publication, Round
from evaluations.operations.results import fingerprint_of, publish_rounds
from portal.ballots import operations as box
from portal.ballots.models import Ballot, Participation
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.factories.appraisals import answers_of, count_now, make_round, rate, refreshed
from tests.factories.results import rated_round
from tests.faults.people import session_of
from tests.faults.stage import in_parallel
from tests.services import both_engines

pytestmark = [pytest.mark.django_db(transaction=True), both_engines]
USERS, TIMES = 10, 8


def press(job):
    session, path, data = job
    browser = Client(raise_request_exception=False)
    browser.cookies[settings.SESSION_COOKIE_NAME] = session
    for _again in range(6):
        response = browser.post(path, data)
        # SQLite lets writers wait without an order; who has waited too long is told so and presses again.
        if connection.vendor != "sqlite" or response.status_code != 503:
            return response
    return response


def test_r14_ten_raters_send_eight_times_each(engine, transactional_db):
    rated = make_round(at=timezone.now(), workers=USERS)
    path = f"/vote/{rated.poll.pk}/"
    given = answers_of(rated, rated.workers[0], "competent", s02="basic")
    jobs = [(session_of(one), path, {**given, "step": "cast"}) for one in rated.workers] * TIMES
    responses = in_parallel(USERS, jobs, press)
    found = Counter(re.search("<title>([^<]*)<", one.content.decode())[1].split(" – ")[0] for one in responses)
    assert found == {"测评表已入箱": USERS, "您已提交": USERS * (TIMES - 1)}
    assert Ballot.objects.count() == Participation.objects.count() == USERS


def test_r16_closed_with_forms_on_their_way(engine, transactional_db):
    at = timezone.now()
    rated = make_round(at=at, workers=40)
    over = rated.round.closes_at

    def act(job):
        if job is None:
            return box.close_due(at=over)
        try:
            return bool(rate(rated, job, "competent", s02="basic", at=at))
        except OperationRefused as refusal:
            return refusal.reason

    jobs = list(rated.workers)
    jobs.insert(20, None)
    said = in_parallel(8, jobs, act)
    taken = sum(one is True for one in said)
    assert not [one for one in said if isinstance(one, Exception)]
    assert Ballot.objects.count() == Participation.objects.count() == taken
    result = box.count_poll(poll_id=rated.poll.pk, codes=rated.shares[:2], actor=rated.officer, at=over)
    assert (result.returned, result.taken_part, result.is_void) == (taken, taken, False)


@pytest.mark.parametrize("sides", [1, 2])
def test_r17_published_by_many_at_once_is_published_once(engine, transactional_db, sides):
    """One of all who press, on either side of a two-way round, publishes; the others are told that it is done."""
    at = timezone.now()
    people = {"heads": 6, "workers": 6, "has_remarks": False, "at": at}
    if sides == 1:
        rounds = [rated_round(**people)]
    else:
        up = rated_round(direction=Direction.UP, **people)
        down = rated_round(
            direction=Direction.DOWN, works=up.unit, officer=up.officer, sheet=up.round.edition, **people
        )
        Round.objects.filter(pk=up.round.pk).update(counterpart=down.round)
        Round.objects.filter(pk=down.round.pk).update(counterpart=up.round)
        rounds = [up, down]
    for one in rounds:
        count_now(one)
    later = max(one.round.closes_at for one in rounds)

    def act(pk):
        try:
            publish_rounds(round_id=pk, actor=rounds[0].officer, at=later)
            return "published"
        except OperationRefused as refusal:
            return refusal.reason

    said = Counter(map(str, in_parallel(6, [one.round.pk for one in rounds] * (6 // sides), act)))
    assert said == {"published": 1, "结果已经公布。结果只公布一次，之后不再公布任何数字。": 5}
    assert Publication.objects.count() == sides
    assert Outcome.objects.count() == 2 * sides
    verbs = Entry.objects.filter(verb__in=["appraisal.published", "poll.published"]).values_list("verb", flat=True)
    assert Counter(verbs) == {"appraisal.published": sides, "poll.published": sides}
    told = Notice.objects.filter(kind="appraisal.rated").values_list("subject", flat=True)
    assert len(told) == len(set(told)) == 2 * sides
    for one in rounds:
        stored = Publication.objects.get(round=one.round)
        outcomes = list(Outcome.objects.filter(subject__round=one.round).order_by("subject__order"))
        assert fingerprint_of(refreshed(one).round, stored.facts, outcomes) == stored.sha256
