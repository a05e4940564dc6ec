"""R14: twenty people press a button twenty-five times at once; each thing happens once, and nobody sees a 500."""

import uuid
from collections import Counter, defaultdict

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from congress.models import Motion, MotionDecision, MotionRating
from congress.operations.motions import invite_seconders
from feedback.enums import IdentityMode, InquiryState
from feedback.models import Delivery, Inquiry, Message, Rating, Reply, Series, Tally
from feedback.operations.daily import recount
from portal.deadlines.models import Promise
from portal.kernel.days import local_day
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.factories.cards import make_identity_key, make_inquiry, make_plant
from tests.factories.motions import WORDS, make_floor, make_motion
from tests.factories.people import make_appointment, make_person
from tests.faults.people import card_form, session_of
from tests.faults.stage import in_parallel
from tests.services import both_engines

pytestmark = [pytest.mark.django_db(transaction=True), both_engines]
# Twenty at once, each thing twenty-five times; cards, and eight of whatever follows them.
USERS, TIMES, EIGHT = 20, 25, 8


@pytest.fixture
def plant(engine, transactional_db):
    return make_plant()


@pytest.fixture(autouse=True)
def tallies_equal_a_recount(plant):
    yield
    stored = {(row.unit_id, row.month, row.measure): row.n for row in Tally.objects.exclude(n=0)}
    assert stored == recount()


def storm(posts, *, times=TIMES):
    """Send each post so often, USERS at once; return {post number: [responses]}; posts are (session, path, data)."""

    def press(number):
        session, path, data = posts[number]
        browser = Client(raise_request_exception=False)
        if session:
            browser.cookies[settings.SESSION_COOKIE_NAME] = session
        response = browser.post(path, data)
        for _again in range(5):
            # SQLite lets writers wait without an order; who has waited too long is told so and presses again.
            if connection.vendor == "sqlite" and response.status_code == 503:
                response = browser.post(path, data)
        return number, response

    answers = defaultdict(list)
    for number, response in in_parallel(USERS, [n for n in range(len(posts)) for _ in range(times)], press):
        answers[number].append(response)
    return answers


def places(answers):
    """Return for each post the set of (status, address without its query) it ended at."""
    return {
        number: {(response.status_code, getattr(response, "url", "").partition("?")[0]) for response in responses}
        for number, responses in answers.items()
    }


def verbs(*wanted):
    return Counter(Entry.objects.filter(verb__in=wanted).values_list("verb", "subject"))


@pytest.mark.parametrize("mode", [IdentityMode.NAMED, IdentityMode.CONFIDENTIAL])
def test_r14_submit(plant, mode):
    make_identity_key(plant)
    # In confidence all come from one author, who has as many tabs open: the tags race for their places.
    if mode == IdentityMode.NAMED:
        sessions = [session_of(make_person(unit=plant.shop)) for _ in range(USERS)]
    else:
        sessions = [session_of(plant.worker)] * EIGHT
    answers = storm([(session, "/cards/new/", card_form(plant.shop.code, mode=mode)) for session in sessions])
    found = places(answers)
    assert {len(ends) for ends in found.values()} == {1}, found
    receipts = [place for ends in found.values() for status, place in ends if status == 302]
    assert len(receipts) == len(set(receipts)) == len(sessions)
    assert Inquiry.objects.count() == len(sessions) == Series.objects.get().last
    assert Promise.objects.count() == 2 * len(sessions)
    assert set(verbs("inquiry.submitted").values()) == {1}
    assert len(verbs("inquiry.submitted")) == len(sessions)


def test_r14_rate(plant):
    authors = [make_person(unit=plant.shop) for _ in range(EIGHT)]
    cards = [make_inquiry(plant, state=InquiryState.ANSWERED, author=author) for author in authors]
    # Every second one is dissatisfied, which sends the matter round again: once.
    posts = [
        (session_of(author), f"/cards/{card.number}/", {"act": "rate", "level": 1 if n % 2 else 4, "comment": "慢"})
        for n, (author, card) in enumerate(zip(authors, cards, strict=True))
    ]
    found = places(storm(posts))
    assert found == {n: {(302, f"/cards/{card.number}/")} for n, card in enumerate(cards)}
    assert Counter(Rating.objects.values_list("inquiry_id", flat=True)) == Counter(card.pk for card in cards)
    assert set(verbs("inquiry.rated", "inquiry.redone").values()) == {1}
    assert Inquiry.objects.filter(redo_count=1, round=2).count() == EIGHT // 2


def test_r14_a_further_word(plant):
    authors = [make_person(unit=plant.shop) for _ in range(EIGHT)]
    cards = [make_inquiry(plant, author=author) for author in authors]
    posts = [
        (session_of(author), f"/cards/{card.number}/", {"text": "北楼", "idempotency_key": str(uuid.uuid4())})
        for author, card in zip(authors, cards, strict=True)
    ]
    found = places(storm(posts))
    assert found == {n: {(302, f"/cards/{card.number}/")} for n, card in enumerate(cards)}
    assert Message.objects.count() == EIGHT


def test_r14_approve(plant):
    cards = [make_inquiry(plant, state=InquiryState.DRAFTED) for _ in range(EIGHT // 2)]
    second = make_person(unit=plant.logistics)
    make_appointment(second, "dept_head", plant.logistics)
    heads = [session_of(plant.head), session_of(second)]
    posts = []
    for card in cards:
        for head in heads:  # as both have the page open
            page = Client()
            page.cookies[settings.SESSION_COOKIE_NAME] = head
            seen = page.get(f"/desk/{card.number}/approve/").context["seen"]
            posts.append((head, f"/desk/{card.number}/approve/", {"seen": seen}))
    found = places(storm(posts))
    for n, card in enumerate(cards):
        done = (302, f"/desk/{card.number}/")
        pair = [found[2 * n], found[2 * n + 1]]
        # The head who came second is told that somebody has dealt with it.
        assert {done} in pair, pair
        assert all(ends <= {done, (409, "")} for ends in pair), pair
    assert Reply.objects.filter(state="approved").count() == EIGHT // 2
    assert set(verbs("inquiry.approved").values()) == {1}
    assert len(set(Notice.objects.values_list("key", flat=True))) == Notice.objects.count()


def test_r14_deliver(plant):
    cards = [make_inquiry(plant, state=InquiryState.APPROVED) for _ in range(EIGHT)]
    session = session_of(plant.officer)
    form = {"channel": "portal", "delivered_on": local_day(timezone.now()).isoformat()}
    found = places(storm([(session, f"/desk/{card.number}/deliver/", form) for card in cards]))
    assert found == {n: {(302, f"/desk/{card.number}/")} for n, card in enumerate(cards)}
    assert Delivery.objects.count() == EIGHT
    assert set(verbs("inquiry.delivered").values()) == {1}
    answered = Notice.objects.filter(kind="inquiry.answered")
    assert answered.count() == EIGHT


def test_r14_motions(plant):
    floor = make_floor(at=timezone.now())
    first, second = floor.delegates[1:3]
    # Written, with the key of the open form.
    fields = {**{name: WORDS[name] for name in ("category", "title", "cause", "grounds", "proposal")}, "names": "yes"}
    writers = [session_of(one.person) for one in floor.delegates[:4]]
    posts = [(key, "/congress/motions/new/", {**fields, "idempotency_key": str(uuid.uuid4())}) for key in writers]
    found = places(storm(posts))
    assert all(len(ends) == 1 and next(iter(ends))[0] == 302 for ends in found.values()), found
    assert Motion.objects.count() == len(writers)
    # Seconded and declined, handed in, decided, rated: what comes second is refused in words.
    motion = make_motion(floor, "draft", at=floor.at)
    invite_seconders(motion_id=motion.pk, mandates=[first, second], actor=floor.proposer.person, at=floor.at)
    home, work = f"/congress/motions/{motion.pk}/", f"/desk/congress/motions/{motion.pk}/"
    two, own, member = [session_of(one.person) for one in (first, second)], writers[0], session_of(floor.members[0])
    _once(storm([(key, f"{home}sign/", {"answer": "yes"}) for key in two]), home)
    assert motion.signatures.filter(state="signed").count() == 2
    _once(storm([(own, f"{home}hand-in/", {})]), home)
    decision = {"outcome": "filed", "reason": "同意立案", "lead_unit": floor.logistics.code}
    answers = storm([(member, f"{work}decide/", decision), (own, f"{home}withdraw/", {"reason": "另行提出"})])
    done = [response.status_code for responses in answers.values() for response in responses]
    assert done.count(302) >= 1 and set(done) <= {302, 403, 404, 409, 422}, Counter(done)
    assert MotionDecision.objects.filter(motion=motion).count() == 1
    assert len(verbs("motion.filed", "motion.withdrawn")) == 1
    rated = make_motion(floor, "answered", at=floor.at)
    voices = [session_of(one.person) for one in floor.delegates[:3]]
    home = f"/congress/motions/{rated.pk}/"
    _once(storm([(key, f"{home}rate/", {"level": 3}) for key in voices]), home)
    assert MotionRating.objects.filter(motion=rated).count() == 3


def _once(answers, home):
    """Each post went through, and whatever came after it was refused in words; nothing broke."""
    for ends in places(answers).values():
        assert any(status == 302 and place.startswith(home[:18]) for status, place in ends), ends
        assert {status for status, _place in ends} <= {302, 403, 404, 409}, ends
