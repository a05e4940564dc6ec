"""The receipt is a kept page with three places: the same to the letter as one drawn whole, and nobody's is kept."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from portal.ballots import definition as definitions
from portal.ballots.models import Ballot
from portal.ballots.views import receipts
from portal.deadlines.operations import seed_editions
from portal.kernel import keeping
from tests.factories.appraisals import answers_of, make_round
from tests.factories.ballots import make_definition, make_poll
from tests.signing import signed_in

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'value="[A-Za-z0-9]{64}"')


@pytest.fixture
def now(db):
    keeping._parts.clear()
    definitions._known.clear()
    seed_editions(at=timezone.now())
    return timezone.now()


def visit(person, **cookies):
    client = signed_in(Client(), person)
    for name, value in cookies.items():
        client.cookies[name] = value
    return client


def put_in(client, path, fields):
    """Put a ballot in; return (the page without tokens, the receipt's number, its picture)."""
    held = set(Ballot.objects.values_list("tracker", flat=True))
    page = client.post(path, {**fields, "step": "cast"})
    assert page.status_code == 200 and page.headers["Cache-Control"].count("no-store") == 1
    (tracker,) = set(Ballot.objects.values_list("tracker", flat=True)) - held
    text = TOKEN.sub("", page.content.decode())
    return text, f"{tracker[:5]} {tracker[5:]}", re.search(r'<path class="qr-code"[^>]*>', text).group()


def test_a_kept_receipt_is_the_drawn_one_to_the_letter(now, monkeypatch):
    poll = make_poll(voters=9, at=now, definition=make_definition(matters=["一", "二"]))
    rated = make_round(at=now, workers=9)
    cases = (
        (f"/vote/{poll.poll.pk}/", poll.voters, lambda one: {"q1": "for", "q2": "against"}),
        (f"/vote/{rated.poll.pk}/", rated.workers, lambda one: answers_of(rated, one)),
    )
    for path, voters, fields in cases:
        people = iter(voters)
        for cookies in ({}, {settings.LANGUAGE_COOKIE_NAME: "en"}, {"portal_elder": "1"}):
            pages = []
            for way in ("drawn", "first", "kept"):
                with monkeypatch.context() as patch:
                    if way == "drawn":
                        patch.setattr(receipts, "get_messages", lambda request: ["as if something were to be said"])
                    one = next(people)
                    page, tracker, picture = put_in(visit(one, **cookies), path, fields(one))
                assert page.count(tracker) == 1 and page.count(picture) == 1
                assert ("appraisal-" in page) == (f"{one.pk}" in page) == (path != cases[0][0])
                for own in (tracker, picture, str(one.pk), one.name):
                    page = page.replace(own, "–")
                pages.append(page)
            assert pages[0] == pages[1] == pages[2]
            assert not [mark for mark in (*receipts.MARKS.values(), *keeping.OPEN_PARTS.values()) if mark in pages[2]]


def test_of_a_receipt_nothing_is_kept(now):
    rated = make_round(at=now, subjects=2)
    path, told = f"/vote/{rated.poll.pk}/", []
    for one in rated.workers[:3]:
        _page, tracker, picture = put_in(visit(one), path, answers_of(rated, one))
        told += [tracker, tracker.replace(" ", ""), picture, str(one.pk), one.name]
    kept = [repr(value) for value, _size in keeping._parts.values()]
    assert any(receipts.MARKS["tracker"] not in one and "'tracker'" in one for one in kept)  # the page is among them
    assert [word for word in told for one in kept if word in one] == []
    assert not [word for word in told if word in repr(vars(receipts))]


def test_a_polls_own_words_cannot_stand_for_a_receipt(now):
    box = make_poll(voters=2, at=now, title="@tracker@ @head@ & <b>")
    pages = [put_in(visit(one), f"/vote/{box.poll.pk}/", {"q1": "for"})[0] for one in box.voters]
    for page in pages:
        assert "@tracker@ @head@ &amp; &lt;b&gt;" in page


def test_at_a_kiosk_the_receipt_has_its_way_out(now, monkeypatch):
    box = make_poll(voters=2, at=now)
    first, second = (visit(one) for one in box.voters)
    plain = put_in(first, f"/vote/{box.poll.pk}/", {"q1": "for"})[0]
    monkeypatch.setattr("portal.accounts.middleware.kind_of_session", lambda session: "kiosk")
    kiosk = put_in(second, f"/vote/{box.poll.pk}/", {"q1": "for"})[0]
    assert ("kiosk" in plain, "kiosk" in kiosk) == (False, True)
