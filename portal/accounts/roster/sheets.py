"""Roster files to take away: the empty template and the roster as it is."""

import io

import xlsxwriter

from ..models import Person, Unit
from .layout import CATEGORY_WORDS, COLUMNS, GENDER_WORDS, SHEET_NAME

NOTES = (
    "填写说明",
    "1. 每人一行，不要合并单元格，不要插入第二行表头，不要使用公式。",
    "2. 带 * 的列必须填写；其余各列留空表示不修改已有内容。",
    "3. 工号按文本填写，前面的零要保留；只含数字和字母。",
    "4. 单位编码见“单位编码”工作表；单位名称唯一时也可以填写名称。",
    "5. 日期写成 2026-11-23，或使用日期格式的单元格。",
    "6. 人员类别：一线职工、专业技术人员、管理人员。性别：男、女。",
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _book():
    out = io.BytesIO()
    # What looks like a formula or a link in somebody's text stays text.
    return out, xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )


def _head(book, sheet):
    bold = book.add_format({"bold": True, "bg_color": "#e8f0ee", "bottom": 1, "text_wrap": True})
    text = book.add_format({"num_format": "@"})
    for at, column in enumerate(COLUMNS):
        sheet.set_column(
            at, at, {"unit": 14, "post": 18, "email": 24, "phone": 16, "joined_on": 14}.get(column.code, 12), text
        )
        sheet.write_string(0, at, column.heading + ("*" if column.is_required else ""), bold)
    sheet.freeze_panes(1, 0)


def _units(book):
    sheet = book.add_worksheet("单位编码")
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 40)
    sheet.write_row(0, 0, ["编码", "名称"])
    for row, unit in enumerate(Unit.objects.active().order_by("path"), start=1):
        sheet.write_string(row, 0, unit.code)
        sheet.write_string(row, 1, "　" * (unit.depth - 1) + unit.name)


def template():
    """Return the bytes of the empty template with its notes and the list of units."""
    out, book = _book()
    sheet = book.add_worksheet(SHEET_NAME)
    _head(book, sheet)
    sheet.data_validation(1, 4, 60_000, 4, {"validate": "list", "source": list(CATEGORY_WORDS.values())})
    sheet.data_validation(1, 5, 60_000, 5, {"validate": "list", "source": list(GENDER_WORDS.values())})
    notes = book.add_worksheet("填写说明")
    notes.set_column(0, 0, 80)
    for row, line in enumerate(NOTES):
        notes.write_string(row, 0, line)
    _units(book)
    book.close()
    return out.getvalue()


def roster_of(unit):
    """Return the bytes of the roster of a unit as it is; uploaded again, it changes nothing."""
    out, book = _book()
    sheet = book.add_worksheet(SHEET_NAME)
    _head(book, sheet)
    people = Person.objects.filter(is_active=True, unit__in=Unit.objects.under(unit)).order_by("unit__path", "job_no")
    rows = people.values_list(
        "job_no", "name", "unit__code", "post", "category", "gender", "phone", "email", "joined_on"
    )
    for at, values in enumerate(rows.iterator(chunk_size=5000), start=1):
        for column, value in enumerate(values):
            words = CATEGORY_WORDS.get(value) or GENDER_WORDS.get(value) or value
            if words:
                sheet.write_string(at, column, words.isoformat() if hasattr(words, "isoformat") else str(words))
    _units(book)
    book.close()
    return out.getvalue()
