"""The pages of the bulletin: from ticking to issuing, reading, paper, Word, feed, search."""

import datetime as dt
import io
import uuid

import pytest
import time_machine
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn

from disclosures.enums import BulletinState
from disclosures.models import BulletinIssue
from feedback.enums import InquiryState
from portal.search.models import SearchEntry
from tests.factories import cards
from tests.factories.bulletin import AT, fresh, make_issue, reply_of
from tests.factories.cards import make_inquiry, make_plant
from tests.factories.disclosures import make_offices, make_publication
from tests.signing import signed_in as sign_in

B = BulletinState
NOW = AT + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def plant(db):
    return make_plant()


def get(client, name, *args, expect=200, **query):
    answer = client.get(reverse(f"disclosures:{name}", args=args), query)
    assert answer.status_code == expect, answer.content.decode()[:2000]
    return answer.content.decode()


def post(client, name, *args, expect=302, **data):
    answer = client.post(reverse(f"disclosures:{name}", args=args), data)
    assert answer.status_code == expect, answer.content.decode()[:3000]
    return answer


HEAD = {
    "title": "三月份信息卡答复",
    "since": "2026-03-01",
    "until": "2026-03-31",
    "lead": "本期刊登热饭问题。",
    "report_to": "公司党委",
    "send_to": "各单位工会",
}


def test_from_the_tick_to_the_workers(client, plant):
    waiting = make_inquiry(plant, state=InquiryState.APPROVED)
    told = make_inquiry(plant, state=InquiryState.ANSWERED)
    text = make_publication(make_offices())
    sign_in(client, plant.officer)
    get(client, "bulletin_new")
    head = HEAD | {"unit": plant.company.code, "idempotency_key": str(uuid.uuid4())}
    post(client, "bulletin_new", **head)
    post(client, "bulletin_new", **head)  # pressed twice
    issue = BulletinIssue.objects.get()
    page = get(client, "bulletin_choose", issue.pk)
    assert page.index(waiting.number) < page.index(told.number) < page.index(text.title)
    post(
        client,
        "bulletin_choose",
        issue.pk,
        replies=[str(reply_of(waiting).pk), str(reply_of(told).pk)],
        publications=[str(text.pk)],
        figures="on",
    )
    post(client, "bulletin_text", issue.pk, heading="工会动态", text="书屋新增图书二百册。")
    own = issue.entries.get(kind="text")
    post(client, "bulletin_entry", issue.pk, own.pk, verb="up")
    post(client, "bulletin_text_edit", issue.pk, own.pk, heading="工会动态", text="书屋新增图书三百册。")
    page = get(client, "bulletin_work", issue.pk)
    assert page.index("工会动态") < page.index("本期数据")
    assert "三百册" in get(client, "bulletin_preview", issue.pk)
    post(client, "bulletin_submit", issue.pk)
    get(client, "bulletin_issue", issue.pk, expect=403)
    sign_in(client, plant.chair)
    assert "待您签发" in get(client, "bulletin_desk")
    assert waiting.number in get(client, "bulletin_issue", issue.pk)
    post(client, "bulletin_issue", issue.pk)
    assert cards.fresh(waiting).state == InquiryState.ANSWERED
    post(client, "bulletin_issue", issue.pk, expect=403)
    client.logout()
    assert "三月份信息卡答复" in get(client, "bulletins")
    page = get(client, "bulletin", plant.company.code, "2026-1")
    for words in ("2026年第1期（总第1期）", cards.REPLY_TEXT, text.title, "三百册", "收到信息卡", "公司党委"):
        assert words in page, words
    assert fresh(issue).fingerprint in get(client, "bulletin_print", plant.company.code, "2026-1").replace(" ", "")
    assert "王海燕" not in page  # who wrote the card is nobody's business
    assert "三月份信息卡答复" in get(client, "bulletin_feed")


def test_faults_are_said_and_what_was_typed_stays(client, plant):
    issue = make_issue(plant, B.DRAFT)
    sign_in(client, plant.officer)
    key = str(uuid.uuid4())
    answer = post(client, "bulletin_new", expect=422, **HEAD | {"until": "2026-02-01", "idempotency_key": key})
    page = answer.content.decode()
    assert "三月份信息卡答复" in page and "必填" in page or "选择" in page
    late = HEAD | {"since": "2026-05-01", "until": "2026-05-31", "idempotency_key": key}
    post(client, "bulletin_edit", issue.pk, expect=422, **late)
    post(client, "bulletin_choose", issue.pk, expect=422)
    post(client, "bulletin_choose", issue.pk, expect=422, replies=[str(uuid.uuid4())])
    assert "第二" in post(client, "bulletin_text", issue.pk, expect=422, heading="", text="第二").content.decode()
    assert BulletinIssue.objects.get().title == issue.title


def test_refusals_come_with_their_reason_and_what_is_not_yours_does_not_exist(client, plant):
    issue = make_issue(plant, B.SUBMITTED)
    sign_in(client, plant.officer)
    assert "只有工会主席可以签发" in get(client, "bulletin_issue", issue.pk, expect=403)
    assert "编辑中的期次" in get(client, "bulletin_choose", issue.pk, expect=403)
    post(client, "bulletin_back", issue.pk)  # taken back by who handed it over
    for person in (plant.worker, plant.head, plant.inspector):
        sign_in(client, person)
        get(client, "bulletin_desk", expect=403)
        get(client, "bulletin_work", issue.pk, expect=404)
    client.logout()
    get(client, "bulletin", plant.company.code, "2026-1", expect=404)


def test_what_is_hidden_later_is_gone_from_every_form_of_the_issue(client, plant):
    card = make_inquiry(plant, state=InquiryState.ANSWERED)
    make_issue(plant, replies=[reply_of(card)])
    cards.hide(card, plant=plant)
    where = (plant.company.code, "2026-1")
    pages = [get(client, name, *where) for name in ("bulletin", "bulletin_print")]
    pages.append("\n".join(p.text for p in word_of(client, *where).paragraphs))
    for page in pages:
        assert "已按规定隐去" in page and card.number in page
        assert cards.REPLY_TEXT not in page and "夜班吃不上热饭" not in page
    found = SearchEntry.objects.get(kind="disclosures.bulletin")
    assert "热饭" not in found.text.replace("本期刊登职工关心的热饭问题答复。", "")


def word_of(client, *where):
    answer = client.get(reverse("disclosures:bulletin_file", args=where))
    assert answer.status_code == 200
    return Document(io.BytesIO(answer.content))


def test_the_word_file_has_the_measures_of_gb_t_9704(client, plant):
    card = make_inquiry(plant, state=InquiryState.ANSWERED)
    make_issue(plant, replies=[reply_of(card)], with_figures=True)
    word = word_of(client, plant.company.code, "2026-1")
    section = word.sections[0]
    measures = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(one.mm) for one in measures] == [210, 297, 37, 28]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("linesAndChars", "579")  # 22 lines in 225 mm
    assert word.settings.odd_and_even_pages_header_footer
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert texts[0] == "工会工作信息"
    head = word.paragraphs[0].runs[0]
    assert (str(head.font.color.rgb), head.font.size.pt) == ("E60012", 36)
    assert "2026年第1期（总第1期）\n启明石化公司工会　　2026年3月9日" in texts
    number = word.paragraphs[texts.index("2026年第1期（总第1期）\n启明石化公司工会　　2026年3月9日")]
    assert number._p.pPr.find(qn("w:pBdr")) is not None  # the red line
    assert {"一、信息卡答复", "（一）夜班吃不上热饭", "二、本期数据", "三、工会动态"} <= set(texts)
    assert texts[-3:] == ["报送：公司党委、公司领导班子", "发送：各单位工会", "启明石化公司工会　　2026年3月9日印发"]
    assert word.tables[0].cell(1, 0).text == "收到信息卡"


def test_the_list_is_by_unit_and_year(client, plant):
    make_issue(plant)
    make_issue(plant, unit=plant.works, title="乙烯厂专刊")
    assert "乙烯厂专刊" not in get(client, "bulletins", unit=plant.company.code)
    assert "乙烯厂专刊" in get(client, "bulletins", unit="YX", year="2026")
    assert "乙烯厂专刊" in get(client, "bulletins", unit="nonsense")


def test_the_summary_is_begun_from_the_working_page(client, plant):
    from disclosures import operations as does
    from tests.factories.disclosures import make_assignment

    make_offices()
    make_assignment(make_offices(), "F02", unit=plant.company, since=dt.date(2026, 2, 1))
    does.open_duties(at=AT)
    card = make_inquiry(plant, state=InquiryState.ANSWERED)
    issue = make_issue(plant, replies=[reply_of(card)])
    sign_in(client, plant.officer)
    assert "F02" in get(client, "bulletin_work", issue.pk)
    get(client, "bulletin_summary", issue.pk)
    where = post(client, "bulletin_summary", issue.pk).url
    assert card.number in client.get(where).content.decode()
    assert "起草公开" not in get(client, "bulletin_work", issue.pk)


@pytest.mark.parametrize(
    ("name", "most"), [("bulletins", 7), ("bulletin", 8), ("bulletin_work", 17), ("bulletin_choose", 14)]
)
def test_as_many_questions_for_three_rows_as_for_one(client, plant, name, most, django_assert_max_num_queries):
    def grow(n):
        rows = [make_inquiry(plant, state=InquiryState.APPROVED) for _n in range(n)]
        texts = [make_publication(make_offices()) for _n in range(n)]
        state = B.ISSUED if name in ("bulletins", "bulletin") else B.DRAFT
        over = {"replies": [reply_of(row) for row in rows], "publications": texts} if name != "bulletin_choose" else {}
        return make_issue(plant, state, **over)

    if name in ("bulletin_work", "bulletin_choose"):
        sign_in(client, plant.officer)
    counts = []
    for n in (1, 3):
        issue = grow(n)
        args = {"bulletins": (), "bulletin": (plant.company.code, issue.number)}.get(name, (issue.pk,))
        get(client, name, *args)  # what is remembered is remembered
        with django_assert_max_num_queries(most) as captured:
            get(client, name, *args)
        counts.append(len(captured))
    assert counts[0] == counts[1], counts
