"""Another app opens an inquiry of its own: number, clock, receipt and desks of all, and it hears what becomes of it."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.db import transaction
from django.urls import reverse

from feedback import channels
from feedback.channels import Channel, UnknownChannel, register_channel
from feedback.enums import IdentityMode, InquiryKind, InquiryState, RatingLevel, Topic
from feedback.models import Inquiry
from feedback.operations import InquiryDraft, open_inquiry
from portal.deadlines.models import Promise
from portal.kernel.verdicts import ALLOWED, OperationRefused, denied
from portal.ledger.history import history_of
from portal.notices.models import Notice
from portal.notices.registry import sentence_of
from tests.signing import signed_in

from .conftest import AT
from .test_life import answer, days, fresh, rate, register

S = InquiryState


@pytest.fixture
def heard():
    """What the channel "opinion" has heard, as (event, number, state)."""
    return []


@pytest.fixture(autouse=True)
def opinion(heard):
    """A channel as another app would declare it: no confidential opinions, and none by a person called 外人."""

    def hear(event):
        return lambda inquiry, *, at: heard.append((event, inquiry.number, inquiry.state, at))

    register_channel(
        Channel(
            "opinion",
            "公开意见",
            modes=(IdentityMode.NAMED, IdentityMode.ANONYMOUS),
            may_open=lambda actor, draft: (
                denied("您不在征求意见的范围内") if actor and actor.name == "外人" else ALLOWED
            ),
            page=lambda inquiry: f"/disclosures/{inquiry.serial}/",
            hears={event: hear(event) for event in ("submitted", "delivered", "rated", "redone")},
        )
    )
    yield
    del channels._CHANNELS["opinion"]


@pytest.fixture
def opening(plant):
    def opening(*, author="worker", mode=IdentityMode.NAMED, key=None, channel="opinion", **over):
        author = getattr(plant, author) if isinstance(author, str) else author
        draft = InquiryDraft(
            kind=InquiryKind.QUESTION,
            topic=Topic.PAY,
            unit=plant.shop,
            subject="奖金分配的依据",
            body="公开表里没有写明扣分条款。",
            identity_mode=mode,
            idempotency_key=key or uuid.uuid4(),
        )
        return open_inquiry(channel=channel, draft=draft, author=author, actor=author, at=AT, **over)

    return opening


def test_an_inquiry_of_another_channel_lives_like_a_card_and_its_app_hears_of_it(plant, send, opening, heard):
    send()
    receipt = opening()
    inquiry = receipt.inquiry
    assert (inquiry.number, inquiry.channel, inquiry.promise.due_on) == ("2026-0002", "opinion", dt.date(2026, 4, 8))
    register(plant, inquiry)
    answer(plant, inquiry, at=days(3))
    rate(inquiry, RatingLevel.DISSATISFIED, at=days(4))
    assert [(event, number, state) for event, number, state, _at in heard] == [
        ("submitted", "2026-0002", S.SUBMITTED),
        ("delivered", "2026-0002", S.ANSWERED),
        ("rated", "2026-0002", S.ANSWERED),
        ("redone", "2026-0002", S.ASSIGNED),
    ]
    assert history_of(f"feedback.inquiry:{inquiry.pk}")[0].text.startswith("收到公开意见")
    told = Notice.objects.get(kind="inquiry.registered", subject=f"feedback.inquiry:{inquiry.pk}")
    assert sentence_of(told) == "您的公开意见 2026-0002 已登记受理"


def test_its_pages_say_where_it_came_from(plant, client, opening):
    inquiry = opening().inquiry
    register(plant, inquiry)
    page = client.get(reverse("feedback:public", args=[inquiry.number])).content.decode()
    assert "公开意见" in page
    assert f'href="/disclosures/{inquiry.serial}/"' in page
    signed_in(client, plant.handler)
    page = client.get(reverse("feedback:work", args=[inquiry.number])).content.decode()
    assert f'href="/disclosures/{inquiry.serial}/"' in page


def test_a_kept_page_follows_what_the_other_app_says(plant, client, opening):
    inquiry = opening().inquiry
    register(plant, inquiry)
    address = reverse("feedback:public", args=[inquiry.number])
    assert "/disclosures/" in client.get(address).content.decode()
    moved = replace(channels._CHANNELS["opinion"], page=lambda inquiry: f"/elsewhere/{inquiry.serial}/")
    channels._CHANNELS["opinion"] = moved
    page = client.get(address).content.decode()
    assert f'href="/elsewhere/{inquiry.serial}/"' in page
    assert "/disclosures/" not in page


def test_opening_twice_with_one_key_opens_one(plant, opening, heard):
    key = uuid.uuid4()
    first, second = opening(key=key), opening(key=key)
    assert (first.is_new, second.is_new, first.code == second.code) == (True, False, True)
    assert (Inquiry.objects.count(), len(heard)) == (1, 1)


def test_the_thing_and_its_inquiry_come_about_together(plant, opening):
    with pytest.raises(RuntimeError), transaction.atomic():
        opening()
        raise RuntimeError("the disclosure was withdrawn meanwhile")
    assert (Inquiry.objects.count(), Promise.objects.count()) == (0, 0)
    assert opening().inquiry.number == "2026-0001"  # the number is not lost


def test_what_an_app_raises_undoes_the_act(plant, opening):
    inquiry = opening().inquiry
    register(plant, inquiry)

    def refuse(inquiry, *, at):
        raise OperationRefused("先开听证会")

    channels._CHANNELS["opinion"] = Channel("opinion", "公开意见", hears={"delivered": refuse})
    with pytest.raises(OperationRefused):
        answer(plant, inquiry, at=days(1))
    assert (fresh(inquiry).state, fresh(inquiry).promise.met_at) == (S.APPROVED, None)


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"mode": IdentityMode.CONFIDENTIAL}, OperationRefused),
        ({"author": None}, ValueError),
        ({"mode": IdentityMode.ANONYMOUS}, ValueError),
        ({"channel": "nowhere"}, UnknownChannel),
        ({"received_on": dt.date(2026, 3, 10)}, OperationRefused),
    ],
)
def test_what_does_not_fit_the_channel_is_refused_and_nothing_is_written(plant, opening, over, fault):
    with pytest.raises(fault):
        opening(**over)
    assert (Inquiry.objects.count(), Promise.objects.count()) == (0, 0)


def test_the_apps_own_rule_is_asked_first(plant, opening):
    plant.worker.name = "外人"
    with pytest.raises(OperationRefused, match="征求意见"):
        opening()
    assert not Inquiry.objects.exists()


def test_an_agreed_day_can_only_be_earlier_than_the_thirty_days(plant, opening):
    soon, late = dt.date(2026, 3, 20), dt.date(2026, 5, 20)
    assert opening(due_on=soon).inquiry.promise.due_on == soon
    assert opening(due_on=late).inquiry.promise.due_on == dt.date(2026, 4, 8)


def test_an_anonymous_one_leads_to_nobody(plant, opening):
    inquiry = opening(author=None, mode=IdentityMode.ANONYMOUS).inquiry
    assert (inquiry.author, inquiry.sealed_identity, inquiry.owner_tag) == (None, None, None)
    assert not Notice.objects.exists()


def test_a_channel_is_declared_once_and_listens_only_for_what_happens():
    with pytest.raises(ValueError, match="two channels"):
        register_channel(Channel("opinion", "另一个"))
    with pytest.raises(ValueError, match="never happens"):
        Channel("motion", "提案", hears={"answered": print})
    with pytest.raises(ValueError, match="20"):
        register_channel(Channel("x" * 21, "太长"))
