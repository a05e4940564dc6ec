"""
Excel workbooks as an office expects them.

    file = make_workbook(
        title=_("Cards"),
        sheets=[
            Sheet(
                name=unit.name,
                columns=[Column(_("Number"), "text", 14), Column(_("Received"), "day"), Column(_("Share"), "percent")],
                rows=((card.number, card.received_on, share) for card in cards.iterator()),
            )
        ],
        notes=[(_("On time"), _("answered no later than the due day"))],
        cut_off=at,
    )
    return download(file, "信息卡统计.xlsx")       # portal.exports.responses

Kinds: text (also job numbers and codes), whole, number, score (two decimals),
percent, day (a date), moment (an aware datetime, shown in the plant's time);
words in the place of a number stay words. Rows are written as they
come, so a generator of a million rows takes little memory. Text is never a
formula or a link. The last sheet says what the columns mean and as of when.
"""

import datetime as dt
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.exports.guards import is_formula_like, shown
from portal.kernel.days import LOCAL

MAX_ROWS = 1_048_575  # below the header
MAX_TEXT = 32_767
MAX_SHEET_NAME = 31
FORMATS = {
    "text": {"num_format": "@", "text_wrap": True, "valign": "top"},
    "whole": {"num_format": "#,##0", "valign": "top"},
    "number": {"num_format": "#,##0.0#", "valign": "top"},
    "score": {"num_format": "#,##0.00", "valign": "top"},
    "exact": {"num_format": "General", "valign": "top"},
    "percent": {"num_format": "0.0%", "valign": "top"},
    "day": {"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "valign": "top", "align": "left"},
}
WIDTHS = {"text": 20, "whole": 10, "number": 10, "score": 10, "exact": 10, "percent": 10, "day": 12, "moment": 17}
FONT = {"font_name": "微软雅黑", "font_size": 10}


@dataclass(frozen=True)
class Column:
    """A column: its label, the kind of its values, and its width in characters."""

    label: object
    kind: str = "text"
    width: int | None = None


@dataclass(frozen=True)
class Sheet:
    """A sheet: rows are sequences as long as the columns, or shorter."""

    name: object
    columns: Sequence[Column]
    rows: Iterable[Sequence]


def make_workbook(*, title, sheets, notes=(), cut_off=None):
    """
    Return an open temporary file with the workbook, at its beginning.

    ``notes`` are pairs of a term and its meaning; ``cut_off`` is the aware
    moment up to which the numbers hold.
    """
    import xlsxwriter  # here, so that a web process pays its 8 MiB only once somebody asks for a workbook

    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 -- the response that sends it closes it
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    book = xlsxwriter.Workbook(file, options)
    made_on = cut_off.astimezone(LOCAL).replace(tzinfo=None) if cut_off else dt.datetime(2000, 1, 1)
    book.set_properties({"title": shown(title), "author": "", "company": "", "created": made_on})
    writer = _Writer(book)
    for sheet in sheets:
        writer.write(sheet)
    writer.write_notes(shown(title), notes, cut_off)
    book.close()
    file.seek(0)
    return file


class _Writer:
    def __init__(self, book):
        self.book = book
        self.names = set()
        self.formats = {kind: book.add_format(FONT | look) for kind, look in FORMATS.items()}
        # Typed over or saved anew, such a text would become a formula; the mark keeps it text.
        self.quoted = book.add_format(FONT | FORMATS["text"] | {"quote_prefix": True})
        self.head = book.add_format(
            FONT
            | {
                "bold": True,
                "bg_color": "#E0EDEF",
                "bottom": 1,
                "text_wrap": True,
                "valign": "vcenter",
                "num_format": "@",
            }
        )

    def write(self, sheet):
        rows = iter(sheet.rows)
        self._write_sheet(sheet, rows)
        while (row := next(rows, None)) is not None:  # more than one sheet can hold
            self._write_sheet(sheet, chain([row], rows))

    def _write_sheet(self, sheet, rows):
        page = self.book.add_worksheet(self._name(sheet.name))
        page.freeze_panes(1, 0)
        page.repeat_rows(0)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.set_row(0, 24)
        for at, column in enumerate(sheet.columns):
            page.set_column(at, at, column.width or WIDTHS[column.kind])
            page.write_string(0, at, shown(column.label), self.head)
        last = 0
        for last, row in enumerate(islice(rows, MAX_ROWS), start=1):
            for at, (column, value) in enumerate(zip(sheet.columns, row, strict=False)):
                self._write_cell(page, last, at, column.kind, value)
        page.autofilter(0, 0, last, len(sheet.columns) - 1)

    def _write_cell(self, page, row, at, kind, value):
        look = self.formats[kind]
        if value is None or value == "":
            page.write_blank(row, at, None, look)
        elif kind == "text" or isinstance(value, str):
            self._write_text(page, row, at, value)
        elif kind == "moment":
            page.write_datetime(row, at, value.astimezone(LOCAL).replace(tzinfo=None, microsecond=0), look)
        elif kind == "day":
            page.write_datetime(row, at, dt.datetime.combine(value, dt.time()), look)
        else:
            page.write_number(row, at, value, look)

    def _write_text(self, page, row, at, value):
        text = shown(value)
        if len(text) > MAX_TEXT:
            text = text[: MAX_TEXT - 1] + "…"
        page.write_string(row, at, text, self.quoted if is_formula_like(text) else self.formats["text"])

    def write_notes(self, title, notes, cut_off):
        page = self.book.add_worksheet(self._name(pgettext("workbook", "Notes")))
        page.set_column(0, 0, 24)
        page.set_column(1, 1, 90)
        lines = [(pgettext("workbook", "Title"), title)]
        if cut_off:
            lines.append((_("Numbers as of"), f"{cut_off.astimezone(LOCAL):%Y-%m-%d %H:%M}"))
        lines.extend((shown(term), shown(meaning)) for term, meaning in notes)
        for row, (term, meaning) in enumerate(lines):
            page.write_string(row, 0, term, self.head)
            self._write_text(page, row, 1, meaning)

    def _name(self, wanted):
        """Return a sheet name that Excel takes and that no other sheet has."""
        base = re.sub(r"[\[\]:*?/\\]", " ", shown(wanted).replace("\n", " ")).strip("' ")[:MAX_SHEET_NAME] or _("Sheet")
        name, number = base, 1
        while name.lower() in self.names | {"history"}:
            number += 1
            ending = f" ({number})"
            name = base[: MAX_SHEET_NAME - len(ending)] + ending
        self.names.add(name.lower())
        return name
