"""From rows of cells to people, with every fault at once."""

import datetime as dt
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from portal.kernel.texts import clean_code, clean_line, to_halfwidth

from .faults import Fault, Fix
from .layout import CATEGORIES, COLUMNS, GENDERS, HEADING_ROWS, REQUIRED, cell_name, column_of
from .reader import EMPTY

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+0{1,2}:00(?::00)?)?")
_PHONE = re.compile(r"\+?[0-9][0-9 \-]{4,18}")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_CJK_SPACED = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
)
_EPOCH = dt.date(1899, 12, 30)
MOST_FAULTS = 2000


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person as the file has it: only the columns it has, and of these only the cells that are filled."""

    number: int
    values: dict


@dataclass
class Reading:
    """What a file says and what is wrong with it."""

    rows: list[RosterRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    fixes: list[Fix] = field(default_factory=list)


@dataclass(frozen=True)
class Units:
    """The units a row may name: by code, and by name where only one has it."""

    by_code: dict
    by_name: dict

    @classmethod
    def of(cls, units):
        """Index an iterable of units by code and by name."""
        by_code, by_name = {}, {}
        for unit in units:
            by_code[clean_code(unit.code)] = unit
            for name in {unit.name, unit.short_name} - {""}:
                by_name.setdefault(clean_line(name), []).append(unit)
        return cls(by_code, by_name)


class Checker:
    """
    Turn a sheet into people; every fault is collected, none stops the reading.

    ``known`` holds the job numbers on the roster now, ``scope`` the unit whose
    people the file lists (or None), ``today`` the plant's date, ``on_progress``
    is called with the number of rows read.
    """

    def __init__(self, *, units, known, scope, today, on_progress=lambda done: None):
        self.units, self.known, self.scope, self.today, self.on_progress = units, known, scope, today, on_progress
        self.reading = Reading()
        self.columns = {}
        self.heading_row = 0
        self.places = {}  # job number -> cell in which it first stood
        self.numeric = []  # (cell, job number) typed as bare numbers

    def read(self, sheet):
        """Return the Reading of a sheet."""
        for title in sheet.rivals:
            self._fault(f"{title}!A1", "wrong_sheet", title)
        merged = [parsed for ref in sheet.merged if (parsed := _parse_range(ref))]
        for number, cells in sheet.rows:
            if not self.heading_row:
                self._look_for_headings(number, cells)
                if not self.heading_row and number >= HEADING_ROWS:
                    break
            elif cells:
                self._read_row(number, cells)
            if number % 1000 == 0:
                self.on_progress(number)
        if not self.heading_row:
            self._fault("A1", "no_headings", "、".join(column.heading for column in REQUIRED))
            return self.reading
        # A title above the headings is merged as a rule, and harmless.
        for ref, row in merged:
            if row >= self.heading_row:
                self._fault(ref.partition(":")[0], "merged", ref)
        if not self.reading.rows and not self.reading.faults:
            self._fault(cell_name(1, self.heading_row + 1), "empty_file")
        self._check_zeros(sheet.is_csv)
        self.reading.faults.sort(key=_place)
        return self.reading

    def _fault(self, cell, code, value=""):
        if len(self.reading.faults) < MOST_FAULTS:
            self.reading.faults.append(Fault(cell, code, str(value)[:80]))

    def _fix(self, cell, code, value, taken):
        if len(self.reading.fixes) < MOST_FAULTS:
            self.reading.fixes.append(Fix(cell, code, str(value)[:80], str(taken)[:80]))

    def _look_for_headings(self, number, cells):
        found = {at: column for at, cell in enumerate(cells, start=1) if (column := column_of(cell.text))}
        if len({column.code for column in found.values()}) < 2:
            return
        self.heading_row = number
        for at, column in found.items():
            if column.code in self.columns:
                self._fault(cell_name(at, number), "heading_twice", column.heading)
            else:
                self.columns[column.code] = at
        for column in REQUIRED:
            if column.code not in self.columns:
                self._fault(cell_name(1, number), "heading_missing", column.heading)

    def _is_heading_again(self, cells):
        places = [self.columns.get(code, 0) for code in ("job_no", "name")]
        return any(
            0 < at <= len(cells) and cells[at - 1].kind == "text" and column_of(cells[at - 1].value) for at in places
        )

    def _read_row(self, number, cells):
        if self._is_heading_again(cells):
            at = next(at for at, cell in enumerate(cells, start=1) if column_of(cell.text))
            self._fault(cell_name(at, number), "second_heading")
            return
        values, is_sound = {}, True
        taken = {code: cells[at - 1] if at <= len(cells) else EMPTY for code, at in self.columns.items()}
        if all(cell is EMPTY or not cell.text.strip() for cell in taken.values()):
            return  # notes beside the table, or a row that only looks empty
        for column in COLUMNS:
            if column.code not in taken:
                continue
            place = cell_name(self.columns[column.code], number)
            value = self._value(column, taken[column.code], place)
            if value is None:
                is_sound = False
            elif value != "":
                values[column.code] = value
        if is_sound:
            self.reading.rows.append(RosterRow(number, values))

    def _value(self, column, cell, place):
        """Return a cell's clean value, "" for an empty one, None after a fault."""
        if cell.kind == "formula":
            return self._fault(place, "formula", cell.text)
        if cell.kind == "error":
            return self._fault(place, "error_value", cell.text)
        if cell.kind == "odd" or (cell.kind == "date" and column.code != "joined_on"):
            return self._fault(place, "not_text", cell.text)
        text = self._clean(cell, place)
        if not text:
            return self._fault(place, "empty") if column.is_required else ""
        if column.code != "joined_on" and len(text) > column.most:
            return self._fault(place, "too_long", text)
        return getattr(self, f"_read_{column.code}", lambda text, cell, place: text)(text, cell, place)

    def _clean(self, cell, place):
        """Return the text as meant: plain width, no stray spaces or invisible characters; what was mended is noted."""
        raw = cell.shown or cell.text
        if cell.kind != "text":
            return raw.strip()
        text = raw
        if _INVISIBLE.search(text):
            text = _INVISIBLE.sub("", text)
            self._fix(place, "invisible", raw, text)
        if text.startswith("'"):
            text = text[1:]
            self._fix(place, "apostrophe", raw, text)
        plain = unicodedata.normalize("NFC", to_halfwidth(text))
        tidy = " ".join(plain.split())
        if any("\uff01" <= ch <= "\uff5e" for ch in text) and tidy:
            self._fix(place, "full_width", raw, tidy)
        elif tidy != text and tidy:
            self._fix(place, "spaces", raw, tidy)
        return tidy

    def _read_job_no(self, text, cell, place):
        if _SCIENTIFIC.fullmatch(text) or (
            cell.kind == "number"
            and (isinstance(cell.value, float) and not cell.value.is_integer() or cell.value >= 1e15)
        ):
            return self._fault(place, "scientific", text)
        code = clean_code(text)
        if not re.fullmatch(r"[0-9A-Z]{1,20}", code):
            return self._fault(place, "job_no_bad", text)
        if code != text:
            self._fix(place, "upper" if code == text.upper() else "dashes", text, code)
        if cell.shown:
            self._fix(place, "zeros_shown", str(cell.value), code)
        if code in self.places:
            return self._fault(place, "job_no_twice", self.places[code])
        self.places[code] = place
        if cell.kind == "number" and not cell.shown:
            self.numeric.append((place, code))
        return code

    def _read_name(self, text, cell, place):
        if cell.kind != "text":
            return self._fault(place, "not_text", text)
        closed = _CJK_SPACED.sub("", text)
        if closed != text:
            # 张　三: a space that only lines up two-character names with longer ones.
            self._fix(place, "spaces", text, closed)
        return closed

    def _read_unit(self, text, cell, place):
        unit = self.units.by_code.get(clean_code(text))
        if unit is None:
            named = self.units.by_name.get(text, [])
            active = [one for one in named if one.is_active] or named
            if self.scope is not None and len(active) > 1:
                active = [one for one in active if self.scope.covers(one)] or active
            if len(active) > 1:
                return self._fault(place, "unit_ambiguous", text)
            if not active:
                return self._fault(place, "unit_unknown", text)
            unit = active[0]
        if not unit.is_active:
            return self._fault(place, "unit_closed", text)
        if self.scope is not None and not self.scope.covers(unit):
            return self._fault(place, "unit_outside", text)
        return unit

    def _read_category(self, text, cell, place):
        return CATEGORIES.get(text) or self._fault(place, "category_unknown", text)

    def _read_gender(self, text, cell, place):
        return GENDERS.get(text.lower()) or self._fault(place, "gender_unknown", text)

    def _read_phone(self, text, cell, place):
        if not _PHONE.fullmatch(text):
            return self._fault(place, "phone_bad", text)
        return re.sub(r"[ \-]", "", text)

    def _read_email(self, text, cell, place):
        try:
            validate_email(text)
        except ValidationError:
            return self._fault(place, "email_bad", text)
        return text

    def _read_joined_on(self, text, cell, place):
        if cell.kind == "date":
            day = cell.value.date() if isinstance(cell.value, dt.datetime) else cell.value
        elif re.fullmatch(r"(19[5-9]|20)\d{5,6}", text) and (day := _eight_digits(text)):
            self._fix(place, "date_digits", text, day.isoformat())
        elif cell.kind == "number":
            return self._fault(place, "date_number", _serial_day(cell.value) or text)
        elif re.fullmatch(r"\d{4,5}(\.\d+)?", text):
            return self._fault(place, "date_number", _serial_day(float(text)) or text)
        else:
            day = _written_day(text)
        if day is None or not dt.date(1940, 1, 1) <= day:
            return self._fault(place, "date_bad", text)
        if day > self.today + dt.timedelta(days=366):
            return self._fault(place, "date_future", text)
        return day

    def _check_zeros(self, is_csv):
        """
        Find job numbers that a spreadsheet has robbed of their zeros.

        A number is suspect when its twin with zeros in front is known, when it
        is shorter than the zero-led numbers around it, or when it was typed as
        a bare number shorter than the others typed so.
        """
        known = self.known
        zero_led = {code for code in (*known, *self.places) if code.isdigit() and code.startswith("0")}
        widths = Counter(len(code) for code in zero_led)
        usual = widths.most_common(1)[0][0] if widths else 0
        numeric = dict.fromkeys(place for place, _code in self.numeric)
        longest = max((len(code) for _place, code in self.numeric), default=0)
        for code, place in self.places.items():
            if not code.isdigit() or code.startswith("0") or code in known:
                continue
            twin = next(
                (code.zfill(width) for width in widths if len(code) < width and code.zfill(width) in zero_led), ""
            )
            if twin:
                self._fault(place, "zeros_lost", twin)
            elif len(code) < usual:
                self._fault(place, "zeros_lost", code.zfill(usual))
            elif place in numeric and len(code) < longest and not is_csv:
                self._fault(place, "zeros_lost", code.zfill(longest))


def _place(fault):
    """Order faults as somebody goes through the file: by row, then by column, those of other sheets last."""
    found = re.fullmatch(r"([A-Z]+)(\d+)", fault.cell)
    return (0, int(found.group(2)), len(found.group(1)), found.group(1)) if found else (1, 0, 0, fault.cell)


def _eight_digits(text):
    if len(text) != 8:
        return None
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _written_day(text):
    found = _DAY.fullmatch(text)
    if not found:
        return None
    try:
        return dt.date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def _serial_day(number):
    """Return the day that a spreadsheet's bare number would mean, as ISO text, or ""."""
    return (_EPOCH + dt.timedelta(days=int(number))).isoformat() if 10_000 <= number <= 80_000 else ""


def _parse_range(ref):
    found = re.fullmatch(r"\$?[A-Z]{1,3}\$?(\d{1,7})(?::\$?[A-Z]{1,3}\$?(\d{1,7}))?", ref)
    return (ref.replace("$", ""), int(found.group(2) or found.group(1))) if found else None
