"""An author's own pages: the list, one card, its receipt; what others must not find there."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.enums import InquiryState
from feedback.models import InquiryFile, Message, Rating
from feedback.operations import add_author_message, rate_inquiry, run_daily
from portal.files.models import StoredFile
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.factories.cards import (
    REPLY_TEXT,
    approve,
    ask_author,
    bring,
    deliver,
    draft,
    fresh,
    hide,
    make_inquiry,
    make_plant,
    plan,
    reveal,
    transfer,
)
from tests.feedback.screens import heading, press, text, title
from tests.signing import signed_in

MARKERS = ("王海燕", "700001", "13900007777", "haiyan@example")


@pytest.fixture
def plant(db):
    plant = make_plant()
    plant.worker.phone, plant.worker.email = "13900007777", "haiyan@example.lan"
    plant.worker.save()
    return plant


@pytest.fixture
def worker(client, plant):
    return signed_in(client, plant.worker)


def as_person(person):
    return signed_in(Client(), person)


def queries_of(client, address):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("mode", ["named", "confidential"])
def test_the_list_costs_the_same_with_one_and_three_cards(worker, plant, mode):
    make_inquiry(plant, state="assigned", identity_mode=mode)
    worker.get("/cards/mine/")
    one = queries_of(worker, "/cards/mine/")
    for _card in range(2):
        make_inquiry(plant, state="answered", identity_mode=mode)
    assert queries_of(worker, "/cards/mine/") == one


@pytest.mark.parametrize("address", ["/home/", "/cards/{number}/"])
def test_a_page_costs_the_same_with_one_and_three_of_everything(worker, plant, address):
    card = make_inquiry(plant, state="answered")
    address = address.format(number=card.number)
    worker.get(address)
    worker.post(f"/cards/{card.number}/", {"act": "message", "text": "一"})
    one = queries_of(worker, address)
    for words in ("二", "三"):
        worker.post(f"/cards/{card.number}/", {"act": "message", "text": words})
        make_inquiry(plant, state="answered")
    assert queries_of(worker, address) == one


def test_tabs_show_the_cards_of_their_stage_newest_first(worker, plant):
    cards = {
        state: make_inquiry(plant, state=state) for state in ("submitted", "assigned", "answered", "tracked", "closed")
    }
    numbers = {state: card.number for state, card in cards.items()}

    def listed(tab):
        page = text(worker.get(f"/cards/mine/{tab}"))
        return sorted(
            (state for state, number in numbers.items() if f"/cards/{number}/" in page),
            key=lambda s: page.index(f"/cards/{numbers[s]}/"),
        )

    assert listed("") == ["closed", "tracked", "answered", "assigned", "submitted"]
    assert listed("?state=open") == ["assigned", "submitted"]
    assert listed("?state=answered") == ["answered"]
    assert listed("?state=done") == ["closed", "tracked"]
    assert listed("?state=%00nonsense&after=%ff") == listed("")


def test_an_empty_list_says_what_will_appear(worker):
    assert "您还没有提交过信息卡" in text(worker.get("/cards/mine/"))


@pytest.mark.parametrize("page", ["", "receipt/", "files/00000000-0000-0000-0000-000000000000/"])
@pytest.mark.parametrize("mode", ["named", "confidential", "anonymous"])
def test_somebody_elses_card_does_not_exist(plant, mode, page):
    card = make_inquiry(plant, state="answered", identity_mode=mode)
    for person in (plant.worker2, plant.officer, plant.chair, plant.system_admin, plant.auditor):
        assert as_person(person).get(f"/cards/{card.number}/{page}").status_code == 404
    assert Client().get(f"/cards/{card.number}/{page}").status_code == 302


@pytest.mark.parametrize("act", [{"act": "rate", "level": "1"}, {"act": "message", "text": "冒充"}])
def test_nobody_else_rates_or_adds(plant, act):
    card = make_inquiry(plant, state="answered")
    before = Entry.objects.count()
    assert as_person(plant.worker2).post(f"/cards/{card.number}/", act).status_code == 404
    assert (Rating.objects.count(), Message.objects.count(), Entry.objects.count()) == (0, 0, before)


@pytest.mark.parametrize("state", InquiryState.values)
def test_a_card_is_shown_in_every_state(worker, plant, state):
    card = make_inquiry(plant, state=state)
    page = worker.get(f"/cards/{card.number}/")
    assert (page.status_code, heading(page)) == (200, card.subject)


def test_a_card_with_everything_that_can_happen_to_it(worker, plant):
    card = make_inquiry(plant, state="assigned", identity_mode="confidential")
    reveal(card, plant=plant, reason="要当面核实")
    plan(card, plant=plant, agreed_on=dt.date(2026, 3, 9))
    hide(card, plant=plant)
    page = text(worker.get(f"/cards/{card.number}/"))
    assert [word in page for word in ("要当面核实", plant.officer.name, "先改北楼两层", "涉及他人隐私")] == [True] * 4


def test_a_transferred_card_says_who_handles_it(worker, plant):
    card = make_inquiry(plant, state="registered")
    transfer(card, plant=plant)
    assert "由纪检部门办理" in text(worker.get(f"/cards/{card.number}/"))


def test_a_merged_card_is_answered_and_rated_by_itself(worker, plant):
    card = make_inquiry(plant, state="merged")
    target = fresh(card).merged_into
    for step in (draft, approve, deliver):
        step(target, plant=plant)
    page = worker.get(f"/cards/{card.number}/")
    assert REPLY_TEXT in text(page)
    press(worker, page, form=0, level="4", comment="")
    assert [(rating.inquiry_id, rating.level) for rating in Rating.objects.all()] == [(card.pk, 4)]


def test_rating_low_says_thanks_and_starts_a_new_round(worker, plant):
    card = make_inquiry(plant, state="answered")
    answer = press(worker, worker.get(f"/cards/{card.number}/"), form=0, level="1", comment="没有解决")
    assert answer.headers["Location"] == f"/cards/{card.number}/"
    card.refresh_from_db()
    assert (card.state, card.round) == ("assigned", 2)


def test_r15_an_old_rating_sent_again_does_not_rate_the_next_answer(worker, plant):
    card = make_inquiry(plant, state="answered")
    page = worker.get(f"/cards/{card.number}/")
    press(worker, page, form=0, level="1", comment="")
    for step in (draft, approve, deliver):
        step(card, plant=plant)
    assert press(worker, page, form=0, level="1", comment="").status_code == 302
    assert [(rating.round, rating.level) for rating in Rating.objects.all()] == [(1, 1)]


def test_u04_own_page_forms_keep_what_was_typed(worker, plant):
    card = make_inquiry(plant, state="answered")
    empty = worker.post(f"/cards/{card.number}/", {"act": "rate", "level": "", "comment": "写了原因"})
    long = worker.post(f"/cards/{card.number}/", {"act": "message", "text": "长" * 1001})
    assert [title(page)[:3] for page in (empty, long)] == ["错误："] * 2
    assert ("写了原因" in text(empty), "长" * 1001 in text(long)) == (True, True)


def test_a_closed_card_takes_no_further_word_and_keeps_it_in_the_form(worker, plant):
    card = make_inquiry(plant, state="closed")
    refused = worker.post(f"/cards/{card.number}/", {"act": "message", "text": "还有一句"})
    assert (refused.status_code, Message.objects.count()) == (403, 0)
    assert "此件已办结" in text(refused)


def make_file(card, *, reply=None, is_scan=False, is_published=False):
    stored = StoredFile(
        name="照片.jpg", media_type="image/jpeg", size=3, sha256="0" * 64, stored_on=dt.date(2026, 3, 9)
    )
    stored.file.save("x", ContentFile(b"jpg"), save=True)
    return InquiryFile.objects.create(
        inquiry=card, file=stored, reply=reply, is_scan=is_scan, is_published=is_published
    )


def test_an_author_has_the_own_files_and_those_of_delivered_replies_only(worker, plant):
    card = make_inquiry(plant, state="approved")
    own, scan, reply = make_file(card), make_file(card, is_scan=True), make_file(card, reply=card.replies.get())

    def status(held):
        answer = worker.get(f"/cards/{card.number}/files/{held.file_id}/")
        answer.getvalue()  # reading it to the end closes the file
        return answer.status_code

    assert [status(own), status(scan), status(reply)] == [200, 404, 404]
    deliver(card, plant=plant)
    assert status(reply) == 200


def test_go_sends_each_reader_to_the_page_that_is_theirs(worker, plant):
    card = make_inquiry(plant, state="assigned", identity_mode="confidential")
    readers = {worker: "own", as_person(plant.officer): "desk", as_person(plant.worker2): "public", Client(): "public"}
    places = {"own": f"/cards/{card.number}/", "desk": f"/desk/{card.number}/", "public": f"/inquiries/{card.number}/"}
    assert [reader.get(f"/go/{card.pk}/").headers["Location"] for reader in readers] == [
        places[place] for place in readers.values()
    ]
    assert worker.get("/go/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_confidential_authors_never_get_a_notice_of_their_own(worker, plant):
    card = make_inquiry(plant, state="registered", identity_mode="confidential")
    ask_author(card, plant=plant)
    assert Notice.objects.filter(desk=f"person:{plant.worker.pk}").count() == 0
    assert "请您补充" in text(worker.get("/home/"))


def test_home_says_what_waits_and_what_is_on_its_way(worker, plant):
    answered = make_inquiry(plant, state="answered", subject="答复了的")
    open_ = make_inquiry(plant, state="assigned", subject="正在办的")
    make_inquiry(plant, state="closed", subject="办结了的")
    page = text(worker.get("/home/"))
    assert [f"/cards/{card.number}/" in page for card in (answered, open_)] == [True, True]
    assert "办结了的" not in page


def test_the_homes_of_all_roles_count_what_waits_at_their_desks(plant):
    at = timezone.now()
    for state in ("submitted", "registered", "assigned", "drafted", "approved"):
        make_inquiry(plant, state=state, at=at)
    counts = {
        "officer": {"待登记": "1", "待转办": "1", "待送达": "1", "待审批申请": "0", "已超期": "0"},
        "head": {"待答复": "1", "待审核": "1"},
        "handler": {"待答复": "1"},
    }
    for name, wanted in counts.items():
        tiles = as_person(getattr(plant, name)).get("/home/").context["tiles"]
        found = {str(tile.label): tile.value for tile in tiles}
        assert {label: found.get(label) for label in wanted} == wanted
    assert as_person(plant.worker).get("/home/").context["tiles"] == []


PLACES = (
    "/",
    "/home/",
    "/notices/",
    "/inquiries/",
    "/inquiries/feed.rss",
    "/cards/mine/",
    "/cards/new/",
    "/inquiries/{number}/",
    "/cards/{number}/",
    "/go/{pk}/",
)
ROLES = (
    "worker2",
    "stranger",
    "officer",
    "chair",
    "leader",
    "head",
    "handler",
    "inspector",
    "auditor",
    "system_admin",
    "security_admin",
)


@pytest.mark.parametrize("mode", ["confidential", "anonymous"])
@pytest.mark.parametrize("role", [None, *ROLES])
def test_p05_no_page_for_anybody_names_an_unnamed_author_or_the_minute(plant, mode, role):
    sent_at = dt.datetime(2026, 3, 9, 1, 37, 29, tzinfo=dt.UTC)
    # Those at the desks act at other times; 9:37 in the morning and 15:43 in the afternoon are the author's alone.
    card = make_inquiry(plant, identity_mode=mode, at=sent_at)
    bring(card, "answered", plant=plant, at=dt.datetime(2026, 3, 10, 3, 11, tzinfo=dt.UTC))
    wrote_at = dt.datetime(2026, 3, 11, 7, 43, tzinfo=dt.UTC)
    add_author_message(inquiry_id=card.pk, text="补充", idempotency_key=uuid.uuid4(), at=wrote_at)
    rate_inquiry(inquiry_id=card.pk, level=1, comment="", at=wrote_at)
    run_daily(at=dt.datetime(2026, 3, 12, 1, 0, tzinfo=dt.UTC))
    seen = 0
    # A clock of its own: pages tell when they were made, and 08:01:37 would look like the author's minute.
    with time_machine.travel(dt.datetime(2026, 3, 12, 5, 22, 44, tzinfo=dt.UTC), tick=False):
        reader = Client() if role is None else as_person(getattr(plant, role))
        for place in PLACES:
            page = reader.get(place.format(number=card.number, pk=card.pk), follow=True)
            seen += page.status_code == 200
            body = text(page)
            assert [marker for marker in (*MARKERS, "01:37", "9:37", "07:43", "15:43") if marker in body] == []
    assert seen >= (6 if role is None else 7)


@pytest.mark.parametrize("place", [*PLACES, "/a/card/", "/a/track/", "/cards/{number}/receipt/"])
def test_s02_reading_writes_nothing(worker, plant, place):
    card = make_inquiry(plant, state="answered")
    with CaptureQueriesContext(connection) as seen:
        worker.get(place.format(number=card.number, pk=card.pk))
    allowed = ("django_session", "SAVEPOINT", "RELEASE")
    writes = [
        query["sql"]
        for query in seen
        if not query["sql"].startswith(("SELECT", "WITH")) and not any(word in query["sql"] for word in allowed)
    ]
    assert writes == []
