"""Opinions, objections and requests: each becomes an inquiry with its clock; nameless ones keep nothing of anybody."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse

from disclosures import operations as does
from disclosures.models import Opinion
from feedback.enums import IdentityMode, InquiryKind, Topic
from feedback.models import Inquiry
from feedback.operations import InquiryDraft
from portal.kernel.days import day_start
from portal.kernel.verdicts import OperationRefused
from portal.search.models import SearchEntry
from tests.factories.disclosures import AT, make_assignment, make_publication
from tests.signing import signed_in

pytestmark = pytest.mark.usefixtures("english")

D = dt.date
DAY = dt.timedelta(days=1)


def draft(offices, **over):
    plain = {
        "kind": InquiryKind.COMPLAINT,
        "topic": Topic.PAY,
        "unit": offices.works,
        "subject": "评审条件与通知不符",
        "body": "通知要求五年工龄,公示名单中有三年工龄人员。",
        "identity_mode": IdentityMode.NAMED,
        "idempotency_key": uuid.uuid4(),
    }
    return InquiryDraft(**{**plain, **over})


@pytest.mark.parametrize(
    ("moment", "is_taken"),
    [
        (day_start(D(2026, 3, 17)) - dt.timedelta(microseconds=1), True),
        (day_start(D(2026, 3, 17)), False),
        (day_start(D(2026, 3, 20)), False),
    ],
)
def test_objections_are_taken_until_the_period_is_over(offices, moment, is_taken):
    text = make_publication(offices, item="C07")
    give = {"publication_id": text.pk, "kind": "objection", "draft": draft(offices), "author": offices.worker}
    if is_taken:
        receipt = does.give_opinion(at=moment, **give)
        assert (receipt.is_new, receipt.inquiry.opinion.kind) == (True, "objection")
        assert receipt.inquiry.promise.due_on <= moment.date() + dt.timedelta(days=31)
    else:
        with pytest.raises(OperationRefused, match="period"):
            does.give_opinion(at=moment, **give)
        assert Inquiry.objects.count() == Opinion.objects.count() == 0


def test_sending_the_form_twice_opens_one_inquiry(offices):
    text = make_publication(offices)
    once = draft(offices)
    receipts = [
        does.give_opinion(publication_id=text.pk, kind="opinion", draft=once, author=offices.worker, at=AT)
        for _n in range(2)
    ]
    assert [receipt.is_new for receipt in receipts] == [True, False]
    assert Opinion.objects.count() == Inquiry.objects.count() == 1


def test_what_is_not_for_a_reader_takes_no_opinion(offices):
    text = make_publication(offices, audience="unit")
    with pytest.raises(OperationRefused, match="not for you"):
        does.give_opinion(publication_id=text.pk, kind="opinion", draft=draft(offices), author=offices.stranger, at=AT)
    assert Inquiry.objects.count() == 0


def test_an_opinion_by_page_stands_beside_the_text_with_its_number(client, offices):
    with time_machine.travel(AT + DAY, tick=False):
        text = make_publication(offices)
        signed_in(client, offices.worker)
        url = reverse("disclosures:opinion", args=[text.number])
        assert client.get(url).status_code == 200
        assert client.post(url, {}).status_code == 422
        sent = client.post(
            url,
            {
                "kind": "opinion",
                "subject": "扣分理由不清",
                "body": "乙班扣分两项没有写明依据条款。",
                "mode": "named",
                "may_publish": "on",
                "idempotency_key": str(uuid.uuid4()),
            },
        )
        assert sent.status_code == 302
        inquiry = Inquiry.objects.get()
        assert (inquiry.channel, inquiry.unit, inquiry.opinion.publication) == (
            "disclosure_opinion",
            offices.works,
            text,
        )
        page = client.get(reverse("disclosures:public", args=[text.number])).content.decode()
        assert inquiry.number in page
        # Not published by the union yet: number and clock, not the words.
        assert "扣分理由不清" not in page


def test_without_a_name_nothing_of_a_person_is_kept(client, offices):
    with time_machine.travel(AT + DAY, tick=False):
        text = make_publication(offices, item="C07")
        url = reverse("disclosures:opinion_anonymous", args=[text.number])
        signed_in(client, offices.worker)
        page = client.get(url)
        assert page.status_code == 200
        assert not page.cookies
        token = page.content.decode().split('name="form_token" value="')[1].split('"')[0]
        fields = {"kind": "objection", "subject": "不符条件", "body": "名单中有人不符合工龄条件。", "form_token": token}
        first = client.post(url, fields)
        again = client.post(url, fields)
        assert (first.status_code, again.status_code) == (200, 200)
        assert not first.cookies
        inquiry = Inquiry.objects.get()
        assert (inquiry.identity_mode, inquiry.author, inquiry.sealed_identity, inquiry.owner_tag) == (
            "anonymous",
            None,
            None,
            None,
        )
        assert inquiry.number in first.content.decode()
        forged = client.post(url, {**fields, "form_token": "x"})
        assert forged.status_code == 403
        assert "名单中有人不符合工龄条件" in forged.content.decode()


def test_asking_for_what_is_missing_names_unit_and_item(client, offices):
    with time_machine.travel(AT + DAY, tick=False):
        make_assignment(offices, "C01")
        url = reverse("disclosures:ask_anonymous")
        page = client.get(url, {"unit": "YX", "item": "C01"})
        token = page.content.decode().split('name="form_token" value="')[1].split('"')[0]
        sent = client.post(
            url,
            {
                "unit": "YX",
                "item": "C01",
                "subject": "奖金表",
                "body": "一月奖金分配一直没有公开。",
                "form_token": token,
            },
        )
        assert sent.status_code == 200
        opinion = Opinion.objects.get()
        assert (opinion.kind, opinion.item.code, opinion.inquiry.unit, opinion.publication) == (
            "request",
            "C01",
            offices.works,
            None,
        )


def test_what_is_on_show_is_found_and_what_was_withdrawn_is_not(offices):
    text = make_publication(offices, body="循环水场填料更换工程")

    def found():
        return list(SearchEntry.objects.filter(kind="disclosures.publication").values_list("object_key", "audience"))

    assert found() == [(text.number, "public")]
    make_publication(offices, "draft", body="还没写完")
    hidden = make_publication(offices, audience="unit")
    assert sorted(found()) == [(text.number, "public"), (hidden.number, "unit")]
    does.ask_withdrawal(publication_id=text.pk, reason_code="wrong", reason="有误", actor=offices.handler, at=AT)
    does.decide_withdrawal(publication_id=text.pk, is_granted=True, answer="", actor=offices.leader, at=AT)
    assert found() == [(hidden.number, "unit")]


def test_subscribers_are_told_of_what_they_may_read_once(offices):
    from portal.notices.models import Notice

    does.set_subscriptions(actor=offices.worker, sections=["C"], units=[offices.works])
    does.set_subscriptions(actor=offices.stranger, sections=["C"], units=[])
    make_publication(offices, audience="unit")
    desks = Notice.objects.filter(kind="publication.subscribed").values_list("desk", flat=True)
    assert list(desks) == [f"person:{offices.worker.pk}"]


@pytest.mark.parametrize(("item", "route"), [("E01", "discipline"), ("E06", "discipline"), ("C07", "ordinary")])
def test_what_is_said_of_a_cadre_before_an_appointment_goes_to_discipline_inspection(offices, item, route):
    text = make_publication(offices, item=item)
    receipt = does.give_opinion(
        publication_id=text.pk, kind="objection", draft=draft(offices), author=offices.worker, at=AT
    )
    assert receipt.inquiry.route == route
