import datetime as dt

import openpyxl

from portal.exports import workbook
from portal.exports.workbook import Column, Sheet, make_workbook

AT = dt.datetime(2026, 3, 4, 17, 30, tzinfo=dt.UTC)  # the 5th, 01:30 at the plant


def opened(**values):
    with make_workbook(**{"title": "统计", "sheets": [], **values}) as file:
        return openpyxl.load_workbook(file)


def test_sheet_has_frozen_header_filters_and_values_of_their_kind():
    columns = [
        Column("工号", "text", 12),
        Column("收到", "day"),
        Column("时刻", "moment"),
        Column("件数", "whole"),
        Column("率", "percent"),
    ]
    rows = [("00123", dt.date(2026, 3, 5), AT, 7, 0.914), ("00124", None, None, None, None), (None,)]
    book = opened(sheets=[Sheet("运行部", columns, rows)])
    sheet = book["运行部"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A2", "A1:E4", "$1:$1")
    assert [cell.value for cell in sheet[1]] == ["工号", "收到", "时刻", "件数", "率"]
    assert [cell.value for cell in sheet[2]] == [
        "00123",
        dt.datetime(2026, 3, 5),
        dt.datetime(2026, 3, 5, 1, 30),
        7,
        0.914,
    ]
    assert [cell.number_format for cell in sheet[2]] == ["@", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "#,##0", "0.0%"]
    assert [cell.value for cell in sheet[3]] == ["00124", None, None, None, None]
    assert sheet.column_dimensions["A"].width > 12


def test_notes_say_what_and_as_of_when():
    sheet = opened(notes=[("按期率", "到期日当天或之前答复的比例")], cut_off=AT).worksheets[-1]
    assert sheet.title == "说明"
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["标题", "统计"],
        ["数据截至", "2026-03-05 01:30"],
        ["按期率", "到期日当天或之前答复的比例"],
    ]


def test_workbook_names_nobody():
    properties = opened(cut_off=AT).properties
    assert (properties.creator, properties.lastModifiedBy, properties.title) == (None, None, "统计")


def test_sheet_names_are_made_fit_and_unique():
    names = ["一车间", "一车间", "a/b:c*?[d]", "长" * 40, "长" * 40, "", "History", "说明"]
    book = opened(sheets=[Sheet(name, [Column("x")], []) for name in names])
    assert book.sheetnames == [
        "一车间",
        "一车间 (2)",
        "a b c   d",
        "长" * 31,
        "长" * 27 + " (2)",
        "工作表",
        "History (2)",
        "说明",
        "说明 (2)",
    ]


def test_rows_past_the_last_go_on_the_next_sheet(monkeypatch):
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    book = opened(sheets=[Sheet("卡", [Column("号", "whole")], ([n] for n in range(7)))])
    assert [[row[0].value for row in sheet.iter_rows()] for sheet in book.worksheets[:3]] == [
        ["号", 0, 1, 2],
        ["号", 3, 4, 5],
        ["号", 6],
    ]


def test_exactly_full_sheet_has_no_empty_follower(monkeypatch):
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    assert opened(sheets=[Sheet("卡", [Column("号", "whole")], ([n] for n in range(3)))]).sheetnames == ["卡", "说明"]


def test_very_long_and_broken_text_is_kept_readable():
    sheet = opened(sheets=[Sheet("卡", [Column("x")], [["长" * 40_000], ["a\x00\x0bb\ud800c"]])]).worksheets[0]
    assert (len(sheet["A2"].value), sheet["A2"].value[-1]) == (32_767, "…")
    assert sheet["A3"].value == "abc"
