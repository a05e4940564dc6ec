"""A motion's page kept for visitors: the same letters while nothing changed, at once others when something did."""

import datetime as dt
import re

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from congress.models import Motion
from congress.operations.motion_review import name_best
from feedback.models import Inquiry
from feedback.operations import redact_inquiry
from portal.accounts.models import Person, Unit
from portal.kernel import keeping, replaying
from portal.kernel.middleware import ELDER_COOKIE_NAME
from tests.factories import motions as made
from tests.factories.cards import AT, REPLY_TEXT
from tests.services import both_engines
from tests.signing import signed_in as sign_in

pytestmark = [pytest.mark.django_db, both_engines]
NOW, DAY = AT + dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def floor(engine):
    forget()
    return made.make_floor()


def forget():
    keeping.forget()
    replaying._noted.clear()


def letters(client, motion, at=NOW):
    """Return a page's letters without the mask over the token of its forms; what is not there is an empty page."""
    with time_machine.travel(at, tick=False):
        answer = client.get(reverse("congress:motion", args=[motion.pk]))
    return "" if answer.status_code == 404 else re.sub(r'(token" value=")\w+', r"\1", answer.content.decode())


def redact(motion, floor):
    texts = {"public_subject": "改善宿舍", "public_body": "语句已处理", "public_suggestion": "先改北楼"}
    redact_inquiry(inquiry_id=motion.inquiry_id, texts=texts, reason="privacy", actor=floor.hall.officer, at=NOW)


def withhold_names(motion, floor):
    Motion.objects.filter(pk=motion.pk).update(is_open=False)


def rename_department(motion, floor):
    Unit.objects.filter(pk=floor.logistics.pk).update(name="后勤一部")


def rename_proposer(motion, floor):
    Person.objects.filter(pk=floor.proposer.person_id).update(name="甲乙丙")
    type(floor.proposer).objects.filter(pk=floor.proposer.pk).update(name="甲乙丙")


def reply(motion, floor):
    for step in (made.draft, made.approve, made.deliver):
        step(motion, floor)


def rate(motion, floor):
    made.rate(motion, floor.proposer, 3, comment="隔音好多了")


def best(motion, floor):
    name_best(motion_id=motion.pk, reason="办得快", actor=floor.hall.officer, at=NOW)


def hide(motion, floor):
    Inquiry.objects.filter(pk=motion.inquiry_id).update(hidden_class="privacy")


def take_back(motion, floor):
    Motion.objects.filter(pk=motion.pk).update(state="submitted")


# (what changes, days later, words that are gone, words that are new), one after the other.
WALK = [
    (rename_department, 0, "", "后勤一部"),
    (reply, 1, "", REPLY_TEXT[:8]),
    (rate, 1, "", ""),
    (redact, 2, "倒班宿舍临街一侧", "语句已处理"),
    (withhold_names, 2, "甲乙丙", ""),
    (take_back, 3, "语句已处理", ""),
]


def test_a_kept_motion_is_another_page_at_once(client, floor):
    motion = made.make_motion(floor, "filed")
    rename_proposer(motion, floor)
    days = 0
    for change, later, gone, new in WALK:
        first = [letters(client, motion, NOW + days * DAY) for _time in range(3)]
        assert first[0] == first[1] == first[2], change
        days = later
        change(motion, floor)
        found = [letters(client, motion, NOW + days * DAY) for _time in range(3)]
        assert found[0] == found[1] == found[2], change
        assert found[0] != first[2], change
        words = [(word in first[2], word in found[0]) for word in (gone, new) if word]
        assert words == [pair for word, pair in ((gone, (True, False)), (new, (False, True))) if word], change
        forget()
        assert found[2] == letters(client, motion, NOW + days * DAY), change
    assert found[2] == ""


def test_the_next_day_is_another_page(client, floor):
    motion = made.make_motion(floor, "filed")
    pages = [letters(client, motion, NOW + days * DAY) for days in (0, 0, 0, 1, 1, 1)]
    assert (pages[0] == pages[2], pages[3] == pages[5], pages[2] == pages[3]) == (True, True, False)


def test_language_and_type_size_have_pages_of_their_own_and_readers_with_a_session_their_own(client, floor):
    motion, kept = made.make_motion(floor, "answered"), {}
    for name, value in (("", ""), (settings.LANGUAGE_COOKIE_NAME, "en"), (ELDER_COOKIE_NAME, "1")):
        client.cookies.clear()
        if name:
            client.cookies[name] = value
        pages = [letters(client, motion) for _time in range(3)]
        assert pages[0] == pages[1] == pages[2]
        kept[name] = pages[0]
    assert len(set(kept.values())) == 3
    client.cookies.clear()
    held = len(keeping._kept)
    with time_machine.travel(NOW, tick=False):
        sign_in(client, floor.proposer.person)
    own = letters(client, motion)
    assert (own in kept.values(), len(keeping._kept)) == (False, held)
    client.cookies.clear()
    assert letters(client, motion) == kept[""]
