"""
Reading a year's work calendar from a file: .csv, .xlsx or .json with day, worked or not, holiday.

Only days that differ from Monday to Friday matter; rows that say what is so
anyway are passed over. Everything wrong is said with its row, nothing is guessed.
"""

import csv
import datetime as dt
import io
import json
import zipfile
from dataclasses import dataclass, field

from defusedxml import ElementTree
from django.utils.translation import gettext as _

from portal.kernel.texts import clean_line, to_halfwidth

MOST_BYTES, MOST_UNZIPPED, MOST_ROWS, MOST_FAULTS = 512 * 1024, 8 * 1024 * 1024, 800, 20
LEAST_DAYS_OFF = 5  # no year of the People's Republic has had fewer; a file with fewer is half a file
WORKED = {"是", "上班", "工作日", "班", "yes", "y", "true", "1", "worked", "work"}
NOT_WORKED = {"否", "放假", "休息", "假", "休", "no", "n", "false", "0", "off", "holiday"}


@dataclass
class Reading:
    """What a file says: its year, the days off and the days on, and what is wrong with it."""

    year: int | None = None
    days_off: dict = field(default_factory=dict)
    days_on: dict = field(default_factory=dict)
    faults: list = field(default_factory=list)

    def fault(self, place, text):
        """Note something wrong, with the row it is in."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(_("Row %(row)s: %(text)s") % {"row": place, "text": text} if place else text)


def read_calendar_file(name, data):
    """Return the Reading of a file's bytes; with faults, it holds nothing to import."""
    reading = Reading()
    suffix = name.rsplit(".", 1)[-1].lower()
    readers = {"csv": _csv_rows, "xlsx": _xlsx_rows, "json": _json_rows}
    if suffix not in readers:
        reading.fault("", _("Only .csv, .xlsx and .json files can be read."))
        return reading
    if len(data) > MOST_BYTES:
        reading.fault("", _("The file is too large for one year's calendar."))
        return reading
    try:
        rows = readers[suffix](data)
    except Exception:
        reading.fault("", _("The file cannot be read as .%(suffix)s.") % {"suffix": suffix})
        return reading
    if len(rows) > MOST_ROWS:
        reading.fault("", _("The file has too many rows for one year's calendar."))
        return reading
    _take(reading, rows)
    return reading


def _take(reading, rows):
    seen = set()
    for place, day, worked, name in rows:
        on = _day(day)
        if on is None:
            if place == 1:
                continue  # a heading
            reading.fault(place, _("“%(value)s” is no day") % {"value": clean_line(str(day))[:40]})
            continue
        is_worked = _worked(worked)
        if is_worked is None:
            reading.fault(
                place, _("“%(value)s” does not say whether the day is worked") % {"value": clean_line(str(worked))[:40]}
            )
            continue
        if on in seen:
            reading.fault(place, _("%(day)s is there twice") % {"day": on.isoformat()})
            continue
        seen.add(on)
        if is_worked == (on.weekday() < 5):
            continue
        (reading.days_on if is_worked else reading.days_off)[on] = clean_line(str(name or ""))[:20]
    years = {day.year for day in seen}
    if len(years) > 1:
        reading.fault(
            "", _("The file has days of more than one year: %(years)s") % {"years": ", ".join(map(str, sorted(years)))}
        )
    elif not years:
        reading.fault("", _("The file has no days."))
    elif len(reading.days_off) < LEAST_DAYS_OFF:
        reading.fault(
            "", _("The file has only %(count)d weekdays off; a whole year has more.") % {"count": len(reading.days_off)}
        )
    if not reading.faults:
        (reading.year,) = years


def _day(value):
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = (
        to_halfwidth(clean_line(str(value or "")))
        .replace("年", "-")
        .replace("月", "-")
        .replace("日", "")
        .replace("/", "-")
        .replace(".", "-")
    )
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return dt.date(year, month, day) if 2000 <= year <= 2199 else None
    except ValueError:
        return None


def _worked(value):
    if isinstance(value, bool):
        return value
    text = to_halfwidth(clean_line(str(value if value is not None else ""))).lower()
    if text.endswith(".0"):  # a spreadsheet's 1 and 0
        text = text[:-2]
    return True if text in WORKED else False if text in NOT_WORKED else None


def _cells(place, row):
    cells = [*row, "", "", ""]
    return place, cells[0], cells[1], cells[2]


def _csv_rows(data):
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")  # as Chinese Excel saves .csv
    return [
        _cells(place, row)
        for place, row in enumerate(csv.reader(io.StringIO(text)), start=1)
        if any(cell.strip() for cell in row)
    ]


def _json_rows(data):
    parsed = json.loads(data.decode("utf-8-sig"))
    if isinstance(parsed, dict):
        parsed = parsed["days"]
    rows = []
    for place, item in enumerate(parsed, start=1):
        worked = item["worked"] if "worked" in item else not item["isOffDay"]
        # A heading is a thing of tables; here the first row counts like all others.
        rows.append((place if place > 1 else 2, item["date"], worked, item.get("name", "")))
    return rows


def _xlsx_rows(data):
    import openpyxl

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_UNZIPPED:
            raise ValueError("too large when unpacked")
        for part in archive.infolist():  # entities that grow are refused before the reader meets them
            if part.filename.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(part), forbid_dtd=True)
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
    rows = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=3, values_only=True)
    return [
        _cells(place, row) for place, row in enumerate(rows, start=1) if any(cell not in (None, "") for cell in row)
    ]
