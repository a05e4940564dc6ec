"""Pages of the scorecard: the list, a sheet from its freezing to the payroll's file, the rows behind a number."""

import io
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from evaluations.models import Objection, Scheme, Scorecard
from evaluations.months import end_of
from evaluations.scoring import DEFAULT_LINES
from portal.deadlines.models import Promise
from portal.deadlines.operations import move_promise
from portal.kernel.indicators import known_indicators
from tests.factories.people import make_unit
from tests.factories.scorecards import FIRST, LATER, MONTH, REASON, confirm, contest, make_scene, make_sheet, owe
from tests.signing import signed_in

SHEET = ("YX", "2026-04")


@pytest.fixture
def scene(db):
    """Two works with a frozen month, at the moment after the freezing."""
    made = make_scene()
    owe(made.works, kept=3, late=1)
    owe(made.shop, kept=1, late=1, kind="disclosure.publish")
    owe(made.other, kept=2)
    make_sheet(made)
    with time_machine.travel(LATER, tick=False):
        yield made


def get(client, name, /, *args, expect=200, **query):
    answer = client.get(reverse(f"evaluations:{name}", args=args), query)
    assert answer.status_code == expect, answer.content.decode()[:2000]
    return answer.content.decode()


def post(client, name, /, *args, expect=302, **data):
    answer = client.post(reverse(f"evaluations:{name}", args=args), data)
    assert answer.status_code == expect, answer.content.decode()[:3000]
    return answer.content.decode()


def test_a_sheet_from_the_freezing_to_the_payroll(client, scene):
    signed_in(client, scene.head, at=LATER)
    assert "提出异议" in get(client, "scorecard", *SHEET)
    form = get(client, "scorecard_contest", *SHEET, "briefing.held")
    assert "对象" not in form and form.count("提出异议") >= 2  # the heading and the button
    assert "上一级工会主席" in get(client, "scorecard_confirm", *SHEET, expect=403)
    assert "至少" in post(client, "scorecard_contest", *SHEET, "briefing.held", reason="不对", expect=422)
    post(client, "scorecard_contest", *SHEET, "briefing.held", reason=REASON, idempotency_key=uuid.uuid4())
    objection = Objection.objects.get()
    page, decide = get(client, "scorecard", *SHEET), reverse("evaluations:objection_decide", args=[objection.pk])
    # With its clock; who objected is led to the own matter, and only who decides to the decision.
    assert "还剩 30 天" in page and "/cards/" in page and decide not in page
    assert "正在核查" in get(client, "scorecard_contest", *SHEET, "briefing.held", expect=403)
    get(client, "objection_decide", objection.pk, expect=403)
    signed_in(client, scene.chair, at=LATER)
    assert decide in get(client, "scorecard", *SHEET)
    assert "尚未处理" in get(client, "scorecard_confirm", *SHEET, expect=403)
    assert REASON in get(client, "objection_decide", objection.pk)
    wrong = {"outcome": "yes", "numerator": "５", "denominator": "4", "answer": "台账补登一次。"}
    assert "不能大于分母" in post(client, "objection_decide", objection.pk, **wrong, expect=422)
    post(client, "objection_decide", objection.pk, **{**wrong, "numerator": "４"})
    page = get(client, "scorecard", *SHEET)
    assert "冻结数为 3/4" in page
    # The sheet's rows: duties, then briefings; full-width digits are read, other points ask why.
    points = {"points-0": "１．５", "points-1": "8", "note": ""}
    assert "请说明为什么" in post(client, "scorecard_confirm", *SHEET, **points, expect=422)
    assert "最多两位小数" in post(client, "scorecard_confirm", *SHEET, **{**points, "points-0": "一分"}, expect=422)
    assert "不能大于 20" in post(client, "scorecard_confirm", *SHEET, **{**points, "points-0": "21"}, expect=422)
    post(client, "scorecard_confirm", *SHEET, **points, **{"reason-0": "系统故障一天，按规定扣减"})
    card = Scorecard.objects.get(unit=scene.works)
    assert str(card.total) == "33.93"
    answer = client.get(reverse("evaluations:scorecards_file", args=["2026-04"]))
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    totals = list(book.worksheets[0].iter_rows(values_only=True))
    # The other works has not been confirmed: nobody is paid by a proposal.
    assert [(row[0], row[3], row[4]) for row in totals[1:]] == [("YX", 33.93, 21.43)]
    figures = list(book.worksheets[1].iter_rows(values_only=True))
    assert [(*row[3:6], *row[7:10]) for row in figures[1:]] == [
        (50, "%", "1/2", 1.5, "系统故障一天，按规定扣减", None),
        (100, "%", "4/4", 8, None, "3/4"),
    ]
    for sheet in book.worksheets:
        head = next(sheet.iter_rows(values_only=True))
        assert len(set(head)) == len(head), "two columns of one name"
    # Whoever pays reads which units are missing, and that a total may still change.
    notes = dict(book.worksheets[2].iter_rows(values_only=True, max_col=2))
    assert notes["未列入本表"] == "1个单位尚未确认：化肥厂"
    contest(scene, card, "duty.on_time")
    signed_in(client, scene.chair, at=LATER)
    answer = client.get(reverse("evaluations:scorecards_file", args=["2026-04"]))
    again = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    assert [row[8] for row in again.iter_rows(values_only=True)] == ["未处理异议", 1]
    signed_in(client, scene.worker, at=LATER)
    assert "系统故障一天" in get(client, "scorecard", *SHEET)
    get(client, "scorecards_file", "2026-04", expect=403)


def test_what_is_not_for_a_reader_is_not_there(client, scene):
    card = Scorecard.objects.get(unit=scene.works)
    objection = contest(scene, card)
    signed_in(client, scene.stranger, at=LATER)
    for name, args in (
        ("scorecard", SHEET),
        ("scorecard_recompute", SHEET),
        ("scorecard_confirm", SHEET),
        ("scorecard_rows", (*SHEET, "briefing.held")),
        ("scorecard_contest", (*SHEET, "briefing.held")),
        ("scorecard_go", (card.pk,)),
        ("objection_decide", (objection.pk,)),
    ):
        get(client, name, *args, expect=404)
    signed_in(client, scene.chair, at=LATER)
    for args in (("YX", "2026-03"), ("YX", "2026-13"), ("ZZ", "2026-04")):
        get(client, "scorecard", *args, expect=404)
    get(client, "scorecard_rows", *SHEET, "nobody.knows", expect=404)
    get(client, "scorecards_file", "2026-13", expect=404)
    assert client.get(reverse("evaluations:scorecard_go", args=[card.pk])).url == "/scorecards/YX/2026-04/"


def test_rows_and_figures_computed_anew(client, scene):
    signed_in(client, scene.head, at=LATER)
    page = get(client, "scorecard_rows", *SHEET, "briefing.held")
    assert (page.count(">计入<"), page.count(">未计入<")) == (3, 1)
    assert "完全一致" in get(client, "scorecard_recompute", *SHEET)
    late = Promise.objects.get(unit=scene.works, met_at=None)
    Promise.objects.filter(pk=late.pk).update(met_at=late.due_at - (LATER - FIRST))
    page = get(client, "scorecard_recompute", *SHEET)
    assert "冻结后才登记" in page
    assert "未被改动" in page
    move_promise(promise=late, unit=scene.other, actor=scene.chair, at=LATER)
    page = get(client, "scorecard_recompute", *SHEET)
    assert f"冻结后由{scene.works.name}移交{scene.other.name}" in page
    Scorecard.objects.filter(unit=scene.works).update(sha256="0" * 64)
    assert "被改动过" in get(client, "scorecard_recompute", *SHEET)


def test_the_list_is_of_one_month_and_its_length_costs_nothing(client, scene):
    signed_in(client, scene.chair, at=LATER)
    get(client, "scorecards")
    with CaptureQueriesContext(connection) as few:
        page = get(client, "scorecards")
    assert "有 2 张考核表等待人工确认" in page
    may = end_of(MONTH)
    for number in range(3):
        owe(make_unit(scene.company, code=f"W{number}"), kept=2, month=may)
    make_sheet(scene, scene.company, month=may, at=FIRST + 31 * (LATER - FIRST) / 2)
    get(client, "scorecards")
    with CaptureQueriesContext(connection) as more:
        page = get(client, "scorecards")
    assert page.count("/2026-05/") == 4
    assert len(few) == len(more)
    assert get(client, "scorecards", month="2026-04").count("/2026-04/") == 4
    assert get(client, "scorecards", month="1999-99").count("/2026-05/") == 4
    assert "/2026-05/" not in get(client, "scorecards", after="9\x00")


def test_a_sheet_costs_the_same_for_one_figure_and_for_three(client, scene):
    may = end_of(MONTH)
    owe(scene.works, kept=1, month=may)
    make_sheet(scene, month=may, at=FIRST + 31 * (LATER - FIRST) / 2)
    june = end_of(may)
    for kind in ("briefing.hold", "disclosure.publish", "disclosure.rectify"):
        owe(scene.works, kept=1, kind=kind, month=june)
    make_sheet(scene, month=june, at=FIRST + 31 * (LATER - FIRST))
    signed_in(client, scene.chair, at=LATER)
    counts = []
    for month in ("2026-05", "2026-06"):
        get(client, "scorecard", "YX", month)
        with CaptureQueriesContext(connection) as seen:
            get(client, "scorecard", "YX", month)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_scheme_is_written_for_months_to_come(client, scene):
    signed_in(client, scene.head, at=LATER)
    page = get(client, "indicators")
    assert all(str(one.label) in page for one in known_indicators())
    assert "公司工会主席" in get(client, "scheme_new", expect=403)
    signed_in(client, scene.chair, at=LATER)
    get(client, "scheme_new")
    data = {"since": "２０２６年６月", "note": "按职代会决议调整", "idempotency_key": uuid.uuid4()}
    for number, (_code, weight, zero_at, full_at) in enumerate(DEFAULT_LINES):
        data |= {f"weight-{number}": weight, f"zero-{number}": zero_at, f"full-{number}": full_at}
    for wrong, said in (
        ({"weight-0": "14.5"}, "权重合计为 99.5"),
        ({"weight-0": ""}, "请填写"),
        ({"full-0": "60"}, "不能相同"),
        ({"zero-0": ""}, "都要填写"),
        ({"since": "六月"}, "这不是月份"),
        ({"since": "2026-04"}, "已经冻结"),
    ):
        expect = 403 if "since" in wrong and wrong["since"] == "2026-04" else 422
        assert said in post(client, "scheme_new", **{**data, **wrong}, expect=expect)
    assert Scheme.objects.count() == 1
    post(client, "scheme_new", **data)
    assert "第 2 版，自 2026-06 起" in get(client, "indicators")


def test_a_confirmed_sheet_tells_who_set_what_otherwise(client, scene):
    from decimal import Decimal

    card = Scorecard.objects.get(unit=scene.works)
    confirm(scene, card, points={"briefing.held": Decimal(7)}, reasons={"briefing.held": "补开一次"})
    signed_in(client, scene.worker, at=LATER)
    page = get(client, "scorecard", *SHEET)
    assert "周建国改定得分（建议 6.00 分）：补开一次" in page
    assert "提出异议</a>" not in page


def test_a_proposal_is_not_read_off_the_year_of_a_later_month(client, scene):
    may = end_of(MONTH)
    owe(scene.works, kept=1, month=may)
    card = make_sheet(scene, month=may, at=FIRST + 31 * (LATER - FIRST) / 2)
    confirm(scene, card)
    for reader, is_told in ((scene.worker, False), (scene.head, True)):
        signed_in(client, reader, at=LATER)
        for page in (get(client, "scorecard", "YX", "2026-05"), get(client, "scorecards", month="2026-05")):
            assert "100" in page
            # April waits: 21.43 points are no more than a proposal.
            assert ("21.4" in page) == is_told
