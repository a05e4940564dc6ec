"""Opening .xlsx and .csv: rows of cells, each with what kind of thing it holds."""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from .archive import check_archive
from .faults import Unreadable
from .layout import HEADING_ROWS, MOST_COLUMNS, MOST_ROWS, SHEET_NAME, column_of

_ERRORS = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|GETTING_DATA)")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:$]{1,40})"')
BLANK_ROWS = 500


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's value and kind: text, number, date, formula, error, odd; ``shown`` has zeros its number format adds."""

    value: object = None
    kind: str = "empty"
    shown: str = ""

    @property
    def text(self):
        """What the cell says, as text; a whole number without a decimal point."""
        if self.value is None:
            return ""
        if isinstance(self.value, dt.datetime):
            return self.value.date().isoformat()
        if isinstance(self.value, float) and self.value.is_integer() and abs(self.value) < 1e15:
            return str(int(self.value))
        return str(self.value)


EMPTY = Cell()


@dataclass
class Sheet:
    """The rows of the sheet to read, with where merged cells are and which other sheets look like a roster too."""

    rows: Iterator[tuple[int, list[Cell]]]
    merged: list[str] = field(default_factory=list)
    rivals: list[str] = field(default_factory=list)
    is_csv: bool = False


def open_roster(file, name):
    """
    Return the roster's sheet from an opened binary file.

    :raises Unreadable: when the file as a whole cannot be read.
    """
    return open_table(file, name, sheet_name=SHEET_NAME, is_heading=_is_heading)


def open_table(file, name, *, sheet_name, is_heading):
    """
    Return the sheet to read of an opened .xlsx or .csv file: the one so named, or the first that has the headings.

    ``is_heading`` says of the values of a row whether they are the headings that cannot be done without.

    :raises Unreadable: when the file as a whole cannot be read.
    """
    file.seek(0)
    head = file.read(8)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
        return _open_xlsx(file, sheet_name, is_heading)
    if name.lower().endswith((".xlsx", ".xls", ".xlsm")):
        raise Unreadable("damaged")
    if name.lower().endswith((".csv", ".txt")):
        return _open_csv(file)
    raise Unreadable("not_a_roster")


def _open_csv(file):
    file.seek(0)
    raw = file.read()
    if b"\x00" in raw:
        raise Unreadable("no_encoding")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unreadable("no_encoding")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    return Sheet(_csv_rows(text, delimiter), is_csv=True)


def _csv_rows(text, delimiter):
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
            if number > MOST_ROWS + HEADING_ROWS:
                raise Unreadable("too_many_rows")
            yield number, [_text_cell(value) for value in row[:MOST_COLUMNS]]
    except csv.Error as error:
        raise Unreadable("damaged") from error


def _text_cell(value):
    if value == "":
        return EMPTY
    if _ERRORS.fullmatch(value):
        return Cell(value, "error")
    if value.startswith("=") and not re.fullmatch(r'="[^"]*"', value):
        return Cell(value, "formula")
    # ="00123" is how CSV files keep zeros from Excel.
    return Cell(value[2:-1] if value.startswith('="') else value, "text")


def _open_xlsx(file, sheet_name, is_heading):
    # Only who imports a roster pays for the library: it is 25 MiB in every web process otherwise.
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    check_archive(file)
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except (
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        zipfile.BadZipFile,
        OSError,
        SyntaxError,
    ) as error:
        raise Unreadable("damaged") from error
    sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "reset_dimensions")]
    for sheet in sheets:
        sheet.reset_dimensions()  # what the file says of its own size may be wrong
    fitting = [sheet for sheet in sheets if _has_headings(sheet, is_heading)]
    named = [sheet for sheet in fitting if sheet.title.strip() == sheet_name]
    chosen = (named or fitting or sheets[:1] or [None])[0]
    if chosen is None:
        raise Unreadable("not_a_roster")
    return Sheet(
        _xlsx_rows(chosen),
        merged=_merged_ranges(file, chosen),
        rivals=[sheet.title for sheet in fitting if sheet is not chosen],
    )


def _is_heading(values):
    return {"job_no", "name"} <= {column.code for value in values if (column := column_of(value))}


def _has_headings(sheet, is_heading):
    """Whether one of the first rows has the headings that the file cannot do without."""
    rows = _guarded(sheet.iter_rows(min_row=1, max_row=HEADING_ROWS, max_col=MOST_COLUMNS))
    return any(is_heading([cell.value for cell in row]) for row in rows)


def _guarded(rows):
    try:
        yield from rows
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
        OverflowError,
        SyntaxError,
        zipfile.BadZipFile,
        OSError,
    ) as error:
        raise Unreadable("damaged") from error


def _xlsx_rows(sheet):
    blank = 0
    for number, row in enumerate(_guarded(sheet.iter_rows(max_col=MOST_COLUMNS)), start=1):
        cells = [_cell(cell) for cell in row]
        while cells and cells[-1] is EMPTY:
            cells.pop()
        blank = 0 if cells else blank + 1
        if blank > BLANK_ROWS:
            return
        if number > MOST_ROWS + HEADING_ROWS and cells:
            raise Unreadable("too_many_rows")
        yield number, cells


def _cell(cell):
    value = cell.value
    if value is None or value == "":
        return EMPTY
    kind = getattr(cell, "data_type", "s")
    if kind == "f" or (isinstance(value, str) and value.startswith("=") and kind != "s" and kind != "inlineStr"):
        return Cell(str(value), "formula")
    if kind == "e":
        return Cell(str(value), "error")
    if isinstance(value, bool):
        return Cell(value, "odd")
    if isinstance(value, dt.datetime | dt.date):
        return Cell(value, "date")
    if isinstance(value, int | float):
        pattern = getattr(cell, "number_format", "") or ""
        shown = (
            str(int(value)).zfill(len(pattern))
            if re.fullmatch(r"0{2,20}", pattern) and float(value).is_integer()
            else ""
        )
        return Cell(value, "number", shown)
    if isinstance(value, str):
        return Cell(value, "error" if _ERRORS.fullmatch(value) else "text")
    return Cell(str(value), "odd")  # a time of day, a rich value


def _merged_ranges(file, sheet):
    """
    Return the merged ranges of a sheet; the fast reader does not know them, the XML names them behind its rows.

    A search in the bytes is enough: the archive was refused if it had entities or another encoding.
    """
    path = getattr(sheet, "_worksheet_path", "")
    ranges, tail = [], b""
    try:
        with zipfile.ZipFile(file) as archive, archive.open(path) as stream:
            while chunk := stream.read(1 << 20):
                window = tail + chunk
                ranges += [found.decode("ascii", "replace") for found in _MERGED.findall(window)]
                tail = window[-200:] if b"mergeCell" in window[-200:] else window[-20:]
    except (KeyError, zipfile.BadZipFile, OSError) as error:
        raise Unreadable("damaged") from error
    return list(dict.fromkeys(ranges))[:1000]
