"""The library's pages: what each reader finds, as of a day, changed since; the story from draft to reader."""

import datetime as dt
import io
import re
import uuid

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from disclosures import operations as does
from disclosures.models import RegulationImport, RegulationVersion
from disclosures.views.regulations import PAGE_SIZE
from portal.kernel.days import day_start
from tests.disclosures.test_regulations_file import FLOW, RULE, book
from tests.factories.disclosures import AT, make_assignment
from tests.factories.regulations import BODY, approve, enter, make_regulation, repeal, revise
from tests.signing import signed_in as sign_in

D = dt.date
NOW = AT + dt.timedelta(days=1)  # 2026-03-10
LONG = "# 第一章 总则\n\n第一条 为规范奖金分配,制定本办法。\n\n# 第二章 分配\n\n第二条 奖金按班组考核得分核定。"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


def get(client, name, *args, expect=200, **query):
    answer = client.get(reverse(f"disclosures:{name}", args=args), query)
    assert answer.status_code == expect, answer.content.decode()[:2000]
    return answer.content.decode()


def post(client, name, *args, expect=302, **data):
    answer = client.post(reverse(f"disclosures:{name}", args=args), data)
    assert answer.status_code == expect, answer.content.decode()[:3000]
    return answer


def titles(page):
    return re.findall(r'<p class="row-title"><a href="([^"]+)">', page)


def test_a_regulation_from_the_draft_to_the_readers(client, offices):
    sign_in(client, offices.handler)
    fields = {
        "code": "zd-2026-009",
        "category": "pay",
        "unit": "YX",
        "audience": "everybody",
        "title": "夜班津贴管理办法",
        "document_number": "启石人〔2026〕9号",
        "in_force_from": "2026年3月10日",
        "body": LONG,
        "consulted": "职代会联席会议审议通过",
        "idempotency_key": str(uuid.uuid4()),
    }
    get(client, "regulation_new", "rule")
    page = post(client, "regulation_new", "rule", expect=422, **fields | {"code": "制度9", "in_force_from": "某日"})
    assert (
        list(page.context["form"].errors) == ["code", "in_force_from"] and "夜班津贴管理办法" in page.content.decode()
    )
    where = post(client, "regulation_new", "rule", **fields)
    assert post(client, "regulation_new", "rule", **fields).url == where.url  # the button pressed twice
    version = RegulationVersion.objects.get()
    assert "夜班津贴管理办法" not in get(client, "regulations")
    get(client, "regulation", "ZD-2026-009", expect=404)
    post(client, "regulation_edit", version.pk, **fields | {"title": "夜班津贴办法"})
    post(client, "regulation_submit", version.pk)
    get(client, "regulation_approve", version.pk, expect=403)
    sign_in(client, offices.head)
    assert "夜班津贴办法" in get(client, "regulations_desk")
    get(client, "regulation_approve", version.pk)
    post(client, "regulation_approve", version.pk, expect=422, verdict="no")
    post(client, "regulation_approve", version.pk, verdict="yes")
    client.logout()
    assert titles(get(client, "regulations")) == ["/open/regulations/ZD-2026-009/"]
    page = get(client, "regulation", "ZD-2026-009")
    for words in ("启石人〔2026〕9号", "职代会联席会议审议通过", 'id="a2"', 'href="#a2"', 'href="#z2"'):
        assert words in page
    assert "第一条 为规范奖金分配" in get(client, "regulation_print", "ZD-2026-009", 1)
    assert "夜班津贴办法" in get(client, "regulation_feed")


def test_what_held_on_a_day(client, offices):
    make_regulation(
        offices,
        texts=((D(2025, 1, 1), "第一条 每班三十元。"), (D(2026, 3, 1), "第一条 每班五十元。")),
        repealed_on=D(2026, 6, 1),
    )
    code = "ZD-2026-001"
    today = get(client, "regulation", code)
    assert "每班五十元" in today and "每班三十元" not in today
    for day, words in (
        ("2025-01-01", "每班三十元"),
        ("2026年2月28日", "每班三十元"),
        ("2026/3/1", "每班五十元"),
        ("20260531", "每班五十元"),
    ):
        page = get(client, "regulation", code, day=day)
        assert words in page, day
    before = get(client, "regulation", code, day="2024-12-31")
    assert "每班三十元" not in before and "2024年12月31日" in before
    after = get(client, "regulation", code, day="2026-06-01")
    assert "已由新办法代替" in after and "每班五十元" in after
    bad = get(client, "regulation", code, day="二月三十")
    assert "每班五十元" in bad and 'id="id_as_of_day_error"' in bad and "二月三十" in bad
    assert "每班三十元" in get(client, "regulation_version", code, 1)
    get(client, "regulation_version", code, 3, expect=404)
    compared = get(client, "regulation_compare", code, 2)
    assert re.search(r"<del[^>]*>.*?三", compared, re.S) and re.search(r"<ins[^>]*>.*?五", compared, re.S)
    get(client, "regulation_compare", code, 1, expect=404)


@pytest.mark.parametrize(("who", "status"), [(None, 404), ("stranger", 404), ("worker", 200), ("inspector", 200)])
def test_what_is_for_a_unit_is_for_nobody_else(client, offices, who, status):
    make_regulation(offices, audience="unit")
    if who:
        sign_in(client, getattr(offices, who))
    for name, args in (
        ("regulation", ()),
        ("regulation_version", (1,)),
        ("regulation_print", (1,)),
    ):
        get(client, name, "ZD-2026-001", *args, expect=status)
    seen = status == 200
    for name in ("regulations", "regulation_changes"):
        assert ("ZD-2026-001" in get(client, name)) is seen
    assert ("ZD-2026-001" in get(client, "regulations", q="奖金")) is seen
    assert "ZD-2026-001" not in get(client, "regulation_feed")


def test_the_list_is_narrowed_by_every_filter(client, offices):
    make_regulation(offices, "A-1", title="奖金分配管理办法")
    make_regulation(offices, "A-2", texts=((D(2025, 1, 1), "第一条 夜班津贴百元。"),), category="safety")
    make_regulation(offices, "A-3", texts=((D(2025, 1, 1), BODY),), repealed_on=D(2026, 2, 1))
    make_regulation(offices, "A-4", texts=((D(2026, 4, 1), BODY),))
    flow = enter(offices, code="A-5", place={"kind": "flow"}, body="", steps=(("申请", "职工", "", "", "", ""),))
    approve(offices, flow)

    def codes(**query):
        return re.findall(r'class="row-number">([^<]+)<', get(client, "regulations", **query))

    assert codes() == ["A-1", "A-2", "A-5"]
    assert codes(standing="coming") == ["A-4"]
    assert codes(standing="repealed") == ["A-3"]
    assert codes(standing="all") == ["A-1", "A-2", "A-3", "A-4", "A-5"]
    assert codes(category="safety") == ["A-2"]
    assert codes(kind="flow") == ["A-5"]
    assert codes(q="a-1") == ["A-1"]
    assert codes(q="津贴 百元") == ["A-2"]
    assert codes(unit="HF") == []
    assert codes(unit="YX", q="A-1 分配") == ["A-1"]
    assert codes(since="2026年2月1日") == ["A-1", "A-2", "A-5"]  # entered here on AT's day, whatever day they say
    assert codes(since="2026-03-10") == []
    assert codes(since="no day", category="x", kind="y", unit="z", standing="q") == ["A-1", "A-2", "A-5"]
    page = get(client, "regulations", standing="all")
    counts = re.findall(r'reg-count">(\d+)<', page)
    assert [int(count) for count in counts] == [1, 4]


def test_the_list_goes_on_by_key(client, offices):
    for number in range(PAGE_SIZE + 2):
        make_regulation(offices, f"Z-{number:03d}")
    first = client.get(reverse("disclosures:regulations"))
    token = first.context["page"].next_token
    assert titles(get(client, "regulations", after=token)) == [
        f"/open/regulations/Z-{number:03d}/" for number in (PAGE_SIZE, PAGE_SIZE + 1)
    ]


def test_changed_since_groups_and_the_look_is_kept_by_the_button_only(client, offices):
    long_ago = day_start(D(2025, 1, 1))
    old = make_regulation(offices, "A-1", texts=((D(2025, 1, 1), BODY),), at=long_ago)
    approve(offices, revise(offices, old, in_force_from=D(2026, 3, 5), note="提高津贴标准"))
    make_regulation(offices, "A-2")
    repeal(offices, make_regulation(offices, "A-3", texts=((D(2025, 1, 1), BODY),), at=long_ago), D(2026, 3, 1))
    make_regulation(offices, "A-4", texts=((D(2026, 5, 1), BODY),))

    def groups(**query):
        answer = client.get(reverse("disclosures:regulation_changes"), query)
        return [re.findall(r'row-number">([^<]+)<', group["rows"]) for group in answer.context["groups"]]

    assert groups() == [["A-2"], ["A-1"], ["A-3"], ["A-4"]]
    assert groups(day="2026-03-10") == [[], [], [], ["A-4"]]
    assert "提高津贴标准" in get(client, "regulation_changes")
    sign_in(client, offices.worker)
    assert groups(look="1") == [["A-2"], ["A-1"], ["A-3"], ["A-4"]]  # never looked: a month
    post(client, "regulation_looked")
    assert groups(look="1") == [[], [], [], ["A-4"]]
    assert groups() == [["A-2"], ["A-1"], ["A-3"], ["A-4"]]


def test_a_new_version_and_a_repeal_by_pages(client, offices):
    rule = make_regulation(offices, texts=((D(2025, 1, 1), BODY),))
    sign_in(client, offices.handler)
    fields = {
        "title": "奖金分配管理办法",
        "in_force_from": "2025-01-01",
        "body": BODY,
        "note": "",
        "idempotency_key": str(uuid.uuid4()),
    }
    answer = post(client, "regulation_revise", rule.code, expect=422, **fields)
    assert list(answer.context["form"].errors) == ["in_force_from", "note"]
    post(client, "regulation_revise", rule.code, **fields | {"in_force_from": "2026-04-01", "note": "按意见修改"})
    draft = RegulationVersion.objects.get(state="draft")
    assert "Compared" in get(client, "regulation_work", draft.pk) or "对照" in get(client, "regulation_work", draft.pk)
    post(client, "regulation_discard", draft.pk)
    get(client, "regulation_repeal", rule.code)
    asked = {"in_force_from": "2026-04-01", "note": "已由新办法代替", "idempotency_key": str(uuid.uuid4())}
    post(client, "regulation_repeal", rule.code, **asked)
    waiting = RegulationVersion.objects.get(state="waiting")
    sign_in(client, offices.leader)
    get(client, "regulation_approve", waiting.pk)
    post(client, "regulation_approve", waiting.pk, verdict="yes")
    assert "已由新办法代替" in get(client, "regulation", rule.code)


def test_hidden_is_404_and_refused_is_403_with_its_reason(client, offices):
    rule = make_regulation(offices)
    draft = revise(offices, rule, in_force_from=D(2026, 5, 1))
    sign_in(client, offices.other_handler)
    for name in ("regulation_work", "regulation_edit", "regulation_submit", "regulation_discard", "regulation_approve"):
        get(client, name, draft.pk, expect=404)
    get(client, "regulation_revise", rule.code, expect=403)  # everybody may read it
    sign_in(client, offices.leader)
    get(client, "regulation_work", draft.pk, expect=404)  # not handed on yet
    does.submit_regulation(version_id=draft.pk, actor=offices.handler, at=AT)
    get(client, "regulation_work", draft.pk)
    for name in ("regulation_edit", "regulation_submit", "regulation_discard"):
        assert "went-wrong-reason" in get(client, name, draft.pk, expect=403)
        post(client, name, draft.pk, expect=403)
    assert "went-wrong-reason" in get(client, "regulation_revise", rule.code, expect=403)
    post(client, "regulation_repeal", rule.code, expect=403, in_force_from="2026-05-01", note="已由新办法代替")
    sign_in(client, offices.inspector)
    get(client, "regulation_work", draft.pk, expect=404)  # nothing to look into before it is approved
    get(client, "regulation_work", rule.versions.get(number=1).pk)
    sign_in(client, offices.worker)
    for name in ("regulations_desk", "regulations_file", "regulations_template"):
        get(client, name, expect=403)
    get(client, "regulation_new", "rule", expect=403)
    assert list(rule.versions.values_list("state", flat=True).order_by("entered_at", "state")) == [
        "approved",
        "waiting",
    ]


def test_an_approved_version_offers_the_event_of_b07(client, offices):
    owed = make_assignment(offices, "B07")
    version = approve(offices, enter(offices))
    sign_in(client, offices.handler)
    page = get(client, "regulation_work", version.pk)
    assert f"assignment={owed.pk}&amp;event=" in page
    form = client.get(reverse("disclosures:event"), {"assignment": owed.pk, "event": version.title})
    assert version.title in form.content.decode()


def _upload(client, name, content, expect=302):
    return post(client, "regulations_file", expect=expect, file=SimpleUploadedFile(name, content))


def test_the_stock_by_pages(client, offices):
    out = io.BytesIO()
    book(RULE, FLOW).save(out)
    sign_in(client, offices.officer)
    _upload(client, "stock.doc", b"x", expect=422)
    _upload(client, "stock.xlsx", out.getvalue())
    found = RegulationImport.objects.get()
    page = get(client, "regulation_import", found.pk)
    assert "考勤管理办法" in page and "人事处" in page
    post(client, "regulation_import", found.pk, expect=403)
    sign_in(client, offices.union_chair)
    post(client, "regulation_import", found.pk)
    assert RegulationVersion.objects.count() == 2
    assert "ZD-2024-031" in get(client, "regulations")
    bad = io.BytesIO()
    book((*RULE[:6], "", *RULE[7:])).save(bad)
    sign_in(client, offices.officer)
    _upload(client, "bad.xlsx", bad.getvalue())
    faulty = RegulationImport.objects.get(count=0)
    assert "G2" in get(client, "regulation_import", faulty.pk)
    get(client, "regulations_file")


def test_the_template_can_be_taken_in_again(client, offices):
    import openpyxl

    from tests.factories.people import same_unit

    same_unit("AH", "安全环保处", offices.company)
    sign_in(client, offices.officer)
    answer = client.get(reverse("disclosures:regulations_template"))
    content = b"".join(answer.streaming_content)
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames[0] == "制度流程"
    _upload(client, "template.xlsx", content)
    found = RegulationImport.objects.get()
    assert (found.faults, found.count) == ([], 2)


def test_lists_ask_as_often_for_three_rows_as_for_one(client, offices):
    def asked(name, *args, **query):
        with CaptureQueriesContext(connection) as queries:
            get(client, name, *args, **query)
        return len(queries)

    pages = (
        ("regulations", (), {}),
        ("regulations", (), {"standing": "all", "q": "奖金"}),
        ("regulation_changes", (), {}),
        ("regulation_feed", (), {}),
        ("regulation", ("Q-0",), {}),
    )
    rule = make_regulation(offices, "Q-0", texts=((D(2025, 1, 1), BODY),))
    for name, args, query in pages:
        get(client, name, *args, **query)  # what is remembered is remembered
    once = [asked(name, *args, **query) for name, args, query in pages]
    for number in (1, 2, 3):
        make_regulation(offices, f"Q-{number}")
        approve(offices, revise(offices, rule, in_force_from=D(2026, 3, number)))
    assert [asked(name, *args, **query) for name, args, query in pages] == once
    assert once == [7, 7, 6, 1, 9]
    sign_in(client, offices.head)
    desk = [asked("regulations_desk", tab=tab) for tab in ("approve", "drafts", "done")]
    for number in (1, 2, 3):
        draft = enter(offices, code=f"R-{number}")
        if number > 1:
            does.submit_regulation(version_id=draft.pk, actor=offices.handler, at=AT)
    assert [asked("regulations_desk", tab=tab) for tab in ("approve", "drafts", "done")] == desk
