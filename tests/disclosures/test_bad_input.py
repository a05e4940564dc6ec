"""
The bad input of disclosures, one by one: each is refused or answered in words, and nothing is lost.

Periods that end before they begin, a year without calendar, an expired approver, two approvers at once, pasted
scripts, a 200-page paste, a missing attachment.
"""

import datetime as dt
import io
import uuid
import zipfile

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from disclosures import operations as does
from disclosures.enums import PublicationState as S
from disclosures.forms.publishing import BODY_MAX
from disclosures.models import Approval, BulletinIssue, Gap, Pin, Publication, PublicationFile
from portal.deadlines.models import CalendarEdition
from tests import pages
from tests.disclosures.test_attaching import pdf, picture
from tests.disclosures.test_pages import get, post
from tests.factories.boards import make_board, shown_titles
from tests.factories.disclosures import AT, fresh, make_assignment, make_draft, make_publication, sign_all
from tests.signing import signed_in as sign_in

DAY = dt.timedelta(days=1)
FAULT = 'id="error-summary"'


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(AT + DAY, tick=False):
        yield


def text_fields(**over):
    """Return what the editor of an item sends, all right."""
    return {
        "title": "乙烯厂二月份奖金分配结果",
        "body": "各班组总额见下表。",
        "basis": "考核办法第三章",
        "method": "班组核分",
        "objections_heard": "无",
        "audience": "everybody",
        "display_days": "15",
        "idempotency_key": str(uuid.uuid4()),
        **over,
    }


def test_a_period_that_ends_before_it_begins_is_said_beside_its_last_day(client, offices):
    notice = make_publication(offices, item="C07")
    board, _token = make_board(offices)
    sign_in(client, offices.officer)
    title = "三月份信息卡答复"
    head = {"unit": offices.company.code, "title": title, "lead": "", "report_to": "", "send_to": ""}
    pin = {"playlist": board.playlists.get().pk, "text": notice.number, "order": "1"}
    for route, args, fields, kept in (
        ("gap", [notice.pk], {"reason": "检修断电两天"}, "检修断电两天"),
        ("board_pin", [], pin, notice.number),
        ("bulletin_new", [], {**head, "idempotency_key": str(uuid.uuid4())}, title),
    ):
        answer = post(client, route, *args, expect=422, since="2026-03-10", until="2026-03-09", **fields)
        page = answer.content.decode()
        assert FAULT in page and "最后一天早于第一天" in page and kept in page, route
        assert 'value="2026-03-10"' in page and 'value="2026-03-09"' in page, route
        assert set(answer.context["form"].errors) == {"until"}, route
    assert not (Gap.objects.exists() or Pin.objects.exists() or BulletinIssue.objects.exists())
    # Days on which the text could not have been on show are no gap either; today is one on which it could.
    for since, until in (("2026-03-01", "2026-03-02"), ("2026-03-09", "2026-03-11")):
        page = post(client, "gap", notice.pk, expect=403, since=since, until=until, reason="断电").content.decode()
        assert "只能登记从公开之日到今天之间的日期" in page and "断电" in page
    post(client, "gap", notice.pk, since="2026-03-10", until="2026-03-10", reason="断电")
    assert Gap.objects.get().until == dt.date(2026, 3, 10)


def test_a_notice_that_reaches_into_a_year_without_calendar_says_so_until_it_is_out(client, offices):
    CalendarEdition.objects.filter(year=2027).delete()
    with time_machine.travel(dt.datetime(2026, 12, 30, 2, tzinfo=dt.UTC), tick=False):
        text = make_publication(offices, item="C07", at=dt.datetime(2026, 12, 30, 1, tzinfo=dt.UTC))
        page = get(client, "public", text.number)
        assert "2027年1月6日" in page and "下一年度放假安排尚未公布" in page
        days_off = {"2027-01-01": "元旦", "2027-01-04": "元旦", "2027-01-05": "元旦"}
        CalendarEdition.objects.create(year=2027, number=1, source="file", days_off=days_off, imported_at=AT)
        page = get(client, "public", text.number)
        assert "2027年1月11日" in page and "尚未公布" not in page


def test_an_approver_whose_office_expired_with_the_page_open_signs_nothing(client, offices):
    text = make_publication(offices, S.SECRECY)
    sign_in(client, offices.secrecy)
    get(client, "sign", text.pk, "secrecy")
    offices.secrecy.appointments.update(until=AT - DAY)
    page = post(client, "sign", text.pk, "secrecy", expect=404, verdict="sign", note="同意公开").content.decode()
    assert "went-wrong" in page
    get(client, "desk", expect=403)
    assert (fresh(text).state, Approval.objects.filter(step="secrecy").count()) == (S.SECRECY, 0)
    # Somebody in another office of the same unit still sees the page, and is told whose signature is wanted.
    sign_in(client, offices.head)
    assert "此环节由其他岗位签批" in get(client, "sign", text.pk, "secrecy", expect=403)


def test_of_two_approvers_at_once_the_second_is_told_and_keeps_the_remark(client, offices):
    text = make_publication(offices, S.HEAD)
    sign_in(client, offices.leader)
    get(client, "sign", text.pk, "head")
    does.sign_publication(publication_id=text.pk, step="head", note_text="", actor=offices.head, at=AT)
    page = post(client, "sign", text.pk, "head", expect=403, verdict="sign", note="金额已核对").content.decode()
    assert FAULT in page and "目前不需要此环节签批" in page and "金额已核对" in page
    assert [row.by for row in Approval.objects.filter(publication=text)] == [offices.head]
    assert fresh(text).state == S.SECRECY


SCRIPTS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">点这里</a>',
    '<p onclick="alert(1)" style="position:fixed">正文</p>',
    "<svg onload=alert(1)></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    '<table><tr><td background="javascript:alert(1)">甲班</td></tr></table>',
)


def test_pasted_scripts_are_words_or_nothing_wherever_a_text_is_read(client, offices):
    owed = make_assignment(offices, "D01")
    sign_in(client, offices.handler)
    title = "安全<script>alert(2)</script>情况"
    # With the editor the box holds markup; without it what is typed is words, and stays words.
    post(client, "draft", owed.pk, **text_fields(title=title, body=SCRIPTS[0]))
    words = Publication.objects.get()
    assert words.body == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    assert "<script>alert" not in get(client, "work", words.pk)
    pasted = {"body": "".join(SCRIPTS), "body-kind": "markup"}
    post(client, "draft", owed.pk, **text_fields(title=title, **pasted))
    text = Publication.objects.exclude(pk=words.pk).get()
    assert text.title == title  # a title is plain text: kept as typed, and escaped wherever it is written
    for bad in ("script", "onerror", "onclick", "onload", "javascript", "iframe", "style", "<svg"):
        assert bad not in text.body, bad
    assert "甲班" in text.body and "正文" in text.body
    _board, token = make_board(offices, playlist={"sections": ["D"]})
    does.submit_publication(publication_id=text.pk, actor=offices.handler, at=AT)
    text = sign_all(offices, text)
    assert shown_titles(client, token) == [text.pk.hex]
    read = [get(client, name, text.pk) for name in ("work", "slip", "preview_reader", "preview_board", "preview_paper")]
    client.logout()
    read += [get(client, "public", text.number), get(client, "list"), get(client, "feed")]
    read += [get(client, "public_board", text.number), client.get(reverse("disclosures:board", args=[token])).text]
    read += [client.get("/search/", {"q": "安全"}).text, client.get("/").text]
    for page in read:
        assert "alert(2)" in page and "<script>alert" not in page and "alert(1)" not in page


def test_a_paste_of_two_hundred_pages_is_refused_with_its_length_and_kept(client, offices):
    owed = make_assignment(offices, "C01")
    sign_in(client, offices.handler)
    page = (
        "<h2>第一章</h2><p>" + "班组核分，车间评议，按岗位系数发放。" * 50 + "</p>"
    )  # some 900 characters, as one sheet holds
    pasted = {"body": page * 200, "body-kind": "markup"}
    answer = post(client, "draft", owed.pk, expect=422, **text_fields(**pasted))
    shown = answer.content.decode()
    assert f"最多{BODY_MAX}字，现在有" in shown and not Publication.objects.exists()
    (box,) = (one for one in pages.parsed(shown).iter("textarea") if one.get("name") == "body")
    assert box.text_content().count("# 第一章") == 200
    # What a third of it is long is taken whole.
    post(client, "draft", owed.pk, **text_fields(**{**pasted, "body": page * 60}))
    assert Publication.objects.get().body.count("第一章") == 60


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("附表.xlsx", b"", "这是空文件"),
        ("附表.docx", b"PK\x03\x04 broken", "文件已损坏"),
        ("公开栏.png", b"<svg onload=alert(1)>", "公开栏.png："),
        ("附表.exe", b"MZ\x90", "附表.exe"),
    ],
)
def test_a_bad_attachment_is_named_and_the_text_is_kept(client, offices, name, content, words):
    owed = make_assignment(offices, "C01")
    sign_in(client, offices.handler)
    answer = post(client, "draft", owed.pk, expect=422, **text_fields(files=SimpleUploadedFile(name, content)))
    page = answer.content.decode()
    assert words in page and name in page and "各班组总额见下表" in page and "班组核分" in page
    assert set(answer.context["form"].errors) == {"files"} and not Publication.objects.exists()


def test_a_good_attachment_waits_while_another_field_is_put_right(client, offices):
    owed = make_assignment(offices, "C01")
    sign_in(client, offices.handler)
    answer = post(client, "draft", owed.pk, expect=422, **text_fields(title="", files=picture()))
    page = answer.content.decode()
    (token,) = (one.get("value") for one in pages.parsed(page).iter("input") if one.get("name") == "files-kept")
    assert "现场.png" in page
    post(client, "draft", owed.pk, **text_fields(**{"files-kept": token}))
    assert [row.file.name for row in PublicationFile.objects.all()] == ["现场.png"]


def test_an_attachment_whose_bytes_are_gone_breaks_no_page_and_is_told(client, offices):
    text = make_publication(offices, files=((pdf(), "扣分明细"),))
    held = PublicationFile.objects.get()
    held.file.file.storage.delete(held.file.file.name)
    page = get(client, "public", text.number)
    assert "扣分明细" in page
    gone = get(client, "file", text.number, held.file_id, expect=404)
    assert "went-wrong" in gone or "找不到" in gone
    assert "扣分明细" in get(client, "public_board", text.number)
    sign_in(client, offices.handler)
    for name in ("work", "slip", "preview_reader", "preview_paper", "correct"):
        get(client, name, text.pk)
    taken = client.get(reverse("disclosures:package", args=[text.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(taken.streaming_content))) as package:
        (told,) = [name for name in package.namelist() if name.startswith("files/")]
        assert told.endswith(".missing.txt") and held.file.sha256 in package.read(told).decode()


def test_a_form_that_came_twice_or_from_an_old_page_makes_one_text(client, offices):
    owed = make_assignment(offices, "C01")
    sign_in(client, offices.handler)
    fields = text_fields()
    assert [post(client, "draft", owed.pk, **fields).status_code for _twice in range(2)] == [302, 302]
    text = Publication.objects.get()
    read = does.draft_print(text)
    does.edit_draft(publication_id=text.pk, draft=make_draft(offices, title="科长改过的"), actor=offices.head, at=AT)
    answer = post(client, "edit", text.pk, expect=409, **text_fields(title="经办人改过的"), words_read=read)
    assert "经办人改过的" in answer.content.decode() and fresh(text).title == "科长改过的"
