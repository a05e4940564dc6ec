"""Writing a card as a worker does on an old phone: without script, with slips, going back, pressing twice."""

import io
import threading
import uuid

import pytest
from django.db import connection, connections
from django.test import Client
from PIL import Image

from feedback.enums import IdentityMode, Route
from feedback.models import Inquiry, InquiryFile, Message, Rating
from portal.accounts.enums import DeviceKind
from tests.factories.cards import make_identity_key, make_inquiry, make_plant
from tests.feedback.screens import code_on, forms_of, go_to_check, go_to_words, heading, press, text, title
from tests.signing import signed_in

NEW = "/cards/new/"


@pytest.fixture
def plant(db):
    return make_plant()


@pytest.fixture
def worker(client, plant):
    return signed_in(client, plant.worker)


def photo(colour="red"):
    held = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(held, "JPEG")
    held.seek(0)
    held.name = "DSC_0001.jpg"
    return held


def test_u02_a_named_card_is_written_without_script_and_tracked_by_its_receipt(worker, plant):
    page = go_to_check(worker, NEW, mode="named", suggestion="增设加热柜。")
    assert heading(page) == "提交前请核对"
    sent = press(worker, page)
    card = Inquiry.objects.get()
    assert (sent.status_code, sent.headers["Location"]) == (302, f"/cards/{card.number}/receipt/")
    assert (card.subject, card.body, card.suggestion) == (
        "夜班吃不上热饭",
        "三班倒职工夜班\n吃不上热饭。",
        "增设加热柜。",
    )
    assert (card.kind, card.topic, card.unit, card.identity_mode, card.author, card.may_publish) == (
        "suggestion", "living", plant.shop, IdentityMode.NAMED, plant.worker, True,
    )  # fmt: skip
    receipt = worker.get(sent.headers["Location"])
    visitor = Client()
    found = visitor.post("/a/track/", {"number": card.number, "code": code_on(receipt)})
    assert heading(found) == "夜班吃不上热饭"


def test_u02_a_confidential_card_names_nobody_and_is_found_by_its_author(worker, plant):
    make_identity_key(plant)
    press(worker, go_to_check(worker, NEW, mode="confidential"))
    card = Inquiry.objects.get()
    assert (card.identity_mode, card.author) == (IdentityMode.CONFIDENTIAL, None)
    assert card.number in text(worker.get("/cards/mine/"))
    assert worker.get(f"/cards/{card.number}/receipt/").status_code == 200


def test_a_confidential_card_without_the_unions_key_is_refused_with_everything_kept(worker):
    refused = press(worker, go_to_check(worker, NEW, mode="confidential"))
    assert (refused.status_code, Inquiry.objects.count()) == (403, 0)
    assert "三班倒职工夜班" in text(refused)
    assert "身份密钥" in text(refused)


def test_a_card_about_a_cadre_goes_to_discipline_and_its_text_is_never_offered_for_publishing(worker):
    page = go_to_check(worker, NEW, mode="named", is_about_cadre=True)
    assert 'name="may_publish"' not in text(page).replace('type="hidden" name="may_publish"', "")
    press(worker, page)
    assert Inquiry.objects.get().route == Route.DISCIPLINE


def test_a_report_of_retaliation_goes_to_discipline(worker):
    press(worker, go_to_check(worker, NEW, mode="named", kind="retaliation"))
    assert Inquiry.objects.get().route == Route.DISCIPLINE


def test_the_text_is_not_published_when_the_box_is_cleared(worker):
    press(worker, go_to_check(worker, NEW, mode="named"), without=["may_publish"])
    assert Inquiry.objects.get().may_publish is False


def test_a_change_on_the_overview_comes_back_to_it_with_all_else_kept(worker):
    page = go_to_check(worker, NEW, mode="named")
    page = press(worker, page, without=["may_publish"], to="topic")
    assert heading(page) == "是关于哪方面的？"
    page = press(worker, page, topic="safety")
    assert heading(page) == "提交前请核对"
    press(worker, page)
    card = Inquiry.objects.get()
    assert (card.topic, card.body, card.may_publish) == ("safety", "三班倒职工夜班\n吃不上热饭。", False)


def test_going_back_from_the_words_keeps_what_was_typed(worker):
    page = go_to_words(worker, NEW)
    page = press(worker, page, body="写了一半", to="place")
    assert heading(page) == "涉及哪个单位、什么人？"
    page = press(worker, page)
    assert "写了一半" in text(page)


def test_the_own_unit_is_chosen_beforehand(worker):
    page = press(worker, worker.get(NEW), kind="question")
    page = press(worker, page, topic="pay")
    assert forms_of(page)[0]["fields"]["unit"] == ["YX-LJ"]


@pytest.mark.parametrize(
    ("step", "wrong"),
    [
        ("kind", {"kind": "nonsense"}),
        ("topic", {"topic": "\x00"}),
        ("place", {"unit": "no such unit"}),
        ("words", {"subject": "长" * 61, "body": "长" * 1001, "suggestion": "长" * 501}),
        ("mode", {"mode": "anonymous"}),
    ],
)
def test_u04_every_question_empty_then_wrong_then_right(worker, step, wrong):
    page = worker.get(NEW)
    for name, given in (
        ("kind", {"kind": "help"}),
        ("topic", {"topic": "pay"}),
        ("place", {"unit": "YX"}),
        ("words", {"subject": "题", "body": "文"}),
        ("mode", {}),
    ):
        if name == step:
            break
        page = press(worker, page, **given)
    empty = press(worker, page, **({"unit": ""} if step == "place" else {}))
    for answer in (empty, press(worker, empty, **wrong)):
        assert answer.status_code == 200
        assert title(answer).startswith("错误：")
        assert 'id="error-summary"' in text(answer)
    if step == "words":
        assert "长" * 1001 in text(answer)
    right = {
        "kind": {"kind": "help"},
        "topic": {"topic": "pay"},
        "place": {"unit": "YX"},
        "words": {"subject": "题", "body": "文", "suggestion": ""},
        "mode": {"mode": "named"},
    }
    assert not title(press(worker, answer, **right[step])).startswith("错误：")
    assert Inquiry.objects.count() == 0


def test_a_photo_survives_a_fault_and_is_sent(worker):
    page = go_to_words(worker, NEW)
    page = press(worker, page, subject="", body="栏杆松动", files=photo())
    assert title(page).startswith("错误：")
    page = press(worker, page, subject="栏杆松动")
    page = press(worker, page, mode="named")
    assert "DSC_0001.jpg" in text(page)
    press(worker, page)
    held = InquiryFile.objects.get()
    assert (held.inquiry.subject, held.file.name) == ("栏杆松动", "DSC_0001.jpg")


def test_a_fourth_photo_is_refused_and_the_words_are_kept(worker):
    page = go_to_words(worker, NEW)
    page = press(
        worker, page, subject="栏杆松动", body="见照片", files=[photo(c) for c in ("red", "green", "blue", "black")]
    )
    assert title(page).startswith("错误：")
    assert "照片最多 3 张" in text(page)
    assert "见照片" in text(page)


def test_r15_back_and_sending_again_and_two_tabs_make_one_card_with_one_receipt(worker):
    page = go_to_check(worker, NEW, mode="named")
    first, tab, again = press(worker, page), press(worker, page), press(worker, page, body="改了几个字")
    number = Inquiry.objects.get().number
    assert first.headers["Location"] == f"/cards/{number}/receipt/"
    assert tab.headers["Location"] == again.headers["Location"] == f"/cards/{number}/receipt/?again=1"
    assert code_on(worker.get(first.headers["Location"])) == code_on(worker.get(tab.headers["Location"]))
    assert "没有重复提交" in text(worker.get(tab.headers["Location"]))


def test_a_form_sent_by_somebody_else_from_the_same_machine_shows_nothing_of_theirs(worker, plant):
    page = go_to_check(worker, NEW, mode="named")
    press(worker, page)
    second = signed_in(Client(), plant.worker2)
    answer = press(second, page)
    assert (answer.status_code, Inquiry.objects.count()) == (409, 1)


def test_a_damaged_key_makes_a_card_all_the_same(worker):
    press(worker, go_to_check(worker, NEW, mode="named"), idempotency_key="broken\x00")
    assert Inquiry.objects.count() == 1


def test_similar_published_cards_are_shown_before_sending(worker, plant):
    other = make_inquiry(plant, state="assigned", author=plant.worker2, subject="夜班没有热饭")
    assert f"/inquiries/{other.number}/" in text(go_to_check(worker, NEW, mode="named"))


def test_a_visitor_is_shown_the_three_ways(client, db):
    page = client.get(NEW)
    assert heading(page) == "提意见"
    assert [word in text(page) for word in ("署名", "保密", "匿名", "/a/card/")] == [True] * 4


def test_a_visitor_cannot_send_through_the_signed_in_pages(client, plant):
    answer = client.post(
        NEW,
        {"step": "check", "kind": "help", "topic": "pay", "unit": "YX", "subject": "题", "body": "文", "mode": "named"},
    )
    assert (heading(answer), Inquiry.objects.count()) == ("提意见", 0)


def test_drafts_are_kept_in_the_browser_but_not_on_a_kiosk(client, plant):
    page = go_to_words(signed_in(client, plant.worker), NEW)
    assert f'data-draft="card-{plant.worker.pk}"' in text(page)
    kiosk = go_to_words(signed_in(Client(), plant.worker, kind=DeviceKind.KIOSK), NEW)
    assert "data-draft=" not in text(kiosk)


def test_choosing_to_be_unnamed_takes_the_answers_along_and_leaves_key_and_session_behind(worker, plant):
    page = press(worker, go_to_words(worker, NEW), subject="夜班吃不上热饭", body="冷饭。", suggestion="")
    key = forms_of(page)[0]["fields"]["idempotency_key"][0]
    unnamed = forms_of(page)[1]
    assert unnamed["action"] == "/a/card/"
    assert set(unnamed["fields"]) == {"kind", "topic", "unit", "subject", "body", "suggestion"}
    check = press(worker, page, form=1)
    assert (heading(check), key in text(check), check.cookies) == ("提交前请核对", False, {})
    press(worker, check)
    assert Inquiry.objects.get().identity_mode == IdentityMode.ANONYMOUS


def race(count, act):
    """Run an act in many threads at once and return what each answered."""
    barrier, answers = threading.Barrier(count), []

    def run():
        barrier.wait()
        try:
            answers.append(act())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def sizes():
    """Fewer at once on SQLite, which lets one writer in at a time; the whole storm on PostgreSQL."""
    return 8 if connection.vendor == "sqlite" else 25


@pytest.mark.django_db(transaction=True)
def test_r14_the_same_card_pressed_many_times_at_once_is_one_card(client):
    plant = make_plant()
    worker = signed_in(client, plant.worker)
    page = go_to_check(worker, NEW, mode="named")
    cookies, fields = worker.cookies, forms_of(page)[0]["fields"]

    def send():
        other = Client()
        other.cookies = cookies
        return other.post(NEW, fields).status_code

    assert race(sizes(), send) == [302] * sizes()
    assert Inquiry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_r14_the_same_rating_and_the_same_word_sent_many_times_at_once_count_once(client):
    plant = make_plant()
    card = make_inquiry(plant, state="answered")
    worker = signed_in(client, plant.worker)
    cookies, key = worker.cookies, str(uuid.uuid4())

    def send(fields):
        def act():
            other = Client()
            other.cookies = cookies
            return other.post(f"/cards/{card.number}/", fields).status_code

        return act

    assert race(sizes(), send({"act": "message", "text": "补充一句", "idempotency_key": key})) == [302] * sizes()
    assert Message.objects.count() == 1
    # The lowest level begins the next round, which none of the other presses may rate or stumble over.
    assert race(sizes(), send({"act": "rate", "round": "1", "level": "1", "comment": ""})) == [302] * sizes()
    assert [(rating.round, rating.level) for rating in Rating.objects.all()] == [(1, 1)]
    card.refresh_from_db()
    assert (card.round, card.redo_count) == (2, 1)
