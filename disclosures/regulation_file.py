"""From a file with the stock of regulations to rows, with every fault at once; reading and guards are the roster's."""

import datetime as dt
import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.roster.check import Units
from portal.accounts.roster.faults import SENTENCES as OF_FILES
from portal.accounts.roster.faults import Fault, Unreadable
from portal.accounts.roster.layout import HEADING_ROWS, cell_name
from portal.accounts.roster.reader import EMPTY, open_table
from portal.kernel.forms import DayField
from portal.kernel.richtext import count_of, from_plain
from portal.kernel.texts import clean_code, clean_line, clean_text, to_halfwidth

from .enums import Audience, RegulationCategory, RegulationKind

SHEET_NAME = "制度流程"
CODE = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,23}")
BODY_MAX, MOST_ROWS, MOST_FAULTS, MOST_STEPS = 60_000, 2000, 500, 40
_SERIAL_FROM = dt.date(1899, 12, 30)
_CHAPTER = re.compile(r"第[零〇一二三四五六七八九十百\d]{1,5}章")

# code: (heading, other headings, longest, whether it must be filled)
COLUMNS = {
    "code": ("编号", ("制度编号", "编码"), 24, True),
    "title": ("名称", ("制度名称", "标题"), 80, True),
    "kind": ("类型", (), 10, False),
    "category": ("类别", ("分类",), 20, True),
    "unit": ("归口部门", ("归口单位", "主管部门", "单位"), 60, True),
    "document_number": ("文号", ("发文字号",), 60, False),
    "in_force_from": ("施行日期", ("生效日期", "实施日期"), 20, True),
    "repealed_on": ("废止日期", ("失效日期",), 20, False),
    "audience": ("密级/范围", ("密级", "范围", "公开范围"), 20, True),
    "body": ("正文", ("内容", "制度正文"), BODY_MAX, False),
    "steps": ("流程步骤", ("步骤",), BODY_MAX, False),
}
KINDS = {
    "": RegulationKind.RULE,
    "制度": RegulationKind.RULE,
    "流程": RegulationKind.FLOW,
    "管理流程": RegulationKind.FLOW,
}
CATEGORIES = {
    "生产": RegulationCategory.PRODUCTION,
    "安全环保": RegulationCategory.SAFETY,
    "设备": RegulationCategory.EQUIPMENT,
    "质量": RegulationCategory.QUALITY,
    "人力资源": RegulationCategory.PERSONNEL,
    "薪酬福利": RegulationCategory.PAY,
    "财务": RegulationCategory.FINANCE,
    "物资采购": RegulationCategory.PURCHASING,
    "工程": RegulationCategory.CONSTRUCTION,
    "党群": RegulationCategory.PARTY,
    "民主管理": RegulationCategory.DEMOCRACY,
    "综合": RegulationCategory.GENERAL,
}
AUDIENCES = {"公开": Audience.EVERYBODY, "全员": Audience.STAFF, "内部": Audience.STAFF, "本单位": Audience.UNIT}
SECRET = ("秘密", "机密", "绝密", "商密", "商业秘密")

SENTENCES = {
    **{code: OF_FILES[code] for code in ("old_excel", "encrypted", "damaged", "too_big", "no_encoding", "merged")},
    **{code: OF_FILES[code] for code in ("formula", "error_value", "empty", "too_long", "not_text", "second_heading")},
    **{code: OF_FILES[code] for code in ("unit_unknown", "unit_closed", "unit_ambiguous", "date_bad", "date_number")},
    **{code: OF_FILES[code] for code in ("heading_missing", "heading_twice", "no_headings")},
    "not_a_roster": _("This is neither an .xlsx nor a .csv file."),
    "too_many_rows": _("The file has more than 2,000 rows."),
    "empty_file": _("There are headings, but no regulation below them."),
    "code_bad": _("A code has Latin letters, digits and dashes only, such as ZD-2024-031."),
    "code_number": _("A bare number stands here and its leading zeros may be lost. Format the column as text."),
    "code_twice": _("This code stands in cell %(value)s already."),
    "code_taken": _("The library has this code with other contents. Enter a new version there instead."),
    "kind_unknown": _("Choose one of: 制度, 流程."),
    "category_unknown": _("Choose one of: %(value)s."),
    "audience_unknown": _("Choose one of: 公开, 内部, 本单位."),
    "secret": _("What is classified does not belong into this portal."),
    "ends_too_early": _("The day of repeal must lie after the day it came into force."),
    "no_steps": _("A process flow needs its steps: one a line, its parts separated by | (what | who | in | out | …)."),
    "step_bad": _("Step %(value)s needs at least what is done and who does it, and none of its parts may be longer."),
    "too_many_steps": _("More than 40 steps."),
}


@dataclass
class Reading:
    """What a file says, as plain values, and what is wrong with it."""

    rows: list = field(default_factory=list)
    faults: list = field(default_factory=list)


def column_of(heading):
    """Return the code of the column that a heading stands for, or None."""
    text = re.sub(r"[\s*]|\(必填\)", "", to_halfwidth(str(heading or "")))
    return next((code for code, (name, others, *_rest) in COLUMNS.items() if text in (name, *others)), None)


def is_heading(values):
    """Whether these values are the headings that the file cannot do without."""
    return {"code", "title"} <= {column_of(value) for value in values}


def sentence_of(fault):
    """Return a stored fault's sentence in the reader's language."""
    return str(SENTENCES[fault["code"]]) % {"value": fault.get("value", "")}


def read_regulations(file, name, *, units):
    """Return the Reading of an opened file; ``units`` are those that a row may name."""
    reading = Reading()
    try:
        sheet = open_table(file, name, sheet_name=SHEET_NAME, is_heading=is_heading)
        _Reader(reading, Units.of(units)).read(sheet)
    except Unreadable as error:
        reading.faults = [error.fault]
    return reading


class _Reader:
    """Walks the sheet; every fault is collected, none stops the reading."""

    def __init__(self, reading, units):
        self.reading, self.units = reading, units
        self.columns, self.heading_row, self.places = {}, 0, {}

    def fault(self, cell, code, value=""):
        if len(self.reading.faults) < MOST_FAULTS:
            self.reading.faults.append(Fault(cell, code, str(value)[:80]))

    def read(self, sheet):
        count = 0
        for number, cells in sheet.rows:
            if not self.heading_row:
                if is_heading([cell.text for cell in cells]):
                    self.find_columns(number, cells)
                elif number >= HEADING_ROWS:
                    break
            elif any(cell.text.strip() for cell in cells):
                count += 1
                if count > MOST_ROWS:
                    raise Unreadable("too_many_rows")
                self.read_row(number, cells)
        if not self.heading_row:
            return self.fault("A1", "no_headings", "、".join(name for name, *_rest, must in COLUMNS.values() if must))
        for ref in sheet.merged:
            row = re.search(r"(\d+)$", ref)
            if row and int(row[1]) >= self.heading_row:
                self.fault(ref.partition(":")[0], "merged", ref)
        if not count:
            self.fault(cell_name(1, self.heading_row + 1), "empty_file")

    def find_columns(self, number, cells):
        self.heading_row = number
        for at, cell in enumerate(cells, start=1):
            code = column_of(cell.text)
            if code in self.columns:
                self.fault(cell_name(at, number), "heading_twice", COLUMNS[code][0])
            elif code:
                self.columns[code] = at
        for code, (heading, _others, _most, is_required) in COLUMNS.items():
            if is_required and code not in self.columns:
                self.fault(cell_name(1, number), "heading_missing", heading)

    def read_row(self, number, cells):
        if is_heading([cell.text for cell in cells]):
            return self.fault(cell_name(1, number), "second_heading")
        row, before = {"row": number, "place": self.place("code", number)}, len(self.reading.faults)
        for code, (_heading, _others, most, is_required) in COLUMNS.items():
            at = self.columns.get(code, 0)
            cell = cells[at - 1] if 0 < at <= len(cells) else EMPTY
            row[code] = self.value(code, cell, cell_name(at, number) if at else "", most, is_required)
        if len(self.reading.faults) == before:
            self.check(row, number)
        if len(self.reading.faults) == before:
            self.reading.rows.append(row)

    def place(self, code, number):
        return cell_name(self.columns.get(code, 1), number)

    def check(self, row, number):
        """Look for what is wrong between the cells of a row."""
        if row["repealed_on"] and row["repealed_on"] <= row["in_force_from"]:
            self.fault(self.place("repealed_on", number), "ends_too_early")
        if row["kind"] == RegulationKind.FLOW and not row["steps"]:
            self.fault(self.place("steps", number), "no_steps")
        if row["kind"] == RegulationKind.RULE and not row["body"]:
            self.fault(self.place("body", number), "empty")

    def value(self, code, cell, place, most, is_required):
        """Return a cell's clean value, "" for an empty one; after a fault nothing of use."""
        if cell.kind in ("formula", "error", "odd"):
            kinds = {"formula": "formula", "error": "error_value", "odd": "not_text"}
            return self.fault(place, kinds[cell.kind], cell.text)
        if code in ("in_force_from", "repealed_on"):
            return self.day(cell, place, is_required)
        if cell.kind == "date":
            return self.fault(place, "not_text", cell.text)
        text = (clean_text if code in ("body", "steps") else clean_line)(cell.shown or cell.text)
        if not text:
            # A column that is missing altogether has been told already.
            return self.fault(place, "empty") if is_required and place else self.empty(code)
        if len(text) > most:
            return self.fault(place, "too_long", text)
        return getattr(self, f"read_{code}", lambda text, cell, place: text)(text, cell, place)

    @staticmethod
    def empty(code):
        return {"kind": RegulationKind.RULE.value, "steps": []}.get(code, "")

    def day(self, cell, place, is_required):
        text = clean_line(cell.text)
        if not text:
            return self.fault(place, "empty") if is_required and place else ""
        if cell.kind != "date" and re.fullmatch(r"\d{4,6}(\.\d+)?", to_halfwidth(text)):
            serial = int(float(to_halfwidth(text)))
            meant = (_SERIAL_FROM + dt.timedelta(days=serial)).isoformat() if 10_000 <= serial <= 80_000 else text
            return self.fault(place, "date_number", meant)
        try:
            return DayField(required=False).clean(text).isoformat()
        except ValidationError:
            return self.fault(place, "date_bad", text)

    def read_code(self, text, cell, place):
        if cell.kind == "number" and not cell.shown:
            return self.fault(place, "code_number", text)
        code = to_halfwidth(text).upper().replace("—", "-").replace("–", "-").replace(" ", "")
        if not CODE.fullmatch(code):
            return self.fault(place, "code_bad", text)
        if code in self.places:
            return self.fault(place, "code_twice", self.places[code])
        self.places[code] = place
        return code

    def read_kind(self, text, cell, place):
        return KINDS[text].value if text in KINDS else self.fault(place, "kind_unknown", text)

    def read_category(self, text, cell, place):
        found = CATEGORIES.get(text)
        return found.value if found else self.fault(place, "category_unknown", "、".join(CATEGORIES))

    def read_audience(self, text, cell, place):
        if any(word in text for word in SECRET):
            return self.fault(place, "secret", text)
        found = AUDIENCES.get(text) or AUDIENCES.get(text.removesuffix("公开"))
        return found.value if found else self.fault(place, "audience_unknown", text)

    def read_unit(self, text, cell, place):
        unit = self.units.by_code.get(clean_code(text))
        named = [unit] if unit else self.units.by_name.get(text, [])
        active = [one for one in named if one.is_active]
        if len(active) == 1:
            return active[0].pk
        return self.fault(place, "unit_ambiguous" if active else "unit_closed" if named else "unit_unknown", text)

    def read_body(self, text, cell, place):
        markup = markup_of(text)
        return markup if count_of(markup) <= BODY_MAX else self.fault(place, "too_long", text)

    def read_steps(self, text, cell, place):
        try:
            return steps_of(text)
        except BadStep as error:
            return self.fault(place, error.code, error.number)


class BadStep(Exception):
    """A line of steps that cannot be taken: which, and why."""

    def __init__(self, code, number=""):
        super().__init__(code)
        self.code, self.number = code, number


STEP_LIMITS = (80, 60, 120, 120, 40, 80)


def steps_of(text):
    """
    Return the steps that stand in lines, parts separated by | or tabs: what, who, in, out, time limit, form.

    :raises BadStep: with the number of the line.
    """
    steps = []
    lines = [line for line in clean_text(text).split("\n") if line.strip()]
    for number, line in enumerate(lines, start=1):
        parts = [clean_line(part) for part in re.split(r"[|\uff5c\t]", line)][: len(STEP_LIMITS)]
        parts += [""] * (len(STEP_LIMITS) - len(parts))
        parts[0] = re.sub(r"^\d{1,2}[.\u3001\uff0e]\s*", "", parts[0])
        is_long = any(len(part) > most for part, most in zip(parts, STEP_LIMITS, strict=True))
        if not parts[0] or not parts[1] or is_long:
            raise BadStep("step_bad", number)
        steps.append(parts)
    if len(steps) > MOST_STEPS:
        raise BadStep("too_many_steps")
    return steps


def markup_of(text):
    """Return rich text of a cell: every line a paragraph, chapters as headings."""
    lines = [clean_line(line) for line in text.split("\n")]
    return from_plain("\n\n".join(f"# {line}" if _CHAPTER.match(line) else line for line in lines if line))
