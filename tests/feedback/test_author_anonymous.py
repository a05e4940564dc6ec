"""The anonymous card: nobody goes in, nobody comes out, and nothing is left behind."""

import datetime as dt
import logging

import pytest
import time_machine
from django.test import Client

from feedback.enums import IdentityMode
from feedback.models import Inquiry, Message, Rating
from feedback.views.track import tries
from portal.kernel.anonymity import PER_ADDRESS, buckets
from portal.kernel.days import local_day
from tests.factories.cards import ask_author, make_inquiry, make_plant
from tests.feedback.screens import code_on, forms_of, go_to_check, go_to_words, heading, press, text, title
from tests.signing import signed_in

NEW = "/a/card/"
ADDRESS = "10.77.66.55"
AGENT = "Marker-Agent/9.9"


@pytest.fixture
def plant(db):
    return make_plant()


@pytest.fixture
def visitor():
    tries.counts.clear()
    return Client(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=AGENT, HTTP_X_FORWARDED_FOR=f"{ADDRESS}, 127.0.0.1")


def is_private(response):
    """Whether a response leaves no mark and no copy."""
    return (
        not response.cookies
        and "Set-Cookie" not in response.headers
        and "no-store" in response.headers["Cache-Control"]
    )


def test_p09_no_cookie_no_copy_no_address_on_any_page_of_the_way(visitor, plant, caplog):
    caplog.set_level(logging.DEBUG)
    pages = [visitor.get(NEW), go_to_words(visitor, NEW)]
    check = go_to_check(visitor, NEW)
    receipt = press(visitor, check)
    card = Inquiry.objects.get()
    number, code = card.number, code_on(receipt)
    pages += [check, receipt, visitor.get("/a/track/"), visitor.post("/a/track/", {"number": number, "code": code})]
    pages.append(visitor.post("/a/track/", {"number": number, "code": "1" * 16}))
    assert [is_private(page) for page in pages] == [True] * len(pages)
    assert [page.headers["Referrer-Policy"] for page in pages] == ["no-referrer"] * len(pages)
    assert visitor.cookies == {}
    assert [record for record in caplog.records if ADDRESS in record.getMessage() or AGENT in record.getMessage()] == []


def test_u02_an_anonymous_card_keeps_the_day_only_and_its_receipt_opens_it(visitor, plant):
    with time_machine.travel(dt.datetime(2026, 3, 9, 1, 37, 29, tzinfo=dt.UTC), tick=False):
        receipt = press(visitor, go_to_check(visitor, NEW, body="无名的话。"))
    card = Inquiry.objects.get()
    assert (receipt.status_code, heading(receipt)) == (200, "您的信息卡已收到")
    assert (card.identity_mode, card.author, card.sealed_identity, card.owner_tag) == (
        IdentityMode.ANONYMOUS,
        None,
        None,
        None,
    )
    assert card.received_on == dt.date(2026, 3, 9)
    found = visitor.post("/a/track/", {"number": card.number, "code": code_on(receipt)})
    assert "无名的话。" in text(found)


def test_anonymous_titles_say_nothing_of_what_is_done(visitor, plant):
    pages = [
        visitor.get(NEW),
        go_to_check(visitor, NEW),
        press(visitor, go_to_check(visitor, NEW)),
        visitor.get("/a/track/"),
    ]
    assert [title(page).split(" ")[0] for page in pages] == ["厂务公开平台"] * 4


def test_a_session_that_comes_along_is_not_seen(plant, client):
    worker = signed_in(client, plant.worker)
    page = worker.get(NEW)
    assert [word in text(page) for word in (plant.worker.name, plant.worker.job_no, str(plant.worker.pk))] == [
        False
    ] * 3


def test_nothing_is_kept_in_the_browser(visitor, plant):
    page = go_to_words(visitor, NEW)
    assert [mark in text(page) for mark in ("data-draft", "drafts.js", "csrfmiddlewaretoken")] == [False] * 3
    assert 'autocomplete="off"' in text(page)


def test_r15_sending_again_shows_the_same_receipt_and_costs_no_share(visitor, plant):
    page = go_to_check(visitor, NEW)
    codes = {code_on(press(visitor, page)) for _time in range(PER_ADDRESS + 2)}
    assert (len(codes), Inquiry.objects.count()) == (1, 1)


def test_the_sixth_card_of_a_day_is_told_when_to_come_back_and_keeps_its_words(visitor, plant):
    with time_machine.travel(dt.datetime(2026, 3, 9, 14, 0, tzinfo=dt.UTC), tick=False):
        for _time in range(PER_ADDRESS):
            press(visitor, go_to_check(visitor, NEW))
        refused = press(visitor, go_to_check(visitor, NEW, body="第六张的话"))
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(2 * 3600 + 1))
        assert "第六张的话" in text(refused)
        assert Inquiry.objects.count() == PER_ADDRESS
        other = Client(REMOTE_ADDR="10.88.1.1", HTTP_X_FORWARDED_FOR="10.88.1.1")
        assert press(other, go_to_check(other, NEW)).status_code == 200


def test_a_form_left_open_too_long_asks_to_press_once_more_and_keeps_everything(visitor, plant):
    with time_machine.travel(dt.datetime(2026, 3, 9, 1, 0, tzinfo=dt.UTC), tick=False):
        page = go_to_check(visitor, NEW, body="放了很久的话")
    with time_machine.travel(dt.datetime(2026, 3, 9, 13, 1, tzinfo=dt.UTC), tick=False):
        again = press(visitor, page)
        assert (again.status_code, Inquiry.objects.count()) == (403, 0)
        assert "放了很久的话" in text(again)
        assert press(visitor, again).status_code == 200
    assert Inquiry.objects.get().body == "放了很久的话"


@pytest.mark.parametrize("token", ["", "forged", "00000000-0000-0000-0000-000000000000:1abc:xyz"])
def test_a_forged_token_sends_nothing(visitor, plant, token):
    refused = press(visitor, go_to_check(visitor, NEW), form_token=token)
    assert (refused.status_code, Inquiry.objects.count()) == (403, 0)


@pytest.mark.parametrize("headers", [{"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_ORIGIN": "http://evil.example"}])
def test_a_form_from_another_site_sends_nothing(visitor, plant, headers):
    fields = forms_of(go_to_check(visitor, NEW))[0]["fields"]
    assert (visitor.post(NEW, fields, **headers).status_code, Inquiry.objects.count()) == (403, 0)


@pytest.mark.parametrize(
    "headers", [{"HTTP_SEC_FETCH_SITE": "same-origin"}, {"HTTP_ORIGIN": "http://testserver"}, {"HTTP_ORIGIN": "null"}]
)
def test_a_form_from_here_is_taken(visitor, plant, headers):
    fields = forms_of(go_to_check(visitor, NEW))[0]["fields"]
    assert (visitor.post(NEW, fields, **headers).status_code, Inquiry.objects.count()) == (200, 1)


# Tracking ----------------------------------------------------------------------------------------------------


@pytest.fixture
def answered(plant):
    return make_inquiry(plant, state="answered", identity_mode="anonymous")


def opened(visitor, card, **more):
    return visitor.post("/a/track/", {"number": card.number, "code": card.code, **more})


@pytest.mark.parametrize("written", ["{number}", " {number} ", "２０２６－１", "2026—0001", "2026-1"])
def test_number_and_code_are_read_as_people_write_them(visitor, answered, written):
    code = " ".join(answered.code[at : at + 4] for at in range(0, 16, 4))
    page = visitor.post("/a/track/", {"number": written.format(number=answered.number), "code": f" {code} "})
    assert heading(page) == answered.subject


def test_u04_track_empty_wrong_right(visitor, answered):
    for fields in (
        {"number": "", "code": ""},
        {"number": "x" * 500, "code": "\x00"},
        {"number": answered.number, "code": "1" * 16},
    ):
        page = visitor.post("/a/track/", fields)
        assert (page.status_code, title(page)[:3]) == (200, "错误：")
    assert heading(opened(visitor, answered)) == answered.subject


@pytest.mark.parametrize("number", ["2026-0001", "2026-9999"])
def test_a_wrong_code_says_the_same_whether_the_number_exists_or_not(visitor, answered, number):
    page = visitor.post("/a/track/", {"number": number, "code": "1" * 16})
    assert "编号和回执码对不上" in text(page)


def test_wrong_codes_wait_longer_each_time_and_stop_nobody_elses_number(visitor, plant, answered):
    other = make_inquiry(plant, identity_mode="anonymous", subject="另一张")
    start = dt.datetime(2026, 3, 9, 1, 0, tzinfo=dt.UTC)
    wrong = {"number": answered.number, "code": "1" * 16}
    with time_machine.travel(start, tick=False) as clock:
        assert [visitor.post("/a/track/", wrong).status_code for _time in range(6)] == [200] * 5 + [429]
        assert opened(visitor, answered).headers["Retry-After"] == "1"
        assert heading(opened(visitor, other)) == "另一张"
        clock.shift(1)
        assert visitor.post("/a/track/", wrong).status_code == 200
        assert opened(visitor, answered).headers["Retry-After"] == "2"
        clock.shift(2)
        assert heading(opened(visitor, answered)) == answered.subject


def test_rating_and_adding_by_number_and_code_without_a_session(visitor, answered):
    page = opened(visitor, answered)
    rated = press(visitor, page, form=0, level="5", comment="谢谢")
    assert [(rating.level, rating.comment) for rating in Rating.objects.all()] == [(5, "谢谢")]
    assert "您的评价已记录" in text(rated)
    assert is_private(rated)


def test_a_second_rating_of_the_same_round_changes_nothing(visitor, answered):
    opened(visitor, answered, act="rate", level="5", comment="")
    again = opened(visitor, answered, act="rate", level="1", comment="")
    assert (again.status_code, [rating.level for rating in Rating.objects.all()]) == (200, [5])


def test_u04_rating_and_message_empty_and_wrong_keep_what_was_typed(visitor, answered):
    for fields in (
        {"act": "rate", "comment": "写了原因"},
        {"act": "rate", "level": "9", "comment": "写了原因"},
        {"act": "message", "text": "长" * 1001},
    ):
        page = opened(visitor, answered, **fields)
        assert title(page).startswith("错误：")
        assert (fields.get("comment") or fields["text"]) in text(page)
    assert (Rating.objects.count(), Message.objects.count()) == (0, 0)


def test_an_author_who_is_asked_answers_and_the_clock_runs_on(visitor, plant):
    card = make_inquiry(plant, state="registered", identity_mode="anonymous")
    ask_author(card, plant=plant)
    page = opened(visitor, card)
    assert "请您补充材料" in text(page)
    answer = press(visitor, page, form=0, text="是二班和三班。")
    card.promise.refresh_from_db()
    assert (Message.objects.last().text, card.promise.paused_on) == ("是二班和三班。", None)
    assert "您的补充已记录" in text(answer)


def test_an_author_reads_every_state_of_the_card(visitor, plant):
    for state in (
        "submitted",
        "registered",
        "assigned",
        "negotiating",
        "drafted",
        "approved",
        "answered",
        "tracked",
        "closed",
        "merged",
    ):
        card = make_inquiry(plant, state=state, identity_mode="anonymous", subject=f"卡在{state}")
        assert heading(opened(visitor, card)) == f"卡在{state}"


def test_get_with_a_number_asks_for_the_code_and_reads_nothing(visitor, answered):
    page = visitor.get(f"/a/track/?number={answered.number}&code={answered.code}")
    assert (heading(page), answered.subject in text(page), answered.code in text(page)) == ("查进度", False, False)


def test_a_bucket_holds_no_address(visitor, plant):
    press(visitor, go_to_check(visitor, NEW))
    assert buckets.day == local_day(dt.datetime.now(dt.UTC))
    assert ADDRESS not in repr(buckets.counts)
