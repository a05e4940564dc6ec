"""Pages kept for visitors: the same letters while nothing changed, at once others when something did."""

import datetime as dt
import re

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from disclosures import operations as does
from disclosures.models import Gap, Publication, PublicationFile, Showing
from disclosures.queries import publications_appeared
from disclosures.queries.newest import ORDER, filtered, text_of, texts_page
from feedback.models import Inquiry
from portal.accounts.models import Unit
from portal.files.models import StoredFile
from portal.kernel import keeping
from portal.kernel.days import day_start, local_day
from portal.kernel.middleware import ELDER_COOKIE_NAME
from portal.kernel.paging import token_of, write_token
from tests.disclosures.test_asking import draft
from tests.disclosures.test_masking import NOTICE
from tests.factories.boards import make_board
from tests.factories.disclosures import AT, BODY, make_publication
from tests.signing import signed_in as sign_in

DAY = dt.timedelta(days=1)
OVER = day_start(dt.date(2026, 3, 17))  # the period of a notice of five working days is over


@pytest.fixture(autouse=True)
def nothing_kept():
    forget()


def forget():
    keeping.forget()


@pytest.fixture
def text(offices):
    return make_publication(offices, item="D01", title="二季度安全生产情况")


def ask(client, url, tag="", at=AT):
    with time_machine.travel(at, tick=False):
        return client.get(url, headers={"If-None-Match": tag} if tag else None)


@pytest.mark.parametrize("page", ["list", "public"])
def test_a_visitor_who_has_the_page_is_told_so_until_something_changes(page, client, text, offices):
    url = reverse(f"disclosures:{page}", args=[text.number] if page == "public" else [])
    first = ask(client, url)
    tag = first.headers["ETag"]
    assert text.title in first.content.decode()
    assert ask(client, url, tag).status_code == 304
    # The next day is another page: there are fewer days left.
    later = ask(client, url, tag, AT + dt.timedelta(days=1))
    assert (later.status_code, later.content == first.content) == (200, False)
    does.ask_correction(
        publication_id=text.pk, title="二季度安全情况", body="更正后", note_text="笔误", actor=offices.handler, at=AT
    )
    does.decide_correction(publication_id=text.pk, is_granted=True, answer="同意", actor=offices.leader2, at=AT)
    corrected = ask(client, url, tag)
    assert corrected.status_code == 200
    assert ("二季度安全情况" in corrected.content.decode(), text.title in corrected.content.decode()) == (True, False)


def test_what_was_withdrawn_leaves_a_kept_list_at_once(client, text, offices):
    url = reverse("disclosures:list")
    tag = ask(client, url).headers["ETag"]
    act = {"publication_id": text.pk, "at": AT}
    does.ask_withdrawal(**act, reason_code="wrong", reason="金额有误", actor=offices.handler)
    assert ask(client, url, tag).status_code == 304
    does.decide_withdrawal(**act, is_granted=True, answer="同意", actor=offices.leader2)
    gone = ask(client, url, tag)
    assert (gone.status_code, text.title in gone.content.decode()) == (200, False)


def test_an_opinion_appears_on_a_kept_page(client, text, offices):
    url = reverse("disclosures:public", args=[text.number])
    tag = ask(client, url).headers["ETag"]
    wanted = draft(offices)
    does.give_opinion(publication_id=text.pk, kind="opinion", draft=wanted, author=offices.worker, at=AT)
    assert ask(client, url, tag).status_code == 200


def test_nothing_of_those_with_a_session_is_kept(client, text, offices):
    with time_machine.travel(AT, tick=False):
        sign_in(client, offices.worker)
    answer = ask(client, reverse("disclosures:public", args=[text.number]))
    assert "ETag" not in answer.headers
    kept, token = repr(keeping._kept), client.cookies["portal_csrf"].value
    for own in (offices.worker.name, offices.worker.unit.name, token):
        assert (own in answer.content.decode() or own == token, own in kept) == (True, False)
    assert text.title in kept


# Every change that a visitor must see at once ------------------------------------------------------------------


def withdraw(text, offices, at):
    act = {"publication_id": text.pk, "at": at}
    does.ask_withdrawal(**act, reason_code="wrong", reason="金额有误", actor=offices.handler)
    does.decide_withdrawal(**act, is_granted=True, answer="同意", actor=offices.leader2)


def correct(text, offices, at):
    act = {"publication_id": text.pk, "at": at}
    does.ask_correction(**act, title="更正后的名单", body="以此为准", note_text="笔误", actor=offices.handler)
    does.decide_correction(**act, is_granted=True, answer="同意", actor=offices.leader2)


def mask(text, offices, at):
    body = NOTICE.replace("张大明", "张某某").replace("六五一二", "××××")
    does.mask_publication(publication_id=text.pk, title=text.title, body=body, actor=offices.handler, at=at)


def hide(text, offices, at):
    Inquiry.objects.update(hidden_class="privacy")


def flag(text, offices, at):
    act = {"reason": "incomplete", "demand": "请补充明细"}
    does.flag_publication(publication_id=text.pk, **act, actor=offices.inspector, at=at)


def gap(text, offices, at):
    day = local_day(at - DAY)
    Gap.objects.create(since=day, until=day, code="outage", recorded_at=at)


def show(text, offices, at):
    board, _token = make_board(offices)
    Showing.objects.create(board=board, publication=text, day=local_day(at), times=1, seconds=90)


def rename(text, offices, at):
    Unit.objects.filter(pk=offices.works.pk).update(name="乙烯一厂")


def wait(text, offices, at):
    """Do nothing: only the clock goes on."""


# (what changes, when it is looked at, words that are gone, words that are new), one after the other.
WALKS = {
    "a text that stays": [
        (hide, AT, "夜班热水", ""),
        (flag, AT, "", "请补充明细"),
        (show, AT + DAY, "", "厂区一号门内侧"),
        (gap, AT + 2 * DAY, "", "已顺延补足"),
        (rename, AT + 2 * DAY, "", "乙烯一厂"),
        (wait, AT + 3 * DAY, "还剩 5 个工作日", "还剩 4 个工作日"),
        (mask, OVER + DAY, "张大明", "张某某"),
        (wait, AT + 30 * DAY, "公开中", "公开期满"),
    ],
    "a text that goes": [
        (correct, AT + DAY, "张大明", "更正后的名单"),
        (withdraw, AT + DAY, "以此为准", "金额有误"),
    ],
}


@pytest.fixture
def notice(offices):
    """A public notice with a picture and an opinion that everybody may read."""
    text = make_publication(offices, item="C07", body=NOTICE)
    held = StoredFile.objects.create(
        file="p", name="名单.png", media_type="image/png", size=9, sha256="0" * 64, stored_on=AT.date()
    )
    PublicationFile.objects.create(publication=text, file=held, caption="盖章的名单")
    does.give_opinion(publication_id=text.pk, kind="opinion", draft=draft(offices), author=offices.worker, at=AT)
    Inquiry.objects.update(is_published=True, public_subject="夜班热水")
    return text


def letters(answer):
    """Return a page's letters without what is another for every answer: the mask over the token of its forms."""
    return re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", answer.content.decode())


@pytest.mark.parametrize("walk", WALKS)
def test_a_kept_text_is_another_page_at_once(client, notice, offices, walk):
    url, before = reverse("disclosures:public", args=[notice.number]), AT
    for change, at, gone, new in WALKS[walk]:
        first = ask(client, url, at=before)
        tag, before = first.headers["ETag"], at
        change(notice, offices, at)
        found = ask(client, url, tag, at)
        assert found.status_code == 200, change
        words = [(word in letters(first), word in letters(found)) for word in (gone, new) if word]
        assert words == [pair for word, pair in ((gone, (True, False)), (new, (False, True))) if word], change
        assert ask(client, url, found.headers["ETag"], at).status_code == 304
        forget()
        assert letters(found) == letters(ask(client, url, at=at)), change


@pytest.mark.parametrize("page", ["list", "public"])
def test_language_and_type_size_have_pages_of_their_own(client, notice, page):
    url = reverse(f"disclosures:{page}", args=[notice.number] if page == "public" else [])
    kept = {}
    for name, value in (("", ""), (settings.LANGUAGE_COOKIE_NAME, "en"), (ELDER_COOKIE_NAME, "1")):
        client.cookies.clear()
        if name:
            client.cookies[name] = value
        kept[name] = ask(client, url)
        assert letters(ask(client, url)) == letters(kept[name])
    assert len({letters(answer) for answer in kept.values()}) == len({a.headers["ETag"] for a in kept.values()}) == 3


def test_nobody_is_served_the_part_of_somebody_who_may_see_more(client, notice, offices):
    """What a reader may not see is in no part that was kept for another: of the withdrawn, the masked, the unit's."""
    inner = make_publication(offices, item="D01", audience="unit", title="仅限本厂")
    masked = make_publication(offices, item="C07", body=NOTICE, title="另一份名单")
    mask(masked, offices, OVER)
    withdraw(notice, offices, OVER)
    at = OVER + dt.timedelta(hours=1)
    pages = {
        (inner, "public", ()): (BODY[:12], True, True, False),
        (notice, "public", ()): ("张大明", True, False, False),
        (masked, "public", ()): ("张大明", False, False, False),
        (masked, "version", (1,)): ("张大明", True, False, False),
    }
    for _round in range(2):
        for (text, page, more), (words, *expected) in pages.items():
            url = reverse(f"disclosures:{page}", args=[text.number, *more])
            found = []
            for reader in (offices.inspector, offices.worker, None):
                client.logout()
                if reader:
                    with time_machine.travel(at, tick=False):
                        sign_in(client, reader)
                found.append(words in ask(client, url, at=at).content.decode())
            assert found == expected, (page, text.title)


def test_what_a_page_draws_is_in_its_key(client, notice, offices):
    """A text with everything is drawn from the one statement whose answer is the key, and from nothing else."""
    for change, at in ((flag, AT), (gap, AT + 2 * DAY), (show, AT), (mask, OVER + DAY)):
        change(notice, offices, at)
    gone = make_publication(offices, item="D01", audience="everybody")
    for change in (correct, withdraw):
        change(gone, offices, AT)
    for text in (notice, gone):
        forget()
        with CaptureQueriesContext(connection) as captured:
            ask(client, reverse("disclosures:public", args=[text.number]), at=OVER + 2 * DAY)
        asked = [row["sql"] for row in captured.captured_queries]
        assert len([sql for sql in asked if re.search("disclosures_|feedback_|ledger_entry", sql)]) == 1, asked


@pytest.mark.parametrize("is_past", [False, True])
def test_the_prepared_list_is_what_the_query_finds(offices, is_past):
    states = ("published", "withdrawn", "scheduled", "draft", "published")
    texts = [make_publication(offices, state, item="D01", at=AT + n * DAY / 24) for n, state in enumerate(states)]
    for text, audience in zip(texts[-1:], ("staff",), strict=True):
        Publication.objects.filter(pk=text.pk).update(audience=audience)
    make_publication(offices, "expired", item="D01", at=AT - 60 * DAY, until=AT)
    at, nobody, chosen = AT + DAY, AnonymousUser(), {"past": True} if is_past else {}
    rows = list(filtered(publications_appeared(nobody, at), chosen, local_day(at)).order_by(*ORDER))
    assert len(rows) >= (3 if is_past else 1)
    tokens = ["", token_of(rows[0], ORDER), "rubbish", write_token([1, 2])]
    pages = [texts_page(nobody, chosen, token=token, at=at, today=local_day(at)) for token in tokens]
    assert [[text_of(line).pk for line in page] for page in pages] == [
        [row.pk for row in found] for found in (rows, rows[1:], rows, rows)
    ]
    (line, *_others), row = pages[0], rows[0]
    told = text_of(line)
    assert [told.number, told.title, told.publish_at, told.shown_until, told.item.code, told.unit.name] == [
        *(row.number, row.title, row.publish_at, row.shown_until, row.item.code, row.unit.name)
    ]
