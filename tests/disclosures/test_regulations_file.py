"""Taking the stock over from a file: faults by cell, all or nothing, twice changes nothing, few statements."""

import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from disclosures import operations as does
from disclosures.models import FlowStep, Regulation, RegulationImport, RegulationVersion
from disclosures.regulation_file import SENTENCES, BadStep, steps_of
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.search.checking import drifts
from portal.search.models import SearchEntry
from tests.factories.disclosures import AT
from tests.factories.regulations import make_regulation

D = dt.date
HEADINGS = (
    "编号*",
    "名称*",
    "类型",
    "类别*",
    "归口部门*",
    "文号",
    "施行日期*",
    "废止日期",
    "密级/范围*",
    "正文",
    "流程步骤",
)
RULE = (
    *("ZD-2024-031", "考勤管理办法", "制度", "人力资源", "人事处", "启石人〔2024〕31号", "2024-05-01", ""),
    *("公开", "第一章 总则\n第一条 为规范考勤,制定本办法。\n第二条 迟到一次扣十元。", ""),
)
FLOW = (
    *("LC-2024-002", "请假流程", "流程", "人力资源", "RS", "", D(2024, 5, 1), "", "内部", ""),
    "提出申请 | 职工 | | 请假条 | 提前1天 | 请假条\n审批｜班长｜请假条",
)
pytestmark = pytest.mark.usefixtures("english")


def book(*rows, headings=HEADINGS):
    """Return a workbook with rows as an uploaded file."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "制度流程"
    sheet.append(headings)
    for row in rows:
        sheet.append(row)
    return made


def upload(made, offices, name="stock.xlsx"):
    """Read a workbook; return the import."""
    out = io.BytesIO()
    made.save(out)
    return does.read_import(file=ContentFile(out.getvalue(), name=name), file_name=name, actor=offices.officer, at=AT)


def write(found, offices):
    return does.write_import(import_id=found.pk, actor=offices.union_chair, at=AT)


def changed(row, **over):
    """Return a row with other values, by heading."""
    plain = [heading.rstrip("*") for heading in HEADINGS]
    values = list(row)
    for heading, value in over.items():
        values[plain.index(heading.replace("_", "/"))] = value
    return values


def faults(found):
    return [(fault["cell"], fault["code"]) for fault in found.faults]


def test_a_file_is_read_looked_at_and_written_by_another(offices):
    gone = changed(RULE, 编号="ZD-2020-001", 名称="旧考勤办法", 施行日期="2020.1.1", 废止日期="2024年5月1日")
    found = upload(book(RULE, FLOW, gone), offices)
    assert (found.faults, found.count, found.known, Regulation.objects.count()) == ([], 3, 0, 0)
    with pytest.raises(OperationRefused, match="yourself"):
        does.write_import(import_id=found.pk, actor=offices.officer, at=AT)
    with pytest.raises(OperationRefused, match="Only the union of the enterprise"):
        does.write_import(import_id=found.pk, actor=offices.handler, at=AT)
    assert write(found, offices) == 3
    with pytest.raises(OperationRefused, match="written already"):
        write(found, offices)
    rule = RegulationVersion.objects.get(regulation__code="ZD-2024-031")
    assert (rule.number, rule.in_force_from, rule.in_force_to, rule.is_imported) == (1, D(2024, 5, 1), None, True)
    assert "<h2>第一章 总则</h2>" in rule.body and rule.body.count("<p>") == 2
    assert rule.regulation.unit == offices.personnel
    rows = RegulationVersion.objects.filter(regulation__code="ZD-2020-001").order_by("in_force_from")
    assert [(row.act, row.in_force_from, row.in_force_to) for row in rows] == [
        ("text", D(2020, 1, 1), D(2024, 5, 1)),
        ("repeal", D(2024, 5, 1), None),
    ]
    steps = FlowStep.objects.order_by("number").values_list("what", "who", "gives", "limit")
    assert list(steps) == [("提出申请", "职工", "请假条", "提前1天"), ("审批", "班长", "", "")]
    assert Entry.objects.get(verb="regulation.imported").facts["count"] == 3
    assert Entry.objects.filter(verb="regulation.taken_over").count() == 3
    keys = SearchEntry.objects.filter(kind="disclosures.regulation").order_by("object_key")
    assert (list(keys.values_list("object_key", flat=True)), drifts()) == (["LC-2024-002", "ZD-2024-031"], [])


def test_importing_twice_changes_nothing(offices):
    write(upload(book(RULE, FLOW), offices), offices)
    before = list(RegulationVersion.objects.order_by("pk").values())
    again = upload(book(RULE, FLOW), offices)
    assert (again.faults, again.count, again.known) == ([], 0, 2)
    with pytest.raises(OperationRefused, match="nothing new"):
        write(again, offices)
    assert list(RegulationVersion.objects.order_by("pk").values()) == before


def test_two_uploads_of_one_file_are_written_once(offices):
    first, second = upload(book(RULE), offices), upload(book(RULE), offices)
    write(first, offices)
    with pytest.raises(Conflict, match="has changed"):
        write(second, offices)
    assert Regulation.objects.count() == 1


def test_a_code_with_other_contents_is_a_fault(offices):
    write(upload(book(RULE), offices), offices)
    for other in (
        changed(RULE, 名称="另一个办法"),
        changed(RULE, 正文="第一条 全文已改。"),
        changed(RULE, 类别="财务"),
        changed(RULE, 废止日期="2026-01-01"),
    ):
        found = upload(book(FLOW, other), offices)
        assert (faults(found), found.count) == ([("A3", "code_taken")], 0)
    make_regulation(offices, "LC-2024-002")
    assert faults(upload(book(FLOW), offices)) == [("A2", "code_taken")]


@pytest.mark.parametrize(
    ("over", "cell", "code"),
    [
        ({"编号": ""}, "A2", "empty"),
        ({"编号": 31}, "A2", "code_number"),
        ({"编号": "制度31"}, "A2", "code_bad"),
        ({"名称": ""}, "B2", "empty"),
        ({"名称": "长" * 81}, "B2", "too_long"),
        ({"名称": D(2024, 1, 1)}, "B2", "not_text"),
        ({"名称": "=A1"}, "B2", "formula"),
        ({"名称": "#REF!"}, "B2", "error_value"),
        ({"类型": "表"}, "C2", "kind_unknown"),
        ({"类别": "杂项"}, "D2", "category_unknown"),
        ({"归口部门": "没有的处"}, "E2", "unit_unknown"),
        ({"施行日期": ""}, "G2", "empty"),
        ({"施行日期": 45413}, "G2", "date_number"),
        ({"施行日期": "2024-02-30"}, "G2", "date_bad"),
        ({"施行日期": "去年五月"}, "G2", "date_bad"),
        ({"废止日期": "2024-05-01"}, "H2", "ends_too_early"),
        ({"密级_范围": ""}, "I2", "empty"),
        ({"密级_范围": "机密"}, "I2", "secret"),
        ({"密级_范围": "大家"}, "I2", "audience_unknown"),
        ({"正文": ""}, "J2", "empty"),
        ({"类型": "流程"}, "K2", "no_steps"),
        ({"类型": "流程", "流程步骤": "申请 | 职工\n审批"}, "K2", "step_bad"),
    ],
)
def test_each_fault_is_told_by_its_cell_and_nothing_is_written(offices, over, cell, code):
    found = upload(book(changed(RULE, **over), FLOW), offices)
    assert faults(found) == [(cell, code)]
    assert (found.count, found.rows, Regulation.objects.count()) == (0, [], 0)
    with pytest.raises(OperationRefused, match="has faults"):
        write(found, offices)
    assert SENTENCES[code]


def test_good_ways_of_writing_are_read(offices):
    made = book(
        changed(RULE, 编号="ｚｄ－2024－031", 施行日期="２０２４／５／１", 密级_范围="内部公开", 归口部门="ＲＳ"),
        changed(RULE, 编号=7, 施行日期=20240501),
    )
    made.active["A3"].number_format = "0000"
    found = upload(made, offices)
    assert found.faults == []
    assert [(row["code"], row["in_force_from"], row["audience"]) for row in found.rows] == [
        ("ZD-2024-031", "2024-05-01", "staff"),
        ("0007", "2024-05-01", "everybody"),
    ]


def test_faults_of_the_whole_file(offices):
    assert faults(upload(book(RULE, changed(RULE, 名称="同号"), FLOW), offices)) == [("A3", "code_twice")]
    found = upload(book(RULE[1:], headings=HEADINGS[1:]), offices)
    assert faults(found) == [("A1", "no_headings")]
    found = upload(book(RULE[:3] + RULE[4:], headings=HEADINGS[:3] + HEADINGS[4:]), offices)
    assert [(fault["code"], fault["value"]) for fault in found.faults] == [("heading_missing", "类别")]
    assert faults(upload(book(), offices)) == [("A2", "empty_file")]
    assert faults(upload(book(RULE, HEADINGS), offices)) == [("A3", "second_heading")]
    made = book(RULE, FLOW)
    made.active.merge_cells("D2:D3")
    assert ("D2", "merged") in faults(upload(made, offices))
    junk = does.read_import(file=ContentFile(b"PK\x03\x04nonsense"), file_name="a.xlsx", actor=offices.officer, at=AT)
    assert faults(junk) == [("", "damaged")]
    assert SENTENCES["damaged"]


def test_only_the_union_of_the_enterprise_takes_over(offices):
    for nobody in (offices.handler, offices.head, offices.worker, offices.leader2):
        with pytest.raises(OperationRefused, match="Only the union of the enterprise"):
            does.read_import(file=ContentFile(b""), file_name="a.xlsx", actor=nobody, at=AT)
    assert RegulationImport.objects.count() == 0


def test_588_texts_are_written_in_as_few_statements_as_their_batches(offices):
    def stock(first, last):
        rules = [changed(RULE, 编号=f"ZD-{number}") for number in range(first, last)]
        return rules + [changed(FLOW, 编号=f"LC-{number}") for number in range(first, last)]

    counts = []
    for first, last in ((0, 10), (100, 199), (1000, 1294)):  # 20, 198 and 588 texts
        found = upload(book(*stock(first, last)), offices)
        with CaptureQueriesContext(connection) as queries:
            write(found, offices)
        counts.append(len(queries))
    assert (Regulation.objects.count(), RegulationVersion.objects.count()) == (806, 806)
    # SQLite takes some forty rows in one statement, so there is one more for every twenty texts, and none for one.
    assert counts[0] <= 18 and counts[1] <= counts[0] + 198 // 20 and counts[2] <= counts[0] + 588 // 20


def test_what_nobody_lets_be_written_is_emptied_after_a_week(offices):
    found = upload(book(RULE), offices)
    week = AT + dt.timedelta(days=7)
    assert does.drop_old_imports(at=week) == 0
    assert does.drop_old_imports(at=week + dt.timedelta(days=3)) == 1
    found.refresh_from_db()
    assert (found.rows, found.count, does.drop_old_imports(at=week + dt.timedelta(days=4))) == ([], 0, 0)


def test_the_command_writes_or_only_says(offices, tmp_path, capsys):
    path = tmp_path / "stock.xlsx"
    book(RULE, FLOW).save(path)
    call_command("import_regulations", str(path), "--dry-run")
    assert (Regulation.objects.count(), RegulationImport.objects.count()) == (0, 0)
    call_command("import_regulations", str(path))
    assert Regulation.objects.count() == 2
    call_command("import_regulations", str(path))
    assert "0 new, 2 there already" in capsys.readouterr().out
    book(changed(RULE, 施行日期="")).save(path)
    with pytest.raises(CommandError, match="1 faults"):
        call_command("import_regulations", str(path))
    assert "G2\tempty" in capsys.readouterr().err


@pytest.mark.parametrize(("text", "number"), [("只有一段", 1), ("一 | 甲\n| 乙", 2), ("一 | " + "长" * 61, 1)])
def test_bad_steps_name_their_line(text, number):
    with pytest.raises(BadStep) as raised:
        steps_of(text)
    assert raised.value.number == number


def test_steps_are_read_from_lines_and_from_pasted_tables():
    assert steps_of("1. 申请\t职工\n\n2、审批 | 班长") == [
        ["申请", "职工", "", "", "", ""],
        ["审批", "班长", "", "", "", ""],
    ]
